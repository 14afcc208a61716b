package markdown

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// CodeInfo is what the line that opens a fence says: ```bash title="x" {2,4-6}.
type CodeInfo struct {
	Lang  string
	Title string
	Attrs []Attr  // every key=value pair and bare word in order, the title included
	Lines []Range // lines to point out
}

// Range is a run of lines, 1-based, both ends included.
type Range struct{ From, To int }

// Attr is one key=value pair. At is the offset of its key.
type Attr struct {
	Key, Value string
	At         int
}

// Attr returns the value of a key, "" without it.
func (c CodeInfo) Attr(key string) string {
	for _, a := range c.Attrs {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// Info reads the info string of a fence; an indented code block has none.
func (t *Tree) Info(n ast.Node) CodeInfo {
	fence, ok := n.(*ast.FencedCodeBlock)
	if !ok || fence.Info == nil {
		return CodeInfo{}
	}
	seg := fence.Info.Segment
	return readInfo(seg.Value(t.Source), seg.Start)
}

func readInfo(info []byte, at int) CodeInfo {
	var c CodeInfo
	end := bytes.IndexAny(info, " \t{")
	if end < 0 {
		end = len(info)
	}
	c.Lang = unescape(info[:end])
	for i := end; i < len(info); {
		if strings.IndexByte(" \t{}", info[i]) >= 0 {
			if ranges, n := readRanges(info[i:]); n > 0 {
				c.Lines = append(c.Lines, ranges...)
				i += n
			} else {
				i++
			}
			continue
		}
		start := i
		for i < len(info) && strings.IndexByte(" \t{}=", info[i]) < 0 {
			i++
		}
		a := Attr{Key: string(info[start:i]), At: at + start}
		if i < len(info) && info[i] == '=' {
			var n int
			a.Value, n = readValue(info[i+1:])
			i += 1 + n
		}
		c.add(a)
	}
	return c
}

func (c *CodeInfo) add(a Attr) {
	switch a.Key {
	case "title", "file", "filename":
		if c.Title == "" {
			c.Title = a.Value
		}
	case "hl_lines":
		c.Lines = append(c.Lines, parseRanges(a.Value)...)
	case "", ",":
		return
	}
	c.Attrs = append(c.Attrs, a)
}

// readValue reads a bare, quoted or bracketed value and returns how many bytes it took.
func readValue(s []byte) (string, int) {
	if len(s) > 0 && (s[0] == '"' || s[0] == '\'' || s[0] == '[') {
		closing := s[0]
		if closing == '[' {
			closing = ']'
		}
		if end := bytes.IndexByte(s[1:], closing); end >= 0 {
			return unescape(s[1 : 1+end]), end + 2
		}
	}
	end := bytes.IndexAny(s, " \t},")
	if end < 0 {
		end = len(s)
	}
	return unescape(s[:end]), end
}

// readRanges reads `{2,4-6}` and returns how many bytes it took; 0 when it is something else.
func readRanges(s []byte) ([]Range, int) {
	if s[0] != '{' {
		return nil, 0
	}
	end := bytes.IndexByte(s, '}')
	if end < 0 || len(bytes.Trim(s[1:end], "0123456789,- ")) != 0 {
		return nil, 0
	}
	return parseRanges(string(s[1:end])), end + 1
}

// parseRanges reads `2 4-6`, `2,4-6` and `2,"4-6"`. What is no range is left out.
func parseRanges(s string) []Range {
	var all []Range
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(` ,"'`, r) }) {
		from, to, isRange := strings.Cut(f, "-")
		if !isRange {
			to = from
		}
		a, errA := strconv.Atoi(from)
		b, errB := strconv.Atoi(to)
		if errA == nil && errB == nil && 0 < a && a <= b {
			all = append(all, Range{a, b})
		}
	}
	return all
}

// CodeText returns the text of a code block, with the offset of its first line (of the block when it is empty).
func (t *Tree) CodeText(n ast.Node) (string, int) {
	lines := n.Lines()
	if lines.Len() == 0 {
		return "", n.Pos()
	}
	var b strings.Builder
	for i := range lines.Len() {
		seg := lines.At(i)
		b.Write(seg.Value(t.Source))
	}
	return b.String(), lines.At(0).Start
}

func (p *printer) code(n ast.Node) {
	info := p.t.Info(n)
	code, at := p.t.CodeText(n)
	class, caption := "code", info.Title
	switch info.Lang {
	case "mermaid":
		if p.diagram(info, code) {
			return
		}
	case "message":
		class = "message"
		if caption == "" {
			caption = info.Attr("audience")
		}
	}
	p.str(`<figure class="`, class, `"`)
	p.attr("data-lang", info.Lang)
	if slices.Contains(p.b.Destroys, p.b.BodyAt+at) {
		p.str(` data-destructive="true"`)
	}
	if class == "message" {
		p.attr("data-audience", info.Attr("audience"))
		p.attr("data-approved-by", info.Attr("approved_by"))
	}
	p.str(">")
	p.caption(caption)
	p.str(`<pre tabindex="0"><code translate="no">`)
	var runs []byte
	if class == "code" {
		runs = p.b.Code.runs(info.Lang, code)
	}
	p.codeText(code, runs, info.Lines)
	p.str("</code></pre></figure>\n")
}

func (p *printer) attr(name, value string) {
	if value != "" {
		p.str(" ", name, `="`)
		p.escapeStr(value)
		p.str(`"`)
	}
}

func (p *printer) codeSpan(n ast.Node) {
	var code []byte
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			code = append(code, bytes.ReplaceAll(t.Segment.Value(p.t.Source), []byte{'\n'}, []byte{' '})...)
		}
	}
	p.str(`<code translate="no">`)
	p.codeText(string(code), nil, nil)
	p.str("</code>")
	if len(code) > 0 {
		p.last = rune(code[len(code)-1])
	}
}

// codeText prints code: in runs of one class each, the lines pointed out wrapped, and slots wrapped in their turn without a class, so that
// they stay whole wherever the highlighter would have cut them.
func (p *printer) codeText(code string, runs []byte, lines []Range) {
	var run runReader
	run.start(runs, len(code))
	slots := p.slots.find(code)
	line, marked := 1, false
	for at := 0; at < len(code); {
		end := len(code)
		if lines != nil {
			if at == 0 || code[at-1] == '\n' {
				if marked {
					p.str("</span>")
				}
				if marked = contains(lines, line); marked {
					p.str(`<span class="hl">`)
				}
			}
			if i := strings.IndexByte(code[at:], '\n'); i >= 0 {
				end = at + i + 1
			}
		}
		if len(slots) > 0 && slots[0].at == at {
			p.str(`<span class="slot" data-param="`)
			p.escapeStr(slots[0].name)
			p.str(`">`)
			p.escapeStr(code[at:slots[0].end])
			p.str("</span>")
			at, slots = slots[0].end, slots[1:]
			continue
		}
		if len(slots) > 0 {
			end = min(end, slots[0].at)
		}
		class, stop := run.at(at)
		end = min(end, stop)
		if class == "" {
			p.escapeStr(code[at:end])
		} else {
			p.str(`<span class="`, class, `">`)
			p.escapeStr(code[at:end])
			p.str("</span>")
		}
		if code[end-1] == '\n' {
			line++
		}
		at = end
	}
	if marked {
		p.str("</span>")
	}
}

func contains(lines []Range, n int) bool {
	for _, r := range lines {
		if r.From <= n && n <= r.To {
			return true
		}
	}
	return false
}
