//go:build browser

package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// small is a site of one runbook in each form of steps, with what runs need.
var small = map[string]string{
	"opsbook.yaml":   "title: Small\nid: small\ndestructive: ['\\bpromote-it\\b']\n",
	"directory.yaml": "teams:\n  - {id: sre, name: SRE, contacts: {slack: \"#sre\"}, members: [okada, ueno]}\npeople:\n  - {id: okada, name: 岡田}\n  - {id: ueno, name: 上野}\nescalations:\n  web: [{to: sre, after: 0m}, {to: okada, after: 15m}]\n",
	"runbooks/list.md": runbook("一覧", "1. 見る\n2. 止める\n   1. 片方を止める\n   2. もう片方を止める\n3. 動かす\n",
		"params:\n  - {name: host, pattern: \"^[a-z0-9-]+$\"}\n  - {name: text}\n  - {name: pin, secret: true}\npresets:\n  - {name: 本番, production: true, values: {host: web-1}}\n") +
		"\n## 参考\n\n```sh\nls {{host}} '{{text}}'\n```\n\n```sh\naws ec2 terminate-instances --instance-ids {{host}}\n```\n\n```sh\ncurl -u admin:{{pin}} https://example.com/\n```\n\n```console\n$ ls {{host}}\nit's output of {{host}}\n```\n\n```sh\npromote-it {{host}}\n```\n\n[見る](https://grafana.example.com/d?host={{host}})\n",
	"runbooks/headings.md": runbook("見出し", "### 手順1 見る\n\n見る。\n\n### 手順2 直す\n\n1. 止める\n2. 動かす\n", ""),
	"runbooks/table.md":    runbook("表", "| No | 作業 | 目安 |\n|---|---|---|\n| 1 | 見る | 5分 |\n| 2 | 直す | 10分 |\n", ""),
	"runbooks/bullets.md":  runbook("箇条書き", "- 見る\n- 直す\n", ""),
}

func runbook(title, steps, more string) string {
	return "---\ntitle: " + title + "\ntype: runbook\nowner: sre\nescalation: web\noutcome: 直っている\nlast_reviewed: 2026-10-01\n" + more + "---\n\n# " + title +
		"\n\n## 手順\n\n" + steps + "\n## 確認\n\n動く。\n\n## 切り戻し\n\n戻す。\n"
}

