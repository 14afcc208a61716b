package site

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"opsbook/generator/document"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// interfaceLanguages are those that the interface has words in.
var interfaceLanguages = []string{"ja", "en"}

// fileLanguages says which codes between a file's name and .md are a language: those of the site and of the interface, and any other
// language when the same file without the code is there too.
func (r *resolver) fileLanguages(docs []*document.Document) func(stem, code string) bool {
	known := map[string]bool{}
	for _, code := range append(slices.Clone(interfaceLanguages), r.in.Config.Languages...) {
		known[code] = true
	}
	files := make(map[string]bool, len(docs))
	for _, d := range docs {
		files[d.Path] = true
	}
	return func(stem, code string) bool {
		if known[code] {
			return true
		}
		if len(code) != 2 || !files[stem+".md"] {
			return false
		}
		_, err := language.ParseBase(code)
		return err == nil
	}
}

// splitName takes a path apart: failover.en.md is failover in English.
func splitName(p string, known func(stem, code string) bool) (stem, code string) {
	stem = strings.TrimSuffix(p, path.Ext(p))
	if dot := strings.LastIndexByte(stem, '.'); dot > strings.LastIndexByte(stem, '/')+1 && known(stem[:dot], stem[dot+1:]) {
		return stem[:dot], stem[dot+1:]
	}
	return stem, ""
}

// language is what a page says it is in, else what its text looks like; declared tells which. "" is neither.
func (r *resolver) language(w *work) (lang string, declared bool) {
	if v, ok := get(w.own, "lang"); ok && v.Kind == meta.Scalar && v.Text != "" {
		return r.known(v.Text), true
	}
	if w.suffix != "" {
		return w.suffix, true
	}
	return w.Doc.Lang, false
}

// known is a language as the site writes it: ja for ja-JP and JA where the site has no ja-JP.
func (r *resolver) known(lang string) string {
	lang = strings.ToLower(lang)
	for _, l := range append(slices.Clone(r.in.Config.Languages), interfaceLanguages...) {
		if strings.EqualFold(l, lang) {
			return l
		}
	}
	short, _, _ := strings.Cut(lang, "-")
	for _, l := range append(slices.Clone(r.in.Config.Languages), interfaceLanguages...) {
		if l == short {
			return l
		}
	}
	return lang
}

// languages are the languages of the interface: those of the configuration, else those of the pages, most pages first.
func (r *resolver) languages(works []*work) []string {
	if len(r.in.Config.Languages) > 0 {
		return r.in.Config.Languages
	}
	count := map[string]int{}
	for _, w := range works {
		if slices.Contains(interfaceLanguages, w.Lang) {
			count[w.Lang]++
		}
	}
	langs := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(b, a))
	})
	if len(langs) == 0 {
		return []string{"en"}
	}
	if !slices.ContainsFunc(works, func(w *work) bool { return w.declared && w.Lang != langs[0] }) {
		return langs[:1] // nobody wrote for readers of another language
	}
	return langs
}

// pair finds the pages that are the same in different languages: by the name of the file, or by translation_of.
func (r *resolver) pair(works []*work) {
	byStem := map[string][]*work{}
	byPath := map[string]*work{}
	byID := map[string]*work{}
	for _, w := range works {
		byStem[w.stem] = append(byStem[w.stem], w)
		byPath[w.Doc.Path] = w
		if id, ok := get(w.own, "id"); ok && id.Text != "" {
			put(byID, id.Text, w)
		}
	}
	for _, stem := range slices.Sorted(maps.Keys(byStem)) {
		r.pairFiles(byStem[stem])
	}
	for _, w := range works {
		if v, ok := get(w.own, "translation_of"); ok && v.Text != "" {
			r.pairWith(w, v, byPath, byID)
		}
	}
	for _, w := range works {
		cutCircle(w, len(works))
	}
	for _, w := range works { // an original that is itself a translation leads on to its own
		for w.original != nil && w.original.original != nil {
			w.original = w.original.original
		}
	}
}

// cutCircle makes a page that is, by way of others, a translation of itself an original.
func cutCircle(w *work, most int) {
	at := w.original
	for hops := 0; at != nil && at != w && hops < most; hops++ {
		at = at.original
	}
	if at == w {
		v, _ := get(w.own, "translation_of")
		w.wrong(diag.At(v.Pos, ruleRelated, "translation_of leads back to this page").WithHint("delete it from the page that was written first"))
		w.original = nil
	}
}

// pairFiles makes the file without a language in its name the original of the others, else the one in the default language.
func (r *resolver) pairFiles(same []*work) {
	if len(same) < 2 {
		return
	}
	original := same[0]
	for _, w := range same {
		if w.suffix == "" || original.suffix != "" && w.Lang == r.site.Languages[0] {
			original = w
		}
	}
	r.distinguish(original, same)
	seen := map[string]bool{original.Lang: true}
	for _, w := range same {
		if w != original && !seen[w.Lang] {
			seen[w.Lang] = true
			w.original, w.paired, original.paired = original, true, true
		}
	}
}

// distinguish mends a guess: a page beside its English translation is not in English, however few letters tell.
func (r *resolver) distinguish(original *work, same []*work) {
	if original.declared || !slices.ContainsFunc(same, func(w *work) bool { return w != original && w.Lang == original.Lang }) {
		return
	}
	for _, lang := range append(slices.Clone(r.site.Languages), interfaceLanguages...) {
		if !slices.ContainsFunc(same, func(w *work) bool { return w != original && w.Lang == lang }) {
			original.Lang = lang
			return
		}
	}
}

// pairWith makes the page that translation_of names the original.
func (r *resolver) pairWith(w *work, v meta.Value, byPath, byID map[string]*work) {
	original := byID[v.Text]
	for _, p := range refPaths(w.Doc.Path, v.Text) {
		if original == nil {
			original = byPath[p]
		}
	}
	switch {
	case original == nil:
		d := diag.At(v.Pos, ruleRelated, "translation_of names %q, which does not exist", v.Text)
		w.wrong(d.WithHint("name the id or the path of the page that this one translates"))
	case original == w || original.original == w || original.Lang == w.Lang:
		w.wrong(diag.At(v.Pos, ruleRelated, "translation_of names %q, which is in the same language", v.Text).
			WithHint("set lang: on the page that is the translation"))
	default:
		w.original, w.paired, original.paired = original, true, true
	}
}

// join connects the languages of every page once drafts are gone.
func join(works []*work) {
	groups := map[*work][]*work{}
	for _, w := range works {
		if w.original != nil {
			groups[w.original] = append(groups[w.original], w)
		}
	}
	for original, translations := range groups {
		all := append([]*work{original}, translations...)
		slices.SortFunc(all, func(a, b *work) int { return cmp.Or(cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.Doc.Path, b.Doc.Path)) })
		for _, w := range all {
			if w != original {
				w.Source = original.Entry
			}
			for _, o := range all {
				if o != w && o.Lang != w.Lang {
					w.Others = append(w.Others, o.Entry)
				}
			}
		}
	}
}
