package meta

import (
	"fmt"
	"testing"
	"time"

	"opsbook/internal/diag"
)

var here = diag.Pos{File: "a.md", Line: 3, Col: 16}

func TestParseDay(t *testing.T) {
	for _, c := range []struct{ text, day, want string }{
		{"2026-10-03", "2026-10-03", ""},
		{"2024-02-29", "2024-02-29", ""},
		{"2026-02-30", "", "3:16 meta-date: \"2026-02-30\" is not a day of the calendar | the last day of that month is 2026-02-28\n"},
		{"2025-02-29", "", "3:16 meta-date: \"2025-02-29\" is not a day of the calendar | the last day of that month is 2025-02-28\n"},
		{"2026-00-10", "", "3:16 meta-date: \"2026-00-10\" is not a date: there is no month 0 | write it as YYYY-MM-DD, for example 2026-10-03\n"},
		{"2026-13-01", "", "3:16 meta-date: \"2026-13-01\" is not a date: there is no month 13 | write it as YYYY-MM-DD, for example 2026-10-03\n"},
		{"2026-04-31", "", "3:16 meta-date: \"2026-04-31\" is not a day of the calendar | the last day of that month is 2026-04-30\n"},
		{"2026/2/3", "2026-02-03", "3:16 meta-date: the date \"2026/2/3\" is not in the form YYYY-MM-DD | write 2026-02-03\n"},
		{"2026.02.03", "2026-02-03", "3:16 meta-date: the date \"2026.02.03\" is not in the form YYYY-MM-DD | write 2026-02-03\n"},
		{"20260203", "2026-02-03", "3:16 meta-date: the date \"20260203\" is not in the form YYYY-MM-DD | write 2026-02-03\n"},
		{"2026年2月3日", "2026-02-03", "3:16 meta-date: the date \"2026年2月3日\" is not in the form YYYY-MM-DD | write 2026-02-03\n"},
		{"2026年2月3日(火)", "2026-02-03", "3:16 meta-date: the date \"2026年2月3日(火)\" is not in the form YYYY-MM-DD | write 2026-02-03\n"},
		{"令和8年2月3日", "2026-02-03", "3:16 meta-date: the date \"令和8年2月3日\" is not in the form YYYY-MM-DD | write 2026-02-03\n"},
		{"令和元年5月1日", "2019-05-01", "3:16 meta-date: the date \"令和元年5月1日\" is not in the form YYYY-MM-DD | write 2019-05-01\n"},
		{"２０２６-02-03", "2026-02-03", "3:16 meta-date: the date \"２０２６-02-03\" is not in the form YYYY-MM-DD | write 2026-02-03\n"},
		{"2026-02-03T10:00:00+09:00", "2026-02-03", "3:16 meta-date: the date \"2026-02-03T10:00:00+09:00\" is not in the form YYYY-MM-DD | write 2026-02-03\n"},
		{"yesterday", "", "3:16 meta-date: \"yesterday\" is not a date | write it as YYYY-MM-DD, for example 2026-10-03\n"},
		{"03/10/2026", "", "3:16 meta-date: \"03/10/2026\" is not a date | write it as YYYY-MM-DD, for example 2026-10-03\n"},
		{"", "", "3:16 meta-date: \"\" is not a date | write it as YYYY-MM-DD, for example 2026-10-03\n"},
	} {
		day, ds := ParseDay(Str{Text: c.text, Pos: here})
		if day.String() != c.day || problems(ds) != c.want || day.Text != c.text || day.Pos != here {
			t.Errorf("%q: %s\n got %swant %s", c.text, day, problems(ds), c.want)
		}
	}
}

func TestDateAdd(t *testing.T) {
	for _, c := range []struct {
		from Date
		span string
		want string
	}{
		{Date{2026, 8, 31}, "6 months", "2027-02-28"},
		{Date{2026, 12, 31}, "1ヶ月", "2027-01-31"},
		{Date{2024, 2, 29}, "1y", "2025-02-28"},
		{Date{2026, 1, 1}, "90日", "2026-04-01"},
		{Date{2026, 1, 31}, "1 month 1 day", "2026-03-01"},
		{Date{2026, 1, 1}, "15m", "2026-01-01"},
	} {
		span, _ := ParseSpan(Str{Text: c.span})
		if got := c.from.Add(span).String(); got != c.want {
			t.Errorf("%s + %s = %s, want %s", c.from, c.span, got, c.want)
		}
	}
}

