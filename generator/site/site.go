// Package site is the third stage: all documents resolved together into one linked whole.
//
// Resolve knows every neighbour: addresses, owners, links and what points back, translations, review states. Its result is plain data that
// the planner of pages, the rules and the commands read.
package site

import (
	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/history"
	"opsbook/internal/meta"
)

// Site is a content tree resolved as of a day. Shared between builds: never mutate.
type Site struct {
	Config    *config.Config
	Directory *config.Directory
	Types     *doctype.Set // as the site calls them
	Clock     meta.Date
	History   *history.History    // nil when nobody asked Git
	Entries   []*Entry            // by URL
	Folders   []*Folder           // by URL: folders without an index page of their own included; the first is the root
	Assets    map[string]string   // source path -> output path of every asset that a page or the configuration leads to
	Languages []string            // interface languages, default first
	Alerts    map[string][]*Entry // exact alert name -> the pages that answer it, most severe first; archived pages and translations left out
	AlertList []*Alert            // every alert that a source or a page names, by name
	Tags      map[string][]*Entry // tag -> pages, by URL
	Problems  []diag.Diagnostic   // what is wrong that only the whole can know (links, ids, URLs), and with keys by type

	AlertsKnown bool // alert sources are configured and were understood: an alert that none defines does not exist

	alerts  map[string]*Alert // by exact name
	byPath  map[string]*Entry
	byID    map[string]*Entry
	byURL   map[string]*Entry
	byAlias map[string]*Entry
	folders map[string]*Folder // by path in the source
	hidden  map[string]bool    // paths of drafts that are left out
	parties map[string]*config.Party
	owners  *history.Owners
	files   *fileNames
}

// Entry is one document in its place.
type Entry struct {
	Doc      *document.Document
	Meta     document.Meta // front matter, over the information table, over the original of a translation, over defaults by path, over CODEOWNERS
	Front    meta.Value    // the same as a Map
	Type     *doctype.Type
	Lang     string
	Title    string
	ID       string // "" when none was given
	Key      string // ID, else the path: never empty, unique; translations have their own
	Status   string // draft, active, deprecated or archived
	URL      string // relative to the site, unescaped, "" for home, else ends in /
	Index    bool   // the index page of its folder
	Folder   *Folder
	Weight   int
	Severity string
	Summary  string // description, else the first sentence of the prose; plain text

	Owner      *config.Party // nil when unknown
	Escalation []Step        // the path that applies, resolved
	Services   []*config.Service
	Review     Review
	Groups     []StepGroup
	Sections   map[string]int      // recognised section id -> index into Doc.Sections
	Links      map[int]Target      // by document.Link.At
	Backlinks  []*Entry            // who links here, by URL
	Causes     []CauseLink         // as in Meta.Causes
	Activities []document.Activity // from the front matter or a table of the body; roles are ids of parties where they are known
	Roles      []meta.Str
	Related    []*Entry
	Superseder *Entry   // what replaces this page; nil when nothing does
	Source     *Entry   // of a translation: what it is a translation of
	Lag        *Lag     // of a translation that its original left behind
	Others     []*Entry // the same page in other languages, by language
	Of         *Entry   // of a record: the page that was run
	Records    []*Entry // records of runs and drills of this page, newest first
	Aliases    []string // URLs that lead here, as output paths without a leading /; they end in / or name a file
	Alerts     []string
}

// Folder is one folder of the source that holds pages.
type Folder struct {
	Path    string // in the source; "" for the root
	URL     string
	Title   string
	Lang    string
	Parent  *Folder
	Index   *Entry // nil when it has no index page
	Folders []*Folder
	Entries []*Entry // by weight, then title; without the index and without translations of others
}

// Step is one step of a resolved escalation path.
type Step struct {
	Party *config.Party // nil when unknown
	To    meta.Str
	After meta.Span
	When  string
	Hours string
}

// StepGroup is the steps of one section of a page.
type StepGroup struct {
	Section int // index into Doc.Sections
	Form    Form
	Steps   []RunStep
}

// Form is how steps are written.
type Form string

// The four forms of steps, in order of preference.
const (
	FormList     Form = "list"
	FormHeadings Form = "headings"
	FormTable    Form = "table"
	FormBullets  Form = "bullets"
)

// RunStep is one step. ID is its anchor; At is the byte offset in the text of the block that shows it.
type RunStep struct {
	ID      string // "step-2-1"
	Number  string // "2.1"
	Text    string
	Minutes int // planned, from （目安 5分）; 0 when not given
	Pos     diag.Pos
	At      int
	Steps   []RunStep
}

// State is how far a page can be trusted.
type State string

// The review states.
const (
	Fresh      State = "fresh"
	Due        State = "due"
	Stale      State = "stale"
	Unreviewed State = "unreviewed"
	Drifted    State = "drifted"
	Outdated   State = "outdated"
	Exempt     State = "" // drafts, archived pages and types that are not reviewed
)

// Review is the review state of a page as of the clock, and why.
type Review struct {
	State   State
	Due     meta.Date // zero when it never falls due
	Reasons []diag.Text
}

// TargetKind says where a link leads.
type TargetKind uint8

// Where links lead.
const (
	External TargetKind = iota // another site, mail, phone
	ToPage                     // a page of this site
	ToAsset                    // a file of this site
	ToHere                     // an anchor of the same page
	Broken                     // nowhere; Why says so
	Unsafe                     // a scheme that is not allowed
)

// Target is where a link of a page leads.
type Target struct {
	Kind     TargetKind
	URL      string // External: as it is; ToPage and ToAsset: site-relative and unescaped, without query and fragment
	Query    string // of a link to a page, as written, without "?"
	Fragment string // unescaped, without "#"; "" when the target has no such anchor
	Title    string // of the page, when the link text is the id in brackets
	Why      diag.Text
}

// CauseLink is a cause of a playbook and the page that handles it; Page is nil when there is none.
type CauseLink struct {
	Cause string
	Page  *Entry
}

// Page returns the page with an id or a path in the source, or nil.
func (s *Site) Page(idOrPath string) *Entry { return s.Ref(nil, idOrPath) }

// ByURL returns the page at a site-relative, unescaped URL, or nil.
func (s *Site) ByURL(url string) *Entry { return s.byURL[url] }

// Folder returns the folder with a path in the source, or nil.
func (s *Site) Folder(path string) *Folder { return s.folders[path] }

// Party returns the team, person or vendor with an id or handle, or nil.
func (s *Site) Party(id string) *config.Party { return s.parties[id] }

// In returns the page in a language, or as it is where there is no such translation.
func (e *Entry) In(lang string) *Entry {
	if e == nil || e.Lang == lang {
		return e
	}
	for _, o := range e.Others {
		if o.Lang == lang {
			return o
		}
	}
	return e
}

// Original returns what a translation is a translation of, and any other page itself.
func (e *Entry) Original() *Entry {
	if e.Source != nil {
		return e.Source
	}
	return e
}
