package markdown

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"opsbook/internal/diag"
)

// TargetKind says how a link was written.
type TargetKind uint8

// The kinds of targets.
const (
	Anchor TargetKind = iota // [text](dest), [text][ref], <a href>
	Image                    // ![alt](dest), <img src>
	Auto                     // <https://…> or a bare URL
	Ref                      // [RUN001] in the text: a page's id, perhaps; Dest is what stands in the brackets
)

// Target is one place that a body leads to. At is its key (see LinkKey). Dest has its entities and backslash escapes resolved, and is
// percent-decoded by no one. A link whose destination holds a shortcode that cannot be resolved is none (it has its own problem).
type Target struct {
	Kind TargetKind
	Dest string
	Text string // plain text, or the alt text of an image
	At   int
}

// LinkKey returns the offset that stands for a link, image or autolink: that of its destination where it is written, which for a reference
// is in its definition; without a destination that of the node. Rendering finds the resolved link by it.
func (t *Tree) LinkKey(n ast.Node) int {
	var dest []byte
	switch n := n.(type) {
	case *ast.Link:
		dest = n.Destination
	case *ast.Image:
		dest = n.Destination
	case *ast.AutoLink:
		dest = n.Label(t.Source)
	case *Reference:
		return n.segment().Start
	}
	if at := offsetIn(t.Source, dest); at >= 0 {
		return at
	}
	return n.Pos()
}

// offsetIn returns where in a source a piece of it starts, or -1 when it is not a piece of it.
func offsetIn(source, piece []byte) int {
	if len(piece) == 0 {
		return -1
	}
	at := cap(source) - cap(piece)
	if at < 0 || at+len(piece) > len(source) || &source[at] != &piece[0] {
		return -1
	}
	return at
}

// Targets returns every link, image and autolink of the body, those in raw HTML included, in the order of the text.
func (t *Tree) Targets() []Target {
	var all []Target
	visit(t.Root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Link:
			if !hasShortcode(n.Destination) {
				all = append(all, Target{Anchor, unescape(n.Destination), t.Text(n), t.LinkKey(n)})
			}
		case *ast.Image:
			if !hasShortcode(n.Destination) {
				all = append(all, Target{Image, unescape(n.Destination), t.Text(n), t.LinkKey(n)})
			}
		case *ast.AutoLink:
			if dest := autoDest(n, t.Source); isLink(dest) {
				all = append(all, Target{Auto, dest, string(n.Label(t.Source)), t.LinkKey(n)})
			}
		case *Reference:
			id := n.segment()
			all = append(all, Target{Ref, string(id.Value(t.Source)), t.Text(n), id.Start})
		case *ast.HTMLBlock, *ast.RawHTML:
			all = append(all, t.htmlTargets(n)...)
		}
		return true
	})
	return all
}

// unlink turns autolinks in a link's text into text: a link in a link leads nowhere.
func (t *Tree) unlink(link ast.Node) {
	for c := link.FirstChild(); c != nil; {
		next := c.NextSibling()
		if auto, ok := c.(*ast.AutoLink); ok {
			label := auto.Label(t.Source)
			start := offsetIn(t.Source, label)
			link.ReplaceChild(link, auto, ast.NewRawTextSegment(text.NewSegment(start, start+len(label))))
		} else {
			t.unlink(c)
		}
		c = next
	}
}

// checkURL reports a destination with a scheme that is not allowed, or a shortcode.
func (t *Tree) checkURL(n ast.Node, dest []byte) {
	at := t.LinkKey(n)
	if hasShortcode(dest) {
		t.report(at, "shortcode", diag.T("the link leads to a shortcode that has no meaning here, so it is shown as text"), diag.T("write the address itself"))
		return
	}
	url := unescape(dest)
	if auto, ok := n.(*ast.AutoLink); ok {
		url = autoDest(auto, t.Source)
		if !isLink(url) && !suspicious(url) {
			return // <namespace:pod> is a placeholder
		}
	}
	t.checkScheme(at, url)
}

func (t *Tree) checkScheme(at int, url string) {
	scheme, ok := Scheme(url)
	switch {
	case ok && readable(escapeURL(url)):
	case ok:
		t.report(at, "url-scheme", diag.T("%q is not an address, so it is shown as text", short(url)), diag.T("check its host and port"))
	case scheme == "//":
		t.report(at, "url-scheme", diag.T("the address %q leaves out its scheme, so it is shown as text", short(url)), diag.T("write https: before it"))
	default:
		t.report(at, "url-scheme", diag.T("addresses that begin with %q are not allowed, so it is shown as text", scheme+":"),
			diag.T("use http, https, mailto, tel, slack, msteams or a relative path"))
	}
}

// short shortens a text for a message.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// spacedLinkParser reports `[text](a file.md)`, which is no link because of the space.
type spacedLinkParser struct{}

// Trigger implements parser.InlineParser.
func (spacedLinkParser) Trigger() []byte { return []byte{']'} }

