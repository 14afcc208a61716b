//go:build browser

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// prefix is where the site is hosted in these tests: links must work from any.
const prefix = "/kb/"

// siteURL builds the example once and hosts it below prefix.
var siteURL = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "opsbook-browser-")
	if err != nil {
		return "", err
	}
	out := filepath.Join(dir, "site")
	var stderr strings.Builder
	a := newApp(&stderr, &stderr, func(string) string { return "" })
	if code := a.run(context.Background(), []string{"build", "../../content", "--out", out, "--clock", "2026-11-01"}); code != 0 {
		return "", fmt.Errorf("build the example: exit %d\n%s", code, stderr.String())
	}
	mux := http.NewServeMux()
	mux.Handle(prefix, http.StripPrefix(prefix, http.FileServer(http.Dir(out))))
	return httptest.NewServer(mux).URL + prefix, nil
})

func site(t *testing.T) string {
	t.Helper()
	address, err := siteURL()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

var browser = sync.OnceValues(func() (context.Context, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-gpu", true), chromedp.Flag("lang", "ja"),
	)
	alloc, _ := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(alloc)
	return ctx, chromedp.Run(ctx)
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
	parent, err := browser()
	if err != nil {
		t.Fatalf("start chromium (make setup installs it): %v", err)
	}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 60*time.Second)
	t.Cleanup(stop)
	b := &tab{ctx: ctx, home: home}
	origin, err := url.Parse(home)
	if err != nil {
		t.Fatal(err)
	}
	chromedp.ListenTarget(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
				b.fault("console %s: %s", e.Type, consoleText(e))
			}
		case *runtime.EventExceptionThrown:
			b.fault("exception: %s", e.ExceptionDetails.Error())
		case *log.EventEntryAdded:
			if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
				b.fault("log: %s %s", e.Entry.Text, e.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != origin.Host {
				b.fault("request to another origin: %s", e.Request.URL)
			}
		}
	})
	b.run(t, network.Enable(), log.Enable(), runtime.Enable())
	return b
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

func (b *tab) run(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// clean fails the test with everything the browser complained about.
func (b *tab) clean(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.faults {
		t.Error(f)
	}
}

// viewport is a screen with a colour scheme.
func viewport(width int64, dark bool) chromedp.Action {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	return chromedp.Tasks{
		emulation.SetDeviceMetricsOverride(width, 900, 1, width < 600),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
	}
}

// axe runs axe-core in the page and returns its violations. It is evaluated by the driver, so the page's CSP does not see it.
func (b *tab) axe(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("../../tools/npm/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("read axe-core (make setup installs it): %v", err)
	}
	var raw string
	b.run(t,
		chromedp.Evaluate(string(source)+";0", nil),
		chromedp.Evaluate(`axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => ({id: v.id, nodes: v.nodes.map(n => n.target.join(" ") + " — " + n.failureSummary)}))))`,
			&raw, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }),
	)
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
