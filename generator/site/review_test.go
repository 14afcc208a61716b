package site_test

import (
	"strings"
	"testing"
	"time"

	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/generator/source"
	"opsbook/internal/history"
)

func reasons(r site.Review) string {
	var out []string
	for _, t := range r.Reasons {
		out = append(out, t.String())
	}
	return strings.Join(out, "; ")
}

func TestReviewByDate(t *testing.T) {
	config := "timezone: Asia/Tokyo\nreview_in:\n  raci: 30d\n  lesson: 1y\n  SEV2: 60d\n"
	tests := []struct{ name, path, front, want string }{
		{"fresh", "runbooks/a.md", "last_reviewed: 2026-10-01", "fresh 2027-04-01 "},
		{"due in 15 days", "runbooks/a.md", "last_reviewed: 2026-10-17\nreview_in: 30d", "fresh 2026-11-16 "},
		{"due in 14 days", "runbooks/a.md", "last_reviewed: 2026-10-16\nreview_in: 30日", "due 2026-11-15 the review is due on 2026-11-15"},
		{"due today", "runbooks/a.md", "last_reviewed: 2026-05-01", "due 2026-11-01 the review is due on 2026-11-01"},
		{"stale since today", "runbooks/a.md", "last_reviewed: 2026-04-30", "stale 2026-10-30 the review was due on 2026-10-30"},
		{"never", "runbooks/a.md", "title: a", "unreviewed  nobody has reviewed this page yet"},
		{"the type by severity", "runbooks/a.md", "last_reviewed: 2026-06-01\nseverity: SEV1", "stale 2026-08-30 the review was due on 2026-08-30"},
		{"the site by severity", "runbooks/a.md", "last_reviewed: 2026-10-01\nseverity: SEV2", "fresh 2026-11-30 "},
		{"the site by type", "raci/a.md", "last_reviewed: 2026-10-01", "stale 2026-10-31 the review was due on 2026-10-31"},
		{"a type that only the site reviews", "lessons/a.md", "last_reviewed: 2026-10-01", "fresh 2027-10-01 "},
		{"a type that nobody reviews", "records/a.md", "last_reviewed: 2020-10-01", "  "},
		{"unless the page says so", "records/a.md", "last_reviewed: 2020-10-01\nreview_in: 1y", "stale 2021-10-01 the review was due on 2021-10-01"},
		{"archived", "runbooks/a.md", "status: archived", "  "},
		{"deprecated", "runbooks/a.md", "status: deprecated\nlast_reviewed: 2020-10-01", "stale 2021-04-01 the review was due on 2021-04-01"},
		{"the end of a month", "runbooks/a.md", "last_reviewed: 2026-08-31\nreview_in: 6 months", "fresh 2027-02-28 "},
		{"an index page that nobody reviewed", "runbooks/_index.md", "title: x", "  "},
		{"no date", "runbooks/a.md", "last_reviewed: 2026-02-30", "unreviewed  nobody has reviewed this page yet"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := resolve(t, files{"opsbook.yaml": config, tt.path: "---\n" + tt.front + "\n---\n# x\n"})
			r := page(t, s, tt.path).Review
			expect(t, "review", string(r.State)+" "+r.Due.String()+" "+reasons(r), tt.want)
		})
	}
}

func day(y, m, d, hour int) time.Time { return time.Date(y, time.Month(m), d, hour, 0, 0, 0, time.UTC) }

