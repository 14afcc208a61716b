package markdown

import (
	"bytes"
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
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
	s.startTag(start, raw)
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

// checkHTML reports addresses that may not be published.
func (t *Tree) checkHTML(p htmlPart) {
	for _, a := range p.attrs {
		if a.name == "href" || a.name == "src" || a.name == "cite" {
			t.checkScheme(a.at, a.value)
		}
	}
}
