package webindex_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"opsbook/search"
)

var (
	update = flag.Bool("update", false, "rewrite the goldens")
	all    = flag.Bool("all", false, "compare all code points and 200,000 random strings, not a share of them, and ask 5,000 documents")
)

// seen is a token as both languages can compare it: its term, its kind and the
// source text it stands on.
type seen [3]string

func analyzed(text string) []seen {
	found := []seen{}
	for _, t := range search.Analyze(text) {
		found = append(found, seen{t.Term, string(rune(t.Kind)), text[t.Start:t.End]})
	}
	return found
}

// The goldens are read by analyzer.test.js too.
func TestAnalyzeGoldens(t *testing.T) {
	path := filepath.Join("testdata", "analyzer.json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var goldens []struct {
		Text   string `json:"text"`
		Tokens []seen `json:"tokens"`
	}
	if err := json.Unmarshal(data, &goldens); err != nil {
		t.Fatal(err)
	}
	for i, g := range goldens {
		got := analyzed(g.Text)
		if !slices.Equal(got, g.Tokens) && !*update {
			t.Errorf("%q:\n got %q\nwant %q", g.Text, got, g.Tokens)
		}
		goldens[i].Tokens = got
	}
	if !*update {
		return
	}
	var b strings.Builder
	b.WriteString("[\n")
	for i, g := range goldens {
		line, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s%s\n", line, map[bool]string{true: ",", false: ""}[i+1 < len(goldens)])
	}
	b.WriteString("]\n")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func compareAnalysis(t *testing.T, js *node, text string) bool {
	t.Helper()
	var got []seen
	js.ask(map[string]string{"op": "analyze", "text": text}, &got)
	want := analyzed(text)
	if !slices.Equal(got, want) {
		t.Errorf("%q (%U):\n  js %q\n  go %q", text, []rune(text), got, want)
		return false
	}
	return true
}

// unicodeGrew lists, by name, the code points on which Go and a newer browser
// disagree because they were assigned after Unicode 15.0, which Go knows.
var unicodeGrew = [][2]rune{
	{0x1C89, 0x1C89},   // CYRILLIC CAPITAL LETTER TJE
	{0xA7CB, 0xA7CB},   // LATIN CAPITAL LETTER RAMS HORN
	{0xA7CC, 0xA7CC},   // LATIN CAPITAL LETTER S WITH DIAGONAL STROKE
	{0xA7CE, 0xA7CE},   // LATIN CAPITAL LETTER PHARYNGEAL VOICED FRICATIVE
	{0xA7D2, 0xA7D2},   // LATIN CAPITAL LETTER DOUBLE THORN
	{0xA7D4, 0xA7D4},   // LATIN CAPITAL LETTER DOUBLE WYNN
	{0xA7DA, 0xA7DA},   // LATIN CAPITAL LETTER LAMBDA
	{0xA7DC, 0xA7DC},   // LATIN CAPITAL LETTER LAMBDA WITH STROKE
	{0xA7F1, 0xA7F1},   // MODIFIER LETTER CAPITAL S
	{0x10D50, 0x10D65}, // GARAY CAPITAL LETTER A to OLD NA
	{0x16EA0, 0x16EB8}, // BERIA ERFE CAPITAL LETTERS
	{0x1CCD6, 0x1CCF9}, // OUTLINED LATIN CAPITAL LETTERS AND DIGITS
}

func grew(r rune) bool {
	return slices.ContainsFunc(unicodeGrew, func(s [2]rune) bool { return r >= s[0] && r <= s[1] })
}

// dull says that r lies in a wide range of one class, where one code point in
// 64 stands for its neighbours.
func dull(r rune) bool {
	wide := r >= 0x4E00 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3 || r >= 0xE000 && r <= 0xF8FF ||
		r >= 0x12000 && r <= 0x18FFF || r >= 0x20000 && r < 0xE0000 || r >= 0xE0200
	return wide && r%64 != 1
}

// Every code point, alone, between letters and behind a kana that it may modify.
func TestAnalyzesEveryCodePointLikeGo(t *testing.T) {
	js := startNode(t, t.TempDir())
	var b strings.Builder
	failures := 0
	flush := func() {
		if !compareAnalysis(t, js, b.String()) {
			failures++
		}
		b.Reset()
	}
	for r := rune(0); r <= utf8.MaxRune && failures < 10; r++ {
		if r >= 0xD800 && r <= 0xDFFF || grew(r) || !*all && dull(r) {
			continue
		}
		fmt.Fprintf(&b, "%c a%cB か%cハ%c ", r, r, r, r)
		if r%64 == 63 {
			flush()
		}
	}
	flush()
}

// alphabet favours what makes tokens interesting.
var alphabet = []rune("abcXYZ019 _-.:/サーバガハ゛゜ﾊﾞｰﾟかがをの障害対応々ＡＷｓ１éÅñß\u0301\u3099\u309A\u200D\uFE0F😀①㈱株한글ḁǆœ…·\n\t")

func randomText(source *rand.Rand) string {
	var b strings.Builder
	for range 1 + source.IntN(30) {
		if source.IntN(12) > 0 {
			b.WriteRune(alphabet[source.IntN(len(alphabet))])
			continue
		}
		if r := rune(source.IntN(0x30000)); (r < 0xD800 || r > 0xDFFF) && !grew(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func TestAnalyzesRandomTextLikeGo(t *testing.T) {
	js := startNode(t, t.TempDir())
	source := rand.New(rand.NewPCG(1, 2))
	count := 5_000
	if *all {
		count = 200_000
	}
	for failures := 0; count > 0 && failures < 10; count-- {
		if !compareAnalysis(t, js, randomText(source)) {
			failures++
		}
	}
}

// Every field of the documents, corpora and example alike.
func TestAnalyzesDocumentsLikeGo(t *testing.T) {
	js := startNode(t, t.TempDir())
	failures := 0
	for _, r := range corpora(t) {
		fields := []string{r.Title, r.URL}
		for _, s := range r.Sections {
			fields = append(fields, s.Heading, s.Text)
		}
		for _, text := range fields {
			if !compareAnalysis(t, js, text) {
				if failures++; failures == 10 {
					return
				}
			}
		}
	}
}
