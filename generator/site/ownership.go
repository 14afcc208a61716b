package site

import (
	"slices"
	"time"

	"opsbook/generator/doctype"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// Zone is the time zone of the organisation, UTC where this machine does not know it.
func (s *Site) Zone() *time.Location {
	zone, err := time.LoadLocation(s.Config.Timezone)
	if err != nil || s.Config.Timezone == "" {
		return time.UTC
	}
	return zone
}

// ServiceGap is something without which nobody can bring a service back.
type ServiceGap string

// What a service may lack.
const (
	NoOwner    ServiceGap = "owner"
	NoPlaybook ServiceGap = "playbook"
	NoVendor   ServiceGap = "vendor"
)

// Gaps returns what a service lacks to be brought back by whoever is called: an owner, a page that leads from symptoms to causes, a vendor
// who can be reached.
func (s *Site) Gaps(service *config.Service) []ServiceGap {
	var gaps []ServiceGap
	if s.parties[service.Owner.Text] == nil {
		gaps = append(gaps, NoOwner)
	}
	guides := func(e *Entry) bool {
		return answers(e) && e.Type.Has(doctype.Escalates) && e.Type.Has(doctype.Causes) && e.Concerns(service.ID)
	}
	if !slices.ContainsFunc(s.Entries, guides) {
		gaps = append(gaps, NoPlaybook)
	}
	reachable := func(id meta.Str) bool { p := s.parties[id.Text]; return p != nil && len(p.Contacts) > 0 }
	if !slices.ContainsFunc(service.Vendors, reachable) {
		gaps = append(gaps, NoVendor)
	}
	return gaps
}

// Concerns reports whether a page is about a service.
func (e *Entry) Concerns(service string) bool { return slices.Contains(e.ServiceIDs(), service) }

// ServiceIDs are the services that a page is about, its own and those that its incident hit, each once.
func (e *Entry) ServiceIDs() []string {
	var all []string
	for _, s := range e.Services {
		all = append(all, s.ID)
	}
	for _, id := range e.Meta.Incident.Services {
		if !slices.Contains(all, id.Text) {
			all = append(all, id.Text)
		}
	}
	return all
}

// Untested reports whether nobody but its author is known to have run a page, or to have reviewed it.
func (s *Site) Untested(e *Entry) bool {
	if !e.Type.Has(doctype.Runnable) {
		return false
	}
	authors := e.Original().Meta.Author
	other := func(who meta.Str) bool {
		return !who.IsZero() && !slices.ContainsFunc(authors, func(a meta.Str) bool { return a.Text == who.Text })
	}
	for _, r := range e.Original().Records {
		if other(r.Meta.Record.Operator) || other(r.Meta.Record.Confirmer) {
			return false
		}
	}
	return !other(e.Meta.ReviewedBy)
}

// CodeOwners returns whom Git asks about changes of a page, and where CODEOWNERS says so; nobody without such a line.
func (s *Site) CodeOwners(e *Entry) ([]string, diag.Pos) {
	if s.owners == nil {
		return nil, diag.Pos{}
	}
	pos, _ := s.owners.Line(e.Doc.Path)
	return s.owners.Of(e.Doc.Path), pos
}
