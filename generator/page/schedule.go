package page

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"opsbook/internal/meta"
)

// recurrence is when routine work is done: the parts of an RRULE (RFC 5545, 3.3.10) that people write for it.
type recurrence struct {
	freq     string
	interval int
	days     []string // BYDAY: MO, 1MO, -1FR
	dates    []int    // BYMONTHDAY
	months   []int    // BYMONTH
}

// words of schedule that need no RRULE.
var schedules = map[string]recurrence{
	"daily": {freq: "DAILY"}, "weekly": {freq: "WEEKLY"}, "monthly": {freq: "MONTHLY"}, "quarterly": {freq: "MONTHLY", interval: 3},
	"yearly": {freq: "YEARLY"}, "annually": {freq: "YEARLY"},
	"毎日": {freq: "DAILY"}, "毎週": {freq: "WEEKLY"}, "毎月": {freq: "MONTHLY"}, "四半期": {freq: "MONTHLY", interval: 3}, "毎年": {freq: "YEARLY"},
}

// scheduleCell says how often: in the reader's language where a word says it, else as it is written.
func scheduleCell(text string) Cell {
	word, ok := schedules[strings.ToLower(strings.TrimSpace(text))]
	if !ok {
		return textCell(text)
	}
	key := "schedule." + strings.ToLower(word.freq)
	if word.interval == 3 {
		key = "schedule.quarterly"
	}
	return linkCell(Link{Label: Label{Key: key}})
}

// readSchedule reads a word or an RRULE.
func readSchedule(text string) (recurrence, bool) {
	if r, ok := schedules[strings.ToLower(strings.TrimSpace(text))]; ok {
		r.interval = max(1, r.interval)
		return r, true
	}
	r := recurrence{interval: 1}
	for _, part := range strings.Split(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "RRULE:"), ";") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "FREQ":
			r.freq = value
		case "INTERVAL":
			if n, err := strconv.Atoi(value); err == nil && n > 0 {
				r.interval = n
			}
		case "BYDAY":
			r.days = strings.Split(value, ",")
		case "BYMONTHDAY":
			r.dates = numbers(value)
		case "BYMONTH":
			r.months = numbers(value)
		}
	}
	return r, slices.Contains([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, r.freq)
}

func numbers(list string) []int {
	var out []int
	for _, s := range strings.Split(list, ",") {
		if n, err := strconv.Atoi(s); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// rule is the recurrence as calendars read it.
func (r recurrence) rule() string {
	parts := []string{"FREQ=" + r.freq}
	if r.interval > 1 {
		parts = append(parts, "INTERVAL="+strconv.Itoa(r.interval))
	}
	for _, p := range []struct {
		key  string
		list []int
	}{{"BYMONTH", r.months}, {"BYMONTHDAY", r.dates}} {
		if len(p.list) > 0 {
			var words []string
			for _, n := range p.list {
				words = append(words, strconv.Itoa(n))
			}
			parts = append(parts, p.key+"="+strings.Join(words, ","))
		}
	}
	if len(r.days) > 0 {
		parts = append(parts, "BYDAY="+strings.Join(r.days, ","))
	}
	return strings.Join(parts, ";")
}

// horizon is how far ahead the next day is looked for: four years hold every day of the calendar.
const horizon = 4*366 + 1

// next is the first day from a day on, counted from the day on which the work was last done or begins. ok is false where there is none.
func (r recurrence) next(start, from meta.Date) (meta.Date, bool) {
	if start.IsZero() {
		start = from
	}
	for n := range horizon {
		d := from.Add(meta.Span{Days: n})
		if !d.Before(start) && r.on(start, d) {
			return d, true
		}
	}
	return meta.Date{}, false
}

// ahead is how many days after the next one a page knows: a month of daily work, more than half a year of weekly work.
const ahead = 31

// after is the days on which the work is due after a day on which it is, within a year.
func (r recurrence) after(start, day meta.Date) []string {
	if day.IsZero() {
		return nil
	}
	if start.IsZero() {
		start = day
	}
	var days []string
	for n := 1; n <= 366 && len(days) < ahead; n++ {
		if d := day.Add(meta.Span{Days: n}); r.on(start, d) {
			days = append(days, d.String())
		}
	}
	return days
}

// on reports whether the work is due on a day.
func (r recurrence) on(start, d meta.Date) bool {
	months := d.Year*12 + d.Month - start.Year*12 - start.Month
	weekday := time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Weekday()
	last := meta.Date{Year: d.Year, Month: d.Month, Day: 1}.Add(meta.Span{Months: 1}).Add(meta.Span{Days: -1}).Day
	if len(r.months) > 0 && !slices.Contains(r.months, d.Month) {
		return false
	}
	free := len(r.days) == 0 && len(r.dates) == 0
	switch r.freq {
	case "DAILY":
		return (d.Days()-start.Days())%r.interval == 0 && (len(r.days) == 0 || r.weekday(d, weekday, last))
	case "WEEKLY":
		week := (d.Days()-start.Days()+mondays(start))/7 - mondays(start)/7
		if len(r.days) == 0 {
			return (d.Days()-start.Days())%(7*r.interval) == 0
		}
		return week%r.interval == 0 && r.weekday(d, weekday, last)
	case "MONTHLY":
		if months%r.interval != 0 {
			return false
		}
	case "YEARLY":
		if (d.Year-start.Year)%r.interval != 0 || len(r.months) == 0 && months%12 != 0 {
			return false
		}
	}
	if free {
		return d.Day == min(start.Day, last)
	}
	return (len(r.dates) == 0 || slices.Contains(r.dates, d.Day) || slices.Contains(r.dates, d.Day-last-1)) && (len(r.days) == 0 || r.weekday(d, weekday, last))
}

// mondays is the number of days since the Monday of a day's week.
func mondays(d meta.Date) int {
	return (int(time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Weekday()) + 6) % 7
}

// weekday reports whether a day is one of BYDAY: any Monday, the first of its month (1MO), the last (-1MO).
func (r recurrence) weekday(d meta.Date, w time.Weekday, last int) bool {
	name := []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}[w]
	for _, day := range r.days {
		count, ok := strings.CutSuffix(day, name)
		if !ok {
			continue
		}
		n, err := strconv.Atoi(strings.TrimPrefix(count, "+"))
		if count == "" || err == nil && (n > 0 && (d.Day-1)/7+1 == n || n < 0 && (last-d.Day)/7+1 == -n) {
			return true
		}
	}
	return false
}
