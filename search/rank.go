package search

import (
	"cmp"
	"slices"
)

// Posting is a term in a document, numbered within [Matches].
type Posting struct {
	Doc    int
	Impact int
}

// MarkAt is a mark of a term in a document.
type MarkAt struct {
	Doc  int
	Mark Mark
}

// List is where a term stands: by ascending document.
type List struct {
	Postings []Posting
	Marks    []MarkAt
}

// Matches is what an index knows of the terms of a question.
type Matches struct {
	Docs  []Doc // ordered by URL; shared, never changed
	Lists map[string]List
}

// Source is an index that can be ranked.
type Source interface {
	Dictionary
	// Values returns the values of a facet in use, for filters in the query.
	Values(facet string) []string
	// Fetch returns the documents of the terms, all documents for no terms. With
	// wide, also those that hold a common term in their text only, at impact 0.
	Fetch(terms []Weighted, wide bool, filter Filter) (Matches, error)
}

// Found is one document in the order of relevance.
type Found struct {
	Doc   int
	Score float64
	tier  int
}

// Ranking is the order that answers a query.
type Ranking struct {
	Found     []Found
	Nearest   []Found // when nothing was found: the best of what was hidden
	Docs      []Doc
	Facets    map[string]map[string]int
	Common    []string
	Corrected []Correction
	plan      *plan
	query     string
}

// Rank answers a query from an index.
func Rank(q Query, s Source, x *Lexis) (*Ranking, error) {
	text, filter := parseFilters(q, s.Values, x.filters)
	p, err := makePlan(text, s, x, false)
	if err != nil {
		return nil, err
	}
	r, err := p.rank(q, s, filter)
	if err != nil {
		return nil, err
	}
	if len(r.Found) > 0 && !p.unknown() && !p.doubtful() {
		return r, nil
	}
	spelt, err := makePlan(text, s, x, true)
	if err != nil || !spelt.corrected() {
		return r, err
	}
	return spelt.rank(q, s, filter)
}

// unknown says that the index lacks a word of a short question.
func (p *plan) unknown() bool {
	if p.paste {
		return false
	}
	for _, u := range p.each {
		if len(u.variants) == 0 && u.Kind == Word {
			return true
		}
	}
	return false
}

func (p *plan) corrected() bool {
	for _, g := range p.groups {
		for _, u := range g.units {
			if len(u.typos) > 0 {
				return true
			}
		}
		for _, alt := range g.alternatives {
			for _, u := range alt.units {
				if len(u.typos) > 0 {
					return true
				}
			}
		}
	}
	return false
}

const (
	tierArchived = iota
	tierFound
	tierNamed // by its exact alert name, id or URL
)

// rank scores every document that holds a term of the plan.
func (p *plan) rank(q Query, s Source, filter Filter) (*Ranking, error) {
	r := &Ranking{plan: p, query: q.Text, Facets: map[string]map[string]int{}}
	p.report(r)
	terms := p.terms()
	if len(terms) == 0 && !p.browse {
		return r, nil
	}
	m, err := s.Fetch(terms, p.wide, filter)
	if err != nil {
		return nil, err
	}
	t := &tally{
		Matches: m, saturated: saturated(),
		score: make([]float64, len(m.Docs)), cover: make([]float64, len(m.Docs)),
		title: make([]float64, len(m.Docs)), named: make([]bool, len(m.Docs)),
	}
	total := 0.0
	for _, g := range p.groups {
		total += t.group(g)
	}
	t.headings(p, total)
	t.titles(p)
	t.names(p)
	r.Docs = m.Docs
	if p.browse {
		total = t.browse()
	}
	facets := newCounts(filter, q.Clock)
	for i, d := range m.Docs {
		f, shown, found := t.result(i, d, q, total, p.threshold)
		if !found {
			continue
		}
		if !shown {
			if filter.Accepts(d, q.Clock) {
				r.Nearest = append(r.Nearest, f)
			}
			continue
		}
		if facets.add(d) {
			r.Found = append(r.Found, f)
		}
	}
	r.Facets = facets.byFacet
	slices.SortFunc(r.Found, compareFound)
	slices.SortFunc(r.Nearest, compareFound)
	if len(r.Found) > 0 {
		r.Nearest = nil
	}
	r.Nearest = r.Nearest[:min(len(r.Nearest), 3)]
	return r, nil
}

