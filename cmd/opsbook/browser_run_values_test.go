//go:build browser

package main

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// copies presses the copy button of a block of code and returns what came to the clipboard, "" for nothing, and what the button says.
func (b *tab) copies(t *testing.T, n int) (string, string) {
	t.Helper()
	eval[bool](t, b, `window.clip = [], true`)
	eval[bool](t, b, `document.querySelectorAll(".prose figure .copy")[`+string(rune('0'+n))+`].click(), true`)
	b.until(t, `document.querySelector("dialog[open]") || document.querySelectorAll(".prose figure .copy")[`+string(rune('0'+n))+`].textContent`)
	return eval[string](t, b, `window.clip.at(-1) ?? ""`), eval[string](t, b, `document.querySelectorAll(".prose figure .copy")[`+string(rune('0'+n))+`].textContent`)
}

func TestBrowserValuesFillCommandsAndUnfilledOnesAreNotCopied(t *testing.T) {
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	b.open(t, home+"runbooks/list/")
	if got, said := b.copies(t, 0); got != "" || !strings.Contains(said, "host, text") {
		t.Errorf("unfilled: copied %q and said %q", got, said)
	}
	b.open(t, home+"runbooks/list/?host=web-9&text=a%20b&pin=1234567")
	b.until(t, `document.querySelector('.slot[data-param=host]').dataset.filled === "true"`)
	if got, _ := b.copies(t, 0); got != "ls web-9 'a b'" {
		t.Errorf("copied %q", got)
	}
	if got := eval[string](t, b, `location.search + document.querySelector("[data-input=pin]").value`); strings.Contains(got, "1234567") {
		t.Errorf("a secret of the address is kept: %s", got)
	}
	if got := eval[string](t, b, `document.querySelector(".prose a[href^='https://grafana']").href`); got != "https://grafana.example.com/d?host=web-9" {
		t.Errorf("the link leads to %s", got)
	}
	if got, _ := b.copies(t, 3); got != "ls web-9" {
		t.Errorf("of a session with output %q is copied", got)
	}
	b.write(t, "[data-input=pin]", "s3cretpin")
	if got, _ := b.copies(t, 2); got != "curl -u admin:s3cretpin https://example.com/" {
		t.Errorf("with a secret %q is copied", got)
	}
	if strings.Contains(b.text(t, ".prose"), "s3cretpin") {
		t.Error("a secret is shown")
	}
	b.write(t, "[data-input=host]", "Web 9")
	if got, said := b.copies(t, 0); got != "" || !strings.Contains(said, "host") {
		t.Errorf("wrong value: copied %q and said %q", got, said)
	}
	b.accessible(t, "a wrong value")
	b.press(t, "[data-preset='0']")
	b.until(t, `document.documentElement.hasAttribute("data-production")`)
	b.accessible(t, "production")
	b.clean(t)
}

func TestBrowserHostileValuesAreInert(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	for _, value := range []string{"'; rm -rf / #", "$(id)", "`id`", "<img src=x onerror=alert(1)>", "a\u202eb", "--help"} {
		b := runTab(t, home)
		b.open(t, home+"runbooks/list/?host=web-1&text="+url.QueryEscape(value))
		b.until(t, `document.querySelector('.slot[data-param=host]').dataset.filled === "true"`)
		if got, said := b.copies(t, 0); got != "" || said == "" {
			t.Errorf("%q: copied %q and said %q", value, got, said)
		}
		if eval[bool](t, b, `Boolean(document.querySelector("main img[src='x']"))`) {
			t.Errorf("%q became markup", value)
		}
		b.clean(t)
	}
}

