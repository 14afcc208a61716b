package page

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/internal/meta"
)

// instructions plans what a page asks for and leads to while work is done: values, decisions, messages, causes.
func (pl *planner) instructions(d *Doc, e *site.Entry, l language) {
	for _, p := range e.Meta.Params {
		d.Params = append(d.Params, Param{
			Name: p.Name.Text, Description: p.Description.Text, Pattern: p.Pattern.Text, Example: p.Example.Text, Default: p.Default.Text, Secret: p.Secret,
		})
	}
	for _, p := range e.Meta.Presets {
		d.Presets = append(d.Presets, Preset{Name: p.Name.Text, Production: p.Production, Values: p.Values})
	}
	for _, x := range e.Meta.Decisions {
		v := Decision{What: x.What.Text, Criterion: x.Criterion.Text, Preapproved: x.Preapproved}
		v.By = pl.name(x.By, l)
		d.Verdicts = append(d.Verdicts, v)
	}
	if r := e.Meta.Rollback; !r.When.IsZero() {
		d.Rollback = &Rollback{When: r.When.Text, DecideBy: r.DecideBy.Text, By: pl.partyRef(r.By, l)}
	}
	for _, c := range e.Meta.Communication {
		d.Plan = append(d.Plan, Message{Who: c.Who.Text, Where: c.Where.Text, Message: c.Message.Text, Every: spanOf(c.Every)})
	}
	for _, c := range e.Causes {
		cause := Cause{Cause: c.Cause}
		if c.Page != nil {
			target := c.Page.In(l.code)
			to, review := link(target, l.code), pl.review(target, l)
			cause.Page, cause.Review, cause.Severity = &to, &review, pl.severity(target.Severity)
		}
		d.Causes = append(d.Causes, cause)
	}
}

// aftermath plans what an incident or an agreement left: facts, actions, who is responsible.
func (pl *planner) aftermath(d *Doc, e *site.Entry, l language) {
	if e.Type.Has(doctype.Incident) {
		d.Incident = pl.incident(e, l)
	}
	d.Actions = pl.actionRows(e, l)
	if e.Type.Has(doctype.Matrix) && len(e.Activities) > 0 {
		d.Matrix = pl.matrix(e, l)
	}
}

func (pl *planner) incident(e *site.Entry, l language) *Incident {
	i := e.Meta.Incident
	times := []namedTime{{"started", i.Started}, {"detected", i.Detected}, {"mitigated", i.Mitigated}, {"resolved", i.Resolved}}
	x := &Incident{
		Severity: pl.severity(cmp.Or(i.Severity.Text, e.Severity)), Impact: i.Impact.Text, DetectedBy: i.DetectedBy.Text,
		Services: pl.serviceRefs(i.Services, l), Moments: pl.moments(times), Again: pl.refLink(e, e.Meta.RecurrenceOf, l.code),
	}
	if x.Impact == "" && x.Moments == nil && x.DetectedBy == "" && x.Services == nil && x.Again == nil {
		return nil
	}
	return x
}

type namedTime struct {
	key string
	at  meta.Moment
}

// moments writes points in time in the organisation's zone, with the minutes since the first.
func (pl *planner) moments(times []namedTime) []Moment {
	var all []Moment
	var first time.Time
	for _, t := range times {
		if t.at.IsZero() {
			continue
		}
		local := t.at.In(pl.zone)
		m := Moment{Key: t.key, Text: local.Format("2006-01-02 15:04"), ISO: local.Format(time.RFC3339), First: len(all) == 0}
		if m.First {
			first = local
		}
		m.Minutes = int(local.Sub(first).Minutes())
		all = append(all, m)
	}
	return all
}

// actionKinds are the kinds of actions as Japanese pages write them: every reader gets the word of their language.
var actionKinds = map[string]string{"暫定": "temporary", "恒久": "permanent", "再発防止": "prevention"}

// actionRows are the actions of a page. One is late when it is open and its day has passed.
func (pl *planner) actionRows(e *site.Entry, l language) []ActionRow {
	var rows []ActionRow
	for _, a := range e.Meta.Actions {
		r := ActionRow{
			ID: a.ID.Text, What: a.What.Text, Kind: cmp.Or(actionKinds[a.Kind.Text], a.Kind.Text), Status: cmp.Or(a.Status.Text, "open"), Due: a.Due.String(), Lang: e.Lang,
			Owner: pl.partyRef(a.Owner, l),
		}
		r.Late = r.Status == "open" && !a.Due.IsZero() && a.Due.Before(pl.s.Clock)
		if strings.HasPrefix(a.Link.Text, "https://") || strings.HasPrefix(a.Link.Text, "http://") {
			r.URL = a.Link.Text
		}
		rows = append(rows, r)
	}
	return rows
}

