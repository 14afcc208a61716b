package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"opsbook/internal/diag"
)

// The limits that keep parsing fast. Goldmark cannot be stopped and a wall clock is not reproducible, so everything that could cost more
// than its size is counted before it is parsed; what is over is shown as it was written, with a diagnostic.
const (
	maxFile       = 1 << 20   // bytes of a body
	maxInline     = 256 << 10 // bytes of one paragraph, heading or cell
	maxDelimiters = 2_000     // runs of *, _ and ~ in it
	maxBrackets   = 2_000     // opening brackets in it
	maxNesting    = 32        // containers in containers
	maxCells      = 20_000    // table cells of a body, those filled in by goldmark included
	maxRefLines   = 8_000_000 // link definitions of a paragraph times its lines: goldmark moves the lines once for each
	maxWork       = 256 << 20 // sum over the paragraphs of (brackets + lengths of backtick runs) times bytes: each may look to the end
)

// Plain is a block that is shown as it was written, because a limit forbids to parse it.
type Plain struct{ ast.BaseBlock }

// KindPlain is the kind of Plain.
var KindPlain = ast.NewNodeKind("Plain")

// Kind implements ast.Node.
func (n *Plain) Kind() ast.NodeKind { return KindPlain }

// IsRaw implements ast.Node: its text is not parsed.
func (n *Plain) IsRaw() bool { return true }

// Dump implements ast.Node.
func (n *Plain) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// plainDocument is a document of one Plain block.
func plainDocument(src []byte) ast.Node {
	root := ast.NewDocument()
	if len(src) > 0 {
		plain := &Plain{}
		plain.SetPos(0)
		plain.Lines().Append(text.NewSegment(0, len(src)))
		root.AppendChild(root, plain)
	}
	return root
}

// tally is what a piece of inline text could cost.
type tally struct{ bytes, delimiters, brackets, ticks int }

func (c *tally) add(b []byte) {
	c.bytes += len(b)
	longest := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '[':
			c.brackets++
		case '*', '_', '~', '`':
			start := i
			for i+1 < len(b) && b[i+1] == b[start] {
				i++
			}
			run := i + 1 - start
			if b[start] == '`' {
				longest = max(longest, run)
			} else if !(b[start] == '_' && wordAt(b, start-1) && wordAt(b, i+1)) { // snake_case costs nothing
				c.delimiters += 1 + run/16
			}
		}
	}
	c.ticks = max(c.ticks, longest)
}

func wordAt(b []byte, i int) bool {
	return i >= 0 && i < len(b) && isAlnum(b[i])
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// over says which limit the text breaks, in words; "" for none. Text that stays below is counted against the work of the whole body.
func (s *state) over(c tally) string {
	switch {
	case c.bytes > maxInline:
		return "is longer than 256 KiB"
	case c.delimiters > maxDelimiters:
		return "has more than 2,000 emphasis marks"
	case c.brackets > maxBrackets:
		return "has more than 2,000 brackets"
	}
	work := (c.brackets + c.ticks) * c.bytes
	if s.work+work > maxWork {
		return "asks for too much work"
	}
	s.work += work
	return ""
}

// overLine is over for one line that is not a paragraph; it reports.
func (s *state) overLine(at int, line []byte) bool {
	var c tally
	c.add(line)
	why := s.over(c)
	if why != "" {
		s.reportLimit(at, why)
	}
	return why != ""
}

func (s *state) reportLimit(at int, why string) {
	s.tree.report(at, "limit", diag.T("this block %s, so it is shown without its formatting", why), diag.T("split it, or put it into a code block"))
}

// makePlain puts a Plain block with the same lines in a paragraph's place.
func makePlain(p *ast.Paragraph) {
	plain := &Plain{}
	plain.SetPos(p.Pos())
	plain.SetBlankPreviousLines(p.HasBlankPreviousLines())
	plain.Lines().AppendAll(p.Lines().Sliced(0, p.Lines().Len()))
	p.Parent().ReplaceChild(p.Parent(), p, plain)
}

// definitionLimit guards goldmark's reading of link definitions, which moves every line of the paragraph once for each definition.
type definitionLimit struct{}

// Transform implements parser.ParagraphTransformer.
func (definitionLimit) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, definitions := p.Lines(), 0
	for i := range lines.Len() {
		line := lines.At(i)
		if bytes.HasPrefix(bytes.TrimLeft(line.Value(reader.Source()), " "), []byte("[")) {
			definitions++
		}
	}
	if definitions*lines.Len() > maxRefLines {
		stateOf(pc).reportLimit(p.Pos(), "has too many link definitions")
		makePlain(p)
	}
}

