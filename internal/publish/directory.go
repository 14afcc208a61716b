package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Directory is a target on this machine's disk, such as the root of a web server. It keeps no headers: they are the server's.
//
// A file is written beside its place and renamed, so that it is whole whenever it is read. Its version is the hash of its bytes.
type Directory struct {
	path string
	root *os.Root
}

// tempFolder holds files that are being written. It lies on the same file system as their places.
const tempFolder = stateFolder + "tmp"

// lockFile is held while a condition is looked at and what depends on it is written.
const lockFile = stateFolder + "lock"

// OpenDirectory opens a folder as a target and makes it if need be.
func OpenDirectory(dir string) (*Directory, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder %s: %w", dir, err)
	}
	if err := os.MkdirAll(abs, 0o755); err != nil {
		return nil, fmt.Errorf("%w: make the folder %s: %w", ErrAccess, dir, err)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("%w: open the folder %s: %w", ErrAccess, dir, err)
	}
	return &Directory{path: abs, root: root}, nil
}

// Close closes the folder.
func (d *Directory) Close() error { return d.root.Close() }

func (d *Directory) String() string { return "file:" + filepath.ToSlash(d.path) }

// Get opens a file.
func (d *Directory) Get(_ context.Context, key string) (*Object, error) {
	f, err := d.root.Open(filepath.FromSlash(key))
	if err != nil {
		return nil, denied(err)
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, fmt.Errorf("%s is not a file: %w", key, fs.ErrNotExist)
	}
	sum, err := hashOf(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &Object{Body: f, Version: sum}, nil
}

// Put writes a file.
func (d *Directory) Put(ctx context.Context, key string, up Upload) (string, error) {
	body, err := up.Open()
	if err != nil {
		return "", err
	}
	defer body.Close()
	return d.place(ctx, key, body, up.Content, up.Condition)
}

// Copy copies a file.
func (d *Directory) Copy(ctx context.Context, from, to string, as Content) error {
	o, err := d.Get(ctx, from)
	if err != nil {
		return err
	}
	defer o.Body.Close()
	_, err = d.place(ctx, to, o.Body, as, Condition{})
	return err
}

// place writes body beside its place, holds it against what it must be, and renames it under the condition.
func (d *Directory) place(ctx context.Context, key string, body io.Reader, want Content, cond Condition) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	temp, sum, err := d.write(body)
	if err != nil {
		return "", denied(err)
	}
	defer d.root.Remove(temp) // gone already if all went well
	if sum != want.SHA256 {
		return "", ErrMismatch
	}
	to := filepath.FromSlash(key)
	if dir := filepath.Dir(to); dir != "." {
		if err := d.root.MkdirAll(dir, 0o755); err != nil {
			return "", denied(err)
		}
	}
	if cond == (Condition{}) {
		return sum, denied(d.root.Rename(temp, to))
	}
	return sum, d.locked(ctx, func() error { return d.swap(temp, key, cond) })
}

// swap renames if the condition holds. The lock is held.
func (d *Directory) swap(temp, key string, cond Condition) error {
	version := ""
	f, err := d.root.Open(filepath.FromSlash(key))
	switch {
	case err == nil:
		version, err = hashOf(f)
		f.Close()
		if err != nil {
			return err
		}
	case !absent(err):
		return denied(err)
	}
	if cond.Absent && version != "" || !cond.Absent && version != cond.Version {
		return ErrConflict
	}
	return denied(d.root.Rename(temp, filepath.FromSlash(key)))
}

// write makes a temporary file and returns its name and the hash of its bytes.
func (d *Directory) write(body io.Reader) (name, sum string, err error) {
	if err := d.root.MkdirAll(tempFolder, 0o755); err != nil {
		return "", "", err
	}
	f, name, err := d.temp()
	if err != nil {
		return "", "", err
	}
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(f, h), body)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		d.root.Remove(name)
		return "", "", err
	}
	return name, hex.EncodeToString(h.Sum(nil)), nil
}

func hashOf(f *os.File) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	_, err := f.Seek(0, io.SeekStart)
	return hex.EncodeToString(h.Sum(nil)), err
}

// Delete deletes files and the folders that they leave empty.
func (d *Directory) Delete(ctx context.Context, keys []string) error {
	failed := map[string]string{}
	for _, key := range keys {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.root.Remove(filepath.FromSlash(key)); err != nil && !absent(err) {
			failed[key] = err.Error()
			continue
		}
		for dir := path.Dir(key); dir != "."; dir = path.Dir(dir) {
			if d.root.Remove(filepath.FromSlash(dir)) != nil {
				break // it holds something
			}
		}
	}
	if len(failed) > 0 {
		return &DeleteError{Failed: failed}
	}
	return nil
}

// List walks the folder, without what is only half written.
func (d *Directory) List(ctx context.Context, prefix string) iter.Seq2[Listed, error] {
	return func(yield func(Listed, error) bool) {
		keys, err := d.keys(ctx, prefix)
		if err != nil {
			yield(Listed{}, denied(err))
			return
		}
		for _, key := range keys {
			info, err := d.root.Stat(filepath.FromSlash(key))
			if absent(err) {
				continue
			}
			if err != nil {
				yield(Listed{}, denied(err))
				return
			}
			if !yield(Listed{Key: key, Size: info.Size(), Modified: info.ModTime()}, nil) {
				return
			}
		}
	}
}

func (d *Directory) keys(ctx context.Context, prefix string) ([]string, error) {
	var keys []string
	err := fs.WalkDir(d.root.FS(), ".", func(key string, e fs.DirEntry, err error) error {
		switch {
		case absent(err):
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case e.IsDir() && key == tempFolder:
			return fs.SkipDir
		case !e.IsDir() && key != lockFile && strings.HasPrefix(key, prefix):
			keys = append(keys, key)
		}
		return nil
	})
	slices.Sort(keys)
	return keys, err
}

// denied marks what no retry would mend.
func denied(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w: %w", ErrAccess, err)
	}
	return err
}
