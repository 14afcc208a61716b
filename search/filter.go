package search

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
)

//go:embed filterwords.txt
var filterWordsText string

// FilterWords returns other ways to write a filter: what a word means as the
// name of a facet, and what "facet=word" means as its value.
func FilterWords() map[string]string {
	words := map[string]string{}
	for line := range strings.Lines(filterWordsText) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		facet, value, isValue := strings.Cut(fields[0], "=")
		for _, w := range fields[1:] {
			if isValue {
				words[facet+"="+FilterKey(w)] = value
			} else {
				words[FilterKey(w)] = facet
			}
		}
	}
	return words
}

// FilterKey is a facet's value as it is written in a query: filters end at
// spaces, and case does not matter.
func FilterKey(value string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return '_'
		}
		return r
	}, strings.ToLower(value))
}

// Facets lists the names by which documents can be filtered.
func Facets() []string {
	return []string{"type", "service", "owner", "severity", "status", "state", "lang"}
}

// facetValues returns the values of a document under a facet.
func facetValues(d Doc, facet, clock string) []string {
	one := func(v string) []string {
		if v == "" {
			return nil
		}
		return []string{v}
	}
	switch facet {
	case "type":
		return one(d.Type)
	case "service":
		return d.Services
	case "owner":
		return one(d.Owner)
	case "severity":
		return one(d.Severity)
	case "status":
		return one(d.Status)
	case "state":
		return one(state(d, clock))
	case "lang":
		return one(d.Lang)
	}
	return nil
}

// Filter holds the accepted values by facet; a facet without an entry accepts
// all.
type Filter map[string][]string

// Accepts says that a document passes every facet of the filter.
func (f Filter) Accepts(d Doc, clock string) bool { return f.rejects(d, clock, 1) == "" }

// rejects returns the facets that refuse the document, at most limit of them,
// joined by spaces.
func (f Filter) rejects(d Doc, clock string, limit int) string {
	var names []string
	for _, facet := range Facets() {
		accepted := f[facet]
		if len(accepted) == 0 {
			continue
		}
		values := facetValues(d, facet, clock)
		if !slices.ContainsFunc(values, func(v string) bool { return containsFold(accepted, v) }) {
			if names = append(names, facet); len(names) == limit {
				break
			}
		}
	}
	return strings.Join(names, " ")
}

func containsFold(values []string, v string) bool {
	v = FilterKey(v)
	return slices.ContainsFunc(values, func(a string) bool { return FilterKey(a) == v })
}

// parseFilters takes words such as "owner:dba" or "種別:手順書,playbook" out of
// the query's text. A word is a filter only when the index knows its values:
// pasted messages are full of colons.
func parseFilters(q Query, known func(facet string) []string, words map[string]string) (string, Filter) {
	filter := Filter{}
	for facet, values := range q.Filters {
		if len(values) > 0 {
			filter[facet] = slices.Clone(values)
		}
	}
	text := q.Text
	for _, field := range strings.Fields(q.Text) {
		facet, values, found := parseFilter(field, known, words)
		if !found {
			continue
		}
		filter[facet] = append(filter[facet], values...)
		text = strings.Replace(text, field, " ", 1)
	}
	if text != q.Text && strings.TrimSpace(text) == "" {
		text = ""
	}
	return text, filter
}

func parseFilter(field string, known func(facet string) []string, words map[string]string) (facet string, values []string, found bool) {
	name, list, found := strings.Cut(strings.Replace(field, "：", ":", 1), ":")
	if !found {
		return "", nil, false
	}
	facet = FilterKey(name)
	if f, named := words[facet]; named {
		facet = f
	}
	if !slices.Contains(Facets(), facet) {
		return "", nil, false
	}
	values = strings.Split(strings.ReplaceAll(list, "、", ","), ",")
	for i, v := range values {
		if meant, named := words[facet+"="+FilterKey(v)]; named && !containsFold(known(facet), v) {
			values[i] = meant
		}
		if !containsFold(known(facet), values[i]) {
			return "", nil, false
		}
	}
	return facet, values, true
}

// counts adds up how many found documents have each value. A facet's own
// filter does not count against its other values, so that a reader sees what
// else there is.
type counts struct {
	filter  Filter
	clock   string
	byFacet map[string]map[string]int
}

func newCounts(filter Filter, clock string) *counts {
	return &counts{filter, clock, map[string]map[string]int{}}
}

// add counts a document and says whether it passes the whole filter.
func (c *counts) add(d Doc) bool {
	refused := c.filter.rejects(d, c.clock, 2)
	for _, facet := range Facets() {
		if refused != "" && refused != facet {
			continue
		}
		for _, v := range facetValues(d, facet, c.clock) {
			if c.byFacet[facet] == nil {
				c.byFacet[facet] = map[string]int{}
			}
			c.byFacet[facet][v]++
		}
	}
	return refused == ""
}

// FacetsOf returns the values of a document by facet, without its review state,
// which depends on the day.
func FacetsOf(d Doc) map[string][]string {
	values := map[string][]string{}
	for _, facet := range Facets() {
		if v := facetValues(d, facet, ""); facet != "state" && len(v) > 0 {
			values[facet] = v
		}
	}
	return values
}