// inlineLimit guards goldmark's reading of what is in a paragraph.
type inlineLimit struct{}

// Transform implements parser.ParagraphTransformer.
func (inlineLimit) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	s := stateOf(pc)
	if s.tooMuch[p] {
		makePlain(p)
	} else if why := s.overLines(p.Lines(), reader.Source()); why != "" {
		s.reportLimit(p.Pos(), why)
		makePlain(p)
	}
}

func (s *state) overLines(lines *text.Segments, source []byte) string {
	var c tally
	for i := range lines.Len() {
		line := lines.At(i)
		c.add(source[line.Start:line.Stop])
	}
	return s.over(c)
}

// termParser guards the terms of definition lists, which goldmark takes out of a paragraph before anything else has seen it.
type termParser struct{ parser.BlockParser }

// Open implements parser.BlockParser.
func (p termParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	at := pc.BlockOffset()
	if at < 0 || at+1 >= len(line) || line[at+1] != ' ' && line[at+1] != '\t' || pc.BlockIndent() != 0 {
		return nil, parser.NoChildren
	}
	if para, ok := parent.LastChild().(*ast.Paragraph); ok {
		s := stateOf(pc)
		if s.tooMuch[para] {
			return nil, parser.NoChildren
		}
		if why := s.overLines(para.Lines(), reader.Source()); why != "" {
			s.reportLimit(para.Pos(), why)
			if s.tooMuch == nil {
				s.tooMuch = map[ast.Node]bool{}
			}
			s.tooMuch[para] = true
			return nil, parser.NoChildren
		}
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// nested refuses to open a container in 32 others; the lines up to the next blank one are shown as they are.
type nested struct{ parser.BlockParser }

// Open implements parser.BlockParser.
func (p nested) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if len(pc.OpenedBlocks()) < maxNesting || depth(parent) < maxNesting {
		return p.BlockParser.Open(parent, reader, pc)
	}
	line, start := reader.Position()
	if node, _ := p.BlockParser.Open(parent, reader, pc); node == nil {
		return nil, parser.NoChildren
	}
	reader.SetPosition(line, start)
	stateOf(pc).reportLimit(start.Start, "is nested more than 32 deep")
	plain := &Plain{}
	takeLine(plain, reader)
	return plain, parser.NoChildren
}

// Continue implements parser.BlockParser.
func (p nested) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	plain, ok := node.(*Plain)
	if !ok {
		return p.BlockParser.Continue(node, reader, pc)
	}
	if line, _ := reader.PeekLine(); len(bytes.TrimSpace(line)) == 0 {
		return parser.Close
	}
	takeLine(plain, reader)
	return parser.Continue | parser.NoChildren
}

// Close implements parser.BlockParser.
func (p nested) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	if _, ok := node.(*Plain); !ok {
		p.BlockParser.Close(node, reader, pc)
	}
}

// takeLine moves the rest of the line into a block.
func takeLine(n ast.Node, reader text.Reader) {
	_, seg := reader.PeekLine()
	n.Lines().Append(seg)
	reader.AdvanceToEOL()
}

// depth counts the containers around a block, a list and its item as one.
func depth(n ast.Node) int {
	d := 0
	for ; n != nil; n = n.Parent() {
		if n.Kind() != ast.KindList && n.Kind() != ast.KindDocument {
			d++
		}
	}
	return d
}

func (p *printer) plain(n *Plain) {
	p.str(`<pre class="plain" tabindex="0">` + "\n")
	for i := range n.Lines().Len() {
		seg := n.Lines().At(i)
		p.escape(seg.Value(p.t.Source))
	}
	p.str("</pre>\n")
}
