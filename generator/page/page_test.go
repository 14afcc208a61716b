package page_test

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/generator/page"
	"opsbook/generator/site"
	"opsbook/generator/source"
	"opsbook/internal/config"
	"opsbook/internal/meta"
	"opsbook/templates"
)

// resolve makes a site of files, as of a day.
func resolve(t *testing.T, files map[string]string) *site.Site {
	t.Helper()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	cfg, dir, err := config.Read(tree)
	if err != nil {
		t.Fatal(err)
	}
	own, err := fs.Sub(tree, "_types")
	if err != nil {
		t.Fatal(err)
	}
	types, problems := doctype.Load(templates.Default(), own)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var docs []*document.Document
	var assets []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		switch {
		case strings.HasPrefix(name, "_types/"):
		case strings.HasSuffix(name, ".md"):
			docs = append(docs, document.Parse(source.File{Path: name, Text: []byte(files[name])}))
		case !strings.HasSuffix(name, ".yaml"):
			assets = append(assets, name)
		}
	}
	return site.Resolve(site.Input{
		Config: cfg, Directory: dir, Types: types, Documents: docs, Assets: assets, Clock: meta.Date{Year: 2026, Month: 11, Day: 1},
	})
}

// plan plans every page of a site whole.
func plan(s *site.Site) []*page.Page {
	var pages []*page.Page
	for _, o := range page.Plan(s) {
		pages = append(pages, o.Whole())
	}
	return pages
}

func byURL(pages []*page.Page) map[string]*page.Page {
	all := map[string]*page.Page{}
	for _, p := range pages {
		all[p.URL] = p
	}
	return all
}

const directory = `teams:
  - {id: dba, name: {ja: データベース管理, en: Database}, contacts: {phone: "03-0000-0120", email: dba@example.com}, hours: 24x7, last_verified: 2026-09-14, members: [hayashi]}
  - {id: sre, name: SRE, contacts: {slack: "#ops-sre"}, decides: true}
people:
  - {id: hayashi, name: 林}
vendors:
  - {id: aws, name: AWS, contacts: {url: https://console.aws.amazon.com/support/home}}
services:
  - {id: orders-db, name: {ja: 注文データベース, en: Orders database}, owner: dba, tier: 1, rto: 15m, rpo: 0m, vendors: [aws]}
  - {id: orders, name: 注文, owner: sre, tier: 2, depends_on: [orders-db]}
escalations:
  database:
    - {to: dba, after: 0m, when: 発報時}
    - {to: sre, after: 15m}
agreements:
  - {from: sre, to: dba, channel: PagerDuty, response: 15m}
`

