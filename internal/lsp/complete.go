package lsp

import (
	"cmp"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"

	"opsbook/generator"
	"opsbook/generator/doctype"
	"opsbook/generator/site"
)

// most is how many completions an editor gets at once; it asks again when more is written.
const most = 200

// choice is something that can be written.
type choice struct {
	text, detail, doc string
	also              string // further words by which it is found
	kind              int
}

// completion says what can be written at a place.
func (s *server) completion(ctx context.Context, p placeParams) (completionList, error) {
	file := s.path(p.TextDocument.URI)
	b := s.buffer(file)
	list := completionList{Items: []completionItem{}}
	if b == nil {
		return list, nil
	}
	c, err := s.known(ctx)
	if err != nil {
		return list, err
	}
	first, front := b.inFront(p.Position.Line)
	if path.Ext(file) == ".yaml" {
		first, front = 0, true
	}
	var prefix string
	var choices []choice
	if front {
		at := b.yamlAt(first, p.Position)
		prefix, choices = at.prefix, s.yamlChoices(c, file, b, at)
	} else {
		prefix, choices = linkChoices(c, file, b.before(p.Position))
	}
	start := p.Position
	start.Character -= units(prefix)
	for i, ch := range choices {
		if !matches(ch, prefix) {
			continue
		}
		if len(list.Items) == most {
			list.IsIncomplete = true
			break
		}
		list.Items = append(list.Items, completionItem{
			Label: ch.text, Kind: ch.kind, Detail: ch.detail, Documentation: ch.doc, FilterText: strings.TrimSpace(ch.text + " " + ch.also),
			SortText: sortKey(i), TextEdit: textEdit{textRange{start, p.Position}, ch.text},
		})
	}
	return list, nil
}

// matches reports whether a choice has what was written so far.
func matches(c choice, prefix string) bool {
	return strings.Contains(strings.ToLower(c.text+" "+c.also), strings.ToLower(strings.TrimSpace(prefix)))
}

// sortKey keeps our order: editors sort by text.
func sortKey(i int) string {
	return string([]byte{byte('a' + i/676%26), byte('a' + i/26%26), byte('a' + i%26)})
}

// yamlChoices are the keys or values that can be written at a place of YAML.
func (s *server) yamlChoices(c *generator.Content, file string, b *buffer, at spotYAML) []choice {
	keys, key := below(keysOf(c, file), at.path)
	if at.value {
		values := s.values(c, key)
		if len(values) == 0 && len(keys) > 0 { // a list of maps
			return s.keyChoices(keys, nil)
		}
		return values
	}
	var there []string
	if len(at.path) == 0 {
		for _, line := range b.lines {
			if name, _, ok := strings.Cut(line, ":"); ok {
				there = append(there, name)
			}
		}
	}
	return s.keyChoices(keys, there)
}

// keyChoices are keys that are not there yet, with what they mean.
func (s *server) keyChoices(keys []doctype.Key, there []string) []choice {
	var out []choice
	for _, k := range keys {
		if k.Name == "*" || slices.Contains(there, k.Name) {
			continue
		}
		out = append(out, choice{text: k.Name + ": ", detail: k.Title[s.Lang], doc: k.Description[s.Lang], also: k.Title[s.Lang], kind: kindProperty})
	}
	return out
}

