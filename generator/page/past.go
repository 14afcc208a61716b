package page

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/internal/meta"
)

// incidents plans all lessons in order of time, with how long detection, mitigation and recovery took, and what they have in common.
func (pl *planner) incidents(l language) {
	entries := pl.primary(l, func(e *site.Entry) bool { return hasIncident(e) && !e.Meta.Incident.Started.IsZero() })
	if len(entries) == 0 {
		return
	}
	past := &Incidents{}
	for _, e := range entries {
		i := e.Meta.Incident
		row := IncidentRow{
			Link: link(e, l.code), On: meta.DateOf(i.Started.In(pl.zone)).String(), Severity: pl.severity(cmp.Or(i.Severity.Text, e.Severity)),
			Detect: pl.since(i.Started, i.Detected), Mitigate: pl.since(i.Started, i.Mitigated), Resolve: pl.since(i.Started, i.Resolved),
			Services: pl.serviceRefs(i.Services, l),
		}
		for _, a := range e.Meta.Actions {
			if open(a) {
				row.Open++
			}
		}
		past.Rows = append(past.Rows, row)
		past.Most = max(past.Most, min(row.Mitigate+row.Mitigate/2, day))
	}
	slices.SortFunc(past.Rows, func(a, b IncidentRow) int { return cmp.Or(-cmp.Compare(a.On, b.On), cmp.Compare(a.URL, b.URL)) })
	past.Median = medians(past.Rows)
	p := pl.generated(l, "incidents/", Label{Key: "incidents"}, "incidents")
	p.Past = past
	p.addLedgers(pl.recurring(entries, l), pl.again(entries, l))
	p.form("incidents.json")
}

// day is the minutes of a day: a chart of incidents is cut there, or one that lasted a week would hide all others.
const day = 24 * 60

// medians are the medians of the three times over the incidents of which they are known, -1 for none.
func medians(rows []IncidentRow) []int {
	var known [3][]int
	for _, r := range rows {
		for i, n := range []int{r.Detect, r.Mitigate, r.Resolve} {
			if n >= 0 {
				known[i] = append(known[i], n)
			}
		}
	}
	out := []int{-1, -1, -1}
	for i, all := range known {
		if len(all) > 0 {
			out[i] = median(all)
		}
	}
	return out
}

// open reports whether an action is still to be done.
func open(a document.Action) bool { return a.Status.Text == "" || a.Status.Text == "open" }

// started is the day on which an incident began.
func (pl *planner) started(e *site.Entry) string {
	if e.Meta.Incident.Started.IsZero() {
		return ""
	}
	return meta.DateOf(e.Meta.Incident.Started.In(pl.zone)).String()
}

// common is something that several incidents share.
type common struct {
	what Cell
	kind string
	in   []*site.Entry
}

// recurring is what several incidents share: a cause, a page that they used or corrected, a service.
func (pl *planner) recurring(entries []*site.Entry, l language) Ledger {
	g := Ledger{ID: "recurring", Title: Label{Key: "recurring"}, Lead: Label{Key: "recurring.lead"}, Columns: []string{"shared", "kind", "count", "incidents"}, File: "recurring.csv"}
	all := map[string]*common{}
	note := func(key, kind string, what Cell, e *site.Entry) {
		if all[key] == nil {
			all[key] = &common{what: what, kind: kind}
		}
		if c := all[key]; !slices.Contains(c.in, e) {
			c.in = append(c.in, e)
		}
	}
	for _, e := range entries {
		for _, c := range e.Meta.Causes {
			what := Link{Label: Label{Text: c.Cause.Text, Lang: e.Lang}}
			note("0 "+strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(c.Cause.Text)), " ")), "recurring.cause", linkCell(what), e)
		}
		for _, to := range pl.pagesOf(e) {
			note("1 "+to.URL, "recurring.page", linkCell(link(to, l.code)), e)
		}
		for _, id := range e.Meta.Incident.Services {
			note("2 "+id.Text, "recurring.service", linkCell(pl.serviceRef(id, l)), e)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		c := all[key]
		if len(c.in) < 2 {
			continue
		}
		g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{c.what, wordCell(c.kind), numberCell(len(c.in)), linkCell(linkAll(c.in, l.code)...)}})
	}
	slices.SortStableFunc(g.Rows, func(a, b LedgerRow) int { return -cmp.Compare(a.Cells[2].text(), b.Cells[2].text()) })
	return g
}

// pagesOf is the pages that an incident corrected or that handle its causes.
func (pl *planner) pagesOf(e *site.Entry) []*site.Entry {
	var all []*site.Entry
	for _, ref := range e.Meta.Changed {
		if to := pl.s.Ref(e, ref.Text); to != nil {
			all = append(all, to.Original())
		}
	}
	for _, c := range e.Causes {
		if c.Page != nil {
			all = append(all, c.Page.Original())
		}
	}
	return all
}

// again is the incidents that happened before.
func (pl *planner) again(entries []*site.Entry, l language) Ledger {
	g := Ledger{ID: "again", Title: Label{Key: "incidents.again"}, Columns: []string{"page", "recurrence_of", "on"}}
	for _, e := range entries {
		if to := pl.refLink(e, e.Meta.RecurrenceOf, l.code); to != nil {
			g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{linkCell(link(e, l.code)), linkCell(*to), dateCell(pl.started(e))}})
		}
	}
	return g
}

// since is the minutes from one time to another, -1 when either is not known.
func (pl *planner) since(from, to meta.Moment) int {
	if from.IsZero() || to.IsZero() {
		return -1
	}
	return int(to.In(pl.zone).Sub(from.In(pl.zone)).Minutes())
}
