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
const Version = 6

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
	Title   string   `json:"title"`
	URL     string   `json:"url"`
	File    string   `json:"file"`
	Line    int      `json:"line"`
	Section string   `json:"section"` // heading, "" for the text before the first one
	Anchor  string   `json:"anchor"`
	Snippet string   `json:"snippet"`
	Marks   [][2]int `json:"marks"` // rune ranges of Snippet to highlight, ascending, disjoint
	Score   float64  `json:"score"`

	Lang     string `json:"lang"`
	Type     string `json:"type"`
	Owner    string `json:"owner,omitempty"`
	Severity string `json:"severity,omitempty"`
	Status   string `json:"status,omitempty"`
	Due      string `json:"due,omitempty"`
}

// Answer is all that a query yields.
type Answer struct {
	Query     string                    `json:"query"`
	Hits      []Hit                     `json:"hits"`
	Total     int                       `json:"total"`               // documents found, before Limit
	More      bool                      `json:"more,omitempty"`      // there may be more than Total, and than Facets count
	Facets    map[string]map[string]int `json:"facets"`              // facet name to value to documents
	Common    []string                  `json:"common,omitempty"`    // words too common to search texts for
	Corrected []Correction              `json:"corrected,omitempty"` // what was read instead of an unknown word
	Nearest   []Hit                     `json:"nearest,omitempty"`   // when there is no hit: the closest pages
}

// Correction tells that a word was not found and which spellings were used.
type Correction struct {
	From string   `json:"from"`
	To   []string `json:"to"`
}
