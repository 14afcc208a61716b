package page

import (
	"strings"
	"unicode"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/meta"
)

// link leads to an entry in the language of the page it stands on, where there is a translation.
func link(e *site.Entry, lang string) Link {
	e = e.In(lang)
	return Link{Label: Label{Text: e.Title, Lang: e.Lang}, URL: e.URL, Rel: e.Type.Name}
}

// refLink is link of a reference that a page makes, nil when it leads nowhere.
func (pl *planner) refLink(from *site.Entry, ref meta.Str, lang string) *Link {
	e := pl.s.Ref(from, ref.Text)
	if e == nil {
		return nil
	}
	l := link(e, lang)
	return &l
}

// primary returns every entry that is no translation, in the language of a page where it is translated, in order of URL.
func (pl *planner) primary(l language, keep func(*site.Entry) bool) []*site.Entry {
	var all []*site.Entry
	for _, e := range pl.s.Entries {
		if e.Source == nil && keep(e) {
			all = append(all, e.In(l.code))
		}
	}
	return all
}

// in returns entries in the language of a page, where they are translated.
func (pl *planner) in(l language, entries []*site.Entry) []*site.Entry {
	all := make([]*site.Entry, len(entries))
	for i, e := range entries {
		all[i] = e.In(l.code)
	}
	return all
}

func (pl *planner) ofType(t *doctype.Type) []*site.Entry { return pl.typed[t] }

// label and plural name a type in a language, by what the site calls it.
func (pl *planner) label(t *doctype.Type, l language) Label {
	return pl.named(t, t.Label, l)
}

func (pl *planner) plural(t *doctype.Type, l language) Label {
	return pl.named(t, t.Plural, l)
}

func (pl *planner) named(t *doctype.Type, names map[string]string, l language) Label {
	own := pl.s.Config.Labels[t.Name]
	for _, lang := range []string{l.code, ""} {
		if own[lang] != "" {
			return Label{Text: own[lang], Lang: lang}
		}
	}
	name := nameIn(names, l.code)
	if name.Text == "" {
		name.Text = humanize(t.Name)
	}
	return name
}

// nameIn picks a name by language: the page's, the one without a language, English, the first.
func nameIn(names map[string]string, lang string) Label {
	for _, l := range []string{lang, "", "en", "ja"} {
		if names[l] != "" {
			if l == "" {
				return Label{Text: names[l], Lang: guess(names[l])}
			}
			return Label{Text: names[l], Lang: l}
		}
	}
	return Label{}
}

// guess returns "ja" for a name in Japanese letters, "" for one that belongs to no language, such as a product's.
func guess(s string) string {
	for _, r := range s {
		if unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) {
			return "ja"
		}
	}
	return ""
}

// humanize makes a name of a key.
func humanize(key string) string {
	key = strings.ReplaceAll(key, "_", " ")
	if key == "" {
		return key
	}
	return strings.ToUpper(key[:1]) + key[1:]
}

// party leads to a team, person or vendor. Rel is its id.
func party(p *config.Party, l language) Link {
	name := nameIn(p.Name, l.code)
	if name.Text == "" {
		name.Text = p.ID
	}
	return Link{Label: name, URL: l.prefix + partyPath(p), Rel: p.ID}
}

func partyPath(p *config.Party) string {
	return map[config.PartyKind]string{config.Team: "teams/", config.Person: "people/", config.Vendor: "vendors/"}[p.Kind] + slug(p.ID) + "/"
}

// owner leads to who answers for a page, nil for nobody. Somebody whom the directory does not know is a name.
func owner(e *site.Entry, l language) *Link {
	to := Link{Label: Label{Text: e.Meta.Owner.Text, Lang: guess(e.Meta.Owner.Text)}, Rel: e.Meta.Owner.Text}
	if e.Owner != nil {
		to = party(e.Owner, l)
	}
	if to.Rel == "" {
		return nil
	}
	return &to
}

// partyRef is party of an author's reference; a name that the directory does not know stays a name.
func (pl *planner) partyRef(ref meta.Str, l language) *Link {
	if ref.IsZero() {
		return nil
	}
	if p := pl.s.Party(ref.Text); p != nil {
		to := party(p, l)
		return &to
	}
	return &Link{Label: Label{Text: ref.Text, Lang: guess(ref.Text)}}
}

// name is partyRef where nobody is an empty name.
func (pl *planner) name(ref meta.Str, l language) Link {
	if to := pl.partyRef(ref, l); to != nil {
		return *to
	}
	return Link{}
}

func (pl *planner) partyRefs(refs []meta.Str, l language) []Link {
	var links []Link
	for _, r := range refs {
		if to := pl.partyRef(r, l); to != nil {
			links = append(links, *to)
		}
	}
	return links
}

func service(s *config.Service, l language) Link {
	name := nameIn(s.Name, l.code)
	if name.Text == "" {
		name.Text = s.ID
	}
	return Link{Label: name, URL: l.prefix + "services/" + slug(s.ID) + "/", Rel: s.ID}
}

func (pl *planner) serviceRef(ref meta.Str, l language) Link {
	if s, ok := pl.s.Directory.Service(ref.Text); ok {
		return service(&s, l)
	}
	return Link{Label: Label{Text: ref.Text, Lang: guess(ref.Text)}}
}

func (pl *planner) serviceRefs(refs []meta.Str, l language) []Link {
	var links []Link
	for _, r := range refs {
		links = append(links, pl.serviceRef(r, l))
	}
	return links
}

// slug makes one segment of a URL: letters, digits, _ and - stay, the rest becomes -.
func slug(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == '_' || r == '-' {
			return r
		}
		return '-'
	}, s)
}
