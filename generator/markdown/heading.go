package markdown

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"opsbook/internal/diag"
)

// headingParser reads `## heading` with an optional `{#id}`, and reports what was meant as one and is not.
type headingParser struct{}

// Trigger implements parser.BlockParser. The second byte starts the full-width number sign.
func (headingParser) Trigger() []byte { return []byte{'#', 0xEF} }

// Open implements parser.BlockParser.
func (headingParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	pos := pc.BlockOffset()
	if pos < 0 {
		return nil, parser.NoChildren
	}
	base := segment.Start - segment.Padding // offset of line[0], if it is no padding
	level := 0
	for pos+level < len(line) && line[pos+level] == '#' {
		level++
	}
	rest := bytes.TrimRight(line[pos+level:], "\n")
	if level == 0 || level > 6 || len(rest) > 0 && rest[0] != ' ' && rest[0] != '\t' {
		noteMissingSpace(stateOf(pc), base+pos, level, rest)
		return nil, parser.NoChildren
	}
	node := ast.NewHeading(level)
	start := base + pos + level + len(rest) - len(bytes.TrimLeft(rest, " \t"))
	content := bytes.Trim(rest, " \t")
	content = takeID(node, content)
	content = dropClosing(content)
	if len(content) > 0 {
		if stateOf(pc).overLine(base+pos, content) {
			return nil, parser.NoChildren
		}
		node.Lines().Append(text.NewSegment(start, start+len(content)))
	}
	reader.AdvanceToEOL()
	return node, parser.NoChildren
}

// dropClosing drops a closing run of number signs.
func dropClosing(content []byte) []byte {
	open := bytes.TrimRight(content, "#")
	if len(open) == 0 {
		return nil
	}
	if last := open[len(open)-1]; len(open) < len(content) && (last == ' ' || last == '\t') {
		return bytes.TrimRight(open, " \t")
	}
	return content
}

// noteMissingSpace reports a line that starts like a heading. Numbers (#123) and the like are left alone.
func noteMissingSpace(s *state, at, level int, rest []byte) {
	full := bytes.HasPrefix(rest, []byte("＃"))
	if level == 0 && !full || level > 6 {
		return
	}
	r, _ := utf8.DecodeRune(bytes.TrimLeft(rest, "＃"))
	if !full && r != '　' && !unicode.IsLetter(r) && (level == 1 || r == utf8.RuneError || !unicode.IsNumber(r) && !isJapanese(r)) {
		return
	}
	if s.noted[at] {
		return
	}
	if s.noted == nil {
		s.noted = map[int]bool{}
	}
	s.noted[at] = true
	message := diag.T("this is not a heading: there is no space after %s", strings.Repeat("#", level))
	switch {
	case full:
		message = diag.T("this is not a heading: ＃ is a full-width character")
	case r == '　':
		message = diag.T("this is not a heading: the space after %s is a full-width one", strings.Repeat("#", level))
	}
	s.tree.report(at, "heading-space", message, diag.T("write %q and a space before the text", strings.Repeat("#", max(level, 1))))
}

// Continue implements parser.BlockParser.
func (headingParser) Continue(ast.Node, text.Reader, parser.Context) parser.State {
	return parser.Close
}

