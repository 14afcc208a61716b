package webindex

import (
	"slices"
	"strconv"

	"opsbook/search"
)

// columns tabulates what documents are filtered and ordered by. The review
// state is left out: it would be wrong a day later.
func columns(entries []Entry) map[string]column {
	table := map[string]column{}
	add := func(name string, of func(search.Doc) []string) {
		docs := make([][]string, len(entries))
		any := false
		for i, e := range entries {
			docs[i] = of(e.Doc)
			any = any || len(docs[i]) > 0
		}
		if any {
			table[name] = makeColumn(docs)
		}
	}
	one := func(v string) []string {
		if v == "" {
			return nil
		}
		return []string{v}
	}
	add("type", func(d search.Doc) []string { return one(d.Type) })
	add("service", func(d search.Doc) []string { return d.Services })
	add("owner", func(d search.Doc) []string { return one(d.Owner) })
	add("severity", func(d search.Doc) []string { return one(d.Severity) })
	add("status", func(d search.Doc) []string { return one(d.Status) })
	add("lang", func(d search.Doc) []string { return one(d.Lang) })
	add("due", func(d search.Doc) []string { return one(d.Due) })
	add("boost", func(d search.Doc) []string {
		if d.Boost <= 0 || d.Boost == 1 {
			return nil
		}
		return []string{strconv.FormatFloat(d.Boost, 'g', -1, 64)}
	})
	return table
}

func makeColumn(docs [][]string) column {
	values := slices.Clone(docs)
	slices.SortFunc(values, slices.Compare)
	values = slices.CompactFunc(values, slices.Equal)
	var numbers []byte
	w := width(len(values))
	for _, d := range docs {
		i, _ := slices.BinarySearchFunc(values, d, slices.Compare)
		numbers = appendFixed(numbers, i, w)
	}
	for i, v := range values {
		if v == nil {
			values[i] = []string{}
		}
	}
	return column{values, string(numbers)}
}
