package meta

import (
	"bytes"
	"regexp"
	"unicode/utf8"

	"opsbook/internal/charset"
	"opsbook/internal/diag"
)

// grade says when a finding of the scanner is reported.
type grade uint8

const (
	sure   grade = iota // always: YAML would accept it, or refuse it without saying what it is
	broken              // when YAML refuses the lines around it
	maybe               // when YAML refuses the lines around it and nothing else explains that
)

// finding is something the scanner saw.
type finding struct {
	grade grade
	line  int // index into scanner.lines
	diag  diag.Diagnostic
}

// scanner walks YAML line by line before yaml.v3 does, to say what yaml.v3 cannot: the column, the character and the fix. It knows
// enough of YAML to leave block scalars, quoted text and comments alone, and it repairs what has one meaning (a full-width space where a
// space belongs), so that a page keeps its title.
type scanner struct {
	file   string
	first  int // number of lines[0]
	lines  [][]byte
	widen  map[int]int // line index -> column (code points) before which one space was put in
	found  []finding
	fatal  bool  // must not be given to yaml.v3
	levels []int // columns of the open blocks, outermost first
	starts []int // indexes of lines that start a top-level key

	parent int  // the column that a continuation of the last value must exceed
	plain  bool // the last value is unquoted text, which may go on in the next line
	child  bool // the last key or dash had no value yet, so a deeper block may follow
	body   bool // something other than comments was seen
	lost   bool // a quote or bracket was never closed: later ones are only looked for on their own line
}

// scan looks through src, whose first line has the number first.
func scan(file string, src []byte, first int) *scanner {
	s := &scanner{file: file, first: first, lines: bytes.Split(src, []byte{'\n'}), parent: -1, child: true}
	for i := 0; i < len(s.lines) && !s.fatal; {
		i = s.line(i)
	}
	return s
}

// add records a finding at a byte offset of a line.
func (s *scanner) add(g grade, line, at int, format string, args ...any) *diag.Diagnostic {
	col := utf8.RuneCount(s.lines[line][:at]) + 1
	pos := diag.Pos{File: s.file, Line: s.first + line, Col: s.narrow(line, col)}
	s.found = append(s.found, finding{g, line, diag.At(pos, RuleSyntax, format, args...)})
	return &s.found[len(s.found)-1].diag
}

// hint sets the hint of the finding just recorded.
func hint(d *diag.Diagnostic, format string, args ...any) { d.Hint = diag.T(format, args...) }

// narrow maps a column of a repaired line to the column in the file.
func (s *scanner) narrow(line, col int) int {
	if at, ok := s.widen[line]; ok && col > at {
		return col - 1
	}
	return col
}

// repair puts text in place of n bytes of a line.
func (s *scanner) repair(line, at, n int, text string) {
	old := s.lines[line]
	s.lines[line] = append(append(bytes.Clone(old[:at]), text...), old[at+n:]...)
}

// insert puts one space into a line.
func (s *scanner) insert(line, at int) {
	if s.widen == nil {
		s.widen = map[int]int{}
	}
	s.widen[line] = utf8.RuneCount(s.lines[line][:at]) + 1
	s.repair(line, at, 0, " ")
}

// line looks at the line i and at what belongs to it, and returns the index of the line after that.
func (s *scanner) line(i int) int {
	s.separators(i)
	indent := s.indentation(i)
	rest := s.lines[i][indent:]
	if len(rest) == 0 || rest[0] == '#' {
		return i + 1
	}
	if indent == 0 && s.marker(i) {
		return i + 1
	}
	s.body = true
	if s.plain && indent > s.parent {
		s.continued(i, indent)
		return i + 1
	}
	s.align(i, indent)
	col, dashed := indent, -1
	for isDash(s.lines[i][col:]) {
		if s.open(i, col); s.fatal {
			return i + 1
		}
		dashed = col
		col++
		s.foreignSpace(i, col, diag.T("after the dash"))
		col += leading(s.lines[i][col:])
		if rest := s.lines[i][col:]; len(rest) == 0 || rest[0] == '#' {
			s.plain, s.child, s.parent = false, true, dashed
			return i + 1
		}
		s.child = true
	}
	return s.entry(i, col, dashed)
}

// separators replaces the line ends that only YAML sees as such.
func (s *scanner) separators(i int) {
	for _, sep := range []rune{'\u2028', '\u2029'} {
		for {
			at := bytes.IndexRune(s.lines[i], sep)
			if at < 0 {
				break
			}
			hint(s.add(sure, i, at, "%s ends a line for YAML and for nobody else", charset.Name(sep)), "replace it with a space")
			s.repair(i, at, utf8.RuneLen(sep), " ")
		}
	}
}

