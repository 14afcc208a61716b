package page_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
)

// The library is not ours: what it reads, calendars read.
func TestCalendarsParseInALibrary(t *testing.T) {
	files := busy()
	long := strings.Repeat("四半期ごとの証明書の棚卸し, 確認; ", 6) + "終わり"
	files["runbooks/routine.md"] = "---\ntitle: \"" + long + "\"\ntype: runbook\nowner: dba\nschedule: FREQ=MONTHLY;BYDAY=2TU\nlast_reviewed: 2026-10-01\n---\n# 棚卸し\n\n## 手順\n\n1. 数える\n"
	all := made(t, files)
	for _, c := range []struct{ file, summary, start, rule, name string }{
		{"operations.ics", long, "20261110", "FREQ=MONTHLY;BYDAY=2TU", "運用: 定常業務"},
		{"teams/dba/operations.ics", long, "20261110", "FREQ=MONTHLY;BYDAY=2TU", "運用: 定常業務, データベース管理"},
		{"reviews.ics", "レビュー期限: " + long, "20270401", "", "運用: レビュー期限"},
		{"teams/dba/reviews.ics", "レビュー期限: " + long, "20270401", "", "運用: レビュー期限, データベース管理"},
	} {
		text := all[c.file]
		for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) {
				t.Errorf("%s: a line of %d octets: %q", c.file, len(line), line)
			}
		}
		cal, err := ics.ParseCalendar(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		named := map[string]string{}
		for _, p := range cal.CalendarProperties {
			named[p.IANAToken] = ics.FromText(p.Value)
		}
		if named["X-WR-CALNAME"] != c.name || named["X-WR-TIMEZONE"] != "Asia/Tokyo" {
			t.Errorf("%s is called %q in %q", c.file, named["X-WR-CALNAME"], named["X-WR-TIMEZONE"])
		}
		found := false
		for _, e := range cal.Events() {
			value := func(p ics.ComponentProperty) string {
				if got := e.GetProperty(p); got != nil {
					return ics.FromText(got.Value)
				}
				return ""
			}
			if value(ics.ComponentPropertySummary) != c.summary {
				continue
			}
			found = true
			start, err := e.GetAllDayStartAt()
			if err != nil || start.Format("20060102") != c.start {
				t.Errorf("%s: %v, %v; want %s", c.file, start, err, c.start)
			}
			if got := value(ics.ComponentPropertyRrule); got != c.rule {
				t.Errorf("%s: the rule is %q, want %q", c.file, got, c.rule)
			}
			if value(ics.ComponentPropertyUrl) != "https://ops.example.com/kb/runbooks/routine/" || e.Id() == "" {
				t.Errorf("%s: %q leads to %q", c.file, e.Id(), value(ics.ComponentPropertyUrl))
			}
		}
		if !found {
			t.Errorf("%s has no %q:\n%s", c.file, c.summary, text)
		}
	}
}
