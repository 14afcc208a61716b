package output

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// yardPrefix starts the names of yards in a folder that remembers things.
const yardPrefix = "output-"

// insidePrefix starts the names of what lies about inside the output during a Write.
const insidePrefix = ".opsbook-new-"

// yard is where sites grow before they become the output, and where they go afterwards. It is on the output's file system. A folder
// called new holds files of ours and hard links, and can be thrown away; one called old may hold the only copy of a file that is not
// ours; the one called spare holds an earlier site and nothing else, and becomes the next new one, so that a build does not have to
// make thousands of folders for one page.
type yard struct {
	folder string
	prefix string
	spares bool // keep a spare
}

// beside is the yard around the output.
func beside(dir string) yard {
	return yard{folder: filepath.Dir(dir), prefix: "." + filepath.Base(dir) + ".opsbook-"}
}

// within is the yard of an output in a folder that remembers things.
func within(folder, dir string) yard {
	sum := sha256.Sum256([]byte(dir))
	return yard{folder: filepath.Join(folder, yardPrefix+hex.EncodeToString(sum[:6])), spares: true}
}

// pickYard returns the yard to use: the one that keeps a spare, if it is on the right file system.
func pickYard(dir, spare string) yard {
	if spare == "" {
		return beside(dir)
	}
	y := within(spare, dir)
	if os.MkdirAll(y.folder, 0o755) != nil || !isFolder(y.folder) || !sameDevice(y.folder, dir) {
		return beside(dir)
	}
	if y.claim(dir) != nil {
		return beside(dir)
	}
	return y
}

// claim notes whose yard this is. It never writes into a file that is there, which may be a link to elsewhere.
func (y yard) claim(dir string) error {
	if readFile(y.named(yardOwner)) == dir {
		return nil
	}
	if err := os.RemoveAll(y.named(yardOwner)); err != nil {
		return err
	}
	return os.WriteFile(y.named(yardOwner), []byte(dir), 0o644)
}

// yardOwner is the file in which a yard with a spare names its output.
const yardOwner = "output"

// readFile returns the content of a regular file, or nothing if it cannot be read.
func readFile(path string) string {
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	content, _ := os.ReadFile(path)
	return string(content)
}

// sweepSpares removes the spares of outputs that are gone, since each holds on to the files of a whole site.
func sweepSpares(spare string) {
	for _, e := range readDir(spare) {
		path := filepath.Join(spare, e.Name())
		if !e.IsDir() || !strings.HasPrefix(e.Name(), yardPrefix) {
			continue
		}
		owner := readFile(filepath.Join(path, yardOwner))
		if _, err := os.Lstat(owner); owner == "" || errors.Is(err, fs.ErrNotExist) {
			os.RemoveAll(path)
		}
	}
}

func (y yard) named(kind string) string { return filepath.Join(y.folder, y.prefix+kind) }

// take makes a folder for a new site, or takes the spare one.
func (y yard) take() (path string, recycled bool, err error) {
	path, err = os.MkdirTemp(y.folder, y.prefix+"new-*")
	if err != nil || !y.spares {
		return path, false, err
	}
	if err := os.Remove(path); err != nil { // its name is what we wanted
		return "", false, err
	}
	if isFolder(y.named("spare")) && os.Rename(y.named("spare"), path) == nil {
		return path, true, nil
	}
	return path, false, os.Mkdir(path, 0o700)
}

// isFolder reports whether a path is a folder, and not a link to one.
func isFolder(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.IsDir()
}

// retired returns the name of a new folder once it is old.
func (y yard) retired(path string) string {
	return y.named("old-" + strings.TrimPrefix(filepath.Base(path), y.prefix+"new-"))
}

// sweep removes what killed builds left. The caller holds the lock of the output, so nobody is at work there.
func sweep(dir, spare string) {
	for _, e := range readDir(dir) {
		if strings.HasPrefix(e.Name(), insidePrefix) {
			os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
	swept := []yard{beside(dir)} // used by a build without a spare
	if spare != "" {
		sweepSpares(spare)
		swept = append(swept, within(spare, dir))
	}
	for _, y := range swept {
		for _, e := range readDir(y.folder) {
			isNew, isOld := strings.HasPrefix(e.Name(), y.prefix+"new-"), strings.HasPrefix(e.Name(), y.prefix+"old-")
			if e.IsDir() && (isNew || isOld) {
				y.clear(filepath.Join(y.folder, e.Name()), dir, isOld)
			}
		}
	}
}

// clear removes a folder, unless somebody else is at work in it.
func (y yard) clear(path, dir string, old bool) {
	l, err := tryLock(path)
	if err != nil || l == nil {
		return
	}
	defer l.release()
	if !old || rescueLeft(path, dir) {
		os.RemoveAll(path)
	}
}

// readDir lists a folder, as far as it can be read: what cannot be is left alone.
func readDir(dir string) []os.DirEntry {
	entries, _ := os.ReadDir(dir)
	return entries
}

// keep makes a folder that was the output the spare one, or removes it. What in it is not ours is safe elsewhere.
func (y yard) keep(path string, strangers []stranger) {
	if y.spares && withoutStrangers(path, strangers) {
		os.RemoveAll(y.named("spare"))
		if os.Rename(path, y.named("spare")) == nil {
			return
		}
	}
	os.RemoveAll(path)
}

// withoutStrangers removes what is not ours from a folder that is no longer the output: second links, and folders.
func withoutStrangers(path string, strangers []stranger) bool {
	for _, s := range slices.Backward(strangers) { // what a folder holds comes after it
		if err := os.Remove(filepath.Join(path, filepath.FromSlash(s.path))); err != nil && !s.entry.IsDir() && !os.IsNotExist(err) {
			return false
		}
	}
	return true
}
