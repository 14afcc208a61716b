package bleveindex_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"opsbook/search"
	"opsbook/search/bleveindex"
	"opsbook/search/quality"
	"opsbook/search/webindex"
)

// corpora are real documents beside the repository; tests that want them are
// skipped by name where they are absent.
func corpora(t *testing.T) []search.Record {
	t.Helper()
	root := filepath.Join("..", "..", "..", "shared", "corpora")
	records, err := quality.Records(os.DirFS(root))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("../shared/corpora is absent")
	}
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func few() []search.Record {
	return []search.Record{
		{
			Title: "RDS フェイルオーバー", URL: "runbooks/rds/", Type: "runbook", Owner: "dba", Severity: "SEV1", Alerts: []string{"RDSFailover"}, File: "runbooks/rds.md",
			Sections: []search.Section{{}, {Anchor: "steps", Heading: "手順", Line: 12, Text: "データベース (database) の接続を止める。\nレプリカを昇格する。"}},
		},
		{
			Title: "Restart the order service", URL: "runbooks/restart/", Type: "runbook", Owner: "sre", Severity: "SEV2",
			Sections: []search.Section{{Text: "After a race condition the service stops answering."}},
		},
		{
			Title: "鍵の交換", URL: "runbooks/keys/", Type: "runbook", Owner: "sre", Status: "archived",
			Sections: []search.Section{{Text: "証明書と秘密鍵を交換する。つながらないときは戻す。"}},
		},
	}
}

func titles(hits []search.Hit) string {
	var all []string
	for _, h := range hits {
		all = append(all, h.Title)
	}
	return strings.Join(all, " | ")
}

func TestSearch(t *testing.T) {
	x, err := bleveindex.Memory()
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if err := x.Update(context.Background(), few(), [][]string{{"昇格", "promotion"}}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"rdsfailover":       "RDS フェイルオーバー",
		"ﾌｪｲﾙｵｰﾊﾞ":          "RDS フェイルオーバー",
		"止める":               "RDS フェイルオーバー | Restart the order service",
		"databse":           "RDS フェイルオーバー",
		"promotion":         "RDS フェイルオーバー",
		"つながらない":            "鍵の交換",
		"鍵":                 "鍵の交換",
		"リスタート":             "Restart the order service",
		"owner:sre restart": "Restart the order service",
		"owner:dba restart": "",
		"xylophone":         "",
	} {
		hits, err := x.Search(context.Background(), search.Query{Text: query})
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		if got := titles(hits); got != want {
			t.Errorf("search %q found %q, want %q", query, got, want)
		}
	}
}

func TestHitOpensAtItsSection(t *testing.T) {
	x, err := bleveindex.Memory()
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if err := x.Update(context.Background(), few(), nil); err != nil {
		t.Fatal(err)
	}
	hits, err := x.Search(context.Background(), search.Query{Text: "昇格"})
	if err != nil || len(hits) != 1 {
		t.Fatalf("hits %v, error %v", hits, err)
	}
	h := hits[0]
	if h.Section != "手順" || h.Anchor != "steps" || h.Line != 12 || h.File != "runbooks/rds.md" {
		t.Errorf("hit is %+v", h)
	}
	if len(h.Marks) != 1 {
		t.Fatalf("marks %v in %q", h.Marks, h.Snippet)
	}
	if got := string([]rune(h.Snippet)[h.Marks[0][0]:h.Marks[0][1]]); got != "昇格" {
		t.Errorf("highlighted %q", got)
	}
}

func TestUpdateFollowsTheRecords(t *testing.T) {
	dir := t.TempDir()
	records := few()
	find := func(query string) string {
		t.Helper()
		x, err := bleveindex.OpenIn(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		if err := x.Update(context.Background(), records, nil); err != nil {
			t.Fatal(err)
		}
		hits, err := x.Search(context.Background(), search.Query{Text: query})
		if err != nil {
			t.Fatal(err)
		}
		return titles(hits)
	}
	if got := find("race"); got != "Restart the order service" {
		t.Errorf("before the edit: %q", got)
	}
	records[1].Sections[0].Text = "After a deadlock."
	if got := find("race"); got != "" {
		t.Errorf("the old text is still found: %q", got)
	}
	if got := find("deadlock"); got != "Restart the order service" {
		t.Errorf("the new text is not found: %q", got)
	}
	records = records[:1]
	if got := find("deadlock"); got != "" {
		t.Errorf("the removed record is still found: %q", got)
	}
}

func TestOpenReplacesADamagedIndex(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "search"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "search", "index_meta.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	x, err := bleveindex.OpenIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if err := x.Update(context.Background(), few(), nil); err != nil {
		t.Fatal(err)
	}
}

func TestOpenTwiceNamesTheOther(t *testing.T) {
	dir := t.TempDir()
	x, err := bleveindex.OpenIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if err := x.Update(context.Background(), few(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := bleveindex.OpenIn(dir); err == nil || !strings.Contains(err.Error(), "another opsbook") {
		t.Errorf("error is %v", err)
	}
}

// The terminal and the browser rank alike: scores equal, order equal.
func TestRanksLikeTheBrowser(t *testing.T) {
	records := corpora(t)
	var entries []webindex.Entry
	for _, r := range records {
		entries = append(entries, webindex.Analyze(r))
	}
	files, err := webindex.Write(entries, webindex.Options{})
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(files, webindex.Texts(records))
	web, err := webindex.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	x, err := bleveindex.Memory()
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	// An update over an update: deleted versions must not count.
	stale := append([]search.Record(nil), records...)
	for i := range stale[:20] {
		stale[i].Tags = []string{"stale"}
	}
	for _, update := range [][]search.Record{stale, records} {
		if err := x.Update(context.Background(), update, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range quality.Everyday {
		q := search.Query{Text: text, Limit: 10, Clock: "2026-11-01"}
		want, err := web.Search(q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := x.Search(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want.Hits) {
			t.Errorf("%q: %d hits, the browser has %d", text, len(got), len(want.Hits))
			continue
		}
		for i, h := range got {
			w := want.Hits[i]
			if h.URL != w.URL || math.Abs(h.Score-w.Score) > 1e-9 || h.Snippet != w.Snippet || h.Anchor != w.Anchor {
				t.Errorf("%q: hit %d is %s %.9f, the browser has %s %.9f", text, i, h.URL, h.Score, w.URL, w.Score)
				break
			}
		}
	}
}
