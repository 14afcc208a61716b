package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters is a text made comparable, one element per code point, with the way
// back to the source for highlighting.
type letters struct {
	runes []rune  // normalised, case kept
	class []class // of runes
	start []int32 // byte offset in the source where the rune's segment starts
	end   []int32 // and ends
	low   string  // lower case of runes, rune for rune
	at    []int32 // byte offset of each rune in low, and the end of low
}

// normalize folds compatibility forms (ＡＷＳ, ｻｰﾊﾞｰ, ㈱) and Latin accents away.
// The text is cut into segments, one code point and what extends it, so that
// Go and JavaScript see the same boundaries whatever Unicode version they hold.
func normalize(text string) *letters {
	l := &letters{
		runes: make([]rune, 0, len(text)), class: make([]class, 0, len(text)),
		start: make([]int32, 0, len(text)), end: make([]int32, 0, len(text)),
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		end, alone := i+size, true
		for end < len(text) && text[end] >= utf8.RuneSelf && carries(r) {
			next, size := utf8.DecodeRuneInString(text[end:])
			if !extends(next) {
				break
			}
			end, alone = end+size, false
		}
		if alone && plain(r) {
			l.add(r, i, end)
		} else {
			for _, r := range foldSegment(text[i:end]) {
				l.add(r, i, end)
			}
		}
		i = end
	}
	l.lower()
	return l
}

func (l *letters) add(r rune, start, end int) {
	c := classify(r)
	if c == ignored {
		return
	}
	l.runes = append(l.runes, r)
	l.class = append(l.class, c)
	l.start = append(l.start, int32(start))
	l.end = append(l.end, int32(end))
}

// foldSegment returns the compatibility form of one segment without accents.
func foldSegment(segment string) string {
	folded := norm.NFKC.String(segment)
	if strings.IndexFunc(folded, accented) < 0 {
		return folded
	}
	bare := strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36F {
			return -1
		}
		return r
	}, norm.NFD.String(folded))
	return norm.NFC.String(bare)
}

// lower fills low, from which tokens are cut.
func (l *letters) lower() {
	var b strings.Builder
	b.Grow(len(l.runes))
	l.at = make([]int32, len(l.runes)+1)
	for i, r := range l.runes {
		l.at[i] = int32(b.Len())
		b.WriteRune(lowerRune(r))
	}
	l.at[len(l.runes)] = int32(b.Len())
	l.low = b.String()
}

func lowerRune(r rune) rune {
	if r < 0x80 {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}
	return unicode.ToLower(r)
}

// cut returns the lower-case runes from..to.
func (l *letters) cut(from, to int) string { return l.low[l.at[from]:l.at[to]] }
