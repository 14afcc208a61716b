package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
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
			resolved, err := pl.part(part, words[0], limit)
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

// part plans one part of a camelCase word.
func (pl *planner) part(term string, of unit, limit float64) (planned, error) {
	u := planned{unit: unit{Token: Token{Term: term, Kind: Part, Start: of.Start, End: of.End}, Position: -1}, scale: 1, cover: 1}
	n, err := pl.dictionary.Count(term)
	if err != nil {
		return u, err
	}
	u.exact(n, pl.dictionary.Documents(), limit)
	if err := pl.misspelt(&u); err != nil {
		return u, err
	}
	return u, nil
}

// exact adds the unit's own term.
func (u *planned) exact(count, documents int, limit float64) {
	u.count = count
	if count == 0 {
		return
	}
	u.common = Common(count, documents)
	u.rarity = min(limit, IDF(count, documents))
	u.variants = append(u.variants, variant{u.Term, u.rarity, true})
}

// resolve looks up a unit and its variants.
func (pl *planner) resolve(u unit) (planned, error) {
	p := planned{unit: u, cover: 1, scale: 1}
	n, err := pl.dictionary.Count(u.Term)
	if err != nil {
		return p, err
	}
	p.exact(n, pl.dictionary.Documents(), math.Inf(1))
	switch u.Kind {
	case Whole:
		p.cover = 0
		return p, nil
	case Bigram:
		p.soften()
		return p, nil
	case Last:
		p.soften()
		return p, pl.extend(&p, loneFactor)
	}
	short := utf8.RuneCountInString(u.Term) == 1
	if pl.lexis.function[u.Term] || short {
		p.cover, p.scale = weakCoverage, weakScore
	}
	if err := pl.inflect(&p, math.Inf(1)); err != nil {
		return p, err
	}
	if u.Position == pl.last && !short {
		if err := pl.extend(&p, prefixFactor); err != nil {
			return p, err
		}
	}
	return p, pl.misspelt(&p)
}

// soften makes little of what is grammar more often than meaning.
func (u *planned) soften() {
	switch {
	case soft(u.Term):
		u.cover, u.scale = softCoverage, softScore
	case weak(u.Term):
		u.cover, u.scale = weakCoverage, weakScore
	}
}

// limit is what a variant of u may weigh.
func (u *planned) limit() float64 {
	if u.count > 0 {
		return u.rarity
	}
	return math.Inf(1)
}

// add appends a variant unless the term is there already.
func (u *planned) add(term string, weight float64) {
	if slices.ContainsFunc(u.variants, func(v variant) bool { return v.term == term }) {
		return
	}
	if u.count == 0 {
		u.rarity = max(u.rarity, weight)
	}
	u.variants = append(u.variants, variant{term, weight, true})
}

// inflect adds the words of the index that share the unit's English stem.
func (pl *planner) inflect(u *planned, limit float64) error {
	root := stem(u.Term)
	if len(u.Term) < 4 || !letterWord(u.Term) {
		return nil
	}
	near, err := pl.dictionary.Extend(stemPrefix(root))
	if err != nil {
		return err
	}
	limit = min(limit, u.limit())
	for _, t := range near {
		if t.Term != u.Term && len(t.Term) <= len(root)+7 && stem(t.Term) == root {
			u.add(t.Term, stemFactor*min(limit, IDF(t.Count, pl.dictionary.Documents())))
			u.common = u.common || Common(t.Count, pl.dictionary.Documents())
		}
	}
	return nil
}

// extend adds the terms that begin with the unit's. Together they weigh no more
// than a term in as many documents as they are in, so that a rare completion
// of a short prefix does not win.
func (pl *planner) extend(u *planned, factor float64) error {
	near, err := pl.dictionary.Extend(u.Term)
	if err != nil {
		return err
	}
	total, documents := 0, pl.dictionary.Documents()
	near = slices.DeleteFunc(near, func(t TermCount) bool {
		return t.Term == u.Term || strings.ContainsFunc(t.Term, joins) || u.Kind == Last && utf8.RuneCountInString(t.Term) > 2
	})
	for _, t := range near {
		total += t.Count
	}
	limit := min(u.limit(), IDF(min(total, documents), documents))
	known := map[string]bool{}
	for _, v := range u.variants {
		known[v.term] = true
	}
	for _, t := range near {
		if !known[t.Term] {
			weight := factor * min(limit, IDF(t.Count, documents))
			if u.count == 0 {
				u.rarity = max(u.rarity, weight)
			}
			u.variants = append(u.variants, variant{t.Term, weight, false})
			u.common = u.common || Common(t.Count, documents)
		}
	}
	return nil
}

