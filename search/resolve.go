package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

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
	if !pl.typos || !u.mayBeTypo() {
		return nil
	}
	words, err := pl.dictionary.Lexicon()
	if err != nil {
		return err
	}
	limit := 1
	if len(u.Term) >= minTypo2 && u.count == 0 {
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