// values are what a key can have.
func (s *server) values(c *generator.Content, key doctype.Key) []choice {
	var out []choice
	add := func(kind int, text, detail, also string) {
		if text != "" {
			out = append(out, choice{text: text, detail: detail, also: also, kind: kind})
		}
	}
	for _, word := range key.Enum {
		add(kindEnum, word, "", "")
	}
	if slices.Contains(key.Kinds, "boolean") {
		add(kindEnum, "true", "", "")
		add(kindEnum, "false", "", "")
	}
	st := c.Site
	switch key.Format {
	case "party", "role", "party-or-service":
		for _, p := range st.Directory.Parties {
			add(kindReference, p.ID, s.name(p.Name), p.Kana)
		}
	case "policy":
		for _, p := range st.Directory.Escalations {
			add(kindReference, p.ID, s.name(p.Name), "")
		}
	case "alert":
		for _, a := range st.AlertList {
			add(kindValue, a.Name, "", "")
		}
	case "page":
		for _, e := range st.Entries {
			add(kindReference, cmp.Or(e.ID, e.Doc.Path), e.Title, e.Title)
		}
	case "type":
		for _, t := range st.Types.All {
			add(kindEnum, t.Name, t.Label[s.Lang], "")
		}
	case "severity":
		for _, word := range st.Config.Severities {
			add(kindEnum, word, "", "")
		}
	case "lang":
		for _, word := range st.Languages {
			add(kindEnum, word, "", "")
		}
	case "date":
		add(kindValue, st.Clock.String(), "", "")
	}
	if key.Format == "service" || key.Format == "party-or-service" {
		for _, v := range st.Directory.Services {
			add(kindReference, v.ID, s.name(v.Name), "")
		}
	}
	return out
}

// name is a name in the server's language.
func (s *server) name(names map[string]string) string {
	return cmp.Or(names[s.Lang], names[""], names["ja"], names["en"])
}

var (
	inLink = regexp.MustCompile(`(!?)\[[^\]]*\]\(<?([^()<>]*)$`)
	inRef  = regexp.MustCompile(`\[([\p{L}\p{N}._-]*)$`)
)

// linkChoices are the pages, files, anchors or ids that a link in a text can lead to.
func linkChoices(c *generator.Content, file, before string) (prefix string, out []choice) {
	if m := inLink.FindStringSubmatch(before); m != nil {
		name, fragment, anchors := strings.Cut(m[2], "#")
		switch {
		case anchors:
			return fragment, anchorChoices(target(c, file, name))
		case m[1] == "!":
			for _, a := range c.Tree.Assets {
				switch strings.ToLower(path.Ext(a.Path)) {
				case ".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".avif":
					out = append(out, choice{text: escape(relative(path.Dir(file), a.Path)), also: a.Path, kind: kindFile})
				}
			}
			return m[2], out
		}
		for _, e := range c.Site.Entries {
			if e.Doc.Path != file {
				out = append(out, choice{text: escape(relative(path.Dir(file), e.Doc.Path)), detail: e.Title, also: e.ID + " " + e.Title, kind: kindFile})
			}
		}
		return m[2], out
	}
	if m := inRef.FindStringSubmatch(before); m != nil {
		for _, e := range c.Site.Entries {
			if e.ID != "" && e.Source == nil {
				out = append(out, choice{text: e.ID, detail: e.Title, also: e.Title, kind: kindReference})
			}
		}
		return m[1], out
	}
	return "", nil
}

// target is the page that a path in a file leads to, the file's own without a path.
func target(c *generator.Content, file, name string) *site.Entry {
	at := path.Join(path.Dir(file), strings.ReplaceAll(name, "%20", " "))
	switch {
	case name == "":
		at = file
	case strings.HasPrefix(name, "/"):
		at = strings.TrimPrefix(path.Clean(name), "/")
	}
	for _, e := range c.Site.Entries {
		if e.Doc.Path == at || e.Doc.Path == at+".md" {
			return e
		}
	}
	return nil
}

func anchorChoices(e *site.Entry) []choice {
	var out []choice
	if e == nil {
		return nil
	}
	for _, section := range e.Doc.Sections {
		if section.ID != "" {
			out = append(out, choice{text: section.ID, detail: section.Title, also: section.Title, kind: kindReference})
		}
	}
	return out
}

func escape(p string) string { return strings.ReplaceAll(p, " ", "%20") }

// relative writes the path of a file as a link from a folder does.
func relative(from, to string) string {
	a, b := strings.Split(from, "/"), strings.Split(to, "/")
	if from == "." {
		a = nil
	}
	same := 0
	for same < len(a) && same < len(b)-1 && a[same] == b[same] {
		same++
	}
	return strings.Repeat("../", len(a)-same) + strings.Join(b[same:], "/")
}
