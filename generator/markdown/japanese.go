package markdown

import (
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// isWide reports whether a rune is written without spaces around emphasis: Han, kana, Hangul, full-width and half-width forms and the
// punctuation that belongs to them. A variation selector stands for the letter before it.
func isWide(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r <= 0x11FF, r >= 0xAC00 && r <= 0xD7FF, r >= 0xA960 && r <= 0xA97F: // Hangul
		return true
	case r >= 0xFE00 && r <= 0xFE0F, r >= 0xE0100 && r <= 0xE01EF: // variation selectors
		return true
	}
	return isJapanese(r)
}

// isJapanese reports whether a rune is written without spaces between words: a line break next to another one adds no space.
func isJapanese(r rune) bool {
	switch {
	case r < 0x2E80:
		return false
	case r >= 0x3130 && r <= 0x318F: // Hangul compatibility letters
		return false
	case r <= 0x4DBF, r >= 0x4E00 && r <= 0x9FFF: // radicals, punctuation, kana, enclosed letters, Han
		return true
	case r >= 0xF900 && r <= 0xFAFF, r >= 0xFE10 && r <= 0xFE1F, r >= 0xFE30 && r <= 0xFE4F: // compatibility forms
		return true
	case r >= 0xFF00 && r <= 0xFFEF: // full-width and half-width forms
		return true
	}
	return r >= 0x1F200 && r <= 0x1F2FF || r >= 0x20000 && r <= 0x3FFFF
}

// joins reports whether a line break between two runes adds no space. Ellipses and dashes take the side of their neighbour.
func joins(before, after rune) bool {
	return isJapanese(before) && (isJapanese(after) || isNeutral(after)) || isNeutral(before) && isJapanese(after)
}

func isNeutral(r rune) bool {
	switch r {
	case '…', '‥', '―', '—', '→', '←', '↑', '↓', '※', '○', '●', '◎', '△', '▲', '×', '■', '□', '◆', '◇':
		return true
	}
	return false
}

// nextRune returns the first rune a reader sees after a node in the same block; utf8.RuneError when there is none or it is no letter.
func (t *Tree) nextRune(n ast.Node) rune {
	for ; n != nil && n.Type() == ast.TypeInline; n = n.Parent() {
		for s := n.NextSibling(); s != nil; s = s.NextSibling() {
			if r, ok := t.firstRune(s); ok {
				return r
			}
		}
	}
	return utf8.RuneError
}

func (t *Tree) firstRune(n ast.Node) (rune, bool) {
	var v []byte
	switch n := n.(type) {
	case *ast.Text:
		v = n.Segment.Value(t.Source)
	case *ast.String:
		v = n.Value
	case *ast.AutoLink:
		v = n.Label(t.Source)
	case *Shortcode:
		v = util.StringToReadOnlyBytes(n.Shown)
	case *ast.Image:
		return utf8.RuneError, true
	default:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if r, ok := t.firstRune(c); ok {
				return r, true
			}
		}
	}
	r, size := utf8.DecodeRune(v)
	return r, size > 0
}
