package site_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"opsbook/generator/site"
)

// target writes a target so that a table can hold it.
func target(t site.Target) string {
	switch t.Kind {
	case site.External:
		return "external " + t.URL
	case site.Unsafe:
		return "unsafe"
	case site.Broken:
		return "broken: " + t.Why.String()
	}
	kind := map[site.TargetKind]string{site.ToPage: "page", site.ToAsset: "asset", site.ToHere: "here"}[t.Kind]
	s := kind + " /" + t.URL
	if t.Query != "" {
		s += "?" + t.Query
	}
	if t.Fragment != "" {
		s += "#" + t.Fragment
	}
	return s
}

func TestLinks(t *testing.T) {
	tree := files{
		"opsbook.yaml":              "base_url: https://ops.example.com/kb/\nlanguages: [ja]\n",
		"directory.yaml":            "teams: []\n",
		"_index.md":                 "# 入口\n",
		"runbooks/rds-failover.md":  "# フェイルオーバー\n\n## 手順\n\n1. 確かめる\n2. 切り替える\n   1. 待つ\n\n## 切り戻し {#back}\n\n<a id=\"raw\"></a>本文[^1]\n\n[^1]: 注\n",
		"runbooks/障害 対応.md":         "# 障害対応\n",
		"runbooks/draft.md":         "---\nstatus: draft\n---\n# 下書き\n",
		"playbooks/db/_index.md":    "# データベース\n",
		"playbooks/db/cpu.md":       "---\nid: PB004\naliases: [/old/cpu/]\n---\n# CPU\n",
		"playbooks/web/slow.md":     "# 遅い\n",
		"images/path.svg":           "<svg/>",
		"images/日本 語.png":           "x",
		"runbooks/files/report.csv": "a,b",
		"_shared/part.md":           "[切替](rds-failover.md)\n",
		"runbooks/files/Config.txt": "x",
	}
	tests := []struct{ link, want, problem string }{
		{"[x](rds-failover.md)", "page /runbooks/rds-failover/", ""},
		{"[x](./rds-failover.md#手順)", "page /runbooks/rds-failover/#手順", ""},
		{"[x](rds-failover.md#%E6%89%8B%E9%A0%86)", "page /runbooks/rds-failover/#手順", ""},
		{"[x](rds-failover.md#back)", "page /runbooks/rds-failover/#back", ""},
		{"[x](rds-failover.md#step-2-1)", "page /runbooks/rds-failover/#step-2-1", ""},
		{"[x](rds-failover.md#raw)", "page /runbooks/rds-failover/#raw", ""},
		{"[x](rds-failover.md#step-3)", "page /runbooks/rds-failover/", "there is no heading #step-3 in runbooks/rds-failover.md (its headings are #フェイルオーバー, #手順, #back, #raw)"},
		{"[x](rds-failover.md?cluster=orders-db&x=%20#back)", "page /runbooks/rds-failover/?cluster=orders-db&x=%20#back", ""},
		{"[x](rds-failover)", "page /runbooks/rds-failover/", ""},
		{"[x](rds-failover/)", "page /runbooks/rds-failover/", ""},
		{"[x](rds-failover.html)", "page /runbooks/rds-failover/", ""},
		{"[x](../rds-failover/)", "page /runbooks/rds-failover/", ""}, // as an address, from /runbooks/from/
		{"[x](../../playbooks/db/cpu/)", "page /playbooks/db/cpu/", ""},
		{"[x](../playbooks/db/cpu.md)", "page /playbooks/db/cpu/", ""},
		{"[x](/playbooks/db/cpu.md)", "page /playbooks/db/cpu/", ""},
		{"[x](/playbooks/db/cpu/index.html)", "page /playbooks/db/cpu/", ""},
		{"[x](/old/cpu/)", "page /playbooks/db/cpu/", ""},
		{"[x](../playbooks/db)", "page /playbooks/db/", ""},
		{"[x](../playbooks/db/)", "page /playbooks/db/", ""},
		{"[x](../playbooks/db/_index.md)", "page /playbooks/db/", ""},
		{"[x](../playbooks/web/)", "page /playbooks/web/", ""}, // a folder without an index page has a list
		{"[x](/)", "page /", ""},
		{"[x](..)", "page /", ""},
		{"[x](%E9%9A%9C%E5%AE%B3%20%E5%AF%BE%E5%BF%9C.md)", "page /runbooks/障害-対応/", ""},
		{"[x](<障害 対応.md>)", "page /runbooks/障害-対応/", ""},
		{"[x](files/report.csv)", "asset /runbooks/files/report.csv", ""},
		{"[x](files/report.csv#row=3)", "asset /runbooks/files/report.csv#row=3", ""},
		{"![x](../images/path.svg)", "asset /images/path.svg", ""},
		{"![x](/images/path.svg)", "asset /images/path.svg", ""},
		{"![x](<../images/日本 語.png>)", "asset /images/日本 語.png", ""},
		{"[x](#ここ)", "here /#ここ", ""},
		{"[x](#top)", "here /#top", ""},
		{"[x](https://example.com/a#b)", "external https://example.com/a#b", ""},
		{"<https://example.com/>", "external https://example.com/", ""},
		{"[x](https://ops.example.com/kb/playbooks/db/cpu/#cpu)", "page /playbooks/db/cpu/#cpu", ""},
		{"[x](https://ops.example.com/kb/nowhere/)", "external https://ops.example.com/kb/nowhere/", ""},
		{"[x](mailto:a@example.com)", "external mailto:a@example.com", ""},
		{"[x](tel:03-0000-0000)", "external tel:03-0000-0000", ""},
		{"[x](slack://channel?team=T&id=C)", "external slack://channel?team=T&id=C", ""},
		{"[x](javascript:alert)", "unsafe", ""},
		{"[x](//evil.example.com/)", "unsafe", ""},

		{"[x](rds-failovr.md)", "broken: runbooks/rds-failovr.md does not exist", `the link leads nowhere: there is no runbooks/rds-failovr.md (did you mean "rds-failover.md"?)`},
		{"[x](RDS-Failover.md)", "broken: runbooks/RDS-Failover.md does not exist", `the link leads nowhere: there is no runbooks/RDS-Failover.md (did you mean "rds-failover.md"?)`},
		{"[x](cpu.md)", "broken: runbooks/cpu.md does not exist", `the link leads nowhere: there is no runbooks/cpu.md (did you mean "../playbooks/db/cpu.md"?)`},
		{"[x](/docs/nothing/)", "broken: docs/nothing does not exist", "the link leads nowhere: there is no docs/nothing"},
		{"[x](/runbook/rds-failover.md)", "broken: runbook/rds-failover.md does not exist", `the link leads nowhere: there is no runbook/rds-failover.md (did you mean "/runbooks/rds-failover.md"?)`},
		{"[x](draft.md)", "broken: runbooks/draft.md is a draft", "the link leads to runbooks/draft.md, which is a draft (drafts are left out unless the site is built with --drafts)"},
		{"[x](../../secret.md)", "broken: ../../secret.md is outside of this site", `the link "../../secret.md" leads out of the content folder (copy the file into the folder, or link to where it is on the web)`},
		{"[x](../_shared/part.md)", "broken: _shared/part.md is not published", "the link leads to _shared/part.md, which is no page (names that start with _ or . are left out of the site)"},
		{"[x](../directory.yaml)", "broken: directory.yaml is not published", "the link leads to directory.yaml, which is never published (it can hold contacts that are not for readers)"},
		{"[x](rds-failover.md#BACK)", "page /runbooks/rds-failover/#back", "there is no heading #BACK in runbooks/rds-failover.md (did you mean #back?)"},
		{"[x](rds-failover.md#手順き)", "page /runbooks/rds-failover/", "there is no heading #手順き in runbooks/rds-failover.md (did you mean #手順?)"},
		{"[x](#そこ)", "broken: this page has no heading #そこ", "there is no heading #そこ in this page (did you mean #ここ?)"},
		{"![x](../images/pth.svg)", "broken: images/pth.svg does not exist", `the image leads nowhere: there is no images/pth.svg (did you mean "../images/path.svg"?)`},
		{"![x](rds-failover.md)", "broken: rds-failover.md is a page, not an image", `the image "rds-failover.md" is a page, not a file`},
		{"[x]()", "broken: no destination was written", "the link has no destination (write the path of a file or an address)"},
	}
	for _, tt := range tests {
		t.Run(tt.link, func(t *testing.T) {
			tree["runbooks/from.md"] = "# 元\n\n## ここ\n\n日本語の文 " + tt.link + "\n"
			s := resolve(t, tree)
			e := page(t, s, "runbooks/from.md")
			if len(e.Doc.Links) != 1 {
				t.Fatalf("%d links", len(e.Doc.Links))
			}
			expect(t, "target", target(e.Links[e.Doc.Links[0].At]), tt.want)
			got := problems(s, "link-broken") + problems(s, "link-anchor") + problems(s, "image-missing")
			want := ""
			if tt.problem != "" {
				col := len([]rune(tt.link[:strings.Index(tt.link, "](")+2])) + 7 // the text before the destination
				if strings.HasSuffix(tt.link, "()") {
					col = 7
				}
				want = fmt.Sprintf("runbooks/from.md:5:%d: %s\n", col, tt.problem)
			}
			expect(t, "problem", got, want)
		})
	}
}

