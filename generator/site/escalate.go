package site

import (
	"opsbook/generator/doctype"
	"opsbook/internal/meta"
)

// defaultPolicy is the id of the policy that pages follow which need a path and name none.
const defaultPolicy = "default"

// escalation is the path that applies to a page: its own steps, else the policy that it names, else the site's default.
func (r *resolver) escalation(e *Entry) []Step {
	var out []Step
	if len(e.Meta.Escalation) > 0 {
		for _, s := range e.Meta.Escalation {
			out = append(out, r.step(s.To, s.After, s.When.Text, s.Hours.Text))
		}
		return out
	}
	name := e.Meta.Policy.Text
	if name == "" && e.Type.Has(doctype.Escalates) {
		name = defaultPolicy
	}
	if policy := r.policy[name]; policy != nil {
		for _, s := range policy.Steps {
			out = append(out, r.step(s.To, s.After, s.When, s.Hours))
		}
	}
	return out
}

func (r *resolver) step(to meta.Str, after meta.Span, when, hours string) Step {
	return Step{Party: r.site.parties[to.Text], To: to, After: after, When: when, Hours: hours}
}
