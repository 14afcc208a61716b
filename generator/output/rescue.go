package output

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// rescueLeft sees to it that the output holds everything in the folder of a killed build that is not ours, and reports whether it does.
func rescueLeft(path, dir string) bool {
	old, errOld := readOldSite(path)
	current, errCurrent := readOldSite(dir)
	if errOld != nil || errCurrent != nil {
		return false
	}
	found, err := old.survey()
	return err == nil && rescueAll(found.strangers, old, current)
}

// rescueAll moves into the output what is not ours and is not there, because it was saved while the site was being written. It reports
// whether all of it is there now.
func rescueAll(strangers []stranger, old, current oldSite) bool {
	return !slices.ContainsFunc(strangers, func(s stranger) bool { return !rescue(s, old, current) })
}

// rescue reports whether the output holds what somebody else put into the old folder, after moving it there if need be.
func rescue(s stranger, old, current oldSite) bool {
	from, to := old.at(s.path), current.at(s.path)
	if s.entry.IsDir() {
		return os.MkdirAll(to, 0o755) == nil
	}
	was, err := os.Lstat(from)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	is, err := os.Lstat(to)
	if err == nil && (os.SameFile(was, is) || sameContent(from, was, to, is)) {
		return true
	}
	if _, ours := current.manifest.Lookup(s.path); ours {
		return false
	}
	if os.MkdirAll(filepath.Dir(to), 0o755) != nil {
		return false
	}
	return os.Rename(from, to) == nil
}

// sameContent reports whether two files are copies, for file systems without links.
func sameContent(from string, was fs.FileInfo, to string, is fs.FileInfo) bool {
	if was.Mode() != is.Mode() || was.Size() != is.Size() && was.Mode().IsRegular() {
		return false
	}
	if was.Mode()&fs.ModeSymlink != 0 {
		a, errA := os.Readlink(from)
		b, errB := os.Readlink(to)
		return errA == nil && errB == nil && a == b
	}
	a, errA := hashFile(from)
	b, errB := hashFile(to)
	return was.Mode().IsRegular() && errA == nil && errB == nil && a == b
}
