package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"opsbook/internal/diag"
)

// Admonition is a block that asks for attention, in whichever of its syntaxes it was written. Its first child is a Caption when the author
// gave it a title.
type Admonition struct {
	ast.BaseBlock
	Name string // note, tip, important, warning or caution
	Fold bool   // can be folded
	Open bool   // starts unfolded

	colons int  // length of the fence that opened it
	closed bool // its closing fence was met
	indent int  // indent of its text
	tag    string
}

// KindAdmonition is the kind of Admonition.
var KindAdmonition = ast.NewNodeKind("Admonition")

// Kind implements ast.Node.
func (n *Admonition) Kind() ast.NodeKind { return KindAdmonition }

// Dump implements ast.Node.
func (n *Admonition) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Name": n.Name}, nil)
}

// Caption is the title of an Admonition or a Group: a line of inline Markdown.
type Caption struct{ ast.BaseBlock }

// KindCaption is the kind of Caption.
var KindCaption = ast.NewNodeKind("Caption")

// Kind implements ast.Node.
func (n *Caption) Kind() ast.NodeKind { return KindCaption }

// Dump implements ast.Node.
func (n *Caption) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// newCaption makes a caption of a piece of the source; nil when there is nothing in it or too much.
func newCaption(s *state, start, stop int) *Caption {
	if start >= stop || s.overLine(start, s.tree.Source[start:stop]) {
		return nil
	}
	c := &Caption{}
	c.SetPos(start)
	c.Lines().Append(text.NewSegment(start, stop))
	return c
}

// admonitionNames maps what authors write on other hosts and generators to the five kinds.
var admonitionNames = map[string]string{
	"note": "note", "info": "note", "abstract": "note", "summary": "note", "tldr": "note", "todo": "note", "question": "note", "faq": "note",
	"help": "note", "example": "note", "quote": "note", "cite": "note", "seealso": "note", "message": "note", "details": "note", "memo": "note",
	"tip": "tip", "hint": "tip", "success": "tip", "check": "tip", "done": "tip",
	"important": "important",
	"warning":   "warning", "warn": "warning", "attention": "warning", "alert": "warning",
	"caution": "caution", "danger": "caution", "error": "caution", "failure": "caution", "fail": "caution", "bug": "caution", "missing": "caution",
}

// quoteParser turns a quote whose first line is `[!WARNING] title` into an admonition, as Git hosts do.
type quoteParser struct{ parser.BlockParser }

// Close implements parser.BlockParser.
func (p quoteParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	p.BlockParser.Close(node, reader, pc)
	first, ok := node.FirstChild().(*ast.Paragraph)
	if !ok || first.Lines().Len() == 0 || node.Parent() == nil {
		return
	}
	seg := first.Lines().At(0)
	line := bytes.TrimRight(reader.Source()[seg.Start:seg.Stop], " \t\n")
	word, rest, ok := bytes.Cut(bytes.TrimPrefix(line, []byte("[!")), []byte("]"))
	name := admonitionNames[strings.ToLower(string(word))]
	if !ok || name == "" || !bytes.HasPrefix(line, []byte("[!")) {
		return
	}
	a := &Admonition{Name: name}
	if len(rest) > 0 && (rest[0] == '-' || rest[0] == '+') {
		a.Fold, a.Open = true, rest[0] == '+'
		rest = rest[1:]
	}
	rest = bytes.TrimLeft(rest, " \t")
	a.SetPos(node.Pos())
	a.SetBlankPreviousLines(node.HasBlankPreviousLines())
	end := seg.Start + len(line)
	if c := newCaption(stateOf(pc), end-len(rest), end); c != nil {
		a.AppendChild(a, c)
	}
	if first.Lines().Len() == 1 {
		node.RemoveChild(node, first)
	} else {
		first.Lines().SetSliced(1, first.Lines().Len())
	}
	for c := node.FirstChild(); c != nil; c = node.FirstChild() {
		a.AppendChild(a, c)
	}
	node.Parent().ReplaceChild(node.Parent(), node, a)
}

