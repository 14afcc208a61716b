package site

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
)

// readNames makes sections findable by their headings, for every type and for all of them.
func (r *resolver) readNames() {
	r.all = map[string]string{}
	add := func(to map[string]string, id string, names map[string][]string) {
		for _, lang := range names {
			for _, name := range lang {
				put(to, fold(name), id)
			}
		}
	}
	for _, t := range r.site.Types.All {
		own := map[string]string{}
		for _, s := range t.Sections {
			add(own, s.ID, s.Names)
			add(r.all, s.ID, s.Names)
		}
		r.names[t] = own
	}
}

// headings are the sections that every heading of a page names. The heading that names the page is none.
func headings(doc *document.Document, names map[string]string) [][]string {
	out := make([][]string, len(doc.Sections))
	titled := false
	for i, s := range doc.Sections {
		switch {
		case s.Level == 0:
		case s.Level == 1 && !titled:
			titled = true
		default:
			out[i] = lookUp(names, s.Title)
		}
	}
	return out
}

// recognise finds sections by the headings that name them. Of several with one name the highest counts, then the first; a heading inside another
// section that was found counts only when nothing outside does.
func recognise(doc *document.Document, named [][]string) map[string]int {
	var found map[string]int
	outer := 0 // level of the recognised section that the headings below it are inside of
	nested := map[string]int{}
	for i, s := range doc.Sections {
		if s.Level <= outer {
			outer = 0
		}
		for _, id := range named[i] {
			if outer > 0 {
				put(nested, id, i)
				continue
			}
			if found == nil {
				found = map[string]int{}
			}
			if j, twice := found[id]; !twice || doc.Sections[j].Level > s.Level {
				found[id] = i
			}
		}
		if len(named[i]) > 0 && outer == 0 {
			outer = s.Level
		}
	}
	for id, i := range nested {
		if found == nil {
			found = map[string]int{}
		}
		put(found, id, i)
	}
	return found
}

// lookUp finds the sections that a heading names: as it is, without its numbering, its remark in brackets and its punctuation, or as several
// names at once (`Diagnosis and mitigation`, `調査・対処`).
func lookUp(names map[string]string, title string) []string {
	folded := fold(title)
	if id, ok := names[folded]; ok {
		return []string{id}
	}
	bare := trimHeading(folded)
	if id, ok := names[bare]; ok && bare != folded {
		return []string{id}
	}
	var ids []string
	for _, and := range []string{" and ", "&", "/", "・", "、", "および", "と"} {
		if !strings.Contains(bare, and) {
			continue
		}
		for _, part := range strings.Split(bare, and) {
			id, ok := names[strings.TrimSpace(part)]
			if !ok {
				return nil
			}
			ids = append(ids, id)
		}
		return ids
	}
	return nil
}

// fold brings a heading into the form in which headings are compared: NFKC, lower case, without spaces at its ends.
func fold(s string) string {
	ascii, lower := true, true
	for i := range len(s) {
		ascii = ascii && s[i] < 0x80
		lower = lower && (s[i] < 'A' || s[i] > 'Z')
	}
	if !ascii {
		s = norm.NFKC.String(s)
	}
	if !ascii || !lower {
		s = strings.ToLower(s)
	}
	return strings.TrimSpace(s)
}

// trimHeading takes away what a heading has beside its name: `2.1 手順`, `第3章 切り戻し`, `手順 (本番)`, `Steps:`, `■ 手順`, `【手順】`.
func trimHeading(s string) string {
	if rest, ok := strings.CutPrefix(s, "第"); ok {
		if after := strings.TrimLeft(rest, digits+"一二三四五六七八九十"); after != rest {
			for _, unit := range []string{"章", "節", "部", "項"} {
				if t, ok := strings.CutPrefix(after, unit); ok {
					s = t
				}
			}
		}
	}
	if rest := strings.TrimLeft(s, digits); rest != s && rest != "" && !unicode.IsLetter([]rune(rest)[0]) {
		s = strings.TrimLeft(rest, digits+".-)")
	}
	s = strings.TrimLeftFunc(s, ornament)
	s = strings.TrimRightFunc(s, ornament)
	if i := strings.IndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		s = s[:i]
	}
	return strings.TrimRightFunc(s, ornament)
}

// ornament reports whether a character at the edge of a heading is no part of its name.
func ornament(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsSymbol(r) || unicode.Is(unicode.Variation_Selector, r) || strings.ContainsRune(".:;,、。・-–—*#【】「」[]<>", r)
}

// inside reports whether section i stands below section outer: deeper, with no heading between them that ends it.
func inside(doc *document.Document, outer, i int) bool {
	if i <= outer {
		return false
	}
	for _, s := range doc.Sections[outer+1 : i+1] {
		if s.Level <= doc.Sections[outer].Level {
			return false
		}
	}
	return true
}

// stepSections are the sections of a page whose steps are run: all that have the name of one, in the order of the text, but none inside
// another.
func stepSections(e *Entry, named [][]string) []int {
	if !e.Type.Has(doctype.Steps) || len(e.Type.Steps) == 0 {
		return nil
	}
	wanted := map[string]bool{}
	for _, id := range e.Type.Steps {
		wanted[id] = true
	}
	var out []int
	for i, s := range e.Doc.Sections {
		if len(named[i]) == 0 || len(out) > 0 && inside(e.Doc, out[len(out)-1], i) {
			continue
		}
		for _, id := range named[i] {
			if wanted[id] && s.Level <= e.Doc.Sections[e.Sections[id]].Level { // not one of the same name deep in another part
				out = append(out, i)
				break
			}
		}
	}
	return out
}
