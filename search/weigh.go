package search

import (
	"unicode/utf8"
)

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
	noisy := asked > noisyUnits && p.asksMoreThanNoise()
	for _, u := range p.each {
		if noisy && noise(u.Term) {
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

// asksMoreThanNoise says that something is asked beside numbers, times and
// hashes: a version is nothing but numbers.
func (p *plan) asksMoreThanNoise() bool {
	for _, u := range p.each {
		if u.Kind != Whole && u.cover > 0 && !noise(u.Term) {
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

// doubtful says that a short question has a word that could be a typo although
// the index knows it: somebody else's, say, or an example of one.
func (p *plan) doubtful() bool {
	if p.paste {
		return false
	}
	for _, u := range p.each {
		if u.Kind == Word && u.count > 0 && u.mayBeTypo() {
			return true
		}
	}
	return false
}

// mayBeTypo says that a word is long enough, and unknown or known of hardly any
// document.
func (u *planned) mayBeTypo() bool {
	least := minTypo
	if u.count > 0 {
		least = minTypoKnown
	}
	return u.count <= veryRare && (u.count > 0 || len(u.variants) == 0) && len(u.Term) >= least && letterWord(u.Term)
}
