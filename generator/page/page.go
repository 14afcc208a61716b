// Package page is the fourth stage: every page of the site, planned as a closed value.
//
// A Page holds all that a template may know and nothing else: a page that shows another page's title contains that title. So rendering is
// a function of the value, and a page is rendered again exactly when its Hash changes. Nothing here knows words of the interface (render looks
// them up by key), the clock (states are as of the site's day) or the whole tree (navigation is local; Map alone lists everything).
package page

import (
	"opsbook/generator/markdown"
	"opsbook/internal/diag"
)

// Page is one HTML file of the site. Shared between builds: never mutate.
type Page struct {
	File        string // output path
	URL         string // site-relative and unescaped, "" for home
	Root        string // leads from the page to the site's root: "./", "../../"; from base_url's path in 404.html
	Lang        string // language of the interface
	Layout      string // template of the whole file: "layout/page" or "layout/stub"
	Template    string // template of what is inside <main>: "layout/plain", "types/runbook/page", …
	Kind        string // what the page is, for styles and scripts: "home", "list", "document", …
	Frame       *Frame
	Title       Label
	Description string
	Canonical   string // absolute, "" without base_url
	NoIndex     bool   // not for other sites' search engines
	Versions    []Version
	Crumbs      []Link
	Nav         Nav
	Prev, Next  *Link
	Tools       Tools
	Origin      diag.Pos // what asked for the page, for diagnostics; zero for generated pages

	Doc      *Doc // the document of this page, if it has one
	Home     *Home
	Lists    []List // tables of pages
	Folder   *Listing
	Index    *Index // an index of links in groups: tags, teams, services
	Party    *Party
	Service  *Service
	Queue    *Queue
	Map      []Node
	Glossary []Term
	Recent   []Change
	Actions  []ActionRow
	Past     *Incidents
	Matrices []*Matrix
	Ledgers  []Ledger   // tables of facts about many pages
	Alert    *AlertCard // what an alert's name leads to where no one page answers it
	Feed     string     // address of a feed of this page's own, from the root; "" for none
	Search   bool
	Missing  bool // 404
	Stub     *Stub
}

// Label is a short text with its language, or the key of an interface word with what fills its gap.
type Label struct {
	Key  string
	Text string
	Lang string // "" for names that belong to no language
}

// Link is a page or an address elsewhere. URL is site-relative and unescaped unless Away.
type Link struct {
	Label
	URL  string
	Away bool
	Rel  string // code of what the target is, for a mark beside it: a type's name, "ja", …
}

// Version is this page in another language. Exact is false where only a page near it exists.
type Version struct {
	Link
	Code     string // language
	Exact    bool
	Absolute string // for rel=alternate, "" without base_url
}

// Frame is what all pages of one language share.
type Frame struct {
	Site    string // site id: keys what browsers store
	Title   string
	Logo    string   // output path, "" for none
	Favicon string   // output path, "" for ours
	Prefix  string   // "" or "en/": where pages of this language begin
	Zone    string   // time zone of the organisation
	Ranks   []string // severities, most severe first
	Days    int      // days before the due date on which a page becomes due
	Base    string   // base_url
	Menu    []Link   // the types that have pages, in order
	More    []Link   // generated pages
}

// Nav is the local navigation: what is beside a page and below it.
type Nav struct {
	Up       *Link
	Beside   []Link // at most Beside links, with the page itself
	Below    []Link
	Clipped  bool // there are more beside
	Siblings bool // Beside has more than the page itself
}

// Tools is where a reader goes to change or report a page. Addresses are complete; "" when the site has none.
type Tools struct {
	Source  string // path in the source
	Edit    string
	Log     string
	Problem string
	Change  string
	Missing string
}

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
	Instead  *Link // what supersedes it
	Problems []Problem
	Changes  []Change // newest first
	Body     markdown.Body
	Whys     map[int]diag.Text // why a link of the body is broken, by its key
	BodyHash string            // stands for Body.Text when hashing
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
	Roles []Link
	Rows  []MatrixRow
	By    []RoleView // the same by role
	Notes bool
}

