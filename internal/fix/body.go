package fix

import (
	"path"
	"slices"
	"strings"

	"opsbook/generator/document"
	"opsbook/internal/diag"
)

// heading puts a space after the signs of a heading. One sign in the middle of a paragraph, or with more of them on its line, may be a tag.
func (f *finder) heading(d diag.Diagnostic, t *text) (Fix, bool) {
	at, rest := t.at(d.Pos.Line, d.Pos.Col)
	body := strings.TrimLeft(rest, "#＃")
	level := strings.Count(rest[:len(rest)-len(body)], "#") + strings.Count(rest[:len(rest)-len(body)], "＃")
	title := strings.TrimLeft(body, " \t　")
	e := f.entries[d.Pos.File]
	first := e != nil && d.Pos.Line == e.Doc.BodyLine
	if _, before := t.line(d.Pos.Line - 1); level == 1 && (!first && strings.TrimSpace(before) != "" || strings.Contains(title, " #") || strings.Contains(title, "　#")) {
		return Fix{}, false
	}
	if level == 0 || level > 6 || title == "" {
		return Fix{}, false
	}
	signs := strings.Repeat("#", level) + " "
	return one(d.Pos.File, at, at+len(rest)-len(title), signs, diag.T("write %q", signs+short(title)))
}

// prompts takes the prompts out of a block of commands.
func (f *finder) prompts(d diag.Diagnostic, t *text) (Fix, bool) {
	e := f.entries[d.Pos.File]
	if e == nil {
		return Fix{}, false
	}
	for _, c := range e.Doc.Codes {
		prompts := c.Prompts()
		if len(prompts) == 0 || c.Pos.File != d.Pos.File || c.Pos.Line+prompts[0] != d.Pos.Line {
			continue
		}
		fix := Fix{Title: diag.T("take the prompts out of the commands")}
		for _, n := range prompts {
			from, line := t.line(c.Pos.Line + n)
			i := strings.Index(line, document.Prompt)
			if i < 0 || strings.Trim(line[:i], " \t>") != "" {
				return Fix{}, false
			}
			fix.Edits = append(fix.Edits, Edit{File: d.Pos.File, From: from + i, To: from + i + len(document.Prompt)})
		}
		return fix, true
	}
	return Fix{}, false
}

// space writes %20 for the spaces of an address, if a file has that name.
func (f *finder) space(d diag.Diagnostic, t *text) (Fix, bool) {
	at, rest := t.at(d.Pos.Line, d.Pos.Col)
	end := strings.IndexByte(rest, ')')
	if end < 0 {
		return Fix{}, false
	}
	dest := rest[:end]
	name, _, _ := strings.Cut(dest, "#")
	if strings.ContainsAny(dest, "(<>\"'%") || !f.exists(d.Pos.File, name) {
		return Fix{}, false
	}
	with := strings.ReplaceAll(dest, " ", "%20")
	return one(d.Pos.File, at, at+end, with, diag.T("write %s", with))
}

// exists reports whether a link in a file can mean a page or another file of the source.
func (f *finder) exists(from, name string) bool {
	at := path.Join(path.Dir(from), name)
	if strings.HasPrefix(name, "/") {
		at = strings.TrimPrefix(path.Clean(name), "/")
	}
	return f.entries[at] != nil || f.entries[at+".md"] != nil || slices.Contains(f.Assets, at)
}

// moved leads a broken link to the only page or file that its name, its id or its old address names.
func (f *finder) moved(d diag.Diagnostic, t *text) (Fix, bool) {
	e := f.entries[d.Pos.File]
	at, rest := t.at(d.Pos.Line, d.Pos.Col)
	if e == nil {
		return Fix{}, false
	}
	var dest string
	for _, l := range e.Doc.Links {
		if l.Pos == d.Pos && l.Kind != document.Ref && strings.HasPrefix(rest, l.Dest) {
			dest = l.Dest
		}
	}
	name, tail := dest, ""
	if i := strings.IndexAny(dest, "?#"); i >= 0 {
		name, tail = dest[:i], dest[i:]
	}
	if name == "" || strings.ContainsAny(name, "%\\ ") || strings.Contains(name, "://") {
		return Fix{}, false
	}
	to, ok := f.target(name)
	if !ok || to == d.Pos.File {
		return Fix{}, false
	}
	with := relative(path.Dir(d.Pos.File), to)
	if strings.HasPrefix(name, "/") {
		with = "/" + to
	}
	if path.Ext(name) == "" {
		with = strings.TrimSuffix(with, ".md")
	}
	with = strings.ReplaceAll(with, " ", "%20")
	if strings.ContainsAny(to, "()<>%#?") || with == name {
		return Fix{}, false
	}
	return one(d.Pos.File, at, at+len(dest), with+tail, diag.T("lead the link to %s", with+tail))
}

// target is the only file that the last part of a path can mean.
func (f *finder) target(name string) (string, bool) {
	if f.targets == nil {
		f.collect()
	}
	last := strings.ToLower(path.Base(strings.TrimSuffix(name, "/")))
	stem := strings.TrimSuffix(strings.TrimSuffix(last, ".md"), ".html")
	if isIndex(stem) {
		return "", false
	}
	found := slices.Clone(f.targets[last])
	if path.Ext(last) == "" || stem != last {
		found = slices.Concat(found, f.targets[stem])
	}
	slices.Sort(found)
	found = slices.Compact(found)
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

func isIndex(stem string) bool {
	return slices.Contains([]string{"index", "_index", "readme", ".", "..", ""}, stem)
}

// collect notes by which names every page and file can be meant. A page is meant by its name without .md, its id and its old addresses.
func (f *finder) collect() {
	f.targets = map[string][]string{}
	put := func(name, file string) {
		name = strings.ToLower(name)
		if !isIndex(name) && !slices.Contains(f.targets[name], file) {
			f.targets[name] = append(f.targets[name], file)
		}
	}
	for _, e := range f.Site.Entries {
		file := e.Doc.Path
		put(strings.TrimSuffix(path.Base(file), ".md"), file)
		if e.Source == nil {
			put(e.ID, file)
		}
		for _, old := range e.Aliases {
			put(strings.TrimSuffix(path.Base(strings.TrimSuffix(old, "/index.html")), ".html"), file)
		}
	}
	for _, file := range f.Assets {
		put(path.Base(file), file)
	}
}

// relative writes the path of a file as a link from a folder does.
func relative(from, to string) string {
	a, b := strings.Split(from, "/"), strings.Split(to, "/")
	if from == "." {
		a = nil
	}
	same := 0
	for same < len(a) && same < len(b)-1 && a[same] == b[same] {
		same++
	}
	return strings.Repeat("../", len(a)-same) + strings.Join(b[same:], "/")
}

// short shortens a text for a title.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
