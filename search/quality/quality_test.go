package quality

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"opsbook/search"
	"opsbook/search/webindex"
)

var update = flag.Bool("update", false, "draw the questions anew")

const questions = "testdata/questions.json"

// corpora are real documents beside the repository; without them the test is
// skipped by name.
func corpora(t *testing.T) ([]search.Record, []Alert) {
	t.Helper()
	root := os.DirFS(filepath.Join("..", "..", "..", "shared", "corpora"))
	records, err := Records(root)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("../shared/corpora is absent")
	}
	if err != nil {
		t.Fatal(err)
	}
	alerts, err := Alerts(root)
	if err != nil {
		t.Fatal(err)
	}
	return records, alerts
}

// The questions are those that were drawn before anything was tuned.
func TestQuestionsAreDrawnByTheSeed(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("[\n")
	for i, k := range Draw(corpora(t)) {
		if i > 0 {
			b.WriteString(",\n")
		}
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(k); err != nil {
			t.Fatal(err)
		}
		b.Truncate(b.Len() - 1)
	}
	b.WriteString("\n]\n")
	if *update {
		if err := os.WriteFile(questions, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(questions)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Error("the questions differ from testdata/questions.json")
	}
}

// least is the mean reciprocal rank that each class must reach.
var least = map[string]float64{
	"title": .95, "heading": .95, "pasted alert": .90, "three rare words": .85,
	"typo": .80, "kana and width": .90, "conjugated": .80, "pasted line": .80,
}

func TestQuality(t *testing.T) {
	records, _ := corpora(t)
	var entries []webindex.Entry
	for _, r := range records {
		entries = append(entries, webindex.Analyze(r))
	}
	files, err := webindex.Write(entries, webindex.Options{})
	if err != nil {
		t.Fatal(err)
	}
	reader, err := webindex.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	known, err := Questions(os.DirFS("."), questions)
	if err != nil {
		t.Fatal(err)
	}
	scores := Measure(known, func(query string) ([]string, error) {
		a, err := reader.Search(search.Query{Text: query})
		var urls []string
		for _, h := range a.Hits {
			urls = append(urls, h.URL)
		}
		return urls, err
	})
	for _, s := range scores {
		t.Logf("%-18s %s  MRR@10 %.3f, %d of %d missed", s.Class, s.Lang, s.MRR, s.Missed, s.Asked)
		if s.MRR < least[s.Class] {
			t.Errorf("%s (%s): MRR@10 is %.3f, want %.2f", s.Class, s.Lang, s.MRR, least[s.Class])
		}
		if testing.Verbose() {
			for _, m := range s.Misses {
				fmt.Printf("   rank %d: %.150q\n      want %s\n", m.Rank, m.Query, m.URL)
			}
		}
	}
}
