package check

import (
	"slices"
	"strconv"
	"strings"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// past are the keys that say what somebody did: they stay true when that person leaves.
var past = []string{"author", "reviewed_by", "approved_by", "operator", "confirmer", "approver"}

// personLeft finds people who have left and are still counted on. What they did in the past stays theirs.
func personLeft(s *site.Site, tell report) {
	gone := map[string]*config.Party{}
	for i := range s.Directory.Parties {
		if p := &s.Directory.Parties[i]; !p.Until.IsZero() && p.Until.Before(s.Clock) {
			for _, name := range append([]string{p.ID}, p.Handles...) {
				gone[name] = p
			}
		}
	}
	if len(gone) == 0 {
		return
	}
	look := func(id meta.Str) {
		if p := gone[id.Text]; p != nil {
			tell(diag.At(id.Pos, "person-left", "%q left on %s and is still counted on here", id, p.Until).
				WithHint("name a team, or whoever took over").WithRelated(p.Until.Pos, "the directory says so here"))
		}
	}
	for _, id := range inDirectory(s.Directory) {
		look(id)
	}
	mentions(s, "party", func(m mention) {
		if inForce(m.page) && !m.page.Type.Has(doctype.Record) && m.key != "actions.owner" && !slices.Contains(past, m.key) {
			look(m.word)
		}
	})
	for _, e := range s.Entries {
		for _, a := range e.Meta.Actions {
			if open(a) && inForce(e) {
				look(a.Owner)
			}
		}
		for _, a := range e.Activities {
			if inForce(e) {
				for _, role := range holders(a) {
					look(role)
				}
			}
		}
	}
}

// inDirectory is everybody whom the directory counts on.
func inDirectory(d *config.Directory) []meta.Str {
	var all []meta.Str
	for _, p := range d.Parties {
		all = append(all, p.Members...)
	}
	for _, x := range d.Services {
		all = append(append(all, x.Owner), x.Vendors...)
	}
	for _, p := range d.Escalations {
		for _, step := range p.Steps {
			all = append(all, step.To)
		}
	}
	for _, a := range d.Agreements {
		all = append(all, a.From, a.To)
	}
	return all
}

// contactsOverdue finds contacts that nobody has tried for too long. Where no contact has ever been verified, none is asked for.
func contactsOverdue(s *site.Site, tell report) {
	parties := s.Directory.Parties
	if !slices.ContainsFunc(parties, func(p config.Party) bool { return p.LastVerified.Text != "" }) {
		return
	}
	for i := range parties {
		p := &parties[i]
		if len(p.Contacts) == 0 || !p.Until.IsZero() && p.Until.Before(s.Clock) {
			continue
		}
		due := p.VerifyBy()
		switch {
		case p.LastVerified.Text == "":
			tell(diag.At(p.Pos, "contacts-overdue", "nobody ever verified the contacts of %q", p.ID).
				WithHint("call or write to each of them, then set last_verified to the day"))
		case !due.IsZero() && due.Before(s.Clock):
			tell(diag.At(p.LastVerified.Pos, "contacts-overdue", "the contacts of %q were to be verified by %s", p.ID, due).
				WithHint("call or write to each of them, then set last_verified to the day"))
		}
	}
}

// agreementWait finds paths that move on before the one who was called has to answer.
func agreementWait(s *site.Site, tell report) {
	for _, p := range paths(s) {
		for i := range p.steps[:max(0, len(p.steps)-1)] {
			now, next := p.steps[i], p.steps[i+1]
			if next.hours != now.hours && next.hours != "" && now.hours != "" {
				continue
			}
			a := promised(s.Directory, p.steps[:i], now.to.Text)
			if wait := minutes(next.after) - minutes(now.after); a != nil && wait > 0 && wait < minutes(a.Response) {
				tell(diag.At(next.after.Pos, "agreement-wait", "%q is passed over after %s, but has %s to answer", now.to, span(wait), a.Response.Text).
					WithHint("call the next one later, or agree on a faster response").WithRelated(a.Response.Pos, "it was agreed here"))
			}
		}
	}
}

// promised is what a party owes to those who were called before it; the fastest promise counts.
func promised(d *config.Directory, before []call, to string) *config.Agreement {
	var best *config.Agreement
	for i := range d.Agreements {
		a := &d.Agreements[i]
		asked := slices.ContainsFunc(before, func(c call) bool { return c.to.Text == a.From.Text })
		if asked && a.To.Text == to && !a.Response.IsZero() && (best == nil || minutes(a.Response) < minutes(best.Response)) {
			best = a
		}
	}
	return best
}

// span writes minutes as people do.
func span(n int) string {
	if n%60 == 0 {
		return strconv.Itoa(n/60) + "h"
	}
	return strconv.Itoa(n) + "m"
}

// serviceGap finds services of the first tier that nobody could bring back: no owner, no page for their incidents, no vendor to call.
func serviceGap(s *site.Site, tell report) {
	for i := range s.Directory.Services {
		x := &s.Directory.Services[i]
		if x.Tier != "1" {
			continue
		}
		for _, gap := range s.Gaps(x) {
			d := diag.At(x.Pos, "service-gap", "the service %q is of tier 1 and has no %s", x.ID, serviceGaps[gap].what)
			d.Hint = serviceGaps[gap].hint
			tell(d)
		}
	}
}

// serviceGaps say what a service lacks.
var serviceGaps = map[site.ServiceGap]struct{ what, hint diag.Text }{
	site.NoOwner:    {diag.T("owner"), diag.T("add owner: with the team that answers for it")},
	site.NoPlaybook: {diag.T("playbook"), diag.T("write the page for its incidents and name the service under services")},
	site.NoVendor:   {diag.T("vendor to call"), diag.T("add vendors: with who supports what it runs on, and to the vendor how to reach it")},
}

// notValidated names pages for work that nobody but their author has run or read. Where no page says who reviewed it and no run is on record,
// none is asked to.
func notValidated(s *site.Site, tell report) {
	told := func(e *site.Entry) bool { return !e.Meta.ReviewedBy.IsZero() || len(e.Records) > 0 }
	if !slices.ContainsFunc(s.Entries, told) {
		return
	}
	for _, e := range s.Entries {
		if e.Source == nil && inForce(e) && e.Status != "draft" && s.Untested(e) {
			tell(diag.At(top(e), "not-validated", "nobody but its author has run or reviewed this page").
				WithHint("have somebody else drill it and keep the record, or review it and set reviewed_by"))
		}
	}
}

// codeownersDiffer finds pages whose owner is not among those whom Git asks about a change.
func codeownersDiffer(s *site.Site, tell report) {
	for _, e := range s.Entries {
		if e.Owner == nil || !inForce(e) {
			continue
		}
		var known []string
		owns := false
		handles, pos := s.CodeOwners(e)
		for _, h := range handles {
			if p := s.Party(h); p != nil {
				known = append(known, p.ID)
				owns = owns || p == e.Owner || slices.ContainsFunc(p.Members, func(m meta.Str) bool { return m.Text == e.Owner.ID })
			}
		}
		if len(known) > 0 && !owns {
			tell(diag.At(e.Meta.Owner.Pos, "codeowners-differ", "%s belongs to %q, but Git asks %s about changes", e.Doc.Path, e.Owner.ID, strings.Join(known, ", ")).
				WithHint("name the same team in both").WithRelated(pos, "CODEOWNERS says so here"))
		}
	}
}