// knowledge is a small knowledge base in two languages, with a page of every type.
var knowledge = map[string]string{
	"opsbook.yaml":   "title: 運用\nbase_url: https://ops.example.com/kb/\nlanguages: [ja, en]\nrepository: https://git.example.com/ops/kb\nrequests: {problem: 'https://git.example.com/new?title={{title}}&body={{url}}', missing-page: 'mailto:ops@example.com?subject={{title}}'}\n",
	"directory.yaml": directory,
	"runbooks/failover.md": `---
title: フェイルオーバー
id: RUN1
owner: dba
severity: SEV1
services: [orders-db]
tags: [Database]
controls: [FISC-実6]
alerts: [RDSFailover]
aliases: [/old/failover/]
last_reviewed: 2026-09-16
reviewed_by: sre
escalation: database
outcome: 書き込み先が移っている
success: [成功率が 99.5%]
tools: [aws cli]
duration: 30m
params: [{name: cluster, description: 識別子, example: orders-db}]
rollback: {when: エラーが続くとき, decide_by: 20分, by: dba}
decisions: [{what: 実施, by: dba, preapproved: true}]
related: [PB1]
---
# フェイルオーバー

DNS を確かめます。

## 手順

1. 確認する (目安 2分)
2. [再起動](restart.md#手順)する

## 正常性確認

よし。

## 切り戻し

戻す。
`,
	"runbooks/failover.en.md": "---\ntitle: Fail over\nowner: dba\nseverity: SEV1\nlast_reviewed: 2026-09-16\nescalation: database\noutcome: moved\n---\n# Fail over\n\n## Steps\n\n1. Check.\n\n## Verify\n\nGood.\n\n## Rollback\n\nBack.\n",
	"runbooks/restart.md":     "---\ntitle: 再起動\nowner: sre\nlast_reviewed: 2026-04-20\nescalation: database\noutcome: 動いている\n---\n# 再起動\n\n## 手順\n\n- 止める\n- 動かす\n\n## 正常性確認\n\nよし。\n\n## 異常時の対応\n\nなし。[ない](nowhere.md)\n",
	"playbooks/down.md":       "---\ntitle: つながらない\nid: PB1\nowner: sre\nseverity: SEV1\nlast_reviewed: 2026-10-01\nescalation: database\ncauses: [{cause: 書き込み先の停止, runbook: RUN1}, {cause: 不明}]\n---\n# つながらない\n\n## 切り分け\n\n1. 見る\n\n## エスカレーション\n\n呼ぶ。\n",
	"lessons/stop.md":         "---\ntitle: 停止\nowner: sre\nseverity: SEV1\nincident: {started: 2026-03-14 20:02, detected: 2026-03-14 20:19, mitigated: 2026-03-14 21:05, impact: 注文, services: [orders]}\nactions:\n  - {id: A1, what: アラートを作る, kind: 再発防止, owner: sre, due: 2026-03-31, status: done}\n  - {id: A2, what: 制約を足す, kind: 恒久, owner: dba, due: 2026-09-30, status: open}\n---\n# 停止\n\n## 概要\n\n止まった。\n\n## 時系列\n\nあった。\n\n## 教訓\n\n学んだ。\n",
	"raci/change.md":          "---\ntitle: 変更\nowner: sre\nlast_reviewed: 2026-10-01\n---\n# 変更\n\n| 活動 | dba | sre | 備考 |\n|---|---|---|---|\n| 追加 | A/R | C | 会議 |\n| 例外 | I | A/R | |\n",
	"records/drill.md":        "---\ntitle: 訓練\nowner: dba\nof: RUN1\nkind: drill\nstarted: 2026-09-15 14:00\nfinished: 2026-09-15 14:21\noperator: hayashi\nresult: 成功\n---\n# 訓練\n\nできた。\n",
	"notes/用語.md":             "---\ntitle: 用語\nowner: sre\n---\n# 用語\n\n*[DNS]: 名前を引くしくみ\n\n冗長化\n: 二つ持つこと\n",
	"notes/old.md":            "---\ntitle: 古い\nowner: sre\nstatus: archived\nsuperseded_by: RUN1\n---\n# 古い\n",
}

func TestEveryPageIsPlannedInEveryLanguage(t *testing.T) {
	pages := byURL(plan(resolve(t, knowledge)))
	for _, url := range []string{
		"", "runbooks/", "playbooks/", "lessons/", "raci/", "records/", "notes/", "tags/", "tags/database/", "controls/", "controls/fisc-実6/",
		"teams/", "teams/dba/", "people/hayashi/", "vendors/aws/", "services/", "services/orders-db/", "review/", "map/", "glossary/", "recent/",
		"incidents/", "actions/", "search/", "runbooks/failover/",
	} {
		for _, prefix := range []string{"", "en/"} {
			if pages[prefix+url] == nil {
				t.Errorf("no page at %q", prefix+url)
			}
		}
	}
	for _, url := range []string{"404.html", "old/failover/", "runbooks/restart/", "notes/old/"} {
		if pages[url] == nil {
			t.Errorf("no page at %q", url)
		}
	}
	for url, p := range pages {
		if want := map[bool]string{true: "en", false: "ja"}[strings.HasPrefix(url, "en/")]; p.Lang != want {
			t.Errorf("%q is in %s", url, p.Lang)
		}
	}
}

