package site_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/generator/source"
	"opsbook/internal/history"
)

// synthetic is a site of n pages in folders of 50, half of them in Japanese with a translation each, linked to their neighbours, with
// owners, steps, alerts, references and one broken link in twenty.
func synthetic(b testing.TB, n int) site.Input {
	in := input(b, files{
		"opsbook.yaml": "languages: [ja, en]\nbase_url: https://ops.example.com/\ntimezone: Asia/Tokyo\ndefaults:\n" + strings.Repeat("  - {paths: ['runbooks/**'], set: {type: runbook, owner: dba, escalation: web}}\n", 10),
		"directory.yaml": "teams:\n  - {id: dba, name: DBA}\n  - {id: sre, name: SRE}\nescalations:\n  web:\n    - {to: sre, after: 0m}\n    - {to: dba, after: 15m}\n" +
			"services:\n  - {id: orders, name: 注文}\n",
	})
	past := &history.History{
		Known: true, Touched: map[string][]int{"infra/db.tf": {0}}, Files: map[string]history.FileHistory{},
		Commits: []history.Commit{{Hash: "aaaaaaaaaaaaa", Date: time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC)}},
	}
	for i := range n {
		name := fmt.Sprintf("runbooks/area%03d/page%04d", i/50, i)
		if i%4 == 3 {
			name = fmt.Sprintf("runbooks/area%03d/page%04d.en", i/50, i-1)
		}
		var t strings.Builder
		fmt.Fprintf(&t, "---\ntitle: ページ %d\nid: RUN%05d\nlast_reviewed: 2026-%02d-10\noutcome: 復旧している\nservices: [orders]\nalerts: [Alert%d]\ntags: [t%d]\n", i, i, i%12+1, i/2, i%30)
		fmt.Fprintf(&t, "related: [RUN%05d, ../area%03d/page%04d.md]\nwatches: [infra/*.tf]\nparams: [{name: target, pattern: '^[a-z]+$'}]\n---\n# ページ %d\n\nこれは最初の文です。次の文。\n\n", (i*7)%n/4*4, (i*3)%n/4*4/50, (i*3)%n/4*4, i)
		for s, h := range []string{"概要", "前提条件", "手順", "正常性確認", "切り戻し", "異常時の対応", "連絡先", "参考"} {
			fmt.Fprintf(&t, "## %s\n\n本文の段落です。[隣](page%04d.md#手順)と[外](https://example.com/%d)。\n\n", h, i/50*50+(i+s*5)%50/4*4, s)
			if h == "手順" {
				t.WriteString("1. 確認する (目安 5分)\n   - 細部\n2. 実行する (目安 10分)\n3. 終わる\n\n")
			}
		}
		if i%20 == 0 {
			t.WriteString("[壊れた](../nowhere/pag.md)\n")
		}
		in.Documents = append(in.Documents, document.Parse(source.File{Path: name + ".md", Text: []byte(t.String())}))
		past.Files[name+".md"] = history.FileHistory{Last: past.Commits[0]}
	}
	in.History = past
	return in
}

func BenchmarkResolve(b *testing.B) {
	for _, n := range []int{1000, 5000} {
		in := synthetic(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if s := site.Resolve(in); len(s.Entries) != n {
					b.Fatal(len(s.Entries))
				}
			}
		})
	}
}

// TestResolveIsDeterministic resolves one input in different orders and compares what comes out.
func TestResolveIsDeterministic(t *testing.T) {
	in := synthetic(t, 400)
	write := func(s *site.Site) string {
		var b strings.Builder
		for _, e := range s.Entries {
			fmt.Fprintf(&b, "%s %s %s %v %v %d\n", e.Doc.Path, e.URL, e.Key, e.Review, e.Groups, len(e.Backlinks))
		}
		for _, f := range s.Folders {
			fmt.Fprintf(&b, "%s %s %d\n", f.Path, f.Title, len(f.Entries))
		}
		for _, d := range s.Problems {
			b.WriteString(line(d))
		}
		return b.String()
	}
	want := write(site.Resolve(in))
	if !strings.Contains(want, "leads nowhere") {
		t.Fatal("the synthetic site has no problems")
	}
	in.Documents = slices.Clone(in.Documents)
	slices.Reverse(in.Documents)
	for range 3 {
		if got := write(site.Resolve(in)); got != want {
			t.Fatal("the order of the documents shows")
		}
	}
}
