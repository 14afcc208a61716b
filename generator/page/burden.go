package page

import (
	"slices"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/meta"
)

// burden is how much somebody carries.
type burden struct{ pages, review, open, late, accountable, gaps int }

// burdens counts what every party carries, by its id.
func (pl *planner) burdens() map[string]*burden {
	all := map[string]*burden{}
	of := func(p *config.Party) *burden {
		if p == nil {
			return new(burden) // counted for nobody
		}
		if all[p.ID] == nil {
			all[p.ID] = &burden{}
		}
		return all[p.ID]
	}
	for _, e := range originals(pl.s) {
		b := of(e.Owner)
		b.pages++
		if s := e.Review.State; s != site.Fresh && s != site.Exempt {
			b.review++
		}
		for _, a := range e.Meta.Actions {
			if open(a) {
				b := of(pl.s.Party(a.Owner.Text))
				b.open++
				if !a.Due.IsZero() && a.Due.Before(pl.s.Clock) {
					b.late++
				}
			}
		}
		if e.Type.Has(doctype.Matrix) {
			for _, a := range e.Activities {
				for _, r := range a.Accountable {
					of(pl.s.Party(r.Text)).accountable++
				}
			}
		}
	}
	for _, a := range pl.s.AlertList {
		if a.Gap() {
			of(a.Owner).gaps++
		}
	}
	return all
}

// load adds to the page of contacts how much everybody carries.
func (pl *planner) load(l language) {
	g := Ledger{ID: "load", Title: Label{Key: "load"}, Columns: []string{"owner", "pages", "to_review", "open_actions", "late_actions", "accountable", "alert_gaps"}, File: "load.csv"}
	all := pl.burdens()
	for i := range pl.s.Directory.Parties {
		p := &pl.s.Directory.Parties[i]
		b := all[p.ID]
		if b == nil || p.Private {
			continue
		}
		row := LedgerRow{Cells: []Cell{linkCell(party(p, l)), numberCell(b.pages), numberCell(b.review), numberCell(b.open), numberCell(b.late), numberCell(b.accountable), numberCell(b.gaps)}}
		if b.late+b.gaps > 0 {
			row.Mark = "bad"
		}
		g.Rows = append(g.Rows, row)
	}
	if len(g.Rows) > 0 {
		pl.generated(l, "teams/", Label{Key: "teams"}, "index").addLedgers(g)
	}
}

// unowned plans the page of what nobody answers for, and who assigns it.
func (pl *planner) unowned(l language) {
	entries := pl.primary(l, nobodys)
	if len(entries) == 0 {
		return
	}
	p := pl.generated(l, "unowned/", Label{Key: "unowned"}, "list")
	if by := pl.partyRef(pl.s.Config.Unowned, l); by != nil {
		lead := Ledger{ID: "assigns", Columns: []string{"assigns"}, Title: Label{Key: "unowned.assigns"}, Rows: []LedgerRow{{Cells: []Cell{linkCell(*by)}}}}
		p.addLedgers(lead)
	}
	p.plan(len(entries), func(p *Page) { p.Lists = append(p.Lists, pl.list(entries, l)) })
}

// nobodys reports whether nobody answers for a page that is in force.
func nobodys(e *site.Entry) bool { return e.Meta.Owner.IsZero() && listed(e) }

// toAssign leads who assigns owners to what has none.
func (pl *planner) toAssign(p *config.Party, l language) Ledger {
	g := Ledger{ID: "assign", Title: Label{Key: "unowned.assign"}, Bad: true, Columns: []string{"page", "pages"}}
	if to := pl.s.Party(pl.s.Config.Unowned.Text); to != p {
		return g
	}
	if n := len(pl.primary(l, nobodys)); n > 0 {
		g.Rows = []LedgerRow{{Mark: "bad", Cells: []Cell{linkCell(Link{Label: Label{Key: "unowned"}, URL: l.prefix + "unowned/"}), numberCell(n)}}}
	}
	return g
}

// upkeep adds to the page of contacts what has to be put right in the directory: contacts that nobody verified in time, people who have left and are
// still counted on, owners who are not those whom Git asks. What teams promised each other stands below.
func (pl *planner) upkeep(l language) {
	if len(pl.s.Directory.Parties) == 0 {
		return
	}
	pl.generated(l, "teams/", Label{Key: "teams"}, "index").addLedgers(pl.departed(l), pl.verified(l), pl.asked(l), pl.agreed(l))
}

