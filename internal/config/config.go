// Package config reads opsbook.yaml and directory.yaml: how a site is set up, and who and what it talks about.
//
// Both files are optional, and whatever is wrong in them is a diagnostic at its place: a site is built all the same.
package config

import (
	"slices"
	"strings"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// Config is opsbook.yaml, with defaults filled in. Shared between builds: never mutate.
type Config struct {
	File       string            // path of opsbook.yaml relative to the source, "" without one
	ID         string            // site id: keys what browsers store; from `id`, else base_url, else the title
	Title      string            // from `title`, else the title of the home page, else "Opsbook"
	Titles     map[string]string // language -> title, where `title` says it by language
	Logo       string            // path in the source, "" for none
	Favicon    string            // path in the source, "" for ours
	Accent     string            // #rrggbb, "" for the default
	BaseURL    string            // "" or an absolute URL that ends in /
	Languages  []string
	Timezone   string
	Repository string // absolute URL without / at its end, or ""
	Branch     string
	Defaults   []Default
	Unowned    meta.Str
	ReviewIn   map[string]map[string]meta.Span // type, "" for every type -> severity or "default" -> span
	Severities []string                        // most severe first
	Labels     map[string]map[string]string    // type or section id -> language, "" for every one -> label
	Sections   map[string][]string             // section id -> further names
	Rules      map[string]Override             // by rule id
	Alerts     Alerts
	Requests   map[string]meta.Str // problem, change, missing-page -> URL template
	Synonyms   [][]string
	Destroys   []meta.Str // command patterns
	Nav        []meta.Str
	ExtraKeys  []string // in snake_case
	Offline    Offline
	External   External
	Publish    meta.Value
	Problems   []diag.Diagnostic
}

// Override is what a site says about a rule: Level is off, info, warning or error.
type Override struct {
	Level string
	Pos   diag.Pos // of the rule's id
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

// AlertSource is globs of files of one kind: prometheus, cloudformation or list. Globs are relative to opsbook.yaml and may lead out of
// the source.
type AlertSource struct {
	Kind  string
	Globs []meta.Str
}

// Exempt is an alert that needs no page, and why.
type Exempt struct {
	Alert, Reason, Owner meta.Str
	Until                meta.Day
}

// WithBaseURL returns the configuration of the same site at another address. What browsers stored for the site stays its own.
func (c *Config) WithBaseURL(address string) *Config {
	moved := *c
	moved.BaseURL = strings.TrimRight(address, "/") + "/"
	return &moved
}

// ReviewEvery returns after how long the site says that pages of a type and severity are due for review. A severity is more telling than
// a type, and both together are the most.
func (c *Config) ReviewEvery(kind, severity string) (meta.Span, bool) {
	for _, at := range [][2]string{{kind, severity}, {"", severity}, {kind, everySeverity}, {"", everySeverity}} {
		if span, ok := c.ReviewIn[at[0]][at[1]]; ok && at[1] != "" {
			return span, true
		}
	}
	return meta.Span{}, false
}

// SeverityRank is the place of a severity, 0 for the most severe, letter case aside. An unknown one comes last.
func (c *Config) SeverityRank(severity string) int {
	i := slices.IndexFunc(c.Severities, func(s string) bool { return strings.EqualFold(s, severity) })
	if i < 0 {
		return len(c.Severities)
	}
	return i
}
