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
	page *site.Entry
	key  string // dotted path of the key: "rollback.by"
	word meta.Str
}

// trail is a key that has a format, or that leads to keys which have it.
type trail struct {
	path  string
	found bool
	below map[string]*trail
}

// trails returns the keys that have a format or lead to one that has, so that nothing else of a page is looked at.
func trails(path string, keys []doctype.Key, format string) map[string]*trail {
	all := map[string]*trail{}
	for _, k := range keys {
		at := strings.TrimPrefix(path+"."+k.Name, ".")
		t := &trail{path: at, found: k.Format == format, below: trails(at, k.Keys, format)}
		if t.found || len(t.below) > 0 {
			all[k.Name] = t
		}
	}
	return all
}

// mentions visits the words of every page's metadata whose keys have a format.
func mentions(s *site.Site, format string, visit func(mention)) {
	byType := map[*doctype.Type]map[string]*trail{}
	for _, e := range s.Entries {
		if byType[e.Type] == nil {
			byType[e.Type] = trails("", e.Type.Schema.Keys(), format)
		}
		look(e, e.Front, byType[e.Type], visit)
	}
}

func look(e *site.Entry, v meta.Value, keys map[string]*trail, visit func(mention)) {
	for _, f := range v.Fields {
		t := keys[f.Key]
		if t == nil {
			continue
		}
		for _, item := range f.Value.List() {
			switch {
			case item.Kind == meta.Map:
				look(e, item, t.below, visit)
			case item.Kind == meta.Scalar && t.found && item.Text != "":
				visit(mention{e, t.path, item.Str()})
			}
		}
	}
}

// doers are the keys of a record that say who worked. Evidence keeps their names as they are: vendors and guests are in no directory.
var doers = []string{"operator", "confirmer"}

// partyUnknown finds people and teams of a page, besides its owner and whom it escalates to, that the directory does not list.
func partyUnknown(s *site.Site, tell report) {
	if s.Directory.File == "" {
		return
	}
	ids := partyIDs(s.Directory)
	mentions(s, "party", func(m mention) {
		worked := m.page.Type.Has(doctype.Record) && slices.Contains(doers, m.key)
		if _, ok := s.Directory.Party(m.word.Text); !ok && m.key != "owner" && m.key != "escalation.to" && !worked {
			tell(unlisted(m.word, "party-unknown", ids))
		}
	})
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
	mentions(s, "service", func(m mention) {
		if _, ok := s.Directory.Service(m.word.Text); !ok {
			tell(meant(diag.At(m.word.Pos, "service-unknown", "no service has the id %q", m.word), m.word.Text, ids,
				"add it to services of directory.yaml, or name one of %s", strings.Join(ids, ", ")))
		}
	})
}

// severityUnknown finds severities that the site does not have.
func severityUnknown(s *site.Site, tell report) {
	mentions(s, "severity", func(m mention) {
		if s.Config.SeverityRank(m.word.Text) == len(s.Config.Severities) {
			tell(meant(diag.At(m.word.Pos, "severity-unknown", "%q is no severity of this site", m.word), m.word.Text, s.Config.Severities,
				"write one of %s, or name your own under severities in opsbook.yaml", strings.Join(s.Config.Severities, ", ")))
		}
	})
}

// ownRule are keys whose pages have a rule of their own.
var ownRule = []string{"causes.runbook", "activities.runbook"}

// pageUnknown finds pages that are named inside a list or map of a page's metadata, such as the runbook of a cause, and do not exist. Keys at
// the top connect pages, so that the site knows and reports them itself.
func pageUnknown(s *site.Site, tell report) {
	mentions(s, "page", func(m mention) {
		_, key, nested := strings.Cut(m.key, ".")
		if nested && !slices.Contains(ownRule, m.key) && s.Ref(m.page, m.word.Text) == nil {
			tell(diag.At(m.word.Pos, "related-unknown", "%s names %q, which does not exist", key, m.word).
				WithHint("name the id of a page or its path from the root of the source"))
		}
	})
}
