package markdown

import (
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
)

func (p *printer) textNode(n *ast.Text) {
	v := n.Segment.Value(p.t.Source)
	if n.IsRaw() {
		p.escape(v)
	} else {
		p.running(v)
	}
	if r, size := utf8.DecodeLastRune(v); size > 0 {
		p.last = r
	}
	switch {
	case n.HardLineBreak():
		p.str("<br>\n")
	case n.SoftLineBreak():
		if !joins(p.last, p.t.nextRune(n)) {
			p.str("\n")
		}
	}
}

// running prints running text as it is in the source.
func (p *printer) running(v []byte) {
	if p.abbrs != nil {
		p.text(string(appendUnescaped(nil, v)))
		return
	}
	p.unescaped(v)
}

// unescaped prints text with its backslash escapes and entities resolved.
func (p *printer) unescaped(v []byte) {
	for _, c := range v {
		if c == '\\' || c == '&' || c == 0 {
			p.escape(appendUnescaped(nil, v))
			return
		}
	}
	p.escape(v)
}

// text prints plain text, with the abbreviations in it explained.
func (p *printer) text(s string) {
	start := 0
	for i := 0; p.abbrs != nil && i < len(s); {
		a, ok := p.abbrs.at(s, i)
		if !ok {
			i++
			continue
		}
		p.escapeStr(s[start:i])
		p.str(`<abbr title="`)
		p.escapeStr(a.Text)
		p.str(`">`)
		p.escapeStr(a.Name)
		p.str("</abbr>")
		i += len(a.Name)
		start = i
	}
	p.escapeStr(s[start:])
	if r, size := utf8.DecodeLastRuneInString(s); size > 0 {
		p.last = r
	}
}

func (p *printer) escape(v []byte) { p.out = appendEscaped(p.out, v) }

func (p *printer) escapeStr(s string) { p.out = appendEscaped(p.out, s) }

// appendEscaped appends text for HTML. Control characters, which HTML forbids, become the replacement character.
func appendEscaped[T string | []byte](out []byte, v T) []byte {
	start := 0
	for i := 0; i < len(v); i++ {
		var to string
		switch c := v[i]; {
		case c == '&':
			to = "&amp;"
		case c == '<':
			to = "&lt;"
		case c == '>':
			to = "&gt;"
		case c == '"':
			to = "&quot;"
		case c < ' ' && c != '\n' && c != '\t', c == 0x7F:
			to = "\uFFFD"
		default:
			continue
		}
		out = append(append(out, v[start:i]...), to...)
		start = i + 1
	}
	return append(out, v[start:]...)
}
