package webindex_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"opsbook/search"
	"opsbook/search/quality"
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

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// everyday draws what people type: titles, headings and a few words of a text.
func everyday(records []search.Record, n int) []string {
	source := rand.New(rand.NewPCG(9, 9))
	words := regexp.MustCompile(`\p{Han}{2,6}|[ァ-ヶー]{3,10}|[A-Za-z]{4,}`)
	var queries []string
	for len(queries) < n {
		r := records[source.IntN(len(records))]
		s := r.Sections[source.IntN(len(r.Sections))]
		switch found := words.FindAllString(s.Text, -1); {
		case len(queries)%4 == 0 && s.Heading != "":
			queries = append(queries, s.Heading)
		case len(queries)%4 == 1:
			queries = append(queries, r.Title)
		case len(found) > 3:
			at := source.IntN(len(found) - 2)
			queries = append(queries, strings.Join(found[at:at+1+source.IntN(2)], " "))
		}
	}
	return queries
}

// Sizes, bytes on the wire and times with many documents; asked for by
// make search-quality.
func TestScale(t *testing.T) {
	if *scale == 0 {
		t.Skip("-scale says with how many documents")
	}
	records := quality.Synthesize(corpora(t), *scale, .5, 1)
	text := 0
	for _, r := range records {
		for _, s := range r.Sections {
			text += len(s.Text)
		}
	}
	before := cpu()
	var entries []webindex.Entry
	for _, r := range records {
		entries = append(entries, webindex.Analyze(r))
	}
	analyzed := cpu()
	started := time.Now()
	files, err := webindex.Write(entries, webindex.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d documents of %d KB text: analysed in %v of CPU, written in %v of CPU, %v on the clock",
		len(records), text/len(records)>>10, analyzed-before, cpu()-analyzed, time.Since(started))
	raw, packed, count := map[string]int{}, map[string]int{}, map[string]int{}
	wire := map[string]int{}
	for path, data := range files {
		kind := strings.TrimRight(strings.Split(strings.TrimPrefix(path, "search/"), ".")[0], "0123456789")
		wire[path] = gzipped(data)
		raw[kind] += len(data)
		packed[kind] += wire[path]
		count[kind]++
	}
	for _, kind := range []string{"index", "s", "lex", "c", "f"} {
		t.Logf("  %-6s %5d files %7d KB, gzip %7d KB", kind, count[kind], raw[kind]>>10, packed[kind]>>10)
	}
	dir := writeIndex(t, files)
	queries := everyday(records, 200)
	var bytes, times []float64
	js := startNode(t, dir)
	ask := func(q string, limit int, cold bool) (a jsAnswer) {
		js.ask(map[string]any{"op": "search", "query": q, "cold": cold, "options": map[string]any{"limit": limit, "clock": "2026-11-01"}}, &a)
		return a
	}
	for _, q := range queries {
		a, sum := ask(q, 1, true), 0
		for _, path := range a.Loads {
			sum += wire[path]
		}
		bytes = append(bytes, float64(sum)/1024)
		if sum > 100<<10 {
			t.Logf("  %q loads %d KB: %v", q, sum>>10, a.Loads)
		}
	}
	for range 2 {
		times = times[:0]
		for _, q := range queries {
			ask(q, 10, false)
			a := ask(q, 10, false)
			times = append(times, a.Milliseconds)
			if a.Milliseconds > 16 {
				t.Logf("  %q takes %.1f ms", q, a.Milliseconds)
			}
		}
	}
	slices.Sort(bytes)
	slices.Sort(times)
	t.Logf("first hit: median %.0f KB, p90 %.0f KB; warm: median %.1f ms, p90 %.1f ms", bytes[100], bytes[180], times[100], times[180])
}
