package meta

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"opsbook/internal/diag"
)

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

// Duration returns the span as hours and minutes; a month counts as 30 days.
func (s Span) Duration() time.Duration {
	return time.Duration(s.Months*30+s.Days)*24*time.Hour + time.Duration(s.Minutes)*time.Minute
}

// part is one number with its unit.
var part = regexp.MustCompile(`^(\d+) *([a-z]+|[^\d\sa-z]+)? *`)

// unit is what one of it adds to a span.
type unit struct{ months, days, minutes int }

// units are the words for lengths of time. `m` is minutes, as in every tool that operators use; months are `mo` or spelled out.
var units = map[string]unit{
	"m": {minutes: 1}, "min": {minutes: 1}, "mins": {minutes: 1}, "minute": {minutes: 1}, "minutes": {minutes: 1}, "分": {minutes: 1}, "分間": {minutes: 1},
	"h": {minutes: 60}, "hr": {minutes: 60}, "hrs": {minutes: 60}, "hour": {minutes: 60}, "hours": {minutes: 60}, "時間": {minutes: 60},
	"d": {days: 1}, "day": {days: 1}, "days": {days: 1}, "日": {days: 1}, "日間": {days: 1},
	"w": {days: 7}, "week": {days: 7}, "weeks": {days: 7}, "週": {days: 7}, "週間": {days: 7},
	"mo": {months: 1}, "month": {months: 1}, "months": {months: 1}, "ヶ月": {months: 1}, "か月": {months: 1}, "カ月": {months: 1}, "ケ月": {months: 1},
	"ヵ月": {months: 1}, "ヶ月間": {months: 1}, "か月間": {months: 1}, "カ月間": {months: 1}, "箇月": {months: 1}, "月": {months: 1},
	"y": {months: 12}, "yr": {months: 12}, "year": {months: 12}, "years": {months: 12}, "年": {months: 12}, "年間": {months: 12},
}

// after are the words that may follow a length of time, before those that may precede it; they add nothing to it.
var (
	before = []string{"約", "およそ", "about ", "~", "after "}
	after  = []string{"経過後", "後", "程度", "以内", "ごと", "毎"}
)

// ParseSpan reads a length of time: one or more numbers with their units, in English or Japanese, such as `90d`, `6 weeks`, `1h30m`,
// `6ヶ月` or `1時間30分`.
func ParseSpan(s Str) (Span, []diag.Diagnostic) {
	span := Span{Text: s.Text, Pos: s.Pos}
	text := strings.ToLower(strings.TrimSpace(norm.NFKC.String(s.Text)))
	for _, w := range before {
		text = strings.TrimPrefix(text, w)
	}
	for _, w := range after {
		text = strings.TrimSpace(strings.TrimSuffix(text, w))
	}
	text = strings.ReplaceAll(text, "半年", "6月")
	if text == "" {
		return span, []diag.Diagnostic{noSpan(s)}
	}
	sum := span
	for text != "" {
		m := part.FindStringSubmatch(text)
		if m == nil {
			return span, []diag.Diagnostic{noSpan(s)}
		}
		n, err := strconv.Atoi(m[1])
		u, ok := units[strings.TrimSpace(m[2])]
		switch {
		case m[2] == "":
			return span, []diag.Diagnostic{diag.At(s.Pos, RuleDuration, "%q has no unit of time", s.Text).
				WithHint("write %s for days, or %s for minutes", m[1]+"d", m[1]+"m")}
		case !ok, err != nil, n > 99_999:
			return span, []diag.Diagnostic{noSpan(s)}
		}
		sum.Months, sum.Days, sum.Minutes = sum.Months+n*u.months, sum.Days+n*u.days, sum.Minutes+n*u.minutes
		text = text[len(m[0]):]
	}
	return sum, nil
}

// noSpan says that text is no length of time.
func noSpan(s Str) diag.Diagnostic {
	return diag.At(s.Pos, RuleDuration, "%q is not a length of time", s.Text).WithHint("write for example 15m, 1h30m, 90d, 6 weeks, 6 months, 6ヶ月 or 90日")
}

// Span reads a Scalar as a length of time; anything else is the zero Span.
func (v Value) Span() (Span, []diag.Diagnostic) {
	if v.Kind != Scalar {
		return Span{}, nil
	}
	return ParseSpan(v.Str())
}
