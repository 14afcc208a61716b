package config

import (
	"slices"
	"strings"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// faults finds ids that the directory gives twice and ids that it names but does not list.
func (d *Directory) faults() []diag.Diagnostic {
	problems := d.duplicates()
	parties, services := d.partyIDs(), d.serviceIDs()
	party := func(named ...meta.Str) {
		for _, id := range named {
			if _, ok := d.Party(id.Text); !ok && !id.IsZero() {
				problems = append(problems, unlisted(id, parties, "no team, person or vendor has the id %q"))
			}
		}
	}
	for _, p := range d.Parties {
		party(p.Members...)
	}
	for _, s := range d.Services {
		party(s.Owner)
		party(s.Vendors...)
		for _, id := range s.DependsOn {
			if _, ok := d.Service(id.Text); !ok {
				problems = append(problems, unlisted(id, services, "no service has the id %q"))
			}
		}
	}
	for _, p := range d.Escalations {
		for _, step := range p.Steps {
			party(step.To)
		}
	}
	for _, a := range d.Agreements {
		party(a.From, a.To)
	}
	return problems
}

// unlisted is the diagnostic for an id that nothing has.
func unlisted(id meta.Str, known []string, format string) diag.Diagnostic {
	d := diag.Diagnostic{Pos: id.Pos, Rule: "directory-unknown", Message: diag.T(format, id)}
	if near, ok := diag.Nearest(id.Text, known); ok {
		return d.WithHint("did you mean %q?", near)
	}
	return d.WithHint("add it to directory.yaml, or name one of %s", strings.Join(known, ", "))
}

// duplicates finds ids and handles that mean two things at once. Parties share one set of ids: an owner is a team, a person or a vendor.
func (d *Directory) duplicates() []diag.Diagnostic {
	var problems []diag.Diagnostic
	once := func() func(id string, at diag.Pos) {
		seen := map[string]diag.Pos{}
		return func(id string, at diag.Pos) {
			if first, taken := seen[id]; taken {
				problems = append(problems, diag.At(at, "id-unique", "the id %q is given twice", id).WithRelated(first, "it is first given here"))
				return
			}
			seen[id] = at
		}
	}
	party, service, policy := once(), once(), once()
	for _, p := range d.Parties {
		party(p.ID, p.Pos)
	}
	for _, p := range d.Parties {
		for _, handle := range p.Handles {
			party(handle, p.Pos)
		}
	}
	for _, s := range d.Services {
		service(s.ID, s.Pos)
	}
	for _, p := range d.Escalations {
		policy(p.ID, p.Pos)
	}
	return problems
}

func (d *Directory) partyIDs() []string {
	ids := make([]string, len(d.Parties))
	for i, p := range d.Parties {
		ids[i] = p.ID
	}
	return slices.Sorted(slices.Values(ids))
}

func (d *Directory) serviceIDs() []string {
	ids := make([]string, len(d.Services))
	for i, s := range d.Services {
		ids[i] = s.ID
	}
	return slices.Sorted(slices.Values(ids))
}
