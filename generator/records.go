package generator

import (
	"strings"

	"opsbook/generator/site"
	"opsbook/internal/meta"
	"opsbook/search"
)

// Records is what can be found in the content: one record a page, in the order of the pages.
func (c *Content) Records() []search.Record {
	records := make([]search.Record, 0, len(c.Site.Entries))
	for _, e := range c.Site.Entries {
		if !e.Meta.Search.Exclude {
			records = append(records, record(e))
		}
	}
	return records
}

// record is one page as search sees it. A translation answers the alerts of its original.
func record(e *site.Entry) search.Record {
	r := search.Record{
		ID: e.ID, Title: e.Title, URL: e.URL, Lang: e.Lang, Type: e.Type.Name,
		Severity: e.Severity, Status: e.Status, State: string(e.Review.State), Due: e.Review.Due.String(),
		Tags: texts(e.Meta.Tags), Alerts: e.Original().Alerts, Boost: boost(e), File: e.Doc.Path, Sections: sections(e),
		Paths: paths(e),
	}
	if e.Owner != nil {
		r.Owner = e.Owner.ID
	}
	for _, s := range e.Services {
		r.Services = append(r.Services, s.ID)
	}
	return r
}

// paths is where else a page is asked for, as a runbook_url may: at its old addresses, at those of its alerts, and by its file.
func paths(e *site.Entry) []string {
	var all []string
	for _, alias := range e.Aliases {
		all = append(all, strings.TrimSuffix(alias, "index.html"))
	}
	for _, alert := range e.Alerts {
		all = append(all, "alerts/"+site.Slug(alert))
	}
	if file := strings.TrimSuffix(e.Doc.Path, ".md"); file != strings.Trim(e.URL, "/") {
		all = append(all, file)
	}
	return all
}

// boost is the weight of the page's type times what its author asked for.
func boost(e *site.Entry) float64 {
	b := e.Meta.Search.Boost
	if b == 0 {
		b = 1
	}
	if e.Type.Rank > 0 {
		b *= e.Type.Rank
	}
	return b
}

// sections is the page's text in parts. What the header card says (outcome, symptoms, controls) and the text below the title come first.
func sections(e *site.Entry) []search.Section {
	first := search.Section{Line: e.Doc.BodyLine, Text: card(e)}
	var rest []search.Section
	for i, s := range e.Doc.Sections {
		if s.Level == 0 || s.Level == 1 && i <= 1 {
			first.Text = join(first.Text, s.Text)
			continue
		}
		rest = append(rest, search.Section{Anchor: s.ID, Heading: s.Title, Line: s.Pos.Line, Text: s.Text})
	}
	return append([]search.Section{first}, rest...)
}

// card is the text of the header card that is worth finding.
func card(e *site.Entry) string {
	m := &e.Meta
	parts := []string{m.Description.Text, m.Outcome.Text, m.Trigger.Text}
	for _, list := range [][]meta.Str{m.Symptoms, m.Tools, m.Controls} {
		parts = append(parts, texts(list)...)
	}
	for _, c := range e.Causes {
		parts = append(parts, c.Cause)
	}
	for _, a := range e.Activities {
		parts = append(parts, a.Activity.Text, a.Note.Text)
	}
	for _, a := range m.Actions {
		parts = append(parts, a.What.Text)
	}
	return join(parts...)
}

func join(parts ...string) string {
	var full []string
	for _, p := range parts {
		if p != "" {
			full = append(full, p)
		}
	}
	return strings.Join(full, "\n")
}

func texts(list []meta.Str) []string {
	var out []string
	for _, s := range list {
		out = append(out, s.Text)
	}
	return out
}
