package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"opsbook/internal/diag"
)

// fenceParser reports fences that nobody closed: everything below them became code.
type fenceParser struct{ parser.BlockParser }

// Open implements parser.BlockParser.
func (p fenceParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	node, next := p.BlockParser.Open(parent, reader, pc)
	if node != nil {
		stateOf(pc).openFence = node
	}
	return node, next
}

// Continue implements parser.BlockParser.
func (p fenceParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	next := p.BlockParser.Continue(node, reader, pc)
	if next == parser.Close {
		stateOf(pc).openFence = nil
	}
	return next
}

// Close implements parser.BlockParser.
func (p fenceParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	if s := stateOf(pc); s.openFence == node {
		s.openFence = nil
		mark := fenceMark(reader.Source(), node.Pos())
		s.tree.report(node.Pos(), "fence-unclosed", diag.T("the code block that starts here is never closed"),
			diag.T("put a line of %s below the code", mark))
	}
	p.BlockParser.Close(node, reader, pc)
}

// fenceMark returns the run of marks at an offset, as far as it makes sense to repeat it.
func fenceMark(source []byte, at int) string {
	n := 0
	for at+n < len(source) && source[at+n] == source[at] {
		n++
	}
	return strings.Repeat(string(source[at]), min(n, 20))
}
