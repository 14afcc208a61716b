package page

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/meta"
)

// work is one page of routine work: when it is done next.
type routineWork struct {
	entry *site.Entry
	rule  recurrence
	next  meta.Date
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
			start := w.last
			if start.IsZero() {
				start = e.Meta.LastReviewed.Date
			}
			w.next, _ = rule.next(start, pl.s.Clock)
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
		Links: []Link{{Label: Label{Key: "routine.ics"}, URL: "operations.ics"}},
	}
	for _, w := range pl.routines(l) {
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

// drilledOn is the day of the newest drill of a page.
func (pl *planner) drilledOn(e *site.Entry) string {
	for _, r := range e.Original().Records {
		if m := r.Meta.Record; m.Kind.Text == "drill" && !m.Started.IsZero() {
			return meta.DateOf(m.Started.In(pl.zone)).String()
		}
	}
	return ""
}

// tried adds to a page what its runs say of it: how many, how long, by whom; and that nobody but its author has tried it.
func (pl *planner) tried(d *Doc, e *site.Entry, l language) {
	records := e.Original().Records
	var lengths []int
	var who []Link
	for _, r := range records {
		if n := pl.since(r.Meta.Record.Started, r.Meta.Record.Finished); n > 0 {
			lengths = append(lengths, n)
		}
		if to := pl.partyRef(r.Meta.Record.Operator, l); to != nil && !slices.ContainsFunc(who, func(x Link) bool { return x.Text == to.Text }) {
			who = append(who, *to)
		}
	}
	if len(records) > 0 {
		d.More = append(d.More, Fact{Key: "run_count", Values: numberCell(len(records)).Values})
	}
	if len(lengths) > 0 {
		d.More = append(d.More, Fact{Key: "run_median", Values: minutesCell(median(lengths)).Values})
	}
	if len(who) > 0 {
		d.More = append(d.More, Fact{Key: "run_by", Values: linkValues(who)})
	}
	if len(e.Groups) > 0 && pl.s.Untested(e) {
		v := Value{}
		v.Key = "untested"
		d.More = append(d.More, Fact{Key: "validation", Values: []Value{v}})
	}
	var lessons []Link
	for _, x := range e.Original().Backlinks {
		if x.Type.Has(doctype.Incident) && x.Source == nil {
			lessons = append(lessons, link(x, l.code))
		}
	}
	if len(lessons) > 0 && !e.Type.Has(doctype.Incident) {
		d.More = append(d.More, Fact{Key: "incidents", Values: linkValues(lessons)})
	}
}

func median(all []int) int {
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

// recovery is how long the pages of a service take, with the wait for who decides, against the time in which it must be back.
func (pl *planner) recovery(s *config.Service, l language) Ledger {
	g := Ledger{ID: "rto", Title: Label{Key: "service.recovery"}, Lead: Label{Key: "service.recovery.lead"}, Columns: []string{"page", "duration", "wait", "total", "rto"}}
	limit := s.RTO.Duration().Minutes()
	for _, e := range pl.ofService(s.ID, l) {
		if !e.Type.Has(doctype.Escalates) {
			continue
		}
		planned := int(e.Meta.Duration.Duration().Minutes())
		if planned == 0 {
			for _, group := range e.Groups {
				planned += plannedMinutes(group.Steps)
			}
		}
		wait := 0
		for _, step := range e.Escalation {
			if step.Party != nil && step.Party.Decides {
				wait = int(step.After.Duration().Minutes())
			}
		}
		if planned == 0 {
			continue
		}
		if all := e.Meta.Decisions; len(all) > 0 && !slices.ContainsFunc(all, func(d document.Decision) bool { return !d.Preapproved }) {
			wait = 0 // everything is decided beforehand
		}
		row := LedgerRow{Cells: []Cell{pageCell(pl.item(e, l)), minutesCell(planned), minutesCell(wait), minutesCell(planned + wait), wordCell("service.recovery.fits")}}
		if limit > 0 && float64(planned+wait) > limit {
			row.Mark, row.Cells[4] = "bad", wordCell("service.recovery.over")
		}
		if limit == 0 {
			row.Cells[4] = Cell{}
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func plannedMinutes(steps []site.RunStep) int {
	n := 0
	for _, s := range steps {
		n += max(s.Minutes, plannedMinutes(s.Steps))
	}
	return n
}

// serviceLedgers are the facts of a service's page: recovery, alerts, lessons of others that it must look at.
func (pl *planner) serviceLedgers(s *config.Service, l language) []Ledger {
	alerts := Ledger{ID: "alerts", Title: Label{Key: "alerts"}, Columns: []string{"alert", "page", "severity"}}
	for _, a := range pl.s.AlertList {
		if slices.ContainsFunc(a.Pages, func(e *site.Entry) bool { return e.Concerns(s.ID) }) {
			alerts.Rows = append(alerts.Rows, LedgerRow{Cells: []Cell{linkCell(Link{Label: Label{Text: a.Name}, URL: alertURL(a)}), pl.alertPages(a, l), {Severity: pl.severity(a.Severity)}}})
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
		open := 0
		for _, a := range e.Meta.Actions {
			if a.Status.Text == "" || a.Status.Text == "open" {
				open++
			}
		}
		if open > 0 {
			day := ""
			if !e.Meta.Incident.Started.IsZero() {
				day = meta.DateOf(e.Meta.Incident.Started.In(pl.zone)).String()
			}
			g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{pageCell(pl.item(e, l)), dateCell(day), numberCell(open)}})
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
	return []Ledger{gaps, todo, pl.appliesTo(p.ID, l)}
}

// load adds to the page of contacts how much everybody carries.
func (pl *planner) load(l language) {
	g := Ledger{ID: "load", Title: Label{Key: "load"}, Columns: []string{"owner", "pages", "to_review", "open_actions", "late_actions", "accountable"}, File: "load.csv"}
	for i := range pl.s.Directory.Parties {
		p := &pl.s.Directory.Parties[i]
		pages, review, open, late := 0, 0, 0, 0
		for _, e := range pl.primary(l, listed) {
			if e.Owner == p {
				pages++
				if s := e.Review.State; s != site.Fresh && s != site.Exempt {
					review++
				}
			}
			for _, r := range pl.actionRows(e, l) {
				if r.Status == "open" && r.Owner != nil && r.Owner.Rel == p.ID {
					open++
					if r.Late {
						late++
					}
				}
			}
		}
		answers := len(pl.accountable(p.ID, l))
		if pages+open+answers == 0 || p.Private {
			continue
		}
		row := LedgerRow{Cells: []Cell{linkCell(party(p, l)), numberCell(pages), numberCell(review), numberCell(open), numberCell(late), numberCell(answers)}}
		if late > 0 {
			row.Mark = "bad"
		}
		g.Rows = append(g.Rows, row)
	}
	if len(g.Rows) > 0 {
		pl.generated(l, "teams/", Label{Key: "teams"}, "index").addLedgers(g)
	}
}

// again adds to the page of incidents those that happened before.
func (pl *planner) again(l language) {
	g := Ledger{ID: "again", Title: Label{Key: "incidents.again"}, Columns: []string{"page", "recurrence_of", "on"}}
	for _, e := range pl.primary(l, hasIncident) {
		to := pl.refLink(e, e.Meta.RecurrenceOf, l.code)
		if to == nil {
			continue
		}
		day := ""
		if !e.Meta.Incident.Started.IsZero() {
			day = meta.DateOf(e.Meta.Incident.Started.In(pl.zone)).String()
		}
		g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{linkCell(link(e, l.code)), linkCell(*to), dateCell(day)}})
	}
	if p := pl.pages[l.prefix+"incidents/"]; p != nil {
		p.addLedgers(g)
	}
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
