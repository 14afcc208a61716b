//go:build browser && measure

package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"opsbook/search/quality"
)

// measured is how many documents search is measured with.
const measured = 5000

var asking = flag.Int("queries", 200, "how many queries are asked of a browser")

// zipped answers as hosting does: files compressed, hashed ones kept for ever. It counts what goes over the wire.
type zipped struct {
	dir  string
	mu   sync.Mutex
	sent map[string]int // path -> bytes of its body
}

func (z *zipped) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, prefix)
	if path == "" || strings.HasSuffix(path, "/") {
		path += "index.html"
	}
	content, err := os.ReadFile(filepath.Join(z.dir, filepath.FromSlash(path)))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	var b bytes.Buffer
	g := gzip.NewWriter(&b)
	_, _ = g.Write(content)
	_ = g.Close()
	types := map[string]string{".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
	w.Header().Set("Content-Type", types[filepath.Ext(path)]+"; charset=utf-8")
	w.Header().Set("Content-Encoding", "gzip")
	z.mu.Lock()
	z.sent[path] = b.Len()
	z.mu.Unlock()
	_, _ = w.Write(b.Bytes())
}

// knowledgeBase builds a site of generated documents, half of them Japanese.
func knowledgeBase(t *testing.T) (source, dir string) {
	t.Helper()
	source, dir = filepath.Join(t.TempDir(), "source"), t.TempDir()
	corpora := "../../../shared/corpora"
	if _, err := os.Stat(corpora); err != nil {
		t.Skip("../shared/corpora is absent")
	}
	output, err := exec.Command("go", "run", "../../internal/corpus", "--from", corpora, "--docs", fmt.Sprint(measured), "--ja", "0.5", "--out", source).CombinedOutput()
	if err != nil {
		t.Fatalf("generate documents: %v\n%s", err, output)
	}
	var said strings.Builder
	if code := newApp(&said, &said, func(string) string { return "" }).run(context.Background(), []string{"build", source, "--out", dir, "--clock", "2026-11-01", "--history", "none"}); code != 0 {
		t.Fatalf("build ended with %d\n%s", code, said.String())
	}
	return source, dir
}

// watchList tells, in the page, when a query was typed and when the first hit was drawn.
const watchList = `(query) => new Promise((done) => {
	const list = document.querySelector("dialog.seek [role=listbox]"), input = document.querySelector("dialog.seek input");
	const end = (hits) => { watcher.disconnect(); clearTimeout(patience); done({ ms: performance.now() - began, hits }); };
	const watcher = new MutationObserver(() => list.querySelector("[role=option]") && end(list.childElementCount));
	watcher.observe(list, { childList: true });
	const patience = setTimeout(() => end(0), 5000);
	input.value = query;
	const began = performance.now();
	input.dispatchEvent(new InputEvent("input", { bubbles: true }));
})`

type drawn struct {
	MS   float64
	Hits int
}

func watched(t *testing.T, b *tab, query string) drawn {
	t.Helper()
	text, err := json.Marshal(query)
	if err != nil {
		t.Fatal(err)
	}
	return eval[drawn](t, b, "("+watchList+")("+string(text)+")")
}

// What a search costs in a real browser: bytes until the first hit is drawn, cold, and the time from an input event to the hits in the
// page, warm.
func TestBrowserSearchMeasured(t *testing.T) {
	source, dir := knowledgeBase(t)
	records, err := quality.Records(os.DirFS(source))
	if err != nil {
		t.Fatal(err)
	}
	queries := quality.Asked(records, *asking)
	z := &zipped{dir: dir, sent: map[string]int{}}
	server := httptest.NewServer(z)
	defer server.Close()
	home := server.URL + prefix
	t.Run("cold", func(t *testing.T) { coldSearches(t, home, z, queries) })
	t.Run("warm", func(t *testing.T) { warmSearches(t, home, queries[:*asking/2]) })
}

func spread(t *testing.T, what string, values []float64) (median, most float64) {
	t.Helper()
	slices.Sort(values)
	median, most = values[len(values)/2], values[len(values)*9/10]
	t.Logf("%s: median %.1f, p90 %.1f, most %.1f, over %d queries", what, median, most, values[len(values)-1], len(values))
	return median, most
}

func coldSearches(t *testing.T, home string, z *zipped, queries []string) {
	var index, all []float64
	none := 0
	for _, q := range queries {
		indexBytes, allBytes, hits := coldSearch(t, home, z, q)
		if hits == 0 {
			none++
			continue
		}
		index, all = append(index, indexBytes), append(all, allBytes)
	}
	median, most := spread(t, "bytes of the index until the first hit is drawn (KB, gzip)", index)
	spread(t, "with the dialog's own script and style (KB, gzip)", all)
	if median > 60 || most > 110 {
		t.Error("the first hit costs more than 60 KB (median) or 110 KB (p90)")
	}
	if none > len(queries)/20 {
		t.Errorf("%d of %d queries found nothing", none, len(queries))
	}
}

// warmSearches asks while the browser fills its copy of the site, as on a first visit.
func warmSearches(t *testing.T, home string, queries []string) {
	b := openTab(t, home)
	b.view(t, 1440, false)
	b.run(t, chromedp.Navigate(home), chromedp.WaitReady("main"), chromedp.KeyEvent("/"), chromedp.WaitVisible("dialog.seek input"))
	var times []float64
	for range 2 { // the second round is warm
		times = nil
		for _, q := range queries {
			times = append(times, watched(t, b, q).MS)
			time.Sleep(30 * time.Millisecond)
		}
	}
	if _, most := spread(t, "from the input event to hits in the page, warm (ms)", times); most > 16 {
		t.Error("a warm question takes more than 16 ms (p90)")
	}
}

// coldSearch asks one question in a browser that holds nothing, and returns what came over the wire from the press of "/" on, in KB: of the
// index, and in all.
func coldSearch(t *testing.T, home string, z *zipped, query string) (index, all float64, hits int) {
	t.Helper()
	parent, err := browser()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	defer cancel()
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	b := &tab{ctx: ctx, home: home}
	call(t, b, network.Enable, network.EnableParams{})
	b.run(t, chromedp.Navigate(home), chromedp.WaitReady("main"))
	time.Sleep(100 * time.Millisecond)
	z.mu.Lock()
	clear(z.sent)
	z.mu.Unlock()
	b.run(t, chromedp.KeyEvent("/"), chromedp.WaitVisible("dialog.seek input"))
	// What is asked before anything is typed (the most severe pages) comes later than the reader's own question.
	hits = watched(t, b, query).Hits
	z.mu.Lock()
	defer z.mu.Unlock()
	for path, size := range z.sent {
		all += float64(size) / 1024
		if strings.HasPrefix(path, "search/") {
			index += float64(size) / 1024
		}
	}
	return index, all, hits
}
