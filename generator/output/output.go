// Package output is the last stage before the disk: finished files as one value, and the writing of that value to a folder.
//
//	site.Site -> []page.Outline -> [output.Set] -> public/
//
// A Set knows every path and renders a file only when it is asked for. Write streams it to disk, serve renders the page that is being
// looked at, and a bundle is another Set made from it: they read one value, so no stage has to know who reads it.
package output

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"sort"

	"opsbook/internal/diag"
)

// File is one file of a site.
type File struct {
	// Path is slash-separated and relative to the output, such as "runbooks/failover/index.html".
	Path string
	// Render returns the content. It is called from several goroutines, at most once at a time for a Write, and always returns the same
	// bytes. Nobody may change them: they may be remembered.
	Render func(context.Context) ([]byte, error)
	// Key, if any, returns a hash of everything that Render reads and of the program that does it. A file whose key is that of the last build
	// is not rendered.
	Key func() [32]byte
	// Drop, if any, lets go of what Key has made for Render. Whoever has called Key calls it in the end; both work again afterwards.
	Drop func()
	// Hashed says that the name holds a hash of the content, so that readers of the last build still ask for the old name: Write keeps
	// such a file for one more generation.
	Hashed bool
	// Origin is what asked for this path, for diagnostics.
	Origin diag.Pos

	list func(files []Made) ([]byte, error) // makes the content from what the others are; see WithList
}

// key is the file's key, zero if it has none.
func (f File) key() [32]byte {
	if f.Key == nil {
		return [32]byte{}
	}
	return f.Key()
}

func (f File) drop() {
	if f.Drop != nil {
		f.Drop()
	}
}

// Bytes is a file whose content is known.
func Bytes(path string, content []byte) File {
	return File{Path: path, Render: func(context.Context) ([]byte, error) { return content, nil }}
}

// Set is the files of a site, in the order of their paths. It is immutable and its zero value is empty. Two files may want one path:
// Check says so, and Lookup returns the first.
type Set struct {
	files []File
}

// New returns a Set of files, which may be given in any order.
func New(files ...File) Set {
	sorted := slices.Clone(files)
	slices.SortStableFunc(sorted, func(a, b File) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), a.Origin.Compare(b.Origin))
	})
	return Set{files: sorted}
}

// All iterates over the files in the order of their paths.
func (s Set) All() iter.Seq[File] { return slices.Values(s.files) }

// Len is the number of files.
func (s Set) Len() int { return len(s.files) }

// Lookup returns the file with a path.
func (s Set) Lookup(path string) (File, bool) {
	i := sort.Search(len(s.files), func(i int) bool { return s.files[i].Path >= path })
	if i < len(s.files) && s.files[i].Path == path {
		return s.files[i], true
	}
	return File{}, false
}

// With returns a Set that holds these files as well.
func (s Set) With(files ...File) Set { return New(slices.Concat(s.files, files)...) }

// Transform returns the Set that change makes of each file: none, the same, or others. It renders nothing; a change of content wraps
// Render, and then has to change Key too.
func (s Set) Transform(change func(File) []File) Set {
	var files []File
	for _, f := range s.files {
		files = append(files, change(f)...)
	}
	return New(files...)
}
