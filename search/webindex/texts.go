package webindex

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"opsbook/search"
)

// together is the number of documents whose texts share a file.
const together = 16

// Texts returns what the sections of the records say, by path: one list a
// document, in the order of [Write]. It belongs to a site that is opened from a
// disk, and its names are stable, as the whole folder is replaced at once.
func Texts(records []search.Record) map[string][]byte {
	records = slices.Clone(records)
	slices.SortStableFunc(records, func(a, b search.Record) int { return strings.Compare(a.URL, b.URL) })
	files := map[string][]byte{}
	for i := 0; i < len(records); i += together {
		var b bytes.Buffer
		for j, r := range records[i:min(i+together, len(records))] {
			b.WriteByte("[,"[min(j, 1)])
			b.Write(texts(r))
		}
		name := "t" + strconv.Itoa(i/together)
		files["search/"+name+".js"] = script(name, append(b.Bytes(), ']'))
	}
	return files
}

// texts is a list of strings, one a section.
func texts(r search.Record) []byte {
	list := []byte{'['}
	for i, s := range r.Sections {
		if i > 0 {
			list = append(list, ',')
		}
		list = appendString(list, search.Clean(s.Text))
	}
	return append(list, ']')
}
