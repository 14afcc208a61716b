package output

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"
)

// survey is what a folder holds beside the files of its list.
type survey struct {
	strangers []stranger           // folders before what they hold
	folders   map[string]time.Time // when each folder last changed, before it was read
}

// stranger is a file, folder or link in the output that no build made.
type stranger struct {
	path  string
	entry fs.DirEntry
}

// survey looks for what is not ours. Folders that exist for our files alone are ours.
func (o oldSite) survey() (survey, error) {
	found := survey{folders: map[string]time.Time{}}
	return found, o.explore(".", o.owned(), nil, &found)
}

// isWhole reports whether the folder holds files and folders of its list, and nothing else.
func (o oldSite) isWhole() bool {
	found, err := o.survey()
	return err == nil && len(o.manifest.Files) > 0 && !o.manifest.Incomplete && len(found.strangers) == 0
}

// owned says of each path of ours whether it is a folder.
func (o oldSite) owned() map[string]bool {
	ours := make(map[string]bool, 2*len(o.manifest.Files))
	for _, m := range o.manifest.Files {
		ours[m.Path] = false
		for folder := range folders(m.Path) {
			if ours[folder] {
				break
			}
			ours[folder] = true
		}
	}
	return ours
}

// explore reads a folder and those below it that are not known. What is gone meanwhile is no matter.
func (o oldSite) explore(folder string, ours map[string]bool, known map[string]time.Time, found *survey) error {
	info, err := os.Lstat(o.at(folder))
	if err != nil {
		return ignoreMissing(err)
	}
	entries, err := os.ReadDir(o.at(folder))
	if err != nil {
		return ignoreMissing(err)
	}
	found.folders[folder] = info.ModTime()
	for _, e := range entries {
		path := e.Name()
		if folder != "." {
			path = folder + "/" + path
		} else if path == ManifestName || strings.HasPrefix(path, insidePrefix) {
			continue
		}
		isFolder, listed := ours[path]
		if !listed || isFolder != e.IsDir() || !e.IsDir() && !e.Type().IsRegular() {
			found.strangers = append(found.strangers, stranger{path, e})
		}
		if _, isKnown := known[path]; !e.IsDir() || isKnown {
			continue
		}
		if err := o.explore(path, ours, known, found); err != nil {
			return err
		}
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// late looks again, in a folder that was the output until now, for what somebody put there after the survey. A folder whose time did
// not change is not read again, unless it changed after the build before, when two changes might share one tick of the clock.
func (o oldSite) late(before survey) (survey, error) {
	found, ours := survey{folders: map[string]time.Time{}}, o.owned()
	for folder, then := range before.folders {
		info, err := os.Lstat(o.at(folder))
		if err == nil && info.ModTime().Equal(then) && then.Before(o.written) {
			continue
		}
		if err := o.explore(folder, ours, before.folders, &found); err != nil {
			return survey{}, err
		}
	}
	return found, nil
}
