package page

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/meta"
)

// Work is what a run of a page needs beside the page itself, for the script that runs it. Names are short because every page carries one.
type Work struct {
	Page      string       `json:"page"`           // URL
	Of        string       `json:"of"`             // what a record names: the id of the page, else its path
	Path      string       `json:"path,omitempty"` // in the source
	Title     string       `json:"title"`
	Lang      string       `json:"lang"`
	Revision  string       `json:"rev"`
	Owner     string       `json:"owner,omitempty"`
	Approved  string       `json:"approved,omitempty"`
	Number    string       `json:"number,omitempty"` // of the document
	Severity  string       `json:"severity,omitempty"`
	Services  []string     `json:"services,omitempty"` // ids
	Affected  []string     `json:"affected,omitempty"` // names of the services
	Tier      string       `json:"tier,omitempty"`     // of the most important service
	Minutes   int          `json:"minutes,omitempty"`  // planned
	Params    []WorkParam  `json:"params,omitempty"`
	Presets   []WorkPreset `json:"presets,omitempty"`
	Calls     []Call       `json:"calls,omitempty"`
	Updates   []Update     `json:"updates,omitempty"`
	Decisions []Verdict    `json:"decisions,omitempty"`
	Turn      *Turn        `json:"turn,omitempty"`
	People    []Known      `json:"people,omitempty"` // who probably runs this: members of the owner and of those who are called
}

// WorkParam is a value that is asked for.
type WorkParam struct {
	Name    string `json:"name"`
	Pattern string `json:"pattern,omitempty"`
	Default string `json:"default,omitempty"`
	Secret  bool   `json:"secret,omitempty"`
}

// WorkPreset is the values of one environment.
type WorkPreset struct {
	Name       string            `json:"name"`
	Production bool              `json:"production,omitempty"`
	Values     map[string]string `json:"values"`
}

// Call is one step of the escalation path. After is minutes since the start; Open is when the party's business hours are, in words.
type Call struct {
	To       string    `json:"to"`
	After    int       `json:"after"`
	Hours    string    `json:"hours,omitempty"`
	Open     string    `json:"open,omitempty"`
	Holidays []string  `json:"holidays,omitempty"`
	Ways     []Contact `json:"ways,omitempty"`
}

// Update is one line of the communication plan that comes again and again. Every is minutes; Message names a message of the page.
type Update struct {
	Who     string `json:"who"`
	Where   string `json:"where,omitempty"`
	Every   int    `json:"every"`
	Message string `json:"message,omitempty"`
}

// Verdict is a decision and who takes it.
type Verdict struct {
	What        string `json:"what"`
	By          string `json:"by,omitempty"`
	Criterion   string `json:"criterion,omitempty"`
	Preapproved bool   `json:"preapproved,omitempty"`
}

// Turn is when to turn back: Within is minutes after the start and At a time of the day, where the page says one of the two.
type Turn struct {
	When   string `json:"when"`
	By     string `json:"by,omitempty"`
	Within int    `json:"within,omitempty"`
	At     string `json:"at,omitempty"`
	Text   string `json:"text,omitempty"`
}

// Known is somebody of the directory.
type Known struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// most is how many people a sheet names: enough for a team and those beside it.
const most = 40

// runs reports whether a page is there to be run. One that says its result is the account of what was done, as a finished review is.
func (pl *planner) runs(e *site.Entry, l language) bool {
	return e.Type.Has(doctype.Runnable) && len(e.Groups) > 0 && len(pl.fact("result", e, l).Values) == 0
}

// work plans the run of a page, nil for a page without steps or of a type that is not run.
func (pl *planner) work(d *Doc, e *site.Entry, l language) *Work {
	if !pl.runs(e, l) {
		return nil
	}
	x := &Work{
		Page: e.URL, Of: cmp.Or(e.ID, e.Original().ID, e.Doc.Path), Path: e.Doc.Path, Title: e.Title, Lang: e.Lang, Revision: e.Doc.Hash[:min(12, len(e.Doc.Hash))],
		Severity: d.Severity.Name, Minutes: e.Meta.Duration.Minutes + e.Meta.Duration.Days*24*60, Number: documentNumber(e),
	}
	if e.Owner != nil {
		x.Owner = e.Owner.ID
	}
	if by := pl.partyRef(e.Meta.ApprovedBy, l); by != nil {
		x.Approved = strings.TrimSpace(by.Text + " " + e.Meta.ApprovedOn.String())
	}
	for _, s := range e.Services {
		x.Services, x.Affected = append(x.Services, s.ID), append(x.Affected, service(s, l).Text)
		if s.Tier != "" && (x.Tier == "" || s.Tier < x.Tier) {
			x.Tier = s.Tier
		}
	}
	for i, param := range d.Params {
		x.Params = append(x.Params, WorkParam{Name: param.Name, Pattern: param.Pattern, Default: e.Meta.Params[i].Default.Text, Secret: param.Secret})
	}
	for _, s := range d.Presets {
		x.Presets = append(x.Presets, WorkPreset(s))
	}
	pl.workPlans(x, d, e)
	x.People = pl.peopleFor(e, l)
	return x
}

