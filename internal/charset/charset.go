// Package charset turns the bytes people saved into clean UTF-8 with line feeds, and says where they were not.
//
// It stands before everything that reads text: the content tree, opsbook.yaml and directory.yaml. Text in another encoding is converted
// only when the guess is certain; otherwise it is left out, because a page of garbled characters is worse than a page that says why it is
// empty.
package charset

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"opsbook/internal/diag"
)

// The rules of this package.
const (
	RuleEncoding = "encoding"          // not UTF-8
	RuleBOM      = "bom"               // a byte order mark at the start
	RuleControl  = "control-character" // NUL, escape sequences and their like
)

// most is how many problems of one kind a file reports; a binary file would report thousands.
const most = 20

// Clean returns src as UTF-8 with LF line ends and without control characters, and what was wrong with it. Characters that cannot be
// shown become U+FFFD, one for one, so that columns stay true. firstLine is the number of src's first line. The result is src itself
// when there was nothing to do.
func Clean(file string, src []byte, firstLine int) ([]byte, []diag.Diagnostic) {
	if plain(src) {
		return src, nil
	}
	var problems []diag.Diagnostic
	if rest, ok := bytes.CutPrefix(src, []byte("\ufeff")); ok {
		src = rest
		problems = append(problems, diag.At(diag.Pos{File: file, Line: firstLine, Col: 1}, RuleBOM, "the file starts with a byte order mark (U+FEFF)").
			WithHint("save it as \"UTF-8\", not as \"UTF-8 with BOM\""))
	}
	if g := guess(src); g.name != "" {
		d := diag.At(g.pos(file, src, firstLine), RuleEncoding, "the file is not UTF-8; it looks like %s", g.name).
			WithHint("convert it: %s", command(g.iconv, file))
		problems = append(problems, d)
		src = g.text
	}
	src = lineFeeds(src)
	out, more := replace(file, src, firstLine)
	return out, append(problems, more...)
}

// plain reports whether there is nothing to clean: the answer for almost every file, in one pass.
func plain(src []byte) bool {
	for i, b := range src {
		switch {
		case b < 0x20 && b != '\t' && b != '\n', b == 0x7f:
			return false
		case b == 0xc2 && i+1 < len(src) && src[i+1] < 0xa0: // C1 controls
			return false
		case b == 0xef && i == 0 && bytes.HasPrefix(src, []byte("\ufeff")):
			return false
		}
	}
	return utf8.Valid(src)
}

// lineFeeds turns CRLF and lone CR into LF.
func lineFeeds(src []byte) []byte {
	if bytes.IndexByte(src, '\r') < 0 {
		return src
	}
	out := make([]byte, 0, len(src))
	for i, b := range src {
		switch {
		case b != '\r':
			out = append(out, b)
		case i+1 < len(src) && src[i+1] == '\n':
		default:
			out = append(out, '\n')
		}
	}
	return out
}

// replace puts U+FFFD in place of control characters and of bytes that are not UTF-8.
func replace(file string, src []byte, firstLine int) ([]byte, []diag.Diagnostic) {
	var problems []diag.Diagnostic
	out := make([]byte, 0, len(src)+16)
	line, col, controls, broken := firstLine, 1, 0, 0
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		pos := diag.Pos{File: file, Line: line, Col: col}
		switch {
		case r == utf8.RuneError && n == 1:
			if broken++; broken <= most {
				problems = append(problems, diag.At(pos, RuleEncoding, "the byte %s is not UTF-8", fmt.Sprintf("0x%02X", src[i])).
					WithHint("save the file as UTF-8 and write the character again"))
			}
			out = append(out, "\ufffd"...)
		case r < 0x20 && r != '\t' && r != '\n', r >= 0x7f && r < 0xa0:
			if controls++; controls <= most {
				problems = append(problems, diag.At(pos, RuleControl, "the text contains the control character %s", Name(r)).
					WithHint("delete it; it is invisible and usually came with text copied from a terminal"))
			}
			out = append(out, "\ufffd"...)
		default:
			out = append(out, src[i:i+n]...)
		}
		if i, col = i+n, col+1; r == '\n' {
			line, col = line+1, 1
		}
	}
	return out, problems
}

// names are what people call characters that nobody sees or that look like others.
var names = map[rune]diag.Text{
	0x00:     diag.T("NUL"),
	0x07:     diag.T("bell"),
	0x08:     diag.T("backspace"),
	0x0b:     diag.T("vertical tab"),
	0x0c:     diag.T("form feed"),
	0x1b:     diag.T("escape"),
	0x7f:     diag.T("delete"),
	0x85:     diag.T("next line"),
	'\t':     diag.T("tab"),
	'\u00a0': diag.T("no-break space"),
	'\u00ad': diag.T("soft hyphen"),
	'\u3000': diag.T("full-width space"),
	'：':      diag.T("full-width colon"),
	'\u200b': diag.T("zero-width space"),
	'\u200c': diag.T("zero-width non-joiner"),
	'\u200d': diag.T("zero-width joiner"),
	'\u2060': diag.T("word joiner"),
	'\ufeff': diag.T("byte order mark"),
	'\u200e': diag.T("left-to-right mark"),
	'\u200f': diag.T("right-to-left mark"),
	'\u061c': diag.T("Arabic letter mark"),
	'\u202a': diag.T("left-to-right embedding"),
	'\u202b': diag.T("right-to-left embedding"),
	'\u202c': diag.T("end of direction"),
	'\u202d': diag.T("left-to-right override"),
	'\u202e': diag.T("right-to-left override"),
	'\u2066': diag.T("left-to-right isolate"),
	'\u2067': diag.T("right-to-left isolate"),
	'\u2068': diag.T("first strong isolate"),
	'\u2069': diag.T("end of isolate"),
	'\u2028': diag.T("line separator"),
	'\u2029': diag.T("paragraph separator"),
	'\u202f': diag.T("narrow no-break space"),
}

// Name says which character r is, for messages about characters that cannot be seen: `U+00A0 (no-break space)`.
func Name(r rune) diag.Text {
	if n, ok := names[r]; ok {
		return diag.T("%s (%s)", fmt.Sprintf("U+%04X", r), n)
	}
	return diag.T("%s", fmt.Sprintf("U+%04X", r))
}

// command is the shell command that converts a file in place.
func command(from, file string) string {
	q := quote(file)
	return fmt.Sprintf("iconv -f %s -t UTF-8 %s > %s && mv %s %s", from, q, quote(file+".utf8"), quote(file+".utf8"), q)
}

// quote quotes a word for a POSIX shell when it needs it.
func quote(s string) string {
	safe := func(r rune) bool {
		return r < utf8.RuneSelf && !strings.ContainsRune("/._-+,:@%=", r) &&
			(r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}
	if s != "" && s[0] != '-' && strings.IndexFunc(s, safe) < 0 {
		return s
	}
	if strings.HasPrefix(s, "-") {
		s = "./" + s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
