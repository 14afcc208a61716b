package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"opsbook/internal/diag"
)

// Group is a block that only holds others together: a set of tabs, a tab, a table with a caption. Its first child is a Caption when it has
// a title.
type Group struct {
	ast.BaseBlock
	Name string // tabs, tab or table; "" for nothing to show
}

// KindGroup is the kind of Group.
var KindGroup = ast.NewNodeKind("Group")

// Kind implements ast.Node.
func (n *Group) Kind() ast.NodeKind { return KindGroup }

// Dump implements ast.Node.
func (n *Group) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Name": n.Name}, nil)
}

// groupNames are the shortcodes that enclose blocks, beside those that are admonitions, with the argument that is their title.
var groupNames = map[string]string{"tabs": "", "tab": "name", "table": "caption", "comment": ""}

// shortcodeBlock is an open shortcode that encloses blocks.
type shortcodeBlock struct {
	name   string
	code   *ast.FencedCodeBlock // takes the lines of a tab that is code
	closed bool                 // its end was met, on a line that had to be read first
}

// shortcodeBlockParser reads `{{< note >}}` … `{{< /note >}}` and its kin.
type shortcodeBlockParser struct{}

// Trigger implements parser.BlockParser.
func (shortcodeBlockParser) Trigger() []byte { return []byte{'{'} }

// Open implements parser.BlockParser.
func (shortcodeBlockParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || segment.Padding > pos {
		return nil, parser.NoChildren
	}
	s, at := stateOf(pc), segment.Start-segment.Padding+pos
	tag, ok := readShortcode(line[pos:], at)
	if !ok || tag.end || tag.single || tag.comment {
		return nil, parser.NoChildren
	}
	titleKey, group := groupNames[tag.name]
	if !group && admonitionNames[tag.name] == "" {
		return nil, parser.NoChildren
	}
	var node ast.Node
	if group {
		node = &Group{Name: tag.name}
	} else {
		node = &Admonition{Name: admonitionNames[tag.name], tag: tag.name}
		titleKey = "title"
	}
	for _, a := range tag.args {
		if a.Key == titleKey && titleKey != "" {
			if c := newCaption(s, a.At, a.At+len(a.Value)); c != nil {
				node.AppendChild(node, c)
			}
		}
	}
	b := &shortcodeBlock{name: tag.name}
	if s.blocks == nil {
		s.blocks = map[ast.Node]*shortcodeBlock{}
	}
	s.blocks[node] = b
	reader.Advance(pos + tag.length)
	if tag.name == "tab" && tag.arg("codelang") != "" || tag.name == "comment" {
		b.code = newTabCode(tag, node)
	}
	if line, _ := reader.PeekLine(); b.endOn(line) >= 0 || b.code != nil {
		if !util.IsBlank(line) {
			s.lastLine(b, node, reader)
		}
		reader.AdvanceToEOL()
		return node, parser.NoChildren
	}
	return node, parser.HasChildren
}

// newTabCode makes the code block that takes the lines of a tab with codelang. A comment's goes nowhere.
func newTabCode(tag shortcodeTag, tab ast.Node) *ast.FencedCodeBlock {
	var lang *ast.Text
	for _, a := range tag.args {
		if a.Key == "codelang" {
			lang = ast.NewTextSegment(text.NewSegment(a.At, a.At+len(a.Value)))
		}
	}
	code := ast.NewFencedCodeBlock(lang)
	if tag.name == "tab" {
		tab.AppendChild(tab, code)
	}
	return code
}

// endOn returns where the tag that ends the shortcode stands, if it is the last thing on the line; else -1.
func (b *shortcodeBlock) endOn(line []byte) int {
	at := bytes.LastIndex(line, []byte("{{"))
	if at < 0 {
		return -1
	}
	tag, ok := readShortcode(line[at:], 0)
	if !ok || !tag.end || tag.name != b.name || !util.IsBlank(line[at+tag.length:]) {
		return -1
	}
	return at
}

// lastLine takes what stands on a line before the shortcode's end: more code, or a paragraph of its own. A paragraph that goldmark opened
// would go on with the line below.
func (s *state) lastLine(b *shortcodeBlock, node ast.Node, reader text.Reader) {
	line, seg := reader.PeekLine()
	if at := b.endOn(line); at >= 0 {
		b.closed = true
		if at <= seg.Padding {
			return
		}
		seg.Stop = seg.Start - seg.Padding + at
	}
	if b.code != nil {
		if b.code.Lines().Len() == 0 {
			b.code.SetPos(seg.Start)
		}
		seg.ForceNewline = true
		b.code.Lines().Append(seg)
		return
	}
	seg = trimmed(seg, reader.Source())
	if seg.Start == seg.Stop {
		return
	}
	var block ast.Node = ast.NewParagraph()
	if s.overLine(seg.Start, reader.Source()[seg.Start:seg.Stop]) {
		block = &Plain{}
	}
	block.SetPos(seg.Start)
	block.Lines().Append(seg)
	node.AppendChild(node, block)
}

// Continue implements parser.BlockParser.
func (shortcodeBlockParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	s := stateOf(pc)
	b := s.blocks[node]
	if b.closed {
		return parser.Close
	}
	line, _ := reader.PeekLine()
	if b.endOn(line) >= 0 && !rawOpen(pc) && s.innermost(node, b.name, pc) {
		s.lastLine(b, node, reader)
		b.closed = true
		reader.AdvanceToEOL()
		return parser.Close
	}
	if b.code != nil {
		s.lastLine(b, node, reader)
		reader.AdvanceToEOL()
		return parser.Continue | parser.NoChildren
	}
	return parser.Continue | parser.HasChildren
}

// innermost reports whether no other shortcode of the same name is open inside a node.
func (s *state) innermost(node ast.Node, name string, pc parser.Context) bool {
	blocks := pc.OpenedBlocks()
	for i := len(blocks) - 1; i >= 0; i-- {
		if b := s.blocks[blocks[i].Node]; b != nil && b.name == name {
			return blocks[i].Node == node
		}
	}
	return false
}

// Close implements parser.BlockParser.
func (shortcodeBlockParser) Close(node ast.Node, _ text.Reader, pc parser.Context) {
	s := stateOf(pc)
	b := s.blocks[node]
	delete(s.blocks, node)
	if !b.closed {
		s.tree.report(node.Pos(), "shortcode", diag.T("the shortcode %q that starts here is never ended", b.name),
			diag.T("put {{< /%s >}} below its content", b.name))
	}
}

// CanInterruptParagraph implements parser.BlockParser.
func (shortcodeBlockParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (shortcodeBlockParser) CanAcceptIndentedLine() bool { return false }

func (p *printer) group(n *Group) {
	if n.Name == "comment" {
		return
	}
	class := n.Name
	if class == "table" {
		class = "captioned"
	}
	p.str(`<div class="`, class, "\">\n")
	if caption, ok := n.FirstChild().(*Caption); ok {
		p.str(`<p class="caption">`)
		p.inlines(caption)
		p.str("</p>\n")
	}
	p.blocks(n)
	p.str("</div>\n")
}
