//go:build browser

package main

import (
	"context"
	"io"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Before anything is typed the dialog offers what was read last and what to open when something is badly wrong.
func TestBrowserSearchOffersPagesBeforeTyping(t *testing.T) {
	home := example(t)
	b := openTab(t, home)
	for _, view := range []struct {
		width int64
		dark  bool
	}{{390, true}, {1440, false}} {
		b.view(t, view.width, view.dark)
		b.run(t, chromedp.Navigate(home+"runbooks/certificate-renewal/"), chromedp.WaitReady("main"),
			chromedp.Navigate(home+"lessons/"), chromedp.WaitReady("main"),
			chromedp.KeyEvent("/"), chromedp.WaitVisible("dialog.seek input"))
		shows(t, b, `[...document.querySelectorAll("dialog.seek .head")].map((h) => h.textContent).join() === "最近見たページ,重大な事象への対応"`)
		shows(t, b, `document.querySelector("dialog.seek [role=option]").textContent.includes("証明書の更新")`)
		shows(t, b, `[...document.querySelectorAll("dialog.seek .sev")].every((s) => s.textContent === "SEV1")`)
		asked(t, b, "再起動")
		for _, v := range b.axe(t) {
			t.Errorf("%d: axe: %s", view.width, v)
		}
		// The field tells a screen reader which line is chosen.
		b.run(t, chromedp.KeyEvent(kb.ArrowDown))
		shows(t, b, `(() => {
			const input = document.querySelector("dialog.seek input"), chosen = document.getElementById(input.getAttribute("aria-activedescendant"));
			return input.getAttribute("role") === "combobox" && input.getAttribute("aria-expanded") === "true" && document.activeElement === input &&
				chosen.getAttribute("aria-selected") === "true" && chosen === document.querySelectorAll("dialog.seek [role=option]")[1] &&
				document.querySelectorAll("dialog.seek [aria-selected=true]").length === 1 && innerWidth >= document.documentElement.scrollWidth;
		})()`)
		b.run(t, chromedp.KeyEvent(kb.Escape))
		shows(t, b, `!document.querySelector("dialog.seek").open && location.search === ""`)
	}
	b.clean(t)
}

// While an input method composes, its keys are its own: Enter takes the word, the arrows choose among its readings.
func TestBrowserSearchLeavesKeysToTheInputMethod(t *testing.T) {
	home := example(t)
	b := openTab(t, home)
	b.view(t, 1440, false)
	b.run(t, chromedp.Navigate(home), chromedp.WaitReady("main"), chromedp.KeyEvent("/"), chromedp.WaitVisible("dialog.seek input"))
	for _, text := range []string{"さ", "さいき", "再起動"} {
		length := int64(len([]rune(text)))
		call(t, b, input.ImeSetComposition, input.ImeSetCompositionParams{Text: text, SelectionStart: length, SelectionEnd: length})
	}
	shows(t, b, `document.querySelector("dialog.seek [role=option]")?.textContent.includes("再起動") ?? false`) // live, before the word is taken
	for _, key := range []string{"Enter", "ArrowDown"} {
		call(t, b, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: "rawKeyDown", Key: key, Code: key, WindowsVirtualKeyCode: 229})
	}
	shows(t, b, `new URL(location.href).pathname === "`+prefix+`" && document.querySelector("dialog.seek [aria-selected=true]") === document.querySelector("dialog.seek [role=option]")`)
	call(t, b, input.InsertText, input.InsertTextParams{Text: "再起動"})
	shows(t, b, `document.querySelector("dialog.seek input").value === "再起動" && new URLSearchParams(location.search).get("q") === "再起動"`)
	b.run(t, chromedp.KeyEvent(kb.Enter))
	shows(t, b, `location.pathname.endsWith("/runbooks/order-service-restart/")`)
	b.clean(t)
}

