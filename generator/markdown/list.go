package markdown

import (
	"strconv"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

func (p *printer) list(n *ast.List) {
	tag := "ul"
	if n.IsOrdered() {
		tag = "ol"
	}
	p.str("<", tag)
	if n.IsOrdered() && n.Start != 1 {
		p.str(` start="`, strconv.Itoa(n.Start), `"`)
	}
	p.str(">\n")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		p.str("<li")
		if isTask(c) {
			p.str(` class="task"`)
		}
		p.step(c, "")
		p.str(">")
		if first := c.FirstChild(); first != nil && first.Kind() != ast.KindTextBlock {
			p.str("\n")
		}
		p.blocks(c)
		p.str("</li>\n")
	}
	p.str("</", tag, ">\n")
}

func isTask(item ast.Node) bool {
	if item.FirstChild() == nil {
		return false
	}
	_, ok := item.FirstChild().FirstChild().(*east.TaskCheckBox)
	return ok
}

func (p *printer) taskBox(n *east.TaskCheckBox) {
	label := p.words.Open
	p.str(`<input type="checkbox" disabled=""`)
	if n.IsChecked {
		label = p.words.Done
		p.str(` checked=""`)
	}
	p.attr("aria-label", label)
	p.str("> ")
}

func (p *printer) definitions(n ast.Node) {
	p.str("<dl>\n")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if d, ok := c.(*east.DefinitionDescription); ok {
			p.str("<dd>")
			if !d.IsTight {
				p.str("\n")
			}
			p.blocks(d)
			p.str("</dd>\n")
			continue
		}
		p.str("<dt>")
		p.inlines(c)
		p.str("</dt>\n")
	}
	p.str("</dl>\n")
}