func TestParseSpan(t *testing.T) {
	type amount struct{ months, days, minutes int }
	for text, want := range map[string]amount{
		"90d": {days: 90}, "90 days": {days: 90}, "90日": {days: 90}, "90日間": {days: 90}, "6 weeks": {days: 42}, "2週間": {days: 14}, "1w": {days: 7},
		"6 months": {months: 6}, "6ヶ月": {months: 6}, "6か月": {months: 6}, "6カ月": {months: 6}, "6ヵ月": {months: 6}, "6ケ月": {months: 6}, "6mo": {months: 6},
		"６ヶ月": {months: 6}, "1y": {months: 12}, "1年": {months: 12}, "半年": {months: 6}, "1年半年": {months: 18},
		"15m": {minutes: 15}, "15分": {minutes: 15}, "15 min": {minutes: 15}, "1h": {minutes: 60}, "1h30m": {minutes: 90}, "1時間": {minutes: 60},
		"1時間30分": {minutes: 90}, "1 hour 30 minutes": {minutes: 90}, "約30分": {minutes: 30}, "15分経過後": {minutes: 15}, "30分ごと": {minutes: 30}, "0m": {},
		"1D": {days: 1}, " 5m ": {minutes: 5},
	} {
		span, ds := ParseSpan(Str{Text: text, Pos: here})
		if got := (amount{span.Months, span.Days, span.Minutes}); got != want || len(ds) > 0 {
			t.Errorf("%q: %v, want %v %s", text, got, want, problems(ds))
		}
	}
	for text, want := range map[string]string{
		"90":       "3:16 meta-duration: \"90\" has no unit of time | write 90d for days, or 90m for minutes\n",
		"soon":     "3:16 meta-duration: \"soon\" is not a length of time | write for example 15m, 1h30m, 90d, 6 weeks, 6 months, 6ヶ月 or 90日\n",
		"":         "3:16 meta-duration: \"\" is not a length of time | write for example 15m, 1h30m, 90d, 6 weeks, 6 months, 6ヶ月 or 90日\n",
		"15x":      "3:16 meta-duration: \"15x\" is not a length of time | write for example 15m, 1h30m, 90d, 6 weeks, 6 months, 6ヶ月 or 90日\n",
		"-5m":      "3:16 meta-duration: \"-5m\" is not a length of time | write for example 15m, 1h30m, 90d, 6 weeks, 6 months, 6ヶ月 or 90日\n",
		"9999999d": "3:16 meta-duration: \"9999999d\" is not a length of time | write for example 15m, 1h30m, 90d, 6 weeks, 6 months, 6ヶ月 or 90日\n",
	} {
		if span, ds := ParseSpan(Str{Text: text, Pos: here}); !span.IsZero() || problems(ds) != want {
			t.Errorf("%q: %v\n got %swant %s", text, span, problems(ds), want)
		}
	}
}

func TestParseMoment(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	for text, want := range map[string]string{
		"2026-10-03T14:05:00+09:00": "2026-10-03T05:05:00Z", "2026-10-03T14:05Z": "2026-10-03T14:05:00Z", "2026-10-03 14:05": "2026-10-03T05:05:00Z",
		"2026-10-03 14:05:30": "2026-10-03T05:05:30Z", "2026-10-03T14:05": "2026-10-03T05:05:00Z", "2026/10/03 14:05": "2026-10-03T05:05:00Z",
		"2026-10-03 14:05 JST": "2026-10-03T05:05:00Z", "2026-10-03 14:05:00 +0900": "2026-10-03T05:05:00Z", "２０２６-10-03 14:05": "2026-10-03T05:05:00Z",
	} {
		m, ds := ParseMoment(Str{Text: text, Pos: here})
		if got := m.In(tokyo).UTC().Format(time.RFC3339); got != want || len(ds) > 0 {
			t.Errorf("%q: %s, want %s %s", text, got, want, problems(ds))
		}
	}
	for _, text := range []string{"2026-02-30 10:00", "14:05", "2026-10-03", "soon", ""} {
		m, ds := ParseMoment(Str{Text: text, Pos: here})
		want := fmt.Sprintf("3:16 meta-date: %q is not a point in time | write a date and a time, for example 2026-10-03 14:05 or 2026-10-03T14:05:00+09:00\n", text)
		if !m.IsZero() || problems(ds) != want {
			t.Errorf("%q: %v %s", text, m.Time, problems(ds))
		}
	}
}
