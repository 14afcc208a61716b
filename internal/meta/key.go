package meta

import (
	"strings"
	"unicode"
)

// Canonical returns a key in snake_case: `last-reviewed`, `lastReviewed`, `LastReviewed` and `last reviewed` are `last_reviewed`. Capitals in
// a row are one word (`baseURL`, `RTO`). Letters without case, as in Japanese keys, stay as they are.
func Canonical(key string) string {
	if isCanonical(key) {
		return key
	}
	var b strings.Builder
	rs := []rune(strings.TrimSpace(key))
	for i, r := range rs {
		switch {
		case r == '-' || r == ' ' || r == '_':
			b.WriteByte('_')
		case unicode.IsUpper(r):
			if i > 0 && startsWord(rs, i) {
				b.WriteByte('_')
			}
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// startsWord reports whether the capital at i begins a word: after a small letter or a digit, or as the last of several capitals.
func startsWord(rs []rune, i int) bool {
	before := rs[i-1]
	if unicode.IsLower(before) || unicode.IsDigit(before) {
		return true
	}
	plural := i+2 == len(rs) && rs[i+1] == 's' // URLs is one word
	return unicode.IsUpper(before) && i+1 < len(rs) && unicode.IsLower(rs[i+1]) && !plural
}

// isCanonical reports whether a key needs no change: the case of almost every key.
func isCanonical(key string) bool {
	for i := range len(key) {
		if b := key[i]; (b < 'a' || b > 'z') && b != '_' && (b < '0' || b > '9') {
			return false
		}
	}
	return true
}
