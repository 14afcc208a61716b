package search

import "slices"

const (
	titleEqual    = 2
	titleStarts   = 1.5
	titleContains = 1.3
)

// place is a position in the title of a document.
type place struct{ doc, position int }

// titles finds the documents whose title holds the question as it was asked:
// all of its words, in order, side by side.
func (t *tally) titles(p *plan) {
	words := p.words()
	if len(words) == 0 {
		return
	}
	at := make([]map[place]bool, len(words)) // the value says that the title ends there
	for i, u := range words {
		at[i] = t.places(u)
	}
	origin, last := words[0].Position, len(words)-1
	for start := range at[0] {
		ends, whole := at[0][start], true
		for i, u := range words[1:] {
			ends, whole = lookUp(at[i+1], place{start.doc, start.position + u.Position - origin})
			if !whole {
				break
			}
		}
		if !whole {
			continue
		}
		factor := titleContains
		switch {
		case start.position == 0 && ends && words[last].count > 0:
			factor = titleEqual
		case start.position == 0:
			factor = titleStarts
		}
		t.title[start.doc] = max(t.title[start.doc], factor)
	}
}

func lookUp(m map[place]bool, at place) (value, found bool) {
	value, found = m[at]
	return value, found
}

// places returns where a unit or its variants stand in titles. Only the term
// as it was asked for can end a title.
func (t *tally) places(u planned) map[place]bool {
	at := map[place]bool{}
	for _, v := range u.variants {
		for _, m := range t.Lists[v.term].Marks {
			if m.Mark == Exact {
				continue
			}
			key := place{m.Doc, m.Mark.Position()}
			at[key] = at[key] || v.exact && m.Mark.EndsTitle()
		}
	}
	return at
}

// words returns the units of the question that have a position, in order.
func (p *plan) words() []planned {
	var words []planned
	for _, u := range p.each {
		if u.Position >= 0 {
			words = append(words, *u)
		}
	}
	slices.SortFunc(words, func(a, b planned) int { return a.Position - b.Position })
	return words
}
