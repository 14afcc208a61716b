//go:build browser

package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// firstHit waits for the dialog's answer to a query and for what the first hit says, and returns its first line.
func firstHit(t *testing.T, b *tab, query string) string {
	t.Helper()
	b.run(t, chromedp.KeyEvent("/"), chromedp.WaitVisible("dialog.seek input"), chromedp.SendKeys("dialog.seek input", query))
	for range 100 {
		if text := eval[string](t, b, `document.querySelector("dialog.seek [role=option][id$='-0']:not([data-untold])")?.textContent ?? ""`); text != "" &&
			eval[string](t, b, `new URLSearchParams(location.search).get("q") ?? ""`) == query {
			return text
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("no answer to %q", query)
	return ""
}

func TestBrowserSearchFindsThePage(t *testing.T) {
	home := example(t)
	for query, want := range map[string]string{
		"再起動":             "再起動",
		"サーバ":             "サーバ",
		"ｻｰﾊﾞｰ":           "サーバ",
		"ェイルオ":            "フェイルオーバー",
		"RDSFailover":     "フェイルオーバー",
		"failover orders": "フェイルオーバー",
	} {
		t.Run(query, func(t *testing.T) {
			b := openTab(t, home)
			b.view(t, 1440, false)
			b.run(t, chromedp.Navigate(home+"runbooks/"), chromedp.WaitReady("main"))
			first := firstHit(t, b, query)
			if !strings.Contains(strings.ToLower(first), strings.ToLower(want)) {
				t.Errorf("the first hit is %q, want one with %q", first, want)
			}
			b.run(t, chromedp.KeyEvent(kb.Enter))
			shows(t, b, `!location.pathname.endsWith("/kb/runbooks/") && document.querySelector("main") !== null`)
			b.clean(t)
		})
	}
}

func TestBrowserSearchSaysWhenItFindsNothing(t *testing.T) {
	home := example(t)
	b := openTab(t, home)
	b.view(t, 390, true)
	b.run(t, chromedp.Navigate(home), chromedp.WaitReady("main"),
		chromedp.KeyEvent("/"), chromedp.WaitVisible("dialog.seek input"), chromedp.SendKeys("dialog.seek input", "qqqqzzzzxx"))
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](`document.querySelector("dialog.seek .tell")?.textContent.includes("見つかりません")`)); err != nil {
		t.Fatal(err)
	}
	for _, v := range b.axe(t) {
		t.Errorf("axe: %s", v)
	}
	b.clean(t)
}

func TestBrowserSearchFindsAnAlertOfARealCorpus(t *testing.T) {
	corpus := "../../../shared/corpora/prometheus-operator-runbooks"
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus prometheus-operator-runbooks is not beside this checkout")
	}
	home, err := host(corpus)
	if err != nil {
		t.Fatal(err)
	}
	b := openTab(t, home)
	b.view(t, 390, false)
	b.run(t, chromedp.Navigate(home), chromedp.WaitReady("main"))
	if first := firstHit(t, b, "KubePodCrashLooping"); !strings.Contains(strings.ToLower(strings.ReplaceAll(first, " ", "")), "kubepodcrashlooping") {
		t.Errorf("the first hit is %q", first)
	}
	b.clean(t)
}