func TestPagesLeadToPages(t *testing.T) {
	pages := byURL(plan(resolve(t, knowledge)))
	check := func(from string, links ...page.Link) {
		for _, l := range links {
			if !l.Away && pages[l.URL] == nil {
				t.Errorf("%q leads to %q, where nothing is", from, l.URL)
			}
		}
	}
	for url, p := range pages {
		check(url, p.Crumbs...)
		check(url, p.Nav.Beside...)
		check(url, p.Nav.Below...)
		check(url, p.Frame.Menu...)
		check(url, p.Frame.More...)
		for _, v := range p.Versions {
			check(url, v.Link)
		}
		if p.Doc != nil {
			check(url, p.Doc.Linkers...)
			check(url, p.Doc.Related...)
			check(url, p.Doc.Type)
		}
	}
}

func TestARunbookSaysWhatAReaderMustKnow(t *testing.T) {
	p := byURL(plan(resolve(t, knowledge)))["runbooks/failover/"]
	d := p.Doc
	if d.Severity != (page.Severity{Name: "SEV1", Rank: 1}) || d.Review.State != "fresh" || d.Review.Due != "2026-12-15" || d.Owner.URL != "teams/dba/" {
		t.Errorf("severity %v, review %v, owner %v", d.Severity, d.Review, d.Owner)
	}
	if len(d.Path) != 2 || d.Path[0].Contacts[0].URL == "" || d.Path[1].After.Minutes != 15 || d.Path[0].Verified != "2026-09-14" {
		t.Errorf("escalation: %+v", d.Path)
	}
	if d.Drill == nil || d.Drill.On != "2026-09-15" || d.Drill.Minutes != 21 {
		t.Errorf("drill: %+v", d.Drill)
	}
	if d.Anchor != "手順" || d.Params[0].Name != "cluster" || d.Rollback.DecideBy != "20分" || !d.Verdicts[0].Preapproved {
		t.Errorf("anchor %q, params %v, rollback %v, decisions %v", d.Anchor, d.Params, d.Rollback, d.Verdicts)
	}
	var facts []string
	for _, f := range append(d.Facts, d.More...) {
		facts = append(facts, f.Key)
	}
	if got := strings.Join(facts, " "); got != "outcome success duration tools services alerts tags controls run_count run_median run_by" {
		t.Errorf("facts: %s", got)
	}
	if len(d.Linkers) != 1 || d.Linkers[0].URL != "playbooks/down/" {
		t.Errorf("what links here: %v", d.Linkers)
	}
	if p.Root != "../../" || p.Canonical != "https://ops.example.com/kb/runbooks/failover/" {
		t.Errorf("root %q, canonical %q", p.Root, p.Canonical)
	}
	if want := "https://git.example.com/new?title=%E3%83%95%E3%82%A7%E3%82%A4%E3%83%AB%E3%82%AA%E3%83%BC%E3%83%90%E3%83%BC&body=https%3A%2F%2Fops.example.com%2Fkb%2Frunbooks%2Ffailover%2F"; p.Tools.Problem != want {
		t.Errorf("report a problem at %q", p.Tools.Problem)
	}
}

func TestLanguages(t *testing.T) {
	pages := byURL(plan(resolve(t, knowledge)))
	for _, test := range []struct {
		from, to string
		exact    bool
	}{
		{"runbooks/failover/", "en/runbooks/failover/", true},
		{"en/runbooks/failover/", "runbooks/failover/", true},
		{"runbooks/restart/", "en/", false},
		{"review/", "en/review/", true},
		{"404.html", "en/", false},
	} {
		if v := pages[test.from].Versions; len(v) != 1 || v[0].URL != test.to || v[0].Exact != test.exact {
			t.Errorf("%s in the other language: %+v, want %s", test.from, v, test.to)
		}
	}
	var titles []string
	for _, it := range pages["en/runbooks/"].Lists[0].Groups[0].Items {
		titles = append(titles, it.Text+" "+it.Lang)
	}
	if got := fmt.Sprint(titles); got != "[Fail over en]" {
		t.Errorf("worst runbooks in English: %s", got)
	}
	if it := pages["en/runbooks/"].Lists[0].Groups[1].Items[0]; it.Text != "再起動" || it.Lang != "ja" {
		t.Errorf("a page without translation is listed as %q in %q", it.Text, it.Lang)
	}
}

