package document

import (
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// Meta is front matter decoded into typed fields. A zero field was not given. Keys that only a site's own types know stay in Document.Front.
type Meta struct {
	Title, Description, ID, Type, Status, SupersededBy meta.Str
	Owner, ReviewedBy, ApprovedBy                      meta.Str
	Author                                             []meta.Str
	LastReviewed, ApprovedOn                           meta.Day
	ReviewIn                                           meta.Span
	Policy                                             meta.Str // escalation as the name of a policy
	Escalation                                         []Escalation
	Severity                                           meta.Str
	Services, Tags, Alerts, Controls                   []meta.Str
	Aliases, Related, Watches                          []meta.Str
	Trigger, Schedule, Lang, TranslationOf             meta.Str
	Automation                                         Automation
	Search                                             Search
	Weight                                             int

	Outcome                                    meta.Str
	Success                                    []meta.Str
	Tools, Permissions, Symptoms, Stakeholders []meta.Str
	Duration                                   meta.Span
	Rollback                                   Rollback
	Decisions                                  []Decision
	Params                                     []Param
	Presets                                    []Preset
	Communication                              []Communication

	Causes       []Cause
	Incident     Incident
	RecurrenceOf meta.Str
	Actions      []Action
	Changed      []meta.Str
	AppliesTo    []meta.Str

	Roles      []meta.Str
	Activities []Activity
	Legend     map[string]string // sign -> letters, "none" for nothing

	Record Record
}

// Escalation is one step of an escalation path written on the page itself. After is counted from the start of the incident.
type Escalation struct {
	Pos   diag.Pos
	To    meta.Str
	After meta.Span
	When  meta.Str
	Hours meta.Str // "business", "off" or nothing for always
}

// Automation says how far work is automated: State is manual, assisted, automated or delegated; Plan is candidate, deliberate or none.
type Automation struct{ State, Plan, Reason, URL meta.Str }

// Search is how a page takes part in search; Boost 0 means 1.
type Search struct {
	Exclude bool
	Boost   float64
}

// Rollback is when to turn back, by when to decide and who decides.
type Rollback struct{ When, DecideBy, By meta.Str }

// Decision is a decision the page asks for.
type Decision struct {
	Pos                 diag.Pos
	What, By, Criterion meta.Str
	Preapproved         bool
}

// Param is a value asked once and filled into every command.
type Param struct {
	Pos                                          diag.Pos
	Name, Description, Pattern, Example, Default meta.Str
	Secret                                       bool
}

// Preset fills several parameters at once: for one environment.
type Preset struct {
	Name       meta.Str
	Production bool
	Values     map[string]string
}

// Communication is one line of a communication plan: who is told, where, how often, by whom, and with which message of the page.
type Communication struct {
	Who, Where, By, Message meta.Str
	Every                   meta.Span
}

// Cause is one possible cause. Runbook is the id or path of the page that handles it, empty in a lesson's plain list.
type Cause struct {
	Pos            diag.Pos
	Cause, Runbook meta.Str
}

// Incident is when what happened, and what it meant.
type Incident struct {
	Started, Detected, Mitigated, Resolved meta.Moment
	DetectedBy, Severity, Impact           meta.Str
	Services                               []meta.Str
	Pos                                    meta.Str // the key itself, for diagnostics
}

// Action is something somebody has to do by a day. Kind is temporary, permanent or prevention (暫定, 恒久, 再発防止); Status open, done or dropped.
type Action struct {
	Pos                                 diag.Pos
	ID, What, Kind, Owner, Status, Link meta.Str
	Due                                 meta.Day
}

// Activity is one row of a RACI matrix.
type Activity struct {
	Pos                                           diag.Pos
	Activity                                      meta.Str
	Responsible, Accountable, Consulted, Informed []meta.Str
	Runbook, Note                                 meta.Str
}

// Record is the evidence of a run or a drill.
type Record struct {
	Of, Revision, Kind, Operator, Confirmer, Approver, Result, Ticket meta.Str
	Started, Finished                                                 meta.Moment
}
