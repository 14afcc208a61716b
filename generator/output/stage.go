package output

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Names of what lies about during a Write. A folder called new holds files of ours and hard links, and can be thrown away; one called old
// may hold the only copy of a file that is not ours.
const (
	insidePrefix = ".opsbook-new-"
	newSuffix    = ".opsbook-new-"
	oldSuffix    = ".opsbook-old-"
)

// stage is the temporary folder in which a new site grows. It appears with the first file: a build that changes nothing makes none.
type stage struct {
	dir    string // the output
	inside bool   // the stage is inside the output, and files are moved out of it one by one

	once    sync.Once
	err     error
	path    string
	lock    *folderLock
	folders sync.Map
}

func besidePrefix(dir, suffix string) string { return "." + filepath.Base(dir) + suffix }

// open makes the folder: beside the output, so that the two can change places, or inside where that is not possible.
func (s *stage) open() error {
	s.once.Do(func() {
		if !s.inside && sameDevice(filepath.Dir(s.dir), s.dir) {
			s.path, s.err = os.MkdirTemp(filepath.Dir(s.dir), besidePrefix(s.dir, newSuffix)+"*")
			if s.err == nil {
				s.lock, s.err = tryLock(s.path)
				return
			}
		}
		s.inside = true
		s.path, s.err = os.MkdirTemp(s.dir, insidePrefix+"*")
	})
	return s.err
}

// at returns where a path of the new site is on this machine.
func (s *stage) at(path string) string { return filepath.Join(s.path, filepath.FromSlash(path)) }

// folder makes the folder that holds name.
func (s *stage) folder(name string) error {
	folder := filepath.Dir(name)
	if _, made := s.folders.Load(folder); made {
		return nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	s.folders.Store(folder, nil)
	return nil
}

// write puts a file into the stage.
func (s *stage) write(path string, content []byte) error {
	if err := s.open(); err != nil {
		return err
	}
	name := s.at(path)
	if err := s.folder(name); err != nil {
		return err
	}
	return os.WriteFile(name, content, 0o644)
}

// comeInside moves a stage from beside the output into it, since the two cannot change places. Only written files matter by now.
func (s *stage) comeInside(written []string) error {
	if s.inside || s.path == "" {
		return nil
	}
	target, err := os.MkdirTemp(s.dir, insidePrefix+"*")
	if err != nil {
		return err
	}
	from := stage{dir: s.dir, path: s.path, lock: s.lock}
	defer from.discard()
	s.inside, s.path, s.lock = true, target, nil
	s.folders.Clear()
	for _, path := range written {
		if err := s.folder(s.at(path)); err != nil {
			return err
		}
		if err := os.Rename(from.at(path), s.at(path)); err == nil {
			continue
		}
		if err := copyFile(from.at(path), s.at(path)); err != nil {
			return err
		}
	}
	return nil
}

// discard throws the stage away. Whatever in it is not ours is a second link to a file of the output.
func (s *stage) discard() {
	if s.path != "" {
		os.RemoveAll(s.path)
	}
	if s.lock != nil {
		s.lock.release()
	}
}

// copyFile copies a regular file with its mode and time.
func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, content, info.Mode().Perm()); err != nil {
		return err
	}
	return errors.Join(os.Chmod(to, info.Mode().Perm()), os.Chtimes(to, info.ModTime(), info.ModTime()))
}

// sweep removes what killed builds left. The caller holds the lock of the output, so nobody is at work there.
func sweep(dir string) {
	for _, e := range readDir(dir) {
		if strings.HasPrefix(e.Name(), insidePrefix) {
			os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
	parent := filepath.Dir(dir)
	for _, e := range readDir(parent) {
		isNew := strings.HasPrefix(e.Name(), besidePrefix(dir, newSuffix))
		isOld := strings.HasPrefix(e.Name(), besidePrefix(dir, oldSuffix))
		if !e.IsDir() || !isNew && !isOld {
			continue
		}
		name := filepath.Join(parent, e.Name())
		l, err := tryLock(name)
		if err != nil || l == nil {
			continue
		}
		if isNew {
			os.RemoveAll(name)
		} else {
			retire(name, dir)
		}
		l.release()
	}
}

// readDir lists a folder, as far as it can be read: what cannot be is left alone.
func readDir(dir string) []os.DirEntry {
	entries, _ := os.ReadDir(dir)
	return entries
}

// errCannotSwap says that the two folders cannot change places, so that files have to be exchanged one by one.
var errCannotSwap = errors.New("the folders cannot change places")

func cannotSwap(why error) error { return fmt.Errorf("%w: %w", errCannotSwap, why) }
