// Package source is the first stage: it lists and reads the content tree, and nothing outside it.
//
// Everything is read through os.Root, so no link and no name leads out of the tree. Text is normalised here (BOM, CRLF, encoding, shared
// fragments), so that every later stage is a function of clean UTF-8.
package source

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sort"
	"time"

	"opsbook/internal/diag"
)

// The rules of this package, beside those of package charset.
const (
	RuleName    = "file-name"       // a name that some file system or browser cannot have
	RuleActive  = "file-active"     // a picture that would run or load something
	RuleKind    = "file-kind"       // a link out of the tree, a device, a pipe
	RuleLimit   = "limit"           // more than is read
	RuleInclude = "include-missing" // a shared fragment that cannot be included
)

// The limits of what is read. The longest of 4,500 public runbooks has 61 KiB.
const (
	MaxFile  = 1 << 20 // bytes of a Markdown file, also after its includes
	MaxDepth = 8       // of includes in includes
	maxName  = 255     // bytes of a name on every common file system
)

// Options says what to read. The zero Options read all of it.
type Options struct {
	Skip    []string // slash-separated paths below the source that are not content: the output, another site
	Workers int      // how many files are read at once; 0 means one per processor

	// Before is the same folder as it was read earlier, nil for none: a file that the disk says is the same since is not read again. Now is
	// the time, without which nothing is known well enough for that.
	Before  *Tree
	Now     time.Time
	Unsaved map[string][]byte // texts by path, over those of the disk: see Over

	// Fragments makes the Markdown of an include that names no file, such as a reference page that comes from the program itself. It must
	// give the same text for the same name, and is asked by one goroutine; nil makes none.
	Fragments func(name string) ([]byte, bool)
}

// Tree is a content tree as it was when it was read. Files and fragments are shared between builds: never mutate.
type Tree struct {
	Root      string            // the folder it was read from
	Files     []File            // pages, by Path
	Fragments map[string]File   // Markdown that is no page but can be included, by Path; as written
	Assets    []Asset           // every other regular file, by Path
	Problems  []diag.Diagnostic // of names, links and fragments; those of a page are with the page
	FS        fs.FS             // the tree itself, by Path, for assets and data files; nothing outside it can be opened

	root  *os.Root
	known map[string]known // by Path
}

// Close lets go of the folder. FS cannot be read afterwards.
func (t *Tree) Close() error { return t.root.Close() }

// File is one file of text, ready to be parsed.
type File struct {
	Path     string // slash-separated, relative to the source, NFC
	Text     []byte // UTF-8, LF; includes are expanded. Shared between builds: never mutate.
	Origins  []Origin
	Problems []diag.Diagnostic

	includes bool // it may have includes, as it was read
}

// Origin says where a run of lines of an expanded file comes from. Origins are ordered by Line; a file without includes has none.
type Origin struct {
	Line     int    // first line of the run in File.Text, 1-based
	File     string // the file that holds these lines
	FileLine int    // the line there
	Indent   int    // spaces that the lines were indented by, because their include was
	Made     int    // column of the include, if the lines were made and stand in no file: each of them comes from there; else 0
}

// Asset is a file that is copied as it is. Its bytes stay on disk until they are needed.
type Asset struct {
	Path string // slash-separated, relative to the source, NFC
	Size int64
}

// At returns the place in the file a person edits that line and col of Text come from.
func (f File) At(line, col int) diag.Pos {
	p := diag.Pos{File: f.Path, Line: line, Col: col}
	after := sort.Search(len(f.Origins), func(i int) bool { return f.Origins[i].Line > line })
	if after > 0 {
		o := f.Origins[after-1]
		if o.Made > 0 {
			return diag.Pos{File: o.File, Line: o.FileLine, Col: o.Made}
		}
		p.File, p.Line = o.File, o.FileLine+line-o.Line
		if col > 0 {
			p.Col = max(col-o.Indent, 1)
		}
	}
	return p
}

// Is reports whether two files are one that was read once: a tree keeps the text of what did not change. Two readings of equal files are two.
func (f File) Is(other File) bool {
	same := f.Path == other.Path && len(f.Text) > 0 && len(f.Text) == len(other.Text) && &f.Text[0] == &other.Text[0]
	return same && len(f.Origins)+len(f.Problems)+len(other.Origins)+len(other.Problems) == 0
}

// Hash returns the hex SHA-256 of all that a document is made from: the key under which it can be remembered.
func (f File) Hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %d\n", f.Path, len(f.Text))
	h.Write(f.Text)
	f.writeOrigins(h)
	for _, p := range f.Problems {
		fmt.Fprintf(h, "%q\n", fmt.Sprint(p))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Revision returns the hex SHA-256 of the text and of where its lines come from: what changes when the page does.
func (f File) Revision() string {
	h := sha256.New()
	h.Write(f.Text)
	f.writeOrigins(h)
	return hex.EncodeToString(h.Sum(nil))
}

// writeOrigins writes where the lines come from.
func (f File) writeOrigins(w io.Writer) {
	for _, o := range f.Origins {
		fmt.Fprintf(w, "%d %q %d %d %d\n", o.Line, o.File, o.FileLine, o.Indent, o.Made)
	}
}
