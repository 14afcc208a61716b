package alert

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// prometheus reads a rule file, a PrometheusRule manifest, or a list of manifests.
func (r *reader) prometheus(doc *yaml.Node) {
	for _, n := range append(items(get(doc, "items")), doc) {
		groups := first(n, "groups")
		if groups == nil {
			groups = get(n, "spec", "groups")
		}
		r.known = r.known || groups != nil && groups.Kind == yaml.SequenceNode
		for _, g := range items(groups) {
			for _, rule := range items(get(g, "rules")) {
				r.rule(rule)
			}
		}
	}
}

// rule reads one rule; one that records is no alert.
func (r *reader) rule(n *yaml.Node) {
	key, name := entry(n, "alert")
	if scalar(name) == "" {
		return
	}
	notes, labels := get(n, "annotations"), get(n, "labels")
	a := Alert{
		Name: scalar(name), Source: Prometheus, Pos: r.pos(name), Severity: scalar(get(labels, "severity")), Owner: r.str(first(labels, "team", "owner")),
		Summary: scalar(first(notes, "summary", "message", "description")), Runbook: r.str(first(notes, "runbook_url", "runbook")),
	}
	a.Runbook.Text = strings.ReplaceAll(a.Runbook.Text, "{{ $labels.alertname }}", a.Name)
	a.Spot = spot(n, key, notes)
	r.out.Alerts = append(r.out.Alerts, a)
}

// spot is where a line can be added to the annotations of a rule that is written in lines.
func spot(rule, alert, notes *yaml.Node) Spot {
	if rule.Style&yaml.FlowStyle != 0 || alert == nil {
		return Spot{}
	}
	if notes == nil {
		return Spot{Line: alert.Line, Indent: alert.Column - 1, Parent: true}
	}
	key, _ := entry(rule, "annotations")
	if notes.Kind != yaml.MappingNode || notes.Style&yaml.FlowStyle != 0 || len(notes.Content) == 0 || key == nil || notes.Content[0].Line <= key.Line {
		return Spot{}
	}
	return Spot{Line: key.Line, Indent: notes.Content[0].Column - 1}
}