// Close implements parser.BlockParser.
func (headingParser) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph implements parser.BlockParser.
func (headingParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (headingParser) CanAcceptIndentedLine() bool { return false }

// setextParser adds `{#id}` to underlined headings, and leaves tables alone: a line below one is a row.
type setextParser struct{ parser.BlockParser }

// Open implements parser.BlockParser.
func (p setextParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if para, ok := pc.LastOpenedBlock().Node.(*ast.Paragraph); ok && para.Lines().Len() > 1 {
		rule, head := para.Lines().At(1), para.Lines().At(0)
		if align := delimiterRow(rule.Value(reader.Source())); align != nil {
			if len(splitRow(trimmed(head, reader.Source()), reader.Source())) == len(align) {
				return nil, parser.NoChildren
			}
		}
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// Close implements parser.BlockParser.
func (p setextParser) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	p.BlockParser.Close(node, reader, pc)
	if last := node.Lines().Len() - 1; node.Parent() != nil && last >= 0 {
		seg := node.Lines().At(last)
		seg.Stop = seg.Start + len(takeID(node, bytes.TrimRight(reader.Source()[seg.Start:seg.Stop], " \t\n")))
		node.Lines().Set(last, seg)
	}
}

// takeID takes `{#id .class key=value}` off the end of a heading. Only the id means something here; the rest is what other generators read.
func takeID(n ast.Node, content []byte) []byte {
	if !bytes.HasSuffix(content, []byte("}")) {
		return content
	}
	open := bytes.LastIndexByte(content, '{')
	if open < 0 || open > 0 && content[open-1] != ' ' && content[open-1] != '\t' {
		return content
	}
	fields := bytes.Fields(content[open+1 : len(content)-1])
	if len(fields) == 0 {
		return content
	}
	var id []byte
	for _, f := range fields {
		switch {
		case f[0] == '#' && isID(f[1:]):
			id = f[1:]
		case f[0] == '.' && isID(f[1:]):
		case bytes.IndexByte(f, '=') > 0 && unicode.IsLetter(rune(f[0])):
		default:
			return content
		}
	}
	if id != nil {
		n.SetAttributeString("id", id)
	}
	return bytes.TrimRight(content[:open], " \t")
}

// isID reports whether text can be an anchor: letters of any script, marks, digits and -_.:
func isID(b []byte) bool {
	if bytes.HasPrefix(b, []byte("fnref:")) { // see refID
		return false
	}
	for _, r := range string(b) {
		if r == utf8.RuneError || !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.Pc) && !strings.ContainsRune("-.:", r) {
			return false
		}
	}
	return len(b) > 0
}

// HeadingID returns the anchor of a heading, unique in its document.
func HeadingID(h *ast.Heading) string {
	v, _ := h.AttributeString("id")
	id, _ := v.([]byte)
	return string(id)
}

// reserveIDs takes the anchors that authors wrote, so that no generated one gets in their way; of two equal ones the first stays.
func (t *Tree) reserveIDs() {
	visit(t.Root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Heading:
			if id := HeadingID(n); id != "" {
				if _, taken := t.ids[id]; taken {
					t.report(At(n), "heading-id", diag.T("another heading has the id %q as well, so links to it lead there", id), diag.T("give this heading an id of its own"))
				}
				n.SetAttributeString("id", []byte(unique(t.ids, id)))
			}
			return false
		case *ast.Paragraph, *ast.TextBlock:
			return false // no block is in running text
		}
		return true
	})
}

// assignID gives a heading without an anchor the slug of its text.
func (t *Tree) assignID(h *ast.Heading) {
	if HeadingID(h) == "" {
		h.SetAttributeString("id", []byte(unique(t.ids, Slug(t.Text(h)))))
	}
}

// unique returns id, or id-1, id-2 and so on when it is taken, and takes it.
func unique(used map[string]int, id string) string {
	if _, taken := used[id]; !taken {
		used[id] = 0
		return id
	}
	for {
		used[id]++
		next := id + "-" + strconv.Itoa(used[id])
		if _, taken := used[next]; !taken {
			used[next] = 0
			return next
		}
	}
}

// Slug turns a heading's text into an anchor as Git hosts do: lower case, letters of any script, marks, digits, hyphens and underscores
// kept, spaces turned into hyphens, the rest dropped.
func Slug(text string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(text) {
		switch {
		case r == ' ' || r == '\n' || r == '\t':
			b.WriteByte('-')
		case r == '-' || unicode.IsLetter(r) || unicode.In(r, unicode.M, unicode.N, unicode.Pc):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	if b.Len() == 0 {
		return "section"
	}
	return b.String()
}

func (p *printer) heading(n *ast.Heading) {
	id := HeadingID(n)
	if n.Level == 1 && p.b.HideTitle && !p.titleHidden {
		p.titleHidden, p.titleID = true, id
		return
	}
	p.section = p.t.Text(n)
	tag := "h" + strconv.Itoa(n.Level)
	p.str("<", tag, ` id="`)
	p.escapeStr(id)
	p.str(`"`)
	p.step(n, id)
	p.str(">")
	p.inlines(n)
	p.str(`<a class="anchor" href="#`)
	p.escapeStr(id)
	p.str(`" aria-hidden="true" tabindex="-1"></a></`, tag, ">\n")
}
