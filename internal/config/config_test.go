package config

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	_ "time/tzdata" // the names of time zones must not depend on the machine

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// read reads a source that holds the given files, name and text by turns.
func read(t *testing.T, files ...string) (*Config, *Directory) {
	t.Helper()
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	c, d, err := Read(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c, d
}

// said writes diagnostics one to a line, each with its hint after a bar.
func said(ds []diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range diag.Sorted(ds) {
		b.WriteString(d.Pos.String() + ": " + d.Message.String() + " [" + d.Rule + "]")
		if !d.Hint.IsZero() {
			b.WriteString(" | " + d.Hint.String())
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestDefaultsWithoutAnyFile(t *testing.T) {
	c, d := read(t)
	if c.File != "" || d.File != "" || len(c.Problems)+len(d.Problems) != 0 {
		t.Errorf("nothing to read gave %+v and %+v", c, d)
	}
	want := []string{"Opsbook", "Opsbook", "Asia/Tokyo", "main", "on 50000000 30"}
	got := []string{c.Title, c.ID, c.Timezone, c.Branch, fmt.Sprintf("%s %d %d", map[bool]string{true: "on"}[c.Offline.On], c.Offline.Limit, c.Offline.ValidFor.Days)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, severity := range []string{"SEV1", "P1", "SEV4", "P4"} {
		if c.SeverityRank(severity) == len(c.Severities) {
			t.Errorf("%s is not known without configuration", severity)
		}
	}
	if c.Languages != nil {
		t.Errorf("languages are %q: the site chooses when nobody says", c.Languages)
	}
}

func TestTitleByLanguage(t *testing.T) {
	c, _ := read(t, "opsbook.yaml", "languages: [ja, en]\ntitle: {en: Operations, ja: 運用}\n")
	if c.Title != "運用" || c.TitleIn("en") != "Operations" || c.TitleIn("ja") != "運用" || c.TitleIn("de") != "運用" {
		t.Errorf("title %q, titles %v", c.Title, c.Titles)
	}
}

func TestTitleComesFromTheHomePage(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"heading", "README.md", "```sh\n# a comment\n```\n\n#  OpenShift **Runbooks** [here](x) ##\n", "OpenShift Runbooks here"},
		{"front matter", "index.md", "---\nweight: 1\ntitle: \"運用ナレッジ\"\n---\n# Other\n", "運用ナレッジ"},
		{"front matter without title", "_index.md", "---\nweight: 1\n---\n\n# 手順書\n", "手順書"},
		{"no heading", "README.md", "Just text.\n", "Opsbook"},
		{"second level", "README.md", "## Not a title\n", "Opsbook"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, _ := read(t, c.file, c.text); got.Title != c.want || got.ID != c.want {
				t.Errorf("title %q, id %q, want %q", got.Title, got.ID, c.want)
			}
		})
	}
	c, _ := read(t, "opsbook.yaml", "title: Ours\nbase_url: https://ops.example.com/kb\n", "README.md", "# Theirs\n")
	if c.Title != "Ours" || c.ID != "https://ops.example.com/kb/" {
		t.Errorf("title %q, id %q", c.Title, c.ID)
	}
}

func TestSettings(t *testing.T) {
	c, _ := read(t, "opsbook.yaml", `
id: retail
title: 運用
logo: /images/logo.svg
accent: "#0AF"
baseURL: https://ops.example.com/kb
languages: [ja, en, ja]
time-zone: Europe/Berlin
repository: https://git.example.com/ops/kb.git/
branch: trunk
offline: no
unowned: sre
defaults:
  - paths: runbooks/**
    set: {owner: dba}
  - paths: ["/notes/**", "*.md"]
    set:
      owner: sre
review_in: {default: 1y, runbook: 6 months, SEV1: 90d, playbook: {P1: 4 weeks, default: 3 months}}
labels:
  runbook: {ja: 作業手順書, en: Work instruction}
  steps: 作業
sections:
  steps: [進め方]
  verify: {ja: [検証], en: Check}
extra_keys: [documentNumber, cost-center]
rules: {orphan: off, owner-person: error}
alerts:
  sources:
    - prometheus: ["../rules/*.yaml"]
    - list: alerts.yaml
  urls: https://old.example.com/
  exempt:
    - {alert: Watchdog, reason: always fires, owner: sre, until: 2027-03-31}
requests: {missing-page: "mailto:ops@example.com?subject={{title}}", problem: "https://git.example.com/new?title={{ title }}"}
synonyms: [[注文, order], [系切替, failover, promote]]
destructive: ['rm\s+-rf']
nav: [runbooks, notes/glossary.md]
publish: {production: {to: "s3://bucket"}}
`)
	if got := said(c.Problems); got != "" {
		t.Fatalf("problems in a good file:\n%s", got)
	}
	type settings struct {
		ID, Title, Logo, Accent, BaseURL, Timezone, Repository, Branch, Unowned string
		Languages, ExtraKeys, AlertURLs                                         []string
		Paths                                                                   [][]string
		Labels                                                                  map[string]map[string]string
		Sections                                                                map[string][]string
		Offline                                                                 bool
		Synonyms                                                                [][]string
		Levels                                                                  map[string]string
		Requests                                                                map[string]string
		Kinds                                                                   []string
		Publish                                                                 string
	}
	got := settings{
		ID: c.ID, Title: c.Title, Logo: c.Logo, Accent: c.Accent, BaseURL: c.BaseURL, Timezone: c.Timezone, Repository: c.Repository,
		Branch: c.Branch, Unowned: c.Unowned.Text, Languages: c.Languages, ExtraKeys: c.ExtraKeys, AlertURLs: c.Alerts.URLs,
		Labels: c.Labels, Sections: c.Sections, Offline: c.Offline.On, Synonyms: c.Synonyms, Levels: map[string]string{}, Requests: map[string]string{},
		Publish: c.Publish.Get("production", "to").Text,
	}
	for _, d := range c.Defaults {
		got.Paths = append(got.Paths, append(d.Paths, d.Set.Get("owner").Text))
	}
	for id, o := range c.Rules {
		got.Levels[id] = o.Level
	}
	for id, s := range c.Requests {
		got.Requests[id] = s.Text
	}
	for _, s := range c.Alerts.Sources {
		got.Kinds = append(got.Kinds, s.Kind+" "+s.Globs[0].Text)
	}
	want := settings{
		ID: "retail", Title: "運用", Logo: "images/logo.svg", Accent: "#00aaff", BaseURL: "https://ops.example.com/kb/", Timezone: "Europe/Berlin",
		Repository: "https://git.example.com/ops/kb", Branch: "trunk", Unowned: "sre", Languages: []string{"ja", "en"},
		ExtraKeys: []string{"document_number", "cost_center"}, AlertURLs: []string{"https://old.example.com/"},
		Paths:    [][]string{{"runbooks/**", "dba"}, {"notes/**", "*.md", "sre"}},
		Labels:   map[string]map[string]string{"runbook": {"ja": "作業手順書", "en": "Work instruction"}, "steps": {"": "作業"}},
		Sections: map[string][]string{"steps": {"進め方"}, "verify": {"検証", "Check"}},
		Synonyms: [][]string{{"注文", "order"}, {"系切替", "failover", "promote"}}, Levels: map[string]string{"orphan": "off", "owner-person": "error"},
		Requests: map[string]string{"missing-page": "mailto:ops@example.com?subject={{title}}", "problem": "https://git.example.com/new?title={{ title }}"},
		Kinds:    []string{"prometheus ../rules/*.yaml", "list alerts.yaml"}, Publish: "s3://bucket",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if e := c.Alerts.Exempt; len(e) != 1 || e[0].Alert.Text != "Watchdog" || e[0].Until.Date != (meta.Date{Year: 2027, Month: 3, Day: 31}) {
		t.Errorf("exempt is %+v", e)
	}
	if len(c.Destroys) != 1 || len(c.Nav) != 2 {
		t.Errorf("destructive %v, nav %v", c.Destroys, c.Nav)
	}
	if o := c.Rules["orphan"]; o.Pos != (diag.Pos{File: "opsbook.yaml", Line: 27, Col: 9}) {
		t.Errorf("the rule's id is at %s", o.Pos)
	}
}

func TestReviewEvery(t *testing.T) {
	c, _ := read(t, "opsbook.yaml", "review_in: {default: 1y, runbook: 6 months, SEV1: 90d, playbook: {P1: 4 weeks, default: 3 months}}\n")
	for _, at := range []struct{ kind, severity, want string }{
		{"runbook", "", "6 months"},
		{"runbook", "SEV1", "90d"},
		{"runbook", "SEV2", "6 months"},
		{"playbook", "P1", "4 weeks"},
		{"playbook", "SEV1", "90d"},
		{"playbook", "", "3 months"},
		{"note", "", "1y"},
		{"note", "SEV1", "90d"},
	} {
		if got, ok := c.ReviewEvery(at.kind, at.severity); got.Text != at.want || !ok {
			t.Errorf("%s %s is due after %q, want %q", at.kind, at.severity, got.Text, at.want)
		}
	}
	c, _ = read(t, "opsbook.yaml", "review_in: 8 weeks\n")
	if got, ok := c.ReviewEvery("note", ""); got.Text != "8 weeks" || !ok {
		t.Errorf("one span for all gave %q", got.Text)
	}
	c, _ = read(t)
	if got, ok := c.ReviewEvery("note", "SEV1"); ok {
		t.Errorf("without configuration a note is due after %q", got.Text)
	}
}

func TestSeverityRank(t *testing.T) {
	c, _ := read(t, "opsbook.yaml", "severities: [致命的, 重大, 軽微]\n")
	for severity, want := range map[string]int{"致命的": 0, "軽微": 2, "SEV1": 3, "": 3} {
		if got := c.SeverityRank(severity); got != want {
			t.Errorf("%q has rank %d, want %d", severity, got, want)
		}
	}
	c, _ = read(t)
	if c.SeverityRank("sev2") != c.SeverityRank("SEV2") || c.SeverityRank("P1") > c.SeverityRank("SEV2") {
		t.Error("SEV and P are not ranked side by side, letter case aside")
	}
}

func TestWithBaseURL(t *testing.T) {
	c, _ := read(t, "opsbook.yaml", "title: Ours\n")
	moved := c.WithBaseURL("https://preview.example.com")
	if moved.BaseURL != "https://preview.example.com/" || moved.ID != c.ID || c.BaseURL != "" {
		t.Errorf("moved is %q (%s), the original %q", moved.BaseURL, moved.ID, c.BaseURL)
	}
}

func TestExampleIsRead(t *testing.T) {
	c, d, err := Read(os.DirFS("../../content"))
	if err != nil {
		t.Fatal(err)
	}
	if got := said(append(c.Problems, d.Problems...)); got != "" {
		t.Errorf("the example has problems:\n%s", got)
	}
	if len(d.Parties) < 10 || len(d.Services) < 10 || len(d.Escalations) < 4 || len(d.Agreements) < 3 {
		t.Errorf("the example has %d parties, %d services, %d policies, %d agreements", len(d.Parties), len(d.Services), len(d.Escalations), len(d.Agreements))
	}
}
