package webindex_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"opsbook/search"
	"opsbook/search/quality"
)

// piece cuts 2 to 12 characters out of a record: Japanese anywhere, Latin from
// a word's start.
func piece(source *rand.Rand, r search.Record) string {
	s := r.Sections[source.IntN(len(r.Sections))]
	text := []rune(r.Title)
	switch n := source.IntN(8); {
	case n == 1:
		text = []rune(s.Heading)
	case n > 1:
		text = []rune(s.Text)
	}
	if len(text) < 2 {
		return ""
	}
	start := source.IntN(len(text) - 1)
	if !japanese(text[start]) {
		for start > 0 && letter(text[start-1]) {
			start--
		}
	}
	end := min(len(text), start+2+source.IntN(11))
	cut := strings.TrimSpace(string(text[start:end]))
	if line, _, _ := strings.Cut(cut, "\n"); len([]rune(line)) >= 2 {
		return line
	}
	return ""
}

func japanese(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r == 'ー'
}

func letter(r rune) bool { return !japanese(r) && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// searchable says that a piece has something to look for: a run of two Japanese
// characters, or a word.
func searchable(piece string) bool {
	runes := []rune(piece)
	for i := range runes {
		if i > 0 && (japanese(runes[i-1]) && japanese(runes[i]) || letter(runes[i-1]) && letter(runes[i])) {
			return true
		}
	}
	return false
}

// Any two or more characters of a Japanese run, and any word or beginning of a
// word, find their page. With -all, among 5,000 generated documents, half of
// them Japanese.
func TestEveryPieceFindsItsPage(t *testing.T) {
	records := corpora(t)
	if *all {
		records = quality.Synthesize(records, 5_000, .5, 1)
	}
	reader := open(t, build(t, records))
	source := rand.New(rand.NewPCG(7, 7))
	for asked := 0; asked < 2000; {
		r := records[source.IntN(len(records))]
		text := piece(source, r)
		if !searchable(text) {
			continue
		}
		asked++
		ranking, err := reader.Rank(search.Query{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		here := func(f search.Found) bool { return ranking.Docs[f.Doc].URL == r.URL }
		if !slices.ContainsFunc(ranking.Found, here) {
			t.Errorf("%q does not find %s among %d", text, r.URL, len(ranking.Found))
		}
	}
}
