package page

import (
	"opsbook/generator/site"
)

// Front says what a bundle of a site is, before anybody opens it: whose, as of when, from which revision.
type Front struct {
	AsOf     string // day
	Revision string // commit, "" when the history is not known
	On       string // day of that commit
	Pages    int
	Homes    []Link // the home page in each language
}

// BundleFront plans the page that a bundle opens with. It stands beside the folder that holds the site, in all languages at once.
func BundleFront(s *site.Site, root string) *Page {
	pl := newPlanner(s)
	l := pl.langs[0]
	f := &Front{AsOf: s.Clock.String(), Pages: len(s.Entries)}
	f.Revision, f.On = revision(s)
	for _, l := range pl.langs {
		f.Homes = append(f.Homes, Link{Label: Label{Text: s.Config.TitleIn(l.code)}, URL: l.prefix, Rel: l.code})
	}
	return &Page{
		File: "index.html", Root: root, Lang: l.code, Layout: "layout/front", Kind: "front", Frame: pl.frame(l), Title: Label{Key: "bundle"},
		NoIndex: true, Front: f,
	}
}

// revision is the newest commit of the content and its day.
func revision(s *site.Site) (hash, day string) {
	if s.History == nil || len(s.History.Commits) == 0 {
		return "", ""
	}
	c := s.History.Commits[0]
	return c.Hash[:min(len(c.Hash), 12)], c.Date.Format("2006-01-02")
}