func TestReviewByHistory(t *testing.T) {
	commit := func(hash string, at time.Time) history.Commit {
		return history.Commit{Hash: hash, Author: "小林", Date: at, Subject: "変更 " + hash}
	}
	old, same, after := commit("aaaaaaaaaa", day(2026, 9, 1, 0)), commit("bbbbbbbbbb", day(2026, 10, 1, 14)), commit("cccccccccc", day(2026, 10, 1, 15))
	in := input(t, files{
		"opsbook.yaml":      "timezone: Asia/Tokyo\nlanguages: [ja, en]\n",
		"runbooks/a.md":     "---\nlast_reviewed: 2026-10-01\nwatches: ['infra/**', lone.tf]\n---\n# あ\n",
		"runbooks/a.en.md":  "---\nlast_reviewed: 2026-10-01\n---\n# a\n",
		"runbooks/b.md":     "---\nlast_reviewed: 2026-10-02\nwatches: /infra/db.tf\n---\n# い\n",
		"runbooks/c.md":     "---\nlast_reviewed: 2026-01-01\nwatches: infra/db.tf\n---\n# う\n",
		"runbooks/c.en.md":  "# c\n",
		"runbooks/d.md":     "---\nlast_reviewed: 2026-10-01\nwatches: infra/other.tf\n---\n# え\n",
		"runbooks/d.en.md":  "---\nlast_reviewed: 2026-10-20\n---\n# d\n",
		"runbooks/e.md":     "---\nlast_reviewed: 2026-10-20\n---\n# お\n",
		"runbooks/e.en.md":  "---\nlast_reviewed: 2026-10-20\n---\n# e\n",
		"runbooks/new.md":   "---\nlast_reviewed: 2026-10-20\nwatches: infra/**\n---\n# 新\n",
		"runbooks/many.md":  "---\nlast_reviewed: 2020-01-02\nreview_in: 10y\nwatches: busy\n---\n# 多\n",
		"runbooks/plain.md": "---\nlast_reviewed: 2026-10-20\nwatches: nothing/*\n---\n# 無\n",
	})
	h := &history.History{
		Known: true, Commits: []history.Commit{after, same, old}, Touched: map[string][]int{"infra/db.tf": {0, 1, 2}, "infra/other.tf": {2}},
		Files: map[string]history.FileHistory{
			"runbooks/a.md": {Last: after}, "runbooks/a.en.md": {Last: old}, "runbooks/d.md": {Last: old}, "runbooks/d.en.md": {Last: after},
			"runbooks/e.md": {Last: after}, "runbooks/e.en.md": {Last: after}, "runbooks/c.md": {Last: after}, "runbooks/c.en.md": {Last: old},
		},
	}
	for i := range 8 {
		h.Commits = append(h.Commits, commit(strings.Repeat(string(rune('d'+i)), 10), day(2026, 8, 20-i, 0)))
		h.Touched["busy"] = append(h.Touched["busy"], len(h.Commits)-1)
	}
	in.History = h
	s := site.Resolve(in)
	changed := "a watched file changed on 2026-10-02: 変更 cccccccccc (小林, ccccccc)"
	for path, want := range map[string]string{
		"runbooks/a.md":    "drifted " + changed,
		"runbooks/a.en.md": "drifted " + changed + "; the original changed on 2026-10-02: 変更 cccccccccc (小林, ccccccc)",
		"runbooks/b.md":    "fresh ",
		"runbooks/c.md":    "stale the review was due on 2026-07-01; " + changed + "; a watched file changed on 2026-10-01: 変更 bbbbbbbbbb (小林, bbbbbbb); a watched file changed on 2026-09-01: 変更 aaaaaaaaaa (小林, aaaaaaa)",
		"runbooks/c.en.md": "unreviewed nobody has reviewed this page yet; the original changed on 2026-10-02: 変更 cccccccccc (小林, ccccccc)",
		"runbooks/d.md":    "fresh ", "runbooks/d.en.md": "fresh ", "runbooks/e.en.md": "fresh ", "runbooks/new.md": "fresh ", "runbooks/plain.md": "fresh ",
	} {
		r := page(t, s, path).Review
		expect(t, path, string(r.State)+" "+reasons(r), want)
	}
	many := page(t, s, "runbooks/many.md").Review
	if len(many.Reasons) != 6 || many.Reasons[5].String() != "and 3 more changes" {
		t.Errorf("many reasons: %s", reasons(many))
	}
	in.History = &history.History{Commits: h.Commits, Touched: h.Touched, Files: h.Files}
	if got := site.Resolve(in).Page("runbooks/a.md").Review.State; got != site.Fresh {
		t.Errorf("a history that does not know says %s", got)
	}
}

func TestRecords(t *testing.T) {
	s := resolve(t, files{
		"opsbook.yaml":     "timezone: Asia/Tokyo\nlanguages: [ja, en]\n",
		"runbooks/a.md":    "---\nid: RUN1\n---\n# あ\n",
		"runbooks/a.en.md": "# a\n",
		"records/1.md":     "---\nof: RUN1\nstarted: 2026-09-01 10:00\n---\n# 一\n",
		"records/2.md":     "---\nof: ../runbooks/a.md\nstarted: 2026-09-01T02:00:00Z\n---\n# 二\n",
		"records/3.md":     "---\nof: RUN9\nstarted: 2026-10-01\n---\n# 三\n",
		"records/4.md":     "---\nof: runbooks/a.md\n---\n# 四\n",
	})
	for _, path := range []string{"runbooks/a.md", "runbooks/a.en.md"} {
		got := ""
		for _, r := range page(t, s, path).Records {
			got += r.Doc.Path + " "
		}
		expect(t, "records of "+path, got, "records/2.md records/1.md records/4.md ")
	}
	expect(t, "unknown", problems(s, "related-unknown"), "records/3.md:2:5: of names \"RUN9\", which does not exist (name the id of a page or its path from the root of the source)\n")
	if page(t, s, "records/1.md").Of != s.Page("RUN1") {
		t.Error("a record does not know its page")
	}
}

