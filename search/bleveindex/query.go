package bleveindex

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"opsbook/search"
)

// candidates is how many documents bleve retrieves for rescoring.
const candidates = 200

// Search returns the best hits of a query.
func (x *Index) Search(ctx context.Context, q search.Query) ([]search.Hit, error) {
	a, err := x.Answer(ctx, q)
	return a.Hits, err
}

// Answer returns all that a query yields. Totals and facets count the retrieved
// candidates: at most 200, or the query's limit when that is more. The answer
// says when bleve knew of more.
func (x *Index) Answer(ctx context.Context, q search.Query) (search.Answer, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	advanced, err := x.bleve.Advanced()
	if err != nil {
		return search.Answer{}, fmt.Errorf("search: %w", err)
	}
	reader, err := advanced.Reader()
	if err != nil {
		return search.Answer{}, fmt.Errorf("search: %w", err)
	}
	defer reader.Close()
	s := &source{ctx: ctx, index: x, reader: reader, size: max(candidates, q.Limit)}
	if q.Limit < 0 || strings.Contains(q.Text, "state:") || len(q.Filters["state"]) > 0 {
		s.size = len(x.manifest.Documents)
	}
	ranking, err := search.Rank(q, s, x.lexis)
	if err != nil {
		return search.Answer{}, fmt.Errorf("search: %w", err)
	}
	a, err := ranking.Answer(q.Limit, func(doc int) (search.Page, error) { return s.pages[doc], nil })
	a.More = s.more
	return a, err
}

// source is one query's view of the index.
type source struct {
	ctx    context.Context
	index  *Index
	reader index.IndexReader
	size   int
	pages  []search.Page // of the candidates
	more   bool          // documents were left out of the candidates
}

// Documents implements [search.Dictionary].
func (s *source) Documents() int { return len(s.index.manifest.Documents) }

// Count implements [search.Dictionary].
func (s *source) Count(term string) (int, error) {
	r, err := s.reader.TermFieldReader(s.ctx, []byte(term), termsField, false, false, false)
	if err != nil {
		return 0, err
	}
	n := r.Count()
	return int(n), r.Close()
}

// Extend implements [search.Dictionary]. The dictionary still counts deleted
// documents, so each term is counted by itself.
func (s *source) Extend(prefix string) ([]search.TermCount, error) {
	dictionary, err := s.reader.FieldDictPrefix(termsField, []byte(prefix))
	if err != nil {
		return nil, err
	}
	return s.collect(dictionary, func(t search.TermCount) (search.TermCount, error) {
		n, err := s.Count(t.Term)
		return search.TermCount{Term: t.Term, Count: n}, err
	})
}

// Lexicon implements [search.Dictionary].
func (s *source) Lexicon() ([]search.TermCount, error) {
	dictionary, err := s.reader.FieldDict(termsField)
	if err != nil {
		return nil, err
	}
	return s.collect(dictionary, func(t search.TermCount) (search.TermCount, error) {
		if !search.InLexicon(t.Term) {
			t.Count = 0
		}
		return t, nil
	})
}

// collect reads a dictionary, leaving out terms that count makes zero.
func (s *source) collect(d index.FieldDict, count func(search.TermCount) (search.TermCount, error)) (terms []search.TermCount, err error) {
	defer d.Close()
	for {
		entry, err := d.Next()
		if err != nil {
			return nil, err
		}
		if entry == nil {
			break
		}
		t, err := count(search.TermCount{Term: entry.Term, Count: int(entry.Count)})
		if err != nil {
			return nil, err
		}
		if t.Count > 0 {
			terms = append(terms, t)
		}
	}
	slices.SortFunc(terms, func(a, b search.TermCount) int { return search.CompareTerms(a.Term, b.Term) })
	return terms, nil
}

// Values implements [search.Source].
func (s *source) Values(facet string) []string {
	if facet == "state" {
		return search.States()
	}
	return s.index.manifest.values(facet)
}

