package page

import (
	"cmp"
	"slices"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/meta"
)

// Pack is an emergency pack: the most severe pages as one document for paper, with whom to call before everything else.
type Pack struct {
	AsOf       string // day
	Revision   string // commit, "" when the history is not known
	ValidUntil string // day
	Severities []string
	Contacts   []Step // everybody on a way of escalation of the sheets, each once
	Sheets     []PackSheet
}

// PackSheet is one page of the site in a pack.
type PackSheet struct {
	Page    *Page
	Address string // of the page, "" without base_url
	QR      QR
}

// QR is a code for a camera: Path is what is dark, in SVG, on a square of Side modules, a quiet zone of four on each side included. The zero
// value is none.
type QR struct {
	Side int
	Path string
}

// PackOf plans the emergency pack of a site in a language. pages are those of Plan. Without severities it holds the worst one that has pages.
func PackOf(s *site.Site, pages []*Outline, lang string, severities []string) *Page {
	pl := newPlanner(s)
	l := pl.langs[0]
	for _, other := range pl.langs {
		if other.code == lang {
			l = other
		}
	}
	byURL := map[string]*Outline{}
	for _, p := range pages {
		byURL[p.URL] = p
	}
	entries := pl.primary(l, packed)
	if len(severities) == 0 {
		severities = worst(s, entries)
	}
	k := &Pack{AsOf: s.Clock.String(), ValidUntil: validUntil(s).String(), Severities: severities}
	k.Revision, _ = revision(s)
	slices.SortStableFunc(entries, func(a, b *site.Entry) int {
		return cmp.Compare(s.Config.SeverityRank(a.Severity), s.Config.SeverityRank(b.Severity))
	})
	for _, e := range entries {
		o := byURL[e.URL]
		if o == nil || !slices.ContainsFunc(severities, func(x string) bool { return s.Config.SeverityRank(x) == s.Config.SeverityRank(e.Severity) }) {
			continue
		}
		p := o.Whole()
		k.Sheets = append(k.Sheets, PackSheet{Page: p, Address: p.Canonical})
		for _, step := range p.Doc.Path {
			if !slices.ContainsFunc(k.Contacts, func(c Step) bool { return c.To == step.To }) {
				k.Contacts = append(k.Contacts, step)
			}
		}
	}
	return &Page{
		File: "pack.html", URL: "pack.html", Root: "./", Lang: l.code, Layout: "layout/pack", Kind: "pack", Frame: pl.frame(l), Title: Label{Key: "pack"},
		NoIndex: true, Pack: k,
	}
}

// packed are pages that say what to do: evidence of what was done stays at home.
func packed(e *site.Entry) bool {
	return listed(e) && e.Severity != "" && (e.Type.Has(doctype.Steps) || e.Type.Has(doctype.Causes)) && !e.Type.Has(doctype.Incident) && !e.Type.Has(doctype.Record)
}

// worst is the most severe severity that any of the entries has.
func worst(s *site.Site, entries []*site.Entry) []string {
	if len(entries) == 0 {
		return nil
	}
	first := slices.MinFunc(entries, func(a, b *site.Entry) int {
		return cmp.Compare(s.Config.SeverityRank(a.Severity), s.Config.SeverityRank(b.Severity))
	})
	return []string{first.Severity}
}

func validUntil(s *site.Site) meta.Date { return s.Clock.Add(s.Config.Offline.ValidFor) }
