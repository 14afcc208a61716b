// Package config reads opsbook.yaml and directory.yaml: how a site is set up, and who and what it talks about.
package config

import (
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// Config is opsbook.yaml, with defaults filled in. Shared between builds: never mutate.
type Config struct {
	File       string // path of opsbook.yaml relative to the source, "" without one
	ID         string // site id: keys what browsers store; from `id`, else base_url, else the title
	Title      string
	Logo       string
	Favicon    string
	Accent     string // #rrggbb, "" for the default
	BaseURL    string // "" or an absolute URL that ends in /
	Languages  []string
	Timezone   string
	Repository string
	Branch     string
	Defaults   []Default
	Unowned    meta.Str
	ReviewIn   map[string]map[string]meta.Span // type -> severity or "default" -> span
	Severities []string                        // most severe first
	Labels     map[string]map[string]string    // type or section id -> language -> label
	Sections   map[string][]string             // section id -> further names
	Rules      map[string]meta.Str             // rule id -> off|info|warning|error
	Alerts     Alerts
	Requests   map[string]meta.Str // problem, change, missing-page -> URL template
	Synonyms   [][]string
	Destroys   []meta.Str // command patterns
	Nav        []meta.Str
	ExtraKeys  []string
	Offline    bool
	Publish    meta.Value
	Problems   []diag.Diagnostic
}

// Default sets front-matter keys for the pages that its globs match; a later default wins over an earlier one.
type Default struct {
	Paths []string
	Set   meta.Value // a Map
}

// Alerts is where alerts come from and which need no page.
type Alerts struct {
	Sources []AlertSource
	URLs    []string // prefixes of runbook_url that mean this site, beside BaseURL
	Exempt  []Exempt
}

// AlertSource is globs of files of one kind: prometheus, cloudformation or list.
type AlertSource struct {
	Kind  string
	Globs []meta.Str
}

// Exempt is an alert that needs no page, and why.
type Exempt struct {
	Alert, Reason, Owner meta.Str
	Until                meta.Day
}

// Directory is directory.yaml. Shared between builds: never mutate.
type Directory struct {
	File        string // "" without one
	Parties     []Party
	Services    []Service
	Escalations []Policy
	Agreements  []Agreement
	Problems    []diag.Diagnostic
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
	Support      meta.Value // vendors: plan, severity levels, how to open a case
	LastVerified meta.Day
	ReviewIn     meta.Span
	Until        meta.Day // a person who has left
	Private      bool     // visibility: private
	Decides      bool     // may end an escalation: decides
	Pos          diag.Pos
}

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

// Party returns the party with an id or handle.
func (d *Directory) Party(id string) (Party, bool) {
	for _, p := range d.Parties {
		if p.ID == id {
			return p, true
		}
		for _, h := range p.Handles {
			if h == id {
				return p, true
			}
		}
	}
	return Party{}, false
}
