//go:build browser

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestOfflineCost prints what keeping a copy costs at 60 and 1,000 documents (make offline-cost). The server is on this machine, so the time is
// that of hashing and storing.
func TestOfflineCost(t *testing.T) {
	for _, docs := range []int{60, 1000} {
		t.Run(fmt.Sprint(docs), func(t *testing.T) {
			source := filepath.Join(t.TempDir(), "corpus")
			if said, err := exec.Command("go", "run", "../../internal/corpus", "--from", "../../content", "--docs", fmt.Sprint(docs), "--out", source).CombinedOutput(); err != nil {
				t.Fatalf("make %d documents: %v\n%s", docs, err, said)
			}
			h := hostOwn(t, source)
			b := runTab(t, h.home)
			asked, sent, begun := h.asked.Load(), h.sent.Load(), time.Now()
			b.open(t, h.home)
			before := h.asked.Load() - asked
			files := kept(t, b, "") // waits until the copy is whole
			took := time.Since(begun)
			fetched, raw := h.asked.Load()-asked, h.sent.Load()-sent
			if early := eval[int](t, b, early); early != 0 {
				t.Errorf("%d files of the copy were asked for before load", early)
			}
			asked, sent = h.asked.Load(), h.sent.Load()
			b.open(t, h.home)
			b.until(t, `navigator.serviceWorker.controller`)
			time.Sleep(2 * time.Second)
			t.Logf("%d documents, version %s: %s files, %.1f MB kept, %.1f MB by gzip, list %.0f KB by gzip; %d requests and %.1f MB sent in %.1f s (%d of them for the page itself); the next visit: %d requests, %.0f KB",
				docs, files[:8], copyRecord(t, b, "r.now.files.length"), float64(raw)/1e6, gzipOfCopy(t, h.dir), gzipOf(t, filepath.Join(h.dir, "offline.json"))/1e3,
				fetched, float64(raw)/1e6, took.Seconds(), before, h.asked.Load()-asked, float64(h.sent.Load()-sent)/1e3)
		})
	}
}

// early counts what was asked for on behalf of the copy before the page was loaded.
const early = `(() => { const load = performance.getEntriesByType("navigation")[0].loadEventStart;
	return performance.getEntriesByType("resource").filter((e) => /offline|sw\.js/.test(e.name) && e.startTime < load).length })()`

// gzipOfCopy is how many megabytes a copy is on a line that compresses, file by file.
func gzipOfCopy(t *testing.T, dir string) float64 {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "offline.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Files [][]any }
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	var sum float64
	seen := map[any]bool{}
	for _, f := range list.Files {
		if !seen[f[1]] {
			sum += gzipOf(t, filepath.Join(dir, filepath.FromSlash(f[0].(string))))
		}
		seen[f[1]] = true
	}
	return sum / 1e6
}

func gzipOf(t *testing.T, name string) float64 {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return float64(b.Len())
}