// Parse implements parser.InlineParser. It is asked only when the link parser found no link.
func (spacedLinkParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("](")) {
		return nil
	}
	end := unbalanced(line[2:], '(', ')')
	if end == len(line)-2 {
		return nil
	}
	dest := line[2 : 2+end]
	path, _, _ := bytes.Cut(dest, []byte("#"))
	space := bytes.IndexAny(bytes.TrimSpace(dest), " \t")
	wide := bytes.Contains(bytes.TrimSpace(dest), []byte("　"))
	if space < 0 && !wide || bytes.ContainsAny(dest, "<>\"'") || !bytes.ContainsAny(path, "./") || bytes.Contains(dest, []byte("{{")) {
		return nil
	}
	stateOf(pc).tree.report(segment.Start+2, "link-space", diag.T("this is not a link: its address %q has a space in it", short(string(dest))),
		diag.T("write %%20 for the space, or put the address in angle brackets: (<%s>)", short(string(bytes.TrimSpace(dest)))))
	return nil
}

// href returns where a link leads as it is printed, and whether it leads anywhere.
func (p *printer) href(key int, dest string) (Link, bool) {
	link, ok := p.b.Links[p.b.BodyAt+key]
	if !ok {
		link = Link{Href: escapeURL(dest)}
		_, ok = Scheme(dest)
	} else {
		_, ok = Scheme(link.Href)
	}
	switch {
	case link.Broken:
	case strings.Trim(link.Href, "# ") == "": // nowhere
		link.Broken = true
	case !ok || !readable(link.Href):
		link.Broken, link.Why = true, p.words.BadLink
	}
	return link, !link.Broken
}

// target is href for a link or image of Markdown.
func (p *printer) target(n ast.Node, dest []byte) (Link, bool) {
	if hasShortcode(dest) {
		return Link{Broken: true, Why: p.words.BadLink}, false
	}
	return p.href(p.t.LinkKey(n), unescape(dest))
}

func (p *printer) link(n *ast.Link) {
	link, ok := p.target(n, n.Destination)
	if !ok {
		p.broken(link.Why, func() { p.linkText(n, link) })
		return
	}
	p.openLink(link, n.Title)
	p.links++
	p.linkText(n, link)
	p.links--
	p.str("</a>")
}

// linkText prints what a link shows: its own text, else what the site knows, else its address.
func (p *printer) linkText(n *ast.Link, link Link) {
	switch {
	case n.HasChildren():
		p.inlines(n)
	case link.Text != "":
		p.escapeStr(link.Text)
	}
}

func (p *printer) openLink(link Link, title []byte) {
	p.str("<a")
	p.attr("href", link.Href)
	if link.Title != "" {
		p.attr("title", link.Title)
	} else if title != nil {
		p.attr("title", unescape(title))
	}
	if external(link.Href) {
		p.attr("class", strings.TrimSpace(link.Class+" external"))
		p.attr("rel", "noopener noreferrer")
	} else {
		p.attr("class", link.Class)
	}
	p.str(">")
}

// broken prints text in the place of a link that leads nowhere.
func (p *printer) broken(why string, text func()) {
	p.str(`<span class="broken"`)
	p.attr("title", why)
	p.str(">")
	text()
	p.str("</span>")
}

func (p *printer) autoLink(n *ast.AutoLink) {
	dest := autoDest(n, p.t.Source)
	label := n.Label(p.t.Source)
	if !isLink(dest) && !suspicious(dest) { // a placeholder
		p.str("&lt;")
		p.escape(label)
		p.str("&gt;")
		return
	}
	link, ok := p.href(p.t.LinkKey(n), dest)
	if !ok {
		p.broken(link.Why, func() { p.escape(label) })
		return
	}
	p.openLink(link, nil)
	p.escape(label)
	p.str("</a>")
}

func (p *printer) image(n *ast.Image) {
	link, ok := p.target(n, n.Destination)
	alt := p.t.Text(n)
	if !ok {
		p.broken(link.Why, func() { p.escapeStr(alt) })
		return
	}
	title := link.Title
	if title == "" && n.Title != nil {
		title = unescape(n.Title)
	}
	p.img(link, alt, title)
}

// img prints a picture. One of another site would tell that site who reads during which incident, and the page's policy forbids to load it,
// so it is a link.
func (p *printer) img(link Link, alt, title string) {
	if external(link.Href) {
		if alt == "" {
			alt = link.Href
		}
		if p.links > 0 || slices.ContainsFunc(p.open, func(o openTag) bool { return o.name == "a" }) {
			p.escapeStr(alt)
			return
		}
		p.openLink(link, nil)
		p.escapeStr(alt)
		p.str("</a>")
		return
	}
	p.str(`<img src="`)
	p.escapeStr(link.Href)
	p.str(`" alt="`)
	p.escapeStr(alt)
	p.str(`"`)
	p.attr("title", title)
	p.attr("class", link.Class)
	p.size("width", link.Width)
	p.size("height", link.Height)
	p.str(` loading="lazy" decoding="async">`)
}