func TestBrowserDestructiveCommandsAskOnceAndNameTheirTarget(t *testing.T) {
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	b.open(t, home+"runbooks/list/")
	b.press(t, "[data-preset='0']")
	b.copies(t, 1)
	b.until(t, `document.querySelector("dialog[open]")`)
	if said := b.text(t, "dialog"); !strings.Contains(said, "web-1") || !strings.Contains(said, "本番") {
		t.Errorf("the question says %q", said)
	}
	b.shot(t, "destroy")
	b.accessible(t, "the question")
	b.run(t, chromedp.KeyEvent(kb.Escape))
	b.until(t, `!document.querySelector("dialog")`)
	if got := eval[int](t, b, `window.clip.length`); got != 0 {
		t.Error("a command that was not confirmed was copied")
	}
	b.copies(t, 1)
	b.press(t, "dialog .ob-danger")
	b.until(t, `window.clip.at(-1) === "aws ec2 terminate-instances --instance-ids web-1"`)
	if got, _ := b.copies(t, 1); !strings.HasPrefix(got, "aws ec2") {
		t.Errorf("it asks again: %q", got)
	}
	b.copies(t, 4) // a command that opsbook.yaml names
	b.until(t, `document.querySelector("dialog[open] pre")?.textContent === "promote-it web-1"`)
	b.press(t, "dialog .ob-acts button:last-child")
	b.until(t, `!document.querySelector("dialog")`)
	b.open(t, home+"runbooks/list/?drill=1&host=web-1")
	b.until(t, `document.body.dataset.drill`)
	if got, said := b.copies(t, 1); got != "" || !strings.Contains(said, "訓練") {
		t.Errorf("in a drill: copied %q and said %q", got, said)
	}
	b.accessible(t, "a drill")
	b.clean(t)
}

func TestBrowserSelectingAnUnfilledCommandDoesNotCopyIt(t *testing.T) {
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	b.open(t, home+"runbooks/list/")
	refused := eval[bool](t, b, `(() => {
		getSelection().selectAllChildren(document.querySelector(".prose figure pre"));
		return !document.dispatchEvent(new ClipboardEvent("copy", { bubbles: true, cancelable: true }));
	})()`)
	if !refused {
		t.Error("a selection with an unfilled value is copied")
	}
	b.until(t, `document.querySelector(".ob-toast")?.textContent.includes("host")`)
	b.accessible(t, "a refusal")
	b.clean(t)
}

func TestBrowserCausesCarryValuesAlong(t *testing.T) {
	t.Parallel()
	files := map[string]string{"playbooks/p.md": "---\ntitle: 落ちた\ntype: playbook\nowner: sre\nescalation: web\nlast_reviewed: 2026-10-01\nparams: [{name: host}]\ncauses: [{cause: 停止, runbook: runbooks/list.md}]\n" +
		"communication: [{audience: 社内, where: \"#inc\", every: 15m, message: internal}]\n---\n\n# 落ちた\n\n## 切り分け\n\n1. 見る\n\n## 連絡\n\n```message audience=internal\n{{host}} が落ちました。\n```\n"}
	for name, text := range small {
		files[name] = text
	}
	_, home, _ := folder(t, files)
	b := runTab(t, home)
	b.open(t, home+"playbooks/p/?host=web-7")
	b.begin(t, "okada")
	b.press(t, ".ob-updates [data-key=copy0]")
	b.until(t, `window.clip.at(-1)?.includes("web-7 が落ちました。")`)
	eval[bool](t, b, `window.ahead = 16 * 60000, true`)
	b.until(t, `document.querySelector(".ob-late") && document.querySelector(".ob-now")?.textContent.includes("岡田")`)
	if said := eval[string](t, b, `document.querySelector("p[role=alert].vh").textContent`); !strings.Contains(said, "今すぐ連絡: 岡田") {
		t.Errorf("announced is %q", said)
	}
	b.shot(t, "escalate")
	b.accessible(t, "somebody must be called")
	b.press(t, ".ob-updates [data-key=told0]")
	b.until(t, `!document.querySelector(".ob-late")`)
	b.press(t, ".ob-call [data-key=ack]")
	b.write(t, "dialog input", "岡田")
	b.press(t, "dialog [type=submit]")
	b.until(t, `document.querySelector(".ob-acked")`)
	b.press(t, ".causes a.go")
	b.until(t, `document.querySelector("[data-input=host]")?.value === "web-7" && location.pathname.endsWith("runbooks/list/")`)
	b.clean(t)
}
