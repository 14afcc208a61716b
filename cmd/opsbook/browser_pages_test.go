//go:build browser

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestBrowserPagesAreCleanEverywhere holds a page of every kind, and every page of the guide, to axe-core in light and dark and on a phone, and
// to staying within its screen, its origin and its policy.
func TestBrowserPagesAreCleanEverywhere(t *testing.T) {
	home := example(t)
	kinds := exampleKinds(t)
	for _, guide := range []string{"getting-started", "writing", "adopting", "publishing", "theming", "site-files", "keeping-true", "search", "commands", "front-matter", "rules"} {
		for name, address := range map[string]string{"guide-" + guide: "guide/" + guide + "/", "guide-" + guide + "-en": "en/guide/" + guide + "/"} {
			if !slices.Contains(slices.Collect(maps.Values(kinds)), address) { // the heaviest of them stands for its kind already
				kinds[name] = address
			}
		}
	}
	queue := make(chan string, len(kinds)) // whichever tab is free takes the next
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		queue <- name
	}
	close(queue)
	const tabs = 2 // one for each core of a small machine: what axe does is work for the page's own process
	for first := range tabs {
		t.Run(fmt.Sprint("tab ", first+1), func(t *testing.T) {
			t.Parallel()
			b := openTabFor(t, home, 15*time.Minute)
			for name := range queue {
				_, twin := kinds[strings.TrimSuffix(name, "-en")+"-ja"]
				t.Run(name, func(t *testing.T) { b.cleanEverywhere(t, name, kinds[name], twin) })
			}
		})
	}
	t.Logf("%d pages", len(kinds))
}

// cleanEverywhere holds one page. Of its kind's twin in English, and of the guide, only what can differ is held on a phone.
func (b *tab) cleanEverywhere(t *testing.T, name, address string, twin bool) {
	b.view(t, 1440, false)
	b.run(t, chromedp.Navigate(b.home+address), chromedp.WaitReady("main"))
	b.fits(t, "1440 light")
	if again := strings.HasPrefix(name, "guide-") || strings.HasSuffix(name, "-en") && twin; again {
		b.view(t, 390, true)
		b.fits(t, "390 dark", "color-contrast") // the rest of its kind is held in Japanese
		b.clean(t)
		return
	}
	b.view(t, 1440, true)
	b.fits(t, "1440 dark", "color-contrast") // nothing else depends on the scheme
	b.view(t, 390, false)
	b.fits(t, "390", "color-contrast", "scrollable-region-focusable", "landmark-unique", "region", "link-in-text-block")
	b.clean(t)
}

// fits holds what the tab shows to axe-core, or to some of its rules, and to its width.
func (b *tab) fits(t *testing.T, where string, rules ...string) {
	t.Helper()
	for _, v := range b.axe(t, rules...) {
		t.Errorf("%s: axe: %s", where, v)
	}
	if eval[bool](t, b, `document.documentElement.scrollWidth > document.documentElement.clientWidth`) {
		t.Errorf("%s: the page scrolls sideways", where)
	}
}

func TestBrowserPagesWorkWithoutJavaScript(t *testing.T) {
	home := example(t)
	kinds := exampleKinds(t)
	b := openTabFor(t, home, 3*time.Minute)
	b.view(t, 390, false)
	call(t, b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		b.run(t, chromedp.Navigate(home+kinds[name]), chromedp.WaitReady("main"))
		text, err := chromedp.Run(b.ctx, chromedp.Text("main"))
		if err != nil {
			t.Fatal(err)
		}
		if len(text) < 40 {
			t.Errorf("%s: main says only %q", name, text)
		}
	}
	b.clean(t)
}
