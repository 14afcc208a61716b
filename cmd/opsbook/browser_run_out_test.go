//go:build browser

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hostileNote is what somebody may paste: everything that means something to Markdown, YAML or the site.
const hostileNote = "<script>alert(1)</script> {{< include \"x\" >}} | ` ``` ~~~\n# x\n--- \n[a](javascript:1) &amp; $x\n\u202e\u001b[31mred"

func TestBrowserRunOfTwentyStepsIsExportedAndPassesCheck(t *testing.T) {
	t.Parallel()
	var steps strings.Builder
	for i := range 20 {
		fmt.Fprintf(&steps, "%d. 手順その%d | を `する` <b>x</b> (目安 1分)\n", i+1, i+1)
	}
	files := map[string]string{"runbooks/long.md": runbook("長い手順", steps.String(), "")}
	for name, text := range small {
		files[name] = text
	}
	dir, home, build := folder(t, files)
	b := runTab(t, home)
	b.open(t, home+"runbooks/long/")
	b.press(t, "[data-run-start='']")
	b.write(t, ".ob-form input[required]", "鈴木 (保守会社)")
	b.press(t, ".ob-form input[type=checkbox]")
	b.write(t, ".ob-form > .ob-field input", "鈴木 (保守会社)")
	b.press(t, ".ob-form [type=submit]")
	b.until(t, `document.querySelector(".ob-form > .ob-fault").textContent`)
	b.write(t, ".ob-form > .ob-field input", "上野")
	b.press(t, ".ob-form [type=submit]")
	b.until(t, `document.querySelector(".ob-bar")`)
	for i := range 20 {
		eval[bool](t, b, fmt.Sprintf(`document.querySelector("#step-%d > .ob-check").click(), true`, i+1))
		b.until(t, fmt.Sprintf(`document.querySelector("#step-%d").dataset.runState === "done"`, i+1))
	}
	b.press(t, "#step-1 [data-key=confirm]")
	b.until(t, `document.querySelector("#step-1 span.ob-second")?.textContent.includes("上野")`)
	b.press(t, "#step-2 [data-key=note]")
	b.until(t, `document.querySelector("dialog textarea")`)
	eval[bool](t, b, `document.querySelector("dialog textarea").value = `+quote(hostileNote)+`, true`)
	b.press(t, "dialog [type=submit]")
	b.until(t, `document.querySelector("#step-2 .ob-note")`)
	b.press(t, ".ob-bar [data-key=finish]")
	b.until(t, `document.querySelector("dialog textarea")`)
	eval[bool](t, b, `document.querySelector("dialog textarea").value = "# 影響 | <b> [x](y.md)", true`)
	b.press(t, "dialog [type=submit]")
	b.until(t, `document.documentElement.dataset.running === "finished"`)
	b.press(t, ".ob-bar [data-key=export]")
	for kind, name := range map[string]string{"record": "records/r.md", "lesson": "lessons/l.md"} {
		b.press(t, "dialog [data-kind="+kind+"]")
		text := eval[string](t, b, `document.querySelector("dialog textarea").value`)
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b.press(t, "dialog [data-kind=timeline]")
	if text := eval[string](t, b, `document.querySelector("dialog textarea").value`); !strings.Contains(text, "| JST | UTC |") {
		t.Errorf("the timeline is\n%s", text)
	}
	var said strings.Builder
	a := newApp(&said, &said, func(string) string { return "" })
	code := a.run(context.Background(), []string{"check", dir, "--clock", "2026-11-30", "--fail-on", "warning"})
	for line := range strings.Lines(said.String()) {
		if strings.HasPrefix(line, "records/") || strings.HasPrefix(line, "lessons/") {
			t.Errorf("check (exit %d): %s", code, line)
		}
	}
	if code > 1 {
		t.Fatalf("check: exit %d\n%s", code, said.String())
	}
	build()
	b.open(t, home+"runbooks/long/")
	if runs := b.text(t, ".runs"); !strings.Contains(runs, "成功") || !strings.Contains(runs, "鈴木 (保守会社)") {
		t.Errorf("the page lists %q", runs)
	}
	b.clean(t)
}

func TestBrowserRunIsHandedOverByLink(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	b.open(t, home+"runbooks/list/?host=web-3")
	b.begin(t, "okada")
	b.write(t, "[data-input=pin]", "s3cretpin")
	b.press(t, "#step-1 > .ob-check")
	b.press(t, "#step-1 [data-key=note]")
	b.write(t, "dialog textarea", "pin s3cretpin と見えた")
	b.press(t, "dialog [type=submit]")
	b.until(t, `document.querySelector("#step-1 .ob-note")`)
	b.press(t, ".ob-bar [data-key=hand]")
	b.until(t, `document.querySelector("dialog [data-link]")`)
	b.shot(t, "hand")
	b.accessible(t, "the handing over")
	message := eval[string](t, b, `document.querySelector("dialog textarea").value`)
	for _, want := range []string{"作業: 一覧", "次の手順: 2.1", "✓ 1 見る", "#run="} {
		if !strings.Contains(message, want) {
			t.Errorf("the message has no %q:\n%s", want, message)
		}
	}
	link := eval[string](t, b, `document.querySelector("dialog [data-link]").dataset.link`)

	other := runTab(t, home)
	other.open(t, link)
	other.until(t, `document.querySelector(".run .ob-form")`)
	if strings.Contains(eval[string](t, other, `location.href`), "#run=") {
		t.Error("the link keeps the run in the address")
	}
	other.shot(t, "take")
	other.accessible(t, "a run that is handed over")
	other.write(t, ".ob-form input", "上野")
	other.press(t, ".ob-form [type=submit]")
	other.until(t, `document.querySelector(".ob-bar")`)
	if got := other.checks(t); got != "dtttt" {
		t.Errorf("taken over are %s", got)
	}
	if got := eval[string](t, other, `document.querySelector("[data-input=host]").value`); got != "web-3" {
		t.Errorf("the value taken over is %q", got)
	}
	everything := eval[string](t, other, `document.body.textContent + [...document.querySelectorAll("input")].map((i) => i.value).join(" ")`)
	if strings.Contains(everything, "s3cretpin") {
		t.Error("a secret was handed over")
	}
	other.run(t, chromedp.Reload(), chromedp.WaitReady("main"))
	other.until(t, `document.querySelector(".ob-bar")`)
	b.clean(t)
	other.clean(t)
}

func TestBrowserHostileHandOversAreInert(t *testing.T) {
	t.Parallel()
	_, home, _ := folder(t, small)
	pack := func(b *tab, json string) string {
		return eval[string](t, b, `(async () => {
			const s = new Blob([`+quote(json)+`]).stream().pipeThrough(new CompressionStream("deflate-raw"));
			const bytes = new Uint8Array(await new Response(s).arrayBuffer());
			return btoa([...bytes].map((x) => String.fromCharCode(x)).join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
		})()`)
	}
	start := `{"id":"aaaaaaaa","run":"bbbbbbbb","n":1,"at":1,"kind":"start","page":"runbooks/list/","title":"<img src=x onerror=alert(1)>","operator":"<img src=x>","steps":[],"values":{"host":"<img src=x>","text":"'; rm -rf /"}}`
	bad := map[string]string{
		"garbage": "", "no run": `{"a":1}`, "newer": `{"opsbook":"run","schema":99,"site":"small","events":[]}`,
		"odd field": `{"opsbook":"run","schema":1,"site":"small","events":[` + strings.Replace(start, `"n":1`, `"n":1,"onclick":"x"`, 1) + `]}`,
		"prototype": `{"opsbook":"run","schema":1,"site":"small","events":[` + start + `,{"id":"cccccccc","run":"bbbbbbbb","n":2,"at":1,"kind":"check","sid":"__proto__"}]}`,
		"bomb":      `{"opsbook":"run","schema":1,"site":"small","x":"` + strings.Repeat("a", 5<<20) + `"}`,
	}
	for name, json := range bad {
		b := runTab(t, home)
		b.open(t, home)
		fragment := "!!!"
		if json != "" {
			fragment = pack(b, json)
		}
		b.open(t, home+"runbooks/list/#run="+fragment)
		b.until(t, `document.querySelector(".ob-toast p")`)
		if eval[bool](t, b, `Boolean(document.querySelector(".ob-bar, .run .ob-form"))`) {
			t.Errorf("%s: something is made of it", name)
		}
		b.clean(t)
	}
	b := runTab(t, home)
	b.open(t, home)
	b.open(t, home+"runbooks/list/#run="+pack(b, `{"opsbook":"run","schema":1,"site":"small","events":[`+start+`]}`))
	b.until(t, `document.querySelector(".run .ob-form")`)
	b.write(t, ".ob-form input", "上野")
	b.press(t, ".ob-form [type=submit]")
	b.until(t, `document.querySelector(".ob-bar")`)
	if eval[bool](t, b, `Boolean(document.querySelector("img[src='x']"))`) {
		t.Error("text of the link became markup")
	}
	if got, _ := b.copies(t, 0); got != "" {
		t.Errorf("hostile values are copied: %q", got)
	}
	b.clean(t)
}

func TestBrowserRunWorksByKeyboardAlone(t *testing.T) {
	_, home, _ := folder(t, small)
	b := runTab(t, home)
	b.open(t, home+"runbooks/bullets/")
	reach := func(what string) {
		t.Helper()
		for range 80 {
			if eval[bool](t, b, `Boolean(document.activeElement?.matches(`+quote(what)+`))`) {
				return
			}
			b.run(t, chromedp.KeyEvent(kb.Tab))
		}
		t.Fatalf("the tab key never reaches %s", what)
	}
	reach("[data-run-start='']")
	b.run(t, chromedp.KeyEvent(kb.Enter))
	b.until(t, `document.activeElement?.matches(".ob-form input")`)
	b.run(t, chromedp.KeyEvent("okada"), chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Enter)) // Escape closes the browser's list of names
	b.until(t, `document.activeElement?.matches("#step-1 > .ob-check")`)
	b.run(t, chromedp.KeyEvent(" "))
	b.until(t, `document.querySelector("#step-1").dataset.runState === "done" && document.activeElement?.matches("#step-1 > .ob-check")`)
	reach("#step-1 [data-key=note]")
	b.run(t, chromedp.KeyEvent(kb.Enter))
	b.until(t, `document.activeElement?.matches("dialog textarea")`)
	b.run(t, chromedp.KeyEvent(kb.Escape))
	b.until(t, `!document.querySelector("dialog") && document.activeElement?.matches("#step-1 [data-key=note]")`)
	reach("#step-2 > .ob-check")
	b.run(t, chromedp.KeyEvent(kb.Enter))
	b.until(t, `document.querySelector("#step-2").dataset.runState === "done"`)
	reach(".ob-bar [data-key=finish]")
	b.run(t, chromedp.KeyEvent(kb.Enter))
	b.until(t, `document.activeElement?.matches("dialog select")`)
	reach("dialog [type=submit]")
	b.run(t, chromedp.KeyEvent(kb.Enter))
	b.until(t, `document.documentElement.dataset.running === "finished" && document.activeElement?.matches(".ob-bar [data-key=export]")`)
	b.run(t, chromedp.KeyEvent(kb.Enter))
	reach("dialog [data-kind=lesson]")
	b.run(t, chromedp.KeyEvent(" "))
	b.until(t, `document.querySelector("dialog textarea").value.includes("type: lesson") && document.activeElement?.getAttribute("aria-pressed") === "true"`)
	b.run(t, chromedp.KeyEvent(kb.Escape))
	b.until(t, `!document.querySelector("dialog") && document.activeElement?.matches(".ob-bar [data-key=export]")`)
	b.clean(t)
}
