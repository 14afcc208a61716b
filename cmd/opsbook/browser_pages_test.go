//go:build browser

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// kinds is one page of every kind the example has, in both languages where a translation exists.
var kinds = map[string]string{
	"home":        "",
	"home-en":     "en/",
	"runbook":     "runbooks/rds-failover/",
	"runbook-en":  "en/runbooks/rds-failover/",
	"playbook":    "playbooks/site-down/",
	"playbook-en": "en/playbooks/site-down/",
	"raci":        "raci/incident-response/",
	"raci-table":  "raci/change-requests/",
	"lesson":      "lessons/2026-03-orders-race-condition/",
	"list":        "runbooks/",
	"review":      "review/",
	"map":         "map/",
	"tags":        "tags/",
	"missing":     "404.html",
	"record":      "records/2026-09-15-rds-failover-drill/",
	"note":        "notes/who-owns-what/",
	"stale":       "notes/resilience-life-cycle/",
	"archived":    "notes/old-contact-list/",
	"own-type":    "orr/2026-09-points-renewal/",
	"search":      "search/",
	"glossary":    "glossary/",
	"recent":      "recent/",
	"incidents":   "incidents/",
	"actions":     "actions/",
	"service":     "services/orders/",
	"team":        "teams/sre/",
	"rules":       "guide/rules/",
	"keys-en":     "en/guide/front-matter/",
}

func TestBrowserPagesAreCleanEverywhere(t *testing.T) {
	home := example(t)
	for name, path := range kinds {
		t.Run(name, func(t *testing.T) {
			for _, width := range []int64{390, 1440} {
				for _, dark := range []bool{false, true} {
					t.Run(fmt.Sprintf("%d-dark=%t", width, dark), func(t *testing.T) {
						b := openTab(t, home)
						b.view(t, width, dark)
						b.run(t, chromedp.Navigate(home+path), chromedp.WaitReady("main"))
						for _, v := range b.axe(t) {
							t.Errorf("axe: %s", v)
						}
						if eval[bool](t, b, `document.documentElement.scrollWidth > document.documentElement.clientWidth`) {
							t.Error("the page scrolls sideways")
						}
						b.clean(t)
					})
				}
			}
		})
	}
}

func TestBrowserPagesWorkWithoutJavaScript(t *testing.T) {
	home := example(t)
	for name, path := range kinds {
		t.Run(name, func(t *testing.T) {
			b := openTab(t, home)
			b.view(t, 390, false)
			call(t, b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			b.run(t, chromedp.Navigate(home+path), chromedp.WaitReady("main"))
			text, err := chromedp.Run(b.ctx, chromedp.Text("main"))
			if err != nil {
				t.Fatal(err)
			}
			if len(text) < 40 {
				t.Errorf("main says only %q", text)
			}
			b.clean(t)
		})
	}
}
