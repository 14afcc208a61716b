//go:build browser

package main

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// inPage stands in for what a test must see or move: the clipboard and the clock. Pages scroll at once, so that a click meets what it is
// meant for. Nothing else of the page is touched.
const inPage = `
	window.clip = [];
	if (navigator.clipboard) navigator.clipboard.writeText = async (text) => { window.clip.push(text); };
	window.ahead = 0;
	const now = Date.now;
	Date.now = () => now() + window.ahead;
	addEventListener("DOMContentLoaded", () => (document.documentElement.style.scrollBehavior = "auto"));
`

// runTab is a tab of a fresh browser profile in which pages are run.
func runTab(t *testing.T, home string) *tab {
	t.Helper()
	b := openTab(t, home)
	b.prepare(t)
	b.view(t, 1440, false)
	return b
}

func (b *tab) prepare(t *testing.T) {
	t.Helper()
	call(t, b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: inPage})
}

// second opens another tab of the same profile.
func (b *tab) second(t *testing.T) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	other := &tab{ctx: ctx, home: b.home}
	origin, err := url.Parse(b.home)
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, func(event any) { other.hear(event, origin.Host) }); err != nil {
		t.Fatal(err)
	}
	call(t, other, network.Enable, network.EnableParams{})
	call(t, other, log.Enable, cdp.Empty{})
	other.prepare(t)
	return other
}

func (b *tab) open(t *testing.T, address string) {
	t.Helper()
	b.run(t, chromedp.Navigate(address), chromedp.WaitReady("main"))
}

// until waits for something to become true in the page.
func (b *tab) until(t *testing.T, what string) {
	t.Helper()
	deadline := time.Now().Add(8 * time.Second)
	for time.Now().Before(deadline) {
		if eval[bool](t, b, "Boolean("+what+")") {
			return
		}
		time.Sleep(30 * time.Millisecond)
	}
	t.Fatalf("never true: %s\nthe page says: %s", what, eval[string](t, b, `document.querySelector(".ob-bar")?.innerText + "\n" + (document.querySelector(".run")?.innerText ?? "")`))
}

// press clicks what a selector finds first, as a mouse does.
func (b *tab) press(t *testing.T, selector string) {
	t.Helper()
	b.until(t, `(() => { // nothing covers it, neither a dialog that closes nor what is drawn anew
		const e = document.querySelector(`+quote(selector)+`);
		e?.scrollIntoView({ block: "center" });
		const box = e?.getBoundingClientRect();
		window.target = [box?.x + box?.width / 2, box?.y + box?.height / 2];
		return box?.width && e.contains(document.elementFromPoint(...window.target));
	})()`)
	at := eval[[]float64](t, b, `window.target`)
	b.run(t, chromedp.MouseClickXY(at[0], at[1]))
}

// write puts text into a field as a person does.
func (b *tab) write(t *testing.T, selector, text string) {
	t.Helper()
	b.until(t, `document.querySelector(`+quote(selector)+`)`)
	eval[bool](t, b, `document.querySelector(`+quote(selector)+`).value = "", true`)
	b.run(t, chromedp.SendKeys(selector, text))
}

func (b *tab) text(t *testing.T, selector string) string {
	t.Helper()
	return eval[string](t, b, `document.querySelector(`+quote(selector)+`)?.innerText ?? ""`)
}