func TestBacklinks(t *testing.T) {
	s := resolve(t, files{
		"a.md":         "---\nid: A1\nrelated: [C1, b.md, a.md]\n---\n[b](b.md) [b again](b.md) [self](a.md) [A](https://example.com/)\n",
		"b.md":         "---\nid: B1\n---\n[c](c/d.md#x)\n",
		"c/d.md":       "---\nid: C1\nsuperseded_by: B1\n---\n## x\n",
		"lonely.md":    "[nowhere](x.md)\n",
		"c/raci.md":    "---\ntype: raci\nactivities: [{activity: x, responsible: a, accountable: b, runbook: A1}]\n---\n",
		"c/play.md":    "---\ntype: playbook\ncauses: [{cause: x, runbook: B1}, {cause: y, runbook: NOPE}]\n---\n",
		"c/include.md": "[up](../lonely.md)\n",
	})
	back := func(path string) string {
		got := ""
		for _, e := range page(t, s, path).Backlinks {
			got += e.Doc.Path + " "
		}
		return got
	}
	expect(t, "a", back("a.md"), "c/raci.md ")
	expect(t, "b", back("b.md"), "a.md c/d.md c/play.md ")
	expect(t, "c", back("c/d.md"), "a.md b.md ")
	expect(t, "lonely", back("lonely.md"), "c/include.md ")
	a := page(t, s, "a.md")
	if len(a.Related) != 2 || a.Related[0].ID != "C1" || a.Related[1].ID != "B1" {
		t.Errorf("related: %v", a.Related)
	}
	causes := page(t, s, "c/play.md").Causes
	if len(causes) != 2 || causes[0].Page != page(t, s, "b.md") || causes[1].Page != nil || causes[1].Cause != "y" {
		t.Errorf("causes: %v", causes)
	}
	if page(t, s, "c/d.md").Superseder != page(t, s, "b.md") {
		t.Error("superseded_by is not resolved")
	}
}

