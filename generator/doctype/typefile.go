package doctype

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// typeKeys are the keys of type.yaml.
var typeKeys = []string{"default", "detect", "facts", "folders", "label", "order", "plural", "rank", "review_in", "sections", "steps", "traits"}

// sectionKeys are the keys of one of its sections.
var sectionKeys = []string{"group", "id", "keys", "names", "required"}

// fill reads type.yaml into a type.
func (l *loader) fill(t *Type, v meta.Value) {
	for _, f := range v.Fields {
		switch f.Key {
		case "label":
			t.Label = l.label(f.Value)
		case "plural":
			t.Plural = l.label(f.Value)
		case "folders":
			t.Folders = l.texts(f)
		case "order":
			t.Order = int(l.number(f))
		case "rank":
			t.Rank = l.number(f)
		case "traits":
			t.Traits = l.traits(f)
		case "sections":
			t.Sections = l.sections(f)
		case "review_in":
			t.ReviewIn = l.spans(f)
		case "facts":
			t.Facts = l.texts(f)
		case "default":
			t.Fallback = l.flag(f)
		case "steps", "detect":
		default:
			l.unknown(f, typeKeys)
		}
	}
	for _, f := range v.Fields { // these name sections, wherever they stand in the file
		switch f.Key {
		case "steps":
			t.Steps = l.sectionIDs(t, f)
		case "detect":
			t.Detect = l.sectionIDs(t, f)
		}
	}
	if len(t.Folders) == 0 {
		t.Folders = []string{t.Name}
	}
	if len(t.Label) == 0 {
		t.Label = map[string]string{"en": t.Name, "ja": t.Name}
	}
	if len(t.Plural) == 0 {
		t.Plural = t.Label
	}
}

// label reads a word that is written once for all languages, or once for each.
func (l *loader) label(v meta.Value) map[string]string {
	out := map[string]string{}
	for lang, names := range l.languages(v) {
		out[lang] = names[0]
	}
	return out
}

// languages reads lists of words by language; a word or a list without a language counts for both of ours.
func (l *loader) languages(v meta.Value) map[string][]string {
	out := map[string][]string{}
	if v.Kind != meta.Map {
		if names := l.texts(meta.Field{Value: v, Raw: "names"}); len(names) > 0 {
			out["ja"], out["en"] = names, names
		}
		return out
	}
	for _, f := range v.Fields {
		if names := l.texts(f); len(names) > 0 {
			out[f.Raw] = names
		}
	}
	return out
}

// texts reads a list of words; one alone is a list of one.
func (l *loader) texts(f meta.Field) []string {
	items := f.Value.Items
	if f.Value.Kind != meta.List {
		items = []meta.Value{f.Value}
	}
	var out []string
	for _, v := range items {
		if v.Kind != meta.Scalar {
			l.wrong(place(v, f), "%s must be a list of words", f.Raw)
			continue
		}
		out = append(out, v.Text)
	}
	return out
}

// place is where a value stands, or its key when nothing was written.
func place(v meta.Value, f meta.Field) diag.Pos {
	if v.Kind == meta.None || v.Kind == meta.Null || v.Pos.Line == 0 {
		return f.Pos
	}
	return v.Pos
}

func (l *loader) number(f meta.Field) float64 {
	n, err := strconv.ParseFloat(f.Value.Text, 64)
	if f.Value.Kind != meta.Scalar || err != nil {
		l.wrong(place(f.Value, f), "%s must be a number", f.Raw)
		return 1
	}
	return n
}

func (l *loader) flag(f meta.Field) bool {
	if f.Value.Text != "true" && f.Value.Text != "false" {
		l.wrong(place(f.Value, f), "%s must be true or false", f.Raw)
	}
	return f.Value.Text == "true"
}

func (l *loader) traits(f meta.Field) []Trait {
	var known []string
	for _, t := range traits {
		known = append(known, string(t))
	}
	var out []Trait
	for _, word := range l.texts(f) {
		if !slices.Contains(traits, Trait(word)) {
			l.wrong(itemPos(f, word), "unknown trait %q", word)
			l.suggest(word, known)
			continue
		}
		out = append(out, Trait(word))
	}
	return out
}

// sections reads the sections of a type: ids, or maps that say more.
func (l *loader) sections(f meta.Field) []Section {
	var out []Section
	for _, v := range f.Value.Items {
		s := Section{ID: v.Text}
		for _, g := range v.Fields {
			switch g.Key {
			case "id":
				s.ID = g.Value.Text
			case "required":
				s.Required = l.flag(g)
			case "group":
				s.Group = g.Value.Text
			case "keys":
				s.Keys = l.texts(g)
			case "names":
				s.Names = l.languages(g.Value)
			default:
				l.unknown(g, sectionKeys)
			}
		}
		s.ID = meta.Canonical(s.ID)
		if s.ID == "" {
			l.wrong(v.Pos, "a section needs an id")
			continue
		}
		for lang, names := range l.names[s.ID] { // names of its own come first
			if s.Names == nil {
				s.Names = map[string][]string{}
			}
			s.Names[lang] = append(slices.Clone(s.Names[lang]), names...)
		}
		if len(s.Names) == 0 {
			l.wrong(v.Pos, "section %q has no names", s.ID)
			l.hint("add names: {ja: [...], en: [...]}, the headings by which it is recognised")
			continue
		}
		if l.names[s.ID] == nil {
			l.names[s.ID] = s.Names
		}
		out = append(out, s)
	}
	return out
}

// sectionIDs reads ids of sections that the type has.
func (l *loader) sectionIDs(t *Type, f meta.Field) []string {
	var known, out []string
	for _, s := range t.Sections {
		known = append(known, s.ID)
	}
	for _, id := range l.texts(f) {
		if !slices.Contains(known, meta.Canonical(id)) {
			l.wrong(itemPos(f, id), "%s names the section %q, which the type does not have", f.Raw, id)
			l.suggest(id, known)
			continue
		}
		out = append(out, meta.Canonical(id))
	}
	return out
}

func (l *loader) spans(f meta.Field) map[string]meta.Span {
	fields := f.Value.Fields
	if f.Value.Kind == meta.Scalar {
		fields = []meta.Field{{Raw: "default", Pos: f.Pos, Value: f.Value}}
	}
	out := map[string]meta.Span{}
	for _, g := range fields {
		span, problems := g.Value.Span()
		for _, d := range problems {
			d.Rule = rule
			l.problems = append(l.problems, d)
		}
		if !span.IsZero() {
			out[g.Raw] = span
		}
	}
	return out
}

// itemPos is where a word of a list stands.
func itemPos(f meta.Field, word string) diag.Pos {
	for _, v := range f.Value.Items {
		if v.Text == word {
			return v.Pos
		}
	}
	return place(f.Value, f)
}

func (l *loader) unknown(f meta.Field, known []string) {
	l.wrong(f.Pos, "unknown key %q", f.Raw)
	l.suggest(f.Key, known)
}

// suggest adds what the writer may have meant to the last thing wrong.
func (l *loader) suggest(word string, known []string) {
	if near, ok := diag.Nearest(word, known); ok {
		l.hint("did you mean %q?", near)
		return
	}
	l.hint("there are %s", strings.Join(known, ", "))
}

// validName reports whether a folder's name can be written in front matter and in an address.
func validName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}
