package fix

import (
	"bytes"
	"unicode/utf8"
)

// text is a file as it is on disk, with the place of every line: diagnostics count lines and code points of a text without byte order mark
// and with line feeds only.
type text struct {
	raw   []byte
	lines []span
}

// span is the bytes of a line, without its end.
type span struct{ from, to int }

func newText(raw []byte) *text {
	t := &text{raw: raw}
	at := 0
	if bytes.HasPrefix(raw, []byte("\ufeff")) {
		at = len("\ufeff")
	}
	from := at
	for ; at < len(raw); at++ {
		switch {
		case raw[at] == '\r' && at+1 < len(raw) && raw[at+1] == '\n':
			t.lines = append(t.lines, span{from, at})
			at++
			from = at + 1
		case raw[at] == '\n' || raw[at] == '\r':
			t.lines = append(t.lines, span{from, at})
			from = at + 1
		}
	}
	t.lines = append(t.lines, span{from, len(raw)})
	return t
}

// line is a line by its 1-based number, without its end; the empty one where there is none.
func (t *text) line(n int) (int, string) {
	if n < 1 || n > len(t.lines) {
		return 0, ""
	}
	l := t.lines[n-1]
	return l.from, string(t.raw[l.from:l.to])
}

// at is the byte offset of a line and a column, and what follows it on its line.
func (t *text) at(line, col int) (int, string) {
	from, s := t.line(line)
	for range col - 1 {
		_, n := utf8.DecodeRuneInString(s)
		from, s = from+n, s[n:]
	}
	return from, s
}

// next is where the line after a line begins, or the end.
func (t *text) next(line int) int {
	if line < len(t.lines) {
		return t.lines[line].from
	}
	return len(t.raw)
}

// end is how the file ends its lines.
func (t *text) end() string {
	if len(t.lines) < 2 {
		return "\n"
	}
	return string(t.raw[t.lines[0].to:t.lines[1].from])
}