// evidence plans what runs of a page left, and the facts of a record.
func (pl *planner) evidence(d *Doc, e *site.Entry, l language) {
	for _, r := range e.Records {
		run := pl.run(r, l)
		d.Runs = append(d.Runs, run)
		if d.Drill == nil && run.Kind == "drill" {
			d.Drill = &d.Runs[len(d.Runs)-1]
		}
	}
	if d.Drill != nil {
		drill := *d.Drill
		d.Drill = &drill
	}
	if e.Type.Has(doctype.Record) {
		d.Record = pl.record(e, l)
	}
}

func (pl *planner) run(e *site.Entry, l language) Run {
	r := e.Meta.Record
	run := Run{Link: link(e, l.code), Kind: r.Kind.Text, Result: r.Result.Text}
	if to := pl.partyRef(r.Operator, l); to != nil {
		run.Operator = to.Text
	}
	if !r.Started.IsZero() {
		run.On = meta.DateOf(r.Started.In(pl.zone)).String()
		if length := r.Finished.In(pl.zone).Sub(r.Started.In(pl.zone)); length > 0 {
			run.Minutes = int(length.Minutes())
		}
	}
	return run
}

func (pl *planner) record(e *site.Entry, l language) *Record {
	r := e.Meta.Record
	v := &Record{
		Kind: r.Kind.Text, Result: r.Result.Text, Ticket: r.Ticket.Text, Revision: r.Revision.Text,
		Operator: pl.partyRef(r.Operator, l), Confirmer: pl.partyRef(r.Confirmer, l), Approver: pl.partyRef(r.Approver, l),
		Moments: pl.moments([]namedTime{{"begun", r.Started}, {"finished", r.Finished}}),
	}
	if e.Of != nil {
		to := link(e.Of, l.code)
		v.Of = &to
	}
	return v
}

// letters are those of a RACI matrix, in the order in which they are read.
var letters = []string{"R", "A", "C", "I"}

// matrix plans a RACI matrix: by activity, and the same by role.
func (pl *planner) matrix(e *site.Entry, l language) *Matrix {
	m := &Matrix{Lang: e.Lang, Signs: signs(e)}
	roles := rolesOf(e)
	for _, r := range roles {
		role := Role{Link: pl.name(meta.Str{Text: r}, l)}
		if p := pl.s.Party(r); p != nil {
			role.Kind = string(p.Kind)
		}
		m.Roles = append(m.Roles, role)
	}
	by := make([]map[string][]Link, len(roles))
	for i := range by {
		by[i] = map[string][]Link{}
	}
	for _, a := range e.Activities {
		row := MatrixRow{Activity: a.Activity.Text, Page: pl.refLink(e, a.Runbook, l.code), Note: a.Note.Text, Cells: make([]string, len(roles)), Gaps: pl.activityGaps(e, a)}
		m.Notes = m.Notes || row.Note != ""
		what := Link{Label: Label{Text: row.Activity, Lang: e.Lang}}
		if row.Page != nil {
			what.URL = row.Page.URL
		}
		for i, holders := range [][]meta.Str{a.Responsible, a.Accountable, a.Consulted, a.Informed} {
			for _, h := range holders {
				if at := slices.Index(roles, h.Text); at >= 0 {
					row.Cells[at] += letters[i]
					by[at][letters[i]] = append(by[at][letters[i]], what)
				}
			}
		}
		m.Rows = append(m.Rows, row)
	}
	for i, role := range m.Roles {
		view := RoleView{Role: role.Link}
		for _, letter := range []string{"A", "R", "C", "I"} {
			if len(by[i][letter]) > 0 {
				view.Parts = append(view.Parts, RolePart{Letter: letter, What: by[i][letter]})
			}
		}
		m.By = append(m.By, view)
	}
	return m
}

// signs is the legend of a page, in order of the letters.
func signs(e *site.Entry) []Sign {
	var all []Sign
	for sign, letters := range e.Meta.Legend {
		if strings.EqualFold(letters, "none") {
			letters = ""
		}
		all = append(all, Sign{sign, letters})
	}
	slices.SortFunc(all, func(a, b Sign) int {
		return cmp.Or(cmp.Compare(cmp.Or(a.Letters, "Z"), cmp.Or(b.Letters, "Z")), cmp.Compare(a.Sign, b.Sign))
	})
	return all
}

// rolesOf are the roles of a matrix in the order in which they are declared, then those that only its activities name.
func rolesOf(e *site.Entry) []string {
	var roles []string
	add := func(all []meta.Str) {
		for _, r := range all {
			if r.Text != "" && !slices.Contains(roles, r.Text) {
				roles = append(roles, r.Text)
			}
		}
	}
	add(e.Roles)
	for _, a := range e.Activities {
		for _, holders := range holdersOf(a) {
			add(holders)
		}
	}
	return roles
}

func holdersOf(a document.Activity) [][]meta.Str {
	return [][]meta.Str{a.Responsible, a.Accountable, a.Consulted, a.Informed}
}
