package markdown

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// maxLabel is CommonMark's limit for labels of links, in bytes here.
const maxLabel = 999

// footnoteList is the footnotes of one text while it is parsed.
type footnoteList struct {
	node   *east.FootnoteList
	labels map[string]*east.Footnote
}

// footnoteBlockParser reads `[^label]: text`.
type footnoteBlockParser struct{}

// Trigger implements parser.BlockParser.
func (footnoteBlockParser) Trigger() []byte { return []byte{'['} }

// Open implements parser.BlockParser.
func (footnoteBlockParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	label := footnoteLabel(line[pos:])
	end := pos + len(label) + 3
	if label == nil || end >= len(line) || line[end] != ':' {
		return nil, parser.NoChildren
	}
	reader.AdvanceAndSetPadding(end+1-segment.Padding, 0)
	return east.NewFootnote(label), parser.HasChildren
}

// footnoteLabel returns the label of text that starts with `[^label]`.
func footnoteLabel(b []byte) []byte {
	if len(b) < 4 || b[0] != '[' || b[1] != '^' {
		return nil
	}
	end := bytes.IndexAny(b[2:min(len(b), maxLabel+3)], "]\n\\[")
	if end <= 0 || b[2+end] != ']' || util.IsBlank(b[2:2+end]) {
		return nil
	}
	return b[2 : 2+end]
}

// Continue implements parser.BlockParser.
func (footnoteBlockParser) Continue(_ ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	pos, padding := util.IndentPosition(line, reader.LineOffset(), 4)
	if pos < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(pos, padding)
	return parser.Continue | parser.HasChildren
}

// Close implements parser.BlockParser. The list of footnotes is kept in the tree, so that goldmark reads what is in them.
func (footnoteBlockParser) Close(node ast.Node, _ text.Reader, pc parser.Context) {
	s, note := stateOf(pc), node.(*east.Footnote)
	if s.footnotes == nil {
		s.footnotes = &footnoteList{east.NewFootnoteList(), map[string]*east.Footnote{}}
		var root ast.Node = node
		for root.Parent() != nil {
			root = root.Parent()
		}
		root.InsertBefore(root, root.FirstChild(), s.footnotes.node)
	}
	node.Parent().RemoveChild(node.Parent(), node)
	s.footnotes.node.AppendChild(s.footnotes.node, node)
	label := util.ToLinkReference(note.Ref)
	if _, taken := s.footnotes.labels[label]; !taken {
		s.footnotes.labels[label] = note
	}
}

// CanInterruptParagraph implements parser.BlockParser.
func (footnoteBlockParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (footnoteBlockParser) CanAcceptIndentedLine() bool { return false }

// footnoteRef refers to a footnote; its number is given when the whole text is known.
type footnoteRef struct {
	ast.BaseInline
	note *east.Footnote
	nth  int // 1 for the first reference to the same footnote
}

// KindFootnoteRef is the kind of a reference to a footnote.
var KindFootnoteRef = ast.NewNodeKind("FootnoteRef")

// Kind implements ast.Node.
func (n *footnoteRef) Kind() ast.NodeKind { return KindFootnoteRef }

// Dump implements ast.Node.
func (n *footnoteRef) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// footnoteParser reads `[^label]` where such a footnote exists.
type footnoteParser struct{}

// Trigger implements parser.InlineParser.
func (footnoteParser) Trigger() []byte { return []byte{'['} }

// Parse implements parser.InlineParser.
func (footnoteParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	s := stateOf(pc)
	if s.footnotes == nil {
		return nil
	}
	line, _ := block.PeekLine()
	label := footnoteLabel(line)
	note := s.footnotes.labels[util.ToLinkReference(label)]
	if label == nil || note == nil {
		return nil
	}
	block.Advance(len(label) + 3)
	return &footnoteRef{note: note}
}

// numberFootnotes puts the footnotes last, in the order in which they are first referred to; those that nobody refers to follow, because
// text must never vanish.
func (s *state) numberFootnotes() {
	if s.footnotes == nil {
		return
	}
	list, root := s.footnotes.node, s.tree.Root
	root.RemoveChild(root, list)
	var notes []*east.Footnote
	for c := list.FirstChild(); c != nil; c = c.NextSibling() {
		c.(*east.Footnote).Index = 0
		notes = append(notes, c.(*east.Footnote))
	}
	refs := map[*east.Footnote]int{}
	count := func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if ref, ok := n.(*footnoteRef); ok && entering {
			if ref.note.Index == 0 {
				list.Count++
				ref.note.Index = list.Count
			}
			refs[ref.note]++
			ref.nth = refs[ref.note]
		}
		return ast.WalkContinue, nil
	}
	_ = ast.Walk(root, count)
	_ = ast.Walk(list, count)
	for _, n := range notes {
		if n.Index == 0 {
			list.Count++
			n.Index = list.Count
		}
	}
	slices.SortFunc(notes, func(a, b *east.Footnote) int { return cmp.Compare(a.Index, b.Index) })
	list.RemoveChildren(list)
	for _, n := range notes {
		for i := range refs[n] {
			back := east.NewFootnoteBacklink(n.Index)
			back.RefIndex, back.RefCount = i+1, refs[n]
			var in ast.Node = n
			if last := n.LastChild(); last != nil && ast.IsParagraph(last) {
				in = last
			}
			in.AppendChild(in, back)
		}
		list.AppendChild(list, n)
	}
	root.AppendChild(root, list)
}

// assignFootnoteIDs gives footnotes anchors that no heading has.
func (t *Tree) assignFootnoteIDs() {
	list, ok := t.Root.LastChild().(*east.FootnoteList)
	if !ok {
		return
	}
	for c := list.FirstChild(); c != nil; c = c.NextSibling() {
		c.SetAttributeString("id", []byte(unique(t.ids, "fn-"+strconv.Itoa(c.(*east.Footnote).Index))))
	}
}

// refID is the anchor of a reference. The prefix has a colon, which no anchor of a heading begins with.
func refID(index, nth int) string {
	id := "fnref:" + strconv.Itoa(index)
	if nth > 1 {
		id += "-" + strconv.Itoa(nth)
	}
	return id
}

func footnoteID(n *east.Footnote) string {
	v, _ := n.AttributeString("id")
	id, _ := v.([]byte)
	return string(id)
}

func (p *printer) footnoteRef(n *footnoteRef) {
	p.str(`<sup class="footnote-ref"><a id="`, refID(n.note.Index, n.nth), `" href="#`)
	p.escapeStr(footnoteID(n.note))
	p.str(`" role="doc-noteref">`, strconv.Itoa(n.note.Index), `</a></sup>`)
}

func (p *printer) footnoteBack(n *east.FootnoteBacklink) {
	p.str(` <a class="footnote-back" href="#`, refID(n.Index, n.RefIndex), `" role="doc-backlink"`)
	label := p.words.FootnoteBack + " " + strconv.Itoa(n.Index)
	if n.RefIndex > 1 {
		label += "-" + strconv.Itoa(n.RefIndex)
	}
	p.attr("aria-label", strings.TrimSpace(label))
	p.str(">↩︎</a>")
}

func (p *printer) footnotes(n *east.FootnoteList) {
	p.str(`<section class="footnotes" role="doc-endnotes"`)
	p.attr("aria-label", p.words.Footnotes)
	p.str(">\n<ol>\n")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		p.str(`<li id="`)
		p.escapeStr(footnoteID(c.(*east.Footnote)))
		p.str("\">\n")
		p.blocks(c)
		p.str("</li>\n")
	}
	p.str("</ol>\n</section>\n")
}
