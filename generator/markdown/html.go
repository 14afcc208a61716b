package markdown

import (
	"bytes"
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"opsbook/internal/diag"
)

// htmlPart is a piece of raw HTML that is shown. What is not shown (comments, scripts) leaves no part.
type htmlPart struct {
	kind  partKind
	text  string // of textPart, resolved
	name  string // of a tag, in lower case
	attrs []htmlAttr
	at    int // offset of the piece
}

type partKind uint8

const (
	textPart partKind = iota
	openPart
	closePart
	codePart // a shortcode in HTML
)

// htmlAttr is one attribute that is kept. At is the offset of its value.
type htmlAttr struct {
	name, value string
	at          int
}

// openTag is a raw element that is open while printing. name is what was written, tag what was printed.
type openTag struct{ name, tag string }

// htmlBlockParser leaves lines alone that begin with a tag that HTML does not know: `<namespace>` is a placeholder, and what follows it is
// Markdown.
type htmlBlockParser struct{ inner blockParser }

// htmlScanner cuts raw HTML into parts.
type htmlScanner struct {
	t       *Tree
	node    ast.Node
	seen    *htmlSeen
	buf     []byte
	offsets []offsetRun
	parts   []htmlPart
	skip    string // the element whose content is dropped
}

// htmlSeen is what one piece of raw HTML must know of those before it.
type htmlSeen struct {
	removed map[string]int // start tags that were taken out, whose end tags must follow them
	endsOf  ast.Node       // the block whose last end tags are in ends
	ends    map[string]int
}

// offsetRun says that buf[from:] comes from source offset at.
type offsetRun struct{ from, at int }

// readHTML cuts a node's raw HTML into parts and reports what is taken out of it.
func (t *Tree) readHTML(n ast.Node, seen *htmlSeen) {
	s := &htmlScanner{t: t, node: n, seen: seen}
	switch n := n.(type) {
	case *ast.HTMLBlock:
		for i := range n.Lines().Len() {
			s.take(n.Lines().At(i))
		}
		if n.HasClosure() {
			s.take(n.ClosureLine)
		}
	case *ast.RawHTML:
		for i := range n.Segments.Len() {
			s.take(n.Segments.At(i))
		}
	}
	s.scan()
	if _, block := n.(*ast.HTMLBlock); len(s.parts) == 0 || block && s.blank() {
		return
	}
	if t.html == nil {
		t.html = map[ast.Node][]htmlPart{}
	}
	t.html[n] = s.parts
	for _, p := range s.parts {
		t.HTML = t.HTML || p.kind == openPart || p.kind == closePart
		t.checkHTML(p)
	}
}

// blank reports whether nothing is left but white space.
func (s *htmlScanner) blank() bool {
	for _, p := range s.parts {
		if p.kind != textPart || strings.TrimSpace(p.text) != "" {
			return false
		}
	}
	return true
}

func (s *htmlScanner) take(seg text.Segment) {
	v := seg.Value(s.t.Source)
	if len(s.offsets) == 0 || s.at(len(s.buf)) != seg.Start {
		s.offsets = append(s.offsets, offsetRun{len(s.buf) + seg.Padding, seg.Start})
	}
	s.buf = append(s.buf, v...)
}

// at returns the source offset of a place in buf.
func (s *htmlScanner) at(i int) int {
	at := 0
	for _, r := range s.offsets {
		if r.from > i {
			break
		}
		at = r.at + i - r.from
	}
	return at
}

// scan walks over the HTML. Elements that hold raw text for browsers (script, style) are dropped with their content.
func (s *htmlScanner) scan() {
	start := 0
	flush := func(end int) {
		if start < end && s.skip == "" {
			s.text(start, end)
		}
	}
	for i := 0; i < len(s.buf); {
		if s.buf[i] != '<' {
			i++
			continue
		}
		end := s.markup(i)
		if end < 0 {
			i++
			continue
		}
		flush(i)
		if s.skip != "" && !s.closes(i) {
			i++
			start = i
			continue
		}
		s.piece(i, end)
		i, start = end, end
	}
	flush(len(s.buf))
}

// closes reports whether the tag at i ends the element whose content is dropped.
func (s *htmlScanner) closes(i int) bool {
	return bytes.HasPrefix(s.buf[i:], []byte("</")) && strings.EqualFold(tagName(s.buf[i+2:]), s.skip)
}