// Fetch implements [search.Source].
func (s *source) Fetch(terms []search.Weighted, wide bool, filter search.Filter) (search.Matches, error) {
	m := search.Matches{Lists: map[string]search.List{}}
	sought := map[string]bool{} // the value says that the term is common
	for _, t := range terms {
		n, err := s.Count(t.Term)
		if err != nil {
			return m, err
		}
		sought[t.Term] = search.Common(n, s.Documents())
	}
	query := facetQuery(termsQuery(terms, func(term string) bool { return sought[term] }, wide), filter)
	found, err := s.retrieve(query)
	if err != nil {
		return m, err
	}
	average := s.index.manifest.average()
	s.pages = nil
	for doc, c := range found {
		m.Docs = append(m.Docs, c.Doc)
		s.pages = append(s.pages, c.Page)
		err := search.Entry{Terms: c.terms}.Each(func(name []byte, t search.Term) {
			common, asked := sought[string(name)]
			if !asked {
				return
			}
			list := m.Lists[string(name)]
			count := t.Count
			if common {
				count[search.Body] = 0
			}
			impact := search.Impact(string(name), count, c.Length, average)
			if impact < 0 && wide {
				impact = 0
			}
			if impact >= 0 {
				list.Postings = append(list.Postings, search.Posting{Doc: doc, Impact: impact})
			}
			for _, mark := range t.Marks {
				list.Marks = append(list.Marks, search.MarkAt{Doc: doc, Mark: mark})
			}
			m.Lists[string(name)] = list
		})
		if err != nil {
			return m, err
		}
	}
	return m, nil
}

// candidate is a retrieved document.
type candidate struct {
	kept
	terms []byte
}

// retrieve lets bleve pick documents, and returns them ordered by URL.
func (s *source) retrieve(q query.Query) ([]candidate, error) {
	size := s.size
	if _, all := q.(*query.MatchAllQuery); all {
		size = s.Documents() // their order is known only to the ranking
	}
	request := bleve.NewSearchRequestOptions(q, size, 0, false)
	request.SortBy([]string{"-_score", "_id"})
	request.Fields = []string{termsField, pageField}
	result, err := s.index.bleve.SearchInContext(s.ctx, request)
	if err != nil {
		return nil, err
	}
	s.more = result.Total > uint64(len(result.Hits))
	var found []candidate
	for _, hit := range result.Hits {
		terms, _ := hit.Fields[termsField].(string)
		page, _ := hit.Fields[pageField].(string)
		c := candidate{terms: []byte(terms)}
		if err := json.Unmarshal([]byte(page), &c.kept); err != nil {
			return nil, fmt.Errorf("read %s from the index: %w", hit.ID, err)
		}
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b candidate) int { return cmp.Compare(a.Doc.URL, b.Doc.URL) })
	return found, nil
}

// termsQuery asks for any of the terms; for those that are common only outside
// of the text, where alone they count; with wide their texts are found too, but
// earn nothing. Boosts stand on the leaves: bleve ignores those of conjunctions.
func termsQuery(terms []search.Weighted, common func(term string) bool, wide bool) query.Query {
	if len(terms) == 0 {
		return bleve.NewMatchAllQuery()
	}
	var any []query.Query
	add := func(term, field string, boost float64) {
		q := bleve.NewTermQuery(term)
		q.SetField(field)
		q.SetBoost(boost)
		any = append(any, q)
	}
	for _, t := range terms {
		if !common(t.Term) {
			add(t.Term, termsField, t.Weight)
			continue
		}
		add(t.Term, headsField, t.Weight)
		if wide {
			add(t.Term, termsField, 0)
		}
	}
	return bleve.NewDisjunctionQuery(any...)
}

// facetQuery keeps what passes the filter. The review state depends on the day
// and is left to the ranking.
func facetQuery(asked query.Query, filter search.Filter) query.Query {
	all := []query.Query{asked}
	for _, facet := range search.Facets() {
		if facet == "state" || len(filter[facet]) == 0 {
			continue
		}
		var any []query.Query
		for _, v := range filter[facet] {
			q := bleve.NewTermQuery(facetTerm(facet, v))
			q.SetField(facetField)
			q.SetBoost(0)
			any = append(any, q)
		}
		all = append(all, bleve.NewDisjunctionQuery(any...))
	}
	if len(all) == 1 {
		return asked
	}
	return bleve.NewConjunctionQuery(all...)
}