func TestAlertsAndTags(t *testing.T) {
	s := resolve(t, files{
		"opsbook.yaml": "languages: [ja, en]\nseverities: [SEV1, SEV2]\n",
		"a.md":         "---\nalerts: [Down, Slow]\nseverity: SEV2\ntags: x\n---\n# あ\n",
		"a.en.md":      "---\nalerts: [Down]\n---\n# a\n",
		"b.md":         "---\nalerts: Down\nseverity: SEV1\ntags: [x, y, x]\n---\n# い\n",
		"c.md":         "---\nalerts: Down\nstatus: archived\n---\n# う\n",
	})
	got := ""
	for _, e := range s.Alerts["Down"] {
		got += e.Doc.Path + " "
	}
	expect(t, "pages of an alert", got, "b.md a.md ")
	if len(s.Alerts["Slow"]) != 1 || len(s.Tags["x"]) != 3 || len(s.Tags["y"]) != 1 {
		t.Errorf("alerts %v, tags %v", s.Alerts, s.Tags)
	}
}

// TestLagBySection holds what is said of translations against pages as they were.
func TestLagBySection(t *testing.T) {
	before, after := history.Commit{Hash: "aaaaaaaaaa", Date: day(2026, 9, 1, 0)}, history.Commit{Hash: "bbbbbbbbbb", Date: day(2026, 10, 1, 0)}
	front := func(more string) string { return "---\nlast_reviewed: 2026-10-01\n" + more + "---\n\n" }
	const body = "# あ\n\n文。\n\n## 手順\n\n1. 止める\n\n## 戻し方\n\n戻す。\n"
	for _, c := range []struct {
		name, was, now string
		want           string // sections, those gone, keys
	}{
		{"nothing but a review", front("") + body, strings.Replace(front(""), "10-01", "10-20", 1) + body, "none"},
		{"a value that the translation takes over", front("") + body, front("severity: SEV1\n") + body, "none"},
		{"a value that the translation has too", front("outcome: 速い\n") + body, front("outcome: 遅い\n") + body, "outcome"},
		{"the text of a section", front("") + body, front("") + strings.Replace(body, "止める", "始める", 1), "手順"},
		{"a new section", front("") + body, front("") + body + "\n## 後\n\n見る。\n", "後"},
		{"a section that went", front("") + body, front("") + strings.Replace(body, "## 戻し方\n\n", "", 1), "手順 -戻し方"},
		{"a heading", front("") + body, front("") + strings.Replace(body, "戻し方", "切り戻し", 1), "切り戻し -戻し方"},
		{"nobody knows", "", front("") + body, "?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := input(t, files{
				"opsbook.yaml":     "languages: [ja, en]\n",
				"runbooks/a.md":    c.now,
				"runbooks/a.en.md": "---\nlast_reviewed: 2026-10-01\noutcome: fast\n---\n# a\n",
			})
			in.History = &history.History{Known: true, Files: map[string]history.FileHistory{"runbooks/a.md": {Last: after}, "runbooks/a.en.md": {Last: before}}}
			in.Old = func(commit, path string) *document.Document {
				text := map[string]string{before.Hash: c.was, after.Hash: c.now}[commit]
				if path != "runbooks/a.md" || text == "" {
					return nil
				}
				return document.Parse(source.File{Path: path, Text: []byte(text)})
			}
			e := page(t, site.Resolve(in), "runbooks/a.en.md")
			got := []string{}
			switch {
			case e.Lag == nil:
				got = append(got, "none")
			case !e.Lag.Known:
				got = append(got, "?")
			default:
				for _, i := range e.Lag.Sections {
					got = append(got, e.Source.Doc.Sections[i].Title)
				}
				for _, gone := range e.Lag.Gone {
					got = append(got, "-"+gone)
				}
				got = append(got, e.Lag.Keys...)
			}
			expect(t, "lag", strings.Join(got, " "), c.want)
			if outdated := e.Review.State == site.Outdated; outdated != (e.Lag != nil) {
				t.Errorf("the state is %s", e.Review.State)
			}
		})
	}
}
