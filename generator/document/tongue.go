package document

import (
	"unicode"
	"unicode/utf8"
)

// tongue counts what prose is written with.
type tongue struct {
	japanese int // hiragana and Chinese characters, and runs of katakana
	words    int // runs of other letters
}

// script is what kind of letter a character is.
type script uint8

const (
	none script = iota
	latin
	katakana
	other // hiragana and Chinese characters: each counts
)

// hear counts the letters of a line. What stands in backquotes is code and does not count.
func (t *tongue) hear(line []byte) {
	before, code := none, false
	for i := 0; i < len(line); {
		r, n := rune(line[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(line[i:])
		} else if r == '`' {
			code = !code
		}
		i += n
		now := scriptOf(r)
		switch {
		case code:
		case now == other, now == katakana && before != katakana:
			t.japanese++
		case now == latin && before != latin:
			t.words++
		}
		before = now
	}
}

// scriptOf returns what kind of letter a character is.
func scriptOf(r rune) script {
	switch {
	case r < utf8.RuneSelf:
		if r|0x20 >= 'a' && r|0x20 <= 'z' {
			return latin
		}
		return none
	case r >= 0x30a1 && r <= 0x30ff && r != '・', r >= 0xff66 && r <= 0xff9f:
		return katakana
	case r >= 0x3041 && r <= 0x309f, r >= 0x3400 && r <= 0x9fff:
		return other
	case unicode.IsLetter(r):
		return latin
	}
	return none
}

// guess returns "ja" when at least a quarter of the words are Japanese, "en" otherwise, and nothing without letters. Katakana counts by
// the run, since English pages about Japanese systems name them. Japanese pages of the public runbooks are above a half, English ones
// below a hundredth.
func (t tongue) guess() string {
	all := t.japanese + t.words
	switch {
	case all == 0:
		return ""
	case t.japanese*4 >= all:
		return "ja"
	default:
		return "en"
	}
}
