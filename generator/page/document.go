package page

import (
	"opsbook/generator/markdown"
	"opsbook/internal/diag"
)

// Doc is a document.
type Doc struct {
	Type     Link // to its list
	TypeName string
	Anchor   string // fragment of the first section of steps, "" without steps
	Lang     string
	TitleID  string // anchor of the heading that the title stands for
	ID       string
	Status   string
	Severity Severity
	Summary  Label
	Review   Review
	Owner    *Link
	Facts    []Fact
	More     []Fact // less urgent: services, tags, alerts, controls, …
	Reviewed bool   // the type is reviewed
	Index    bool   // the index page of a folder: what it lists matters more than its own facts
	Runnable bool
	Drill    *Run // the newest drill
	Runs     []Run
	Path     []Step // escalation
	Params   []Param
	Presets  []Preset
	Work     *Work // what running the page needs, nil where it cannot be run
	Verdicts []Decision
	Rollback *Rollback
	Plan     []Message
	Causes   []Cause
	Incident *Incident
	Actions  []ActionRow
	Matrix   *Matrix
	Record   *Record
	Terms    []Term
	Toc      []Heading
	Linkers  []Link // what links here
	Related  []Link
	Source   *Link // what this is a translation of
	Lag      *Lag  // how that left this behind
	Instead  *Link // what supersedes it
	Problems []Problem
	Changes  []Change // newest first
	Body     markdown.Body
	Whys     map[int]diag.Text // why a link of the body is broken, by its key
	BodyHash string            // stands for Body.Text when hashing
}

// Lag is what changed in an original after its translation.
type Lag struct {
	On       string // day of the last change
	Sections []Link // of the original, those that changed
	Gone     []string
	Keys     []string // of front matter
}

// Severity is a severity and its place, 1 for the most severe; the zero value is none.
type Severity struct {
	Name string
	Rank int
}

// Review is the review state as of the site's day. A browser computes it anew from Due.
type Review struct {
	State   string
	Due     string // YYYY-MM-DD, "" when it never falls due
	On      string // last reviewed
	By      *Link
	Reasons []diag.Text
}

// Fact is one line of the header card.
type Fact struct {
	Key    string // of the interface word "fact.<Key>"
	Name   string // shown when there is no such word
	Values []Value
}

// Value is one value of a fact: a text, a link, a date or a length of time.
type Value struct {
	Link
	Date string
	Then string // the days after Date on which it comes again, as far as a reader may need them before the next build
	Span Span
}

// Span is a length of time.
type Span struct{ Months, Days, Minutes int }

// IsZero reports whether the span has no length.
func (s Span) IsZero() bool { return s == Span{} }

// Step is one step of the escalation path.
type Step struct {
	To       Label
	URL      string // of the party's page
	Known    bool
	After    Span
	When     string
	Hours    string // "business", "off", ""
	Open     string // when the party answers, in words
	Contacts []Contact
	Verified string // YYYY-MM-DD, "" when nobody did
	Due      string // when the contact must be verified again
	Late     bool   // that day is past
	Decides  bool
}

// Contact is one way to reach somebody.
type Contact struct{ Kind, Text, URL string }

// Param is a value that the page asks for.
type Param struct {
	Name, Description, Pattern, Example, Default string
	Secret                                       bool
}

// Preset is the values of one environment, filled in together.
type Preset struct {
	Name       string
	Production bool
	Values     map[string]string
}

// Decision is a decision that the page asks for.
type Decision struct {
	What, Criterion string
	By              Link
	Preapproved     bool
}

// Rollback is when to turn back.
type Rollback struct {
	When, DecideBy string
	By             *Link
}

// Message is one line of the communication plan.
type Message struct {
	Who, Where, Message string
	Every               Span
}

// Cause is a cause of a playbook and the page that handles it.
type Cause struct {
	Cause    string
	Page     *Link
	Severity Severity
	Review   *Review
}

// Incident is when what happened. Times are written in the organisation's zone; Length is minutes from Started.
type Incident struct {
	Severity   Severity
	Impact     string
	DetectedBy string
	Services   []Link
	Moments    []Moment
	Again      *Link // what it is a recurrence of
}

// Moment is one time of an incident or a run.
type Moment struct {
	Key     string // started, detected, mitigated, resolved of an incident; begun, finished of a run
	Text    string // 2026-03-04 21:10 in the organisation's zone
	ISO     string
	Minutes int // since the first moment
	First   bool
}

// ActionRow is something somebody has to do.
type ActionRow struct {
	ID, What, Kind, Status, Due string
	Lang                        string
	Late                        bool // open and past due as of the site's day
	Owner                       *Link
	URL                         string // where the work is tracked
	Page                        *Link  // the lesson, on pages of other documents' actions
}

// Matrix is a RACI matrix.
type Matrix struct {
	Page  *Link
	Lang  string
	Roles []Role
	Rows  []MatrixRow
	By    []RoleView // the same by role
	Notes bool
	Signs []Sign // what the page writes instead of letters
}

// Role is one column of a matrix. Kind is that of its party, "" for one that the directory does not know.
type Role struct {
	Link
	Kind string
}

// Sign is what a page writes for letters; "" stands for none.
type Sign struct{ Sign, Letters string }

// MatrixRow is one activity. Cells are in the order of Matrix.Roles.
type MatrixRow struct {
	Activity string
	Page     *Link
	Cells    []string // "A", "R", "AR", ""
	Gaps     []string // words for what is wrong with it
	Note     string
}

// RoleView is what one role does.
type RoleView struct {
	Role  Link
	Parts []RolePart
}

// RolePart is the activities in which a role has one letter.
type RolePart struct {
	Letter string
	What   []Link // URL "" for an activity without a page
}

// Record is the evidence of a run.
type Record struct {
	Of                            *Link
	Kind, Result, Ticket          string
	Revision                      string
	Operator, Confirmer, Approver *Link
	Moments                       []Moment
}

// Run is one record of a run of a page, in a list.
type Run struct {
	Link
	Kind, Result, On, Operator string
	Minutes                    int
}

// Heading is one line of the contents.
type Heading struct {
	ID, Text string
	Level    int    // 2 or 3
	Part     string // recognised section id, "" for none
}

// Problem is something wrong with the file that its readers must know.
type Problem struct {
	Line    int
	Message diag.Text
	Hint    diag.Text
}
