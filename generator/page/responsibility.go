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

// responsibility adds to the list of matrices what is wrong in any of them, what is shared with vendors, and how much every role carries.
func (pl *planner) responsibility(l language) {
	for _, t := range pl.s.Types.All {
		p := pl.pages[l.prefix+listPath(t)]
		if p == nil || !t.Has(doctype.Matrix) {
			continue
		}
		matrices := pl.primary(l, func(e *site.Entry) bool { return e.Type == t && listed(e) && len(e.Activities) > 0 })
		if len(matrices) == 0 {
			continue
		}
		p.addLedgers(pl.raciGaps(matrices, l), pl.shared(matrices, l), pl.byRole(matrices, l))
		p.form("raci.csv")
	}
}

// raciGaps is every activity for which responsibility is missing or doubled.
func (pl *planner) raciGaps(matrices []*site.Entry, l language) Ledger {
	g := Ledger{ID: "raci-gaps", Title: Label{Key: "raci.gaps"}, Lead: Label{Key: "raci.gaps.lead"}, Bad: true, Columns: []string{"activity", "gap", "page"}, File: "gaps.csv"}
	for _, e := range matrices {
		for _, a := range e.Activities {
			for _, gap := range pl.activityGaps(e, a) {
				activity := Cell{Values: []Value{{Link: Link{Label: Label{Text: a.Activity.Text, Lang: e.Lang}}}}}
				g.Rows = append(g.Rows, LedgerRow{Mark: "bad", Cells: []Cell{activity, wordCell(gap), linkCell(link(e, l.code))}})
			}
		}
	}
	return g
}

// activityGaps are the words for what is wrong with one activity.
func (pl *planner) activityGaps(e *site.Entry, a document.Activity) []string {
	all := slices.Concat(holdersOf(a)...)
	if len(all) == 0 {
		return []string{"raci.gap.empty"}
	}
	unknown := func(r meta.Str) bool { return pl.s.Party(r.Text) == nil }
	var gaps []string
	for _, c := range []struct {
		word string
		is   bool
	}{
		{"raci.gap.nobody", len(a.Accountable) == 0},
		{"raci.gap.several", len(a.Accountable) > 1},
		{"raci.gap.undone", len(a.Responsible) == 0},
		{"raci.gap.role", pl.s.Directory.File != "" && slices.ContainsFunc(all, unknown)},
		{"raci.gap.runbook", len(e.Meta.Activities) > 0 && !a.Runbook.IsZero() && pl.s.Ref(e, a.Runbook.Text) == nil},
	} {
		if c.is {
			gaps = append(gaps, c.word)
		}
	}
	return gaps
}

// shared is the activities that a vendor does or answers for, and what stays with us.
func (pl *planner) shared(matrices []*site.Entry, l language) Ledger {
	g := Ledger{ID: "raci-shared", Title: Label{Key: "raci.shared"}, Lead: Label{Key: "raci.shared.lead"}, Columns: []string{"activity", "vendor", "ours", "page"}}
	for _, e := range matrices {
		for _, a := range e.Activities {
			var theirs, ours []Link
			for _, id := range rolesIn(a) {
				to := pl.name(meta.Str{Text: id}, l)
				to.Text = to.Text + " (" + lettersOf(a, id) + ")"
				if p := pl.s.Party(id); p != nil && p.Kind == config.Vendor {
					theirs = append(theirs, to)
				} else {
					ours = append(ours, to)
				}
			}
			acts := func(r meta.Str) bool { p := pl.s.Party(r.Text); return p != nil && p.Kind == config.Vendor }
			if slices.ContainsFunc(slices.Concat(a.Responsible, a.Accountable), acts) {
				activity := Cell{Values: []Value{{Link: Link{Label: Label{Text: a.Activity.Text, Lang: e.Lang}}}}}
				g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{activity, linkCell(theirs...), linkCell(ours...), linkCell(link(e, l.code))}})
			}
		}
	}
	return g
}

// rolesIn is everybody who has a letter in an activity, each once, R and A before C and I.
func rolesIn(a document.Activity) []string {
	var ids []string
	for _, holders := range holdersOf(a) {
		for _, h := range holders {
			if !slices.Contains(ids, h.Text) {
				ids = append(ids, h.Text)
			}
		}
	}
	return ids
}

// lettersOf are the letters that a role has in an activity: A/R.
func lettersOf(a document.Activity, role string) string {
	var found []string
	for i, holders := range holdersOf(a) {
		if slices.ContainsFunc(holders, func(h meta.Str) bool { return h.Text == role }) {
			found = append(found, letters[i])
		}
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(strings.Index("ARCI", a), strings.Index("ARCI", b)) })
	return strings.Join(found, "/")
}

// byRole counts the letters of every role over all matrices.
func (pl *planner) byRole(matrices []*site.Entry, l language) Ledger {
	g := Ledger{ID: "raci-roles", Title: Label{Key: "raci.roles"}, Columns: []string{"role", "kind", "raci_A", "raci_R", "raci_C", "raci_I"}, File: "roles.csv"}
	counts := map[string]*[4]int{}
	for _, e := range matrices {
		for _, a := range e.Activities {
			for i, holders := range holdersOf(a) {
				for _, h := range holders {
					if counts[h.Text] == nil {
						counts[h.Text] = new([4]int)
					}
					counts[h.Text][i]++
				}
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(counts)) {
		n, kind := counts[id], Cell{}
		if p := pl.s.Party(id); p != nil {
			kind = wordCell("party." + string(p.Kind))
		}
		g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{linkCell(pl.name(meta.Str{Text: id}, l)), kind, numberCell(n[1]), numberCell(n[0]), numberCell(n[2]), numberCell(n[3])}})
	}
	return g
}

// partIn is every activity in which a party has a letter, those that it answers for first.
func (pl *planner) partIn(p *config.Party, l language) Ledger {
	g := Ledger{ID: "raci", Title: Label{Key: "party.raci"}, Columns: []string{"activity", "letters", "page"}}
	for _, e := range pl.primary(l, func(e *site.Entry) bool { return listed(e) && e.Type.Has(doctype.Matrix) }) {
		for _, a := range e.Activities {
			if has := lettersOf(a, p.ID); has != "" {
				what := Link{Label: Label{Text: a.Activity.Text, Lang: e.Lang}}
				if to := pl.refLink(e, a.Runbook, l.code); to != nil {
					what.URL = to.URL
				}
				g.Rows = append(g.Rows, LedgerRow{Cells: []Cell{linkCell(what), textCell(has), linkCell(link(e, l.code))}})
			}
		}
	}
	order := func(r LedgerRow) int { return strings.Index("ARCI", r.Cells[1].text()[:1]) }
	slices.SortStableFunc(g.Rows, func(a, b LedgerRow) int { return cmp.Compare(order(a), order(b)) })
	return g
}
