package webindex

import (
	"regexp"
	"strings"
)

// dropped are signs of Japanese texts that no anchor keeps.
const dropped = "、。，．・：；！？「」『』【】〈〉《》（）［］〔〕／〜～…％＋＝＆"

var numbered = regexp.MustCompile(`^(-[0-9]+)?$`)

// shortAnchor writes an anchor behind its heading: what follows the anchor that
// the heading has by itself, which is mostly nothing, else # and all of it.
func shortAnchor(anchor, heading string) string {
	if own, ok := ownAnchor(heading); ok {
		if rest, found := strings.CutPrefix(anchor, own); found && numbered.MatchString(rest) {
			return rest
		}
	}
	return "#" + anchor
}

// wholeAnchor is the inverse of shortAnchor.
func wholeAnchor(short, heading string) string {
	if anchor, found := strings.CutPrefix(short, "#"); found {
		return anchor
	}
	own, _ := ownAnchor(heading)
	return own + short
}

// ownAnchor is the anchor that a heading gets, in so far as every browser agrees
// on it: letters of other scripts are for shortAnchor to write.
func ownAnchor(heading string) (anchor string, ok bool) {
	ok = true
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		case r >= 'ぁ' && r <= 'ゖ', r >= 'ァ' && r <= 'ヺ', r == 'ー', r == '々', r >= '一' && r <= '鿿':
			return r
		}
		ok = ok && (r > ' ' && r < 0x7f || strings.ContainsRune(dropped, r))
		return -1
	}, heading), ok
}
