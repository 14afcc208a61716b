// Package search says what can be found and asked, and ranks the answers.
// Stage: between the resolved site and its two indexes.
//
// One analyzer, [Analyze], feeds both: search/bleveindex (the terminal and the
// dev server) and search/webindex (the browser). Both rank by the formula of
// this package, so a reader meets the same order everywhere; the browser's
// JavaScript is a port that tests hold against this code.
package search

// Version changes when the same text would be analysed or packed differently:
// what was remembered before is then of no use.
const Version = 1

// Record is one findable document.
type Record struct {
	ID    string // the author's short id (RUN001), not unique across languages
	Title string
	URL   string // relative to the site's root, without a leading slash: "runbooks/db-failover/"
	Lang  string // BCP 47, "ja" or "en"
	Type  string // id of the document type

	Owner    string
	Severity string // "SEV1", "P2" or one of the site's own
	Status   string // "draft", "active", "deprecated", "archived"

	Services []string
	Tags     []string
	Alerts   []string // exact names; "source:name" is found by both forms

	Boost float64 // multiplies the score; 0 means 1
	Due   string  // next review, YYYY-MM-DD or ""
	State string  // review state as of the build; never enters the browser's index

	File     string // relative to the source root
	Sections []Section
}

// Section is a part of a record. Section 0 is the text before the first
// heading; its Anchor is "".
type Section struct {
	Anchor  string
	Heading string
	Line    int // 1-based line of the heading in the file
	Text    string
}

// Query is one question.
type Query struct {
	Text    string              // words, and filters such as "owner:dba"
	Limit   int                 // hits wanted; 0 means 10, negative means all
	Filters map[string][]string // facet name to accepted values, beside those in Text
	Clock   string              // today, YYYY-MM-DD; "" leaves freshness out of the ranking
	Lang    string              // the reader's language, preferred between near-ties
}

// Hit is one found document, opened at its best section.
type Hit struct {
	Title   string
	URL     string
	File    string
	Section string // heading, "" for the text before the first one
	Anchor  string
	Line    int
	Snippet string
	Score   float64
	Marks   [][2]int // rune ranges of Snippet to highlight, ascending, disjoint

	Lang, Type, Owner, Severity, Status, Due string
}

// Answer is all that a query yields.
type Answer struct {
	Hits      []Hit
	Total     int                       // documents found, before Limit
	Facets    map[string]map[string]int // facet name to value to documents
	Common    []string                  // words too common to search body text for
	Corrected []Correction              // what was read instead of an unknown word
	Nearest   []Hit                     // when there is no hit: the closest titles
}

// Correction tells that a word was not found and which spellings were used.
type Correction struct {
	From string
	To   []string
}
