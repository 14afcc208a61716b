package webindex_test

import (
	"errors"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"unicode/utf16"

	"opsbook/search"
	"opsbook/search/quality"
	"opsbook/search/webindex"
)

// corpora are real documents beside the repository; tests that want them are
// skipped by name where they are absent.
func corpora(t *testing.T) []search.Record {
	t.Helper()
	records, err := quality.Records(os.DirFS(filepath.Join("..", "..", "..", "shared", "corpora")))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("../shared/corpora is absent")
	}
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func build(t *testing.T, records []search.Record) map[string][]byte {
	t.Helper()
	var entries []webindex.Entry
	for _, r := range records {
		entries = append(entries, webindex.Analyze(r))
	}
	files, err := webindex.Write(entries, webindex.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func open(t *testing.T, files map[string][]byte) *webindex.Reader {
	t.Helper()
	reader, err := webindex.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	return reader
}

// jsAnswer is what reader.js answers.
type jsAnswer struct {
	Hits, Nearest []search.Hit
	Total         int
	Facets        map[string]map[string]int
	Note          struct {
		Common    []string
		Corrected []search.Correction
	}
	Loads        []string
	Milliseconds float64
}

// The browser's order is the Go reader's: same hits, scores to 1e-9, same
// sections, facets and notes; and once the texts are known, snippets and marks.
func TestRanksLikeGo(t *testing.T) {
	records := corpora(t)
	for i := range records { // what the corpora lack
		switch i % 7 {
		case 0:
			records[i].Due, records[i].Severity = "2026-10-01", "SEV1"
		case 1:
			records[i].Due, records[i].Owner = "2026-11-08", "sre"
		case 2:
			records[i].Status, records[i].Services = "archived", []string{"orders", "web"}
		case 3:
			records[i].Boost, records[i].Severity = 1.25, "P3"
		}
	}
	files := build(t, records)
	heads := open(t, files)
	maps.Copy(files, webindex.Texts(records))
	reader := open(t, files)
	js := startNode(t, writeIndex(t, files))
	queries := append(slices.Clone(quality.Everyday), "", "owner:sre", "state:stale node", "service:orders,web kube", "severity:sev1 再起動", "！？")
	for _, text := range queries {
		q := search.Query{Text: text, Limit: 10, Clock: "2026-11-01", Lang: "ja"}
		for told, reader := range map[bool]*webindex.Reader{false: heads, true: reader} {
			want, err := reader.Search(q)
			if err != nil {
				t.Fatal(err)
			}
			var got jsAnswer
			js.ask(map[string]any{"op": "search", "query": text, "told": told, "options": map[string]any{"limit": 10, "clock": q.Clock, "lang": q.Lang}}, &got)
			compareAnswers(t, text, got, want)
		}
	}
}

func compareAnswers(t *testing.T, text string, got jsAnswer, want search.Answer) {
	t.Helper()
	if got.Total != want.Total || len(got.Hits) != len(want.Hits) || len(got.Nearest) != len(want.Nearest) {
		t.Errorf("%q: %d hits of %d, Go has %d of %d", text, len(got.Hits), got.Total, len(want.Hits), want.Total)
		return
	}
	for i, w := range append(want.Hits, want.Nearest...) {
		g := append(got.Hits, got.Nearest...)[i]
		if g.URL != w.URL || math.Abs(g.Score-w.Score) > 1e-9 {
			t.Errorf("%q: hit %d is %s %.12f, Go has %s %.12f", text, i, g.URL, g.Score, w.URL, w.Score)
			return
		}
		if g.Title != w.Title || g.Anchor != w.Anchor || g.Section != w.Section || g.Snippet != w.Snippet {
			t.Errorf("%q: hit %d opens at %q with %q, Go at %q with %q", text, i, g.Anchor, g.Snippet, w.Anchor, w.Snippet)
		}
		if !slices.Equal(marked(g.Snippet, g.Marks, true), marked(w.Snippet, w.Marks, false)) {
			t.Errorf("%q: hit %d marks %v, Go %v in %q", text, i, g.Marks, w.Marks, w.Snippet)
		}
	}
	for facet, values := range want.Facets {
		for value, n := range values {
			if got.Facets[facet][value] != n {
				t.Errorf("%q: facet %s=%s counts %d, Go %d", text, facet, value, got.Facets[facet][value], n)
			}
		}
	}
	if !slices.Equal(got.Note.Common, want.Common) || len(got.Note.Corrected) != len(want.Corrected) {
		t.Errorf("%q: notes %v, Go has %v %v", text, got.Note, want.Common, want.Corrected)
	}
}

// marked returns what a hit highlights: Go counts runes, JavaScript UTF-16.
func marked(snippet string, marks [][2]int, units bool) []string {
	var all []string
	for _, m := range marks {
		if units {
			all = append(all, string(utf16.Decode(utf16.Encode([]rune(snippet))[m[0]:m[1]])))
		} else {
			all = append(all, string([]rune(snippet)[m[0]:m[1]]))
		}
	}
	return all
}
