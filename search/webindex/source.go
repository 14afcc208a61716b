package webindex

import (
	"slices"
	"sort"
	"strings"

	"opsbook/search"
)

// Rank returns the order of all documents that answer a query.
func (r *Reader) Rank(q search.Query) (*search.Ranking, error) { return search.Rank(q, r, r.lexis) }

// Search answers a query.
func (r *Reader) Search(q search.Query) (search.Answer, error) {
	ranking, err := r.Rank(q)
	if err != nil {
		return search.Answer{}, err
	}
	return ranking.Answer(q.Limit, func(doc int) (search.Page, error) { return r.pages[doc], nil })
}

// Documents implements [search.Dictionary].
func (r *Reader) Documents() int { return r.dir.Documents }

// Count implements [search.Dictionary].
func (r *Reader) Count(term string) (int, error) {
	line, found := r.lines[term]
	if !found {
		return 0, nil
	}
	return countLine(line), nil
}

// countLine returns in how many documents the term of a line stands.
func countLine(line string) int {
	s := scanner{text: line}
	if rest, common := strings.CutPrefix(line, "!"); common {
		s.text = rest
		return s.number()
	}
	n := 0
	for s.text != "" && s.text[0] != ' ' {
		s.number()
		s.impact()
		n++
	}
	return n
}

// Extend implements [search.Dictionary].
func (r *Reader) Extend(prefix string) ([]search.TermCount, error) {
	i := sort.Search(len(r.terms), func(i int) bool { return search.CompareTerms(r.terms[i], prefix) >= 0 })
	var found []search.TermCount
	for ; i < len(r.terms) && strings.HasPrefix(r.terms[i], prefix); i++ {
		found = append(found, search.TermCount{Term: r.terms[i], Count: countLine(r.lines[r.terms[i]])})
	}
	return found, nil
}

// Lexicon implements [search.Dictionary].
func (r *Reader) Lexicon() ([]search.TermCount, error) { return r.lexicon, nil }

// Values implements [search.Source].
func (r *Reader) Values(facet string) []string {
	if facet == "state" {
		return search.States()
	}
	var values []string
	for _, list := range r.dir.Columns[facet].Values {
		values = append(values, list...)
	}
	return values
}

// Fetch implements [search.Source]. All documents are matches, so the filter is
// left to the ranking.
func (r *Reader) Fetch(terms []search.Weighted, wide bool, _ search.Filter) (search.Matches, error) {
	m := search.Matches{Docs: r.docs, Lists: map[string]search.List{}}
	for _, t := range terms {
		line, found := r.lines[t.Term]
		if !found {
			continue
		}
		list, err := parseLine(t.Term, line, r.dir.Once)
		if err != nil {
			return m, err
		}
		if bits, common := r.common[t.Term]; common && wide {
			list.Postings = widen(list.Postings, bits, len(r.docs))
		}
		m.Lists[t.Term] = list
	}
	return m, nil
}

// parseLine reads where a term stands. A damaged line may name documents or impacts that are not there.
func parseLine(term, line, once string) (search.List, error) {
	var list search.List
	weak := search.Weak(term)
	s := scanner{text: line}
	if rest, common := strings.CutPrefix(line, "!"); common {
		s.text = rest
		s.number()
	}
	for doc := -1; s.text != "" && s.text[0] != ' '; {
		doc += s.number() + 1
		if doc >= len(once) {
			return list, errDamaged
		}
		impact := s.impact()
		switch {
		case weak:
			impact = search.WeakImpact
		case impact < 0:
			impact = digitValue(once[doc])
		}
		list.Postings = append(list.Postings, search.Posting{Doc: doc, Impact: impact})
	}
	s.text = strings.TrimPrefix(s.text, " ")
	for doc := 0; s.text != ""; {
		doc += s.number()
		s.damaged = s.damaged || doc >= len(once)
		list.Marks = append(list.Marks, search.MarkAt{Doc: doc, Mark: search.Mark(s.number())})
	}
	if s.damaged {
		return list, errDamaged
	}
	return list, nil
}

// widen adds the documents that hold a common term in their text only.
func widen(postings []search.Posting, bits string, documents int) []search.Posting {
	var all []search.Posting
	for doc := range documents {
		if len(postings) > 0 && postings[0].Doc == doc {
			all = append(all, postings[0])
			postings = postings[1:]
		} else if digitValue(bits[doc/6])>>(doc%6)&1 == 1 {
			all = append(all, search.Posting{Doc: doc})
		}
	}
	return slices.Clip(all)
}