// indentedAdmonitionParser reads `!!! warning "title"` and the foldable `??? note`, with the text indented below.
type indentedAdmonitionParser struct{}

// Trigger implements parser.BlockParser.
func (indentedAdmonitionParser) Trigger() []byte { return []byte{'!', '?'} }

// Open implements parser.BlockParser.
func (indentedAdmonitionParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 || len(line) < pos+5 || line[pos+1] != line[pos] || line[pos+2] != line[pos] {
		return nil, parser.NoChildren
	}
	a := &Admonition{indent: pc.BlockIndent() + 4, Fold: line[pos] == '?'}
	rest := bytes.TrimRight(line[pos+3:], " \t\n")
	if a.Fold && len(rest) > 0 && rest[0] == '+' {
		a.Open = true
		rest = rest[1:]
	}
	if len(rest) == 0 || rest[0] != ' ' && rest[0] != '\t' {
		return nil, parser.NoChildren
	}
	rest = bytes.TrimLeft(rest, " \t")
	end := segment.Start - segment.Padding + len(bytes.TrimRight(line, " \t\n"))
	words, title, titled := bytes.Cut(rest, []byte{'"'})
	word := firstWord(words)
	if word == "" || titled && !bytes.HasSuffix(title, []byte{'"'}) || !titled && !plainWords(words) {
		return nil, parser.NoChildren
	}
	var caption *Caption
	if titled {
		caption = newCaption(stateOf(pc), end-len(title), end-1)
	} else if admonitionNames[strings.ToLower(word)] == "" {
		caption = newCaption(stateOf(pc), end-len(rest), end-len(rest)+len(word))
	}
	return openAdmonition(a, word, caption, reader)
}

// openAdmonition finishes an admonition whose first line was read.
func openAdmonition(a *Admonition, word string, caption *Caption, reader text.Reader) (ast.Node, parser.State) {
	a.Name = admonitionNames[strings.ToLower(word)]
	if a.Name == "" {
		a.Name = "note"
	}
	if caption != nil {
		a.AppendChild(a, caption)
	}
	reader.AdvanceToEOL()
	return a, parser.HasChildren
}

func firstWord(b []byte) string {
	if f := bytes.Fields(b); len(f) > 0 && plainWords(f[0]) {
		return string(f[0])
	}
	return ""
}

// plainWords reports whether text is nothing but words: a sentence after `!!!` is no admonition.
func plainWords(b []byte) bool {
	for _, c := range b {
		if !isAlnum(c) && c != '-' && c != '_' && c != ' ' && c != '\t' {
			return false
		}
	}
	return true
}

// Continue implements parser.BlockParser.
func (indentedAdmonitionParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	pos, padding := util.IndentPosition(line, reader.LineOffset(), node.(*Admonition).indent)
	if pos < 0 {
		return parser.Close
	}
	reader.AdvanceAndSetPadding(pos, padding)
	return parser.Continue | parser.HasChildren
}

// Close implements parser.BlockParser.
func (indentedAdmonitionParser) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph implements parser.BlockParser.
func (indentedAdmonitionParser) CanInterruptParagraph() bool { return false }

// CanAcceptIndentedLine implements parser.BlockParser.
func (indentedAdmonitionParser) CanAcceptIndentedLine() bool { return false }

// fencedAdmonitionParser reads `:::warning title` up to `:::`.
type fencedAdmonitionParser struct{}

// Trigger implements parser.BlockParser.
func (fencedAdmonitionParser) Trigger() []byte { return []byte{':'} }

