package site_test

import (
	"slices"
	"strings"
	"testing"

	"opsbook/generator/site"
	"opsbook/internal/alert"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

func TestAlertsFindTheirPages(t *testing.T) {
	in := input(t, files{
		"opsbook.yaml":           "base_url: https://kb.example.com/\nalerts: {exempt: [{alert: 'Info*', reason: quiet}, {alert: Old, reason: quiet, until: 2026-10-31}]}\n",
		"directory.yaml":         "teams:\n  - {id: sre, name: SRE}\n  - {id: dba, name: DBA}\n",
		"playbooks/named.md":     "---\nalerts: [\"cloudwatch:orders-5xx\", DiskFull]\nseverity: SEV2\nowner: sre\n---\n# 名指し\n",
		"playbooks/worse.md":     "---\nalerts: [DiskFull]\nseverity: SEV1\nowner: dba\n---\n# より重い\n",
		"playbooks/cpuhigh.md":   "# CPU が高い\n",
		"notes/linked.md":        "# リンク先\n\n## 見る\n",
		"notes/kept.md":          "---\nalerts: [Kept]\nstatus: archived\n---\n# 古い\n",
		"playbooks/named.en.md":  "---\nalerts: [Translated]\n---\n# Named\n",
		"playbooks/only-here.md": "---\nalerts: [Gone]\n---\n# 定義なし\n",
	})
	def := func(name, source, runbook string) alert.Alert {
		return alert.Alert{Name: name, Source: source, Pos: diag.Pos{File: "a.yaml", Line: 1}, Runbook: meta.Str{Text: runbook, Pos: diag.Pos{File: "a.yaml", Line: 2}}}
	}
	in.Alerts = alert.Set{Whole: true, Alerts: []alert.Alert{
		def("orders-5xx", "cloudwatch", ""), def("DiskFull", alert.Prometheus, ""), def("CPUHigh", alert.Prometheus, ""),
		def("Linked", alert.Prometheus, "https://kb.example.com/Notes/LINKED#見る"), def("Kept", alert.Prometheus, ""), def("InfoInhibitor", alert.Prometheus, ""),
		def("Old", alert.Prometheus, ""), def("Broken", alert.Prometheus, "https://kb.example.com/notes/linkd/"), def("Away", alert.Prometheus, "https://kb.example.com.evil.example/x"),
	}}
	s := site.Resolve(in)
	got := ""
	for _, a := range s.AlertList {
		var pages []string
		for _, e := range a.Pages {
			pages = append(pages, e.Doc.Path)
		}
		owner := ""
		if a.Owner != nil {
			owner = " " + a.Owner.ID
		}
		got += a.Name + ": " + strings.Join(pages, " ") + owner + map[bool]string{true: " gap"}[a.Gap()] + "\n"
	}
	expect(t, "alerts", got, `Away:  gap
Broken:  gap
CPUHigh: playbooks/cpuhigh.md
DiskFull: playbooks/worse.md playbooks/named.md dba
Gone: playbooks/only-here.md
InfoInhibitor: 
Kept:  gap
Linked: notes/linked.md
Old:  gap
orders-5xx: playbooks/named.md sre
`)
	if r := s.Alert("Broken").Runbooks[0]; r.Kind != site.RunbookBroken || r.Near == nil || r.Near.Doc.Path != "notes/linked.md" {
		t.Errorf("a misspelt runbook_url: %+v", r)
	}
	if r := s.Alert("Away").Runbooks[0]; r.Kind != site.RunbookForeign {
		t.Errorf("a host that begins like ours is ours: %+v", r)
	}
	if !slices.Contains(page(t, s, "notes/linked.md").Alerts, "Linked") || page(t, s, "playbooks/named.md").Alerts[0] != "orders-5xx" {
		t.Error("pages do not know the alerts that they answer")
	}
}
