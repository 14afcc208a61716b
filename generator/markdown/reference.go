package markdown

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Reference is text in brackets that may be the id of a page, `[RUN001]`. Its child is the text as it was written, which is shown where no
// page has the id.
type Reference struct{ ast.BaseInline }

// KindReference is the kind of Reference.
var KindReference = ast.NewNodeKind("Reference")

// Kind implements ast.Node.
func (n *Reference) Kind() ast.NodeKind { return KindReference }

// Dump implements ast.Node.
func (n *Reference) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// segment returns where the id stands, without its brackets.
func (n *Reference) segment() text.Segment {
	s := n.FirstChild().(*ast.Text).Segment
	return text.NewSegment(s.Start+1, s.Stop-1)
}

// reference is an id in brackets, as far as its characters go.
var reference = regexp.MustCompile(`^\[[\p{L}\p{N}](?:[\p{L}\p{N}.-]|_[\p{L}\p{N}])*\]`)

// referenceParser reads ids in brackets.
type referenceParser struct{}

// Trigger implements parser.InlineParser.
func (referenceParser) Trigger() []byte { return []byte{'['} }

// Parse implements parser.InlineParser. Brackets that Markdown has a meaning for are left to it.
func (referenceParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	end := bytes.IndexByte(line[:min(len(line), 130)], ']') + 1
	if end < 3 || end < len(line) && bytes.IndexByte([]byte("([:"), line[end]) >= 0 || !reference.Match(line[:end]) {
		return nil
	}
	if _, defined := pc.Reference(util.ToLinkReference(line[1 : end-1])); defined {
		return nil
	}
	n := &Reference{}
	n.SetPos(segment.Start)
	n.AppendChild(n, ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start+end)))
	block.Advance(end)
	return n
}

// reference prints the page that has the id, or the text as it was written.
func (p *printer) reference(n *Reference) {
	link, known := p.b.Links[p.b.BodyAt+p.t.LinkKey(n)]
	if !known || link.Broken || inLink(n) {
		p.inlines(n)
		return
	}
	if link.Title == "" {
		link.Title = string(p.t.Source[n.segment().Start:n.segment().Stop])
	}
	p.openLink(link, nil)
	if link.Text != "" {
		p.escapeStr(link.Text)
	} else {
		p.inlines(n)
	}
	p.str("</a>")
}

// inLink reports whether a node stands in the text of a link, which can hold no other.
func inLink(n ast.Node) bool {
	for n = n.Parent(); n != nil && n.Type() == ast.TypeInline; n = n.Parent() {
		if _, ok := n.(*ast.Link); ok {
			return true
		}
	}
	return false
}