func TestBrowserSearchOpensAHitInANewTab(t *testing.T) {
	home := example(t)
	b := openTab(t, home)
	b.view(t, 1440, false)
	b.run(t, chromedp.Navigate(home), chromedp.WaitReady("main"), chromedp.KeyEvent("k", chromedp.KeyModifiers(2)), chromedp.WaitVisible("dialog.seek input"))
	asked(t, b, "RDSFailover")
	b.run(t, chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(2)))
	want := home + "runbooks/rds-failover/"
	for range 100 {
		for _, info := range call(t, b, target.GetTargets, target.GetTargetsParams{}).TargetInfos {
			if strings.HasPrefix(info.URL, want) {
				if at := eval[string](t, b, `location.pathname`); at != prefix {
					t.Errorf("the first tab went to %s", at)
				}
				b.clean(t)
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("no new tab shows the hit")
}

// The page of results filters by buttons, which write the query that its address keeps.
func TestBrowserSearchPageFilters(t *testing.T) {
	home := example(t)
	b := openTab(t, home)
	b.view(t, 1440, false)
	b.run(t, chromedp.Navigate(home+"search/?q="+url.QueryEscape("再起動")), chromedp.WaitReady("main"))
	shows(t, b, `[...document.querySelectorAll(".narrow .of")].map((e) => e.textContent).join() === "種別,サービス,担当,重大度,レビュー状態,言語"`)
	before := eval[int](t, b, `document.querySelectorAll(".seek-page [role=option]").length`)
	count := eval[int](t, b, `Number(document.querySelector("[data-facet=type][data-value=runbook] span").textContent)`)
	press := func(facet, value string) {
		t.Helper()
		shows(t, b, `(document.querySelector('[data-facet="`+facet+`"][data-value="`+value+`"]')?.focus(), document.activeElement.dataset.value === "`+value+`")`)
		b.run(t, chromedp.KeyEvent(" "))
	}
	press("state", "fresh") // the browser knows the day and the due dates
	shows(t, b, `new URLSearchParams(location.search).get("q") === "state:fresh 再起動" && !document.querySelector(".seek-page [data-state=stale]")`)
	press("state", "fresh")
	shows(t, b, `new URLSearchParams(location.search).get("q") === "再起動" && document.querySelectorAll(".seek-page [role=option]").length === `+strconv.Itoa(before)+``)
	press("type", "runbook")
	shows(t, b, `document.querySelectorAll(".seek-page [role=option]").length === `+strconv.Itoa(count)+` && document.querySelector(".tell").textContent.startsWith("`+strconv.Itoa(count)+` 件")`)
	if count >= before {
		t.Errorf("%d of %d hits are runbooks: the filter filters nothing", count, before)
	}
	// The button keeps the focus, says that it is pressed, and the address holds the query.
	shows(t, b, `document.activeElement.dataset.value === "runbook" && document.activeElement.getAttribute("aria-pressed") === "true"`)
	shows(t, b, `new URLSearchParams(location.search).get("q") === "type:runbook 再起動"`)
	press("severity", "SEV1")
	shows(t, b, `[...document.querySelectorAll(".seek-page .sev")].every((s) => s.textContent === "SEV1")`)
	for _, v := range b.axe(t) {
		t.Errorf("axe: %s", v)
	}
	b.run(t, chromedp.Reload(), chromedp.WaitReady("main"))
	shows(t, b, `document.querySelector(".seek-page input")?.value === "type:runbook severity:SEV1 再起動" && document.querySelectorAll(".narrow [aria-pressed=true]").length === 2`)
	// The same in Japanese.
	b.run(t, chromedp.Navigate(home+"search/?q="+url.QueryEscape("種別:手順書 重大度:SEV1 再起動")), chromedp.WaitReady("main"))
	shows(t, b, `document.querySelectorAll(".narrow [aria-pressed=true]").length === 2`)
	b.clean(t)
}

// Finding nothing is said, and whoever misses a page can ask for it.
func TestBrowserSearchAsksForAMissingPage(t *testing.T) {
	home := example(t)
	b := openTab(t, home)
	b.view(t, 390, false)
	b.run(t, chromedp.Navigate(home), chromedp.WaitReady("main"), chromedp.KeyEvent("/"), chromedp.WaitVisible("dialog.seek input"))
	if found := asked(t, b, "人工衛星 rocketengine"); len(found) > 3 {
		t.Errorf("%d pages are near to what nobody wrote", len(found))
	}
	shows(t, b, `document.querySelector("dialog.seek .tell").textContent === "見つかりませんでした"`)
	shows(t, b, `decodeURIComponent(document.querySelector("dialog.seek .gap a").href).startsWith("mailto:ops-knowledge@example.com?subject=人工衛星 rocketengine")`)
	for _, v := range b.axe(t) {
		t.Errorf("axe: %s", v)
	}
	asked(t, b, "再起動")
	shows(t, b, `document.querySelector("dialog.seek .gap").hidden`)
	b.clean(t)
}

// A site opened from a disk searches too: its index is scripts, and nothing is fetched. A hit says at which
// heading it opens; snippets are for sites whose pages can be asked for, and for bundles.
func TestBrowserSearchWorksFromADisk(t *testing.T) {
	dir := t.TempDir()
	if code := newApp(io.Discard, io.Discard, func(string) string { return "" }).run(context.Background(), []string{"build", "../../content", "--out", dir, "--clock", "2026-11-01"}); code != 0 {
		t.Fatalf("build ended with %d", code)
	}
	for _, path := range []string{"/index.html", "/en/runbooks/rds-failover/index.html"} {
		b := openTab(t, "file://"+dir)
		b.view(t, 1440, false)
		b.run(t, chromedp.Navigate("file://"+dir+path), chromedp.WaitReady("main"), chromedp.KeyEvent("/"), chromedp.WaitVisible("dialog.seek input"))
		if found := asked(t, b, "フェイルオーバー"); len(found) == 0 || !strings.Contains(strings.Join(found[:2], "\n"), "注文データベースのフェイルオーバー") {
			t.Errorf("%s: found %q", path, found)
		}
		asked(t, b, "切り戻し")
		shows(t, b, `[...document.querySelectorAll("dialog.seek .w")].some((w) => w.textContent.includes("切り戻し")) && !document.querySelector("dialog.seek .room")`)
		b.clean(t)
	}
}
