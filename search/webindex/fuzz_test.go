package webindex

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"opsbook/search"
)

// words is text that a record can hold: the generator reads UTF-8 only.
func words(s string) string { return strings.ToValidUTF8(s, "�") }

// FuzzIndex writes an index of two records and reads it again: documents, texts and terms come back as they were, and whatever is asked there
// is an answer.
func FuzzIndex(f *testing.F) {
	f.Add("RDS 再起動", "手順", "restart the database", "dba")
	f.Add("`${a}` \\", "a\\`b", "``` $ { } \\u0060 \u2028", "x")
	f.Add("か\u3099", "\U000E0100", "葛\U000E0100城 \x00", "")
	f.Add("😀", "//", "</script><!--", "__proto__")
	f.Add("a b a b a b", "ーーーー", strings.Repeat("あ", 300), "constructor")
	f.Fuzz(func(t *testing.T, title, heading, text, owner string) {
		title, heading, text, owner = words(title), words(heading), words(text), words(owner)
		records := []search.Record{
			{URL: "a/", Title: title, Owner: owner, Type: "runbook", Sections: []search.Section{{Anchor: "x", Heading: heading, Text: text}}},
			{URL: "b/", Title: text, Alerts: []string{title}, Due: "2026-11-01", Sections: []search.Section{{Heading: title, Text: heading}}},
		}
		var entries []Entry
		terms := map[string]bool{}
		for _, r := range records {
			e := Analyze(r)
			entries = append(entries, e)
			if err := e.Each(func(term []byte, _ search.Term) { terms[string(term)] = true }); err != nil {
				t.Fatal(err)
			}
		}
		files, err := Write(entries, Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(files)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		want := slices.SortedFunc(maps.Keys(terms), search.CompareTerms)
		if d := cmp.Diff(want, r.terms); d != "" && len(want)+len(r.terms) > 0 {
			t.Errorf("terms (-written +read):\n%s", d)
		}
		for i, e := range entries {
			got := r.docs[i]
			if got.Title != e.Doc.Title || got.URL != e.Doc.URL || got.Owner != e.Doc.Owner || got.Due != e.Doc.Due || got.Type != e.Doc.Type {
				t.Errorf("wrote %+v, read %+v", e.Doc, got)
			}
		}
		for _, query := range []string{title, text} {
			if _, err := r.Search(search.Query{Text: query, Clock: "2026-11-01"}); err != nil {
				t.Errorf("search %q: %v", query, err)
			}
		}
	})
}

// FuzzOpen damages a file of an index: reading it gives an error or a reader that answers, never a panic.
func FuzzOpen(f *testing.F) {
	var entries []Entry
	for _, r := range []search.Record{
		{URL: "a/", Title: "RDS 再起動", Owner: "dba", Sections: []search.Section{{Anchor: "x", Heading: "手順", Text: "restart the database"}}},
		{URL: "b/", Title: "障害", Type: "note", Sections: []search.Section{{Text: "the database failed"}}},
		{URL: "c/", Title: "KubePodCrashLooping", Due: "2026-11-01", Sections: []search.Section{{Text: "障害 対応 the pod"}}},
	} {
		entries = append(entries, Analyze(r))
	}
	files, err := Write(entries, Options{})
	if err != nil {
		f.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(files))
	for i, name := range names {
		f.Add(uint8(i), uint32(0), uint32(len(files[name])), files[name])
		f.Add(uint8(i), uint32(len(files[name])/2), uint32(1), []byte("~"))
		f.Add(uint8(i), uint32(len(files[name])/3), uint32(len(files[name])), []byte(nil))
	}
	f.Add(uint8(1), uint32(0), uint32(1<<20), []byte("__opsbook_search(\"index\",{\"v\":3,\"n\":1073741824})\n"))
	f.Fuzz(func(t *testing.T, which uint8, at, cut uint32, put []byte) {
		damaged := maps.Clone(files)
		name := names[int(which)%len(names)]
		whole := files[name]
		from := int(at) % (len(whole) + 1)
		to := min(len(whole), from+int(cut%(1<<20)))
		damaged[name] = slices.Concat(whole[:from], put, whole[to:])
		r, err := Open(damaged)
		if err != nil {
			if !utf8.ValidString(err.Error()) && utf8.Valid(put) {
				t.Errorf("the message cannot be printed: %q", err)
			}
			return
		}
		for _, text := range []string{"障害", "database restrat", "type:note 再"} {
			_, _ = r.Search(search.Query{Text: text, Clock: "2026-11-01"})
		}
	})
}
