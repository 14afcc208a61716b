package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// stage is the folder in which a new site grows. It appears with the first file: a build that changes nothing makes none.
type stage struct {
	dir    string // the output
	yard   yard
	inside bool                   // the stage is inside the output, and files are moved out of it one by one
	wanted func(path string) bool // whether a path will be in the new site

	once     sync.Once
	err      error
	path     string
	recycled bool // the stage holds an earlier site, whose files may be links to those of the output: never write into one
	lock     *folderLock
	folders  sync.Map
}

// open makes the folder: in the yard, so that it and the output can change places, or inside where that is not possible.
func (s *stage) open() error {
	s.once.Do(func() {
		if !s.inside && sameDevice(filepath.Dir(s.dir), s.dir) {
			s.path, s.recycled, s.err = s.yard.take()
			if s.err == nil {
				s.lock, s.err = tryLock(s.path)
			}
			if s.err == nil {
				s.err = s.prune()
			}
			if s.err == nil {
				return
			}
			s.discard()
		}
		s.inside, s.recycled, s.lock = true, false, nil
		s.path, s.err = os.MkdirTemp(s.dir, insidePrefix+"*")
	})
	return s.err
}

// prune removes from an earlier site what the new one does not have, so that nothing stands in its way. One that holds anything but what its
// list says, such as a link that leads elsewhere, is not trusted and makes room for an empty folder.
func (s *stage) prune() error {
	if !s.recycled {
		return nil
	}
	spare, err := readOldSite(s.path)
	if err != nil || !spare.isWhole() {
		s.recycled = false
		return emptyFolder(s.path)
	}
	if err := os.Remove(s.at(ManifestName)); err != nil {
		return err
	}
	for _, made := range spare.manifest.Files {
		if s.wanted(made.Path) {
			continue
		}
		if err := os.Remove(s.at(made.Path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for folder := range folders(made.Path) {
			if os.Remove(s.at(folder)) != nil {
				break
			}
		}
	}
	return nil
}

func emptyFolder(path string) error {
	for _, e := range readDir(path) {
		if err := os.RemoveAll(filepath.Join(path, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// at returns where a path of the new site is on this machine.
func (s *stage) at(path string) string { return filepath.Join(s.path, filepath.FromSlash(path)) }

// folder makes the folder that holds name.
func (s *stage) folder(name string) error {
	folder := filepath.Dir(name)
	if _, made := s.folders.Load(folder); made {
		return nil
	}
	if os.Mkdir(folder, 0o755) != nil { // most often only the last folder is missing
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
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
	if err := s.makeRoom(name); err != nil {
		return err
	}
	return writeFile(name, content)
}

// makeRoom makes the folder that holds name, and removes an earlier file of that name.
func (s *stage) makeRoom(name string) error {
	if s.recycled {
		if err := os.Remove(name); err == nil {
			return nil // so its folder is there
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return s.folder(name)
}

// link gives the stage a file, folder or link of the output.
func (s *stage) link(from, path string, kind fs.FileMode) error {
	to := s.at(path)
	if s.recycled {
		was, errWas := os.Lstat(to)
		is, errIs := os.Lstat(from)
		if errWas == nil && errIs == nil && os.SameFile(was, is) {
			return nil
		}
	}
	if err := s.makeRoom(to); err != nil {
		return err
	}
	return link(from, to, kind)
}

// comeInside moves a stage from the yard into the output, since the two cannot change places. Only written files matter by now.
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
	s.inside, s.recycled, s.path, s.lock = true, false, target, nil
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

// errCannotSwap says that the two folders cannot change places, so that files have to be exchanged one by one.
var errCannotSwap = errors.New("the folders cannot change places")

func cannotSwap(why error) error { return fmt.Errorf("%w: %w", errCannotSwap, why) }
