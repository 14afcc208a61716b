package config

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// each calls read for every key of a map whose keys are the site's own words.
func (r *reader) each(f meta.Field, read func(meta.Field)) {
	if f.Value.Kind != meta.Map {
		r.object(f, nil)
		return
	}
	for _, field := range f.Value.Fields {
		read(field)
	}
}

// labels reads what a site calls types and sections.
func (r *reader) labels(f meta.Field) map[string]map[string]string {
	labels := map[string]map[string]string{}
	r.each(f, func(f meta.Field) {
		if name := r.name(f); len(name) > 0 {
			labels[f.Raw] = name
		}
	})
	return labels
}

// sections reads further names by which sections are recognised.
func (r *reader) sections(f meta.Field) map[string][]string {
	sections := map[string][]string{}
	r.each(f, func(f meta.Field) {
		if f.Value.Kind == meta.Map { // by language, as in type.yaml: every name is recognised whatever its language
			r.each(f, func(names meta.Field) { sections[f.Key] = append(sections[f.Key], r.texts(names)...) })
			return
		}
		sections[f.Key] = append(sections[f.Key], r.texts(f)...)
	})
	return sections
}

// rules reads what a site thinks of rules. Whether a rule exists is known to those who run it.
func (r *reader) rules(f meta.Field) map[string]Override {
	rules := map[string]Override{}
	r.each(f, func(f meta.Field) {
		if level := r.choice(f, "off", "info", "warning", "error"); level != "" {
			rules[f.Raw] = Override{Level: level, Pos: f.Pos}
		}
	})
	return rules
}

// alerts reads where alerts come from and which need no page.
func (r *reader) alerts(f meta.Field) Alerts {
	var a Alerts
	r.object(f, keys{"sources": into(&a.Sources, r.alertSources), "urls": into(&a.URLs, r.prefixes), "exempt": into(&a.Exempt, r.exempt)})
	return a
}

func (r *reader) alertSources(f meta.Field) []AlertSource {
	var list []AlertSource
	for _, item := range r.items(f) {
		add := func(f meta.Field) { list = append(list, AlertSource{Kind: f.Key, Globs: r.strs(f)}) }
		r.object(item, keys{"prometheus": add, "cloudformation": add, "list": add})
	}
	return list
}

func (r *reader) prefixes(f meta.Field) []string { return plain(r.webs(f)) }

func (r *reader) exempt(f meta.Field) []Exempt {
	var list []Exempt
	for _, item := range r.items(f) {
		var e Exempt
		r.object(item, keys{
			"alert": into(&e.Alert, r.str), "reason": into(&e.Reason, r.str), "owner": into(&e.Owner, r.str), "until": into(&e.Until, r.day),
		})
		if item.Value.Kind != meta.Map {
			continue
		}
		if e.Alert.IsZero() || e.Reason.IsZero() {
			r.wrong(item.Value.Pos, diag.T("an alert without a page is a gap unless somebody says why it is none"), "each of %s needs an alert and a reason", f.Raw)
			continue
		}
		list = append(list, e)
	}
	return list
}

// slot is a place that a template leaves open, such as {{title}}.
var slot = regexp.MustCompile(`\{\{\s*[a-z_]+\s*\}\}`)

// requests reads the addresses behind the buttons that ask for something.
func (r *reader) requests(f meta.Field) map[string]meta.Str {
	requests := map[string]meta.Str{}
	read := func(name string) func(meta.Field) {
		return func(f meta.Field) {
			s := r.str(f)
			if s.IsZero() {
				return
			}
			address := slot.ReplaceAllString(s.Text, "x")
			if u, err := url.Parse(address); !isWeb(address) && (err != nil || u.Scheme != "mailto" || u.Opaque == "") {
				r.wrong(s.Pos, diag.T("for example https://git.example.com/ops/issues/new?title={{title}} or mailto:ops@example.com?subject={{title}}"),
					"%s must be a web or mail address, got %q", f.Raw, s)
				return
			}
			requests[name] = s
		}
	}
	r.object(f, keys{"problem": read("problem"), "change": read("change"), "missing_page": read("missing-page")})
	return requests
}

// synonyms reads groups of words that mean the same.
func (r *reader) synonyms(f meta.Field) [][]string {
	var groups [][]string
	if f.Value.Kind != meta.List {
		r.wrong(f.Value.Pos, diag.T("for example [[注文, order], [系切替, failover]]"), "%s must be a list of lists of words", f.Raw)
		return nil
	}
	for _, item := range f.Value.Items {
		group := r.texts(meta.Field{Key: f.Key, Raw: f.Raw, Pos: item.Pos, Value: item})
		if len(group) < 2 {
			r.wrong(item.Pos, diag.T("for example [注文, order]"), "each of %s needs two words or more", f.Raw)
			continue
		}
		groups = append(groups, group)
	}
	return groups
}

// patterns reads regular expressions of commands.
func (r *reader) patterns(f meta.Field) []meta.Str {
	var list []meta.Str
	for _, s := range r.strs(f) {
		if _, err := regexp.Compile(s.Text); err != nil {
			why := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
			r.wrong(s.Pos, diag.T("single quotes keep a backslash: 'rm\\s+-rf'"), "%q is no regular expression: %s", s, why)
			continue
		}
		list = append(list, s)
	}
	return list
}

// unknownOwners finds parties that opsbook.yaml names and the directory does not list.
func unknownOwners(c *Config, d *Directory) []diag.Diagnostic {
	if d.File == "" {
		return nil
	}
	named := []meta.Str{c.Unowned}
	for _, e := range c.Alerts.Exempt {
		named = append(named, e.Owner)
	}
	named = slices.DeleteFunc(named, meta.Str.IsZero)
	var problems []diag.Diagnostic
	for _, id := range named {
		if _, ok := d.Party(id.Text); !ok {
			problems = append(problems, unlisted(id, d.partyIDs(), "no team, person or vendor has the id %q"))
		}
	}
	return problems
}
