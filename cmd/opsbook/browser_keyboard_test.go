//go:build browser

package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// stops is what the Tab key has to reach: what can be used and is shown, in the order of the page.
const stops = `(() => {
	let n = 0;
	const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest("details:not([open]) > :not(summary)");
	const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter((e) => e.tabIndex >= 0 && !e.disabled && shown(e));
	for (const e of all) e.dataset.stop = n++;
	return JSON.stringify({ all: all.map((e) => e.tagName.toLowerCase() + "." + e.className + " " + (e.getAttribute("aria-label") ?? e.textContent).trim().slice(0, 40)), positive: all.filter((e) => e.tabIndex > 0).length });
})()`

// stop is where the focus is: which of the stops, whether one sees it, and what lies over it.
const stop = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body) return JSON.stringify({ at: -1 });
	const s = getComputedStyle(e), field = e.closest(".field") && getComputedStyle(e.closest(".field"));
	const seen = (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || (field && field.boxShadow !== "none");
	const boxes = [...e.getClientRects()].filter((r) => r.width && r.height);
	const clear = boxes.some((r) => {
		const x = Math.min(Math.max(r.left + r.width / 2, 1), innerWidth - 2), top = Math.max(r.top, 0), bottom = Math.min(r.bottom, innerHeight);
		return [0.5, 0.2, 0.8].some((part) => { const over = document.elementFromPoint(x, top + (bottom - top) * part); return over && (e.contains(over) || over.contains(e)); });
	});
	return JSON.stringify({ at: e.dataset.stop === undefined ? -2 : Number(e.dataset.stop), seen, clear, name: e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 40) + " at " + boxes.map((r) => [r.left, r.top].map(Math.round)).join(" ") });
})()`

// scrolled is what the page says after it has scrolled to the stop.
const scrolled = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => `

// TestBrowserKeyboardReachesEverything walks whole pages with the Tab key alone.
func TestBrowserKeyboardReachesEverything(t *testing.T) {
	home := example(t)
	for _, address := range []string{"", "runbooks/status-page-switch/", "playbooks/site-down/", "runbooks/", "raci/change-requests/", "alerts/", "search/"} {
		for _, width := range []int64{1440, 390} {
			t.Run(fmt.Sprintf("%s-%d", strings.Trim(address, "/"), width), func(t *testing.T) {
				t.Parallel() // a walk waits for frames more than it works
				b := openTabFor(t, home, 3*time.Minute)
				b.view(t, width, false)
				call(t, b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})                                                          // whichever tab is in front
				call(t, b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}}) // no gliding
				b.run(t, chromedp.Navigate(home+address), chromedp.WaitReady("main"))
				eval[bool](t, b, `new Promise((r) => setTimeout(() => r(true), 300))`) // scripts add their buttons
				if address == "search/" {
					b.run(t, chromedp.WaitVisible(".hit")) // what it offers at rest makes the page longer
				}
				var want struct {
					All      []string
					Positive int
				}
				read(t, b, stops, &want)
				if len(want.All) < 20 || want.Positive > 0 {
					t.Fatalf("%d things to reach, %d with a place of their own in the order", len(want.All), want.Positive)
				}
				b.walk(t, want.All)
				b.clean(t)
			})
		}
	}
}

// walk presses Tab until everything was reached, in order.
func (b *tab) walk(t *testing.T, want []string) {
	t.Helper()
	var from struct{ At int }
	read(t, b, stop, &from)
	next := max(0, from.At+1) // a page may begin in its own field, as search does
	for range 2*len(want) + 20 {
		b.run(t, chromedp.KeyEvent(kb.Tab))
		var got struct {
			At          int
			Seen, Clear bool
			Name        string
		}
		read(t, b, scrolled+stop+")", &got)
		if got.At == -1 {
			break
		}
		if !got.Seen {
			t.Errorf("the focus on %s is not seen", got.Name)
		}
		if !got.Clear {
			t.Errorf("something lies over %s when it has the focus", got.Name)
		}
		if got.At == -2 {
			continue // a part that scrolls: the browser's own stop
		}
		if got.At != next {
			t.Fatalf("after %d comes %s, not %s", next, want[got.At], want[next])
		}
		if next++; next == len(want) {
			return
		}
	}
	t.Errorf("Tab reaches %d of %d; next would be %s", next, len(want), want[next])
}

func read(t *testing.T, b *tab, script string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(eval[string](t, b, script)), into); err != nil {
		t.Fatal(err)
	}
}

// TestBrowserKeyboardSkipsAndReturns: the first Tab offers to skip to the text; a dialog keeps the focus and gives it back.
func TestBrowserKeyboardSkipsAndReturns(t *testing.T) {
	home := example(t)
	for _, width := range []int64{1440, 390} {
		b := openTab(t, home)
		b.view(t, width, false)
		b.run(t, chromedp.Navigate(home+"runbooks/rds-failover/"), chromedp.WaitReady("main"), chromedp.KeyEvent(kb.Tab))
		if !eval[bool](t, b, `(() => { const e = document.activeElement, r = e.getBoundingClientRect(); return e.className === "skip" && r.left >= 0 && r.top >= 0 })()`) {
			t.Fatal("the first Tab does not show the skip link")
		}
		b.run(t, chromedp.KeyEvent(kb.Enter))
		if at := eval[string](t, b, `document.activeElement.id`); at != "p-main" {
			t.Errorf("the skip link leads to %q", at)
		}
		b.run(t, chromedp.KeyEvent(kb.Tab))
		if !eval[bool](t, b, `document.activeElement.closest("main") !== null`) {
			t.Error("after the skip link Tab is not in the text")
		}
		eval[bool](t, b, `(document.activeElement.dataset.before = "", true)`)
		b.run(t, chromedp.KeyEvent("/"), chromedp.WaitVisible("dialog.seek input"))
		for range 12 {
			b.run(t, chromedp.KeyEvent(kb.Tab))
			if where := eval[string](t, b, `document.activeElement === document.body || document.activeElement.closest("dialog") ? "" : document.activeElement.outerHTML.slice(0, 80)`); where != "" {
				t.Fatalf("Tab leaves the dialog for %s", where)
			}
		}
		b.run(t, chromedp.KeyEvent(kb.Escape))
		if !eval[bool](t, b, `!document.querySelector("dialog[open]") && document.activeElement.dataset.before === ""`) {
			t.Error("the dialog does not give the focus back")
		}
		b.clean(t)
	}
}