// verified is when the contacts of every party were last tried, the overdue first.
func (pl *planner) verified(l language) Ledger {
	g := Ledger{ID: "verified", Title: Label{Key: "verify"}, Columns: []string{"owner", "verified", "due"}, File: "contacts.csv"}
	var late, rest []LedgerRow
	known := slices.ContainsFunc(pl.s.Directory.Parties, func(p config.Party) bool { return !p.LastVerified.IsZero() })
	for i := range pl.s.Directory.Parties {
		p := &pl.s.Directory.Parties[i]
		if len(p.Contacts) == 0 || p.Private || !known || left(p, pl.s.Clock) {
			continue
		}
		row := LedgerRow{Cells: []Cell{linkCell(party(p, l)), dateCell(p.LastVerified.String()), dateCell(p.VerifyBy().String())}}
		if never := p.LastVerified.IsZero(); never || overdue(p, pl.s.Clock) {
			if never {
				row.Cells[1] = wordCell("verified.none")
			} else {
				row.Cells[2].Tag = Label{Key: "verify.late"} // in words too, not in colour alone
			}
			row.Mark = "bad"
			late = append(late, row)
			continue
		}
		rest = append(rest, row)
	}
	g.Rows = append(late, rest...)
	return g
}

// left reports whether a person has left by a day.
func left(p *config.Party, day meta.Date) bool { return !p.Until.IsZero() && p.Until.Before(day) }

// departed is who has left and is still counted on, and where.
func (pl *planner) departed(l language) Ledger {
	g := Ledger{ID: "departed", Title: Label{Key: "departed"}, Lead: Label{Key: "departed.lead"}, Bad: true, Columns: []string{"person", "left", "named"}}
	for i := range pl.s.Directory.Parties {
		p := &pl.s.Directory.Parties[i]
		if !left(p, pl.s.Clock) {
			continue
		}
		if at := pl.countsOn(p, l); len(at) > 0 {
			g.Rows = append(g.Rows, LedgerRow{Mark: "bad", Cells: []Cell{linkCell(party(p, l)), dateCell(p.Until.String()), linkCell(at...)}})
		}
	}
	return g
}

// countsOn is where a party is named as somebody who will act: teams, services, pages.
func (pl *planner) countsOn(p *config.Party, l language) []Link {
	is := func(id meta.Str) bool { return pl.s.Party(id.Text) == p }
	var all []Link
	for i := range pl.s.Directory.Parties {
		if t := &pl.s.Directory.Parties[i]; slices.ContainsFunc(t.Members, is) {
			all = append(all, party(t, l))
		}
	}
	for i := range pl.s.Directory.Services {
		if s := &pl.s.Directory.Services[i]; is(s.Owner) || slices.ContainsFunc(s.Vendors, is) {
			all = append(all, service(s, l))
		}
	}
	for _, e := range pl.primary(l, listed) {
		named := e.Owner == p || slices.ContainsFunc(e.Escalation, func(s site.Step) bool { return s.Party == p })
		for _, a := range e.Meta.Actions {
			named = named || open(a) && is(a.Owner)
		}
		for _, a := range e.Activities {
			named = named || slices.ContainsFunc(slices.Concat(holdersOf(a)...), is)
		}
		if named {
			all = append(all, link(e, l.code))
		}
	}
	return all
}

// asked is the pages about whose changes Git asks others than their owner.
func (pl *planner) asked(l language) Ledger {
	g := Ledger{ID: "codeowners", Title: Label{Key: "codeowners"}, Lead: Label{Key: "codeowners.lead"}, Bad: true, Columns: []string{"page", "owner", "asked"}}
	for _, e := range pl.primary(l, listed) {
		if e.Owner == nil {
			continue
		}
		var known []Link
		owns := false
		handles, _ := pl.s.CodeOwners(e)
		for _, h := range handles {
			if p := pl.s.Party(h); p != nil {
				known = append(known, party(p, l))
				owns = owns || p == e.Owner || slices.ContainsFunc(p.Members, func(m meta.Str) bool { return m.Text == e.Owner.ID })
			}
		}
		if len(known) > 0 && !owns {
			g.Rows = append(g.Rows, LedgerRow{Mark: "bad", Cells: []Cell{linkCell(link(e, l.code)), linkCell(party(e.Owner, l)), linkCell(known...)}})
		}
	}
	return g
}

// agreed is what teams promised each other.
func (pl *planner) agreed(l language) Ledger {
	g := Ledger{ID: "agreements", Title: Label{Key: "party.agreements"}, Columns: []string{"from", "to", "channel", "response", "hours"}, File: "agreements.csv"}
	for _, a := range pl.s.Directory.Agreements {
		response := Cell{}
		if s := spanOf(a.Response); !s.IsZero() {
			response = Cell{Values: []Value{{Span: s}}}
		}
		g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{linkCell(pl.name(a.From, l)), linkCell(pl.name(a.To, l)), textCell(a.Channel), response, textCell(a.Hours)}})
	}
	return g
}

// lacking is the services of the first tier that nobody could bring back.
func (pl *planner) lacking(l language) Ledger {
	g := Ledger{ID: "service-gaps", Title: Label{Key: "service.gaps.all"}, Bad: true, Columns: []string{"service", "gap"}}
	for i := range pl.s.Directory.Services {
		if s := &pl.s.Directory.Services[i]; s.Tier == "1" {
			for _, gap := range pl.s.Gaps(s) {
				g.Rows = append(g.Rows, LedgerRow{Mark: "bad", Cells: []Cell{linkCell(service(s, l)), wordCell("service.gap." + string(gap))}})
			}
		}
	}
	return g
}
