package search

// class says how a code point takes part in a token.
type class uint8

const (
	separator class = iota
	word            // letters and digits of scripts that put spaces between words
	han             // ideographs, hangul and bopomofo: no spaces, cut into bigrams
	hiragana        // as han, but a bigram with one of these carries little meaning
	katakana        // as han, with the rule of the final prolonged sound mark
	ignored         // invisible: selects a glyph or allows a line break
)

// cjk says that the class belongs to a run that is cut into bigrams.
func (c class) cjk() bool { return c == han || c == hiragana || c == katakana }

// span gives all code points from first to last one class.
type span struct {
	first, last rune
	class       class
}

// spans lists, in ascending order, what is not a separator, as the code point
// stands after normalisation. Ranges are written down here rather than taken
// from Unicode properties, because those differ between Go and the browsers;
// analyzer.js holds the same list and a test compares every code point.
var spans = [...]span{
	{'0', '9', word},
	{'A', 'Z', word},
	{'a', 'z', word},
	{0xAA, 0xAA, word},
	{0xAD, 0xAD, ignored},
	{0xB5, 0xB5, word},
	{0xBA, 0xBA, word},
	{0xC0, 0xD6, word},
	{0xD8, 0xF6, word},
	{0xF8, 0x2AF, word},
	{0x370, 0x37D, word},
	{0x37F, 0x386, word},
	{0x388, 0x588, word}, // Greek, Cyrillic, Armenian
	{0x591, 0x5BD, word},
	{0x5BF, 0x5BF, word},
	{0x5C1, 0x5C2, word},
	{0x5C4, 0x60B, word}, // Hebrew
	{0x60D, 0x61A, word},
	{0x61C, 0x61C, ignored},
	{0x620, 0x669, word},
	{0x66E, 0x6D3, word}, // Arabic
	{0x6D5, 0x963, word},
	{0x966, 0xE4E, word},
	{0xE50, 0xE59, word},
	{0xE5C, 0x10FF, word}, // India to Georgia
	{0x1100, 0x11FF, han},
	{0x1200, 0x135F, word},
	{0x1369, 0x1FFF, word},
	{0x200B, 0x200F, ignored},
	{0x2060, 0x2064, ignored},
	{0x2C00, 0x2DFF, word},
	{0x2E80, 0x2FDF, han},
	{0x3005, 0x3007, han},
	{0x3021, 0x3029, han},
	{0x3031, 0x3035, hiragana},
	{0x3038, 0x303C, han},
	{0x3041, 0x3096, hiragana},
	{0x3099, 0x309A, hiragana},
	{0x309D, 0x309F, hiragana},
	{0x30A1, 0x30FA, katakana},
	{0x30FC, 0x30FF, katakana},
	{0x3105, 0x312F, han},
	{0x3131, 0x318E, han},
	{0x31A0, 0x31BF, han},
	{0x31F0, 0x31FF, katakana},
	{0x3400, 0x4DBF, han},
	{0x4E00, 0x9FFF, han},
	{0xA000, 0xA48C, word},
	{0xA4D0, 0xA95F, word},
	{0xA960, 0xA97C, han},
	{0xA980, 0xABFF, word},
	{0xAC00, 0xD7A3, han},
	{0xD7B0, 0xD7FB, han},
	{0xF900, 0xFAFF, han},
	{0xFB13, 0xFDFF, word},
	{0xFE00, 0xFE0F, ignored},
	{0xFE70, 0xFEFC, word},
	{0xFEFF, 0xFEFF, ignored},
	{0x10000, 0x1AFFF, word},
	{0x1B000, 0x1B16F, katakana},
	{0x1B170, 0x1BCFF, word},
	{0x1E000, 0x1EEFF, word},
	{0x20000, 0x3FFFD, han},
	{0xE0100, 0xE01EF, ignored},
}

// classify looks r up. Kana, ideographs and ASCII letters, which is nearly all
// text, are decided before the table is searched.
func classify(r rune) class {
	switch {
	case r < 0x80:
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return word
		}
		return separator
	case r >= 0x4E00 && r <= 0x9FFF:
		return han
	}
	low, high := 0, len(spans)
	for low < high {
		middle := (low + high) / 2
		if spans[middle].last < r {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < len(spans) && spans[low].first <= r {
		return spans[low].class
	}
	return separator
}

// extends says that r modifies the code point before it and is normalised
// together with it: combining accents, voiced sound marks, hangul parts.
func extends(r rune) bool {
	return r >= 0x300 && (r <= 0x36F || r >= 0x1160 && r <= 0x11FF ||
		r == 0x3099 || r == 0x309A || r == 0xFF9E || r == 0xFF9F)
}

// carries says that r can be modified by what extends it. Others are left
// alone: how marks behind them are ordered depends on the version of Unicode.
func carries(r rune) bool {
	return r < 0x530 || r >= 0x1100 && r <= 0x11FF || r >= 0x1E00 && r <= 0x1FFF || r >= 0x3041 && r <= 0x30FF ||
		r >= 0xAC00 && r <= 0xD7A3 || r >= 0xFF21 && r <= 0xFF9D
}

// plain says that r is its own compatibility form, without asking Unicode.
func plain(r rune) bool {
	return r < 0x80 || r >= 0x3041 && r <= 0x3096 || r >= 0x30A1 && r <= 0x30FE || r >= 0x4E00 && r <= 0x9FFF
}

// accented says that r is a Latin letter that may carry an accent, or an accent.
func accented(r rune) bool {
	return r >= 0xC0 && r <= 0x24F || r >= 0x300 && r <= 0x36F || r >= 0x1E00 && r <= 0x1EFF
}

// joins says that r may stand inside an identifier.
func joins(r rune) bool {
	return r == '_' || r == '-' || r == '.' || r == ':' || r == '/'
}
