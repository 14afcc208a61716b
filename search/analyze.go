package search

import (
	"slices"
	"strings"
)

// Kind says how a token was made.
type Kind byte

const (
	Word   Kind = 'w' // a run of letters and digits
	Part   Kind = 'c' // a piece of a camelCase word
	Whole  Kind = 'i' // an identifier with its joiners: orders-5xx, an ARN; a katakana word
	Bigram Kind = 'g' // two neighbours of a run without spaces
	Last   Kind = 'u' // the last character of such a run
	Folded Kind = 'f' // a bigram or last character after dropping a final ー
)

const (
	maxWord  = 40 // code points; longer words are hashes and encoded data
	maxWhole = 80 // code points; holds an ARN
	maxJoint = 3  // joiners in a row inside an identifier: arn:aws:s3:::name
	longKana = 4  // a katakana run this long that ends in ー is also read without it
	minKana  = 3  // characters that make a katakana word worth finding whole
)

// Token is a term and where it came from.
type Token struct {
	Term  string
	Kind  Kind
	Start int // byte offset in the analysed text
	End   int
}

// Analyze cuts text into the terms under which it is found. It is the only
// analyzer: both indexes are built from it, and analyzer.js is its port. The
// order of tokens is that of the text, words before their parts.
func Analyze(text string) []Token {
	a := analysis{letters: normalize(text)}
	a.run()
	return a.tokens
}

type analysis struct {
	*letters
	tokens []Token
	width  int // words and characters of runs, as a query counts them
}

func (a *analysis) run() {
	a.width = 0
	a.tokens = slices.Grow(a.tokens[:0], len(a.runes)/2)
	for i := 0; i < len(a.runes); {
		switch c := a.class[i]; {
		case c == word:
			i = a.identifier(i)
		case c.cjk():
			end := i + 1
			for end < len(a.runes) && a.class[end].cjk() {
				end++
			}
			a.bigrams(i, end)
			i = end
		default:
			i++
		}
	}
}

func (a *analysis) emit(kind Kind, from, to int) {
	a.tokens = append(a.tokens, Token{a.cut(from, to), kind, int(a.start[from]), int(a.end[to-1])})
}

// identifier emits the words that begin at i, and what joiners make of them,
// and returns where it stopped.
func (a *analysis) identifier(i int) int {
	start, words := i, 0
	for {
		end := i
		for end < len(a.runes) && a.class[end] == word {
			end++
		}
		a.word(i, end)
		words++
		next := end
		for next < len(a.runes) && next-end < maxJoint && joins(a.runes[next]) {
			next++
		}
		if next == end || next == len(a.runes) || a.class[next] != word {
			if words > 1 {
				a.emit(Whole, start, min(end, start+maxWhole))
			}
			return end
		}
		i = next
	}
}

// word emits a word and its camelCase parts.
func (a *analysis) word(from, to int) {
	a.width++
	a.emit(Word, from, min(to, from+maxWord))
	part := from
	for i := from + 1; i <= to; i++ {
		if i < to && !a.hump(i, to) {
			continue
		}
		if (part > from || i < to) && i-part >= 2 {
			a.emit(Part, part, min(i, part+maxWord))
		}
		part = i
	}
}

// hump says that a new part of a camelCase word begins at i: loopingPod,
// HTTPServer, EC2Instance. Only ASCII letters have humps.
func (a *analysis) hump(i, to int) bool {
	if !upper(a.runes[i]) {
		return false
	}
	before := a.runes[i-1]
	if before >= 'a' && before <= 'z' {
		return true
	}
	next := i+1 < to && a.runes[i+1] >= 'a' && a.runes[i+1] <= 'z'
	return next && (upper(before) || before >= '0' && before <= '9')
}

func upper(r rune) bool { return r >= 'A' && r <= 'Z' }

// bigrams emits the neighbours of a run without spaces, so that any two or more
// of its characters find it. Where a long katakana word ends in ー, what would
// stand there without the mark is emitted too.
func (a *analysis) bigrams(from, to int) {
	a.width += to - from
	for i := from; i < to; i++ {
		if i+1 < to {
			a.emit(Bigram, i, i+2)
		}
		if a.prolonged(from, i, to) {
			a.fold(i, to)
			a.width--
		}
	}
	if a.class[to-1] != hiragana {
		a.emit(Last, to-1, to)
	}
	a.kanaWords(from, to)
}

// kanaWords emits the katakana words of a run.
func (a *analysis) kanaWords(from, to int) {
	for i := from; i < to; i++ {
		if a.class[i] == katakana && (i+1 == to || a.class[i+1] != katakana) {
			a.kanaWord(from, i, to)
		}
	}
}

// kanaWord emits the katakana word that ends at i as a whole, without a final ー:
// its pairs alone are found in other words too.
func (a *analysis) kanaWord(from, i, to int) {
	start := a.kanaStart(from, i)
	if a.prolonged(from, i, to) {
		i--
	}
	if i+1-start >= minKana {
		a.emit(Whole, start, min(i+1, start+maxWord))
	}
}

// kanaStart returns where the katakana that ends at i begins.
func (a *analysis) kanaStart(from, i int) int {
	for i > from && a.class[i-1] == katakana {
		i--
	}
	return i
}

// prolonged says that the rune at i is the final ー of a long katakana word.
func (a *analysis) prolonged(from, i, to int) bool {
	if a.runes[i] != 'ー' || i+1 < to && a.class[i+1] == katakana {
		return false
	}
	return i+1-a.kanaStart(from, i) >= longKana
}

// fold emits what joins the rune before the ー at i to the rune after it.
func (a *analysis) fold(i, to int) {
	token := Token{Kind: Folded, Start: int(a.start[i-1]), End: int(a.end[i])}
	if i+1 < to {
		token.Term = a.cut(i-1, i) + a.cut(i+1, i+2)
		token.End = int(a.end[i+1])
	} else {
		token.Term = a.cut(i-1, i)
	}
	a.tokens = append(a.tokens, token)
}

// foldRun returns the characters of a run as a query reads them, without the
// final ー of long katakana words, and where each stands.
func (a *analysis) foldRun(from, to int) (characters []string, places []int) {
	for i := from; i < to; i++ {
		if !a.prolonged(from, i, to) {
			characters = append(characters, a.cut(i, i+1))
			places = append(places, i)
		}
	}
	return characters, places
}

// weak says that a bigram holds hiragana: grammar more often than meaning.
func weak(term string) bool { return strings.ContainsFunc(term, isHiragana) }

// soft says that a bigram is nothing but hiragana.
func soft(term string) bool {
	return !strings.ContainsFunc(term, func(r rune) bool { return !isHiragana(r) })
}

func isHiragana(r rune) bool { return r >= 0x3041 && r <= 0x309F }
