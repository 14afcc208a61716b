package config

import (
	"sync"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// Directory is directory.yaml. Shared between builds: never mutate.
type Directory struct {
	File        string // "" without one
	Parties     []Party
	Services    []Service
	Escalations []Policy
	Agreements  []Agreement
	Problems    []diag.Diagnostic

	indexed  sync.Once
	parties  map[string]int // by id and by handle
	services map[string]int
	policies map[string]int
}

// PartyKind says what a party is.
type PartyKind string

// The kinds of parties.
const (
	Team   PartyKind = "team"
	Person PartyKind = "person"
	Vendor PartyKind = "vendor"
)

// Party is a team, a person or a vendor: whoever can own a page or be called.
type Party struct {
	Kind         PartyKind
	ID           string
	Name         map[string]string // language -> name; key "" when written as plain text
	Kana         string
	Handles      []string
	Contacts     []Contact
	Hours        string
	Timezone     string
	Holidays     []string
	Members      []meta.Str // ids of people, or teams
	Support      Support
	LastVerified meta.Day
	ReviewIn     meta.Span
	Until        meta.Day // a person who has left
	Private      bool     // visibility: private
	Decides      bool     // may end an escalation: decides
	Pos          diag.Pos
}

// Support is what a vendor owes: the plan with its response times, and how to open a case.
type Support struct{ Plan, OpenCase string }

// Contact is one way to reach a party: Kind is pagerduty, slack, teams, phone, email or url. URL is a tel:, mailto: or web link, or "".
type Contact struct {
	Kind, Text, URL string
	Private         bool
	Pos             diag.Pos
}

// Service is something that is operated.
type Service struct {
	ID         string
	Name       map[string]string
	Owner      meta.Str
	Tier       string
	RTO, RPO   meta.Span
	DependsOn  []meta.Str
	Vendors    []meta.Str
	Dashboards []meta.Str
	Repository string
	Pos        diag.Pos
}

// Policy is a named escalation policy.
type Policy struct {
	ID    string
	Name  map[string]string
	Steps []Escalation
	Pos   diag.Pos
}

// Escalation is one step of an escalation path. After is counted from the start of the incident.
type Escalation struct {
	To    meta.Str
	After meta.Span
	When  string // the trigger in words
	Hours string // "business", "off" or "" for always
	Pos   diag.Pos
}

// Agreement is what one team promised another.
type Agreement struct {
	From, To meta.Str
	Channel  string
	Response meta.Span
	Hours    string
	Pos      diag.Pos
}

// verifyIn is how long contacts are good for where nobody says otherwise: half a year, in which many people change their posts.
var verifyIn = meta.Span{Months: 6}

// VerifyBy is the day by which a party's contacts are to be verified again, zero when nobody ever verified them.
func (p *Party) VerifyBy() meta.Date {
	if p.LastVerified.IsZero() {
		return meta.Date{}
	}
	if p.ReviewIn.IsZero() {
		return p.LastVerified.Add(verifyIn)
	}
	return p.LastVerified.Add(p.ReviewIn)
}

// Party returns the party with an id or handle.
func (d *Directory) Party(id string) (Party, bool) {
	d.indexed.Do(d.index)
	if i, ok := d.parties[id]; ok {
		return d.Parties[i], true
	}
	return Party{}, false
}

// Service returns the service with an id.
func (d *Directory) Service(id string) (Service, bool) {
	d.indexed.Do(d.index)
	if i, ok := d.services[id]; ok {
		return d.Services[i], true
	}
	return Service{}, false
}

// Policy returns the escalation policy with an id.
func (d *Directory) Policy(id string) (Policy, bool) {
	d.indexed.Do(d.index)
	if i, ok := d.policies[id]; ok {
		return d.Escalations[i], true
	}
	return Policy{}, false
}

// index makes the maps. Of two entries with one id the first is meant; an id is meant before a handle.
func (d *Directory) index() {
	d.parties, d.services, d.policies = map[string]int{}, map[string]int{}, map[string]int{}
	first := func(m map[string]int, id string, i int) {
		if _, taken := m[id]; !taken && id != "" {
			m[id] = i
		}
	}
	for i, p := range d.Parties {
		first(d.parties, p.ID, i)
	}
	for i, p := range d.Parties {
		for _, handle := range p.Handles {
			first(d.parties, handle, i)
		}
	}
	for i, s := range d.Services {
		first(d.services, s.ID, i)
	}
	for i, p := range d.Escalations {
		first(d.policies, p.ID, i)
	}
}
