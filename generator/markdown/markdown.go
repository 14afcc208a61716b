// Package markdown is the dialect: text to tree to HTML, for one body of Markdown, with no knowledge of the site around it.
//
// It stands beside the pipeline and serves two of its stages. document parses to learn what a file holds (headings, links, lists, tables,
// code); render parses again and writes the HTML, with what the site has resolved handed in as plain values. Goldmark is set up once, here;
// one construct is one file, with its syntax, its node and its HTML together, and one file of cases in testdata.
//
// Everything is a function of the bytes given: nothing is read, nothing is remembered, the clock is not asked.
package markdown

import (
	"cmp"
	"slices"

	"github.com/yuin/goldmark/ast"

	"opsbook/internal/diag"
)

// Problem is something wrong with the text. At is a byte offset into the source that was parsed.
type Problem struct {
	At      int
	Rule    string
	Message diag.Text
	Hint    diag.Text
}

// Tree is parsed Markdown. Offsets are into Source. Never mutate it.
type Tree struct {
	Root     ast.Node
	Source   []byte
	Problems []Problem // by offset
	HTML     bool      // has raw HTML other than comments
	Mermaid  bool      // has a mermaid fence
}

// At returns the offset that stands for a block: the first block of a list item, else where the node starts. Steps are keyed by it.
func At(n ast.Node) int {
	if item, ok := n.(*ast.ListItem); ok && item.FirstChild() != nil {
		return At(item.FirstChild())
	}
	return n.Pos()
}

// report adds a problem.
func (t *Tree) report(at int, rule string, message, hint diag.Text) {
	t.Problems = append(t.Problems, Problem{At: at, Rule: rule, Message: message, Hint: hint})
}

// sortProblems orders problems by offset, so that the order of parsing does not show.
func (t *Tree) sortProblems() {
	slices.SortStableFunc(t.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Rule, b.Rule))
	})
}
