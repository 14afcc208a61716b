// Package page is the fourth stage: which pages the site has, and each of them, when it is asked for, as a closed value.
//
// A Page holds all that a template may know and nothing else: a page that shows another page's title contains that title. So rendering is
// a function of the value, and a page is rendered again exactly when its Hash changes. Nothing here knows words of the interface (render looks
// them up by key), the clock (states are as of the site's day) or the whole tree (navigation is local; Map alone lists everything).
package page

import (
	"opsbook/internal/diag"
)

// Page is one HTML file of the site. Shared between builds: never mutate.
type Page struct {
	File        string   // output path
	Twins       []string // other output paths that hold the same bytes
	URL         string   // site-relative and unescaped, "" for home
	Root        string   // leads from the page to the site's root: "./", "../../"; from base_url's path in 404.html
	Lang        string   // language of the interface
	Layout      string   // template of the whole file: "layout/page" or "layout/stub"
	Template    string   // template of what is inside <main>: "layout/plain", "types/runbook/page", …
	Kind        string   // what the page is, for styles and scripts: "home", "list", "document", …
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
	Lists    []List  // tables of pages
	Sheets   []Sheet // the pages that a list too long for one is cut into; Sheet is the number of this one
	Sheet    int
	Folder   *Listing
	Index    *Index // an index of links in groups: tags, teams, services
	Party    *Party
	Service  *Service
	Queue    *Queue
	Map      []Node
	Glossary []Term
	Recent   []Change
	Commits  []Commit // what the last ones changed
	Actions  []ActionRow
	Past     *Incidents
	Matrices []*Matrix
	Ledgers  []Ledger   // tables of facts about many pages
	Alert    *AlertCard // what an alert's name leads to where no one page answers it
	Feed     string     // address of a feed of this page's own, from the root; "" for none
	Forms    []Link     // what the page shows, in forms that programs and calendars read
	Search   bool
	Names    map[string]map[string]string // of services and owners by their ids, on the page of search
	Offline  bool                         // what the reader's browser keeps of the site
	Front    *Front                       // of a bundle
	Pack     *Pack
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
	URL    string
	Anchor string // on that page, unescaped; "" for its top
	Away   bool
	Rel    string // code of what the target is, for a mark beside it: a type's name, "ja", …
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
	Missing string   // where to ask for a page that search did not find, with a slot {{query}}; "" for nowhere
	Offline bool     // browsers keep a copy
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
	Step    string // Problem of one step, with {{step}} and {{anchor}} left to fill in; "" for a page without steps
}

// Stub is an old address.
type Stub struct {
	To    string // relative to the stub
	Title Label
}
