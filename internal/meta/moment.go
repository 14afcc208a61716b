package meta

import (
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"opsbook/internal/diag"
)

// Moment is a point in time somebody wrote and where. The zero Time means that it is no time. Local says that no time zone was written:
// Time is then the wall clock as if it were UTC, and In tells the instant.
type Moment struct {
	Time  time.Time
	Local bool
	Text  string
	Pos   diag.Pos
}

// IsZero reports whether no point in time was given.
func (m Moment) IsZero() bool { return m.Time.IsZero() }

// In returns the instant, in zone; a moment that was written without a zone is of that zone.
func (m Moment) In(zone *time.Location) time.Time {
	if m.IsZero() || !m.Local {
		return m.Time.In(zone)
	}
	t := m.Time
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone)
}

// zoned and local are the layouts in which a point in time is read.
var (
	zoned = []string{
		time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00", "2006-01-02 15:04:05 Z07:00",
		"2006-01-02 15:04 Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04 -0700",
	}
	local = []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006/01/02 15:04", "2006/1/2 15:04"}
)

// ParseMoment reads a point in time: RFC 3339, or a date and a time of the site's zone, with JST as a word for Japan's.
func ParseMoment(s Str) (Moment, []diag.Diagnostic) {
	m := Moment{Text: s.Text, Pos: s.Pos}
	text := strings.TrimSpace(norm.NFKC.String(s.Text))
	if rest, ok := strings.CutSuffix(text, "JST"); ok {
		text = strings.TrimSpace(rest) + "+09:00"
	}
	for _, layout := range zoned {
		if t, err := time.Parse(layout, text); err == nil {
			m.Time = t
			return m, nil
		}
	}
	for _, layout := range local {
		if t, err := time.Parse(layout, text); err == nil {
			m.Time, m.Local = t, true
			return m, nil
		}
	}
	return m, []diag.Diagnostic{diag.At(s.Pos, RuleDate, "%q is not a point in time", s.Text).
		WithHint("write a date and a time, for example 2026-10-03 14:05 or 2026-10-03T14:05:00+09:00")}
}

// Moment reads a Scalar as a point in time; anything else is the zero Moment.
func (v Value) Moment() (Moment, []diag.Diagnostic) {
	if v.Kind != Scalar {
		return Moment{}, nil
	}
	return ParseMoment(v.Str())
}
