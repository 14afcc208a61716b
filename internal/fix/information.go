package fix

import (
	"bytes"
	"slices"
	"strings"

	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/internal/diag"
	"opsbook/internal/edit"
	"opsbook/internal/meta"
)

// information moves an information table into the front matter, if every row of it has its key, no key is there already and no cell says
// more than text.
func (f *finder) information(e *site.Entry) (Fix, bool) {
	d := e.Doc
	if d.Info.Kind != meta.Map || d.Info.Pos.File != d.Path {
		return Fix{}, false
	}
	i := slices.IndexFunc(d.Tables, func(t document.Table) bool { return t.At == d.InfoAt })
	t := f.text(d.Path)
	if i < 0 || t == nil || !whole(d.Tables[i], d.Info.Fields) {
		return Fix{}, false
	}
	first, last := d.Tables[i].Pos.Line, d.Tables[i].Pos.Line+1+len(d.Tables[i].Rows)
	for n := first; n <= last; n++ {
		_, line := t.line(n)
		if !strings.Contains(line, "|") || strings.ContainsAny(line, "`*[]<>\\&") {
			return Fix{}, false
		}
	}
	var yaml strings.Builder
	for _, field := range d.Info.Fields {
		if d.Front.Has(field.Key) || field.Value.Kind == meta.None {
			return Fix{}, false
		}
		yaml.WriteString(field.Key + ": " + flow(field.Value) + "\n")
	}
	add, ok := t.intoFront(d.Path, yaml.String())
	if !ok || !reads(d, yaml.String()) {
		return Fix{}, false
	}
	to := t.next(last)
	if _, after := t.line(last + 1); last < len(t.lines) && strings.TrimSpace(after) == "" {
		to = t.next(last + 1)
	}
	from, _ := t.line(first)
	fix := Fix{Pos: d.Info.Pos, Title: diag.T("move the information table into the front matter")}
	fix.Edits = []Edit{add, {File: d.Path, From: from, To: to}}
	return fix, true
}

// whole reports whether the fields say all that a table does.
func whole(t document.Table, fields []meta.Field) bool {
	said := func(label, cell string) bool {
		if text := strings.TrimSpace(cell); text == "" || text == "-" || text == "－" || text == "—" {
			return true
		}
		return slices.ContainsFunc(fields, func(f meta.Field) bool { return f.Raw == label })
	}
	across := len(t.Rows) == 1 && slices.ContainsFunc(t.Header, func(h meta.Str) bool {
		return slices.ContainsFunc(fields, func(f meta.Field) bool { return f.Pos == h.Pos })
	}) && len(t.Header) != 2
	if across {
		for i, h := range t.Header {
			if i < len(t.Rows[0]) && !said(h.Text, t.Rows[0][i].Text) {
				return false
			}
		}
		return true
	}
	if len(t.Header) != 2 {
		return false
	}
	for _, row := range t.Rows {
		if len(row) < 2 || !said(row[0].Text, row[1].Text) {
			return false
		}
	}
	return true
}

// flow writes a value on one line of YAML.
func flow(v meta.Value) string {
	switch v.Kind {
	case meta.List:
		items := make([]string, len(v.Items))
		for i, item := range v.Items {
			items[i] = flow(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case meta.Map:
		fields := make([]string, len(v.Fields))
		for i, field := range v.Fields {
			fields[i] = field.Key + ": " + flow(field.Value)
		}
		return "{" + strings.Join(fields, ", ") + "}"
	default:
		return edit.Scalar(v.Text)
	}
}

// reads reports whether the lines mean what the table did.
func reads(d *document.Document, yaml string) bool {
	v, problems := meta.Read(d.Path, []byte(yaml), 1)
	if len(problems) > 0 || len(v.Fields) != len(d.Info.Fields) {
		return false
	}
	for _, f := range d.Info.Fields {
		if flow(v.Get(f.Key)) != flow(f.Value) {
			return false
		}
	}
	return true
}

// intoFront adds lines at the end of the front matter, or makes one.
func (t *text) intoFront(file, yaml string) (Edit, bool) {
	end := t.end()
	front := meta.SplitFront(t.normal())
	switch {
	case front.TOML || front.Open:
		return Edit{}, false
	case front.Line > 0:
		at, _ := t.line(front.BodyLine - 1)
		return Edit{File: file, From: at, To: at, Text: strings.ReplaceAll(yaml, "\n", end)}, true
	}
	at, first := t.line(1)
	added := "---\n" + yaml + "---\n"
	if strings.TrimSpace(first) != "" {
		added += "\n"
	}
	return Edit{File: file, From: at, To: at, Text: strings.ReplaceAll(added, "\n", end)}, true
}

// normal is the text with line feeds only and without a byte order mark.
func (t *text) normal() []byte {
	var b bytes.Buffer
	for i, l := range t.lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.Write(t.raw[l.from:l.to])
	}
	return b.Bytes()
}
