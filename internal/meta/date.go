package meta

import (
	"fmt"
	"time"

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

// DateOf returns the day of t in t's own time zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, int(m), d}
}

// Day is a date somebody wrote and where. Text is what was written, also when it is no date.
type Day struct {
	Date
	Text string
	Pos  diag.Pos
}

// Moment is a point in time somebody wrote and where. The zero Time means that it is no time.
type Moment struct {
	Time time.Time
	Text string
	Pos  diag.Pos
}

// Span is a length of time somebody wrote (`6 months`, `90日`, `15m`, `1時間`) and where. Months are calendar months; the rest is Minutes.
type Span struct {
	Months  int
	Days    int
	Minutes int
	Text    string
	Pos     diag.Pos
}

// IsZero reports whether the span has no length.
func (s Span) IsZero() bool { return s.Months == 0 && s.Days == 0 && s.Minutes == 0 }
