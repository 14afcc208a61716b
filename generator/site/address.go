package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"opsbook/internal/diag"
)

// Slug is a name as it stands in an address: letters of any script, digits, _ and - stay as they are, everything else becomes -.
func Slug(name string) string {
	plain := true
	for i := range len(name) {
		b := name[i]
		plain = plain && (b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '-')
	}
	if plain {
		return name
	}
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return r
		}
		return '-'
	}, name)
}

// folderURL is the address of a folder of the source, "" for the root.
func folderURL(dir string) string {
	if dir == "" {
		return ""
	}
	parts := strings.Split(dir, "/")
	for i, part := range parts {
		parts[i] = Slug(part)
	}
	return strings.Join(parts, "/") + "/"
}

// indexNames are the names of a folder's index page, the first that there is. A host of Git repositories shows any spelling of README.
var indexNames = []string{"_index", "readme", "index"}

// indexRank is the place of a file among those that can be an index page, or -1.
func indexRank(stem string) int {
	name := base(stem)
	if strings.EqualFold(name, "readme") {
		name = "readme"
	}
	return slices.Index(indexNames, name)
}

// place gives every page its address. Of several that would have the same one, the first by path keeps it.
func (r *resolver) place(works []*work) {
	r.chooseIndexes(works)
	taken := map[string]*work{}
	for _, w := range works {
		url := r.address(w)
		if first := taken[url]; first != nil {
			w.wrong(diag.At(top(w.Entry), ruleURL, "the address /%s is already taken by %s", url, first.Doc.Path).
				WithHint("rename one of the two files").WithRelated(top(first.Entry), "this page has the address"))
			for n := 2; taken[url] != nil; n++ {
				url = strings.TrimSuffix(r.address(w), "/") + "-" + strconv.Itoa(n) + "/"
			}
		}
		taken[url] = w
		w.URL = url
		r.site.byURL[url] = w.Entry
		r.site.byPath[w.Doc.Path] = w.Entry
		r.site.Entries = append(r.site.Entries, w.Entry)
	}
	slices.SortFunc(r.site.Entries, func(a, b *Entry) int { return cmp.Compare(a.URL, b.URL) })
	r.each(works, r.typed)
	r.each(works, r.title)
}

// chooseIndexes finds the index page of every folder, in every language.
func (r *resolver) chooseIndexes(works []*work) {
	type place struct{ dir, prefix string }
	best := map[place]*work{}
	for _, w := range works {
		if indexRank(w.stem) < 0 {
			continue
		}
		at := place{folderOf(w.Doc.Path), r.prefix(w)}
		if b := best[at]; b == nil || indexRank(w.stem) < indexRank(b.stem) {
			best[at] = w
		}
	}
	for _, w := range works {
		if indexRank(w.stem) < 0 {
			continue
		}
		b := best[place{folderOf(w.Doc.Path), r.prefix(w)}]
		if w.Index = b == w; w.Index {
			continue
		}
		d := diag.At(top(w.Entry), ruleIndex, "%s is the index page of this folder already; this page is at /%s", base(b.Doc.Path), r.address(w)).
			WithHint("keep one of the two, or rename this one")
		d.Severity = diag.Warning
		w.wrong(d)
	}
}

// prefix is the folder of a language: none for the default one, and none for a page whose language is only a guess.
func (r *resolver) prefix(w *work) string {
	if w.Lang == r.site.Languages[0] || !w.declared && !w.paired {
		return ""
	}
	return Slug(w.Lang) + "/"
}

func (r *resolver) address(w *work) string {
	at := r.prefix(w) + folderURL(folderOf(w.stem))
	if w.Index {
		return at
	}
	return at + Slug(base(w.stem)) + "/"
}

// top is the start of a page.
func top(e *Entry) diag.Pos { return diag.Pos{File: e.Doc.Path, Line: 1, Col: 1} }

// title is what a page is called: by its front matter, its first heading, or its file.
func (r *resolver) title(w *work) {
	switch {
	case !w.Meta.Title.IsZero():
		w.Title = w.Meta.Title.Text
	case !w.Doc.Title.IsZero():
		w.Title = w.Doc.Title.Text
	case w.Index && folderOf(w.Doc.Path) == "":
		w.Title = r.in.Config.Title
	case w.Index:
		w.Title = base(folderOf(w.Doc.Path))
	default:
		w.Title = strings.NewReplacer("-", " ", "_", " ").Replace(base(w.stem))
	}
	w.Title = cmp.Or(w.Title, base(w.stem))
}

// summaryLimit is how many characters of prose stand for a page without a description: what a list shows in two lines.
const summaryLimit = 160

// summary is a page in one sentence: its description, else the first sentence of its text.
func summary(e *Entry) string {
	if !e.Meta.Description.IsZero() {
		return e.Meta.Description.Text
	}
	for i, s := range e.Doc.Sections {
		if s.Level > 1 {
			break
		}
		if i == 0 && len(e.Doc.Info.Fields) > 0 {
			continue // the text is the information table's
		}
		if s := firstSentence(s.Text); s != "" {
			return s
		}
	}
	for _, s := range e.Doc.Sections {
		if s := firstSentence(s.Text); s != "" {
			return s
		}
	}
	return ""
}

func firstSentence(text string) string {
	text = strings.TrimSpace(text)
	text, _, _ = strings.Cut(text, "\n")
	if i := strings.Index(text, "。"); i >= 0 {
		text = text[:i+len("。")]
	}
	for _, end := range []string{". ", "! ", "? "} {
		if i := strings.Index(text, end); i >= 0 {
			text = text[:i+1]
		}
	}
	if rs := []rune(text); len(rs) > summaryLimit {
		text = strings.TrimSpace(string(rs[:summaryLimit-1])) + "…"
	}
	return text
}
