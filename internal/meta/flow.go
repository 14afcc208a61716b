package meta

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"opsbook/internal/diag"
)

// escapes are the characters that may follow a backslash in double quotes.
const escapes = "0abt\tnvfre \"/\\N_LPxuU"

// quoted looks at quoted text that starts at a byte offset of line i and at what follows it. It returns the index of the line after it.
func (s *scanner) quoted(i, at int) int {
	line, end, ok := s.quote(i, at)
	if !ok {
		hint(s.add(broken, i, at, "a quote is opened here and never closed"), "close it at the end of the text, or leave both quotes out")
		s.lost = true
		return i + 1
	}
	return s.trailing(i, at, line, end, diag.T("quote"))
}

// quote returns where the quoted text that starts at a byte offset of line i ends: the offset after the closing quote.
func (s *scanner) quote(i, at int) (line, end int, ok bool) {
	q := s.lines[i][at]
	for line, end = i, at+1; line < len(s.lines) && s.goesOn(i, line); line, end = line+1, 0 {
		for text := s.lines[line]; end < len(text); end++ {
			switch {
			case q == '"' && text[end] == '\\':
				end++
				s.escape(line, end)
			case text[end] != q:
			case q == '\'' && end+1 < len(text) && text[end+1] == q:
				end++
			default:
				return line, end + 1, true
			}
		}
	}
	return i, at, false
}

// goesOn reports whether a quote or bracket opened on line i can reach into a line: not into one that starts a top-level key, since then
// it was not closed where it should have been, and not at all after one was found to be lost, so that the search stays linear.
func (s *scanner) goesOn(i, line int) bool {
	return line == i || !s.lost && !topKey.Match(s.lines[line])
}

// topKey is a line that starts a top-level key.
var topKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*:(?: |$)`)

// hexEscapes are the escapes that are followed by hexadecimal digits, and by how many.
var hexEscapes = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// escape looks at the character after a backslash.
func (s *scanner) escape(line, at int) {
	text := s.lines[line]
	if at >= len(text) {
		return
	}
	digits := hexEscapes[text[at]]
	good := strings.IndexByte(escapes, text[at]) >= 0 && at+digits < len(text)
	for i := at + 1; good && i <= at+digits; i++ {
		good = strings.IndexByte("0123456789abcdefABCDEF", text[i]) >= 0
	}
	if !good {
		_, n := utf8.DecodeRune(text[at:])
		hint(s.add(broken, line, at-1, "%q is no escape that YAML knows", string(text[at-1:at+n])), "use single quotes, in which a backslash is a backslash")
	}
}

// trailing looks at what follows a closed quote or bracket, which started at a byte offset of line i, and returns the index of the next
// line. Text after a quote that was closed on another line means that it was not closed on its own.
func (s *scanner) trailing(i, at, line, end int, what diag.Text) int {
	rest := s.lines[line][end:]
	n := leading(rest)
	switch {
	case n == len(rest), n > 0 && rest[n] == '#':
		return line + 1
	case line > i:
		hint(s.add(broken, i, at, "a %s is opened here and not closed on its line", what), "close it at the end of the text")
		return i + 1
	}
	hint(s.add(broken, line, end+n, "text follows the closing %s", what), "put the whole value in quotes")
	return line + 1
}

// flow looks at a list or map in brackets that starts at a byte offset of line i and at what follows it. It returns the index of the line
// after it.
func (s *scanner) flow(i, at int) int {
	var open []byte
	start := true // a token may start here
	for line, from := i, at; line < len(s.lines) && s.goesOn(i, line); line, from = line+1, 0 {
		for text := s.lines[line]; from < len(text); from++ {
			switch b := text[from]; {
			case b == ' ' || b == '\t':
				continue
			case b == '#' && (from == 0 || text[from-1] == ' ' || text[from-1] == '\t'):
				from = len(text)
				continue
			case (b == '"' || b == '\'') && start:
				l, end, ok := s.quote(line, from)
				if !ok {
					hint(s.add(broken, line, from, "a quote is opened here and never closed"), "close it at the end of the text, or leave both quotes out")
					s.lost = true
					return i + 1
				}
				line, text, from = l, s.lines[l], end-1
			case b == '*' || b == '&' || b == '!':
				if start {
					s.indicator(line, from)
				}
			case b == '[' || b == '{':
				if open = append(open, b); len(open)+len(s.levels) > MaxDepth {
					s.tooDeep(line, from)
					return i + 1
				}
			case b == ']' || b == '}':
				if open[len(open)-1] != b-2 { // [ and ], { and } are two apart
					hint(s.add(broken, line, from, "%q closes %q", string(b), string(open[len(open)-1])), "close brackets in the order in which they were opened")
				}
				if open = open[:len(open)-1]; len(open) == 0 {
					return s.trailing(i, at, line, from+1, diag.T("bracket"))
				}
			}
			start = strings.IndexByte("[{,:?", text[from]) >= 0
		}
	}
	hint(s.add(broken, i, at, "a bracket is opened here and never closed"), "close it, or put the text in quotes")
	s.lost = true
	return i + 1
}
