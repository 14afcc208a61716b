package quality

import (
	"bytes"
	"compress/gzip"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"opsbook/search/webindex"
)

var scale = flag.Int("scale", 0, "documents to measure size and speed with")

func gzipped(data []byte) int {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Len()
}

// Sizes, bytes on the wire and times with many documents, beside Pagefind.
func TestScale(t *testing.T) {
	if *scale == 0 {
		t.Skip("-scale says with how many documents")
	}
	real, _ := corpora(t)
	records := Synthesize(real, *scale, .5, 1)
	text := 0
	for _, r := range records {
		for _, s := range r.Sections {
			text += len(s.Text)
		}
	}
	before := cpu()
	entries := make([]webindex.Entry, len(records))
	for i, r := range records {
		entries[i] = webindex.Analyze(r)
	}
	analyzed := cpu()
	files, err := webindex.Write(entries, webindex.Options{})
	if err != nil {
		t.Fatal(err)
	}
	spent := cpu() - before
	t.Logf("%d documents of %d KB: analysed in %v of CPU, written in %v", len(records), text/len(records)>>10, analyzed-before, before+spent-analyzed)
	wire, size := measureFiles(t, files)
	queries := Asked(records, 200)
	measureQueries(t, files, wire, queries)
	if !*compare {
		return
	}
	p := buildPagefind(t, records)
	t.Logf("Pagefind: index %d KB, with texts %d KB, %v of CPU", p.size>>10, p.all>>10, p.cpu)
	stored, sent := 0, 0
	for path, data := range files {
		stored, sent = stored+len(data), sent+wire[path]
	}
	t.Logf("ours: index %.3f of Pagefind's, both compressed; with what is drawn of a hit (of Pagefind's, its texts) %.3f compressed, %.3f as it lies on the disk; CPU %.3f",
		float64(size)/float64(p.size), float64(sent)/float64(p.all), float64(stored)/float64(p.all), float64(spent)/float64(p.cpu))
	if size*4 > p.size {
		t.Error("the index is more than a quarter of Pagefind's")
	}
	if spent*10 > p.cpu {
		t.Error("the index takes more than a tenth of Pagefind's CPU")
	}
	engine := map[string]*script{"en": p.start(t, "en"), "ja": p.start(t, "ja")}
	var cold []float64
	for _, q := range queries {
		lang := "en"
		if strings.ContainsFunc(q, func(r rune) bool { return r >= 0x3041 && r <= 0x9FFF }) {
			lang = "ja"
		}
		var a struct{ Bytes int }
		engine[lang].ask(map[string]any{"query": q, "cold": true, "limit": 1}, &a)
		cold = append(cold, float64(a.Bytes)/1024)
	}
	slices.Sort(cold)
	t.Logf("Pagefind, first hit: median %.0f KB, p90 %.0f KB", cold[len(cold)/2], cold[len(cold)*9/10])
}

// measureFiles prints the sizes of the parts, and returns the gzipped size of
// each file and of all but the titles and headings.
func measureFiles(t *testing.T, files map[string][]byte) (wire map[string]int, index int) {
	raw, packed, count := map[string]int{}, map[string]int{}, map[string]int{}
	wire = map[string]int{}
	for path, data := range files {
		kind := strings.TrimRight(strings.Split(strings.TrimPrefix(path, "search/"), ".")[0], "0123456789")
		wire[path] = gzipped(data)
		raw[kind] += len(data)
		packed[kind] += wire[path]
		count[kind]++
		if kind != "f" {
			index += wire[path]
		}
	}
	for _, kind := range []string{"index", "s", "lex", "c", "f"} {
		t.Logf("  %-6s %5d files %7d KB, gzip %7d KB", kind, count[kind], raw[kind]>>10, packed[kind]>>10)
	}
	return wire, index
}

// measureQueries prints what the browser loads for a first hit, and how much
// CPU a question takes when everything is loaded.
func measureQueries(t *testing.T, files map[string][]byte, wire map[string]int, queries []string) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "search"), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, data := range files {
		if err := os.WriteFile(filepath.Join(dir, path), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	js := startScript(t, filepath.Join("..", "webindex", "testdata", "drive.js"), dir)
	type answer struct {
		Loads        []string
		Milliseconds float64
	}
	ask := func(q string, limit int, cold bool) (a answer) {
		js.ask(map[string]any{"op": "search", "query": q, "cold": cold, "options": map[string]any{"limit": limit, "clock": "2026-11-01"}}, &a)
		return a
	}
	var loaded, times []float64
	for _, q := range queries {
		sum := 0
		for _, path := range ask(q, 1, true).Loads {
			sum += wire[path]
		}
		loaded = append(loaded, float64(sum)/1024)
	}
	for range 3 { // the last round is warm
		times = times[:0]
		for _, q := range queries {
			times = append(times, ask(q, 10, false).Milliseconds)
		}
	}
	slices.Sort(loaded)
	slices.Sort(times)
	middle, most := len(queries)/2, len(queries)*9/10
	t.Logf("first hit: median %.0f KB, p90 %.0f KB; warm: median %.1f ms, p90 %.1f ms of CPU", loaded[middle], loaded[most], times[middle], times[most])
	if loaded[middle] > 60 || loaded[most] > 110 {
		t.Error("the first hit costs more than 60 KB (median) or 110 KB (p90)")
	}
	if times[most] > 16 {
		t.Error("a warm question takes more than 16 ms")
	}
}
