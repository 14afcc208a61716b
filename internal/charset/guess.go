package charset

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode/utf32"

	utf16 "golang.org/x/text/encoding/unicode"

	"opsbook/internal/diag"
)

// guessed is an encoding that bytes seem to have been saved in. Text is what they say, empty when that is not certain.
type guessed struct {
	name  string // for people
	iconv string // for iconv -f
	at    int    // the first byte that shows it
	text  []byte
}

// pos returns the place of the first byte that shows the encoding. Everything before it is ASCII.
func (g guessed) pos(file string, src []byte, firstLine int) diag.Pos {
	before := lineFeeds(src[:g.at])
	line := firstLine + bytes.Count(before, []byte{'\n'})
	return diag.Pos{File: file, Line: line, Col: len(before) - bytes.LastIndexByte(before, '\n')}
}

// guess returns the encoding of src when it is not UTF-8, or nothing when it is UTF-8 or UTF-8 with a few broken bytes.
func guess(src []byte) guessed {
	switch {
	case bytes.HasPrefix(src, []byte{0xff, 0xfe, 0, 0}):
		return guessed{"UTF-32", "UTF-32LE", 0, decode(utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), src)}
	case bytes.HasPrefix(src, []byte{0xff, 0xfe}):
		return guessed{"UTF-16", "UTF-16", 0, decode(utf16.UTF16(utf16.LittleEndian, utf16.UseBOM), src)}
	case bytes.HasPrefix(src, []byte{0xfe, 0xff}):
		return guessed{"UTF-16", "UTF-16", 0, decode(utf16.UTF16(utf16.BigEndian, utf16.UseBOM), src)}
	}
	if g := wide(src); g.name != "" {
		return g
	}
	if at := iso2022(src); at >= 0 {
		return guessed{"ISO-2022-JP", "ISO-2022-JP", at, decode(japanese.ISO2022JP, src)}
	}
	if utf8.Valid(src) {
		return guessed{}
	}
	return legacy(src)
}

// wide finds UTF-16 without a byte order mark: ASCII letters and line ends have a NUL on one side, and always on the same. Text without
// other letters is half NULs; Japanese text has at least its line ends.
func wide(src []byte) guessed {
	plain := ascii(src)
	if len(src) < 4 || len(src)%2 != 0 || utf8.Valid(src) && !plain {
		return guessed{}
	}
	var nul, ends [2]int
	for i, b := range src {
		switch {
		case b == 0:
			nul[i%2]++
		case b == '\n' && src[i^1] == 0:
			ends[i%2]++
		}
	}
	for side, e := range []struct {
		iconv string
		order utf16.Endianness
	}{{"UTF-16BE", utf16.BigEndian}, {"UTF-16LE", utf16.LittleEndian}} {
		if plain && nul[side]*5 >= len(src)*2 && nul[1-side] == 0 || !plain && ends[1-side] > 0 && nul[side] > 8*nul[1-side] {
			return certain(e.iconv, decode(utf16.UTF16(e.order, utf16.IgnoreBOM), src))
		}
	}
	return guessed{}
}

// ascii reports whether every byte is below 0x80.
func ascii(src []byte) bool {
	for _, b := range src {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// certain is a guess that holds only when every character of its text is one that people write.
func certain(iconv string, text []byte) guessed {
	for _, r := range string(bytes.TrimPrefix(text, []byte("\ufeff"))) {
		if r == utf8.RuneError || !unicode.IsPrint(r) && r != '\n' && r != '\r' && r != '\t' && r != 0x3000 && r != 0xa0 {
			return guessed{}
		}
	}
	return guessed{"UTF-16", iconv, 0, text}
}

// iso2022 returns the offset of the first escape sequence that switches to Japanese, or -1.
func iso2022(src []byte) int {
	for at := 0; ; at++ {
		i := bytes.IndexByte(src[at:], 0x1b)
		if i < 0 {
			return -1
		}
		at += i
		for _, seq := range []string{"$B", "$@", "$(D", "(I"} {
			if bytes.HasPrefix(src[at+1:], []byte(seq)) {
				return at
			}
		}
	}
}

// legacy tells Shift_JIS, EUC-JP and Windows-1252 apart, and from UTF-8 in which a few bytes are broken.
func legacy(src []byte) guessed {
	good, bad := multibyte(src)
	if good > 2*bad {
		return guessed{}
	}
	at := bytes.IndexFunc(src, func(r rune) bool { return r >= utf8.RuneSelf })
	sjis, euc := decode(japanese.ShiftJIS, src), decode(japanese.EUCJP, src)
	s, e := score(sjis), score(euc)
	best, other := guessed{"Shift_JIS", "CP932", at, sjis}, e
	top := s
	if e.points > s.points {
		best, other, top = guessed{"EUC-JP", "EUC-JP", at, euc}, s, e
	}
	if top.broken > 0 || top.points <= 0 {
		return western(src, at)
	}
	if top.hiragana*20 < top.letters || (other.broken == 0 && other.points*2 > top.points) {
		best.text = nil
	}
	return best
}

// western is the guess for accents and curly quotes saved by an old Windows editor; such text is rare enough to be told from the rest.
func western(src []byte, at int) guessed {
	high := 0
	for _, b := range src {
		if b >= utf8.RuneSelf {
			high++
		}
	}
	g := guessed{"Windows-1252", "CP1252", at, nil}
	if high*5 < len(src) {
		g.text = decode(charmap.Windows1252, src)
	}
	return g
}

// multibyte counts the sequences of src that are UTF-8 and the bytes that are not.
func multibyte(src []byte) (good, bad int) {
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	return good, bad
}

// decode converts src; what cannot be converted becomes U+FFFD.
func decode(e encoding.Encoding, src []byte) []byte {
	out, err := e.NewDecoder().Bytes(src)
	if err != nil {
		return nil
	}
	return out
}

// tally is how much a text reads like Japanese.
type tally struct{ points, letters, hiragana, broken int }

// score counts what Japanese prose is made of. Half-width kana speak against it: they are what EUC-JP looks like when read as Shift_JIS.
func score(text []byte) tally {
	var t tally
	for _, r := range string(text) {
		switch {
		case r < utf8.RuneSelf:
			continue
		case r == utf8.RuneError:
			t.broken++
		case r >= 0x3041 && r <= 0x3096:
			t.hiragana++
			t.points += 3
		case r >= 0x30a1 && r <= 0x30fc, r >= 0x3001 && r <= 0x3011:
			t.points += 3
		case r >= 0x4e00 && r <= 0x9fff, r >= 0xff01 && r <= 0xff5e:
			t.points++
		case r >= 0xff61 && r <= 0xff9f:
			t.points -= 2
		}
		t.letters++
	}
	return t
}
