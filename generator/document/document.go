// Package document is the second stage: one Markdown file, read alone, with no knowledge of its neighbours.
//
// Parse is a function of one file's bytes. A Document is plain data with positions and holds no syntax tree; rendering parses again.
package document

import (
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// Document is one Markdown file. Shared between builds: never mutate.
type Document struct {
	Path     string
	Text     []byte     // as source read it; not remembered on disk, filled in again from the file
	Hash     string     // hex SHA-256 of Text and of where its lines come from
	Front    meta.Value // a Map, or None without front matter
	BodyLine int        // line of Text on which the body starts
	BodyAt   int        // byte offset of the body in Text
	Title    meta.Str   // text of the first level-1 heading
	Lang     string     // "ja" or "en", guessed from the share of kana; "" without letters
	Info     meta.Value // the information table before the first section as a Map of front-matter keys, or None
	InfoAt   int        // byte offset in Text of that table
	Sections []Section  // in order; the first is the text before the first heading, with Level 0
	Anchors  []string   // further ids that a link can lead to: of headings in quotes and tabs, and of raw HTML
	Links    []Link
	Lists    []List
	Tables   []Table
	Codes    []Code
	Terms    []Term // definition lists: the glossary
	Abbrs    []Abbr // `*[RTO]: …`
	Mermaid  bool
	HTML     bool              // has raw HTML
	Problems []diag.Diagnostic // source's problems of the file, then what is wrong with front matter and Markdown
}

// Section is a heading and the text below it, up to the next heading of any level.
type Section struct {
	Level int
	ID    string // the anchor, unique in the document
	Title string // plain text of the heading
	Pos   diag.Pos
	At    int    // byte offset in Text of the heading
	Text  string // plain text below the heading: prose, code and cells, separated by newlines; for search
}

// LinkKind says what a link is.
type LinkKind uint8

// The kinds of links.
const (
	Anchor LinkKind = iota // [text](dest), [text][ref], <a href>
	Image                  // ![alt](dest), <img src>
	Auto                   // <https://…> or a bare URL
	Ref                    // [RUN001] in the text: a page's id, perhaps. Dest is what stands in the brackets
)

// Link is one link or image. Dest is as written, percent-decoded by no one. Pos is of the destination where it stands in the text,
// and its File is the file the link is relative to.
type Link struct {
	Kind LinkKind
	Dest string
	Text string // plain text, or the alt text of an image
	Pos  diag.Pos
	At   int // byte offset in Text, the key by which rendering finds the resolved link
}

// List is one list of the body that is not inside another list, a quote, an admonition, a definition or a footnote.
type List struct {
	Section int // index into Document.Sections
	Ordered bool
	Items   []Item
}

// Item is a list item, a table row or a heading that can be a step.
type Item struct {
	Text  string // plain text of its first paragraph
	Pos   diag.Pos
	At    int    // byte offset in Text of the item's first block
	Items []Item // items of lists nested in it
}

// Table is one table of the body.
type Table struct {
	Section int
	Pos     diag.Pos
	At      int // byte offset in Text
	Header  []meta.Str
	Rows    [][]meta.Str // plain text of the cells; Pos is of the cell's first character
	Starts  []int        // byte offset in Text of each row
}

// Code is one code block.
type Code struct {
	Section int
	Lang    string
	Title   string
	Attrs   []meta.Str // key=value pairs of the info string, Text is "key=value" without quotes
	Text    string
	Pos     diag.Pos // of the first line of code
	At      int      // byte offset in Text of the first line of code
}

// Term is a term of a definition list with its first definition.
type Term struct {
	Name, Text string
	Pos        diag.Pos
}

// Abbr is an abbreviation and what it stands for.
type Abbr struct {
	Name, Text string
	Pos        diag.Pos
}
