package search

import (
	"math"
	"strings"
)

const (
	stemFactor    = .8
	prefixFactor  = .55
	synonymFactor = .6
	partsFactor   = .9 // a camelCase word found by its parts only
	typoFactor    = .6 // for one edit
	typo2Factor   = .35
	loneFactor    = .9 // a lone character found as the first of a pair

	weakScore    = .35 // of pairs with hiragana and of function words
	weakCoverage = .15
	softScore    = .15 // of pairs of nothing but hiragana: endings of verbs
	softCoverage = .05

	noisyUnits = 4  // a question this long may hold times, numbers and hashes
	pasteUnits = 14 // a question this long is a message, not a question
	veryRare   = 2  // a word in no more documents than this may be a typo
)

// TermCount is a term of an index and the number of documents that hold it.
type TermCount struct {
	Term  string
	Count int
}

// Dictionary is what planning asks of an index.
type Dictionary interface {
	// Documents returns how many documents the index holds.
	Documents() int
	// Count returns in how many documents the term stands, 0 for none.
	Count(term string) (int, error)
	// Extend returns the terms that begin with prefix, by [CompareTerms].
	Extend(prefix string) ([]TermCount, error)
	// Lexicon returns the words that a typo may have meant, by [CompareTerms].
	Lexicon() ([]TermCount, error)
}

// variant is a term looked up for a unit, and what a full match of it earns.
type variant struct {
	term   string
	weight float64 // factor · idf
	whole  bool    // stands for the whole word, not for its beginning
}

// planned is a unit with the terms it is looked up by.
type planned struct {
	unit
	variants []variant
	count    int     // documents with the exact term
	rarity   float64 // idf of the exact term, or of its best variant
	cover    float64 // share in the coverage
	scale    float64 // of the score
	common   bool    // a common term is among the variants
	typos    []string
}

// alternative is another way to say what a group says.
type alternative struct {
	units   []planned
	factor  float64
	partial bool // counts when only some of its units are found
}

// scale is what the alternative's units earn, beside a group of own units. One
// written in more units earns no more for that: フェイルオーバー is six pairs of
// characters, failover one word.
func (a alternative) scale(own int) float64 {
	if a.partial || len(a.units) <= own {
		return a.factor
	}
	return a.factor * float64(own) / float64(len(a.units))
}

// group is a part of the question with its alternatives.
type group struct {
	units        []planned
	alternatives []alternative
}

// plan is a question with every term that answers it.
type plan struct {
	groups    []group
	keys      []string // terms that name one page: a URL or a whole alert name
	wide      bool     // nothing but common terms is asked: their texts are searched too
	width     int      // positions of the question
	paste     bool
	browse    bool    // nothing is asked: every document answers
	threshold float64 // coverage below which a document is hidden
}

type planner struct {
	dictionary Dictionary
	lexis      *Lexis
	typos      bool
	last       int // position of the word still being typed, -1 for none
}

// makePlan looks the words of text up. With typos, rare words are also read as
// similar ones.
func makePlan(text string, d Dictionary, x *Lexis, typos bool) (*plan, error) {
	r := read(text)
	p := &plan{keys: pathKeys(text), browse: strings.TrimSpace(text) == "", threshold: .6, width: r.width}
	if r.key != "" {
		p.keys = append(p.keys, r.key)
	}
	pl := planner{dictionary: d, lexis: x, typos: typos, last: -1}
	words := positioned(r.units)
	if n := len(words); n > 0 && strings.TrimRight(text, " \t\r\n\u3000") == text {
		pl.last = words[n-1].Position
	}
	for _, u := range r.units {
		if u.Kind == Whole {
			resolved, err := pl.resolve(u)
			if err != nil {
				return nil, err
			}
			p.groups = append(p.groups, group{units: []planned{resolved}})
		}
	}
	for len(words) > 0 {
		g, used, err := pl.group(words)
		if err != nil {
			return nil, err
		}
		p.groups = append(p.groups, g)
		words = words[used:]
	}
	p.weigh(strings.ContainsAny(strings.TrimSpace(text), "\r\n"), pl.last)
	return p, nil
}

