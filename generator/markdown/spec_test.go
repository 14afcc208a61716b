package markdown

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var update = flag.Bool("update", false, "write the goldens anew")

// example is one example of a specification.
type example struct {
	Example  int    `json:"example"`
	Section  string `json:"section"`
	Markdown string `json:"markdown"`
	HTML     string `json:"html"`
}

func readExamples(t *testing.T, file string) []example {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []example
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e example
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// stockHTML prints a tree with goldmark's own renderers, so that an example says what our parser made of it and nothing else.
func stockHTML(t *testing.T, tree *Tree) string {
	t.Helper()
	_ = ast.Walk(tree.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.Kind() == ast.KindHeading {
			n.RemoveAttributes() // the anchor
		}
		return ast.WalkContinue, nil
	})
	r := renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(html.NewRenderer(html.WithUnsafe()), 1000),
		util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), 500),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500),
		util.Prioritized(stockReference{}, 500),
	))
	var buf bytes.Buffer
	if err := r.Render(&buf, tree.Source, tree.Root); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// stockReference prints ids in brackets as the text that they are to the specifications.
type stockReference struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (stockReference) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(KindReference, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) { return ast.WalkContinue, nil })
}

// parsedOtherwise is the examples that our parser reads in another way than the specification, and why.
var parsedOtherwise = map[string]map[int]string{
	"commonmark": {
		163: "a tag that HTML does not know is text, so it opens no HTML block and what follows it is Markdown",
		602: "a bare address is a link, by GFM",
		608: "a bare address is a link, by GFM",
		611: "a bare address is a link, by GFM",
		612: "a bare address is a link, by GFM",
	},
	"gfm": {
		21: "a tag that HTML does not know (<lp) makes the address a placeholder like https://<cluster>.example.com",
		22: "ftp may not be published, so its addresses are text",
		26: "tags that are not allowed are taken out by the printer, not by the parser",
	},
}

func TestSpecParsed(t *testing.T) {
	for _, spec := range []string{"commonmark", "gfm"} {
		for _, e := range readExamples(t, "testdata/"+spec+".jsonl") {
			got, want := sameHTML(t, stockHTML(t, Parse([]byte(e.Markdown)))), sameHTML(t, e.HTML)
			why, otherwise := parsedOtherwise[spec][e.Example]
			if got == want && otherwise {
				t.Errorf("%s %d is read as specified, but is said not to be: %s", spec, e.Example, why)
			} else if got != want && !otherwise {
				t.Errorf("%s %d (%s):\n%s\n--- got\n%s--- want\n%s", spec, e.Example, e.Section, e.Markdown, got, want)
			}
		}
	}
}

func TestSpecExamplesAreComplete(t *testing.T) {
	if n := len(readExamples(t, "testdata/commonmark.jsonl")); n != 652 {
		t.Errorf("CommonMark 0.31.2 has 652 examples, not %d", n)
	}
	if n := len(readExamples(t, "testdata/gfm.jsonl")); n != 26 {
		t.Errorf("GFM adds 26 examples, not %d", n)
	}
}

// sameHTML makes different spellings of the same HTML (<br /> and <br>, &quot; and ") one.
func sameHTML(t *testing.T, s string) string {
	t.Helper()
	nodes, err := xhtml.ParseFragment(strings.NewReader(s), &xhtml.Node{Type: xhtml.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	for _, n := range nodes {
		sortAttrs(n)
		if err := xhtml.Render(&buf, n); err != nil {
			t.Fatal(err)
		}
	}
	return buf.String()
}

func sortAttrs(n *xhtml.Node) {
	for i := 1; i < len(n.Attr); i++ {
		for j := i; j > 0 && n.Attr[j].Key < n.Attr[j-1].Key; j-- {
			n.Attr[j], n.Attr[j-1] = n.Attr[j-1], n.Attr[j]
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		sortAttrs(c)
	}
}

// TestSpecPrinted keeps what our printer makes of every example that it prints in another way than the specification, with the reason.
func TestSpecPrinted(t *testing.T) {
	for _, spec := range []string{"commonmark", "gfm"} {
		var got strings.Builder
		for _, e := range readExamples(t, "testdata/"+spec+".jsonl") {
			tree := Parse([]byte(e.Markdown))
			a := render(tree, Body{Text: []byte(e.Markdown)})
			if sameHTML(t, a.HTML) == sameHTML(t, e.HTML) {
				continue
			}
			why := whyOtherwise(tree)
			if reason := parsedOtherwise[spec][e.Example]; reason != "" {
				why = append(why, reason)
			}
			if len(why) == 0 {
				t.Errorf("%s %d is printed in another way without a reason:\n%s\n--- got\n%s\n--- want\n%s", spec, e.Example, e.Markdown, a.HTML, e.HTML)
			}
			fmt.Fprintf(&got, "=== %d (%s): %s\n%s", e.Example, e.Section, strings.Join(why, "; "), a.HTML)
		}
		golden(t, "testdata/"+spec+".printed.txt", got.String())
	}
}

// whyOtherwise says what in a tree is printed in another way than the specification shows.
func whyOtherwise(tree *Tree) (why []string) {
	seen := map[string]bool{}
	note := func(reason string) {
		if !seen[reason] {
			seen[reason] = true
			why = append(why, reason)
		}
	}
	_ = ast.Walk(tree.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			note("headings carry an anchor")
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			note("code stands in a figure")
		case *ast.CodeSpan:
			note("code is not to be translated")
		case *ast.RawHTML, *ast.HTMLBlock:
			note("raw HTML is sanitized: comments and what is not allowed are gone, unknown tags are text, open elements are closed")
		case *ast.Image:
			note("images load late")
		case *east.Table:
			note("tables stand in a region that scrolls")
		case *east.TaskCheckBox:
			note("items with a box are marked")
		case *ast.Link:
			if scheme, ok := Scheme(unescape(n.Destination)); !ok || len(n.Destination) == 0 {
				note("a link that leads nowhere, or where it may not, is text")
			} else if scheme == "http" || scheme == "https" {
				note("links to other sites say so")
			} else if strings.HasPrefix(escapeURL(unescape(n.Destination)), "./") {
				note("a relative address with a colon in its first name says that it is relative")
			}
		case *ast.AutoLink:
			if dest := autoDest(n, tree.Source); !readable(escapeURL(dest)) {
				note("what is no address is text")
			} else if isLink(dest) {
				note("links to other sites say so")
			} else {
				note("an address with a scheme that is not allowed is text")
			}
		}
		return ast.WalkContinue, nil
	})
	return why
}

// golden compares with a file, or writes it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is not what is printed now (go test -update writes it anew); first difference:\n%s", file, firstDifference(string(want), got))
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		var a, b string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if cmp.Compare(a, b) != 0 || i >= len(w) || i >= len(g) {
			return fmt.Sprintf("line %d\n- %s\n+ %s", i+1, a, b)
		}
	}
	return "none"
}
