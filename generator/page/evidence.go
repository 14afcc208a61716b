package page

import (
	"cmp"
	"slices"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/meta"
)

// drilledOn is the day of the newest drill of a page.
func (pl *planner) drilledOn(e *site.Entry) string {
	for _, r := range e.Original().Records {
		if m := r.Meta.Record; m.Kind.Text == "drill" && !m.Started.IsZero() {
			return meta.DateOf(m.Started.In(pl.zone)).String()
		}
	}
	return ""
}

// runsOf is what the records of a page say: how long its runs took, in minutes, and who did them.
func (pl *planner) runsOf(e *site.Entry, l language) (lengths []int, who []Link) {
	for _, r := range e.Original().Records {
		if n := pl.since(r.Meta.Record.Started, r.Meta.Record.Finished); n > 0 {
			lengths = append(lengths, n)
		}
		if to := pl.partyRef(r.Meta.Record.Operator, l); to != nil && !slices.ContainsFunc(who, func(x Link) bool { return x.Text == to.Text }) {
			who = append(who, *to)
		}
	}
	return lengths, who
}

// tried adds to a page what its runs say of it: how many, how long, by whom; and that nobody but its author has tried it.
func (pl *planner) tried(d *Doc, e *site.Entry, l language) {
	lengths, who := pl.runsOf(e, l)
	if n := len(e.Original().Records); n > 0 {
		d.More = append(d.More, Fact{Key: "run_count", Values: numberCell(n).Values})
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

// drilled adds to the list of records how well every page for work is tried: those that nobody ever drilled first, the most severe first.
func (pl *planner) drilled(l language) {
	for _, t := range pl.s.Types.All {
		p := pl.pages[l.prefix+listPath(t)]
		if p == nil || !t.Has(doctype.Record) || len(pl.ofType(t)) == 0 {
			continue
		}
		p.addLedgers(pl.practice(l))
		p.form("records.json")
	}
}

func (pl *planner) practice(l language) Ledger {
	g := Ledger{ID: "practice", Title: Label{Key: "practice"}, Columns: []string{"page", "severity", "drilled", "run_count", "run_median", "run_by"}, File: "practice.csv"}
	pages := pl.primary(l, func(e *site.Entry) bool { return listed(e) && pl.runs(e, l) })
	slices.SortStableFunc(pages, func(a, b *site.Entry) int {
		c := pl.s.Config
		return cmp.Or(cmp.Compare(pl.drilledOn(a), pl.drilledOn(b)), cmp.Compare(c.SeverityRank(a.Severity), c.SeverityRank(b.Severity)))
	})
	for _, e := range pages {
		lengths, who := pl.runsOf(e, l)
		took := Cell{}
		if len(lengths) > 0 {
			took = minutesCell(median(lengths))
		}
		on := dateCell(pl.drilledOn(e))
		if len(on.Values) == 0 {
			on = wordCell("drilled.none")
		}
		g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{linkCell(link(e, l.code)), {Severity: pl.severity(e.Severity)}, on, numberCell(len(e.Original().Records)), took, linkCell(who...)}})
	}
	return g
}

func median(all []int) int {
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

// recovery is how long the pages of a service take, with the page that they lead on to and the wait for who decides, against the time in which
// the service must be back.
func (pl *planner) recovery(s *config.Service, l language) Ledger {
	g := Ledger{ID: "rto", Title: Label{Key: "service.recovery"}, Lead: Label{Key: "service.recovery.lead"}, Columns: []string{"page", "duration", "leads_on", "wait", "total", "rto"}}
	limit := int(s.RTO.Duration().Minutes())
	for _, e := range pl.ofService(s.ID, l) {
		if !e.Type.Has(doctype.Escalates) {
			continue
		}
		own, wait := plannedFor(e), waitFor(e)
		next, more := longest(e)
		total := own + more + wait
		if own+more == 0 {
			continue // nobody said how long it takes
		}
		row := LedgerRow{Cells: []Cell{pageCell(pl.item(e, l)), minutesCell(own), {}, minutesCell(wait), minutesCell(total), wordCell("service.recovery.fits")}}
		if next != nil {
			row.Cells[2] = linkCell(link(next, l.code))
			row.Cells[2].Values = append(row.Cells[2].Values, minutesCell(more).Values...)
		}
		switch {
		case limit == 0:
			row.Cells[5] = Cell{}
		case total > limit:
			row.Mark, row.Cells[5] = "bad", wordCell("service.recovery.over")
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// plannedFor is how long a page takes in minutes: what it says, else the sum of its steps.
func plannedFor(e *site.Entry) int {
	if n := int(e.Meta.Duration.Duration().Minutes()); n > 0 {
		return n
	}
	n := 0
	for _, group := range e.Groups {
		n += plannedMinutes(group.Steps)
	}
	return n
}

// longest is the page among those that a page leads on to by its causes that takes most time.
func longest(e *site.Entry) (next *site.Entry, minutes int) {
	for _, c := range e.Causes {
		if c.Page == nil {
			continue
		}
		if n := plannedFor(c.Page); n > minutes {
			next, minutes = c.Page, n
		}
	}
	return next, minutes
}

// waitFor is the minutes until somebody is called who decides, 0 where everything is decided beforehand.
func waitFor(e *site.Entry) int {
	if all := e.Meta.Decisions; len(all) > 0 && !slices.ContainsFunc(all, func(d document.Decision) bool { return !d.Preapproved }) {
		return 0
	}
	for _, step := range e.Escalation {
		if step.Party != nil && step.Party.Decides {
			return int(step.After.Duration().Minutes())
		}
	}
	return 0
}

func plannedMinutes(steps []site.RunStep) int {
	n := 0
	for _, s := range steps {
		n += max(s.Minutes, plannedMinutes(s.Steps))
	}
	return n
}
