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
	"runbook":     "runbooks/database/rds-failover/",
	"runbook-en":  "en/runbooks/database/rds-failover/",
	"playbook":    "playbooks/site-down/",
	"playbook-en": "en/playbooks/site-down/",
	"raci":        "raci/incident-response/",
	"raci-table":  "raci/change-requests/",
	"lesson":      "lessons/orders-race-condition/",
	"list":        "runbooks/",
	"review":      "review/",
	"map":         "map/",
	"tags":        "tags/",
	"missing":     "404.html",
}

func TestBrowserPagesAreCleanEverywhere(t *testing.T) {
	home := site(t)
	for name, path := range kinds {
		t.Run(name, func(t *testing.T) {
			for _, width := range []int64{390, 1440} {
				for _, dark := range []bool{false, true} {
					t.Run(fmt.Sprintf("%d-dark=%t", width, dark), func(t *testing.T) {
						b := openTab(t, home)
						var overflow bool
						b.run(t, viewport(width, dark), chromedp.Navigate(home+path), chromedp.WaitReady("main"),
							chromedp.Evaluate(`document.documentElement.scrollWidth > document.documentElement.clientWidth`, &overflow))
						for _, v := range b.axe(t) {
							t.Errorf("axe: %s", v)
						}
						if overflow {
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
	home := site(t)
	for name, path := range kinds {
		t.Run(name, func(t *testing.T) {
			b := openTab(t, home)
			var text string
			b.run(t, emulation.SetScriptExecutionDisabled(true), viewport(390, false),
				chromedp.Navigate(home+path), chromedp.WaitReady("main"), chromedp.Text("main", &text))
			if len(text) < 40 {
				t.Errorf("main says only %q", text)
			}
			b.clean(t)
		})
	}
}