// misspelt adds similar words of the index when the unit's own is unknown or
// very rare.
func (pl *planner) misspelt(u *planned) error {
	if !pl.typos || u.count > veryRare || u.count == 0 && len(u.variants) > 0 || len(u.Term) < minTypo || !letterWord(u.Term) {
		return nil
	}
	words, err := pl.dictionary.Lexicon()
	if err != nil {
		return err
	}
	limit := 1
	if len(u.Term) >= minTypo2 {
		limit = 2
	}
	type candidate struct {
		TermCount
		edits int
	}
	var found []candidate
	for _, w := range words {
		d := edits(u.Term, w.Term, limit)
		if d == 0 || d > limit {
			continue
		}
		// A lexicon may still count deleted documents.
		if w.Count, err = pl.dictionary.Count(w.Term); err != nil {
			return err
		}
		if w.Count > u.count {
			found = append(found, candidate{w, d})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.edits, b.edits), cmp.Compare(b.Count, a.Count))
	})
	for i, c := range found {
		if i == maxTypos || c.edits > found[0].edits {
			break
		}
		factor := typoFactor
		if c.edits == 2 {
			factor = typo2Factor
		}
		u.add(c.Term, factor*min(u.limit(), IDF(c.Count, pl.dictionary.Documents())))
		u.typos = append(u.typos, c.Term)
	}
	return nil
}

// weigh settles what each unit counts in the coverage. A common term counts
// nothing, nor does a unit that a common term may answer, because their texts
// are not searched; unless nothing else is asked. Then they are.
func (p *plan) weigh(lines bool, typing int) {
	asked := 0
	for _, g := range p.groups {
		if g.units[0].Kind != Whole {
			asked += len(g.units)
		}
	}
	for _, u := range p.each {
		if asked > 1 && u.Position == typing && utf8.RuneCountInString(u.Term) == 1 && u.Kind == Word {
			u.cover = 0 // the first letter of a word
		}
	}
	p.wide = asked > 0 && !p.searchable(func(u *planned) bool { return u.cover == 1 }) &&
		(p.asksFully() || !p.searchable(func(u *planned) bool { return u.cover > 0 }))
	p.paste = lines || asked > pasteUnits
	for _, u := range p.each {
		if asked > noisyUnits && noise(u.Term) {
			u.cover, u.scale = 0, weakScore
		}
		switch {
		case u.common && !p.wide:
			u.cover = 0
		case p.paste && len(u.variants) == 0:
			u.cover = 0
		case p.paste:
			u.cover *= u.rarity * u.rarity
		}
	}
	if p.paste {
		p.threshold = .2
	}
}

// asksFully says that some unit is more than grammar.
func (p *plan) asksFully() bool {
	for _, u := range p.each {
		if u.cover == 1 {
			return true
		}
	}
	return false
}

// searchable says that a unit of the given sort has terms whose texts are
// searched.
func (p *plan) searchable(sort func(*planned) bool) bool {
	for _, g := range p.groups {
		for i := range g.units {
			if u := &g.units[i]; sort(u) && u.rare() {
				return true
			}
		}
		for _, alt := range g.alternatives {
			if alt.partial && sort(&g.units[0]) && slices.ContainsFunc(alt.units, func(u planned) bool { return u.rare() }) {
				return true
			}
		}
	}
	return false
}

// rare says that the index holds the unit, and no common term answers it.
func (u *planned) rare() bool { return len(u.variants) > 0 && !u.common }

// noise says that a word is a number, a time or a part of a hash. Among other
// words it says when and where, not what.
func noise(term string) bool {
	digits, hex, letters := 0, true, 0
	for i := range len(term) {
		switch c := term[i]; {
		case c >= '0' && c <= '9':
			digits++
		default:
			letters++
			hex = hex && c >= 'a' && c <= 'f'
		}
	}
	return digits > 0 && (letters == 0 || letters == 1 && digits > 1 || hex && len(term) >= 4)
}

// each yields the units that the question itself holds.
func (p *plan) each(yield func(int, *planned) bool) {
	n := 0
	for i := range p.groups {
		for j := range p.groups[i].units {
			if !yield(n, &p.groups[i].units[j]) {
				return
			}
			n++
		}
	}
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
			addAll(alt.units, alt.factor)
		}
	}
	return terms
}
