package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// htmlBlockParser leaves lines alone that begin with a tag that HTML does not know: `<namespace>` is a placeholder, and what follows it is
// Markdown.
type htmlBlockParser struct{ parser.BlockParser }

// Open implements parser.BlockParser.
func (p htmlBlockParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, start := reader.Position()
	node, next := p.BlockParser.Open(parent, reader, pc)
	if block, ok := node.(*ast.HTMLBlock); ok && block.HTMLBlockType == ast.HTMLBlockType7 {
		first := block.Lines().At(0)
		tag := strings.TrimLeft(string(first.Value(reader.Source())), " ")
		if !startsElement([]byte(tag)) {
			reader.SetPosition(line, start)
			return nil, parser.NoChildren
		}
	}
	return node, next
}
