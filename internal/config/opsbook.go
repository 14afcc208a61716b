package config

import (
	"cmp"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// everySeverity is the key of a review interval that holds for any severity.
const everySeverity = "default"

// severities are the ones that need no configuration: the two customs there are, side by side.
func severities() []string {
	return []string{"SEV1", "P1", "SEV2", "P2", "SEV3", "P3", "SEV4", "P4"}
}

// readConfig reads opsbook.yaml over the defaults.
func readConfig(f file) *Config {
	c := &Config{
		File: f.path, Timezone: "Asia/Tokyo", Branch: "main", Severities: severities(), Offline: offlineDefaults(),
		External: externalDefaults(),
		ReviewIn: map[string]map[string]meta.Span{}, Labels: map[string]map[string]string{}, Sections: map[string][]string{},
		Rules: map[string]Override{}, Requests: map[string]meta.Str{},
	}
	r := &reader{problems: f.problems}
	var intervals meta.Field // read last: its keys are types or severities
	known := keys{
		"id": into(&c.ID, r.text), "title": into(&c.Titles, r.name),
		"logo": into(&c.Logo, r.asset), "favicon": into(&c.Favicon, r.asset), "accent": into(&c.Accent, r.colour),
		"base_url": into(&c.BaseURL, r.baseURL), "languages": into(&c.Languages, r.languages), "timezone": into(&c.Timezone, r.zone),
		"repository": into(&c.Repository, r.repository), "branch": into(&c.Branch, r.text), "publish": into(&c.Publish, r.whole),
		"defaults": into(&c.Defaults, r.defaults), "unowned": into(&c.Unowned, r.str), "extra_keys": into(&c.ExtraKeys, r.extraKeys),
		"severities": into(&c.Severities, r.texts), "labels": into(&c.Labels, r.labels), "sections": into(&c.Sections, r.sections),
		"rules": into(&c.Rules, r.rules), "alerts": into(&c.Alerts, r.alerts), "requests": into(&c.Requests, r.requests),
		"synonyms": into(&c.Synonyms, r.synonyms), "destructive": into(&c.Destroys, r.patterns), "nav": into(&c.Nav, r.strs),
		"offline": into(&c.Offline, r.offline), "external": into(&c.External, r.external), "review_in": func(f meta.Field) { intervals = f },
	}
	known["time_zone"] = known["timezone"]
	r.object(f.root(), known)
	c.Title = c.title()
	c.ReviewIn = r.intervals(intervals, c.Severities)
	if c.Timezone == "" {
		c.Timezone = "Asia/Tokyo"
	}
	c.Problems = r.problems
	return c
}

// whole keeps a map as it is, for the package that knows it.
func (r *reader) whole(f meta.Field) meta.Value {
	if f.Value.Kind != meta.Map {
		r.object(f, nil)
		return meta.Value{}
	}
	return f.Value
}

// asset reads a path of the source. A picture from another origin would tell that site who reads during which incident.
func (r *reader) asset(f meta.Field) string {
	s := r.str(f)
	name := strings.TrimPrefix(path.Clean(strings.TrimPrefix(s.Text, "/")), "./")
	switch {
	case s.IsZero():
		return ""
	case strings.Contains(s.Text, "://") || strings.HasPrefix(s.Text, "//"):
		r.wrong(s.Pos, diag.T("put the picture into the source: a page loads nothing from elsewhere"), "%s must be a file of the source, got %q", f.Raw, s)
		return ""
	case name == ".." || strings.HasPrefix(name, "../"):
		r.wrong(s.Pos, diag.T("the path is relative to opsbook.yaml"), "%s leads out of the source: %q", f.Raw, s)
		return ""
	}
	return name
}

var hexColour = regexp.MustCompile(`^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`)

// colour reads #rgb or #rrggbb and returns the latter. An unquoted # starts a comment in YAML, which is what most wrong colours are.
func (r *reader) colour(f meta.Field) string {
	s := r.str(f)
	if s.IsZero() {
		return ""
	}
	if !hexColour.MatchString(s.Text) {
		r.wrong(s.Pos, diag.T(`write six hexadecimal digits in quotes, such as "#0b5cad"`), "%s must be a colour, got %q", f.Raw, s)
		return ""
	}
	hex := strings.ToLower(s.Text[1:])
	if len(hex) == 3 {
		hex = strings.Repeat(hex[:1], 2) + strings.Repeat(hex[1:2], 2) + strings.Repeat(hex[2:], 2)
	}
	return "#" + hex
}

// baseURL reads the address of the site.
func (r *reader) baseURL(f meta.Field) string {
	address := r.web(f)
	if address == "" {
		return ""
	}
	if u, err := url.Parse(address); err != nil || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		r.wrong(f.Value.Pos, diag.T("for example https://ops.example.com/kb/"), "%s must be an address without query, fragment and user, got %q", f.Raw, address)
		return ""
	}
	return strings.TrimRight(address, "/") + "/"
}

