package check

import (
	"slices"
	"strings"

	"opsbook/generator/site"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// alertUncovered finds alerts that wake somebody who then has no page to follow.
func alertUncovered(s *site.Site, tell report) {
	unknown := unknownAlerts(s)
	for _, a := range s.AlertList {
		if !a.Gap() {
			continue
		}
		d := diag.At(a.Defs[0].Pos, "alert-uncovered", "no page answers the alert %q", a.Name)
		if near, ok := diag.Nearest(a.Name, unknown); ok {
			tell(d.WithHint("a page names %q, which no source defines: one of the two is misspelt", near))
			continue
		}
		tell(d.WithHint("add alerts: [%q] to the page that says what to do, or say under alerts.exempt why none is needed", a.Name))
	}
}

// unknownAlerts are the names that pages write and no source defines.
func unknownAlerts(s *site.Site) []string {
	var names []string
	for _, a := range s.AlertList {
		if len(a.Defs) == 0 {
			names = append(names, a.Name)
		}
	}
	return names
}

// alertUnknown finds alerts that pages and exemptions name and that no source defines. It needs to know all alerts, so it says nothing where a
// source is missing.
func alertUnknown(s *site.Site, tell report) {
	if !s.AlertsKnown {
		return
	}
	var gaps, all []string
	for _, a := range s.AlertList {
		if len(a.Defs) > 0 {
			all = append(all, a.Name)
		}
		if a.Gap() {
			gaps = append(gaps, a.Name)
		}
	}
	look := func(name meta.Str) {
		if a := s.Alert(name.Text); a != nil && len(a.Defs) > 0 {
			return
		}
		d := diag.At(name.Pos, "alert-unknown", "no alert source defines %q", name)
		if _, ok := diag.Nearest(name.Text, gaps); ok {
			all = gaps // what lacks a page is more likely meant than what has one
		}
		tell(meant(d, name.Text, all, "it was renamed or removed where alerts are defined: follow it, or take it out"))
	}
	for _, e := range s.Entries {
		for _, name := range e.Meta.Alerts {
			if inForce(e) {
				look(name)
			}
		}
	}
	for _, x := range s.Config.Alerts.Exempt {
		if !strings.Contains(x.Alert.Text, "*") {
			look(x.Alert)
		}
	}
}

// alertURLBroken finds runbook_urls that promise a page of this site and keep no promise.
func alertURLBroken(s *site.Site, tell report) {
	runbooks(s, site.RunbookBroken, func(a *site.Alert, to site.Runbook) {
		d := diag.At(to.Ref.Pos, "alert-url-broken", "the runbook_url of %q leads nowhere: %s", a.Name, to.Why)
		switch {
		case to.Near != nil:
			tell(d.WithHint("did you mean %q?", s.Config.BaseURL+to.Near.URL))
		case len(a.Pages) > 0:
			tell(d.WithHint("its page is %q; /alerts/%s/ stays right wherever the page moves", s.Config.BaseURL+a.Pages[0].URL, a.Slug()))
		default:
			tell(d.WithHint("write the address of its page, or /alerts/%s/, which stays right wherever the page moves", a.Slug()))
		}
	})
}

// alertURLForeign names runbook_urls that lead away, where nobody here can keep them right.
func alertURLForeign(s *site.Site, tell report) {
	runbooks(s, site.RunbookForeign, func(a *site.Alert, to site.Runbook) {
		tell(diag.At(to.Ref.Pos, "alert-url-foreign", "the runbook_url of %q leads to another site", a.Name).
			WithHint("if that site is this one under another name, add its address to alerts.urls in opsbook.yaml"))
	})
}

func runbooks(s *site.Site, kind site.RunbookKind, visit func(*site.Alert, site.Runbook)) {
	for _, a := range s.AlertList {
		for _, to := range a.Runbooks {
			if to.Kind == kind {
				visit(a, to)
			}
		}
	}
}

// alertOwner finds alerts whose pages belong to nobody: whoever is woken has nobody to ask.
func alertOwner(s *site.Site, tell report) {
	for _, a := range s.AlertList {
		owned := slices.ContainsFunc(a.Pages, func(e *site.Entry) bool { return !e.Meta.Owner.IsZero() })
		if owned || len(a.Pages) == 0 {
			continue
		}
		e := a.Pages[0]
		pos := top(e)
		for _, name := range e.Meta.Alerts {
			if s.Alert(name.Text) == a {
				pos = name.Pos
			}
		}
		tell(diag.At(pos, "alert-owner", "nobody owns a page that answers the alert %q", a.Name).
			WithHint("add owner: with the team that is called for it"))
	}
}

// alertExemptExpired finds exemptions whose time is up. From then on the alert counts as a gap.
func alertExemptExpired(s *site.Site, tell report) {
	for _, x := range s.Config.Alerts.Exempt {
		if !x.Until.IsZero() && x.Until.Before(s.Clock) {
			tell(diag.At(x.Until.Pos, "alert-exempt-expired", "the exemption of %q ended on %s", x.Alert, x.Until).
				WithHint("write the page it lacks, or decide anew and set until to a later day"))
		}
	}
}
