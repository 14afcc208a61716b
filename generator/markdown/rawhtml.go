package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// openTag is a raw element that is open while printing. name is what was written, tag what was printed.
type openTag struct{ name, tag string }

// htmlTargets returns the links and images in raw HTML.
func (t *Tree) htmlTargets(n ast.Node) []Target {
	var all []Target
	for i, p := range t.html[n] {
		if a, ok := p.attr("href"); ok && p.kind == openPart {
			all = append(all, Target{Anchor, a.value, strings.TrimSpace(t.linkedText(n, i+1)), a.at})
		}
		if a, ok := p.attr("src"); ok && p.kind == openPart {
			alt, _ := p.attr("alt")
			all = append(all, Target{Image, a.value, alt.value, a.at})
		}
	}
	return all
}

// linkedText returns the text from part i of raw HTML up to the end of the link that was opened before it.
func (t *Tree) linkedText(n ast.Node, i int) string {
	var b strings.Builder
	for _, p := range t.html[n][i:] {
		if p.kind == closePart && p.name == "a" {
			return b.String()
		}
		b.WriteString(p.text)
	}
	if _, inline := n.(*ast.RawHTML); !inline {
		return b.String()
	}
	for s := n.NextSibling(); s != nil; s = s.NextSibling() {
		for _, p := range t.html[s] {
			if p.kind == closePart && p.name == "a" {
				return b.String()
			}
		}
		b.WriteString(t.Text(s))
	}
	return b.String()
}

// htmlText returns the text in raw HTML.
func (t *Tree) htmlText(n ast.Node) string {
	var b strings.Builder
	for _, p := range t.html[n] {
		b.WriteString(p.text)
		if p.kind == openPart && p.name == "br" {
			b.WriteByte(' ')
		}
	}
	if _, inline := n.(*ast.RawHTML); inline {
		return b.String()
	}
	return strings.TrimSpace(b.String())
}

// Anchors returns the ids that raw HTML declares (id, and name of a link), in the order of the text: links may point to them.
func (t *Tree) Anchors() []string {
	var all []string
	if len(t.html) == 0 {
		return nil
	}
	_ = ast.Walk(t.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			for _, p := range t.html[n] {
				for _, a := range p.attrs {
					if a.name == "id" || a.name == "name" && p.name == "a" {
						all = append(all, a.value)
					}
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return all
}

// rawHTML prints raw HTML. End tags close only what was opened in the same scope, so no raw HTML can end our own elements.
func (p *printer) rawHTML(n ast.Node, scope int) {
	for _, part := range p.t.html[n] {
		switch part.kind {
		case textPart:
			p.escapeStr(part.text)
		case codePart:
			p.str(`<code class="shortcode" translate="no">`)
			p.escapeStr(part.text)
			p.str("</code>")
		case openPart:
			p.openRaw(part)
		case closePart:
			p.closeRaw(part.name, scope)
		}
	}
	if n.Kind() == ast.KindHTMLBlock { // a link or a <b> does not reach beyond its block
		top := len(p.open)
		for top > scope && phrasing[p.open[top-1].name] {
			top--
		}
		p.closeTags(top)
	}
}

func (p *printer) openRaw(part htmlPart) {
	tag := part.name
	switch tag {
	case "a":
		p.rawLink(part)
		return
	case "img":
		p.rawImage(part)
		return
	case "input":
		box, _ := part.attr("checked")
		p.str(`<input type="checkbox" disabled=""`)
		if box.name != "" {
			p.str(` checked=""`)
		}
		p.str(">")
		return
	}
	p.str("<", tag)
	p.rawAttrs(part)
	p.str(">")
	if !elements[tag].void {
		p.open = append(p.open, openTag{tag, tag})
	}
}

func (p *printer) rawAttrs(part htmlPart) {
	for _, a := range part.attrs {
		if _, ok := Scheme(a.value); a.name == "cite" && !ok || a.name == "id" && !p.takeID(a.value) {
			continue
		}
		p.str(" ", a.name, `="`)
		p.escapeStr(a.value)
		p.str(`"`)
	}
}

// takeID reports whether an id of raw HTML is still free, and takes it: a heading or the first of two elements keeps it.
func (p *printer) takeID(id string) bool {
	_, taken := p.t.ids[id]
	if taken || p.rawIDs[id] {
		return false
	}
	if p.rawIDs == nil {
		p.rawIDs = map[string]bool{}
	}
	p.rawIDs[id] = true
	return true
}

func (p *printer) rawLink(part htmlPart) {
	dest, ok := part.attr("href")
	if !ok { // an anchor
		p.str("<a")
		p.rawAttrs(part)
		p.str(">")
		p.open = append(p.open, openTag{"a", "a"})
		return
	}
	link, ok := p.href(dest.at, dest.value)
	if !ok {
		p.str(`<span class="broken"`)
		p.attr("title", link.Why)
		p.str(">")
		p.open = append(p.open, openTag{"a", "span"})
		return
	}
	title, _ := part.attr("title")
	id, _ := part.attr("id")
	if !p.takeID(id.value) {
		id.value = ""
	}
	p.openLink(link, nil)
	p.out = p.out[:len(p.out)-1]
	if link.Title == "" {
		p.attr("title", title.value)
	}
	p.attr("id", id.value)
	p.str(">")
	p.open = append(p.open, openTag{"a", "a"})
}

func (p *printer) rawImage(part htmlPart) {
	src, _ := part.attr("src")
	alt, _ := part.attr("alt")
	title, _ := part.attr("title")
	link, ok := p.href(src.at, src.value)
	if !ok || src.name == "" {
		p.broken(link.Why, func() { p.escapeStr(alt.value) })
		return
	}
	if w, ok := part.attr("width"); ok && link.Width == 0 {
		link.Width = pixels(w.value)
	}
	if h, ok := part.attr("height"); ok && link.Height == 0 {
		link.Height = pixels(h.value)
	}
	p.img(link, alt.value, title.value)
}

// closeRaw closes an element and what was left open in it; an end tag without its start is dropped.
func (p *printer) closeRaw(name string, scope int) {
	for i := len(p.open) - 1; i >= scope; i-- {
		if p.open[i].name == name {
			p.closeTags(i)
			return
		}
	}
}

// closeTags closes the raw elements that were opened after the first n.
func (p *printer) closeTags(n int) {
	for len(p.open) > n {
		p.str("</", p.open[len(p.open)-1].tag, ">")
		p.open = p.open[:len(p.open)-1]
	}
}
