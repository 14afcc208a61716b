// Package fix mends what has one right answer, and nothing else: a misspelt key, a date in another form, a link whose target moved.
//
// A Fix is a value: bytes of files and what takes their place. `opsbook fix` writes them, an editor shows them as quick fixes, and both get
// them from Find. Wherever two answers are possible there is no fix, and every byte that no fix names stays as it is.
package fix

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"opsbook/generator/site"
	"opsbook/internal/diag"
)

// Edit replaces the bytes From to To of a file, as it is on disk, by Text.
type Edit struct {
	File     string // slash-separated, relative to the source
	From, To int
	Text     string
}

// Fix is one thing mended.
type Fix struct {
	Pos   diag.Pos // of what is wrong
	Rule  string   // of the diagnostic that the fix answers, "" where none says it
	Title diag.Text
	Edits []Edit // of one file, in order, apart from each other
}

// Input is what fixes are found in.
type Input struct {
	Site        *site.Site
	Diagnostics []diag.Diagnostic
	Assets      []string                          // every file of the source that is no page
	Read        func(file string) ([]byte, error) // a file as it is on disk, or as an editor holds it
}

// Find returns the fixes of what is wrong, by position. Files that cannot be read or are not UTF-8 have none.
func Find(in Input) []Fix {
	f := &finder{Input: in, entries: map[string]*site.Entry{}, texts: map[string]*text{}}
	for _, e := range in.Site.Entries {
		f.entries[e.Doc.Path] = e
	}
	var all []Fix
	for _, d := range in.Diagnostics {
		if fix, ok := f.answer(d); ok {
			fix.Pos, fix.Rule = d.Pos, d.Rule
			all = append(all, fix)
		}
	}
	for _, e := range in.Site.Entries {
		if fix, ok := f.information(e); ok {
			all = append(all, fix)
		}
	}
	slices.SortStableFunc(all, func(a, b Fix) int { return a.Pos.Compare(b.Pos) })
	return all
}

type finder struct {
	Input
	entries map[string]*site.Entry
	texts   map[string]*text
	targets map[string][]string // name of a file, id or old address -> files
}

// answer is the fix of a diagnostic.
func (f *finder) answer(d diag.Diagnostic) (Fix, bool) {
	answers := map[string]func(diag.Diagnostic, *text) (Fix, bool){
		"meta-unknown-key": f.key, "meta-date": f.date, "heading-space": f.heading, "link-space": f.space, "link-broken": f.moved,
		"image-missing": f.moved, "shell-prompt": f.prompts,
	}
	find, ok := answers[d.Rule]
	if !ok || d.Pos.Line == 0 || d.Pos.Col == 0 {
		return Fix{}, false
	}
	t := f.text(d.Pos.File)
	if t == nil {
		return Fix{}, false
	}
	return find(d, t)
}

// one is a fix of one edit.
func one(file string, from, to int, with string, title diag.Text) (Fix, bool) {
	return Fix{Title: title, Edits: []Edit{{file, from, to, with}}}, true
}

// text is a file of the source, nil when it cannot be changed safely.
func (f *finder) text(file string) *text {
	if t, ok := f.texts[file]; ok {
		return t
	}
	f.texts[file] = nil
	if raw, err := f.Read(file); err == nil && utf8.Valid(raw) {
		f.texts[file] = newText(raw)
	}
	return f.texts[file]
}

// Apply returns a text with the edits of some fixes made, and the fixes whose edits those are. A fix that touches what an earlier one
// changed waits for the next look at the file.
func Apply(raw []byte, fixes []Fix) ([]byte, []Fix) {
	var edits []Edit
	var made []Fix
	for _, fix := range fixes {
		if !slices.ContainsFunc(fix.Edits, func(e Edit) bool { return touches(edits, e) }) {
			edits = append(edits, fix.Edits...)
			made = append(made, fix)
		}
	}
	slices.SortFunc(edits, func(a, b Edit) int { return cmp.Compare(a.From, b.From) })
	var out strings.Builder
	at := 0
	for _, e := range edits {
		out.Write(raw[at:e.From])
		out.WriteString(e.Text)
		at = e.To
	}
	out.Write(raw[at:])
	return []byte(out.String()), made
}

func touches(edits []Edit, e Edit) bool {
	return slices.ContainsFunc(edits, func(o Edit) bool { return e.From <= o.To && o.From <= e.To })
}