// written is a folder with files.
func written(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// folder writes a source and returns it with the address where it is hosted, and a function that builds it anew.
func folder(t *testing.T, files map[string]string) (dir, home string, build func()) {
	t.Helper()
	dir, out := written(t, files), t.TempDir()
	mux := http.NewServeMux()
	mux.Handle(prefix, http.StripPrefix(prefix, http.FileServer(http.Dir(out))))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	build = func() {
		t.Helper()
		var said strings.Builder
		a := newApp(&said, &said, func(string) string { return "" })
		if code := a.run(context.Background(), []string{"build", dir, "--out", out, "--base-url", server.URL + prefix, "--clock", "2026-11-01", "--cache", "off"}); code != 0 {
			t.Fatalf("build: exit %d\n%s", code, said.String())
		}
	}
	build()
	return dir, server.URL + prefix, build
}

func TestBrowserRunSurvivesReloadAndANewVersionOfThePage(t *testing.T) {
	t.Parallel()
	dir, home, build := folder(t, small)
	b := runTab(t, home)
	b.open(t, home+"runbooks/list/")
	b.begin(t, "okada")
	b.press(t, "#step-1 > .ob-check")
	b.press(t, "#step-2-1 > .ob-check")
	b.press(t, "#step-3 > .ob-check")
	want := "dtdtd"
	if got := b.checks(t); got != want {
		t.Fatalf("steps are %s, want %s", got, want)
	}
	b.run(t, chromedp.Reload(), chromedp.WaitReady("main"))
	b.until(t, `document.querySelector(".ob-bar")`)
	if got := b.checks(t); got != want {
		t.Errorf("after a reload steps are %s, want %s", got, want)
	}

	file := filepath.Join(dir, "runbooks/list.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer("1. 見る\n2.", "1. 先に知らせる\n2.", "2. もう片方", "2. 残りのもう片方", "3. 動かす\n", "3. ゆっくり動かす\n4. 見届ける\n").Replace(string(text))
	if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	build()
	b.run(t, chromedp.Reload(), chromedp.WaitReady("main"))
	b.until(t, `document.querySelector(".ob-changed")`)
	if got := b.checks(t); got != "ttdtdt" {
		t.Errorf("on the new version steps are %s", got)
	}
	if said := b.text(t, "#step-3"); !strings.Contains(said, "前: 動かす") {
		t.Errorf("the step that changed says %q", said)
	}
	if gone := b.text(t, ".ob-gone"); !strings.Contains(gone, "1 見る · 完了") {
		t.Errorf("steps that are gone: %q", gone)
	}
	b.accessible(t, "a changed page")
	b.clean(t)
}

func TestBrowserRunTakesEveryFormOfSteps(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	for name, steps := range map[string]string{"list": "ttttt", "headings": "tttt", "table": "tt", "bullets": "tt"} {
		t.Run(name, func(t *testing.T) {
			b := runTab(t, home)
			b.open(t, home+"runbooks/"+name+"/")
			b.begin(t, "okada")
			if got := b.checks(t); got != steps {
				t.Fatalf("steps are %s, want %s", got, steps)
			}
			for eval[bool](t, b, `Boolean(document.querySelector(".ob-check[aria-pressed=false]"))`) {
				b.press(t, ".ob-check[aria-pressed=false]")
			}
			if got := b.text(t, ".ob-of"); !strings.HasPrefix(got, strings.Split(got, "/")[1]) {
				t.Errorf("when all is ticked the bar says %s", got)
			}
			for _, width := range []int64{390, 1440} {
				b.view(t, width, width == 390)
				b.accessible(t, name)
				b.shot(t, "form-"+name)
			}
			b.clean(t)
		})
	}
}

func TestBrowserRunTwoTabsStayInStep(t *testing.T) {
	_, home, _ := folder(t, small)
	a := runTab(t, home)
	a.open(t, home+"runbooks/list/")
	a.begin(t, "okada")
	b := a.second(t)
	b.open(t, home+"runbooks/list/")
	b.until(t, `document.querySelector(".ob-bar")`)
	eval[bool](t, a, `document.querySelector("#step-1 > .ob-check").click(), true`)
	eval[bool](t, b, `document.querySelector("#step-3 > .ob-check").click(), true`)
	for name, tab := range map[string]*tab{"first": a, "second": b} {
		tab.until(t, `document.querySelector("#step-1").dataset.runState === "done" && document.querySelector("#step-3").dataset.runState === "done"`)
		if got := tab.checks(t); got != "dtttd" {
			t.Errorf("in the %s tab steps are %s", name, got)
		}
	}
	a.run(t, chromedp.Reload(), chromedp.WaitReady("main"))
	a.until(t, `document.querySelector(".ob-bar")`)
	if got := a.checks(t); got != "dtttd" {
		t.Errorf("kept is %s", got)
	}
	a.clean(t)
	b.clean(t)
}

func TestBrowserRunSaysWhenStorageIsFull(t *testing.T) {
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	origin := strings.TrimSuffix(home, prefix)
	none := 1.0
	call(t, b, storage.OverrideQuotaForOrigin, storage.OverrideQuotaForOriginParams{Origin: origin, QuotaSize: &none})
	b.open(t, home+"runbooks/list/")
	b.begin(t, "okada")
	b.press(t, "#step-1 > .ob-check")
	b.until(t, `document.querySelector(".ob-trouble p")`)
	if said := b.text(t, ".ob-trouble"); !strings.Contains(said, "いっぱい") {
		t.Errorf("the page says %q", said)
	}
	if got := b.checks(t); got != "dtttt" {
		t.Errorf("steps are %s", got)
	}
	b.accessible(t, "full storage")
	b.shot(t, "full")
	call(t, b, storage.OverrideQuotaForOrigin, storage.OverrideQuotaForOriginParams{Origin: origin})
	b.press(t, "#step-2-1 > .ob-check")
	b.until(t, `!document.querySelector(".ob-trouble p")`)
	b.run(t, chromedp.Reload(), chromedp.WaitReady("main"))
	b.until(t, `document.querySelector(".ob-bar")`)
	if got := b.checks(t); got != "dtdtt" {
		t.Errorf("after the storage had room again, kept is %s", got)
	}
	b.clean(t)
}

func TestBrowserRunsOfOnePageAreKeptApart(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	b.open(t, home+"runbooks/bullets/")
	b.begin(t, "okada")
	b.press(t, "#step-1 > .ob-check")
	other := b.second(t)
	other.open(t, home+"runbooks/bullets/?new=1")
	other.press(t, ".run summary")
	other.begin(t, "ueno")
	other.press(t, "#step-2 > .ob-check")
	time.Sleep(200 * time.Millisecond)
	if a, z := b.checks(t), other.checks(t); a != "dt" || z != "td" {
		t.Errorf("one run is %s and the other %s", a, z)
	}
	third := b.second(t)
	third.open(t, home+"runbooks/bullets/")
	third.until(t, `document.querySelectorAll(".ob-runs [data-open]").length === 2`)
	third.accessible(t, "a list of runs")
	third.clean(t)
}
