package document

import (
	"unicode"
	"unicode/utf8"
)

// tongue counts what prose is written with.
type tongue struct {
	kana  int // hiragana and katakana
	han   int
	words int // runs of other letters
}

// hear counts the letters of a line. What stands in backquotes is code and does not count.
func (t *tongue) hear(line []byte) {
	word, code := false, false
	for i := 0; i < len(line); {
		b := line[i]
		if b < utf8.RuneSelf {
			letter := b|0x20 >= 'a' && b|0x20 <= 'z'
			if b == '`' {
				code = !code
			}
			if letter && !word && !code {
				t.words++
			}
			word = letter
			i++
			continue
		}
		r, n := utf8.DecodeRune(line[i:])
		i += n
		letter := false
		switch {
		case code:
		case r >= 0x3041 && r <= 0x309f, r >= 0x30a1 && r <= 0x30ff && r != '・', r >= 0xff66 && r <= 0xff9f:
			t.kana++
		case r >= 0x3400 && r <= 0x9fff:
			t.han++
		default:
			letter = unicode.IsLetter(r)
			if letter && !word {
				t.words++
			}
		}
		word = letter
	}
}

// guess returns "ja" when at least one letter in eight is kana, a word of Latin letters counted as one; "en" otherwise, and nothing
// without letters. Japanese pages of the public runbooks are above a third, English ones below a hundredth.
func (t tongue) guess() string {
	all := t.kana + t.han + t.words
	switch {
	case all == 0:
		return ""
	case t.kana*8 >= all:
		return "ja"
	default:
		return "en"
	}
}
