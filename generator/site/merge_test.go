package site_test

import (
	"testing"

	"opsbook/generator/site"
	"opsbook/internal/history"
)

func TestMetadataComesFromTheNearest(t *testing.T) {
	in := input(t, files{
		"opsbook.yaml": `languages: [ja, en]
defaults:
  - paths: ["**"]
    set: {owner: sre, severity: SEV4, tags: [all]}
  - paths: ["runbooks/**"]
    set: {owner: cloud-ops, escalation: web}
  - paths: [runbooks/db]
    set: {owner: dba}
`,
		"directory.yaml":        "teams:\n  - {id: dba, name: DBA, handles: ['@org/dba']}\n  - {id: sre, name: SRE}\nescalations:\n  web:\n    - {to: sre, after: 0m}\n    - {to: nobody, after: 15m, when: 困ったとき, hours: off}\n  default:\n    - {to: dba, after: 5m}\nservices:\n  - {id: orders, name: 注文}\n",
		"runbooks/plain.md":     "# 手順\n",
		"runbooks/db/x.md":      "---\nseverity: SEV1\nservices: [orders, nope, orders]\n---\n# 手順\n",
		"runbooks/db/x.en.md":   "---\ntitle: In English\nlast_reviewed: 2026-10-01\n---\n",
		"runbooks/info.md":      "# 手順\n\n| 項目 | 内容 |\n|---|---|\n| ID | RUN777 |\n| 説明 | 表の説明 |\n| 作成者 | 山田 |\n\n## 手順\n\n1. する\n",
		"runbooks/own-path.md":  "---\nowner: dba\nescalation:\n  - {to: dba, after: 0m}\n---\n# 手順\n",
		"playbooks/default.md":  "# プレイブック\n",
		"elsewhere/old-hugo.md": "---\ntitle: H\ndraft: true\n---\n",
		"elsewhere/docu.md":     "---\ntitle: D\nsidebar_position: 7\n---\n",
	})
	s := site.Resolve(in)
	owner := func(path, want string) {
		t.Helper()
		e := page(t, s, path)
		expect(t, "owner of "+path, e.Meta.Owner.Text, want)
		if known := want != "cloud-ops"; known != (e.Owner != nil) {
			t.Errorf("owner of %s is resolved to %v", path, e.Owner)
		}
	}
	owner("runbooks/plain.md", "cloud-ops")
	owner("runbooks/db/x.md", "dba")
	owner("runbooks/db/x.en.md", "dba")
	owner("playbooks/default.md", "sre")
	x, en := page(t, s, "runbooks/db/x.md"), page(t, s, "runbooks/db/x.en.md")
	expect(t, "severity", x.Severity+" "+en.Severity+" "+page(t, s, "runbooks/plain.md").Severity, "SEV1 SEV1 SEV4")
	expect(t, "title", en.Title, "In English")
	if len(x.Services) != 1 || x.Services[0].ID != "orders" || len(en.Services) != 1 {
		t.Errorf("services: %v %v", x.Services, en.Services)
	}
	if en.Meta.Owner.Pos.String() != "opsbook.yaml:8:18" {
		t.Errorf("the owner of the translation stands at %s", en.Meta.Owner.Pos)
	}
	info := page(t, s, "runbooks/info.md")
	expect(t, "information table", info.ID+" "+info.Meta.Description.Text+" "+info.Summary, "RUN777 表の説明 表の説明")
	path := func(p string) string {
		got := ""
		for _, step := range page(t, s, p).Escalation {
			got += step.To.Text
			if step.Party == nil {
				got += "?"
			}
			got += " " + step.After.Text + " " + step.When + step.Hours + "; "
		}
		return got
	}
	expect(t, "policy by default", path("runbooks/plain.md"), "sre 0m ; nobody? 15m 困ったときoff; ")
	expect(t, "own path", path("runbooks/own-path.md"), "dba 0m ; ")
	expect(t, "the site's default policy", path("playbooks/default.md"), "dba 5m ; ")
	if s.Page("elsewhere/old-hugo.md") != nil || page(t, s, "elsewhere/docu.md").Weight != 7 {
		t.Error("keys of other generators are not read")
	}
	in.Drafts = true
	if site.Resolve(in).Page("elsewhere/old-hugo.md").Status != "draft" {
		t.Error("a draft is missing from a site with drafts")
	}
}

