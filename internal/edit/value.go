package edit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

var errByHand = errors.New("the key is written in a way that cannot be changed safely; change it by hand")

// replace changes the value of the key at an index of the mapping's content. A value of several lines makes room for the one line of
// the new one; comments beside and below it stay.
func (t *text) replace(root *yaml.Node, at int, value string) error {
	key, old := root.Content[at], root.Content[at+1]
	first, next := key.Line-1, len(t.lines)
	if at+2 < len(root.Content) {
		next = root.Content[at+2].Line - 1
	}
	colon := colonAfterKey(t.lines[first].text)
	if colon < 0 || next <= first || old.Anchor != "" || old.Style&yaml.TaggedStyle != 0 {
		return errByHand
	}
	head, rest := t.lines[first].text[:colon+1], t.lines[first].text[colon+1:]
	shown := strings.TrimLeft(rest, " \t")
	blank := rest[:len(rest)-len(shown)]
	last := first
	switch {
	case shown == "" || shown[0] == '#':
		last = t.lastLine(first, next, old)
		blank, rest = " ", strings.TrimRight(rest, " \t")
	case strings.IndexByte(`"'[{`, shown[0]) >= 0:
		last, rest = t.closed(first, next, colon+1+len(blank))
	default:
		last, rest = t.lastLine(first, next, old), shown[plainEnd(shown):]
	}
	if last < 0 {
		return errByHand
	}
	t.lines[first].text = head + blank + scalar(value, old.Style) + rest
	t.lines = append(t.lines[:first+1:first+1], t.lines[last+1:]...)
	return nil
}

// colonAfterKey returns the offset of the colon that ends the key at the start of a line, or -1.
func colonAfterKey(s string) int {
	start := len(s) - len(strings.TrimLeft(s, " "))
	from := start
	if start < len(s) && (s[start] == '"' || s[start] == '\'') {
		n := quoteEnd(s[start:])
		if n < 0 {
			return -1
		}
		from = start + n
	}
	for i := from; i < len(s); i++ {
		if s[i] == ':' && (i+1 == len(s) || s[i+1] == ' ' || s[i+1] == '\t') {
			return i
		}
	}
	return -1
}

// lastLine returns the last line of a value that begins in line first, or below it, and ends before line next. Empty lines and comments
// at its end are not part of it, except what is indented in a block of text.
func (t *text) lastLine(first, next int, old *yaml.Node) int {
	block := old.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
	last := next - 1
	for ; last > first; last-- {
		s := t.lines[last].text
		shown := strings.TrimLeft(s, " \t")
		comment := strings.HasPrefix(shown, "#") && !(block && len(shown) < len(s))
		if shown != "" && !comment {
			break
		}
	}
	return last
}

// closed returns the line in which the quotes or brackets close that open at an offset of line first, and what follows them there. The
// line is -1 if they do not.
func (t *text) closed(first, next, at int) (last int, rest string) {
	var b strings.Builder
	for i := first; i < next; i++ {
		b.WriteString(t.lines[i].text)
		b.WriteByte('\n')
	}
	s := b.String()[at:]
	end := flowEnd(s)
	if end < 0 {
		return -1, ""
	}
	rest, _, _ = strings.Cut(s[end:], "\n")
	return first + strings.Count(s[:end], "\n"), rest
}

// quoteEnd returns the offset after the quotes that open a text, or -1.
func quoteEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[0] == '"' && s[i] == '\\':
			i++
		case s[i] != s[0]:
		case s[0] == '\'' && i+1 < len(s) && s[i+1] == '\'':
			i++
		default:
			return i + 1
		}
	}
	return -1
}

// flowEnd returns the offset after the quotes or brackets that open a text, or -1.
func flowEnd(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\'' && (i == 0 || strings.IndexByte(" [{,:\n", s[i-1]) >= 0):
			n := quoteEnd(s[i:])
			if n < 0 {
				return -1
			}
			i += n - 1
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case c == '#' && i > 0 && (s[i-1] == ' ' || s[i-1] == '\n'):
			i += max(0, strings.IndexByte(s[i:], '\n'))
		}
		if depth == 0 {
			return i + 1
		}
	}
	return -1
}

// plainEnd returns the offset after a text without quotes: before the blanks at the end of the line, or before a comment.
func plainEnd(s string) int {
	for i := 1; i < len(s); i++ {
		if s[i] == '#' && (s[i-1] == ' ' || s[i-1] == '\t') {
			s = s[:i]
			break
		}
	}
	return len(strings.TrimRight(s, " \t"))
}

// scalar writes a value in one line of YAML: in the quotes that were there, else without any if YAML then reads the same.
func scalar(value string, was yaml.Style) string {
	needsEscape := strings.ContainsFunc(value, func(r rune) bool { return !strconv.IsPrint(r) })
	switch {
	case was&yaml.DoubleQuotedStyle != 0 || needsEscape:
		return doubleQuoted(value)
	case was&yaml.SingleQuotedStyle != 0:
		return "'" + strings.ReplaceAll(value, "'", "''") + "'"
	case isPlain(value):
		return value
	default:
		return doubleQuoted(value)
	}
}

// isPlain reports whether YAML reads a value without quotes as the very same text. Words such as null, which mean nothing at all, are not
// plain; words such as yes and 1.10 are, since the schema says what type a value has.
func isPlain(value string) bool {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte("k: "+value+" # c\n"), &document); err != nil || len(document.Content) != 1 {
		return false
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode || len(root.Content) != 2 {
		return false
	}
	v := root.Content[1]
	return v.Kind == yaml.ScalarNode && v.Style == 0 && v.Value == value && v.Tag != "!!null" && v.Anchor == "" && v.LineComment == "# c" &&
		!strings.ContainsAny(value, "：")
}

// doubleQuoted writes a value in double quotes, with what cannot be printed as escapes that YAML knows.
func doubleQuoted(value string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range value {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(escape(r))
		}
	}
	b.WriteByte('"')
	return b.String()
}

// escape writes one code point as YAML 1.2 does in double quotes.
func escape(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	if r > 0xffff {
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// Scalar writes a value in one line of YAML that may stand in a list in brackets: without quotes if YAML then reads the same.
func Scalar(value string) string {
	if strings.ContainsAny(value, ",[]{}") {
		return doubleQuoted(value)
	}
	return scalar(value, 0)
}

// SetList is Set of a list, which is written in brackets.
func SetList(src []byte, key string, values []string) ([]byte, error) {
	const place = "opsbook-writes-a-list-here"
	out, err := Set(src, key, place)
	if err != nil {
		return nil, err
	}
	items := make([]string, len(values))
	for i, v := range values {
		items[i] = Scalar(v)
	}
	list := "[" + strings.Join(items, ", ") + "]"
	for _, quoted := range []string{`"` + place + `"`, "'" + place + "'", place} {
		if text := string(out); strings.Contains(text, quoted) {
			return []byte(strings.Replace(text, quoted, list, 1)), nil
		}
	}
	return nil, fmt.Errorf("set %s: %w", key, errByHand)
}
