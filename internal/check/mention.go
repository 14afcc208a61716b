package check

import (
	"slices"
	"strings"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// mention is a word of a page's metadata that names something outside the page: a party, a service, a severity. What it names follows from
// the format that the schema of the page's type gives its key, so that it holds for a site's own types as well.
type mention struct {
	key  string // dotted path of the key: "rollback.by"
	word meta.Str
}

// mentions returns the words of a page's metadata whose keys have a format.
func mentions(e *site.Entry, format string) []mention {
	if e.Type.Schema == nil {
		return nil
	}
	return look(nil, "", e.Front, e.Type.Schema.Keys(), format)
}

func look(found []mention, path string, v meta.Value, keys []doctype.Key, format string) []mention {
	for _, f := range v.Fields {
		i := slices.IndexFunc(keys, func(k doctype.Key) bool { return k.Name == f.Key })
		if i < 0 {
			continue
		}
		at := strings.TrimPrefix(path+"."+f.Key, ".")
		for _, item := range f.Value.List() {
			switch item.Kind {
			case meta.Scalar:
				if keys[i].Format == format && item.Text != "" {
					found = append(found, mention{at, item.Str()})
				}
			case meta.Map:
				found = look(found, at, item, keys[i].Keys, format)
			}
		}
	}
	return found
}

// partyUnknown finds people and teams of a page, besides its owner and whom it escalates to, that the directory does not list.
func partyUnknown(s *site.Site, tell report) {
	if s.Directory.File == "" {
		return
	}
	ids := partyIDs(s.Directory)
	for _, e := range s.Entries {
		for _, m := range mentions(e, "party") {
			if _, ok := s.Directory.Party(m.word.Text); !ok && m.key != "owner" && m.key != "escalation.to" {
				tell(unlisted(m.word, "party-unknown", ids))
			}
		}
	}
}

// serviceUnknown finds services that the directory does not list. A directory without services says nothing about them.
func serviceUnknown(s *site.Site, tell report) {
	if len(s.Directory.Services) == 0 {
		return
	}
	ids := make([]string, len(s.Directory.Services))
	for i, service := range s.Directory.Services {
		ids[i] = service.ID
	}
	for _, e := range s.Entries {
		for _, m := range mentions(e, "service") {
			if _, ok := s.Directory.Service(m.word.Text); !ok {
				tell(meant(diag.At(m.word.Pos, "service-unknown", "no service has the id %q", m.word), m.word.Text, ids,
					"add it to services of directory.yaml, or name one of %s", strings.Join(ids, ", ")))
			}
		}
	}
}

// severityUnknown finds severities that the site does not have.
func severityUnknown(s *site.Site, tell report) {
	for _, e := range s.Entries {
		for _, m := range mentions(e, "severity") {
			if s.Config.SeverityRank(m.word.Text) == len(s.Config.Severities) {
				tell(meant(diag.At(m.word.Pos, "severity-unknown", "%q is no severity of this site", m.word), m.word.Text, s.Config.Severities,
					"write one of %s, or name your own under severities in opsbook.yaml", strings.Join(s.Config.Severities, ", ")))
			}
		}
	}
}

// pageUnknown finds pages that are named inside a list or map of a page's metadata, such as the runbook of a cause, and do not exist. Keys at
// the top connect pages, so that the site knows and reports them itself.
func pageUnknown(s *site.Site, tell report) {
	for _, e := range s.Entries {
		for _, m := range mentions(e, "page") {
			_, key, nested := strings.Cut(m.key, ".")
			if nested && s.Ref(e, m.word.Text) == nil {
				tell(diag.At(m.word.Pos, "related-unknown", "%s names %q, which does not exist", key, m.word).
					WithHint("name the id of a page or its path from the root of the source"))
			}
		}
	}
}
