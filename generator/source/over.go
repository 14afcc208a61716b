package source

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// Over lays texts over a tree: what an editor holds and nobody has saved. A path is slash-separated; one that the tree does not have appears
// in its folder, where that exists. The texts are shared: never mutate.
func Over(tree fs.FS, texts map[string][]byte) fs.FS {
	if len(texts) == 0 {
		return tree
	}
	return overlay{tree, texts}
}

type overlay struct {
	fs.FS
	texts map[string][]byte
}

// Open implements fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	if text, ok := o.texts[name]; ok {
		return &openText{bytes.NewReader(text), info{path.Base(name), int64(len(text))}}, nil
	}
	return o.FS.Open(name)
}

// ReadFile implements fs.ReadFileFS. The caller may change what it gets.
func (o overlay) ReadFile(name string) ([]byte, error) {
	if text, ok := o.texts[name]; ok {
		return bytes.Clone(text), nil
	}
	return fs.ReadFile(o.FS, name)
}

// Stat implements fs.StatFS.
func (o overlay) Stat(name string) (fs.FileInfo, error) {
	if text, ok := o.texts[name]; ok {
		return info{path.Base(name), int64(len(text))}, nil
	}
	return fs.Stat(o.FS, name)
}

// ReadDir implements fs.ReadDirFS.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, name)
	if err != nil {
		return entries, err
	}
	for at, text := range o.texts {
		if path.Dir(at) != name {
			continue
		}
		e := fs.FileInfoToDirEntry(info{path.Base(at), int64(len(text))})
		i, found := slices.BinarySearchFunc(entries, e.Name(), func(e fs.DirEntry, name string) int { return strings.Compare(e.Name(), name) })
		switch {
		case !found:
			entries = slices.Insert(entries, i, e)
		case !entries[i].IsDir():
			entries[i] = e // what the disk says of the file is not true of the text
		}
	}
	return entries, nil
}

// openText is a text as an open file.
type openText struct {
	*bytes.Reader
	info info
}

func (t *openText) Stat() (fs.FileInfo, error) { return t.info, nil }
func (t *openText) Close() error               { return nil }

// info describes a text as a regular file that was never saved.
type info struct {
	name string
	size int64
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return i.size }
func (i info) Mode() fs.FileMode  { return 0o644 }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) IsDir() bool        { return false }
func (i info) Sys() any           { return nil }