// shot keeps a picture of the page where OPSBOOK_SHOTS asks for it: for people to look at.
func (b *tab) shot(t *testing.T, name string) {
	t.Helper()
	dir := os.Getenv("OPSBOOK_SHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

// accessible fails the test with what axe finds, in the light and in the dark, and when the page scrolls sideways.
func (b *tab) accessible(t *testing.T, state string) {
	t.Helper()
	for _, v := range b.axe(t) {
		t.Errorf("%s: axe: %s", state, v)
	}
	schemes := []string{"light", "dark"}
	if eval[bool](t, b, `matchMedia("(prefers-color-scheme: dark)").matches`) {
		slices.Reverse(schemes)
	}
	b.media(t, "", "prefers-color-scheme", schemes[1]) // of all that axe looks at only contrast is another
	for _, v := range eval[[]string](t, b, `axe.run(document, { runOnly: ["color-contrast"], resultTypes: ["violations"] }).then((r) =>
		r.violations.flatMap((v) => v.nodes.map((n) => n.target.join(" ") + " — " + n.failureSummary)))`) {
		t.Errorf("%s in the %s: axe: %s", state, schemes[1], v)
	}
	b.media(t, "", "prefers-color-scheme", schemes[0])
	if said := eval[string](t, b, `/\b(?:false|undefined|null|NaN|object Object)\b|%[a-z]/.exec([...document.querySelectorAll(".ob, dialog, .run")].map((e) => e.innerText).join(" "))?.[0] ?? ""`); said != "" {
		t.Errorf("%s: the page says %q", state, said)
	}
	if eval[bool](t, b, `document.documentElement.scrollWidth > document.documentElement.clientWidth`) {
		t.Errorf("%s: the page scrolls sideways", state)
	}
}

// media makes the tab a medium, "" for a screen, with a feature.
func (b *tab) media(t *testing.T, medium, feature, value string) {
	t.Helper()
	call(t, b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium, Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
}

func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		return `""` // a string can always be written
	}
	return string(text)
}

// begin starts a run of the page that is open.
func (b *tab) begin(t *testing.T, operator string) {
	t.Helper()
	b.press(t, "[data-run-start='']")
	b.write(t, ".ob-form input[required]", operator)
	b.press(t, ".ob-form [type=submit]")
	b.until(t, `document.querySelector(".ob-bar")`)
}

// checks is the state of each step, in order.
func (b *tab) checks(t *testing.T) string {
	t.Helper()
	return eval[string](t, b, `[...document.querySelectorAll("[data-step]")].map((e) => (e.dataset.runState ?? "none")[0]).join("")`)
}

func TestBrowserRunFromStartToFinish(t *testing.T) {
	home := example(t)
	b := runTab(t, home)
	b.open(t, home+"runbooks/rds-failover/")
	b.shot(t, "01-before")
	b.press(t, "[data-preset='0']")
	b.press(t, "[data-run-start='']")
	b.until(t, `document.querySelector(".ob-form")`)
	b.shot(t, "02-form")
	b.accessible(t, "the form")
	b.press(t, ".ob-form [type=submit]")
	if said := b.text(t, ".ob-form > .ob-fault"); !strings.Contains(said, "実施者") {
		t.Errorf("without an operator the form says %q", said)
	}
	b.write(t, ".ob-form input[required]", "okada")
	b.press(t, ".ob-form [type=submit]")
	b.until(t, `document.querySelector(".ob-bar")`)
	b.shot(t, "03-started")
	b.accessible(t, "a started run")

	b.press(t, "#step-1 > .ob-check")
	if got := b.checks(t); got != "dttttt" {
		t.Errorf("after the first check steps are %s", got)
	}
	time.Sleep(600 * time.Millisecond)
	b.press(t, "#step-1 [data-key=undo]")
	if got := b.checks(t); got != "tttttt" {
		t.Errorf("after undoing it steps are %s", got)
	}
	time.Sleep(600 * time.Millisecond)
	b.press(t, "#step-1 > .ob-check")
	b.press(t, "#step-2 > .ob-check")
	if says := b.text(t, "#step-3 .ob-decide"); !strings.Contains(says, "事前承認済み") {
		t.Errorf("the decision says %q", says)
	}
	b.press(t, "#step-3 [data-key=go]")
	b.until(t, `document.querySelector("dialog[open]")`)
	b.accessible(t, "a question")
	b.press(t, "dialog [data-verdict=go]")
	b.until(t, `document.querySelector("#step-3 .ob-decide strong")?.textContent.includes("実施する (okada")`)

	b.press(t, "#step-4 [data-key=note]")
	b.write(t, "dialog textarea", "aws_secret_access_key=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY done")
	b.until(t, `document.querySelector("dialog [role=status]").textContent.includes("1")`)
	b.press(t, "dialog [type=submit]")
	b.until(t, `document.querySelector("#step-4 .ob-note pre")`)
	if note := b.text(t, "#step-4 .ob-note pre"); strings.Contains(note, "wJalr") || !strings.Contains(note, "●●●") {
		t.Errorf("the note is kept as %q", note)
	}
	b.press(t, "#step-6 [data-key=skip]")
	b.press(t, "dialog [type=submit]")
	if said := b.text(t, "dialog .ob-fault"); said == "" {
		t.Error("a step is skipped without a reason")
	}
	b.write(t, "dialog input", "接続エラーなし")
	b.press(t, "dialog [type=submit]")
	b.until(t, `document.querySelector("#step-6").dataset.runState === "skipped"`)
	b.shot(t, "04-middle")
	b.view(t, 390, true)
	eval[bool](t, b, `document.querySelector("#step-3").scrollIntoView({block: "center"}), true`)
	b.shot(t, "05-phone-dark")
	b.accessible(t, "a run on a phone in the dark")
	b.view(t, 1440, false)

	b.press(t, ".ob-bar [data-key=finish]")
	b.until(t, `document.querySelector("dialog[open]")`)
	b.shot(t, "06-finish")
	b.accessible(t, "the end")
	b.press(t, "dialog [type=submit]")
	b.until(t, `document.documentElement.dataset.running === "finished"`)
	b.press(t, ".ob-bar [data-key=export]")
	b.until(t, `document.querySelector("dialog textarea").value.includes("type: record")`)
	b.shot(t, "07-export")
	b.accessible(t, "the export")
	b.clean(t)
}
