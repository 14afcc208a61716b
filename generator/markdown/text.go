package markdown

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// Text returns the plain text of a node: what a reader sees, without markup. Blocks inside it are separated by line breaks, cells of a
// table by tabs.
func (t *Tree) Text(n ast.Node) string {
	w := textWriter{t: t}
	if n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
		lines := n.Lines()
		w.b.Grow(max(0, lines.At(lines.Len()-1).Stop-lines.At(0).Start) + 1) // text is hardly ever longer than what was written
	}
	w.node(n)
	return strings.TrimRight(w.b.String(), "\n")
}

type textWriter struct {
	t     *Tree
	b     strings.Builder
	ended bool // the last byte is a line break
}

func (w *textWriter) write(v []byte) {
	if len(v) > 0 {
		w.b.Write(v)
		w.ended = v[len(v)-1] == '\n'
	}
}

func (w *textWriter) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.text(n)
		return
	case *ast.String:
		w.write(n.Value)
		return
	case *ast.AutoLink:
		w.write(n.Label(w.t.Source))
		return
	case *Shortcode:
		w.write([]byte(n.Shown))
		return
	case *ast.RawHTML, *ast.HTMLBlock:
		w.write([]byte(w.t.htmlText(n)))
	case *AbbrDef, *ast.LinkReferenceDefinition, *east.FootnoteBacklink, *footnoteRef:
		return
	case *ast.CodeBlock, *ast.FencedCodeBlock, *Plain:
		code, _ := w.t.CodeText(n)
		w.write([]byte(code))
	case *Group:
		if n.Name == "comment" {
			return
		}
	case *east.TableCell:
		if n.PreviousSibling() != nil {
			w.write([]byte{'\t'})
		}
		w.children(n)
		return
	}
	w.children(n)
	if n.Type() == ast.TypeBlock && !w.ended {
		w.write([]byte{'\n'})
	}
}

func (w *textWriter) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.node(c)
	}
}

func (w *textWriter) text(n *ast.Text) {
	v := n.Segment.Value(w.t.Source)
	if n.IsRaw() {
		w.write(bytes.ReplaceAll(v, []byte{'\n'}, []byte{' '}))
	} else if bytes.IndexByte(v, '&') < 0 && bytes.IndexByte(v, '\\') < 0 {
		w.write(v)
	} else {
		w.write(appendUnescaped(nil, v))
	}
	if n.HardLineBreak() {
		w.write([]byte{' '})
	} else if n.SoftLineBreak() {
		last, _ := utf8.DecodeLastRuneInString(w.b.String())
		if !joins(last, w.t.nextRune(n)) {
			w.write([]byte{' '})
		}
	}
}

// appendUnescaped appends running text with its backslash escapes and entities resolved.
func appendUnescaped(out, v []byte) []byte {
	for i := 0; i < len(v); {
		switch c := v[i]; {
		case c == '\\' && i+1 < len(v) && util.IsPunct(v[i+1]):
			out = append(out, v[i+1])
			i += 2
		case c == 0:
			out = append(out, "\uFFFD"...)
			i++
		case c == '&':
			r, n := entity(v[i:])
			if n == 0 {
				r, n = "&", 1
			}
			out = append(out, r...)
			i += n
		default:
			out = append(out, c)
			i++
		}
	}
	return out
}

// entity resolves the entity or character reference that v starts with, and returns how long it is; 0 when there is none.
func entity(v []byte) (string, int) {
	end := bytes.IndexByte(v[:min(len(v), 40)], ';')
	if end < 2 {
		return "", 0
	}
	name := string(v[1:end])
	if name[0] != '#' {
		if e, ok := util.LookUpHTML5EntityByName(name); ok {
			return string(e.Characters), end + 1
		}
		return "", 0
	}
	digits, base := name[1:], 10
	if digits != "" && digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	if digits == "" || base == 10 && len(digits) > 7 || base == 16 && len(digits) > 6 || digits[0] == '+' || digits[0] == '-' {
		return "", 0
	}
	code, err := strconv.ParseUint(digits, base, 32)
	if err != nil {
		return "", 0
	}
	return string(util.ToValidRune(rune(code))), end + 1
}