// workPlans says whom to call, whom to tell and what to decide.
func (pl *planner) workPlans(x *Work, d *Doc, e *site.Entry) {
	for i, step := range d.Path {
		c := Call{To: step.To.Text, After: inMinutes(step.After), Hours: step.Hours, Ways: step.Contacts}
		if p := e.Escalation[i].Party; p != nil && c.Hours != "" {
			c.Open, c.Holidays = p.Hours, p.Holidays
		}
		x.Calls = append(x.Calls, c)
	}
	for _, m := range d.Plan {
		if every := inMinutes(m.Every); every > 0 {
			x.Updates = append(x.Updates, Update{Who: m.Who, Where: m.Where, Every: every, Message: m.Message})
		}
	}
	for _, v := range d.Verdicts {
		x.Decisions = append(x.Decisions, Verdict{What: v.What, By: v.By.Text, Criterion: v.Criterion, Preapproved: v.Preapproved})
	}
	if r := d.Rollback; r != nil {
		x.Turn = &Turn{When: r.When, Text: r.DecideBy}
		if r.By != nil {
			x.Turn.By = r.By.Text
		}
		x.Turn.Within, x.Turn.At = deadline(r.DecideBy)
	}
}

// peopleFor are the members of the owner and of those who are called, for the names of a run.
func (pl *planner) peopleFor(e *site.Entry, l language) []Known {
	var all []Known
	add := func(p *config.Party) {
		if p != nil && len(all) < most && !slices.ContainsFunc(all, func(k Known) bool { return k.ID == p.ID }) {
			all = append(all, Known{ID: p.ID, Name: party(p, l).Text})
		}
	}
	members := func(p *config.Party) {
		for _, m := range p.Members {
			add(pl.s.Party(m.Text))
		}
	}
	parties := []*config.Party{e.Owner}
	for _, step := range e.Escalation {
		parties = append(parties, step.Party)
	}
	for _, p := range parties {
		if p != nil {
			members(p)
		}
	}
	for _, p := range parties {
		add(p)
	}
	return all
}

// documentNumber is the number that a site gives its documents in a key of its own, else the page's id.
func documentNumber(e *site.Entry) string {
	for _, f := range e.Front.Fields {
		if f.Key == "document_number" {
			return f.Value.Text
		}
	}
	return e.Original().ID
}

// inMinutes is a span in minutes; months do not occur in plans of an incident and count as 30 days.
func inMinutes(s Span) int { return (s.Months*30+s.Days)*24*60 + s.Minutes }

// aroundTime are the words around a length of time by which something must be decided.
var aroundTime = regexp.MustCompile(`(?i)^(?:作業)?(?:開始|着手)(?:から|後)|^(?:within|after)\s+|(?:以内|経過(?:時点|後)?|まで|後)+(?:に)?$|\s*(?:after|from|of)\s+(?:the\s+)?(?:start|beginning)$`)

// clockTime is a time of the day.
var clockTime = regexp.MustCompile(`(?:^|[^0-9])([01]?[0-9]|2[0-3]):([0-5][0-9])(?:[^0-9]|$)`)

// deadline reads by when something must be decided: minutes after the start, else a time of the day, else neither.
func deadline(text string) (within int, at string) {
	text = strings.TrimSpace(norm.NFKC.String(text))
	bare := text
	for range 3 { // words stand on both sides
		bare = strings.TrimSpace(aroundTime.ReplaceAllString(bare, ""))
	}
	if span, problems := meta.ParseSpan(meta.Str{Text: bare}); len(problems) == 0 && bare != "" && span.Months == 0 {
		return span.Days*24*60 + span.Minutes, ""
	}
	if m := clockTime.FindStringSubmatch(text); m != nil {
		return 0, ("0" + m[1])[len(m[1])-1:] + ":" + m[2]
	}
	return 0, ""
}