// Open implements parser.BlockParser.
func (fencedAdmonitionParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	a := &Admonition{colons: colonRun(line[pos:])}
	rest := bytes.Trim(line[pos+a.colons:], " \t\n")
	if a.colons < 3 || len(rest) == 0 {
		return nil, parser.NoChildren
	}
	end := segment.Start - segment.Padding + len(bytes.TrimRight(line, " \t\n"))
	if rest[0] == '{' && rest[len(rest)-1] == '}' { // ::: {.warning}
		rest, end = rest[1:len(rest)-1], end-1
	}
	rest = bytes.TrimPrefix(rest, []byte("."))
	n := 0
	for n < len(rest) && (isAlnum(rest[n]) || rest[n] == '-' || rest[n] == '_') {
		n++
	}
	word, title := string(rest[:n]), bytes.TrimLeft(rest[n:], " \t")
	if n == 0 {
		return nil, parser.NoChildren
	}
	if len(title) > 1 && title[0] == '[' && title[len(title)-1] == ']' { // :::warning[title]
		title, end = title[1:len(title)-1], end-1
	}
	word, title = otherDialects(a, word, title)
	start := end - len(title)
	if len(title) == 0 && admonitionNames[strings.ToLower(word)] == "" {
		start = end - len(rest)
		end = start + n
	}
	return openAdmonition(a, word, newCaption(stateOf(pc), start, end), reader)
}

// otherDialects reads `:::message alert` and `:::details title` (Zenn) and `:::note warn` (Qiita).
func otherDialects(a *Admonition, word string, title []byte) (string, []byte) {
	switch second := string(title); {
	case word == "details":
		a.Fold = true
	case word == "message" && second == "alert", word == "note" && (second == "info" || second == "warn" || second == "alert"):
		return second, nil
	}
	return word, title
}

func colonRun(b []byte) int {
	n := 0
	for n < len(b) && b[n] == ':' {
		n++
	}
	return n
}

// Continue implements parser.BlockParser. A closing fence belongs to the innermost open one that is not longer.
func (fencedAdmonitionParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, _ := reader.PeekLine()
	w, pos := util.IndentWidth(line, reader.LineOffset())
	if w > 3 || pos >= len(line) || line[pos] != ':' {
		return parser.Continue | parser.HasChildren
	}
	run := colonRun(line[pos:])
	if run < 3 || !util.IsBlank(line[pos+run:]) || rawOpen(pc) {
		return parser.Continue | parser.HasChildren
	}
	blocks := pc.OpenedBlocks()
	for i := len(blocks) - 1; i >= 0; i-- {
		a, ok := blocks[i].Node.(*Admonition)
		if !ok || a.colons == 0 || a.colons > run {
			continue
		}
		if a != node {
			break
		}
		a.closed = true
		reader.AdvanceToEOL()
		return parser.Close
	}
	return parser.Continue | parser.HasChildren
}

// rawOpen reports whether the innermost open block is code or raw HTML, in which nothing has a meaning.
func rawOpen(pc parser.Context) bool {
	last := pc.LastOpenedBlock().Node
	return last != nil && last.Kind() == ast.KindFencedCodeBlock
}

// Close implements parser.BlockParser.
func (fencedAdmonitionParser) Close(node ast.Node, _ text.Reader, pc parser.Context) {
	if a := node.(*Admonition); !a.closed {
		stateOf(pc).tree.report(a.Pos(), "fence-unclosed", diag.T("the block that starts here is never closed"),
			diag.T("put a line of %s below it", strings.Repeat(":", min(a.colons, 20))))
	}
}

// CanInterruptParagraph implements parser.BlockParser.
func (fencedAdmonitionParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (fencedAdmonitionParser) CanAcceptIndentedLine() bool { return false }

func (p *printer) admonition(n *Admonition) {
	caption, _ := n.FirstChild().(*Caption)
	outer, inner := "div", "p"
	if n.Fold {
		outer, inner = "details", "summary"
	}
	p.str("<", outer, ` class="admonition `, n.Name, `"`)
	if n.Fold && n.Open {
		p.str(` open=""`)
	} else if !n.Fold {
		p.str(` role="note"`)
	}
	p.str("><", inner, ` class="admonition-title">`)
	if caption != nil {
		p.inlines(caption)
	} else {
		p.escapeStr(p.words.admonition(n.Name))
	}
	p.str("</", inner, ">\n")
	p.blocks(n)
	p.str("</", outer, ">\n")
}
