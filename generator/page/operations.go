package page

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/meta"
)

// work is one page of routine work: when it is done next.
type routineWork struct {
	entry *site.Entry
	rule  recurrence
	next  meta.Date
	start meta.Date // from which its rule counts
	last  meta.Date // the newest run on record
}

// routines is all routine work that is still done, soonest first.
func (pl *planner) routines(l language) []routineWork {
	var all []routineWork
	for _, e := range pl.primary(l, func(e *site.Entry) bool { return listed(e) && !e.Meta.Schedule.IsZero() }) {
		w := routineWork{entry: e}
		if runs := e.Original().Records; len(runs) > 0 && !runs[0].Meta.Record.Started.IsZero() {
			w.last = meta.DateOf(runs[0].Meta.Record.Started.In(pl.zone))
		}
		if rule, ok := readSchedule(e.Meta.Schedule.Text); ok {
			w.rule = rule
			if w.start = w.last; w.start.IsZero() {
				w.start = e.Meta.LastReviewed.Date
			}
			w.next, _ = rule.next(w.start, pl.s.Clock)
		}
		all = append(all, w)
	}
	slices.SortStableFunc(all, func(a, b routineWork) int {
		return cmp.Or(cmp.Compare(cmp.Or(a.next.String(), "9"), cmp.Or(b.next.String(), "9")), cmp.Compare(a.entry.URL, b.entry.URL))
	})
	return all
}

// routine plans the page of routine work: the calendar, and how far each work is automated.
func (pl *planner) routine(l language) {
	calendar := Ledger{
		ID: "calendar", Title: Label{Key: "routine.calendar"}, Columns: []string{"next", "page", "schedule", "owner", "automation", "last_run"}, File: "calendar.csv",
	}
	works := pl.routines(l)
	for _, w := range works {
		it := pl.item(w.entry, l)
		calendar.Rows = append(calendar.Rows, LedgerRow{Cells: []Cell{
			dateCell(w.next.String()), pageCell(it), scheduleCell(w.entry.Meta.Schedule.Text), partyCell(it.Owner), {Values: automation(w.entry)[:min(1, len(automation(w.entry)))]}, dateCell(w.last.String()),
		}})
	}
	states := Ledger{ID: "automation", Title: Label{Key: "routine.automation"}, Columns: []string{"page", "automation", "plan", "reason", "owner"}, File: "automation.csv"}
	for _, e := range pl.primary(l, func(e *site.Entry) bool { return listed(e) && !e.Meta.Automation.State.IsZero() }) {
		it, a := pl.item(e, l), e.Meta.Automation
		plan := Cell{}
		if !a.Plan.IsZero() {
			plan = wordCell("automation.plan." + a.Plan.Text)
		}
		states.Rows = append(states.Rows, LedgerRow{Cells: []Cell{pageCell(it), {Values: automation(e)[:1]}, plan, textCell(a.Reason.Text), partyCell(it.Owner)}})
	}
	if len(calendar.Rows)+len(states.Rows) == 0 {
		return
	}
	p := pl.generated(l, "routine/", Label{Key: "routine"}, "routine")
	p.addLedgers(calendar, states)
	p.form("operations.ics")
	p.plan(0, func(p *Page) {
		p.Ledgers = slices.Clone(p.Ledgers)
		if g := &p.Ledgers[0]; g.ID == calendar.ID {
			g.Rows = withDaysAfter(works, calendar.Rows)
		}
	})
}

// withDaysAfter is the rows of the calendar with the days after the next: readers' browsers say which has come since the build.
func withDaysAfter(works []routineWork, rows []LedgerRow) []LedgerRow {
	rows = slices.Clone(rows)
	for i, w := range works {
		if days := w.rule.after(w.start, w.next); len(days) > 0 {
			next := dateCell(w.next.String())
			next.Values[0].Then = strings.Join(days, " ")
			rows[i].Cells = append([]Cell{next}, rows[i].Cells[1:]...)
		}
	}
	return rows
}

// addLedgers adds those that say something.
func (p *Page) addLedgers(all ...Ledger) {
	for _, g := range all {
		if len(g.Rows) > 0 {
			p.Ledgers = append(p.Ledgers, g)
		}
	}
}

// evidenceOfControls adds to the page of controls which pages serve as evidence for each, and how good that evidence is.
func (pl *planner) evidenceOfControls(l language) {
	by := map[string][]*site.Entry{}
	for _, e := range pl.primary(l, listed) {
		for _, c := range e.Meta.Controls {
			by[c.Text] = append(by[c.Text], e)
		}
	}
	g := Ledger{ID: "matrix", Title: Label{Key: "controls.matrix"}, Columns: []string{"control", "page", "owner", "approved_by", "last_reviewed", "drilled"}, File: "matrix.csv"}
	for _, c := range slices.Sorted(maps.Keys(by)) {
		for _, e := range by[c] {
			it := pl.item(e, l)
			approved := Cell{}
			if to := pl.partyRef(e.Meta.ApprovedBy, l); to != nil {
				approved = linkCell(*to)
				approved.Values = append(approved.Values, dateCell(e.Meta.ApprovedOn.String()).Values...)
			}
			g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{textCell(c), pageCell(it), partyCell(it.Owner), approved, dateCell(e.Meta.LastReviewed.String()), dateCell(pl.drilledOn(e))}})
		}
	}
	if len(g.Rows) > 0 {
		pl.generated(l, "controls/", Label{Key: "controls"}, "index").addLedgers(g)
	}
}

