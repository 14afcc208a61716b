//go:build browser

package main

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// prefix is where the site is hosted in these tests: links must work from any.
const prefix = "/kb/"

// builtSite is where a built site is.
type builtSite struct{ home, dir string }

// exampleSite is the example, built once.
var exampleSite = sync.OnceValues(func() (builtSite, error) { return hostSite("../../content") })

// host builds a source and hosts it below prefix.
func host(source string) (string, error) {
	at, err := hostSite(source)
	return at.home, err
}

func hostSite(source string) (builtSite, error) {
	dir, err := os.MkdirTemp("", "opsbook-browser-")
	if err != nil {
		return builtSite{}, err
	}
	mux := http.NewServeMux()
	mux.Handle(prefix, http.StripPrefix(prefix, compressed(http.FileServer(http.Dir(dir)))))
	home := httptest.NewServer(mux).URL + prefix
	var said strings.Builder
	a := newApp(&said, &said, func(string) string { return "" })
	if code := a.run(context.Background(), []string{"build", source, "--out", dir, "--base-url", home, "--clock", "2026-11-01"}); code != 0 {
		return builtSite{}, fmt.Errorf("build %s: exit %d\n%s", source, code, said.String())
	}
	return builtSite{home, dir}, nil
}

// compressed answers as the hosting does: text in gzip.
func compressed(files http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || r.Header.Get("Range") != "" {
			files.ServeHTTP(w, r)
			return
		}
		whole := httptest.NewRecorder()
		files.ServeHTTP(whole, r)
		maps.Copy(w.Header(), whole.Header())
		kind := whole.Header().Get("Content-Type")
		if whole.Code != http.StatusOK || !strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "json") && !strings.Contains(kind, "svg") {
			w.WriteHeader(whole.Code)
			w.Write(whole.Body.Bytes())
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Del("Content-Length")
		z := gzip.NewWriter(w)
		defer z.Close()
		z.Write(whole.Body.Bytes())
	})
}

func example(t *testing.T) string {
	t.Helper()
	at, err := exampleSite()
	if err != nil {
		t.Fatal(err)
	}
	return at.home
}

// exampleDir is the folder that the example is built into.
func exampleDir(t *testing.T) string {
	t.Helper()
	example(t)
	at, _ := exampleSite()
	return at.dir
}

var browser = sync.OnceValues(func() (context.Context, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-gpu", true), chromedp.Flag("lang", "ja"),
	)
	alloc, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(alloc)
	return ctx, chromedp.Do(ctx)
})

// tab is one page of the browser and everything it complained about.
type tab struct {
	ctx    context.Context
	home   string
	mu     sync.Mutex
	faults []string
}

// openTab opens a tab that collects console errors, CSP violations, exceptions and requests to other origins.
func openTab(t *testing.T, home string) *tab {
	t.Helper()
	return openTabFor(t, home, 2*time.Minute) // two stories at once take twice as long
}

// openTabFor opens a tab that has to be done after a time.
func openTabFor(t *testing.T, home string, most time.Duration) *tab {
	t.Helper()
	parent, err := browser()
	if err != nil {
		t.Fatalf("start chromium (make setup installs it): %v", err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, most)
	t.Cleanup(stop)
	b := &tab{ctx: ctx, home: home}
	origin, err := url.Parse(home)
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, func(event any) { b.hear(event, origin.Host) }); err != nil {
		t.Fatal(err)
	}
	call(t, b, network.Enable, network.EnableParams{})
	call(t, b, log.Enable, cdp.Empty{})
	return b
}

// hear keeps what the browser complains about.
func (b *tab) hear(event any, host string) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			b.fault("console %s: %s", e.Type, consoleText(e))
		}
	case *runtime.EventExceptionThrown:
		b.fault("exception: %s", e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			b.fault("log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != host {
			b.fault("request to another origin: %s", e.Request.URL)
		}
	}
}

// call runs one protocol command in the tab.
func call[P, R any](t *testing.T, b *tab, command cdp.Command[P, R], params P) R {
	t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// eval evaluates a script in the tab and waits for its promise.
func eval[T any](t *testing.T, b *tab, script string) T {
	t.Helper()
	result, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func consoleText(e *runtime.EventConsoleAPICalled) string {
	var parts []string
	for _, a := range e.Args {
		parts = append(parts, string(a.Value)+a.Description)
	}
	return strings.Join(parts, " ")
}

func (b *tab) fault(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, fmt.Sprintf(format, args...))
}

func (b *tab) run(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// clean fails the test with everything the browser has complained about since it was last asked.
func (b *tab) clean(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.faults {
		t.Error(f)
	}
	b.faults = nil
}

// view makes the tab a screen of a width with a colour scheme.
func (b *tab) view(t *testing.T, width int64, dark bool) {
	t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	call(t, b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1, Mobile: width < 600})
	call(t, b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
}

// axe runs axe-core in the page, or only some of its rules, and returns its violations. It is evaluated by the driver, so the page's CSP does
// not see it.
func (b *tab) axe(t *testing.T, rules ...string) []string {
	t.Helper()
	options := `{resultTypes: ["violations"]}`
	if len(rules) > 0 {
		options = `{resultTypes: ["violations"], runOnly: ["` + strings.Join(rules, `", "`) + `"]}`
	}
	if !eval[bool](t, b, `"axe" in globalThis`) { // it is half a megabyte: once a page
		source, err := os.ReadFile("../../tools/npm/node_modules/axe-core/axe.min.js")
		if err != nil {
			t.Fatalf("read axe-core (make setup installs it): %v", err)
		}
		eval[bool](t, b, string(source)+`;"axe" in globalThis`)
	}
	raw := eval[string](t, b, `axe.run(document, `+options+`).then(r =>
		JSON.stringify(r.violations.map(v => ({id: v.id, nodes: v.nodes.map(n => n.target.join(" ") + " — " + n.failureSummary)}))))`)
	var violations []struct {
		ID    string
		Nodes []string
	}
	if err := json.Unmarshal([]byte(raw), &violations); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, v := range violations {
		for _, n := range v.Nodes {
			out = append(out, v.ID+": "+n)
		}
	}
	return out
}