func compareFound(a, b Found) int {
	return cmp.Or(cmp.Compare(b.tier, a.tier), cmp.Compare(b.Score, a.Score), cmp.Compare(a.Doc, b.Doc))
}

// tally adds up what each document earns.
type tally struct {
	Matches
	saturated *[MaxImpact + 1]float64
	score     []float64
	cover     []float64
	title     []float64 // factor of title and headings, 0 for none
	named     []bool
}

// unit returns what a unit earns in each document that holds it.
func (t *tally) unit(u planned) map[int]float64 {
	earned := map[int]float64{}
	for _, v := range u.variants {
		for _, p := range t.Lists[v.term].Postings {
			value := v.weight * u.scale * t.saturated[p.Impact]
			if value > earned[p.Doc] {
				earned[p.Doc] = value
			}
		}
	}
	return earned
}

// share is what a group earned in one document.
type share struct{ score, cover float64 }

// group adds a group's shares and returns what it can cover.
func (t *tally) group(g group) float64 {
	shares, total := t.units(g.units)
	for _, alt := range g.alternatives {
		others, full := t.units(alt.units)
		factor := alt.scale(len(g.units))
		for doc, other := range others {
			own := shares[doc]
			if alt.partial {
				own.score += factor * other.score
			} else if other.cover < full {
				continue
			} else {
				own.score = max(own.score, factor*other.score)
			}
			own.cover = max(own.cover, total*other.cover/full)
			shares[doc] = own
		}
	}
	for doc, own := range shares {
		t.score[doc] += own.score
		t.cover[doc] += own.cover
	}
	return total
}

// units adds up units that are asked for together.
func (t *tally) units(units []planned) (map[int]share, float64) {
	shares, total := map[int]share{}, 0.0
	for _, u := range units {
		total += u.cover
		for doc, value := range t.unit(u) {
			s := shares[doc]
			s.score += value
			s.cover += u.cover
			shares[doc] = s
		}
	}
	return shares, total
}

// names marks the documents that the question names.
func (t *tally) names(p *plan) {
	for _, key := range p.keys {
		for _, posting := range t.Lists[key].Postings {
			t.named[posting.Doc] = true
			t.score[posting.Doc] += 10
		}
	}
	asked := 0
	for _, u := range p.each {
		if u.Kind != Whole {
			asked++
		}
	}
	for _, u := range p.each {
		if asked > 1 && !identifying(u.unit) {
			continue
		}
		for _, at := range t.Lists[u.Term].Marks {
			if at.Mark == Exact {
				t.named[at.Doc] = true
			}
		}
	}
}

// identifying says that a word among others can only be a name.
func identifying(u unit) bool {
	return u.Kind == Whole || u.Kind == Word && (len(u.parts) > 1 || len(u.Term) >= 12 || mixed(u.Term))
}

// mixed says that a word holds letters and digits.
func mixed(term string) bool {
	digits := 0
	for i := range len(term) {
		if term[i] >= '0' && term[i] <= '9' {
			digits++
		}
	}
	return digits > 0 && digits < len(term)
}

// browse finds every document, for a question that is nothing but filters.
func (t *tally) browse() (total float64) {
	for i := range t.score {
		t.score[i], t.cover[i] = 1, 1
	}
	return 1
}

// result settles one document's score.
func (t *tally) result(i int, d Doc, q Query, total, threshold float64) (f Found, shown, found bool) {
	if t.score[i] == 0 {
		return f, false, false
	}
	coverage := 0.0
	if total > 0 {
		coverage = t.cover[i] / total
	}
	if t.named[i] {
		coverage = 1
	}
	score := t.score[i] * coverage * coverage
	if t.title[i] > 0 {
		score *= t.title[i]
	}
	score *= standing(d, q)
	f = Found{Doc: i, Score: score, tier: tierFound}
	if t.named[i] {
		f.tier = tierNamed
	}
	if d.Status == "archived" {
		f.tier = tierArchived
	}
	return f, coverage >= threshold-1e-9, true
}
