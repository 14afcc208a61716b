package page

import "opsbook/generator/site"

// maxBeside is how many siblings a page's navigation holds at most, so that pages stay local (DESIGN.md, law 2).
const maxBeside = 50

type folderKey struct {
	folder *site.Folder
	lang   string
}

// folderLink leads to a folder's page in a language.
func (pl *planner) folderLink(f *site.Folder, l language) Link {
	if f.Index != nil {
		if e := f.Index.In(l.code); e.Lang == l.code || len(pl.langs) == 1 {
			return link(e, l.code)
		}
	}
	if f.Parent == nil {
		return pl.homeLink(l)
	}
	return Link{Label: pl.folderTitle(f, l), URL: l.prefix + f.URL}
}

// folderTitle names a folder: by its index page in the language, by the type whose list it is, by what is left.
func (pl *planner) folderTitle(f *site.Folder, l language) Label {
	if f.Index != nil {
		if e := f.Index.In(l.code); e.Lang == l.code {
			return Label{Text: e.Title, Lang: e.Lang}
		}
	}
	for _, t := range pl.s.Types.All {
		if f.URL == listPath(t) && len(pl.ofType(t)) > 0 {
			return pl.plural(t, l)
		}
	}
	if f.Index != nil {
		return Label{Text: f.Index.Title, Lang: f.Index.Lang}
	}
	return Label{Text: f.Title, Lang: f.Lang}
}

// listing is what a folder holds, in order, and where each address is in it. Shared by the pages of the folder.
type listing struct {
	links   []Link
	place   map[string]int
	entries []*site.Entry // listed, in order
	order   map[*site.Entry]int
}

// listing lists a folder: folders, then pages.
func (pl *planner) listing(f *site.Folder, l language) *listing {
	key := folderKey{f, l.code}
	pl.mu.Lock()
	defer pl.mu.Unlock()
	if known := pl.listings[key]; known != nil {
		return known
	}
	all := &listing{place: map[string]int{}, order: map[*site.Entry]int{}}
	for _, sub := range f.Folders {
		all.links = append(all.links, pl.folderLink(sub, l))
	}
	for _, e := range f.Entries {
		if listed(e) {
			all.links = append(all.links, link(e, l.code))
			all.order[e] = len(all.entries)
			all.entries = append(all.entries, e)
		}
	}
	for i, to := range all.links {
		all.place[to.URL] = i
	}
	pl.listings[key] = all
	return all
}

// nav is the navigation of a page that lies in a folder.
func (pl *planner) nav(f *site.Folder, address string, l language) Nav {
	up := pl.folderLink(f, l)
	beside, clipped := pl.listing(f, l).window(address)
	if len(beside) <= 1 && f.Parent != nil {
		return pl.nav(f.Parent, up.URL, l) // a page alone in its folder stands beside the folder's neighbours
	}
	return Nav{Up: &up, Beside: beside, Clipped: clipped, Siblings: len(beside) > 1}
}

// folderNav is the navigation of a folder's own page.
func (pl *planner) folderNav(f *site.Folder, address string, l language) Nav {
	below, _ := pl.listing(f, l).window("")
	if f.Parent == nil {
		return Nav{}
	}
	n := pl.nav(f.Parent, address, l)
	n.Below = below
	return n
}

// window returns at most maxBeside links around the one to an address.
func (all *listing) window(address string) (around []Link, clipped bool) {
	if len(all.links) <= maxBeside {
		return all.links, false
	}
	start := min(max(0, all.place[address]-maxBeside/2), len(all.links)-maxBeside)
	return all.links[start : start+maxBeside], true
}

// crumbs are home and the folders above, without the page itself.
func (pl *planner) crumbs(f *site.Folder, l language) []Link {
	if f == nil || f.Parent == nil {
		return []Link{pl.homeLink(l)}
	}
	return append(pl.crumbs(f.Parent, l), pl.folderLink(f, l))
}

// turn fills in what comes before and after an entry in its folder.
func (pl *planner) turn(p *Page, e *site.Entry, l language) {
	if e.Source != nil {
		e = e.Source
	}
	all := pl.listing(e.Folder, l)
	at, ok := all.order[e]
	if !ok {
		return
	}
	if at > 0 {
		prev := link(all.entries[at-1], l.code)
		p.Prev = &prev
	}
	if at+1 < len(all.entries) {
		next := link(all.entries[at+1], l.code)
		p.Next = &next
	}
}
