package search

import "slices"

const (
	titleEqual    = 2
	titleStarts   = 1.5
	titleContains = 1.3
	headingEqual  = 1.6

	// manyHeadings is how many documents may have the question as a heading for
	// it to tell them apart: every procedure has a section 切り戻し, and then the
	// page デプロイの切り戻し is meant.
	manyHeadings = 8
)

// place is a position in the title of a document.
type place struct{ doc, position int }

// titles finds the documents whose title holds the question as it was asked:
// all of its words, in order, side by side. A verb may end differently: 再起動した
// is found in 再起動する.
func (t *tally) titles(p *plan) {
	words := p.words()
	t.phrase(words, titleEqual)
	bare := len(words)
	for bare > 0 && weak(words[bare-1].Term) {
		bare--
	}
	t.phrase(words[:bare], titleStarts)
}

// phrase finds the words side by side in titles; a title that is nothing else
// earns the factor equal.
func (t *tally) phrase(words []planned, equal float64) {
	if len(words) == 0 {
		return
	}
	at := make([]map[place]bool, len(words)) // the value says that the title ends there
	for i, u := range words {
		at[i] = t.places(u)
	}
	origin := words[0].Position
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
		case start.position == 0 && ends:
			factor = equal
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

// places returns where a unit or its variants stand in titles. The beginning of
// a word does not end a title.
func (t *tally) places(u planned) map[place]bool {
	at := map[place]bool{}
	for _, v := range u.variants {
		for _, m := range t.Lists[v.term].Marks {
			if position, ends, ok := m.Mark.title(); ok {
				key := place{m.Doc, position}
				at[key] = at[key] || v.whole && ends
			}
		}
	}
	return at
}

// headings finds the documents that have the question as a heading: one that
// begins with its first word, is as wide, and all words are in the document.
func (t *tally) headings(p *plan, total float64) {
	words := p.words()
	if len(words) == 0 || p.width >= maxPosition {
		return
	}
	want := headingMark(p.width)
	found := map[int]bool{}
	for _, v := range words[0].variants {
		for _, m := range t.Lists[v.term].Marks {
			if v.whole && m.Mark == want && t.cover[m.Doc] >= total-1e-9 {
				found[m.Doc] = true
			}
		}
	}
	if len(found) > manyHeadings {
		return
	}
	for doc := range found {
		t.title[doc] = headingEqual
	}
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
