package check

import (
	"strconv"
	"strings"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// path is an escalation path where it is written: on a page or as a policy of the directory.
type path struct {
	pos   diag.Pos // of the whole
	steps []call
}

// call is one step of a path.
type call struct {
	to    meta.Str
	after meta.Span
	hours string
}

// paths returns every escalation path that is written down. A policy is one path, however many pages follow it.
func paths(s *site.Site) []path {
	var all []path
	for _, policy := range s.Directory.Escalations {
		p := path{pos: policy.Pos}
		for _, step := range policy.Steps {
			p.steps = append(p.steps, call{step.To, step.After, step.Hours})
		}
		all = append(all, p)
	}
	for _, e := range s.Entries {
		if len(e.Meta.Escalation) == 0 || !inForce(e) {
			continue
		}
		p := path{pos: e.Meta.Escalation[0].To.Pos}
		for _, step := range e.Meta.Escalation {
			p.steps = append(p.steps, call{step.To, step.After, step.Hours.Text})
		}
		all = append(all, p)
	}
	return all
}

// escalationMissing finds pages for an emergency that say nobody to call.
func escalationMissing(s *site.Site, tell report) {
	var policies []string
	for _, p := range s.Directory.Escalations {
		policies = append(policies, p.ID)
	}
	for _, e := range s.Entries {
		if !e.Type.Has(doctype.Escalates) || !inForce(e) || !e.Meta.Policy.IsZero() || len(e.Meta.Escalation) > 0 || len(e.Escalation) > 0 {
			continue
		}
		d := diag.At(top(e), "escalation-missing", "no escalation: whoever gets stuck has nobody to call")
		if len(policies) > 0 {
			tell(d.WithHint("add escalation: with a policy of directory.yaml (%s) or a list of {to, after}", strings.Join(policies, ", ")))
		} else {
			tell(d.WithHint("add escalation: with a list such as [{to: dba, after: 0m}, {to: manager, after: 30m}]"))
		}
	}
}

// escalationUnknown finds pages that escalate along a policy or to somebody that the directory does not list. A policy's own steps are
// the directory's fault and found there.
func escalationUnknown(s *site.Site, tell report) {
	if s.Directory.File == "" {
		return
	}
	ids := partyIDs(s.Directory)
	var policies []string
	for _, p := range s.Directory.Escalations {
		policies = append(policies, p.ID)
	}
	for _, e := range s.Entries {
		if name := e.Meta.Policy; !name.IsZero() {
			if _, ok := s.Directory.Policy(name.Text); !ok {
				tell(meant(diag.At(name.Pos, "escalation-unknown", "no escalation policy has the name %q", name), name.Text, policies,
					"policies are listed under escalations in directory.yaml; a path of the page's own is a list of {to, after}"))
			}
		}
		for _, step := range e.Meta.Escalation {
			if _, ok := s.Directory.Party(step.To.Text); !ok && !step.To.IsZero() {
				tell(unlisted(step.To, "escalation-unknown", ids))
			}
		}
	}
}

// escalationContact finds people to call whom nobody can reach.
func escalationContact(s *site.Site, tell report) {
	for _, p := range paths(s) {
		for _, step := range p.steps {
			if party, ok := s.Directory.Party(step.to.Text); ok && len(party.Contacts) == 0 {
				tell(diag.At(step.to.Pos, "escalation-contact", "%q is to be called but has no contact", step.to).
					WithHint("add contacts: with a pager, a channel, a phone number or an address to it").
					WithRelated(party.Pos, "it is listed here"))
			}
		}
	}
}

// escalationOrder finds paths that stand still: a step that is not called later than the one before it, and an end with somebody who
// cannot decide.
func escalationOrder(s *site.Site, tell report) {
	deciders := deciders(s.Directory)
	for _, p := range paths(s) {
		for i, step := range p.steps {
			before, ok := earlier(p.steps[:i], step.hours)
			if ok {
				later(step, before, strconv.Itoa(i+1), tell)
			}
		}
		if len(p.steps) == 0 || len(deciders) == 0 {
			continue
		}
		last := p.steps[len(p.steps)-1].to
		if party, ok := s.Directory.Party(last.Text); ok && !party.Decides {
			tell(diag.At(last.Pos, "escalation-order", "the path ends with %q, who may not decide", last).
				WithHint("end it with somebody who can: %s", strings.Join(deciders, ", ")))
		}
	}
}

// earlier returns the last step that is called at the same hours. Business hours and the rest are two paths beside each other.
func earlier(steps []call, hours string) (call, bool) {
	for i := len(steps) - 1; i >= 0; i-- {
		if h := steps[i].hours; h == "" || hours == "" || h == hours {
			return steps[i], true
		}
	}
	return call{}, false
}

// later reports a step that is not called later than the one before it.
func later(step, before call, number string, tell report) {
	const hint = "after counts from the start of the incident and grows from step to step: 0m, 15m, 45m"
	switch {
	case step.after.Text == "":
		tell(diag.At(step.to.Pos, "escalation-order", "step %s does not say after how long %q is called", number, step.to).WithHint(hint))
	case minutes(step.after) <= minutes(before.after):
		tell(diag.At(step.after.Pos, "escalation-order", "step %s is called after %s, no later than the step before it", number, step.after.Text).WithHint(hint))
	}
}

// minutes is a span as a number that orders spans; a month is as long as the Gregorian calendar's mean one.
func minutes(s meta.Span) int { return s.Months*43829 + s.Days*24*60 + s.Minutes }

func deciders(d *config.Directory) []string {
	var ids []string
	for _, p := range d.Parties {
		if p.Decides {
			ids = append(ids, p.ID)
		}
	}
	return ids
}
