package lsp

import (
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf8"

	"opsbook/internal/diag"
)

// buffer is a text as an editor holds it, by lines without their ends.
type buffer struct {
	text    string
	version int
	lines   []string
	starts  []int // byte offset of each line
}

func newBuffer(text string, version int) *buffer {
	b := &buffer{text: text, version: version}
	start := 0
	for i := 0; i < len(text); i++ {
		if text[i] != '\n' && text[i] != '\r' {
			continue
		}
		b.lines, b.starts = append(b.lines, text[start:i]), append(b.starts, start)
		if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			i++
		}
		start = i + 1
	}
	b.lines, b.starts = append(b.lines, text[start:]), append(b.starts, start)
	return b
}

// line is a line by its 0-based number, "" where there is none.
func (b *buffer) line(n int) string {
	if n < 0 || n >= len(b.lines) {
		return ""
	}
	return b.lines[n]
}

// units is how many UTF-16 code units a text takes.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// bytesOf is the byte offset of a UTF-16 offset in a line.
func bytesOf(line string, character int) int {
	n := 0
	for i, r := range line {
		if n >= character {
			return i
		}
		n += units(string(r))
	}
	return len(line)
}

// before is what stands on a line before a position.
func (b *buffer) before(p position) string {
	line := b.line(p.Line)
	return line[:bytesOf(line, p.Character)]
}

// position is the place of a byte offset.
func (b *buffer) position(offset int) position {
	n := 0
	for n+1 < len(b.starts) && b.starts[n+1] <= offset {
		n++
	}
	line := b.lines[n]
	return position{n, units(line[:min(max(offset-b.starts[n], 0), len(line))])}
}

// bom is the mark that counts as no column of ours.
const bom = "\ufeff"

// spot is the range of what a diagnostic points at: the word there, or the line where no column is known.
func (b *buffer) spot(p diag.Pos) textRange {
	n := max(p.Line-1, 0)
	line := b.line(n)
	from := 0
	if n == 0 && strings.HasPrefix(line, bom) {
		from = len(bom)
	}
	for range p.Col - 1 {
		_, size := utf8.DecodeRuneInString(line[from:])
		from += size
	}
	to := len(line)
	if p.Col > 0 {
		to = from + wordEnd(line[from:])
	}
	return textRange{position{n, units(line[:from])}, position{n, units(line[:to])}}
}

// wordEnd is the length of the word that a text starts with, at least one character where there is one.
func wordEnd(s string) int {
	for i, r := range s {
		if i > 0 && strings.ContainsRune(" \t　,:;()[]{}\"'`|<>、。「」（）", r) {
			return i
		}
	}
	return len(s)
}

// word is what stands around a position between blanks, brackets and quotes, and where it starts.
func (b *buffer) word(p position) (string, int) {
	line := b.line(p.Line)
	at := bytesOf(line, p.Character)
	const around = " \t　,()[]{}\"'`|<>、。"
	from := strings.LastIndexAny(line[:at], around)
	if from >= 0 {
		_, size := utf8.DecodeRuneInString(line[from:])
		from += size
	} else {
		from = 0
	}
	to := strings.IndexAny(line[at:], around)
	if to < 0 {
		to = len(line) - at
	}
	return strings.TrimSuffix(line[from:at+to], ":"), from
}

// pathOf is the file behind an address, "" for others.
func pathOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		return ""
	}
	path := u.Path
	if runtime.GOOS == "windows" {
		path = strings.TrimPrefix(path, "/")
	}
	return filepath.FromSlash(path)
}

// uriOf is the address of a file.
func uriOf(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
