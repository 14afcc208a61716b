package markdown

import (
	"bytes"
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"opsbook/internal/diag"
)

// htmlAttr is one attribute that is kept. At is the offset of its value.
type htmlAttr struct {
	name, value string
	at          int
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

func (s *htmlScanner) startTag(start int, raw []byte) {
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
