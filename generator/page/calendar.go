package page

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"opsbook/generator/site"
	"opsbook/internal/meta"
)

// event is one entry of a calendar: a whole day, once or again and again.
type event struct {
	uid, title, about, url, rule string
	on                           meta.Date
}

// calendar writes events as iCalendar (RFC 5545): lines end in CRLF and are folded at 75 octets, never inside a character.
func calendar(s *site.Site, name string, events []event) []byte {
	var b strings.Builder
	line := func(text string) {
		for limit := 75; len(text) > limit; limit = 74 {
			at := limit
			for !utf8.RuneStart(text[at]) {
				at--
			}
			b.WriteString(text[:at] + "\r\n ")
			text = text[at:]
		}
		b.WriteString(text + "\r\n")
	}
	day := func(d meta.Date) string { return strings.ReplaceAll(d.String(), "-", "") }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//Opsbook//Opsbook//EN")
	line("NAME:" + icsText(name)) // RFC 7986; what most programs read is the next
	line("X-WR-CALNAME:" + icsText(name))
	line("X-WR-TIMEZONE:" + icsText(s.Config.Timezone))
	for _, e := range events {
		line("BEGIN:VEVENT")
		line("UID:" + icsText(e.uid) + "@" + icsText(slug(s.Config.ID)))
		line("DTSTAMP:" + day(s.Clock) + "T000000Z")
		line("DTSTART;VALUE=DATE:" + day(e.on))
		line("DTEND;VALUE=DATE:" + day(e.on.Add(meta.Span{Days: 1})))
		if e.rule != "" {
			line("RRULE:" + e.rule)
		}
		line("SUMMARY:" + icsText(e.title))
		if e.about != "" {
			line("DESCRIPTION:" + icsText(e.about))
		}
		if e.url != "" {
			line("URL:" + e.url)
		}
		line("TRANSP:TRANSPARENT")
		line("END:VEVENT")
	}
	line("END:VCALENDAR")
	return []byte(b.String())
}

// icsText writes a TEXT value (RFC 5545, 3.3.11).
func icsText(s string) string { return icsEscapes.Replace(s) }

var icsEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r", "", "\n", `\n`)

// operations is the calendar of routine work, of everybody or of one owner.
func operations(s *site.Site, owner string, words map[string]string) []byte {
	pl := newPlanner(s)
	var events []event
	for _, w := range pl.routines(pl.langs[0]) {
		e := w.entry
		if w.next.IsZero() || owner != "" && (e.Owner == nil || e.Owner.ID != owner) {
			continue
		}
		events = append(events, event{uid: "work-" + slug(e.Key), title: e.Title, about: ownerName(e), url: address(s, e), rule: w.rule.rule(), on: w.next})
	}
	return calendar(s, calendarName(s, words["calendar.operations"], owner), events)
}

// reviews is the calendar of due dates, of everybody or of one owner.
func reviews(s *site.Site, owner string, words map[string]string) []byte {
	var events []event
	for _, e := range s.Entries {
		if e.Source != nil || e.Review.Due.IsZero() || e.Review.State == site.Exempt || owner != "" && (e.Owner == nil || e.Owner.ID != owner) {
			continue
		}
		events = append(events, event{uid: "review-" + slug(e.Key), title: fmt.Sprintf(words["calendar.review"], e.Title), about: ownerName(e), url: address(s, e), on: e.Review.Due})
	}
	return calendar(s, calendarName(s, words["calendar.reviews"], owner), events)
}

// calendarName is what a calendar is called in a list of many.
func calendarName(s *site.Site, what, owner string) string {
	name := s.Config.TitleIn(s.Languages[0]) + ": " + what
	if p := s.Party(owner); p != nil {
		name += ", " + party(p, language{code: s.Languages[0]}).Text
	}
	return name
}

func ownerName(e *site.Entry) string {
	if e.Owner == nil {
		return e.Meta.Owner.Text
	}
	return e.Owner.ID
}

func address(s *site.Site, e *site.Entry) string {
	if s.Config.BaseURL == "" {
		return ""
	}
	return s.Config.BaseURL + escapePath(e.URL)
}

// llms is a guide to the site for language models (llmstxt.org): what it is, and the Markdown of its pages by type, the most severe first.
func llms(s *site.Site) []byte {
	pl := newPlanner(s)
	l := pl.langs[0]
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n> Operational knowledge: each page names its owner and how far it can be trusted. As of %s.\n\n", s.Config.Title, s.Clock)
	b.WriteString("Lists: [documents](api/docs.json), [alerts](alerts.json), [actions](api/actions.json), [incidents](api/incidents.json), [runs](api/records.json), [reviews](api/reviews.json), [services](api/services.json), [teams](api/teams.json); each names its JSON Schema\n")
	for _, t := range s.Types.All {
		items := pl.itemsOf(pl.primary(l, func(e *site.Entry) bool { return e.Type == t && listed(e) }), l)
		if len(items) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n\n", pl.plural(t, l).Text)
		for _, it := range items {
			var notes []string
			for _, n := range []string{it.Summary.Text, it.Severity.Name, it.Review.State} {
				if n != "" {
					notes = append(notes, n)
				}
			}
			if it.Owner != nil {
				notes = append(notes, "owner "+it.Owner.Rel)
			}
			fmt.Fprintf(&b, "- [%s](%sindex.md): %s\n", strings.NewReplacer("[", "(", "]", ")").Replace(it.Text), s.Config.BaseURL+escapePath(it.URL), strings.ReplaceAll(strings.Join(notes, "; "), "\n", " "))
		}
	}
	return []byte(b.String())
}
