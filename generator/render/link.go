package render

import (
	"html/template"
	"strconv"
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
	var b strings.Builder
	b.Grow(len(`<a href="" aria-current="page"></a>`) + len(p.Root) + 2*len(l.URL) + 2*len(l.Text))
	if err := w.writeAnchor(&b, p, &l, current); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil // the root, the path and the label are escaped
}

func (w speaker) writeAnchor(b *strings.Builder, p *page.Page, l *page.Link, current bool) error {
	label, err := w.label(l.Label)
	if err != nil {
		return err
	}
	b.WriteString(`<a href="`)
	if l.Away {
		b.WriteString(template.HTMLEscapeString(l.URL))
		b.WriteString(`" rel="external`)
	} else {
		b.WriteString(template.HTMLEscapeString(p.Root))
		writePath(b, l.URL)
		if l.Anchor != "" {
			b.WriteByte('#')
			writePath(b, l.Anchor)
		}
	}
	b.WriteByte('"')
	if current {
		b.WriteString(` aria-current="page"`)
	}
	b.WriteByte('>')
	b.WriteString(string(label))
	b.WriteString(`</a>`)
	return nil
}

// beside writes the items of a page's navigation: what lies beside it, and below the page itself what is below it.
func (w speaker) beside(p *page.Page) (template.HTML, error) {
	var b strings.Builder
	b.Grow(128 * (len(p.Nav.Beside) + len(p.Nav.Below)))
	item := func(l *page.Link) error {
		b.WriteString("<li>")
		return w.writeAnchor(&b, p, l, p.URL == l.URL)
	}
	for i := range p.Nav.Beside {
		l := &p.Nav.Beside[i]
		if err := item(l); err != nil {
			return "", err
		}
		if l.URL == p.URL && len(p.Nav.Below) > 0 {
			b.WriteString("\n<ul>")
			for j := range p.Nav.Below {
				if err := item(&p.Nav.Below[j]); err != nil {
					return "", err
				}
				b.WriteString("</li>\n")
			}
			b.WriteString("</ul></li>\n")
		} else {
			b.WriteString("\n</li>\n")
		}
	}
	return template.HTML(b.String()), nil // made of links alone
}

// contents writes the items of a page's contents.
func contents(toc []page.Heading) template.HTML {
	var b strings.Builder
	for i := range toc {
		h := &toc[i]
		b.WriteString(`<li class="l`)
		b.WriteString(strconv.Itoa(h.Level))
		b.WriteByte('"')
		if h.Part != "" {
			b.WriteString(` data-part="`)
			b.WriteString(template.HTMLEscapeString(h.Part))
			b.WriteByte('"')
		}
		b.WriteString(`><a href="#`)
		writePath(&b, h.ID)
		b.WriteString(`">`)
		b.WriteString(template.HTMLEscapeString(h.Text))
		b.WriteString("</a></li>\n")
	}
	return template.HTML(b.String()) // all that is not ours is escaped
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
