package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"opsbook/generator"
	"opsbook/generator/page"
	"opsbook/generator/site"
	"opsbook/internal/alert"
)

// alerts lists every alert that a source or a page names: gaps first.
func alerts(s *site.Site) table {
	t := table{columns: []string{"alert", "state", "page", "owner", "severity", "runbook_url", "defined"}}
	for _, a := range s.AlertList {
		var pages, defined []string
		for _, e := range a.Pages {
			pages = append(pages, e.Doc.Path)
		}
		for _, d := range a.Defs {
			defined = append(defined, d.Pos.File+":"+strconv.Itoa(d.Pos.Line))
		}
		t.add(a.Name, page.AlertState(s, a), strings.Join(pages, ", "), alertOwner(a), a.Urgency(), runbookState(a), strings.Join(defined, ", "))
	}
	slices.SortStableFunc(t.rows, func(x, y []string) int { return alertOrder(x[1]) - alertOrder(y[1]) })
	return t
}

func alertOrder(state string) int { return slices.Index([]string{"gap", "unknown"}, state) & 7 }

func alertOwner(a *site.Alert) string {
	if a.Owner != nil {
		return a.Owner.ID
	}
	for _, d := range a.Defs {
		if !d.Owner.IsZero() {
			return d.Owner.Text
		}
	}
	return ""
}

// runbookState is the worst state of an alert's runbook_urls.
func runbookState(a *site.Alert) string {
	state := ""
	for _, to := range a.Runbooks {
		switch to.Kind {
		case site.RunbookBroken:
			return "broken"
		case site.RunbookForeign:
			state = "foreign"
		case site.RunbookHere:
			if state == "" {
				state = "here"
			}
		}
	}
	return state
}

// alertPatch prints the change that leads Prometheus rules to their pages: runbook_urls that are missing, and those that lead nowhere.
func alertPatch(a *app, content *generator.Content, source string) error {
	s := content.Site
	if s.Config.BaseURL == "" {
		return usage("write runbook_urls: the site has no address; set base_url in opsbook.yaml")
	}
	var defs []alert.Alert
	for _, x := range s.AlertList {
		if len(x.Pages) > 0 {
			defs = append(defs, x.Defs...)
		}
	}
	want := func(d alert.Alert) string {
		x := s.Alert(d.Name)
		for _, to := range x.Runbooks {
			if to.Ref.Pos == d.Runbook.Pos && to.Kind != site.RunbookBroken {
				return ""
			}
		}
		return s.Config.BaseURL + "alerts/" + x.Slug() + "/"
	}
	here := func(path string) string { // as seen from where the command runs, which is where git apply runs
		full, err := filepath.Abs(filepath.Join(source, filepath.FromSlash(path)))
		if err != nil {
			return path
		}
		dir, err := os.Getwd()
		if err != nil {
			return path
		}
		if rel, err := filepath.Rel(dir, full); err == nil {
			return filepath.ToSlash(rel)
		}
		return path
	}
	patch, left := alert.Patch(content.Rules, defs, want, here)
	if _, err := io.WriteString(a.stdout, patch); err != nil {
		return err
	}
	for _, d := range left {
		if d.Source == alert.Prometheus {
			fmt.Fprintf(a.stderr, "%s: add runbook_url: %s by hand: its annotations stand on one line\n", d.Pos, want(d))
		}
	}
	return nil
}