func TestReferences(t *testing.T) {
	s := resolve(t, files{
		"opsbook.yaml": "languages: [ja, en]\n",
		"a.md":         "---\nid: RUN001\nrelated: [RUN01, run002, RUN003, nowhere.md, deep/c.md, d.md]\n---\n日本語\n",
		"b.md":         "---\nid: RUN002\n---\n日本語\n",
		"b.en.md":      "---\nid: RUN002\n---\nEnglish\n",
		"a.en.md":      "---\nrelated: [RUN002]\n---\nEnglish\n",
		"deep/C.md":    "---\nid: RUN001\n---\n日本語\n",
		"d.md":         "---\nstatus: draft\n---\n",
	})
	expect(t, "ids", problems(s, "id-unique"), `deep/C.md:2:5: the id "RUN001" is already taken by a.md (give this page an id of its own)
`)
	expect(t, "references", problems(s, "related-unknown"), `a.md:3:11: related names "RUN01", which does not exist (did you mean "RUN001"?)
a.md:3:18: related names "run002", which does not exist (did you mean "RUN002"?)
a.md:3:26: related names "RUN003", which does not exist (name the id of a page or its path from the root of the source)
a.md:3:34: related names "nowhere.md", which does not exist (name the id of a page or its path from the root of the source)
a.md:3:46: related names "deep/c.md", which does not exist (did you mean "deep/C.md"?)
a.md:3:57: related names "d.md", which does not exist (it is a draft; drafts are left out unless the site is built with --drafts)
`)
	if e := page(t, s, "a.en.md"); len(e.Related) != 1 || e.Related[0] != page(t, s, "b.en.md") {
		t.Errorf("a translation leads to %v", e.Related)
	}
	if s.Page("RUN002") != page(t, s, "b.md") || page(t, s, "b.en.md").Key != "b.en.md" || page(t, s, "deep/C.md").Key != "deep/C.md" {
		t.Error("ids of translations and doubles are taken wrongly")
	}
}

