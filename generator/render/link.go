package render

import (
	"html/template"
	"strings"

	"opsbook/generator/page"
)

// Links are most of what a page holds beside its text, so they are written here in one piece: a template that spelled them out would take
// most of the time that a page takes.

// to writes a link from a page. The link to the page itself says so.
func (w speaker) to(p *page.Page, l page.Link) (template.HTML, error) {
	return w.anchor(p, l, p.URL == l.URL)
}

// link is to for what may have no page: then it is the label alone.
func (w speaker) link(p *page.Page, v any) (template.HTML, error) {
	l, ok := v.(page.Link)
	if pointer, isPointer := v.(*page.Link); isPointer && pointer != nil {
		l, ok = *pointer, true
	}
	if !ok {
		return "", nil
	}
	if l.URL == "" || l.Away && callable(l.URL) == "" {
		return w.label(l.Label)
	}
	return w.anchor(p, l, false)
}

func (w speaker) anchor(p *page.Page, l page.Link, current bool) (template.HTML, error) {
	label, err := w.label(l.Label)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(`<a href="`)
	if l.Away {
		b.WriteString(template.HTMLEscapeString(l.URL))
		b.WriteString(`" rel="external`)
	} else {
		b.WriteString(template.HTMLEscapeString(p.Root))
		writePath(&b, l.URL)
	}
	b.WriteByte('"')
	if current {
		b.WriteString(` aria-current="page"`)
	}
	b.WriteByte('>')
	b.WriteString(string(label))
	b.WriteString(`</a>`)
	return template.HTML(b.String()), nil // the root, the path and the label are escaped
}

// writePath writes an unescaped path as part of an address in an attribute. Letters of any script stay as they are, as HTML allows.
func writePath(b *strings.Builder, path string) {
	for i := range len(path) {
		if c := path[i]; strings.IndexByte(reserved, c) >= 0 || c < 0x20 || c == 0x7f {
			b.WriteByte('%')
			b.WriteByte("0123456789ABCDEF"[c>>4])
			b.WriteByte("0123456789ABCDEF"[c&15])
		} else {
			b.WriteByte(c)
		}
	}
}

// reserved is what may not stand in a path of an address, or in an attribute, as it is.
const reserved = " \"#%&'<>?[\\]^`{|}"
