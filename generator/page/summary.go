package page

// Change is one commit of one page, or the last one in a list of pages.
type Change struct {
	Link
	On, Who, Message string
	Type             Label
	Commit           string // address of the commit at the repository's host, which shows what it did; "" without one
	Since            bool   // after the page was last reviewed
}

// Commit is what one of the last commits changed in pages.
type Commit struct {
	On, Who, Message string
	URL              string // at the repository's host; "" without one
	Files            []FileChange
	More             int // files that are not shown
}

// FileChange is what a commit changed in one page. What is added, renamed or changed.
type FileChange struct {
	Link
	In    string // language of the lines
	What  string
	Lines []DiffLine
	More  int // lines that are not shown
}

// DiffLine is one line: Sign is + for one that came, - for one that went, @ where lines are left out, else a blank. Mark is what differs in a
// line that was rewritten, between Text and Rest.
type DiffLine struct{ Sign, Text, Mark, Rest string }

// Item is a row of a table of pages. It is shared by the pages that show it: never mutate.
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
	Cut    bool // the rest is on other pages
}

// Group is a run of a list under a heading. ID is its anchor.
type Group struct {
	ID    string
	Title Label
	Rank  int // severity
	Items []*Item
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
	Items   []*Item
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
	Brief  bool    // the index page is short: it comes first
	Urgent []*Item // most severe pages that escalate
	States Tally
	Queue  []*Item // what needs a review first
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
	Facets []Facet
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
	Rows   []IncidentRow
	Most   int   // minutes at which the chart ends
	Median []int // minutes to detection, mitigation and recovery, -1 unknown
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
