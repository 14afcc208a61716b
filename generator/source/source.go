// Package source is the first stage: it lists and reads the content tree, and nothing outside it.
//
// Everything is read through os.Root, so no link and no name leads out of the tree. Text is normalised here (BOM, CRLF, encoding, shared
// fragments), so that every later stage is a function of clean UTF-8.
package source

import "opsbook/internal/diag"

// File is one file of text, ready to be parsed.
type File struct {
	Path     string // slash-separated, relative to the source, NFC
	Text     []byte // UTF-8, LF; includes are expanded. Shared between builds: never mutate.
	Origins  []Origin
	Problems []diag.Diagnostic
}

// Origin says where a run of lines of an expanded file comes from. Origins are ordered by Line; a file without includes has none.
type Origin struct {
	Line     int    // first line of the run in File.Text, 1-based
	File     string // the file that holds these lines
	FileLine int    // the line there
}

// Asset is a file that is copied as it is. Its bytes stay on disk until they are needed.
type Asset struct {
	Path string // slash-separated, relative to the source, NFC
	Size int64
}

// At returns the place in the file a person edits that line and col of Text come from.
func (f File) At(line, col int) diag.Pos {
	p := diag.Pos{File: f.Path, Line: line, Col: col}
	for _, o := range f.Origins {
		if o.Line > line {
			break
		}
		p.File, p.Line = o.File, o.FileLine+line-o.Line
	}
	return p
}
