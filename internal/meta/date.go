package meta

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"opsbook/internal/diag"
)

// Date is a day of the proleptic Gregorian calendar without a time zone. The zero Date was not given.
type Date struct{ Year, Month, Day int }

// IsZero reports whether no date was given.
func (d Date) IsZero() bool { return d == Date{} }

// String returns YYYY-MM-DD, or nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Days returns the number of days since 1970-01-01.
func (d Date) Days() int {
	return int(time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Days() < e.Days() }

// Add returns the day that is a span later, its minutes aside. A month later than the 31st is the last day of a shorter month.
func (d Date) Add(s Span) Date {
	months := d.Year*12 + d.Month - 1 + s.Months
	out := Date{Year: months / 12, Month: months%12 + 1, Day: d.Day}
	out.Day = min(out.Day, daysIn(out.Year, out.Month))
	return DateOf(time.Date(out.Year, time.Month(out.Month), out.Day+s.Days, 0, 0, 0, 0, time.UTC))
}

// DateOf returns the day of t in t's own time zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, int(m), d}
}

// daysIn returns the number of days of a month.
func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Day is a date somebody wrote and where. Text is what was written, also when it is no date.
type Day struct {
	Date
	Text string
	Pos  diag.Pos
}

// forms are the ways in which people write dates, ours first. The others are read, and reported with the same day in ours.
var forms = []*regexp.Regexp{
	regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)$`),
	regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`),
	regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)$`),
	regexp.MustCompile(`^(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日(?:\(.\))?$`),
	regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)[T ]\d\d:\d\d.*$`),
}

// era is a date of the current Japanese era, whose first year was 2019.
var era = regexp.MustCompile(`^(?:令和 ?|R)(\d{1,2}|元)[年.] ?(\d{1,2})[月.] ?(\d{1,2})日?$`)

// ParseDay reads a date: YYYY-MM-DD. Other common forms are read as well and reported with the form to write; what is no day of the
// calendar is reported and leaves the Date zero.
func ParseDay(s Str) (Day, []diag.Diagnostic) {
	day := Day{Text: s.Text, Pos: s.Pos}
	text := strings.TrimSpace(norm.NFKC.String(s.Text))
	date, form := splitDate(text)
	switch {
	case form < 0:
		return day, []diag.Diagnostic{diag.At(s.Pos, RuleDate, "%q is not a date", s.Text).WithHint("write it as YYYY-MM-DD, for example 2026-10-03")}
	case date.Month < 1 || date.Month > 12:
		return day, []diag.Diagnostic{diag.At(s.Pos, RuleDate, "%q is not a date: there is no month %s", s.Text, date.Month).
			WithHint("write it as YYYY-MM-DD, for example 2026-10-03")}
	case date.Day < 1 || date.Day > daysIn(date.Year, date.Month):
		last := Date{date.Year, date.Month, daysIn(date.Year, date.Month)}
		return day, []diag.Diagnostic{diag.At(s.Pos, RuleDate, "%q is not a day of the calendar", s.Text).
			WithHint("the last day of that month is %s", last)}
	}
	day.Date = date
	if form > 0 || text != s.Text {
		return day, []diag.Diagnostic{diag.At(s.Pos, RuleDate, "the date %q is not in the form YYYY-MM-DD", s.Text).WithHint("write %s", date)}
	}
	return day, nil
}

// splitDate takes a date apart; form is 0 for ours, more for others and -1 for text that is no date.
func splitDate(text string) (d Date, form int) {
	for form, re := range forms {
		if m := re.FindStringSubmatch(text); m != nil {
			d.Year, _ = strconv.Atoi(m[1])
			d.Month, _ = strconv.Atoi(m[2])
			d.Day, _ = strconv.Atoi(m[3])
			return d, form
		}
	}
	if m := era.FindStringSubmatch(text); m != nil {
		year, err := strconv.Atoi(m[1])
		if err != nil {
			year = 1 // 元年
		}
		d.Year = 2018 + year
		d.Month, _ = strconv.Atoi(m[2])
		d.Day, _ = strconv.Atoi(m[3])
		return d, len(forms)
	}
	return d, -1
}

// Day reads a Scalar as a date; anything else is the zero Day.
func (v Value) Day() (Day, []diag.Diagnostic) {
	if v.Kind != Scalar {
		return Day{}, nil
	}
	return ParseDay(v.Str())
}
