package alert

import (
	"cmp"

	"gopkg.in/yaml.v3"

	"opsbook/internal/diag"
)

// list reads a plain list of alerts, alone or below the key `alerts`; an item is a map or just a name.
func (r *reader) list(doc *yaml.Node) {
	all := doc
	if doc.Kind == yaml.MappingNode {
		all = get(doc, "alerts")
	}
	r.known = r.known || all != nil && all.Kind == yaml.SequenceNode
	for _, n := range items(all) {
		if n == nil {
			continue
		}
		if name := scalar(n); name != "" {
			r.out.Alerts = append(r.out.Alerts, Alert{Name: name, Source: List, Pos: r.pos(n)})
			continue
		}
		name := get(n, "name")
		if scalar(name) == "" {
			r.wrong(r.pos(n), diag.T("for example {name: DiskFull, source: zabbix, severity: SEV2, owner: sre}"), "an alert of the list has no name")
			continue
		}
		r.out.Alerts = append(r.out.Alerts, Alert{
			Name: scalar(name), Pos: r.pos(name), Source: cmp.Or(scalar(get(n, "source")), List), Severity: scalar(get(n, "severity")),
			Owner: r.str(first(n, "owner", "team")), Summary: scalar(first(n, "summary", "description")), Runbook: r.str(first(n, "runbook_url", "runbook")),
		})
	}
}
