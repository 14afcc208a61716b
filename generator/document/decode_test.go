package document

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"opsbook/internal/meta"
)

// decode decodes front matter.
func decode(t *testing.T, yaml string) (Meta, string) {
	t.Helper()
	v, ds := meta.Read("a.md", []byte(yaml), 2)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	m, ds := Decode(v)
	out := ""
	for _, d := range ds {
		out += fmt.Sprintf("%s %s: %s\n", d.Pos, d.Rule, d.Message)
	}
	return m, out
}

func TestDecode(t *testing.T) {
	m, problems := decode(t, `title: 切替
author: yamada
owner: dba
last-reviewed: 2026-10-03
reviewIn: 6ヶ月
escalation:
  - {to: dba, after: 0m, when: 切替に失敗, hours: off}
  - manager
severity: SEV1
services: orders
tags: [db, 緊急]
automation: assisted
search: {exclude: yes, boost: 1.5}
weight: 10
success: 書き込める
duration: 約30分
rollback: 成功率が下がったとき
decisions: [{what: 切替, by: im, criterion: 5xx, preapproved: true}]
params:
  - cluster
  - {name: target, pattern: '^x', secret: true}
presets: [{name: 本番, production: true, values: {DB-Host: a, n: 1.10}}]
communication: [{audience: 社内, where: "#ops", every: 15m, by: sre, message: internal}]
causes: [過負荷, {cause: 競合, runbook: RUN003}]
incident: {started: 2026-03-14 20:02, resolved: "2026-03-15T10:40:00+09:00", services: orders}
actions: [{id: A1, what: 直す, due: 2026-05-29}]
roles: [sre]
activities: [{activity: 判定, responsible: sre, accountable: im}]
legend: {◎: A, －: none}
of: RUN002
started: 2026-09-15T10:00+09:00
`)
	if problems != "" {
		t.Error(problems)
	}
	for what, ok := range map[string]bool{
		"author":        len(m.Author) == 1 && m.Author[0].Text == "yamada",
		"last_reviewed": m.LastReviewed.String() == "2026-10-03" && m.LastReviewed.Pos.Line == 5 && m.LastReviewed.Pos.Col == 16,
		"review_in":     m.ReviewIn.Months == 6,
		"escalation": len(m.Escalation) == 2 && m.Escalation[0].To.Text == "dba" && m.Escalation[0].After.Text == "0m" && m.Escalation[0].When.Text == "切替に失敗" &&
			m.Escalation[0].Hours.Text == "off" && m.Escalation[1].To.Text == "manager" && m.Policy.IsZero(),
		"services":      len(m.Services) == 1 && m.Services[0].Pos.Col == 11,
		"tags":          len(m.Tags) == 2 && m.Tags[1].Text == "緊急",
		"automation":    m.Automation.State.Text == "assisted",
		"search":        m.Search.Exclude && m.Search.Boost == 1.5,
		"weight":        m.Weight == 10,
		"success":       len(m.Success) == 1,
		"duration":      m.Duration.Minutes == 30,
		"rollback":      m.Rollback.When.Text == "成功率が下がったとき",
		"decisions":     len(m.Decisions) == 1 && m.Decisions[0].Preapproved && m.Decisions[0].By.Text == "im",
		"params":        len(m.Params) == 2 && m.Params[0].Name.Text == "cluster" && m.Params[1].Secret && m.Params[1].Pattern.Text == "^x",
		"presets":       len(m.Presets) == 1 && m.Presets[0].Production && m.Presets[0].Values["DB-Host"] == "a" && m.Presets[0].Values["n"] == "1.10",
		"communication": len(m.Communication) == 1 && m.Communication[0].Who.Text == "社内" && m.Communication[0].Every.Minutes == 15 && m.Communication[0].By.Text == "sre",
		"causes":        len(m.Causes) == 2 && m.Causes[0].Cause.Text == "過負荷" && m.Causes[1].Runbook.Text == "RUN003",
		"incident": m.Incident.Started.Local && m.Incident.Resolved.In(time.UTC).Format(time.RFC3339) == "2026-03-15T01:40:00Z" &&
			len(m.Incident.Services) == 1 && m.Incident.Pos.Pos.Line > 0,
		"actions":    len(m.Actions) == 1 && m.Actions[0].Due.String() == "2026-05-29",
		"activities": len(m.Activities) == 1 && m.Activities[0].Accountable[0].Text == "im" && len(m.Roles) == 1,
		"legend":     m.Legend["◎"] == "A" && m.Legend["－"] == "none",
		"record":     m.Record.Of.Text == "RUN002" && !m.Record.Started.Local,
	} {
		if !ok {
			t.Errorf("%s was not read: %+v", what, m)
		}
	}
}

func TestDecodePolicy(t *testing.T) {
	if m, _ := decode(t, "escalation: standard\n"); m.Policy.Text != "standard" || m.Escalation != nil {
		t.Errorf("the name of a policy: %+v", m)
	}
}

// What has the wrong kind is left out and not guessed; dates and lengths of time are reported where they stand.
func TestDecodeMistakes(t *testing.T) {
	m, problems := decode(t, `title: [a]
owner: {x: y}
tags: {a: b}
weight: heavy
search: yes
last_reviewed: 2026-02-30
approved_on: [2026-01-01]
review_in: soon
escalation:
  - {to: dba, after: 15}
  - [x]
actions: [{due: 明日}, text]
params: [[x], ~]
incident: now
started: 10時
activities: none
legend: [a]
`)
	want := `a.md:7:16 meta-date: "2026-02-30" is not a day of the calendar
a.md:11:22 meta-duration: "15" has no unit of time
a.md:9:12 meta-duration: "soon" is not a length of time
a.md:13:17 meta-date: "明日" is not a date
a.md:16:10 meta-date: "10時" is not a point in time
`
	if !sameLines(problems, want) {
		t.Errorf("problems:\n%swant:\n%s", problems, want)
	}
	if !m.Title.IsZero() || !m.Owner.IsZero() || m.Tags != nil || m.Weight != 0 || m.LastReviewed.Text != "2026-02-30" || !m.LastReviewed.IsZero() ||
		len(m.Escalation) != 1 || len(m.Actions) != 1 || len(m.Activities) != 0 || m.Legend != nil {
		t.Errorf("%+v", m)
	}
}

// sameLines reports whether two texts have the same lines in any order.
func sameLines(a, b string) bool {
	count := map[string]int{}
	for _, text := range []struct {
		s string
		n int
	}{{a, 1}, {b, -1}} {
		line := ""
		for _, r := range text.s {
			if r != '\n' {
				line += string(r)
				continue
			}
			count[line] += text.n
			line = ""
		}
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

// The labels of information tables mean keys that a schema knows.
func TestInfoKeys(t *testing.T) {
	known := map[string]bool{}
	files, err := filepath.Glob("../../templates/types/*/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(files, "../../templates/types/common.schema.json") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var schema struct {
			Properties map[string]any `json:"properties"`
		}
		if err := json.Unmarshal(text, &schema); err != nil {
			t.Fatal(name, err)
		}
		for key := range schema.Properties {
			known[key] = true
		}
	}
	for label, key := range infoKeys {
		if !known[key] || infoLabel(label) != label {
			t.Errorf("the label %q means %q", label, key)
		}
	}
}
