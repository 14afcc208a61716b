package config

import (
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// readDirectory reads directory.yaml.
func readDirectory(f file) *Directory {
	d := &Directory{File: f.path}
	r := &reader{problems: f.problems}
	party := func(kind PartyKind) func(meta.Field) {
		return func(f meta.Field) {
			r.entries(f, func(id meta.Str, f meta.Field) { d.Parties = append(d.Parties, r.party(kind, id, f)) })
		}
	}
	known := keys{
		"teams": party(Team), "people": party(Person), "vendors": party(Vendor),
		"services": func(f meta.Field) {
			r.entries(f, func(id meta.Str, f meta.Field) { d.Services = append(d.Services, r.service(id, f)) })
		},
		"escalations": func(f meta.Field) { d.Escalations = append(d.Escalations, r.policies(f)...) },
		"agreements":  into(&d.Agreements, r.agreements),
	}
	r.object(f.root(), known)
	d.Problems = append(r.problems, d.faults()...)
	return d
}

// ignore is for a key that was read already.
func ignore(meta.Field) {}

func (r *reader) party(kind PartyKind, id meta.Str, f meta.Field) Party {
	p := Party{Kind: kind, ID: id.Text, Pos: id.Pos}
	visible := func(f meta.Field) { p.Private = r.private(f) }
	known := keys{
		"id": ignore, "name": into(&p.Name, r.name), "kana": into(&p.Kana, r.text), "handles": into(&p.Handles, r.texts),
		"contacts": into(&p.Contacts, r.contacts), "hours": into(&p.Hours, r.text), "time_zone": into(&p.Timezone, r.zone),
		"holidays": into(&p.Holidays, r.texts), "members": into(&p.Members, r.strs), "last_verified": into(&p.LastVerified, r.day),
		"review_in": into(&p.ReviewIn, r.span), "until": into(&p.Until, r.day), "visibility": visible, "decides": into(&p.Decides, r.flag),
	}
	if kind == Vendor {
		known["support_plan"] = into(&p.Support.Plan, r.text)
		known["open_case"] = into(&p.Support.OpenCase, r.text)
	}
	r.object(f, known)
	return p
}

// private reads who may see something.
func (r *reader) private(f meta.Field) bool { return r.choice(f, "public", "private") == "private" }

func (r *reader) service(id meta.Str, f meta.Field) Service {
	s := Service{ID: id.Text, Pos: id.Pos}
	r.object(f, keys{
		"id": ignore, "name": into(&s.Name, r.name), "owner": into(&s.Owner, r.str), "tier": into(&s.Tier, r.text),
		"rto": into(&s.RTO, r.span), "rpo": into(&s.RPO, r.span), "depends_on": into(&s.DependsOn, r.strs),
		"vendors": into(&s.Vendors, r.strs), "dashboards": into(&s.Dashboards, r.webs), "repository": into(&s.Repository, r.web),
	})
	return s
}

// policies reads named escalation policies: `database: [{to: dba}, …]`, or with a name of its own and the list below `steps`.
func (r *reader) policies(f meta.Field) []Policy {
	var list []Policy
	r.entries(f, func(id meta.Str, f meta.Field) {
		p := Policy{ID: id.Text, Pos: id.Pos}
		if f.Value.Kind == meta.Map {
			r.object(f, keys{"id": ignore, "name": into(&p.Name, r.name), "steps": into(&p.Steps, r.escalation)})
		} else {
			p.Steps = r.escalation(f)
		}
		if len(p.Steps) == 0 {
			r.wrong(id.Pos, diag.T("for example {to: dba, after: 0m}"), "escalation policy %q calls nobody", id)
		}
		list = append(list, p)
	})
	return list
}

// escalation reads the steps of a policy; a bare id is a step that calls at once.
func (r *reader) escalation(f meta.Field) []Escalation {
	var steps []Escalation
	for _, item := range r.items(f) {
		e := Escalation{Pos: item.Value.Pos}
		if item.Value.Kind == meta.Scalar {
			e.To = r.str(item)
		} else {
			hours := func(f meta.Field) { e.Hours = r.choice(f, "business", "off") }
			r.object(item, keys{"to": into(&e.To, r.str), "after": into(&e.After, r.span), "when": into(&e.When, r.text), "hours": hours})
		}
		if e.To.IsZero() {
			r.wrong(item.Value.Pos, diag.T("for example {to: dba, after: 15m}"), "a step of %s calls nobody", f.Raw)
			continue
		}
		steps = append(steps, e)
	}
	return steps
}

func (r *reader) agreements(f meta.Field) []Agreement {
	var list []Agreement
	for _, item := range r.items(f) {
		a := Agreement{Pos: item.Value.Pos}
		r.object(item, keys{
			"from": into(&a.From, r.str), "to": into(&a.To, r.str), "channel": into(&a.Channel, r.text),
			"response": into(&a.Response, r.span), "hours": into(&a.Hours, r.text),
		})
		if item.Value.Kind != meta.Map {
			continue
		}
		if a.From.IsZero() || a.To.IsZero() {
			r.wrong(item.Value.Pos, diag.T("for example {from: app-dev, to: sre, response: 15m}"), "each of %s needs from and to", f.Raw)
			continue
		}
		list = append(list, a)
	}
	return list
}
