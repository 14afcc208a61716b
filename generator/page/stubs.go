package page

import (
	"net/url"
	"path"
	"strings"
)

// missing plans 404.html. It is served at any depth, so its links begin at base_url's path.
func (pl *planner) missing() {
	l := pl.langs[0]
	p := pl.at(l, "404.html", "missing", Label{Key: "missing"})
	p.Missing, p.NoIndex, p.Root = true, true, "/"
	if base, err := url.Parse(pl.s.Config.BaseURL); err == nil && base.Path != "" {
		p.Root = base.EscapedPath()
	}
	p.Tools.Missing = request(pl.s.Config.Requests["missing-page"].Text, "404", pl.s.Config.BaseURL)
}

// stubs plans the old addresses of pages. What is at an address already stays.
func (pl *planner) stubs() {
	for _, e := range pl.s.Entries {
		for _, alias := range e.Aliases {
			address := aliasURL(alias)
			if pl.pages[address] != nil {
				continue
			}
			l := pl.of(e)
			p := pl.at(l, address, "stub", Label{Text: e.Title, Lang: e.Lang})
			pl.lead(&p.Page, e, address)
		}
	}
}

// aliasURL is the URL of an alias: a file where it names one, else a folder.
func aliasURL(alias string) string {
	alias = strings.TrimPrefix(alias, "/")
	alias = strings.TrimSuffix(alias, "index.html")
	if alias == "" || strings.HasSuffix(alias, "/") || path.Ext(alias) == ".html" || path.Ext(alias) == ".htm" {
		return alias
	}
	return alias + "/"
}