// indentation reports and repairs everything but spaces at the start of a line and returns the width of the indentation.
func (s *scanner) indentation(i int) int {
	if len(bytes.TrimSpace(s.lines[i])) == 0 {
		s.lines[i] = nil
		return 0
	}
	continues := s.plain
	for at := 0; ; at++ {
		r, n := utf8.DecodeRune(s.lines[i][at:])
		switch {
		case r == ' ':
			continue
		case r == '\t' && !(continues && at > s.parent):
			hint(s.add(sure, i, at, "the line is indented with a tab, which YAML does not allow"), "use two spaces for each level")
		case r == '\t':
		case (r == '\u00a0' || r == '\u3000') && !(continues && at > s.parent):
			hint(s.add(sure, i, at, "the line is indented with %s", charset.Name(r)), "use ordinary spaces")
		default:
			return at
		}
		s.repair(i, at, n, " ")
	}
}

// marker handles the lines that start or end a document, and directives. It reports whether the line was one.
func (s *scanner) marker(i int) bool {
	line := s.lines[i]
	switch {
	case isMarker(line, "---") && s.body:
		hint(s.add(sure, i, 0, "a second YAML document starts here; only the first is read"), "delete the line, or put what follows in a file of its own")
		s.lines = s.lines[:i]
	case isMarker(line, "..."):
		for j := i + 1; j < len(s.lines); j++ {
			if rest := bytes.TrimSpace(s.lines[j]); len(rest) > 0 && rest[0] != '#' {
				hint(s.add(sure, i, 0, "the YAML document ends here, and what follows is not read"), "delete the line")
				break
			}
		}
		s.lines = s.lines[:i]
	case isMarker(line, "---"):
		s.body = true
		s.lines[i] = nil
	case line[0] == '%' && !s.body:
		s.lines[i] = nil
	default:
		return false
	}
	return true
}

// isMarker reports whether a line starts or ends a document.
func isMarker(line []byte, mark string) bool {
	rest, ok := bytes.CutPrefix(line, []byte(mark))
	return ok && (len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t')
}

// continued looks at a line that YAML adds to the text above it.
func (s *scanner) continued(i, indent int) {
	if colon(s.lines[i][indent:]) >= 0 {
		hint(s.add(broken, i, indent, "the line is indented deeper than the key above it, which has a value already"),
			"indent it like the key above, or put the value above in quotes")
	}
}

// align closes the blocks that a line with this indentation ends, and says when it stands between two of them.
func (s *scanner) align(i, indent int) {
	popped := false
	for len(s.levels) > 0 && s.levels[len(s.levels)-1] > indent {
		s.levels = s.levels[:len(s.levels)-1]
		popped = true
	}
	switch top := s.top(); {
	case top == indent, !popped && s.child:
	case popped && top >= 0:
		hint(s.add(broken, i, indent, "the line is indented by %s spaces, which matches no line above it", indent), "indent it by %s spaces", top)
	case !popped && top >= 0:
		hint(s.add(broken, i, indent, "the line is indented deeper than the line it belongs with"), "indent it by %s spaces", top)
	}
}

// top returns the column of the innermost open block, -1 without one.
func (s *scanner) top() int {
	if len(s.levels) == 0 {
		return -1
	}
	return s.levels[len(s.levels)-1]
}

// open opens a block at a column, unless it is open.
func (s *scanner) open(i, col int) {
	if s.top() == col {
		return
	}
	s.levels = append(s.levels, col)
	if len(s.levels) > MaxDepth {
		s.tooDeep(i, col)
	}
}

// tooDeep refuses text whose nesting would cost more than any page is worth.
func (s *scanner) tooDeep(i, col int) {
	d := s.add(sure, i, col, "the values are nested more than %s deep", MaxDepth)
	d.Rule = RuleLimit
	hint(d, "take levels out: no key of a page has more than a few")
	s.fatal = true
}

// isDash reports whether a line goes on with a list item, or with YAML's question mark for long keys. Spaces that only look like one
// count, since nothing else is meant by them.
func isDash(rest []byte) bool {
	if len(rest) == 0 || rest[0] != '-' && rest[0] != '?' {
		return false
	}
	if len(rest) == 1 || rest[1] == ' ' || rest[1] == '\t' {
		return true
	}
	r, _ := utf8.DecodeRune(rest[1:])
	return r == '\u00a0' || r == '\u3000'
}

// foreignSpace reports and repairs a space that YAML does not know at a place where it needs one.
func (s *scanner) foreignSpace(i, at int, where diag.Text) bool {
	r, n := utf8.DecodeRune(s.lines[i][at:])
	if r != '\u00a0' && r != '\u3000' {
		return false
	}
	hint(s.add(sure, i, at, "%s %s is not a space for YAML", charset.Name(r), where), "replace it with an ordinary space")
	s.repair(i, at, n, " ")
	return true
}

// leading returns the number of spaces and tabs that text starts with.
func leading(text []byte) int { return len(text) - len(bytes.TrimLeft(text, " \t")) }

// blockHeader is what starts a block scalar.
var blockHeader = regexp.MustCompile(`^[|>](?:[+-]?[1-9]?|[1-9][+-])[ \t]*(?:#.*)?$`)
