package document

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// lines tells the line and column of a byte offset. Columns are code points, so characters have to be counted; marks every few
// bytes keep that short on lines of any length.
type lines struct {
	text   []byte
	starts []int // byte offset of each line
	marks  []int // number of code points that start before each multiple of stride
}

// stride is the distance of marks in bytes.
const stride = 64

// newLines counts the lines of text.
func newLines(text []byte) lines {
	l := lines{text: text, starts: make([]int, 1, len(text)/40+1), marks: make([]int, 0, len(text)/stride+1)}
	for at := 0; ; {
		end := bytes.IndexByte(text[at:], '\n')
		if end < 0 {
			break
		}
		at += end + 1
		l.starts = append(l.starts, at)
	}
	count := 0
	for at := 0; at < len(text); at += stride {
		l.marks = append(l.marks, count)
		for _, b := range text[at:min(at+stride, len(text))] {
			if utf8.RuneStart(b) {
				count++
			}
		}
	}
	return l
}

// at returns the 1-based line and column of a byte offset; one outside the text counts as its nearer end.
func (l lines) at(offset int) (line, col int) {
	offset = min(max(offset, 0), len(l.text))
	line = sort.SearchInts(l.starts, offset+1)
	return line, l.runes(offset) - l.runes(l.starts[line-1]) + 1
}

// runes returns the number of code points that start before an offset.
func (l lines) runes(offset int) int {
	if len(l.marks) == 0 {
		return 0
	}
	mark := min(offset/stride, len(l.marks)-1)
	count := l.marks[mark]
	for _, b := range l.text[mark*stride : offset] {
		if utf8.RuneStart(b) {
			count++
		}
	}
	return count
}
