//go:build browser

package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// smallSite is a site whose every part changes from version to version: a page's text, its script, its search.
func smallSite(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	edition(t, dir, version, "")
	return dir
}

func edition(t *testing.T, dir, version, settings string) {
	t.Helper()
	for name, text := range map[string]string{
		"_index.md":           "# 小さなサイト\n\n[再起動](runbooks/restart.md)\n",
		"runbooks/restart.md": "---\ntitle: 再起動 " + version + "\ntype: runbook\nowner: sre\nseverity: SEV1\nalerts: [AppDown]\n---\n\n## 手順\n\n1. " + version + "の状態を確かめる\n2. 再起動する\n",
		"notes/other.md":      "# ほかのページ\n\n" + version + "\n",
		"_theme/i18n/ja.yaml": "js.run.bar: 作業の状態 " + version + "\n",
		"opsbook.yaml":        "title: 小さなサイト\nlanguages: [ja]\n" + settings,
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// news makes a page look for a newer version now, as it does when the network comes back.
func (b *tab) news(t *testing.T) { eval[bool](t, b, `dispatchEvent(new Event("online"))`) }

// TestBrowserOfflineTwoVersions publishes while pages are open: each stays the version that it is, and so does what it loads.
func TestBrowserOfflineTwoVersions(t *testing.T) {
	h := hostOwn(t, smallSite(t, "初版"))
	restart := h.home + "runbooks/restart/"
	served := runTab(t, h.home)
	served.open(t, restart)
	first := kept(t, served, "")
	if n := eval[int](t, served, early); n != 0 {
		t.Errorf("%d files of the copy were asked for before load", n)
	}
	h.stop()
	copied := served.second(t)
	copied.open(t, restart)
	copied.says(t, ".kept-note", "時点のコピー")

	edition(t, h.source, "二版", "")
	h.meddle = func(w http.ResponseWriter, r *http.Request) bool { // somebody changes a page after the list was made
		if strings.HasSuffix(r.URL.Path, "/notes/other/") {
			_, _ = w.Write([]byte("<!doctype html><html lang=ja><p>三版"))
			return true
		}
		return false
	}
	h.start(t)
	h.build(t)
	panel := served.second(t)
	panel.open(t, h.home+"offline/")
	panel.says(t, ".kept-panel", "更新中にサイトが変わりました")
	if now := copyRecord(t, panel, "r.now.generation"); now != first {
		t.Errorf("the copy became %s though a page did not match the list", now)
	}
	if foreign := eval[bool](t, panel, `caches.open("opsbook /kb/").then(async (c) => { for (const k of await c.keys()) if ((await (await c.match(k)).text()).includes("三版")) return true; return false; })`); foreign {
		t.Error("a page that does not match the list was kept")
	}
	h.meddle = nil
	panel.press(t, ".kept-panel button")
	second := kept(t, panel, first)
	panel.clean(t)

	copied.news(t)
	copied.says(t, ".kept-news", "新しい版")
	served.news(t)
	served.says(t, ".kept-news", "新しい版")
	copied.shot(t, "offline-3-news")
	h.stop()
	for name, old := range map[string]*tab{"served": served, "copied": copied} {
		old.begin(t, "okada") // the script of the version before, which the server does not have any more
		if label := eval[string](t, old, `document.querySelector(".ob-bar").getAttribute("aria-label")`); label != "作業の状態 初版" {
			t.Errorf("the %s page of the first version runs with %q", name, label)
		}
	}
	if hit := firstHit(t, copied, "初版の状態"); !strings.Contains(hit, "初版") {
		t.Errorf("a page of the first version finds %q", hit)
	}
	fresh := served.second(t)
	fresh.open(t, restart)
	fresh.until(t, `document.querySelector("h1").textContent.includes("二版")`)
	if hit := firstHit(t, fresh, "二版の状態"); !strings.Contains(hit, "二版") {
		t.Errorf("a page of the second version, %s, finds %q", second, hit)
	}
}

func TestBrowserOfflineWithLittleRoom(t *testing.T) {
	h := hostOwn(t, smallSite(t, "初版"))
	b := runTab(t, h.home)
	origin := strings.TrimSuffix(h.home, prefix)
	room := func(bytes float64) {
		call(t, b, storage.OverrideQuotaForOrigin, storage.OverrideQuotaForOriginParams{Origin: origin, QuotaSize: &bytes})
	}
	room(150_000)
	b.open(t, h.home+"runbooks/restart/")
	b.says(t, ".kept-full", "空きがありません")
	b.accessible(t, "without room")
	b.shot(t, "offline-4-full")
	b.begin(t, "okada")
	b.press(t, "#step-1 > .ob-check")
	b.until(t, `document.querySelector("#step-1").dataset.runState === "done"`)
	if now := copyRecord(t, b, "r.now?.generation"); now != "undefined" {
		t.Errorf("without room there is a copy: %s", now)
	}
	room(50_000_000)
	b.open(t, h.home+"offline/")
	b.says(t, ".kept-panel", "まだありません")
	b.press(t, ".kept-panel button")
	kept(t, b, "")
	b.says(t, ".kept-panel", "ファイル")

	b.press(t, ".kept-panel button:nth-of-type(2)")
	b.says(t, ".kept-panel", "削除済み")
	if left := eval[string](t, b, `Promise.all([caches.keys(), navigator.serviceWorker.getRegistrations()]).then(([c, r]) => String(c.length + r.length))`); left != "0" {
		t.Errorf("after deleting the copy, %s things are left", left)
	}
	b.open(t, h.home)
	time.Sleep(500 * time.Millisecond)
	if has := eval[bool](t, b, `caches.has("opsbook /kb/")`); has {
		t.Error("a copy that was deleted came back by itself")
	}
	b.clean(t)
}

func TestBrowserOfflineSwitchedOff(t *testing.T) {
	h := hostOwn(t, smallSite(t, "初版"))
	b := runTab(t, h.home)
	b.open(t, h.home)
	kept(t, b, "")
	edition(t, h.source, "初版", "offline: false\n")
	h.build(t)
	b.run(t, chromedp.Reload(), chromedp.WaitReady("main"))
	b.until(t, `Promise.all([caches.keys(), navigator.serviceWorker.getRegistrations()]).then(([c, r]) => (window.left = c.length + r.length)), window.left === 0`)
	if eval[bool](t, b, `Boolean(document.querySelector('a[href$="offline/"]'))`) {
		t.Error("a site without copies leads to the page about them")
	}
	b.clean(t)
}

// TestBrowserPackOnPaper opens the pack as a file, prints it, and looks for what every sheet of paper must say.
func TestBrowserPackOnPaper(t *testing.T) {
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Fatalf("pdftotext is not installed (make setup installs it): %v", err)
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "pack.html")
	said := command(t, "build", "../../content", "--out", filepath.Join(dir, "site"), "--clock", "2026-11-01", "--history", "none", "--cache", "off", "--pack", name)
	if !strings.Contains(said, "pages of SEV1") {
		t.Errorf("build says %q", said)
	}
	b := openTab(t, "file://"+name)
	b.view(t, 390, true)
	b.open(t, "file://"+name)
	if broken := eval[string](t, b, `(() => {
		const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
		const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
		const lost = [...document.querySelectorAll('a[href^="#"]')].filter((a) => !document.getElementById(decodeURIComponent(a.hash.slice(1)))).map((a) => a.hash);
		const near = [...document.querySelectorAll("[href], [src]")].filter((e) => !/^(#|https?:|data:|mailto:|tel:|slack:|msteams:)/.test(e.getAttribute("href") ?? e.getAttribute("src"))).map((e) => e.outerHTML);
		return [...twice, ...lost, ...near].join(" ");
	})()`); broken != "" {
		t.Errorf("twice, leading nowhere or not in the file: %s", broken)
	}
	sheets := eval[int](t, b, `document.querySelectorAll("[data-sheet]").length`)
	if codes := eval[int](t, b, `document.querySelectorAll(".qr svg path").length`); codes != sheets || sheets < 10 {
		t.Errorf("%d pages have %d codes", sheets, codes)
	}
	b.clean(t)
	pdf := filepath.Join(dir, "pack.pdf")
	printed := call(t, b, page.PrintToPDF, page.PrintToPDFParams{PageRanges: "1-12"})
	if err := os.WriteFile(pdf, printed.Data, 0o644); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command(reader, pdf, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	papers := strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
	for i, paper := range papers {
		if !strings.Contains(paper, "有効期限 2026-12-01") || !strings.Contains(paper, "2026-11-01 時点") {
			t.Errorf("paper %d of %d does not say until when it holds:\n%.200s", i+1, len(papers), paper)
		}
	}
	if first := papers[0]; !strings.Contains(first, "連絡先") || !strings.Contains(first, "03-0000-0120") {
		t.Errorf("the first paper does not say whom to call:\n%s", first)
	}
}

func TestBrowserOfflineWhenTheSiteFails(t *testing.T) {
	h := hostOwn(t, smallSite(t, "初版"))
	restart := h.home + "runbooks/restart/"
	b := runTab(t, h.home)
	b.open(t, restart)
	kept(t, b, "")
	b.open(t, restart)
	if eval[bool](t, b, `Boolean(document.querySelector(".kept-note"))`) {
		t.Error("a page that the site answered says that it is a copy")
	}
	b.open(t, restart+"?offline")
	b.says(t, ".kept-note", "時点のコピー")
	h.meddle = func(w http.ResponseWriter, _ *http.Request) bool {
		http.Error(w, "out of order", http.StatusServiceUnavailable)
		return true
	}
	b.open(t, restart)
	b.says(t, ".kept-note", "時点のコピー")
	h.meddle = func(_ http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done() // a site that accepts and never answers
		return true
	}
	begun := time.Now()
	b.open(t, restart+"#step-1")
	b.open(t, h.home)
	b.says(t, ".kept-note", "時点のコピー")
	if took := time.Since(begun); took > 9*time.Second {
		t.Errorf("the copy of a page came after %s", took)
	}
	h.meddle = nil
	b.view(t, 390, true)
	b.open(t, h.home+"offline/")
	b.says(t, ".kept-panel", "ファイル")
	b.accessible(t, "the page about the copy on a phone in the dark")
	b.shot(t, "offline-5-phone")
}

// TestBrowserOfflineGivesWay: while somebody asks, the copy fetches nothing, and it goes on once they rest.
func TestBrowserOfflineGivesWay(t *testing.T) {
	h := hostOwn(t, "../../content")
	var fetched atomic.Int64
	h.meddle = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.Referer(), "/sw.js") {
			fetched.Add(1)
			time.Sleep(20 * time.Millisecond) // so that the example takes a few seconds
		}
		return false
	}
	b := runTab(t, h.home)
	b.open(t, h.home)
	b.until(t, `navigator.serviceWorker.controller`)
	for range 200 {
		if fetched.Load() > 10 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.run(t, chromedp.KeyEvent("/"), chromedp.WaitVisible("dialog.seek input"))
	ask := func(query string) {
		eval[bool](t, b, `(() => { const i = document.querySelector("dialog.seek input"); i.value = `+quote(query)+`; return i.dispatchEvent(new InputEvent("input")) })()`)
	}
	ask("再起動")
	b.until(t, `document.querySelector("dialog.seek [role=option]")`)
	time.Sleep(500 * time.Millisecond) // what was under way ends
	before := fetched.Load()
	for range 15 { // longer than it rests after one question, and too fast for snippets, which are fetched
		ask("再起")
		time.Sleep(80 * time.Millisecond)
		ask("再起動")
		time.Sleep(80 * time.Millisecond)
	}
	if more := fetched.Load() - before; before < 10 || more > 0 {
		t.Errorf("%d files of the copy were fetched before the questions and %d during them, want some and none", before, more)
	}
	if copyRecord(t, b, "r.now?.generation") != "undefined" {
		t.Error("the copy was whole before the questions ended: this showed nothing")
	}
	kept(t, b, "")
}
