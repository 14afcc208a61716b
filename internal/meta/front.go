package meta

import (
	"bytes"
	"regexp"
)

// Front is where the front matter of a Markdown text lies. The zero Front is a text without any.
type Front struct {
	From, To int  // byte offsets of the YAML between the lines of dashes
	Body     int  // byte offset of the first line after it
	Line     int  // line of the first line of YAML, 2 when there is front matter
	BodyLine int  // line of the body's first line, 1 without front matter
	Open     bool // the closing line is missing; To is where the text stops looking like YAML
	TOML     bool // between lines of +++, which is not read
}

// frontLine is a line that can be front matter: a key, a list item, a comment or something indented.
var frontLine = regexp.MustCompile(`^(?:[^\s#:：|>*+\-\x60"'\[\]()][^\s:：]*[ \x{3000}]?(?:[:：])|"[^"]+"\s*:|'[^']+'\s*:|\s|- |-$|#)`)

// keyLine is a line that is a key.
var keyLine = regexp.MustCompile(`^[A-Za-z_"'][A-Za-z0-9_"' -]*[:：](?:\s|$|[^/])`)

// proseLine is a line that starts a block of Markdown and cannot be front matter.
var proseLine = regexp.MustCompile("^(?:##+ |```|~~~|> |\\| |\\d+\\. |\\* |!\\[)")

// secondLine is a line that is hardly ever prose: a key as front matter has them.
var secondLine = regexp.MustCompile(`^[a-z][a-z0-9_]*:(?:\s|$)`)

// Second reports whether another piece of front matter follows the first one at once, with or without a line of dashes of its own. Markdown
// takes it for a heading.
func (f Front) Second(text []byte) bool {
	if f.Line == 0 || f.Open || f.TOML {
		return false
	}
	line, at := lineAt(text, f.Body)
	if isFence(line, "---") {
		line, at = lineAt(text, at)
	}
	if !secondLine.Match(line) {
		return false
	}
	for at < len(text) {
		line, at = lineAt(text, at)
		if isFence(line, "---") {
			return true
		}
		if len(bytes.TrimSpace(line)) == 0 || !frontLine.Match(line) {
			return false
		}
	}
	return false
}

// SplitFront finds the front matter of a Markdown text: a first line of three dashes, keys, and a line of three dashes or dots. A first
// line of dashes without a key below it is Markdown. When the closing line is missing, the lines that look like keys are taken.
func SplitFront(text []byte) Front {
	none := Front{BodyLine: 1}
	first, at := lineAt(text, 0)
	toml := isFence(first, "+++")
	if !toml && !isFence(first, "---") {
		return none
	}
	f := Front{From: at, Line: 2, TOML: toml}
	keys, blank, prose := false, false, false
	guess, guessLine := -1, 0 // where the front matter would end if it is not closed
	for line := 2; at < len(text); line++ {
		l, next := lineAt(text, at)
		switch {
		case toml && isFence(l, "+++"), !toml && (isFence(l, "---") || isFence(l, "...")):
			if !keys && !toml && len(bytes.TrimSpace(text[f.From:at])) > 0 {
				return none
			}
			f.To, f.Body, f.BodyLine = at, next, line+1
			return f
		case keyLine.Match(l), toml && bytes.IndexByte(l, '=') > 0:
			keys = true
		}
		prose = prose || blank && proseLine.Match(l)
		blank = len(bytes.TrimSpace(l)) == 0
		if prose && !toml && !blank && !frontLine.Match(l) { // the dashes further down are a line of the page
			return f.unclosed(text, keys, guess, guessLine, at, line)
		}
		if guess < 0 && (blank || !frontLine.Match(l)) {
			guess, guessLine = at, line
		}
		at = next
	}
	return f.unclosed(text, keys, guess, guessLine, at, 2+bytes.Count(text[f.From:], []byte{'\n'}))
}

// unclosed is front matter without its closing line: it ends at guess, or at the end of what was looked at.
func (f Front) unclosed(text []byte, keys bool, guess, guessLine, at, line int) Front {
	if !keys {
		return Front{BodyLine: 1}
	}
	f.Open = true
	f.To, f.Body, f.BodyLine = at, at, line
	if guess >= 0 {
		f.To, f.Body, f.BodyLine = guess, guess, guessLine
	}
	return f
}

// lineAt returns the line that starts at a byte offset, without its line feed, and the offset of the next.
func lineAt(text []byte, at int) (line []byte, next int) {
	if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
		return text[at : at+n], at + n + 1
	}
	return text[at:], len(text)
}

// isFence reports whether a line is three signs and nothing else but spaces.
func isFence(line []byte, signs string) bool {
	return string(bytes.TrimRight(line, " \t")) == signs
}