// markup returns where the comment, declaration or tag at i ends; -1 when it is none, or is not finished.
func (s *htmlScanner) markup(i int) int {
	rest := s.buf[i:]
	for _, m := range []struct{ open, closing string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}, {"<!", ">"}} {
		if bytes.HasPrefix(rest, []byte(m.open)) {
			if m.open == "<!--" && (bytes.HasPrefix(rest, []byte("<!-->")) || bytes.HasPrefix(rest, []byte("<!--->"))) {
				return i + bytes.IndexByte(rest, '>') + 1
			}
			end := bytes.Index(rest[len(m.open):], []byte(m.closing))
			if end < 0 {
				return len(s.buf)
			}
			return i + len(m.open) + end + len(m.closing)
		}
	}
	j := i + 1
	if j < len(s.buf) && s.buf[j] == '/' {
		j++
	}
	if j >= len(s.buf) || !isAlnum(s.buf[j]) || '0' <= s.buf[j] && s.buf[j] <= '9' {
		return -1
	}
	for quote := byte(0); j < len(s.buf); j++ {
		switch c := s.buf[j]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && s.buf[j-1] == '=':
			quote = c
		case c == '>':
			return j + 1
		case c == '<':
			return -1
		}
	}
	return -1
}

func tagName(b []byte) string {
	n := 0
	for n < len(b) && (isAlnum(b[n]) || b[n] == '-') {
		n++
	}
	return strings.ToLower(string(b[:n]))
}

// startsElement reports whether text starts with a tag that HTML knows.
func startsElement(b []byte) bool {
	name := tagName(bytes.TrimPrefix(b[min(1, len(b)):], []byte("/")))
	_, known := elements[name]
	return known || foreign[name]
}

// piece adds the part for a comment, declaration or tag.
func (s *htmlScanner) piece(start, end int) {
	raw := s.buf[start:end]
	switch {
	case bytes.HasPrefix(raw, []byte("<!--")):
		return
	case bytes.HasPrefix(raw, []byte("<![CDATA[")):
		s.literal(start, bytes.TrimSuffix(raw[len("<![CDATA["):], []byte("]]>")))
		return
	case raw[1] == '!' || raw[1] == '?':
		s.literal(start, raw)
		return
	}
	if raw[1] == '/' {
		s.endTag(start, raw)
		return
	}
	s.openTag(start, raw)
}

func (s *htmlScanner) endTag(start int, raw []byte) {
	name := tagName(raw[2:])
	e, allowed := elements[name]
	switch {
	case s.skip == name:
		s.skip = ""
	case allowed && !e.void:
		s.parts = append(s.parts, htmlPart{kind: closePart, name: name, at: s.at(start)})
	case s.seen.removed[name] > 0:
		s.seen.removed[name]--
	case !dangerous[name]:
		s.literal(start, raw)
	}
}

func (s *htmlScanner) openTag(start int, raw []byte) {
	name := tagName(raw[1:])
	e, allowed := elements[name]
	attrs := readAttrs(raw[1+len(name):], start+1+len(name))
	if name == "input" && !isCheckbox(attrs) {
		allowed = false
	}
	switch {
	case !allowed && !foreign[name], len(attrs) == 0 && s.placeholder(start, name, allowed):
		s.literal(start, raw)
		return
	case !allowed:
		s.drop(start, "<"+name+">")
		if raw[len(raw)-2] == '/' {
			return
		}
		if dangerous[name] && s.node.Kind() == ast.KindHTMLBlock {
			s.skip = name
			return
		}
		if s.seen.removed == nil {
			s.seen.removed = map[string]int{}
		}
		s.seen.removed[name]++
		return
	}
	part := htmlPart{kind: openPart, name: name, at: s.at(start)}
	for _, a := range attrs {
		position := a.at
		a.at = s.at(a.at)
		switch {
		case e.allows(a.name, a.value):
			part.attrs = append(part.attrs, a)
		case !harmless[a.name] && !strings.HasPrefix(a.name, "data-") && !strings.HasPrefix(a.name, "aria-"):
			s.drop(position, a.name+" of <"+name+">")
		}
	}
	s.parts = append(s.parts, part)
}

// placeholder reports whether a tag without attributes is more likely text than HTML: one that is not allowed but harmless (<label>, <image>),
// or one in running text that nothing ends (drop <table>).
func (s *htmlScanner) placeholder(start int, name string, allowed bool) bool {
	if !allowed {
		return !dangerous[name]
	}
	if s.node.Kind() != ast.KindRawHTML || elements[name].void || optionalEnd[name] {
		return false
	}
	if parent := s.node.Parent(); s.seen.endsOf != parent {
		s.seen.endsOf, s.seen.ends = parent, s.t.lastEnds(parent)
	}
	return s.seen.ends[name] <= s.at(start)
}

