package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	snippetColumns = 160 // two lines of a result; a Japanese character is two columns
	snippetLead    = 30  // columns shown before the first match
	headingFactor  = 2.5 // a word in a section's heading, against one in its text
	headingWhole   = 1.5 // a section with as many words in the heading as the question has there
	repeatFactor   = .05 // each further occurrence, up to five
)

// Page is what a hit shows of a document.
type Page struct {
	File     string
	Sections []Section
}

// report notes common and corrected words.
func (p *plan) report(r *Ranking) {
	note := func(u planned) {
		if u.common && !slices.Contains(r.Common, u.Term) {
			r.Common = append(r.Common, u.Term)
		}
		if len(u.typos) > 0 {
			r.Corrected = append(r.Corrected, Correction{u.Term, u.typos})
		}
	}
	for _, g := range p.groups {
		for _, u := range g.units {
			note(u)
		}
		for _, alt := range g.alternatives {
			for _, u := range alt.units {
				if len(u.typos) > 0 {
					note(u)
				}
			}
		}
	}
}

// sought maps each term of the plan to the units it answers and its weight.
type sought map[string][]wanted

type wanted struct {
	unit   int
	weight float64
	piece  bool // of a synonym of several units: by itself it says nothing
}

func (p *plan) sought() sought {
	s, n := sought{}, 0
	add := func(u planned, at int, factor float64, piece bool) {
		for _, v := range u.variants {
			s[v.term] = append(s[v.term], wanted{at, v.weight * u.scale * factor, piece})
		}
	}
	for _, g := range p.groups {
		first := n
		for _, u := range g.units {
			add(u, n, 1, false)
			n++
		}
		for _, alt := range g.alternatives {
			for i, u := range alt.units {
				add(u, first+min(i, len(g.units)-1), alt.factor, len(alt.units) > 1 && !alt.partial)
			}
		}
	}
	return s
}

