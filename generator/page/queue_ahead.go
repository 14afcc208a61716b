package page

import (
	"slices"
	"strings"

	"opsbook/generator/site"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// weeksAhead is how far the review queue looks: a quarter.
const weeksAhead = 13

// ahead is how many reviews fall due in each of the next weeks, and whose they are. Weeks begin on Monday, so that the page changes once a week.
func (pl *planner) ahead(entries []*site.Entry, l language) Ledger {
	g := Ledger{ID: "ahead", Title: Label{Key: "queue.ahead"}, Lead: Label{Key: "queue.ahead.lead"}, Columns: []string{"week", "pages", "owner"}, File: "ahead.csv"}
	// Day 0 of the count was a Thursday.
	monday := func(d meta.Date) int { return (d.Days()+3)/7*7 - 3 }
	weeks := map[int][]*site.Entry{}
	for _, e := range entries {
		if due := e.Review.Due; !due.IsZero() && !due.Before(pl.s.Clock) {
			weeks[monday(due)] = append(weeks[monday(due)], e)
		}
	}
	if len(weeks) == 0 {
		return g
	}
	for n := range weeksAhead {
		at := monday(pl.s.Clock) + 7*n
		row := LedgerRow{Cells: []Cell{dateCell(pl.s.Clock.Add(meta.Span{Days: at - pl.s.Clock.Days()}).String()), numberCell(len(weeks[at])), linkCell(owners(weeks[at], l)...)}}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// owners are who owns pages, each once, by name.
func owners(entries []*site.Entry, l language) []Link {
	var all []Link
	for _, e := range entries {
		if of := owner(e, l); of != nil && !slices.ContainsFunc(all, func(o Link) bool { return o.Text == of.Text }) {
			all = append(all, *of)
		}
	}
	slices.SortFunc(all, func(a, b Link) int { return strings.Compare(a.Text, b.Text) })
	return all
}

// idle are the pages that may as well be archived.
func (pl *planner) idle(l language) Ledger {
	g := Ledger{ID: "idle", Title: Label{Key: "queue.idle"}, Lead: Label{Key: "queue.idle.lead"}, Columns: []string{"page", "owner", "updated", "links", "last_run"}, File: "idle.csv"}
	for _, i := range pl.s.Idle() {
		it := pl.item(i.Entry.In(l.code), l)
		g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{linkCell(it.Link), partyCell(it.Owner), dateCell(i.Updated.String()), numberCell(i.Links), dateCell(i.Ran.String())}})
	}
	return g
}

// toTranslate are the translations that their originals have left behind, for who translates.
func (pl *planner) toTranslate(l language) Ledger {
	g := Ledger{ID: "translations", Title: Label{Key: "queue.translations"}, Lead: Label{Key: "queue.translations.lead"}, Columns: []string{"page", "language", "original", "sections", "on", "change"}, File: "translations.csv"}
	for _, e := range pl.s.Entries {
		if e.Lag == nil || !listed(e) {
			continue
		}
		c, sections := e.Lag.Commit, linkCell(changedSections(e)...)
		for _, gone := range e.Lag.Gone {
			sections.Values = append(sections.Values, Value{Link: Link{Label: Label{Key: "lag.gone", Text: gone}}})
		}
		for _, key := range e.Lag.Keys {
			sections.Values = append(sections.Values, Value{Link: Link{Label: Label{Text: key}}})
		}
		what := Link{Label: Label{Text: c.Subject}, URL: pl.host("commit/" + c.Hash), Away: true}
		g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{
			linkCell(link(e, e.Lang)), textCell(e.Lang), linkCell(link(e.Source, l.code)), sections, dateCell(meta.DateOf(c.Date.In(pl.zone)).String()), linkCell(what),
		}})
	}
	return g
}

type reviewRecord struct {
	Page         string   `json:"page"`
	Title        string   `json:"title"`
	ID           string   `json:"id,omitempty"`
	Severity     string   `json:"severity,omitempty"`
	Owner        string   `json:"owner,omitempty"`
	State        string   `json:"state"`
	Due          string   `json:"due,omitempty"`
	LastReviewed string   `json:"last_reviewed,omitempty"`
	ReviewedBy   string   `json:"reviewed_by,omitempty"`
	Reasons      []string `json:"reasons"`
}

// reviewsJSON is what has to be reviewed and why, for programs that remind people; what is fresh says until when.
func reviewsJSON(s *site.Site) ([]byte, error) {
	var all []reviewRecord
	for _, e := range originals(s) {
		if e.Review.State == site.Exempt {
			continue
		}
		r := reviewRecord{
			Page: e.URL, Title: e.Title, ID: e.ID, Severity: e.Severity, Owner: ownerName(e), State: string(e.Review.State), Due: e.Review.Due.String(),
			LastReviewed: e.Meta.LastReviewed.Date.String(), ReviewedBy: e.Meta.ReviewedBy.Text, Reasons: []string{},
		}
		for _, why := range e.Review.Reasons {
			r.Reasons = append(r.Reasons, diag.Visible(why.String()))
		}
		all = append(all, r)
	}
	return writeReport(s, "api/reviews.json", all)
}