// lastEnds returns the offset of the last end tag of each element in running text.
func (t *Tree) lastEnds(parent ast.Node) map[string]int {
	ends := map[string]int{}
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		if raw, ok := c.(*ast.RawHTML); ok {
			first := raw.Segments.At(0)
			if v := first.Value(t.Source); bytes.HasPrefix(v, []byte("</")) {
				ends[tagName(v[2:])] = first.Start
			}
		}
	}
	return ends
}

func isCheckbox(attrs []htmlAttr) bool {
	for _, a := range attrs {
		if a.name == "type" {
			return strings.EqualFold(a.value, "checkbox")
		}
	}
	return false
}

func (s *htmlScanner) drop(i int, what string) {
	s.t.report(s.at(i), "html-removed", diag.T("%s is not allowed, so it was taken out", what), diag.T("write it in Markdown, or without it"))
}

// text adds running text of raw HTML; shortcodes in it are marked.
func (s *htmlScanner) text(start, end int) {
	for start < end {
		i := bytes.Index(s.buf[start:end], []byte("{{"))
		if i < 0 {
			break
		}
		tag, ok := readShortcode(s.buf[start+i:end], 0)
		if !ok || tag.comment {
			i += 2
			s.add(start, start+i)
			start += i
			continue
		}
		s.add(start, start+i)
		s.t.reportShortcode(s.at(start+i), tag)
		s.parts = append(s.parts, htmlPart{kind: codePart, text: string(s.buf[start+i : start+i+tag.length]), at: s.at(start + i)})
		start += i + tag.length
	}
	s.add(start, end)
}

func (s *htmlScanner) add(start, end int) {
	if start < end {
		s.parts = append(s.parts, htmlPart{kind: textPart, text: html.UnescapeString(string(s.buf[start:end])), at: s.at(start)})
	}
}

// literal shows a piece as it was written.
func (s *htmlScanner) literal(start int, raw []byte) {
	s.parts = append(s.parts, htmlPart{kind: textPart, text: string(raw), at: s.at(start)})
}

// readAttrs reads the attributes of a tag. Of two equal ones the first counts, as for browsers.
func readAttrs(b []byte, at int) []htmlAttr {
	var all []htmlAttr
	for i := 0; i < len(b); {
		for i < len(b) && (util.IsSpace(b[i]) || b[i] == '/' || b[i] == '>') {
			i++
		}
		start := i
		for i < len(b) && !util.IsSpace(b[i]) && b[i] != '=' && b[i] != '>' && (b[i] != '/' || i == start) {
			i++
		}
		if i == start {
			if i < len(b) && b[i] == '=' {
				i++
				continue
			}
			break
		}
		a := htmlAttr{name: strings.ToLower(string(b[start:i])), at: at + start}
		j := i
		for j < len(b) && util.IsSpace(b[j]) {
			j++
		}
		if j < len(b) && b[j] == '=' {
			for j++; j < len(b) && util.IsSpace(b[j]); j++ {
			}
			var from int
			from, i = attrValue(b, j)
			stop := i
			if from > j {
				i++ // the closing quote
			}
			a.value, a.at = html.UnescapeString(string(b[from:stop])), at+from
		}
		if !hasAttr(all, a.name) {
			all = append(all, a)
		}
	}
	return all
}

// attrValue returns where the value at i starts and stops, without its quotes.
func attrValue(b []byte, i int) (from, stop int) {
	if i < len(b) && (b[i] == '"' || b[i] == '\'') {
		if end := bytes.IndexByte(b[i+1:], b[i]); end >= 0 {
			return i + 1, i + 1 + end
		}
	}
	stop = i
	for stop < len(b) && !util.IsSpace(b[stop]) && b[stop] != '>' {
		stop++
	}
	return i, stop
}

func hasAttr(all []htmlAttr, name string) bool {
	for _, a := range all {
		if a.name == name {
			return true
		}
	}
	return false
}

func (p htmlPart) attr(name string) (htmlAttr, bool) {
	for _, a := range p.attrs {
		if a.name == name {
			return a, true
		}
	}
	return htmlAttr{}, false
}

// checkHTML reports addresses that may not be published.
func (t *Tree) checkHTML(p htmlPart) {
	for _, a := range p.attrs {
		if a.name == "href" || a.name == "src" || a.name == "cite" {
			t.checkScheme(a.at, a.value)
		}
	}
}

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
		if _, ok := Scheme(a.value); a.name == "cite" && !ok {
			continue
		}
		p.str(" ", a.name, `="`)
		p.escapeStr(a.value)
		p.str(`"`)
	}
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
