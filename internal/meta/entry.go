package meta

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"opsbook/internal/diag"
)

// entry looks at what starts at a byte offset of line i: a key with its value, or a value alone. dashed is the column of the dash before
// it, -1 without one. It returns the index of the line after it.
func (s *scanner) entry(i, col, dashed int) int {
	end := s.keyEnd(i, col, dashed >= 0)
	if end < 0 && dashed < 0 && (s.top() == col || len(s.levels) == 0) {
		end = s.mendKey(i, col)
	}
	if end < 0 {
		return s.alone(i, col, dashed)
	}
	s.open(i, col)
	if s.fatal {
		return i + 1
	}
	if col == 0 {
		s.starts = append(s.starts, i)
	}
	return s.value(i, end+1, col, true)
}

// keyEnd returns the offset of the colon that ends the key at col, or -1 when there is no key. A colon followed by a space that YAML
// does not know counts and is repaired; in a list item only after a plain name, since items are often prose.
func (s *scanner) keyEnd(i, col int, item bool) int {
	rest := s.lines[i][col:]
	if q := rest[0]; q == '"' || q == '\'' {
		n := closing(rest[1:], q)
		if n < 0 {
			return -1
		}
		after := n + 2 + leading(rest[n+2:])
		if after < len(rest) && rest[after] == ':' {
			return col + after
		}
		return -1
	}
	if rest[0] == '[' || rest[0] == '{' {
		return -1
	}
	pattern := foreignColon
	if item {
		pattern = foreignName
	}
	if m := pattern.FindIndex(rest); m != nil {
		if at := colon(rest); at < 0 || at > m[0] {
			end := bytes.IndexByte(rest, ':')
			s.foreignSpace(i, col+end+1, diag.T("after the colon"))
			return col + end
		}
	}
	if at := colon(rest); at >= 0 {
		return col + at
	}
	return -1
}

