package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// Text returns the plain text of a node: what a reader sees, without markup. Blocks inside it are separated by newlines.
func (t *Tree) Text(n ast.Node) string {
	var b strings.Builder
	t.text(&b, n)
	return strings.TrimRight(b.String(), "\n")
}

func (t *Tree) text(b *strings.Builder, n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		v := n.Segment.Value(t.Source)
		if n.IsRaw() {
			b.Write(v)
		} else {
			b.Write(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(v))))
		}
		if n.SoftLineBreak() || n.HardLineBreak() {
			b.WriteByte(' ')
		}
		return
	case *ast.String:
		b.Write(n.Value)
		return
	case *ast.AutoLink:
		b.Write(n.Label(t.Source))
		return
	case *Shortcode:
		b.WriteString(n.Shown)
		return
	case *AbbrDef, *ast.LinkReferenceDefinition, *ast.RawHTML, *ast.HTMLBlock, *east.FootnoteBacklink:
		return
	case *ast.CodeBlock, *ast.FencedCodeBlock, *Plain:
		s, _ := t.CodeText(n)
		b.WriteString(s)
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		t.text(b, c)
	}
	if n.Type() == ast.TypeBlock && !strings.HasSuffix(b.String(), "\n") {
		b.WriteByte('\n')
	}
}
