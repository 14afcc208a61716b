// Package markdown is the dialect: text to tree to HTML, for one body of Markdown, with no knowledge of the site around it.
//
// It stands beside the pipeline and serves two of its stages. document parses to learn what a file holds (headings, links, lists, tables,
// code); render parses again and writes the HTML, with what the site has resolved handed in as plain values. Goldmark is set up once, here;
// one construct is one file, with its syntax, its node and its HTML together, and one file of cases in testdata.
//
// Everything is a function of the bytes given: nothing is read, the clock is not asked, and no text makes it panic or take long (limit.go).
package markdown

import (
	"cmp"
	"slices"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

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

	parsed []byte                  // what goldmark read: Source, or a copy with the same offsets
	html   map[ast.Node][]htmlPart // what each piece of raw HTML is made of
	ids    map[string]int          // every anchor in use; see unique
}

// At returns the offset that stands for a block: the first block of a list item, else where the node starts. Steps are keyed by it.
func At(n ast.Node) int {
	if item, ok := n.(*ast.ListItem); ok && item.FirstChild() != nil {
		return At(item.FirstChild())
	}
	return n.Pos()
}

// Parse reads Markdown, without front matter.
func Parse(src []byte) *Tree {
	t := &Tree{Source: src, ids: map[string]int{}}
	if len(src) > maxFile {
		t.report(0, "limit", diag.T("the text is larger than 1 MiB, so it is shown without its formatting"), diag.T("split the file"))
		t.Root = plainDocument(src)
		return t
	}
	t.parse()
	t.finish()
	t.sortProblems()
	return t
}

// dialect is goldmark with our constructs. A parser is immutable once built, so one serves every file at the same time.
var dialect = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(setextParser{parser.NewSetextHeadingParser()}, 100),
			util.Prioritized(nested{termParser{extension.NewDefinitionListParser()}}, 101),
			util.Prioritized(extension.NewDefinitionDescriptionParser(), 102),
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(nested{parser.NewListParser()}, 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(headingParser{}, 600),
			util.Prioritized(nested{indentedAdmonitionParser{}}, 610),
			util.Prioritized(nested{fencedAdmonitionParser{}}, 620),
			util.Prioritized(nested{shortcodeBlockParser{}}, 630),
			util.Prioritized(fenceParser{parser.NewFencedCodeBlockParser()}, 700),
			util.Prioritized(nested{quoteParser{parser.NewBlockquoteParser()}}, 800),
			util.Prioritized(htmlBlockParser{parser.NewHTMLBlockParser()}, 900),
			util.Prioritized(abbreviationParser{}, 910),
			util.Prioritized(nested{footnoteBlockParser{}}, 920),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(footnoteParser{}, 110),
			util.Prioritized(shortcodeParser{}, 120),
			util.Prioritized(referenceParser{}, 190),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(spacedLinkParser{}, 210),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewRawHTMLParser(), 400),
			util.Prioritized(emphasisParser{}, 500),
			util.Prioritized(linkifyParser{}, 600),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(definitionLimit{}, 90),
			util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
			util.Prioritized(tableTransformer{}, 200),
			util.Prioritized(inlineLimit{}, 300),
		),
	)
})

// state is what the constructs share while one text is parsed.
type state struct {
	tree      *Tree
	openFence ast.Node                     // the fence that is still open
	tooMuch   map[ast.Node]bool            // paragraphs already found to be over a limit
	work      int                          // see limit.go
	cells     int                          // table cells so far
	footnotes *footnoteList                // the definitions so far
	noted     map[int]bool                 // offsets at which a heading without a space was reported
	pipes     map[ast.Node]struct{}        // table cells that hold an escaped pipe
	blocks    map[ast.Node]*shortcodeBlock // those that are open
}

var stateKey = parser.NewContextKey()

func stateOf(pc parser.Context) *state { return pc.Get(stateKey).(*state) }

// parse runs goldmark. A fault of it must cost one page its formatting, not the build.
func (t *Tree) parse() {
	defer func() {
		if failure := recover(); failure != nil {
			t.report(0, "limit", diag.T("the text could not be parsed, so it is shown without its formatting (%s)", failure), diag.Text{})
			t.Root = plainDocument(t.Source)
		}
	}()
	s := &state{tree: t}
	pc := parser.NewContext()
	pc.Set(stateKey, s)
	t.parsed = masked(t.Source)
	t.Root = dialect().Parse(text.NewReader(t.parsed), parser.WithContext(pc))
	s.splitPipes()
	s.numberFootnotes()
}

// finish walks the tree once for everything that needs the whole of it.
func (t *Tree) finish() {
	t.reserveIDs()
	var seen htmlSeen
	visit(t.Root, func(n ast.Node) bool {
		if block, ok := n.(interface{ SetPos(int) }); ok && n.Pos() > len(t.Source) {
			block.SetPos(len(t.Source)) // goldmark counts the columns of a tab as bytes
		}
		switch n := n.(type) {
		case *ast.Heading:
			t.assignID(n)
		case *ast.Link:
			n.Destination = t.destination(n.Destination)
			t.unlink(n)
			t.checkURL(n, n.Destination)
		case *ast.Image:
			n.Destination = t.destination(n.Destination)
			t.checkURL(n, n.Destination)
		case *ast.AutoLink:
			t.checkURL(n, nil)
		case *ast.FencedCodeBlock:
			t.Mermaid = t.Mermaid || t.Info(n).Lang == "mermaid"
		case *ast.HTMLBlock, *ast.RawHTML:
			t.readHTML(n, &seen)
		}
		return true
	})
	t.assignFootnoteIDs()
}

// visit calls see with a node and all that is in it, in the order of the text. see tells whether to go on into what it was called with.
func visit(n ast.Node, see func(ast.Node) bool) {
	if !see(n) {
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		visit(c, see)
	}
}

// report adds a problem.
func (t *Tree) report(at int, rule string, message, hint diag.Text) {
	at = min(max(at, 0), len(t.Source))
	t.Problems = append(t.Problems, Problem{At: at, Rule: rule, Message: message, Hint: hint})
}

// sortProblems orders problems by offset, so that the order of parsing does not show.
func (t *Tree) sortProblems() {
	slices.SortStableFunc(t.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Rule, b.Rule))
	})
}