func (r *reader) repository(f meta.Field) string {
	return strings.TrimSuffix(strings.TrimRight(r.web(f), "/"), ".git")
}

func (r *reader) languages(f meta.Field) []string {
	var list []string
	for _, s := range r.strs(f) {
		if r.isLanguage(s.Text, s.Pos) && !slices.Contains(list, s.Text) {
			list = append(list, s.Text)
		}
	}
	return list
}

// zone reads the name of a time zone. "Local" would make the output depend on the machine.
func (r *reader) zone(f meta.Field) string {
	s := r.str(f)
	if s.IsZero() {
		return ""
	}
	if _, err := time.LoadLocation(s.Text); err != nil || s.Text == "Local" {
		r.wrong(s.Pos, diag.T("a name of the IANA list, such as Asia/Tokyo, Europe/Berlin or UTC"), "%s must be a time zone, got %q", f.Raw, s)
		return ""
	}
	return s.Text
}

// defaults reads what a site sets for the pages of some paths.
func (r *reader) defaults(f meta.Field) []Default {
	var list []Default
	for _, item := range r.items(f) {
		var d Default
		r.object(item, keys{"paths": into(&d.Paths, r.globs), "set": into(&d.Set, r.whole)})
		if item.Value.Kind != meta.Map {
			continue
		}
		if d.Set.Kind != meta.Map || len(d.Paths) == 0 {
			r.wrong(item.Value.Pos, diag.T(`for example {paths: ["runbooks/**"], set: {owner: dba}}`), "each of %s needs paths and set", f.Raw)
			continue
		}
		list = append(list, d)
	}
	return list
}

func (r *reader) globs(f meta.Field) []string {
	var list []string
	for _, s := range r.strs(f) {
		if !doublestar.ValidatePattern(s.Text) {
			r.wrong(s.Pos, diag.T("* is any part of a name, ** any folders, {a,b} either, [a-z] one letter"), "%q is no pattern of paths", s)
			continue
		}
		list = append(list, strings.TrimPrefix(strings.TrimPrefix(s.Text, "/"), "./"))
	}
	return list
}

func (r *reader) extraKeys(f meta.Field) []string {
	var list []string
	for _, s := range r.strs(f) {
		list = append(list, meta.Canonical(s.Text))
	}
	return list
}

// intervals reads after how long pages are due for review: one span for all, or by type, by severity, or by severity below a type.
func (r *reader) intervals(f meta.Field, severities []string) map[string]map[string]meta.Span {
	all := map[string]map[string]meta.Span{}
	set := func(kind, severity string, f meta.Field) {
		span := r.span(f)
		if span.IsZero() {
			return
		}
		if all[kind] == nil {
			all[kind] = map[string]meta.Span{}
		}
		all[kind][severity] = span
	}
	switch f.Value.Kind {
	case meta.None:
	case meta.Map:
		for _, field := range f.Value.Fields {
			switch {
			case slices.Contains(severities, field.Raw) || field.Raw == everySeverity:
				set("", field.Raw, field)
			case field.Value.Kind == meta.Map:
				for _, below := range field.Value.Fields {
					set(field.Raw, below.Raw, below)
				}
			default:
				set(field.Raw, everySeverity, field)
			}
		}
	default:
		set("", everySeverity, f)
	}
	return all
}

// title is what the site is called where no language is asked for: what it says for all, for its first language, or for any.
func (c *Config) title() string {
	for _, lang := range append([]string{""}, c.Languages...) {
		if c.Titles[lang] != "" {
			return c.Titles[lang]
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(c.Titles)) {
		return c.Titles[lang]
	}
	return ""
}

// TitleIn is what the site is called in a language.
func (c *Config) TitleIn(lang string) string { return cmp.Or(c.Titles[lang], c.Title) }
