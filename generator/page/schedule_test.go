package page

import (
	"strings"
	"testing"
	"unicode/utf8"

	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/meta"
)

func date(t *testing.T, text string) meta.Date {
	t.Helper()
	d, problems := meta.ParseDay(meta.Str{Text: text})
	if len(problems) > 0 && text != "" {
		t.Fatal(problems)
	}
	return d.Date
}

func TestSchedules(t *testing.T) {
	for _, c := range []struct{ text, start, from, want, rule string }{
		{"daily", "2026-10-30", "2026-11-01", "2026-11-01", "FREQ=DAILY"},
		{"毎週", "2026-10-30", "2026-11-01", "2026-11-06", "FREQ=WEEKLY"},
		{"monthly", "2026-01-31", "2026-02-01", "2026-02-28", "FREQ=MONTHLY"},
		{"quarterly", "2026-08-15", "2026-11-01", "2026-11-15", "FREQ=MONTHLY;INTERVAL=3"},
		{"yearly", "2024-02-29", "2026-03-01", "2027-02-28", "FREQ=YEARLY"},
		{"RRULE:FREQ=MONTHLY;BYDAY=2TU", "", "2026-11-01", "2026-11-10", "FREQ=MONTHLY;BYDAY=2TU"},
		{"FREQ=MONTHLY;BYDAY=-1FR", "", "2026-11-01", "2026-11-27", "FREQ=MONTHLY;BYDAY=-1FR"},
		{"FREQ=MONTHLY;BYMONTHDAY=-1", "", "2026-11-01", "2026-11-30", "FREQ=MONTHLY;BYMONTHDAY=-1"},
		{"FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1", "", "2026-11-01", "2027-04-01", "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1"},
		{"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "2026-11-02", "2026-11-03", "2026-11-16", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"},
	} {
		r, ok := readSchedule(c.text)
		if !ok {
			t.Errorf("%s is not read", c.text)
			continue
		}
		if got, _ := r.next(date(t, c.start), date(t, c.from)); got.String() != c.want {
			t.Errorf("%s from %s on (%s): %s, want %s", c.text, c.start, c.from, got, c.want)
		}
		if r.rule() != c.rule {
			t.Errorf("%s is the rule %s, want %s", c.text, r.rule(), c.rule)
		}
	}
	if _, ok := readSchedule("when needed"); ok {
		t.Error("any words are a schedule")
	}
	if never, ok := readSchedule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"); !ok {
		t.Error("a rule that never comes is not read")
	} else if d, ok := never.next(meta.Date{}, date(t, "2026-11-01")); ok {
		t.Errorf("31 February comes on %s", d)
	}
}

// A page says the days after the next one, so that a browser can name the next long after the build.
func TestDaysAfterTheNext(t *testing.T) {
	for _, c := range []struct {
		text, start, next, first, last string
		many                           int
	}{
		{"FREQ=MONTHLY;BYDAY=2TU", "", "2026-11-10", "2026-12-08", "2027-11-09", 12},
		{"weekly", "2026-10-30", "2026-11-06", "2026-11-13", "2027-06-11", 31},
		{"daily", "", "2026-11-01", "2026-11-02", "2026-12-02", 31},
		{"quarterly", "2026-08-15", "2026-11-15", "2027-02-15", "2027-11-15", 4},
	} {
		r, _ := readSchedule(c.text)
		days := r.after(date(t, c.start), date(t, c.next))
		if len(days) != c.many || days[0] != c.first || days[len(days)-1] != c.last {
			t.Errorf("%s after %s: %d days, %v", c.text, c.next, len(days), days)
		}
	}
	if r, _ := readSchedule("daily"); r.after(meta.Date{}, meta.Date{}) != nil {
		t.Error("work that never comes comes again")
	}
}

func TestCalendarLinesAreFoldedBetweenCharacters(t *testing.T) {
	s := &site.Site{Config: &config.Config{Title: "運用", ID: "x"}, Clock: date(t, "2026-11-01")}
	text := string(calendar(s, "reviews", []event{{uid: "a", title: strings.Repeat("手順書, ", 30) + `; \ 終わり`, on: date(t, "2026-12-31")}}))
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	whole := strings.ReplaceAll(text, "\r\n ", "")
	for _, want := range []string{"DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n", `手順書\, 手順書\, `, `\; \\ 終わり`, "END:VCALENDAR\r\n"} {
		if !strings.Contains(whole, want) {
			t.Errorf("the calendar lacks %q:\n%s", want, whole)
		}
	}
}

func TestCSVIsHarmlessInSpreadsheets(t *testing.T) {
	g := Ledger{Columns: []string{"alert", "ask", "page"}, Rows: []LedgerRow{{Cells: []Cell{textCell("=HYPERLINK(\"x\")"), {Ask: "https://x.example.com"}, textCell("a, b")}}}}
	got, err := writeCSV(g)
	if want := "alert,page\n\"'=HYPERLINK(\"\"x\"\")\",\"a, b\"\n"; err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}