func TestNavigationIsLocal(t *testing.T) {
	files := map[string]string{}
	for i := range 200 {
		files[fmt.Sprintf("notes/n%03d.md", i)] = fmt.Sprintf("# n%03d\n", i)
	}
	pages := byURL(plan(resolve(t, files)))
	for i := range 200 {
		p := pages[fmt.Sprintf("notes/n%03d/", i)]
		here := slices.ContainsFunc(p.Nav.Beside, func(l page.Link) bool { return l.URL == p.URL })
		if len(p.Nav.Beside) != 50 || !p.Nav.Clipped || !here {
			t.Fatalf("%s has %d siblings, itself among them: %t", p.URL, len(p.Nav.Beside), here)
		}
	}
	if p := pages["notes/n100/"]; p.Prev.URL != "notes/n099/" || p.Next.URL != "notes/n101/" {
		t.Errorf("before %v, after %v", p.Prev, p.Next)
	}
}

func TestADocumentJoinsWhatIsGeneratedAtItsAddress(t *testing.T) {
	files := maps.Clone(knowledge)
	files["glossary.md"] = "---\ntitle: ことば\n---\n# ことば\n"
	files["runbooks/_index.md"] = "---\ntitle: 手順の使い方\n---\n# 手順の使い方\n\n読む。\n"
	pages := byURL(plan(resolve(t, files)))
	if p := pages["glossary/"]; p.Doc == nil || len(p.Glossary) == 0 || p.Title.Text != "ことば" {
		t.Errorf("glossary: document %v, terms %d, title %v", p.Doc != nil, len(p.Glossary), p.Title)
	}
	if p := pages["runbooks/"]; p.Doc == nil || len(p.Lists) != 1 || p.Title.Text != "手順の使い方" {
		t.Errorf("runbooks: document %v, lists %d, title %v", p.Doc != nil, len(p.Lists), p.Title)
	}
}