// foreignColon is a key whose colon is followed by a space that YAML does not know; foreignName one that is a plain name.
var (
	foreignColon = regexp.MustCompile(`^[^\s:#"'\[\]{}]+:[\x{00a0}\x{3000}]`)
	foreignName  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*:[\x{00a0}\x{3000}]`)
)

// colon returns the offset of the first colon that YAML reads as the end of a key, or -1. What follows ` #` is a comment.
func colon(text []byte) int {
	for at, b := range text {
		switch {
		case b == ':' && (at+1 == len(text) || text[at+1] == ' ' || text[at+1] == '\t'):
			return at
		case b == '#' && at > 0 && (text[at-1] == ' ' || text[at-1] == '\t'):
			return -1
		}
	}
	return -1
}

// closing returns the offset of the quote that closes text on its line, or -1.
func closing(text []byte, quote byte) int {
	for at := 0; at < len(text); at++ {
		switch {
		case quote == '"' && text[at] == '\\':
			at++
		case text[at] != quote:
		case quote == '\'' && at+1 < len(text) && text[at+1] == quote:
			at++
		default:
			return at
		}
	}
	return -1
}

// fullColon is a key whose colon is the full-width one; tightColon one whose colon has no space after it.
var (
	fullColon  = regexp.MustCompile(`^[^\s：:#"'\[\]{},|>]+[ \x{3000}]*：`)
	tightColon = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*:[^\s/:]`)
)

// mendKey handles a line that stands where a key must be and has no colon: it reports what is wrong, repairs what has one meaning, and
// returns the offset of the colon, or -1.
func (s *scanner) mendKey(i, col int) int {
	rest := s.lines[i][col:]
	if m := fullColon.FindIndex(rest); m != nil {
		at := col + m[1] - len("：")
		key := strings.TrimSpace(string(rest[:m[1]-len("：")]))
		hint(s.add(sure, i, at, "the key %q ends in a full-width colon (：)", key), "write an ordinary colon and a space: `%s: `", key)
		s.repair(i, at, len("："), ":")
		if !s.foreignSpace(i, at+1, diag.T("after the colon")) && at+1 < len(s.lines[i]) && s.lines[i][at+1] != ' ' {
			s.insert(i, at+1)
		}
		return at
	}
	if m := tightColon.FindIndex(rest); m != nil {
		at := col + bytes.IndexByte(rest, ':')
		hint(s.add(sure, i, at+1, "the colon after %q needs a space", string(rest[:at-col])), "write `%s: `", string(rest[:at-col]))
		s.insert(i, at+1)
		return at
	}
	return -1
}

// alone looks at a value without a key: a list item, or text where a key must be.
func (s *scanner) alone(i, col, dashed int) int {
	if dashed >= 0 {
		if m := fullColon.FindIndex(s.lines[i][col:]); m != nil {
			hint(s.add(maybe, i, col+m[1]-len("："), "the text before the full-width colon (：) is not read as a key"), "write an ordinary colon and a space")
		}
		return s.value(i, col, dashed, false)
	}
	if len(s.levels) > 0 && s.top() == col {
		hint(s.add(broken, i, col, "the line is neither a key nor a value: it has no colon"), "write `key: value`, or indent it by two spaces to continue the text above")
		if col == 0 {
			s.starts = append(s.starts, i) // so that it spoils no other key
		}
	}
	return s.value(i, col, s.top(), false)
}

// value looks at the value that starts at or after a byte offset of line i. parent is the column of its key or dash. It returns the
// index of the line after the value.
func (s *scanner) value(i, at, parent int, keyed bool) int {
	at += leading(s.lines[i][at:])
	rest := s.lines[i][at:]
	s.plain, s.child, s.parent = false, false, parent
	if len(rest) == 0 || rest[0] == '#' {
		s.child = true
		return i + 1
	}
	switch rest[0] {
	case '|', '>':
		if blockHeader.Match(rest) {
			return s.blockScalar(i+1, parent)
		}
		hint(s.add(broken, i, at, "text cannot start with %q in YAML", string(rest[:1])), "put the text in quotes")
	case '"', '\'':
		return s.quoted(i, at)
	case '[', '{':
		return s.flow(i, at)
	case '*', '&', '!':
		s.indicator(i, at)
	case '@', '`', '%', ']', '}', ',':
		hint(s.add(broken, i, at, "text cannot start with %q in YAML", string(rest[:1])), "put the text in quotes")
	case '-':
		if keyed && isDash(rest) {
			hint(s.add(broken, i, at, "a list cannot start on the line of its key"), "start it on the next line, indented by two spaces")
		}
	}
	if end := colon(rest); end >= 0 && keyed {
		hint(s.add(broken, i, at+end, "the value contains a colon and a space, which YAML reads as another key"), "put the value in quotes")
	}
	s.plain = true
	return i + 1
}

// indicator handles the characters that make YAML read text as something else.
func (s *scanner) indicator(i, at int) {
	rest := s.lines[i][at:]
	r, _ := utf8.DecodeRune(rest)
	what := map[rune]diag.Text{'*': diag.T("an alias"), '&': diag.T("an anchor"), '!': diag.T("a tag")}[r]
	hint(s.add(sure, i, at, "%q starts %s in YAML, which is not read here", string(r), what), "put text that starts with it in quotes; write values out where they are needed")
}

// blockScalar returns the index of the first line that is no longer part of the block scalar that starts at line i.
func (s *scanner) blockScalar(i, parent int) int {
	for ; i < len(s.lines); i++ {
		line := s.lines[i]
		indent := len(line) - len(bytes.TrimLeft(line, " "))
		if len(bytes.TrimSpace(line)) == 0 {
			if indent <= parent {
				s.lines[i] = nil // a line of full-width spaces would end the text
			}
			continue
		}
		if indent > parent {
			continue
		}
		if line[indent] != '\t' {
			break
		}
		hint(s.add(sure, i, indent, "the line is indented with a tab, which YAML does not allow"), "use two spaces for each level")
		s.repair(i, indent, 1, " ")
	}
	return i
}