// Hit opens a found document at the section that answers the query best.
func (r *Ranking) Hit(f Found, page Page) Hit {
	d := r.Docs[f.Doc]
	h := Hit{
		Title: d.Title, URL: d.URL, File: page.File, Score: f.Score, Lang: d.Lang, Type: d.Type,
		Owner: d.Owner, Severity: d.Severity, Status: d.Status, Due: d.Due,
	}
	terms := r.plan.sought()
	best, bestScore := 0, -1.0
	for i, s := range page.Sections {
		heading := s.Heading
		if i == 0 {
			heading = d.Title
		}
		score := terms.section(heading, s.Text)
		if i == 0 && s.Text == "" && len(page.Sections) > 1 && !terms.whole(heading) {
			score = 0 // an empty introduction answers nothing unless the title has all that was asked
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	if best < len(page.Sections) {
		s := page.Sections[best]
		h.Section, h.Anchor, h.Line = s.Heading, s.Anchor, s.Line
		h.Snippet, h.Marks = terms.snippet(Clean(s.Text))
	}
	return h
}

// Clean makes one line of a text: what an index keeps for snippets.
func Clean(text string) string { return strings.Join(strings.Fields(text), " ") }

// whole says that a heading holds every unit.
func (s sought) whole(heading string) bool {
	held := map[int]bool{}
	for _, t := range Analyze(heading) {
		for _, w := range s[t.Term] {
			held[w.unit] = true
		}
	}
	for unit := range s.units() {
		if !held[unit] {
			return false
		}
	}
	return true
}

// section scores one section: each unit once, by its best term.
func (s sought) section(heading, text string) float64 {
	inHeading, inText := map[int]float64{}, map[int]float64{}
	repeats := map[int]int{}
	words := 0
	for _, t := range Analyze(heading) {
		if t.Kind == Word || t.Kind == Bigram {
			words++
		}
		for _, w := range s[t.Term] {
			inHeading[w.unit] = max(inHeading[w.unit], w.weight)
		}
	}
	for _, t := range Analyze(text) {
		for _, w := range s[t.Term] {
			inText[w.unit] = max(inText[w.unit], w.weight)
			repeats[w.unit]++
		}
	}
	score := 0.0
	for unit := range s.units() {
		score += headingFactor*inHeading[unit] + inText[unit]*(1+repeatFactor*float64(min(repeats[unit], 5)))
	}
	if words > 0 && len(inHeading) == words {
		score *= headingWhole
	}
	return score
}

// units yields the numbers of the units, ascending, so that sums are the same
// everywhere.
func (s sought) units() func(func(int) bool) {
	last := -1
	for _, list := range s {
		for _, w := range list {
			last = max(last, w.unit)
		}
	}
	return func(yield func(int) bool) {
		for i := 0; i <= last; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

const longMark = "ー"

// match is a token that answers the query.
type match struct {
	start, end int // bytes
	units      []wanted
}

// snippet cuts the part of a one-line text where most of the query stands, and
// returns the rune ranges to highlight in it.
func (s sought) snippet(text string) (string, [][2]int) {
	var matches []match
	for _, t := range Analyze(text) {
		if units := s[t.Term]; units != nil {
			if strings.HasPrefix(text[t.End:], longMark) {
				t.End += len(longMark) // folding took it off
			}
			matches = append(matches, match{t.Start, t.End, units})
		}
	}
	from := 0
	if len(matches) > 0 {
		from = lead(text, matches[densest(text, matches)].start, snippetLead)
	}
	to := forward(text, from, snippetColumns)
	if to == len(text) {
		from = min(from, lead(text, to, snippetColumns-2)) // a wide letter too many still has room
	}
	cut := text[from:to]
	marks := marksOf(matches, text, from, to)
	before, after := "", ""
	if from > 0 {
		before = "…"
		for i := range marks {
			marks[i][0]++
			marks[i][1]++
		}
	}
	if to < len(text) {
		after = "…"
	}
	return before + cut + after, marks
}

// marksOf returns the rune ranges of text[from:to] to highlight. A lone piece of
// a synonym is none: ター says nothing of リスタート.
func marksOf(matches []match, text string, from, to int) [][2]int {
	var marks [][2]int
	var strong []bool
	for _, m := range matches {
		if m.start < from || m.end > to {
			continue
		}
		mark := [2]int{utf8.RuneCountInString(text[from:m.start]), utf8.RuneCountInString(text[from:m.end])}
		whole := slices.ContainsFunc(m.units, func(w wanted) bool { return !w.piece })
		if n := len(marks); n > 0 && mark[0] <= marks[n-1][1] {
			marks[n-1][1] = max(marks[n-1][1], mark[1])
			strong[n-1] = true
			continue
		}
		marks, strong = append(marks, mark), append(strong, whole)
	}
	kept := marks[:0]
	for i, mark := range marks {
		if strong[i] {
			kept = append(kept, mark)
		}
	}
	return kept
}

// densest returns the match whose window holds the most of the query.
func densest(text string, matches []match) int {
	best, bestScore := 0, -1.0
	for i := range matches {
		end := forward(text, matches[i].start, snippetColumns-snippetLead)
		seen, score := map[int]float64{}, 0.0
		for _, m := range matches[i:] {
			if m.end > end {
				break
			}
			for _, w := range m.units {
				if gain := w.weight - seen[w.unit]; gain > 0 {
					seen[w.unit] = w.weight
					score += gain
				}
			}
		}
		if score > bestScore+1e-9 {
			best, bestScore = i, score
		}
	}
	return best
}

// lead goes back from a match, or from the end of a text, by about the given
// columns to where its snippet starts: behind a space where there is one.
func lead(text string, at, most int) int {
	from, columns := at, 0
	for from > 0 && columns < most {
		r, size := utf8.DecodeLastRuneInString(text[:from])
		columns += columnsOf(r)
		from -= size
	}
	if from == 0 {
		return 0
	}
	return from + strings.IndexByte(text[from:at], ' ') + 1
}

// forward returns the byte offset that lies the given columns behind from.
func forward(text string, from, columns int) int {
	for i, r := range text[from:] {
		if columns -= columnsOf(r); columns < 0 {
			return from + i
		}
	}
	return len(text)
}

// columnsOf is the width of r on a screen, near enough for cutting.
func columnsOf(r rune) int {
	if r >= 0x1100 && (r <= 0x115F || r >= 0x2E80 && r <= 0xD7A3 || r >= 0xF900 && r <= 0xFAFF || r >= 0xFE30 && r <= 0xFE6F || r >= 0xFF00 && r <= 0xFF60 || r >= 0x1F300) {
		return 2
	}
	return 1
}

// Answer opens the best hits of a ranking. The page of a document is asked for
// only when it is shown.
func (r *Ranking) Answer(limit int, page func(doc int) (Page, error)) (Answer, error) {
	switch {
	case limit == 0:
		limit = 10
	case limit < 0:
		limit = len(r.Found)
	}
	a := Answer{Query: r.query, Hits: []Hit{}, Total: len(r.Found), Facets: r.Facets, Common: r.Common, Corrected: r.Corrected}
	open := func(hits []Hit, found []Found) ([]Hit, error) {
		for _, f := range found {
			p, err := page(f.Doc)
			if err != nil {
				return nil, err
			}
			hits = append(hits, r.Hit(f, p))
		}
		return hits, nil
	}
	var err error
	if a.Hits, err = open(a.Hits, r.Found[:min(limit, len(r.Found))]); err != nil {
		return a, err
	}
	a.Nearest, err = open(nil, r.Nearest)
	return a, err
}