// serviceLedgers are the facts of a service's page: recovery, alerts, lessons of others that it must look at.
func (pl *planner) serviceLedgers(s *config.Service, l language) []Ledger {
	alerts := Ledger{ID: "alerts", Title: Label{Key: "alerts"}, Columns: []string{"alert", "page", "severity"}}
	for _, a := range pl.s.AlertList {
		if slices.ContainsFunc(a.Pages, func(e *site.Entry) bool { return e.Concerns(s.ID) }) {
			alerts.Rows = append(alerts.Rows, LedgerRow{Cells: []Cell{linkCell(Link{Label: Label{Text: a.Name}, URL: alertURL(a)}), pl.alertPages(a, l), pl.urgency(a)}})
		}
	}
	gaps := Ledger{ID: "service-gaps", Title: Label{Key: "service.gaps"}, Bad: true, Columns: []string{"gap"}}
	if s.Tier == "1" {
		for _, gap := range pl.s.Gaps(s) {
			gaps.Rows = append(gaps.Rows, LedgerRow{Mark: "bad", Cells: []Cell{wordCell("service.gap." + string(gap))}})
		}
	}
	return []Ledger{gaps, pl.recovery(s, l), alerts, pl.appliesTo(s.ID, l)}
}

// appliesTo is the lessons of others that a team or a service must look at, until their actions are closed.
func (pl *planner) appliesTo(id string, l language) Ledger {
	g := Ledger{ID: "applies", Title: Label{Key: "applies"}, Lead: Label{Key: "applies.lead"}, Columns: []string{"page", "on", "open_actions"}}
	for _, e := range pl.primary(l, listed) {
		if !slices.ContainsFunc(e.Meta.AppliesTo, func(x meta.Str) bool { return x.Text == id || pl.names(x.Text, id) }) {
			continue
		}
		left := 0
		for _, a := range e.Meta.Actions {
			if open(a) {
				left++
			}
		}
		if left > 0 {
			g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{pageCell(pl.item(e, l)), dateCell(pl.started(e)), numberCell(left)}})
		}
	}
	return g
}

// names reports whether a word is another name of a party.
func (pl *planner) names(word, id string) bool {
	p := pl.s.Party(word)
	return p != nil && p.ID == id
}

// partyLedgers are the facts of a party's page: open actions, alerts without a page that are its own, lessons that it must look at.
func (pl *planner) partyLedgers(p *config.Party, l language) []Ledger {
	gaps := Ledger{ID: "gaps", Title: Label{Key: "alerts.gaps"}, Bad: true, Columns: []string{"alert", "summary", "ask"}}
	for _, a := range pl.s.AlertList {
		if a.Gap() && a.Owner != nil && a.Owner.ID == p.ID {
			gaps.Rows = append(gaps.Rows, LedgerRow{Mark: "bad", Cells: []Cell{linkCell(Link{Label: Label{Text: a.Name}, URL: alertURL(a)}), textCell(a.Defs[0].Summary), {Ask: pl.askFor(a.Name, alertURL(a))}}})
		}
	}
	todo := Ledger{ID: "todo", Title: Label{Key: "party.todo"}, Columns: []string{"action", "due", "page"}}
	for _, e := range pl.primary(l, listed) {
		for _, r := range pl.actionRows(e, l) {
			if r.Status == "open" && r.Owner != nil && r.Owner.Rel == p.ID {
				row := LedgerRow{Cells: []Cell{textCell(r.What), dateCell(r.Due), linkCell(link(e, l.code))}}
				if r.Late {
					row.Mark = "bad"
				}
				todo.Rows = append(todo.Rows, row)
			}
		}
	}
	slices.SortStableFunc(todo.Rows, func(a, b LedgerRow) int { return cmp.Compare(a.Cells[1].text(), b.Cells[1].text()) })
	return []Ledger{pl.toAssign(p, l), gaps, todo, pl.appliesTo(p.ID, l), pl.partIn(p, l)}
}

// raciCSV is every letter of every matrix, a line each.
func raciCSV(s *site.Site, has func(*site.Entry) bool) ([]byte, error) {
	g := Ledger{Columns: []string{"page", "activity", "role", "letter", "runbook", "note"}}
	for _, e := range s.Entries {
		if e.Source != nil || !listed(e) || !has(e) {
			continue
		}
		for _, a := range e.Activities {
			for i, holders := range holdersOf(a) {
				for _, h := range holders {
					g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{textCell(strings.TrimSuffix(e.URL, "/")), textCell(a.Activity.Text), textCell(h.Text), textCell(letters[i]), textCell(a.Runbook.Text), textCell(a.Note.Text)}})
				}
			}
		}
	}
	return writeCSV(g)
}
