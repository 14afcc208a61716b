package document

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"opsbook/generator/markdown"
	"opsbook/internal/meta"
)

// block reads a block of the body. aside says that it is inside a list, a quote, an admonition, a definition or a footnote.
func (r *reader) block(n ast.Node, aside bool) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock, *east.TableCell:
		r.prose(n)
		return
	case *ast.Heading:
		r.prose(n)
		r.doc.Anchors = append(r.doc.Anchors, markdown.HeadingID(n))
		return
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		r.codeBlock(n)
		return
	case *markdown.AbbrDef:
		r.doc.Abbrs = append(r.doc.Abbrs, Abbr{Name: n.Name, Text: n.Meaning, Pos: r.pos(r.start(n))})
		return
	case *ast.List:
		if !aside {
			r.doc.Lists = append(r.doc.Lists, List{Section: r.section(), Ordered: n.IsOrdered(), Items: r.items(n)})
		}
		aside = true
	case *east.Table:
		r.table(n)
	case *east.DefinitionList:
		r.terms(n)
		aside = true
	case *ast.Blockquote, *markdown.Admonition, *east.FootnoteList:
		aside = true
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() == ast.TypeBlock {
			r.block(c, aside)
		}
	}
}

// items reads the items of a list and of the lists in them.
func (r *reader) items(list *ast.List) []Item {
	var items []Item
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		at := r.doc.BodyAt + max(markdown.At(n), 0)
		item := Item{Pos: r.pos(at), At: at}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if inner, ok := c.(*ast.List); ok {
				item.Items = append(item.Items, r.items(inner)...)
			} else if item.Text == "" {
				item.Text = r.plain(c)
			}
		}
		items = append(items, item)
	}
	return items
}

// table reads a table with the place of every cell.
func (r *reader) table(n *east.Table) {
	at := r.doc.BodyAt + max(n.Pos(), 0)
	t := Table{Section: r.section(), Pos: r.pos(at), At: at}
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		start := r.doc.BodyAt + max(row.Pos(), 0)
		var cells []meta.Str
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cell := meta.Str{Text: r.plain(c), Pos: r.pos(start)}
			if c.Lines().Len() > 0 || c.Pos() > 0 {
				cell.Pos = r.pos(r.start(c))
			}
			cells = append(cells, cell)
		}
		if _, head := row.(*east.TableHeader); head {
			t.Header = cells
			continue
		}
		t.Rows = append(t.Rows, cells)
		t.Starts = append(t.Starts, start)
	}
	r.doc.Tables = append(r.doc.Tables, t)
}

// codeBlock reads a code block with what its fence says.
func (r *reader) codeBlock(n ast.Node) {
	text, at := r.tree.CodeText(n)
	info := r.tree.Info(n)
	at += r.doc.BodyAt
	code := Code{Section: r.section(), Lang: info.Lang, Title: info.Title, Text: text, Pos: r.pos(at), At: at}
	for _, a := range info.Attrs {
		pair := meta.Str{Text: a.Key, Pos: r.pos(r.doc.BodyAt + a.At)}
		if a.Value != "" {
			pair.Text += "=" + a.Value
		}
		code.Attrs = append(code.Attrs, pair)
	}
	r.doc.Codes = append(r.doc.Codes, code)
	if lines := n.Lines(); lines.Len() > 0 {
		r.code = append(r.code, span{at, r.doc.BodyAt + lines.At(lines.Len()-1).Stop})
	}
}

// terms reads a definition list. A definition stands for every term before it.
func (r *reader) terms(n ast.Node) {
	waiting := 0 // terms without a definition yet, at the end of Terms
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.(type) {
		case *east.DefinitionTerm:
			r.prose(c)
			r.doc.Terms = append(r.doc.Terms, Term{Name: r.plain(c), Pos: r.pos(r.start(c))})
			waiting++
		case *east.DefinitionDescription:
			text := strings.TrimSpace(r.tree.Text(c))
			for ; waiting > 0; waiting-- {
				r.doc.Terms[len(r.doc.Terms)-waiting].Text = text
			}
		}
	}
}
