package output

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// oldSite is what the output folder holds before a Write.
type oldSite struct {
	dir      string
	manifest Manifest
	// written is when the manifest was; it is the last file that a build writes, so a file that is younger was changed by someone else.
	written time.Time
	sameGen bool
}

func readOldSite(dir, generator string) (oldSite, error) {
	m, err := ReadManifest(os.DirFS(dir))
	if err != nil {
		return oldSite{}, err
	}
	o := oldSite{dir: dir, manifest: m, sameGen: m.Generator == generator && isOneProgram(generator)}
	if info, err := os.Stat(filepath.Join(dir, ManifestName)); err == nil {
		o.written = info.ModTime()
	}
	return o, nil
}

// isOneProgram reports whether a version stands for one program. While someone works on it, many programs are called "dev" or bear the
// "+dirty" that Go adds to a version built from changed files, and one must not trust the keys of another.
func isOneProgram(version string) bool {
	return version != "" && version != "dev" && !strings.HasSuffix(version, "+dirty")
}

// at returns where a path of the output is on this machine.
func (o oldSite) at(path string) string { return filepath.Join(o.dir, filepath.FromSlash(path)) }

// sameKey returns what the last build made of a file, if it was made from the same inputs and is still there.
func (o oldSite) sameKey(f File) (Made, bool) {
	if f.Key == [32]byte{} || !o.sameGen {
		return Made{}, false
	}
	made, found := o.manifest.Lookup(f.Path)
	return made, found && made.Key == hex.EncodeToString(f.Key[:]) && o.intact(made)
}

// hasSame reports whether the output holds these bytes already, even if nobody knows who wrote them.
func (o oldSite) hasSame(m Made) bool {
	listed, found := o.manifest.Lookup(m.Path)
	if found && !o.manifest.Incomplete && listed.SHA256 != m.SHA256 {
		return false
	}
	return o.intact(m)
}

// intact reports whether a file has its listed bytes. It is read only if its size is right and its time is not: what is older than the
// list that names it is what that list says.
func (o oldSite) intact(m Made) bool {
	info, err := os.Lstat(o.at(m.Path))
	if err != nil || !info.Mode().IsRegular() || info.Size() != m.Size {
		return false
	}
	_, listed := o.manifest.Lookup(m.Path)
	if listed && !o.manifest.Incomplete && !info.ModTime().After(o.written) {
		return true
	}
	sum, err := hashFile(o.at(m.Path))
	return err == nil && sum == m.SHA256
}

func hashFile(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// isWhole reports whether the folder holds the files of its list, and nothing else.
func (o oldSite) isWhole() bool {
	if len(o.manifest.Files) == 0 || o.manifest.Incomplete {
		return false
	}
	found, err := o.walk(func(path string, entry fs.DirEntry) bool { return entry.IsDir() || entry.Type().IsRegular() })
	return err == nil && len(found) == 0
}

// stranger is a file, folder or link in the output that no build made.
type stranger struct {
	path  string
	entry fs.DirEntry
}

// strangers lists what in the output is not ours, folders before what they hold. Folders that exist for our files alone are ours.
func (o oldSite) strangers() ([]stranger, error) {
	return o.walk(func(string, fs.DirEntry) bool { return true })
}

// walk lists what is not in the list of the last build, or is there in a form that may not be.
func (o oldSite) walk(may func(path string, entry fs.DirEntry) bool) ([]stranger, error) {
	ours, ourFolders := make(map[string]bool, len(o.manifest.Files)), map[string]bool{}
	for _, m := range o.manifest.Files {
		ours[m.Path] = true
		for folder := range folders(m.Path) {
			if ourFolders[folder] {
				break
			}
			ourFolders[folder] = true
		}
	}
	var found []stranger
	err := filepath.WalkDir(o.dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return ignoreMissing(err)
		}
		if name == o.dir {
			return nil
		}
		path := filepath.ToSlash(name[len(o.dir)+1:])
		switch {
		case path == ManifestName:
			return nil
		case strings.HasPrefix(path, insidePrefix):
			return skip(entry)
		case may(path, entry) && (entry.IsDir() && ourFolders[path] || !entry.IsDir() && ours[path]):
			return nil
		}
		found = append(found, stranger{path, entry})
		return nil
	})
	return found, err
}

func skip(entry fs.DirEntry) error {
	if entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
