package page

import (
	"maps"
	"slices"
	"strconv"
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
		if p := pl.pages[address]; rowsOf(p) > maxRows {
			pl.cutPage(p)
		}
	}
}

func (pl *planner) cutPage(p *Page) {
	total := (rowsOf(p) + maxRows - 1) / maxRows
	var sheets []Sheet
	for n := 1; n <= total; n++ {
		at := p.URL
		if n > 1 {
			at += "page/" + strconv.Itoa(n) + "/"
			if pl.pages[at] != nil {
				return // somebody's own page is there: the list stays whole
			}
		}
		sheets = append(sheets, Sheet{Link: Link{Label: Label{Text: strconv.Itoa(n)}, URL: at}, Number: n})
	}
	whole := *p
	anchors := map[string]string{} // of a group -> the page on which it begins
	for i, s := range sheets {
		part := p
		if i > 0 {
			part = &Page{
				URL: s.URL, Lang: p.Lang, Layout: p.Layout, Template: "layout/plain", Kind: p.Kind, Frame: p.Frame, Title: p.Title, Nav: p.Nav,
				Crumbs: append(slices.Clone(p.Crumbs), Link{Label: p.Title, URL: p.URL}), NoIndex: p.NoIndex,
			}
			pl.pages[s.URL] = part
		}
		part.Sheets, part.Sheet = sheets, s.Number
		whole.rows(part, i*maxRows, (i+1)*maxRows, anchors)
	}
	for _, s := range sheets {
		for i := range pl.pages[s.URL].Lists {
			leadFacets(&pl.pages[s.URL].Lists[i], anchors)
		}
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

// rows gives a page the rows from one number up to another, with the heads of the groups and lists they are in.
func (p *Page) rows(to *Page, from, upto int, anchors map[string]string) {
	at := 0
	some := func(items []Item) []Item {
		start := at
		at += len(items)
		return items[min(max(from-start, 0), len(items)):min(max(upto-start, 0), len(items))]
	}
	groups := func(all []Group) []Group {
		var kept []Group
		for _, g := range all {
			if items := some(g.Items); len(items) > 0 {
				if _, known := anchors[g.ID]; !known {
					anchors[g.ID] = to.URL
				}
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
}