func TestCodeownersAreTheLastResort(t *testing.T) {
	in := input(t, files{
		"directory.yaml": "teams:\n  - {id: dba, name: DBA, handles: ['@org/dba']}\n",
		"db/a.md":        "# a\n",
		"db/b.md":        "---\nowner: sre\n---\n# b\n",
		"web/c.md":       "# c\n",
	})
	owners, _ := history.ParseOwners("CODEOWNERS", []byte("* @org/web\n/kb/db/ @org/unknown @org/dba\n"))
	owners = owners.Below("kb", "..")
	in.Owners = &owners
	s := site.Resolve(in)
	a := page(t, s, "db/a.md")
	expect(t, "owner with a handle", a.Meta.Owner.Text+" "+a.Meta.Owner.Pos.String(), "dba ../CODEOWNERS:2:1")
	if a.Owner == nil || a.Owner.ID != "dba" {
		t.Errorf("owner is %v", a.Owner)
	}
	expect(t, "front matter wins", page(t, s, "db/b.md").Meta.Owner.Text, "sre")
	expect(t, "a handle that nobody has", page(t, s, "web/c.md").Meta.Owner.Text, "@org/web")
}

func TestTypes(t *testing.T) {
	s := resolve(t, files{
		"opsbook.yaml":         "defaults:\n  - {paths: ['docs/**'], set: {type: lesson}}\n",
		"runbooks/a.md":        "# a\n",
		"runbooks/_index.md":   "# すべての手順書\n",
		"x/手順書/b.md":           "# b\n",
		"runbooks/c.md":        "---\ntype: note\n---\n# c\n",
		"runbooks/Alert.md":    "# Alert\n\n## Meaning\n\n## Impact\n\n## Diagnosis\n\n## Mitigation\n",
		"docs/d.md":            "# d\n",
		"docs/_index.md":       "# d\n",
		"docs/e.md":            "---\ntype: runbok\n---\n# e\n",
		"free/f.md":            "# f\n",
		"runbooks/raci/g.md":   "# g\n",
		"runbooks/index.en.md": "---\ntype: runbook\n---\n# All runbooks\n",
	})
	for path, want := range map[string]string{
		"runbooks/a.md": "runbook", "runbooks/_index.md": "note", "x/手順書/b.md": "runbook", "runbooks/c.md": "note", "runbooks/Alert.md": "playbook",
		"docs/d.md": "lesson", "docs/_index.md": "note", "docs/e.md": "note", "free/f.md": "note", "runbooks/raci/g.md": "raci", "runbooks/index.en.md": "runbook",
	} {
		expect(t, path, page(t, s, path).Type.Name, want)
	}
	expect(t, "unknown type", lines(s, "docs/e.md", "meta-schema"),
		"docs/e.md:2:7: type must be one of playbook, runbook, lesson, raci, record, note, got \"runbok\" (did you mean \"runbook\"?)\n")
}

// lines are the problems of one rule in one file.
func lines(s *site.Site, path, rule string) string {
	got := ""
	for _, d := range s.Problems {
		if d.Rule == rule && d.Pos.File == path {
			got += line(d)
		}
	}
	return got
}

func TestFrontMatterIsHeldAgainstTheSchema(t *testing.T) {
	s := resolve(t, files{
		"opsbook.yaml":  "extra_keys: [document_number]\n",
		"runbooks/a.md": "---\ntitle: [a]\ndocument_number: 7\nownr: b\n---\n",
		"notes/b.md":    "text\n",
	})
	expect(t, "schema", problems(s, "meta-schema"),
		"notes/b.md:1:1: title is missing (add title: to the front matter, or start the text with a heading such as # b)\n"+
			"runbooks/a.md:1:1: title is missing (add title: to the front matter, or start the text with a heading such as # a)\n"+
			"runbooks/a.md:2:1: outcome is missing (add outcome: the expected result, in one sentence)\n"+
			"runbooks/a.md:2:8: title must be text, got a list\n")
	expect(t, "keys", problems(s, "meta-unknown-key"), "runbooks/a.md:4:1: unknown key \"ownr\" (did you mean \"owner\"?)\n")
}

func TestSummaries(t *testing.T) {
	s := resolve(t, files{
		"a.md": "# 題\n\n最初の文です。次の文です。\n",
		"b.md": "---\ndescription: 説明\n---\n# 題\n\n最初の文です。\n",
		"c.md": "# Title\n\n## Meaning\n\nPod is in `CrashLoop`. It dies.\n",
		"d.md": "# 題\n",
	})
	for path, want := range map[string]string{"a.md": "最初の文です。", "b.md": "説明", "c.md": "Pod is in CrashLoop.", "d.md": ""} {
		expect(t, path, page(t, s, path).Summary, want)
	}
}