func TestTheQueueIsByStateAndDueDate(t *testing.T) {
	q := byURL(plan(resolve(t, knowledge)))["review/"].Queue
	var got []string
	for _, g := range q.Groups {
		for _, it := range g.Items {
			got = append(got, g.ID+" "+it.URL+" "+it.Review.Due)
		}
	}
	want := []string{
		"stale runbooks/restart/ 2026-10-20", "unreviewed notes/用語/ ", "fresh runbooks/failover/ 2026-12-15",
		"fresh playbooks/down/ 2026-12-30", "fresh raci/change/ 2027-10-01",
	}
	if !slices.Equal(got, want) {
		t.Errorf("queue:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if q.All.Dues != "2026-12-15*1*fresh 2026-12-30*1*fresh 2027-10-01*1*fresh" {
		t.Errorf("due dates for the browser: %q", q.All.Dues)
	}
}

func TestAMatrixIsReadOnceAndShownByRole(t *testing.T) {
	p := byURL(plan(resolve(t, knowledge)))["raci/change/"]
	m := p.Doc.Matrix
	if len(m.Rows) != 2 || !slices.Equal(m.Rows[0].Cells, []string{"RA", "C"}) || m.Rows[0].Note != "会議" {
		t.Fatalf("rows: %+v", m.Rows)
	}
	if by := m.By[0]; by.Role.URL != "teams/dba/" || by.Parts[0].Letter != "A" || by.Parts[0].What[0].Text != "追加" {
		t.Errorf("by role: %+v", m.By)
	}
	if len(p.Doc.Body.Hidden) != 1 {
		t.Error("the table is shown a second time")
	}
	unread := strings.Replace(knowledge["raci/change.md"], "| A/R | C |", "| A/R | 誰か |", 1)
	files := maps.Clone(knowledge)
	files["raci/change.md"] = unread
	if p := byURL(plan(resolve(t, files)))["raci/change/"]; len(p.Doc.Body.Hidden) != 0 {
		t.Error("a table that says more than the matrix is hidden")
	}
}

func TestArchivedPagesLeaveLists(t *testing.T) {
	pages := byURL(plan(resolve(t, knowledge)))
	p := pages["notes/old/"]
	if p == nil || !p.NoIndex || p.Doc.Instead == nil || p.Doc.Instead.URL != "runbooks/failover/" {
		t.Fatalf("archived page: %+v", p)
	}
	for _, l := range pages["notes/"].Lists {
		for _, g := range l.Groups {
			for _, it := range g.Items {
				if it.URL == p.URL {
					t.Error("an archived page is listed")
				}
			}
		}
	}
}

func TestStubsLeadFromAnyDepth(t *testing.T) {
	p := byURL(plan(resolve(t, knowledge)))["old/failover/"]
	if p.File != "old/failover/index.html" || p.Stub.To != "../../runbooks/failover/" || p.Layout != "layout/stub" {
		t.Errorf("stub %+v at %s", p.Stub, p.File)
	}
}

func Test404KnowsTheAddressOfTheSite(t *testing.T) {
	p := byURL(plan(resolve(t, knowledge)))["404.html"]
	if p.Root != "/kb/" || p.Tools.Missing != "mailto:ops@example.com?subject=404" {
		t.Errorf("root %q, report %q", p.Root, p.Tools.Missing)
	}
}

func TestPlanIsAFunction(t *testing.T) {
	a, b := plan(resolve(t, knowledge)), plan(resolve(t, knowledge))
	if len(a) != len(b) {
		t.Fatalf("%d pages, then %d", len(a), len(b))
	}
	for i := range a {
		if a[i].File != b[i].File || page.Hash(a[i]) != page.Hash(b[i]) {
			t.Errorf("%s and %s differ", a[i].File, b[i].File)
		}
	}
}

func TestAnEditChangesOnlyThePagesThatShowIt(t *testing.T) {
	edited := maps.Clone(knowledge)
	edited["runbooks/restart.md"] = strings.Replace(edited["runbooks/restart.md"], "- 動かす", "- 起こす", 1)
	before := map[string]*page.Page{}
	for _, p := range plan(resolve(t, knowledge)) {
		before[p.File] = p
	}
	var changed []string
	for _, p := range plan(resolve(t, edited)) {
		if page.Hash(p) != page.Hash(before[p.File]) {
			changed = append(changed, p.File)
		}
	}
	if !slices.Equal(changed, []string{"runbooks/restart/index.html"}) {
		t.Errorf("an edit of one body changed %v", changed)
	}
}

// TestRowsOfOutlines holds that the rows of a list are known before it is planned: by them it is cut.
func TestRowsOfOutlines(t *testing.T) {
	lists := 0
	files := maps.Clone(knowledge)
	files["_types/job/type.yaml"] = "folders: [runbooks]\nlabel: {en: Job}\nplural: {en: Jobs}\n" // two types have one list
	files["db ops/a.md"], files["db-ops/b.md"] = "# A\n", "# B\n"                                 // two folders have one address
	for i := range 3 {
		files[fmt.Sprintf("runbooks/job-%d.md", i)] = "---\ntype: job\n---\n# Job\n"
	}
	for _, o := range page.Plan(resolve(t, files)) {
		want, got := page.RowsOf(o)
		if got != want {
			t.Errorf("%s: %d rows are foretold, %d planned", o.URL, want, got)
		}
		if got > 0 {
			lists++
		}
	}
	if lists < 10 {
		t.Errorf("only %d pages have rows", lists)
	}
}

// TestFilesOfLedgers holds that every ledger which is a file, too, is known before its page is planned: by them files are found.
func TestFilesOfLedgers(t *testing.T) {
	files := 0
	for _, o := range page.Plan(resolve(t, knowledge)) {
		known := map[string]bool{}
		for _, g := range o.Ledgers {
			known[g.ID] = true
		}
		for _, g := range o.Whole().Ledgers {
			if g.File != "" && !known[g.ID] {
				t.Errorf("%s: the file %s of the ledger %s is not made", o.URL, g.File, g.ID)
			}
			if g.File != "" {
				files++
			}
		}
	}
	if files == 0 {
		t.Error("no ledger is a file")
	}
}