// group plans the synonym that begins the words, or the first word alone.
func (pl *planner) group(words []unit) (group, int, error) {
	var g group
	used, refs := pl.lexis.longest(words)
	used = max(used, 1)
	for _, u := range words[:used] {
		resolved, err := pl.resolve(u)
		if err != nil {
			return g, 0, err
		}
		g.units = append(g.units, resolved)
	}
	limit := rarest(g.units)
	for _, at := range refs {
		for i, member := range pl.lexis.groups[at.group] {
			if i == at.member {
				continue
			}
			alt, err := pl.member(member, limit)
			if err != nil {
				return g, 0, err
			}
			if alt != nil {
				g.alternatives = append(g.alternatives, alternative{units: alt, factor: synonymFactor})
			}
		}
	}
	if parts := words[0].parts; used == 1 && len(parts) > 1 {
		alt := alternative{factor: partsFactor, partial: true}
		for _, part := range parts {
			resolved, err := pl.part(part, g.units[0], limit)
			if err != nil {
				return g, 0, err
			}
			alt.units = append(alt.units, resolved)
		}
		g.alternatives = append(g.alternatives, alt)
	}
	return g, used, nil
}

// rarest returns the greatest weight of units that the index holds exactly, so
// that no variant earns more than what was asked for; without any there is no
// limit.
func rarest(units []planned) float64 {
	limit := 0.0
	for _, u := range units {
		if u.count > 0 {
			limit = max(limit, u.rarity*u.scale)
		}
	}
	if limit == 0 {
		return math.Inf(1)
	}
	return limit
}

// member plans the terms of a synonym, nil when the index lacks one.
func (pl *planner) member(terms []string, limit float64) ([]planned, error) {
	var units []planned
	for _, term := range terms {
		u := planned{unit: unit{Token: Token{Term: term, Kind: Bigram}, Position: -1}, scale: 1, cover: 1}
		n, err := pl.dictionary.Count(term)
		if err != nil {
			return nil, err
		}
		u.exact(n, pl.dictionary.Documents(), limit)
		if err := pl.inflect(&u, limit); err != nil || len(u.variants) == 0 {
			return nil, err
		}
		if weak(term) {
			u.scale = weakScore
		}
		units = append(units, u)
	}
	return units, nil
}

// part plans one part of a camelCase word, which may hold a typo when the index
// lacks the word.
func (pl *planner) part(term string, of planned, limit float64) (planned, error) {
	u := planned{unit: unit{Token: Token{Term: term, Kind: Part, Start: of.Start, End: of.End}, Position: -1}, scale: 1, cover: 1}
	n, err := pl.dictionary.Count(term)
	if err != nil {
		return u, err
	}
	u.exact(n, pl.dictionary.Documents(), limit)
	if len(of.variants) == 0 {
		err = pl.misspelt(&u)
	}
	return u, err
}

// Weighted is a term to fetch and what it can earn.
type Weighted struct {
	Term   string
	Weight float64
}

// terms returns every term of the plan once.
func (p *plan) terms() []Weighted {
	seen := map[string]int{}
	var terms []Weighted
	add := func(term string, weight float64) {
		if i, found := seen[term]; found {
			terms[i].Weight = max(terms[i].Weight, weight)
			return
		}
		seen[term] = len(terms)
		terms = append(terms, Weighted{term, weight})
	}
	for _, key := range p.keys {
		add(key, 100)
	}
	addAll := func(units []planned, factor float64) {
		for _, u := range units {
			for _, v := range u.variants {
				add(v.term, v.weight*u.scale*factor)
			}
		}
	}
	for _, g := range p.groups {
		addAll(g.units, 1)
		for _, alt := range g.alternatives {
			addAll(alt.units, alt.scale(len(g.units)))
		}
	}
	return terms
}