func TestIDsInBrackets(t *testing.T) {
	s := resolve(t, files{
		"opsbook.yaml": "languages: [ja, en]\n",
		"a.md":         "---\nid: RUN001\n---\n# あ\n\n[RUN002] と [RUN009] と [OK] と [2026] と [RUN001](b.md)\n",
		"a.en.md":      "# A\n\nSee [RUN002].\n",
		"b.md":         "---\nid: RUN002\n---\n# い\n",
		"b.en.md":      "# B\n",
	})
	var got []string
	a := page(t, s, "a.md")
	for _, l := range a.Doc.Links {
		if to, ok := a.Links[l.At]; ok {
			got = append(got, l.Dest+" -> "+target(to)+" "+to.Title)
		}
	}
	expect(t, "links", strings.Join(got, "; "), "RUN002 -> page /b/ い; b.md -> page /b/ ")
	expect(t, "problems", problems(s, "link-broken"), "a.md:6:13: no page has the id RUN009\n")
	if en := page(t, s, "a.en.md"); len(en.Links) != 1 || en.Links[en.Doc.Links[0].At].Title != "B" {
		t.Errorf("a translation leads to %v", en.Links)
	}
	if back := page(t, s, "b.md").Backlinks; len(back) != 1 || back[0] != a {
		t.Errorf("backlinks: %v", back)
	}
}

func TestOnlyLinkedFilesArePublished(t *testing.T) {
	s := resolve(t, files{
		"opsbook.yaml":   "logo: images/logo.svg\n",
		"directory.yaml": "teams: []\n",
		"a.md":           "# a\n\n![x](images/a.png) [y](files/b.csv?raw=1) ![z](images/gone.png) <img src=\"images/c.png\">\n",
		"images/a.png":   "x", "images/c.png": "x", "images/unused.png": "x", "files/b.csv": "x", "images/logo.svg": "<svg/>",
	})
	var got []string
	for from, to := range s.Assets {
		got = append(got, from+"="+to)
	}
	slices.Sort(got)
	expect(t, "assets", strings.Join(got, " "), "files/b.csv=files/b.csv images/a.png=images/a.png images/c.png=images/c.png images/logo.svg=images/logo.svg")
}
