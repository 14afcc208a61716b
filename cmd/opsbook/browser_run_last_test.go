//go:build browser

package main

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A tab may die the moment after a check: the browser's tab crashes, the machine is out of memory, somebody closes it.
func TestBrowserRunOutlivesACrashOfItsTab(t *testing.T) {
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	b.open(t, home+"runbooks/list/")
	b.begin(t, "okada")
	b.press(t, "#step-1 > .ob-check")
	b.press(t, "#step-1 [data-key=note]")
	b.write(t, "dialog textarea", "書きかけのメモ")
	b.until(t, `document.querySelector("dialog [role=status]")`)
	other := b.second(t)
	other.open(t, home)
	// The last thing before the crash: nothing waits for the database.
	eval[bool](t, b, `document.querySelector("#step-3 > .ob-check").click(), document.querySelector("#step-2-1 > .ob-check").click(), true`)
	crash(t, b)
	other.open(t, home+"runbooks/list/")
	other.until(t, `document.querySelector(".ob-bar")`)
	if got := other.checks(t); got != "dtdtd" {
		t.Errorf("after the crash steps are %s", got)
	}
	other.until(t, `Object.keys(localStorage).filter((k) => k.startsWith("opsbook.journal.")).length === 0`)
	other.press(t, "#step-1 [data-key=note]")
	other.until(t, `document.querySelector("dialog textarea")`)
	if got := eval[string](t, other, `document.querySelector("dialog textarea").value`); got != "書きかけのメモ" {
		t.Errorf("of the note %q is left", got)
	}
	other.clean(t)
}

// crash kills the process that shows a tab.
func crash(t *testing.T, b *tab) {
	t.Helper()
	gone := make(chan bool, 1)
	if err := chromedp.Listen(b.ctx, func(event any) {
		if _, ok := event.(*inspector.EventTargetCrashed); ok {
			gone <- true
		}
	}); err != nil {
		t.Fatal(err)
	}
	call(t, b, inspector.Enable, cdp.Empty{})
	ctx, cancel := context.WithCancel(b.ctx)
	defer cancel()
	go func() { _, _ = chromedp.Call(ctx, page.Crash, cdp.Empty{}) }() // never answers
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Fatal("the tab does not crash")
	}
}

// Where there is no database at all, runs live in the journal.
func TestBrowserRunIsKeptWithoutADatabase(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	call(t, b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `Object.defineProperty(globalThis, "indexedDB", { value: undefined });`})
	b.open(t, home+"runbooks/bullets/")
	b.begin(t, "okada")
	b.press(t, "#step-2 > .ob-check")
	b.until(t, `document.querySelector(".ob-trouble p")?.textContent.includes("予備の領域")`)
	b.accessible(t, "no database")
	b.run(t, chromedp.Reload(), chromedp.WaitReady("main"))
	b.until(t, `document.querySelector(".ob-bar")`)
	if got := b.checks(t); got != "td" {
		t.Errorf("after a reload steps are %s", got)
	}
	none := b.second(t)
	call(t, none, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: `for (const name of ["indexedDB", "localStorage"]) Object.defineProperty(globalThis, name, { get() { throw new DOMException("denied", "SecurityError"); } });`})
	none.open(t, home+"runbooks/headings/")
	none.begin(t, "okada")
	none.press(t, ".ob-check[aria-pressed=false]")
	none.until(t, `document.querySelector(".ob-trouble p")?.textContent.includes("このタブにだけ")`)
	if !eval[bool](t, none, `!dispatchEvent(new Event("beforeunload", { cancelable: true }))`) {
		t.Error("the tab may be closed though nothing is kept")
	}
	none.clean(t)
	b.clean(t)
}

// A folder opened from a disk has no server and no origin of its own.
func TestBrowserRunWorksFromADisk(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	source, out := written(t, small), t.TempDir()
	var said strings.Builder
	a := newApp(&said, &said, func(string) string { return "" })
	if code := a.run(context.Background(), []string{"build", source, "--out", out, "--clock", "2026-11-01", "--cache", "off"}); code != 0 {
		t.Fatalf("build: exit %d\n%s", code, said.String())
	}
	b := runTab(t, home)
	address := (&url.URL{Scheme: "file", Path: filepath.Join(out, "runbooks/list/index.html")}).String()
	b.open(t, address)
	b.begin(t, "okada")
	b.press(t, "#step-1 > .ob-check")
	b.write(t, "[data-input=host]", "web-5")
	b.until(t, `document.querySelector('.slot[data-param=host]').dataset.filled === "true"`)
	if said := b.text(t, ".ob-trouble"); said != "" {
		t.Errorf("from a disk the page says %q", said)
	}
	other := b.second(t)
	other.open(t, address)
	other.until(t, `document.querySelector(".ob-bar")`)
	eval[bool](t, other, `document.querySelector("#step-3 > .ob-check").click(), true`)
	b.until(t, `document.querySelector("#step-3").dataset.runState === "done"`)
	b.run(t, chromedp.Reload(), chromedp.WaitReady("main"))
	b.until(t, `document.querySelector(".ob-bar")`)
	if got := b.checks(t); got != "dtttd" {
		t.Errorf("after a reload steps are %s", got)
	}
	b.press(t, ".ob-bar [data-key=hand]")
	b.until(t, `document.querySelector("dialog [data-link]")?.dataset.link.startsWith("file:")`)
	b.clean(t)
}
