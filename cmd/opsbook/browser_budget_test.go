//go:build browser

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// budgets are what a runbook may weigh on its first visit, in bytes on the wire (EXPERIENCE, "Budgets"). JS is what runs before any interaction.
var budgets = map[string]int{"html": 15 << 10, "css": 10 << 10, "js": 12 << 10, "all": 45 << 10}

// TestBrowserBudgets opens the heaviest runbook of the example, and of a large real collection where it is beside this checkout, as a first
// visit over slow 4G, and measures what comes and when.
func TestBrowserBudgets(t *testing.T) {
	t.Run("example", func(t *testing.T) {
		at, err := exampleSite()
		if err != nil {
			t.Fatal(err)
		}
		t.Run("the browser starts", func(t *testing.T) { visitFirst(t, at, "404.html") })
		weigh(t, at, heaviest(t, at.dir, "runbooks"))
	})
	t.Run("openshift-runbooks", func(t *testing.T) {
		source := "../../../shared/corpora/openshift-runbooks"
		if _, err := os.Stat(source); err != nil {
			t.Skip("the corpus openshift-runbooks is not beside this checkout")
		}
		at, err := hostSite(source)
		if err != nil {
			t.Fatal(err)
		}
		weigh(t, at, heaviest(t, at.dir, "alerts"))
	})
}

// heaviest is the page below a folder with the most bytes in gzip.
func heaviest(t *testing.T, dir, below string) string {
	t.Helper()
	address, most := "", 0
	err := filepath.WalkDir(filepath.Join(dir, below), func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "index.html" {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(text, []byte("data-step=")) {
			return err
		}
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(text)
		z.Close()
		if b.Len() > most {
			rel, _ := filepath.Rel(dir, filepath.Dir(file))
			address, most = filepath.ToSlash(rel)+"/", b.Len()
		}
		return nil
	})
	if err != nil || address == "" {
		t.Fatalf("no page with steps below %s: %v", below, err)
	}
	return address
}

// weighing is what the browser itself says of a visit: encoded bytes by name, the largest paint in milliseconds, and how much moved.
const weighing = `new Promise((done) => {
	const seen = { shift: 0, paint: 0 };
	new PerformanceObserver((l) => l.getEntries().forEach((e) => { if (!e.hadRecentInput) seen.shift += e.value; })).observe({ type: "layout-shift", buffered: true });
	new PerformanceObserver((l) => l.getEntries().forEach((e) => { seen.paint = e.startTime; })).observe({ type: "largest-contentful-paint", buffered: true });
	setTimeout(() => done(JSON.stringify({ ...seen, files: [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
		.map((e) => ({ name: e.name, bytes: e.encodedBodySize })) })), 1500);
})`

// visit is what the browser says of a first visit to a page on a phone, by the network that Lighthouse calls slow 4G.
type visit struct {
	Shift, Paint float64
	Files        []struct {
		Name  string
		Bytes int
	}
}

func visitFirst(t *testing.T, at builtSite, address string) (got visit) {
	t.Helper()
	b := openTab(t, at.home)
	b.view(t, 390, false)
	call(t, b, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{
		{Latency: 150, DownloadThroughput: 1.6e6 / 8, UploadThroughput: 750e3 / 8},
	}})
	b.run(t, chromedp.Navigate(at.home+address), chromedp.WaitReady("main"))
	if err := json.Unmarshal([]byte(eval[string](t, b, weighing)), &got); err != nil {
		t.Fatal(err)
	}
	b.clean(t)
	return got
}

func weigh(t *testing.T, at builtSite, address string) {
	got := visitFirst(t, at, address)
	sum := map[string]int{}
	for _, f := range got.Files {
		name, _, _ := strings.Cut(f.Name, "?")
		kind := strings.TrimPrefix(path.Ext(strings.TrimSuffix(name, "/")), ".")
		if strings.HasSuffix(name, "/") {
			kind = "html"
		}
		sum[kind] += f.Bytes
		sum["all"] += f.Bytes
	}
	t.Logf("%s: html %d, css %d, js %d, in all %d bytes; largest paint after %.0f ms; shift %.4f", address, sum["html"], sum["css"], sum["js"], sum["all"], got.Paint, got.Shift)
	for kind, most := range budgets {
		if sum[kind] == 0 || sum[kind] > most {
			t.Errorf("%s: %s weighs %d bytes, the budget is %d", address, kind, sum[kind], most)
		}
	}
	if got.Shift > 0 {
		t.Errorf("%s: the layout shifts by %.4f", address, got.Shift)
	}
	paints := []float64{got.Paint}
	for len(paints) < mostVisits && !painted(paints) {
		t.Run("again", func(t *testing.T) { paints = append(paints, visitFirst(t, at, address).Paint) })
	}
	slices.Sort(paints)
	t.Logf("%s: the largest paints of %d first visits come after %.0f ms", address, len(paints), paints)
	if !painted(paints) {
		t.Errorf("%s: the largest paint comes late, after %.0f ms", address, paints)
	}
}

// paintBudget is when the largest paint of a first visit has come, in milliseconds (EXPERIENCE, "Budgets"). The visit is the first to the site:
// nothing of it is cached. That the browser itself has just started is no part of it.
const paintBudget = 1000
