package page

import (
	"maps"
	"slices"
	"strconv"
	"sync"
)

// maxRows is how many rows one page lists. A row is about 0.6 KB, 50 bytes of them on the wire, so a full page stays near 25 KB compressed and
// appears at once on a phone; what a person reads through is far shorter.
const maxRows = 500

// Sheet is one of the pages that a long list is cut into.
type Sheet struct {
	Link
	Number int
}

// cut cuts lists that are longer than one page into several, in order, with links between them: they work without a script.
func (pl *planner) cut() {
	for _, address := range slices.Sorted(maps.Keys(pl.pages)) {
		if o := pl.pages[address]; o.length() > maxRows {
			pl.cutPage(o)
		}
	}
}

func (pl *planner) cutPage(o *Outline) {
	total := (o.length() + maxRows - 1) / maxRows
	var sheets []Sheet
	for n := 1; n <= total; n++ {
		at := o.URL
		if n > 1 {
			at += "page/" + strconv.Itoa(n) + "/"
			if pl.pages[at] != nil {
				return // somebody's own page is there: the list stays whole
			}
		}
		sheets = append(sheets, Sheet{Link: Link{Label: Label{Text: strconv.Itoa(n)}, URL: at}, Number: n})
	}
	long := *o
	whole := sync.OnceValues(func() (*Page, map[string]string) {
		p := long.Whole()
		return p, beginnings(p, sheets)
	})
	for _, s := range sheets {
		part := o
		if s.Number > 1 {
			part = pl.at(language{code: o.Lang, frame: o.Frame}, s.URL, o.Kind, o.Title)
			part.Layout, part.NoIndex = o.Layout, o.NoIndex
		}
		part.rows, part.items, part.later = 0, 0, []func(*Page){func(p *Page) {
			all, anchors := whole()
			p.take(all, sheets, s.Number)
			for i := range p.Lists {
				leadFacets(&p.Lists[i], anchors)
			}
		}}
	}
}

// take makes a page one of the sheets that a longer one is cut into. The first is that page in everything but its rows.
func (p *Page) take(all *Page, sheets []Sheet, number int) {
	if number == 1 {
		canonical := p.Canonical
		*p = *all
		p.Canonical = canonical // known since
	} else {
		p.Nav, p.Crumbs = all.Nav, append(slices.Clone(all.Crumbs), Link{Label: all.Title, URL: all.URL})
	}
	p.Sheets, p.Sheet = sheets, number
	all.rows(p, (number-1)*maxRows, number*maxRows)
}

// beginnings are the pages on which the groups of a page that is cut begin, by their ids.
func beginnings(all *Page, sheets []Sheet) map[string]string {
	anchors := map[string]string{}
	for _, s := range sheets {
		for _, group := range all.rows(&Page{}, (s.Number-1)*maxRows, s.Number*maxRows) {
			put(anchors, group, s.URL)
		}
	}
	return anchors
}

func put(all map[string]string, key, value string) {
	if _, known := all[key]; !known {
		all[key] = value
	}
}

// leadFacets points the ways to narrow a list at the page on which what they name begins. Narrowing in place would hide what is on other pages.
func leadFacets(list *List, anchors map[string]string) {
	list.Cut = true
	facets := slices.Clone(list.Facets)
	for i := range facets {
		facets[i].Values = slices.Clone(facets[i].Values)
		for j, v := range facets[i].Values {
			if at, ok := anchors[v.Rel]; ok && v.URL == "" {
				facets[i].Values[j].URL = at
			}
		}
	}
	list.Facets = facets
}

// rowsOf counts the rows of a page that may be cut.
func rowsOf(p *Page) int {
	n := 0
	if p.Folder != nil {
		n += len(p.Folder.Items)
	}
	for _, list := range p.Lists {
		for _, g := range list.Groups {
			n += len(g.Items)
		}
	}
	if p.Queue != nil {
		for _, g := range p.Queue.Groups {
			n += len(g.Items)
		}
	}
	return n
}

// rows gives a page the rows from one number up to another, with the heads of the groups and lists they are in, and returns the ids of these groups.
func (p *Page) rows(to *Page, from, upto int) (shown []string) {
	at := 0
	some := func(items []*Item) []*Item {
		start := at
		at += len(items)
		return items[min(max(from-start, 0), len(items)):min(max(upto-start, 0), len(items))]
	}
	groups := func(all []Group) []Group {
		var kept []Group
		for _, g := range all {
			if items := some(g.Items); len(items) > 0 {
				shown = append(shown, g.ID)
				g.Items = items
				kept = append(kept, g)
			}
		}
		return kept
	}
	if p.Folder != nil {
		items := some(p.Folder.Items)
		folder := Listing{Items: items}
		if from == 0 {
			folder.Folders = p.Folder.Folders
		}
		to.Folder = &folder
	}
	to.Lists = nil
	for _, list := range p.Lists {
		if list.Groups = groups(list.Groups); len(list.Groups) > 0 {
			to.Lists = append(to.Lists, list)
		}
	}
	if p.Queue != nil {
		queue := *p.Queue
		queue.Groups = groups(queue.Groups)
		if from > 0 {
			queue.Teams = nil
		}
		to.Queue = &queue
	}
	return shown
}
