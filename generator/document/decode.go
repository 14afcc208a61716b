package document

import (
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// Decode reads front matter into typed fields. A scalar is a list of one. It reports dates and lengths of time that are none; what has
// the wrong kind is left out, and the schema of the page's type says so.
func Decode(front meta.Value) (Meta, []diag.Diagnostic) {
	d := &decoder{}
	var m Meta
	d.page(front, &m)
	d.work(front, &m)
	d.lesson(front, &m)
	d.matrix(front, &m)
	d.record(front, &m)
	return m, d.problems
}

// decoder collects what is wrong with the values it reads.
type decoder struct{ problems []diag.Diagnostic }

// day reads a date.
func (d *decoder) day(v meta.Value) meta.Day {
	day, problems := v.Day()
	d.problems = append(d.problems, problems...)
	return day
}

// span reads a length of time.
func (d *decoder) span(v meta.Value) meta.Span {
	span, problems := v.Span()
	d.problems = append(d.problems, problems...)
	return span
}

// moment reads a point in time.
func (d *decoder) moment(v meta.Value) meta.Moment {
	m, problems := v.Moment()
	d.problems = append(d.problems, problems...)
	return m
}

// yes reports whether a value says yes.
func yes(v meta.Value) bool {
	b, _ := v.Bool()
	return b
}

// page reads the keys of every page.
func (d *decoder) page(v meta.Value, m *Meta) {
	for key, to := range map[string]*meta.Str{
		"title": &m.Title, "description": &m.Description, "id": &m.ID, "type": &m.Type, "status": &m.Status, "superseded_by": &m.SupersededBy,
		"owner": &m.Owner, "reviewed_by": &m.ReviewedBy, "approved_by": &m.ApprovedBy, "severity": &m.Severity, "trigger": &m.Trigger,
		"schedule": &m.Schedule, "lang": &m.Lang, "translation_of": &m.TranslationOf,
	} {
		*to = v.Get(key).Str()
	}
	for key, to := range map[string]*[]meta.Str{
		"author": &m.Author, "services": &m.Services, "tags": &m.Tags, "alerts": &m.Alerts, "controls": &m.Controls, "aliases": &m.Aliases,
		"related": &m.Related, "watches": &m.Watches,
	} {
		*to = v.Get(key).Strs()
	}
	m.LastReviewed, m.ApprovedOn = d.day(v.Get("last_reviewed")), d.day(v.Get("approved_on"))
	m.ReviewIn = d.span(v.Get("review_in"))
	m.Policy, m.Escalation = d.escalation(v.Get("escalation"))
	m.Automation = automation(v.Get("automation"))
	m.Search.Exclude = yes(v.Get("search", "exclude"))
	m.Search.Boost, _ = v.Get("search", "boost").Float()
	m.Weight, _ = v.Get("weight").Int()
}

// escalation reads an escalation path: the name of a policy, or steps. A step that is only a name is whom to call.
func (d *decoder) escalation(v meta.Value) (policy meta.Str, steps []Escalation) {
	if v.Kind == meta.Scalar {
		return v.Str(), nil
	}
	for _, item := range v.List() {
		switch item.Kind {
		case meta.Scalar:
			steps = append(steps, Escalation{Pos: item.Pos, To: item.Str()})
		case meta.Map:
			steps = append(steps, Escalation{
				Pos: item.Pos, To: item.Get("to").Str(), After: d.span(item.Get("after")),
				When: item.Get("when").Str(), Hours: item.Get("hours").Str(),
			})
		}
	}
	return policy, steps
}

// automation reads how far work is automated; a bare word is the state.
func automation(v meta.Value) Automation {
	if v.Kind == meta.Scalar {
		return Automation{State: v.Str()}
	}
	return Automation{State: v.Get("state").Str(), Plan: v.Get("plan").Str(), Reason: v.Get("reason").Str(), URL: v.Get("url").Str()}
}

// work reads the keys of pages that say what to do.
func (d *decoder) work(v meta.Value, m *Meta) {
	m.Outcome = v.Get("outcome").Str()
	m.Success = v.Get("success").Strs()
	m.Tools, m.Permissions = v.Get("tools").Strs(), v.Get("permissions").Strs()
	m.Symptoms, m.Stakeholders = v.Get("symptoms").Strs(), v.Get("stakeholders").Strs()
	m.Duration = d.span(v.Get("duration"))
	back := v.Get("rollback")
	m.Rollback = Rollback{When: back.Get("when").Str(), DecideBy: back.Get("decide_by").Str(), By: back.Get("by").Str()}
	if back.Kind == meta.Scalar {
		m.Rollback.When = back.Str()
	}
	for _, item := range maps(v.Get("decisions")) {
		m.Decisions = append(m.Decisions, Decision{
			Pos: item.Pos, What: item.Get("what").Str(), By: item.Get("by").Str(),
			Criterion: item.Get("criterion").Str(), Preapproved: yes(item.Get("preapproved")),
		})
	}
	for _, item := range v.Get("params").List() {
		if item.Kind == meta.Scalar || item.Kind == meta.Map {
			m.Params = append(m.Params, param(item))
		}
	}
	for _, item := range maps(v.Get("presets")) {
		m.Presets = append(m.Presets, Preset{Name: item.Get("name").Str(), Production: yes(item.Get("production")), Values: words(item.Get("values"))})
	}
	for _, item := range maps(v.Get("communication")) {
		who := item.Get("audience").Str()
		if who.IsZero() {
			who = item.Get("who").Str()
		}
		m.Communication = append(m.Communication, Communication{
			Who: who, Where: item.Get("where").Str(), By: item.Get("by").Str(),
			Message: item.Get("message").Str(), Every: d.span(item.Get("every")),
		})
	}
}

// maps returns the items of a list that are maps; a map is a list of one.
func maps(v meta.Value) []meta.Value {
	var out []meta.Value
	for _, item := range v.List() {
		if item.Kind == meta.Map {
			out = append(out, item)
		}
	}
	return out
}

// words returns a map of texts by their keys as written.
func words(v meta.Value) map[string]string {
	if len(v.Fields) == 0 {
		return nil
	}
	out := make(map[string]string, len(v.Fields))
	for _, f := range v.Fields {
		out[f.Raw] = f.Value.Text
	}
	return out
}

// param reads a parameter; a bare word is its name.
func param(v meta.Value) Param {
	if v.Kind == meta.Scalar {
		return Param{Pos: v.Pos, Name: v.Str()}
	}
	return Param{
		Pos: v.Pos, Name: v.Get("name").Str(), Description: v.Get("description").Str(), Pattern: v.Get("pattern").Str(),
		Example: v.Get("example").Str(), Default: v.Get("default").Str(), Secret: yes(v.Get("secret")),
	}
}

// lesson reads the keys of what was learned from an incident.
func (d *decoder) lesson(v meta.Value, m *Meta) {
	for _, item := range v.Get("causes").List() {
		switch item.Kind {
		case meta.Scalar:
			m.Causes = append(m.Causes, Cause{Pos: item.Pos, Cause: item.Str()})
		case meta.Map:
			m.Causes = append(m.Causes, Cause{Pos: item.Pos, Cause: item.Get("cause").Str(), Runbook: item.Get("runbook").Str()})
		}
	}
	if f, ok := v.Field("incident"); ok {
		i := f.Value
		m.Incident = Incident{
			Started: d.moment(i.Get("started")), Detected: d.moment(i.Get("detected")), Mitigated: d.moment(i.Get("mitigated")), Resolved: d.moment(i.Get("resolved")),
			DetectedBy: i.Get("detected_by").Str(), Severity: i.Get("severity").Str(), Impact: i.Get("impact").Str(), Services: i.Get("services").Strs(),
			Pos: meta.Str{Text: f.Raw, Pos: f.Pos},
		}
	}
	m.RecurrenceOf = v.Get("recurrence_of").Str()
	for _, item := range maps(v.Get("actions")) {
		m.Actions = append(m.Actions, Action{
			Pos: item.Pos, ID: item.Get("id").Str(), What: item.Get("what").Str(), Kind: item.Get("kind").Str(),
			Owner: item.Get("owner").Str(), Status: item.Get("status").Str(), Link: item.Get("link").Str(), Due: d.day(item.Get("due")),
		})
	}
	m.Changed, m.AppliesTo = v.Get("changed").Strs(), v.Get("applies_to").Strs()
}

// matrix reads who is responsible for what.
func (d *decoder) matrix(v meta.Value, m *Meta) {
	m.Roles = v.Get("roles").Strs()
	m.Legend = words(v.Get("legend"))
	for _, item := range maps(v.Get("activities")) {
		m.Activities = append(m.Activities, Activity{
			Pos: item.Pos, Activity: item.Get("activity").Str(),
			Responsible: item.Get("responsible").Strs(), Accountable: item.Get("accountable").Strs(),
			Consulted: item.Get("consulted").Strs(), Informed: item.Get("informed").Strs(),
			Runbook: item.Get("runbook").Str(), Note: item.Get("note").Str(),
		})
	}
}

// record reads the evidence of a run.
func (d *decoder) record(v meta.Value, m *Meta) {
	for key, to := range map[string]*meta.Str{
		"of": &m.Record.Of, "revision": &m.Record.Revision, "kind": &m.Record.Kind, "operator": &m.Record.Operator,
		"confirmer": &m.Record.Confirmer, "approver": &m.Record.Approver, "result": &m.Record.Result, "ticket": &m.Record.Ticket,
	} {
		*to = v.Get(key).Str()
	}
	m.Record.Started, m.Record.Finished = d.moment(v.Get("started")), d.moment(v.Get("finished"))
}
