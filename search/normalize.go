package search

import (
	"slices"
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
	bytes []byte  // low while it grows
}

// normalize returns a text's letters.
func normalize(text string) *letters {
	l := &letters{}
	l.read(text)
	return l
}

// read folds compatibility forms (ＡＷＳ, ｻｰﾊﾞｰ, ㈱) and Latin accents away.
// The text is cut into segments, one code point and what extends it, so that
// Go and JavaScript see the same boundaries whatever Unicode version they hold.
// It reuses what an earlier text left, except low.
func (l *letters) read(text string) {
	l.size(0, len(text))
	l.bytes = slices.Grow(l.bytes[:0], len(text))
	n := 0
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		end, alone := i+size, true
		for end < len(text) && text[end] >= 0xCC && carries(r) { // U+0300 begins with that byte
			next, size := utf8.DecodeRuneInString(text[end:])
			if !extends(next) {
				break
			}
			end, alone = end+size, false
		}
		if alone && plain(r) {
			n = l.set(n, r, i, end)
		} else {
			folded := foldSegment(text[i:end])
			l.size(n, n+len(folded)+len(text)-end)
			for _, r := range folded {
				n = l.set(n, r, i, end)
			}
		}
		i = end
	}
	l.at[n] = int32(len(l.bytes))
	l.runes, l.class, l.start, l.end, l.at = l.runes[:n], l.class[:n], l.start[:n], l.end[:n], l.at[:n+1]
	l.low = string(l.bytes)
}

// size makes room for length letters, of which the first n are kept.
func (l *letters) size(n, length int) {
	l.runes = slices.Grow(l.runes[:n], length-n)[:length]
	l.class = slices.Grow(l.class[:n], length-n)[:length]
	l.start = slices.Grow(l.start[:n], length-n)[:length]
	l.end = slices.Grow(l.end[:n], length-n)[:length]
	l.at = slices.Grow(l.at[:n], length+1-n)[:length+1]
}

// set writes letter n and returns the number of the next.
func (l *letters) set(n int, r rune, start, end int) int {
	c := classify(r)
	if c == ignored {
		return n
	}
	l.runes[n], l.class[n] = r, c
	l.start[n], l.end[n], l.at[n] = int32(start), int32(end), int32(len(l.bytes))
	if r < utf8.RuneSelf {
		l.bytes = append(l.bytes, byte(lowerRune(r)))
	} else {
		l.bytes = utf8.AppendRune(l.bytes, lowerRune(r))
	}
	return n + 1
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
