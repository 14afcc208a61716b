package webindex

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// digits writes six bits as one character that needs no escape anywhere.
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// appendNumber writes n as a variable number of characters: five bits each, the
// low ones first; a character of 32 or more says that another follows.
func appendNumber(b []byte, n int) []byte {
	for n >= 32 {
		b = append(b, digits[32+n&31])
		n >>= 5
	}
	return append(b, digits[n])
}

// impacts are what may follow the number of a document: none of them is a digit.
const impacts = "!\"#%&'()*+,./:;<=>?@[]^{|}~$`\\\t\x7f"

// maxNumber is the most characters of one number.
const maxNumber = 7

// appendFixed writes n as exactly width characters, the low ones first.
func appendFixed(b []byte, n, width int) []byte {
	for range width {
		b = append(b, digits[n&63])
		n >>= 6
	}
	return b
}

// digitValue is the inverse of digits, -1 for another character.
func digitValue(c byte) int { return strings.IndexByte(digits, c) }

// scanner reads what appendNumber and appendFixed wrote.
type scanner struct {
	text    string
	damaged bool
}

func (s *scanner) digit() int {
	if s.text == "" {
		s.damaged = true
		return 0
	}
	n := digitValue(s.text[0])
	if n < 0 {
		s.damaged, s.text = true, ""
		return 0
	}
	s.text = s.text[1:]
	return n
}

// impact reads one of impacts, -1 when none stands here.
func (s *scanner) impact() int {
	if s.text == "" {
		return -1
	}
	i := strings.IndexByte(impacts, s.text[0])
	if i >= 0 {
		s.text = s.text[1:]
	}
	return i
}

func (s *scanner) number() int {
	for n, shift := 0, 0; ; shift += 5 {
		d := s.digit()
		n |= d & 31 << shift
		if d < 32 || shift > 25 {
			return n
		}
	}
}

// column gives every document one of a few values: the browser's facets.
type column struct {
	Values [][]string `json:"values"`
	Docs   string     `json:"docs"` // one number per document, of the fewest characters that hold any
}

// width is the number of characters for an index into n values.
func width(n int) int {
	w := 1
	for limit := len(digits); n > limit; limit *= len(digits) {
		w++
	}
	return w
}

// escape makes text safe inside a template string. Terms hold no carriage
// return, which a template string would change.
var escape = strings.NewReplacer("`", "\\`", "\\", "\\\\", "${", "\\${")

// script wraps a value into the one call that a part of the index makes.
func script(name string, value []byte) []byte {
	return fmt.Appendf(nil, "__opsbook_search(%q,%s)\n", name, value)
}

func template(lines []byte) []byte {
	return fmt.Appendf(nil, "`%s`", escape.Replace(string(lines)))
}

// marshal is json.Marshal without escapes for HTML, which this never meets.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// appendString writes s as JSON that is also JavaScript, valid UTF-8 whatever s is.
func appendString(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		case r == '\u2028' || r == '\u2029':
			b = append(b, '\\', 'u', '2', '0', '2', hex[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
