package markdown

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// tableTransformer turns the lines of a paragraph that are a GFM table into one. Rows are filled up to the width of the header, so cells are
// counted before they are made: a few kilobytes could ask for millions.
type tableTransformer struct{}

// Transform implements parser.ParagraphTransformer.
func (tableTransformer) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, source := p.Lines(), reader.Source()
	for i := 1; i < lines.Len(); i++ {
		rule := lines.At(i)
		align := delimiterRow(rule.Value(source))
		if align == nil {
			continue
		}
		header := splitRow(trimmed(lines.At(i-1), source), source)
		if len(header) != len(align) {
			return
		}
		s := stateOf(pc)
		s.cells += len(align) * (lines.Len() - i)
		if s.cells > maxCells || s.overCells(lines, i-1, source) {
			s.reportLimit(p.Pos(), "has too much in its table (20,000 cells at most in a file)")
			makePlain(p)
			return
		}
		s.buildTable(p, i, align, header, source)
		return
	}
}

// overCells reports whether a row is more than one paragraph may be. Cells are read on their own, so a row stands for its cells.
func (s *state) overCells(lines *text.Segments, from int, source []byte) bool {
	for i := from; i < lines.Len(); i++ {
		var c tally
		line := lines.At(i)
		c.add(source[line.Start:line.Stop])
		if s.over(c) != "" {
			return true
		}
	}
	return false
}

func (s *state) buildTable(p *ast.Paragraph, rule int, align []east.Alignment, header []text.Segment, source []byte) {
	lines := p.Lines()
	table := east.NewTable()
	table.Alignments = align
	table.SetPos(lines.At(rule - 1).Start)
	table.SetBlankPreviousLines(p.HasBlankPreviousLines() || rule > 1)
	table.AppendChild(table, east.NewTableHeader(s.buildRow(lines.At(rule-1), align, header, source)))
	for i := rule + 1; i < lines.Len(); i++ {
		cells := splitRow(trimmed(lines.At(i), source), source)
		table.AppendChild(table, s.buildRow(lines.At(i), align, cells, source))
	}
	p.Parent().InsertAfter(p.Parent(), p, table)
	if rule == 1 {
		p.Parent().RemoveChild(p.Parent(), p)
		return
	}
	lines.SetSliced(0, rule-1)
	last := lines.At(rule - 2)
	lines.Set(rule-2, last.TrimRightSpace(source))
}

func (s *state) buildRow(line text.Segment, align []east.Alignment, cells []text.Segment, source []byte) *east.TableRow {
	row := east.NewTableRow(align)
	start := trimmed(line, source)
	row.SetPos(start.Start)
	for i, a := range align {
		cell := east.NewTableCell()
		cell.Alignment = a
		cell.SetPos(start.Stop)
		if i < len(cells) {
			cell.SetPos(cells[i].Start)
			cell.Lines().Append(cells[i])
			if v := source[cells[i].Start:cells[i].Stop]; bytes.Contains(v, []byte(`\|`)) && bytes.IndexByte(v, '`') >= 0 {
				if s.pipes == nil {
					s.pipes = map[ast.Node]struct{}{}
				}
				s.pipes[cell] = struct{}{}
			}
		}
		row.AppendChild(row, cell)
	}
	return row
}

// trimmed returns the segment without the spaces around its text.
func trimmed(seg text.Segment, source []byte) text.Segment {
	seg = seg.TrimLeftSpace(source)
	return seg.TrimRightSpace(source)
}

// splitRow returns the text of each cell of a row.
func splitRow(row text.Segment, source []byte) []text.Segment {
	start, stop := row.Start, row.Stop
	if start < stop && source[start] == '|' {
		start++
	}
	var cells []text.Segment
	for i := start; i < stop; i++ {
		switch source[i] {
		case '\\':
			if i+1 < stop && source[i+1] == '|' {
				i++
			}
		case '|':
			cells = append(cells, trimmed(text.NewSegment(start, i), source))
			start = i + 1
		}
	}
	if start < stop {
		cells = append(cells, trimmed(text.NewSegment(start, stop), source))
	}
	return cells
}

// delimiterRow reads the row below a header; nil when the line is none.
func delimiterRow(line []byte) []east.Alignment {
	if w, _ := util.IndentWidth(line, 0); w > 3 {
		return nil
	}
	line = bytes.TrimSpace(line)
	if len(line) == 0 || len(bytes.Trim(line, "-|: \t")) != 0 || bytes.IndexByte(line, '-') < 0 || !bytes.ContainsAny(line, "|:") {
		return nil
	}
	line = bytes.TrimPrefix(line, []byte("|"))
	line = bytes.TrimSuffix(line, []byte("|"))
	var align []east.Alignment
	for col := range bytes.SplitSeq(line, []byte("|")) {
		col = bytes.TrimSpace(col)
		marks := bytes.TrimSuffix(bytes.TrimPrefix(col, []byte(":")), []byte(":"))
		if len(marks) == 0 || len(bytes.Trim(marks, "-")) != 0 {
			return nil
		}
		left, right := col[0] == ':', col[len(col)-1] == ':'
		switch {
		case left && right:
			align = append(align, east.AlignCenter)
		case left:
			align = append(align, east.AlignLeft)
		case right:
			align = append(align, east.AlignRight)
		default:
			align = append(align, east.AlignNone)
		}
	}
	return align
}

// splitPipes takes the backslash out of `\|` in code in tables: there it does not belong to the code but to the table.
func (s *state) splitPipes() {
	for cell := range s.pipes {
		_ = ast.Walk(cell, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			code, ok := n.(*ast.CodeSpan)
			if !ok || !entering {
				return ast.WalkContinue, nil
			}
			for c := code.FirstChild(); c != nil; c = c.NextSibling() {
				t, ok := c.(*ast.Text)
				if !ok {
					continue
				}
				if i := bytes.Index(t.Segment.Value(s.tree.Source), []byte(`\|`)); i >= 0 {
					rest := ast.NewRawTextSegment(t.Segment.WithStart(t.Segment.Start + i + 1))
					t.Segment = t.Segment.WithStop(t.Segment.Start + i)
					code.InsertAfter(code, t, rest)
				}
			}
			return ast.WalkSkipChildren, nil
		})
	}
}

func (p *printer) table(n *east.Table) {
	if slices.Contains(p.b.Hidden, p.b.BodyAt+At(n)) {
		return
	}
	p.str(`<div class="table" role="region" tabindex="0"`)
	p.attr("aria-label", p.label(p.words.Table))
	p.str("><table>\n")
	body := false
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		if _, head := row.(*east.TableHeader); head {
			p.str("<thead>\n")
			p.row(row, "th")
			p.str("</thead>\n")
			continue
		}
		if !body {
			p.str("<tbody>\n")
			body = true
		}
		p.row(row, "td")
	}
	if body {
		p.str("</tbody>\n")
	}
	p.str("</table></div>\n")
}

func (p *printer) row(row ast.Node, tag string) {
	p.str("<tr")
	p.step(row, "")
	p.str(">\n")
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		p.str("<", tag)
		if tag == "th" {
			p.str(` scope="col"`)
		}
		if cell, ok := c.(*east.TableCell); ok && cell.Alignment != east.AlignNone && cell.Alignment != 0 {
			p.str(` class="`, strings.ToLower(cell.Alignment.String()), `"`)
		}
		p.str(">")
		p.inlines(c)
		p.str("</", tag, ">\n")
	}
	p.str("</tr>\n")
}