// MatrixRow is one activity. Cells are in the order of Matrix.Roles.
type MatrixRow struct {
	Activity string
	Page     *Link
	Cells    []string // "A", "R", "AR", ""
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

// Change is one commit of one page, or the last one in a list of pages.
type Change struct {
	Link
	On, Who, Message string
	Type             Label
}

// Item is a row of a table of pages.
type Item struct {
	Link
	ID       string
	Summary  Label
	Type     Label
	TypeName string
	Status   string
	Severity Severity
	Review   Review
	Owner    *Link
	Services []Link
	Tags     []string
}

// List is a table of pages, in groups that a reader can jump to.
type List struct {
	Title  Label
	Groups []Group
	Facets []Facet
	Plain  bool // no states and owners: notes, archived pages
}

// Group is a run of a list under a heading. ID is its anchor.
type Group struct {
	ID    string
	Title Label
	Rank  int // severity
	Items []Item
}

// Facet is one way to narrow a list: links that work alone (to a group or a page) and that the browser turns into filters.
type Facet struct {
	Key    string // severity, state, owner, service, tag
	Values []FacetValue
}

// FacetValue is one value of a facet.
type FacetValue struct {
	Link
	Value string
}

// Listing is what a folder holds.
type Listing struct {
	Folders []Link
	Items   []Item
}

// Index is links in groups.
type Index struct{ Groups []IndexGroup }

// IndexGroup is one group of an index.
type IndexGroup struct {
	Title Label
	Links []Entry
}

// Entry is one link of an index with how many pages it leads to.
type Entry struct {
	Link
	Count int
	Note  Label
}

// Party is a team, a person or a vendor.
type Party struct {
	Kind          string
	Name          Label
	ID            string
	Contacts      []Contact
	Hours, Zone   string
	Verified, Due string
	Until         string
	Members       []Link
	Teams         []Link
	Support       []Fact
	Services      []Link
	Accountable   []Link // activities for which it answers
	Calls         []Agreement
	Escalates     []Link // to whom its pages escalate
}

// Agreement is what one team promised another.
type Agreement struct {
	From, To Link
	Channel  string
	Response Span
	Hours    string
}

// Service is something that is operated.
type Service struct {
	ID, Tier   string
	Name       Label
	Owner      *Link
	RTO, RPO   *Span
	DependsOn  []Link
	NeededBy   []Link
	Vendors    []Link
	Dashboards []Link
	Repository string
}

// Home is the front page.
type Home struct {
	Lead   Label
	Brief  bool   // the index page is short: it comes first
	Urgent []Item // most severe pages that escalate
	States Tally
	Queue  []Item // what needs a review first
	Recent []Change
	Types  []Entry
	Areas  []Entry // services
	Browse []Entry // folders, where there are no services
}

// Tally counts review states. Dues holds "date*count" of the pages whose state is a matter of time, so that a browser can count anew.
type Tally struct {
	Name  Link
	Dues  string
	Count []StateCount // every state, in the order of urgency
	Total int
}

// StateCount is how many pages are in a state.
type StateCount struct {
	State string
	Count int
}

// Queue is the review queue.
type Queue struct {
	Groups []Group // stale, due, drifted, …: by due date
	Teams  []Tally // by owner
	Most   int     // pages of the owner who has most
	All    Tally
}

// Node is one folder or page of the map.
type Node struct {
	Link
	Type  Label
	Nodes []Node
}

// Term is a word of the glossary.
type Term struct {
	Name, Text, Lang string
	Page             *Link
}

// Incidents is all lessons on a line.
type Incidents struct {
	Rows []IncidentRow
	Most int // minutes at which the chart ends
}

// IncidentRow is one incident.
type IncidentRow struct {
	Link
	On       string
	Severity Severity
	Detect   int // minutes from start to detection, -1 unknown
	Mitigate int // minutes from start to mitigation, -1 unknown
	Resolve  int
	Services []Link
	Open     int // open actions
}

// Stub is an old address.
type Stub struct {
	To    string // relative to the stub
	Title Label
}
