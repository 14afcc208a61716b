package diagram

import (
	"html"
	"math"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Sizes of text in pixels: the style sheet draws it at this size.
const (
	size   = 14.0
	leader = 20.0 // from line to line
)

// advance is how wide a character is: wide ones are one em, others a little more than the usual fonts need, so that text never leaves its box.
func advance(r rune) float64 {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return size
	}
	switch {
	case unicode.IsUpper(r), r == '@', r == '%', r == 'm', r == 'w':
		return size * .72
	case strings.ContainsRune(" .,:;'|!iljtf()[]-/", r):
		return size * .38
	case r > 0x2000:
		return size
	}
	return size * .58
}

func measure(s string) float64 {
	w := 0.0
	for _, r := range s {
		w += advance(r)
	}
	return w
}

// text is a label in lines.
type text struct {
	lines []string
	w, h  float64
}

var breaks = regexp.MustCompile(`(?i)<br\s*/?>|\\n`)

// noStart are characters that do not begin a line in Japanese.
const noStart = "、。，．・：；？！」』）】〉》ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.!?)"

// wrap cuts a label into lines of at most a width: at spaces, and between Japanese characters.
func wrap(s string, most float64) text {
	var t text
	s = html.UnescapeString(strings.NewReplacer("#quot;", `"`, "#amp;", "&", "#lt;", "<", "#gt;", ">", "#35;", "#", "`", "", "**", "").Replace(s))
	for _, part := range breaks.Split(s, -1) {
		part = strings.TrimSpace(part)
		lines := fill(part, most)
		if n := float64(len(lines)); n > 1 { // lines of about one length: no last line of a single character
			if even := fill(part, measure(part)/n+size); len(even) == len(lines) {
				lines = even
			}
		}
		t.lines = append(t.lines, lines...)
	}
	for _, line := range t.lines {
		t.w = math.Max(t.w, measure(line))
	}
	t.h = leader * float64(len(t.lines))
	return t
}

// fill puts as many words into a line as a width holds.
func fill(s string, most float64) []string {
	var lines []string
	line, w := "", 0.0
	for _, word := range words(s) {
		if line != "" && w+measure(strings.TrimRight(word, " ")) > most {
			lines = append(lines, strings.TrimSpace(line))
			line, w = "", 0
		}
		line, w = line+word, w+measure(word)
	}
	return append(lines, strings.TrimSpace(line))
}

// words cuts text where a line may end.
func words(s string) []string {
	var all []string
	start := 0
	wide := func(r rune) bool { return r >= 0x2E80 }
	last := rune(0)
	for i, r := range s {
		if i > start && !strings.ContainsRune(noStart, r) && (last == ' ' || wide(r) || wide(last)) && last != '「' && last != '（' && last != '(' {
			all = append(all, s[start:i])
			start = i
		}
		last = r
	}
	return append(all, s[start:])
}
