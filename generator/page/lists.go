package page

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/meta"
)

type itemKey struct {
	entry *site.Entry
	lang  string
}

// item is a row for an entry. Rows are shared by the pages that show them.
func (pl *planner) item(e *site.Entry, l language) *Item {
	key := itemKey{e, l.code}
	pl.mu.Lock()
	defer pl.mu.Unlock()
	if it := pl.items[key]; it != nil {
		return it
	}
	it := &Item{
		Link: link(e, l.code), ID: e.Original().ID, Type: pl.label(e.Type, l), TypeName: e.Type.Name, Status: e.Status,
		Severity: pl.severity(e.Severity), Review: pl.review(e, l),
	}
	it.Review.Reasons, it.Review.By = nil, nil
	if e.Summary != "" {
		it.Summary = Label{Text: e.Summary, Lang: e.Lang}
	}
	it.Owner = owner(e, l)
	for _, s := range e.Services {
		it.Services = append(it.Services, service(s, l))
	}
	for _, t := range e.Meta.Tags {
		it.Tags = append(it.Tags, slug(t.Text))
	}
	pl.items[key] = it
	return it
}

func (pl *planner) itemsOf(entries []*site.Entry, l language) []*Item {
	if len(entries) == 0 {
		return nil
	}
	items := make([]*Item, 0, len(entries))
	for _, e := range entries {
		items = append(items, pl.item(e, l))
	}
	return items
}

// byRank orders rows by severity, the worst first, then by title.
func byRank(a, b *Item) int {
	rank := func(i *Item) int {
		if i.Severity.Rank == 0 {
			return 1 << 20
		}
		return i.Severity.Rank
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Text, b.Text), cmp.Compare(a.URL, b.URL))
}

// folders plans the pages of folders: those without an index page of their own, and what the index pages list.
func (pl *planner) folders(l language) {
	for _, f := range pl.s.Folders {
		if f.Parent == nil {
			continue
		}
		to := pl.folderLink(f, l)
		if isList := slices.ContainsFunc(pl.s.Types.All, func(t *doctype.Type) bool { return f.URL == listPath(t) && len(pl.ofType(t)) > 0 }); isList && len(f.Folders) == 0 {
			if p := pl.pages[to.URL]; p != nil {
				p.plan(0, func(p *Page) { p.Nav = pl.folderNav(f, to.URL, l) })
			}
			continue // the list of the type says the same and more
		}
		p := pl.at(l, to.URL, "folder", to.Label)
		if p.Entry == nil && p.Crumbs == nil {
			p.Crumbs = pl.crumbs(f.Parent, l)
			p.Nav = pl.folderNav(f, p.URL, l)
		}
		p.items = countListed(f.Entries) // of several folders at one address the last is shown
		p.plan(0, func(p *Page) {
			p.Folder = &Listing{Items: pl.itemsOf(pl.in(l, pl.listing(f, l).entries), l)}
			for _, sub := range f.Folders {
				p.Folder.Folders = append(p.Folder.Folders, pl.folderLink(sub, l))
			}
		})
	}
}

func countListed(entries []*site.Entry) int {
	n := 0
	for _, e := range entries {
		if listed(e) {
			n++
		}
	}
	return n
}

// typeLists plans one list for every type that has pages.
func (pl *planner) typeLists(l language) {
	for _, t := range pl.s.Types.All {
		entries := pl.primary(l, func(e *site.Entry) bool { return e.Type == t && counted(e) })
		if len(entries) == 0 {
			continue
		}
		p := pl.generated(l, listPath(t), pl.plural(t, l), "list")
		p.items = 0 // the list has all that the folder has
		p.plan(len(entries), func(p *Page) {
			if p.Lists = append(p.Lists, pl.list(entries, l)); p.Folder != nil {
				p.Folder.Items = nil
			}
			if t.Has(doctype.Matrix) {
				p.Matrices = append(p.Matrices, pl.matrices(entries, l)...)
			}
		})
	}
}

// matrices are those of all entries that have one.
func (pl *planner) matrices(entries []*site.Entry, l language) []*Matrix {
	var all []*Matrix
	for _, e := range entries {
		if len(e.Activities) > 0 {
			m := pl.matrix(e, l)
			to := link(e, l.code)
			m.Page = &to
			all = append(all, m)
		}
	}
	return all
}

// list is a table of entries in groups by severity, with the ways to narrow it.
func (pl *planner) list(entries []*site.Entry, l language) List {
	items := pl.itemsOf(entries, l)
	slices.SortFunc(items, byRank)
	list := List{Groups: bySeverity(items), Facets: facets(items)}
	if len(list.Groups) == 1 {
		list.Groups[0].Title = Label{}
	}
	return list
}

// bySeverity cuts sorted rows into groups. Their anchors are severities, so that a link to one works without a script.
func bySeverity(items []*Item) []Group {
	var groups []Group
	for _, it := range items {
		if len(groups) == 0 || groups[len(groups)-1].Rank != it.Severity.Rank {
			g := Group{ID: "p-severity-" + slug(it.Severity.Name), Title: Label{Text: it.Severity.Name}, Rank: it.Severity.Rank}
			if it.Severity.Name == "" {
				g.ID, g.Title = "p-severity-none", Label{Key: "list.rest"}
			}
			groups = append(groups, g)
		}
		last := &groups[len(groups)-1]
		last.Items = append(last.Items, it)
	}
	return groups
}

// facets are the ways to narrow rows that have more than one value.
func facets(items []*Item) []Facet {
	severities, owners, services := map[string]FacetValue{}, map[string]FacetValue{}, map[string]FacetValue{}
	for _, it := range items {
		if it.Severity.Name != "" {
			name := it.Severity.Name
			severities[name] = FacetValue{Link: Link{Label: Label{Text: name}, Rel: "p-severity-" + slug(name)}, Value: name}
		}
		if it.Owner != nil {
			owners[it.Owner.Rel] = FacetValue{Link: Link{Label: it.Owner.Label, URL: it.Owner.URL}, Value: it.Owner.Rel}
		}
		for _, s := range it.Services {
			services[s.Rel] = FacetValue{Link: Link{Label: s.Label, URL: s.URL}, Value: s.Rel}
		}
	}
	var all []Facet
	for _, f := range []struct {
		key    string
		values map[string]FacetValue
	}{{"severity", severities}, {"owner", owners}, {"service", services}} {
		if len(f.values) < 2 {
			continue
		}
		facet := Facet{Key: f.key}
		for _, v := range slices.Sorted(maps.Keys(f.values)) {
			facet.Values = append(facet.Values, f.values[v])
		}
		all = append(all, facet)
	}
	return all
}

// tags plans the index of tags and a page for each. Tags that differ in case alone are one.
func (pl *planner) tags(l language) {
	pl.bundles(l, "tags", "tags/", "tag", func(e *site.Entry) []meta.Str { return e.Meta.Tags })
}

// controls plans the index of controls (rules of a regulator or a standard) and a page for each.
func (pl *planner) controls(l language) {
	pl.bundles(l, "controls", "controls/", "control", func(e *site.Entry) []meta.Str { return e.Meta.Controls })
}

type bundle struct {
	name    string
	entries []*site.Entry
}

// bundles plans an index of words that pages carry, and a page for each word.
func (pl *planner) bundles(l language, key, path, one string, words func(*site.Entry) []meta.Str) {
	all := map[string]*bundle{}
	for _, e := range pl.primary(l, listed) {
		for _, w := range words(e) {
			id := slug(strings.ToLower(w.Text))
			if id == "" {
				continue
			}
			b := all[id]
			if b == nil {
				b = &bundle{name: w.Text}
				all[id] = b
			}
			if n := len(b.entries); n == 0 || b.entries[n-1] != e { // it may carry the word twice
				b.entries = append(b.entries, e)
			}
		}
	}
	if len(all) == 0 {
		return
	}
	index := pl.generated(l, path, Label{Key: key}, "index")
	group := IndexGroup{}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		b := all[id]
		address := path + id + "/"
		group.Links = append(group.Links, Entry{Link: Link{Label: Label{Text: b.name}, URL: l.prefix + address}, Count: len(b.entries)})
		p := pl.generated(l, address, Label{Key: one, Text: b.name}, "list", Link{Label: Label{Key: key}, URL: index.URL})
		p.plan(len(b.entries), func(p *Page) { p.Lists = append(p.Lists, pl.byType(b.entries, l)...) })
	}
	index.Index = &Index{Groups: []IndexGroup{group}}
}

// tagLinks and controlLinks lead to the pages of tags and controls.
func (pl *planner) tagLinks(tags []meta.Str, l language) []Link {
	return wordLinks(tags, l.prefix+"tags/")
}

func (pl *planner) controlLinks(all []meta.Str, l language) []Link {
	return wordLinks(all, l.prefix+"controls/")
}

func wordLinks(words []meta.Str, under string) []Link {
	var links []Link
	for _, w := range words {
		if id := slug(strings.ToLower(w.Text)); id != "" {
			links = append(links, Link{Label: Label{Text: w.Text}, URL: under + id + "/"})
		}
	}
	return links
}

// byType is one list for every type among some entries.
func (pl *planner) byType(entries []*site.Entry, l language) []List {
	var lists []List
	for _, t := range pl.s.Types.All {
		var some []*site.Entry
		for _, e := range entries {
			if e.Type == t {
				some = append(some, e)
			}
		}
		if len(some) == 0 {
			continue
		}
		items := pl.itemsOf(some, l)
		slices.SortFunc(items, byRank)
		lists = append(lists, List{Title: pl.plural(t, l), Groups: []Group{{Items: items}}})
	}
	return lists
}

// maxBrief is how many bytes of Markdown an index page has at most to stand above what the site says of itself: about a screen.
const maxBrief = 2000

// home plans the front page.
func (pl *planner) home(l language) {
	p := pl.at(l, l.prefix, "home", Label{Text: pl.s.Config.TitleIn(l.code)})
	p.Kind, p.Template = "home", "layout/home"
	if p.Entry == nil {
		title := pl.s.Config.TitleIn(l.code)
		p.Title = Label{Text: title, Lang: guess(title)}
	}
	p.plan(0, func(p *Page) { p.Crumbs, p.Home = nil, pl.homeOf(p, l) })
}

func (pl *planner) homeOf(p *Page, l language) *Home {
	h := &Home{}
	if p.Doc != nil {
		h.Lead, h.Brief = p.Doc.Summary, len(p.Doc.Body.Text)-p.Doc.Body.BodyAt < maxBrief
	}
	entries := pl.primary(l, listed)
	urgent := pl.itemsOf(slices.DeleteFunc(slices.Clone(entries), func(e *site.Entry) bool {
		rank := pl.severity(e.Severity).Rank
		return rank == 0 || rank > 2 || !e.Type.Has(doctype.Escalates)
	}), l)
	slices.SortFunc(urgent, func(a, b *Item) int {
		return cmp.Or(cmp.Compare(a.Severity.Rank, b.Severity.Rank), cmp.Compare(pl.order(a), pl.order(b)), byRank(a, b))
	})
	h.Urgent = urgent[:min(8, len(urgent))]
	h.States = pl.tally(Link{}, entries)
	h.Queue = pl.first(l, 5)
	h.Recent = pl.changed(l)
	h.Recent = h.Recent[:min(8, len(h.Recent))]
	for _, t := range pl.s.Types.All {
		if n := len(pl.ofType(t)); n > 0 {
			h.Types = append(h.Types, Entry{Link: Link{Label: pl.plural(t, l), URL: l.prefix + listPath(t)}, Count: n})
		}
	}
	for i := range pl.s.Directory.Services {
		s := &pl.s.Directory.Services[i]
		e := Entry{Link: service(s, l), Count: len(pl.ofService(s.ID, l))}
		if s.Tier != "" {
			e.Note = Label{Key: "service.tiered", Text: s.Tier}
		}
		h.Areas = append(h.Areas, e)
	}
	slices.SortStableFunc(h.Areas, func(a, b Entry) int { return cmp.Compare(tier(a), tier(b)) })
	if len(h.Areas) == 0 {
		h.Browse = pl.browse(pl.s.Folder(""), l)
	}
	return h
}

// fewFolders is how many folders are worth a list of their own on the front page: with fewer, theirs are listed.
const fewFolders = 4

// browse lists the folders of the site that one would look into, with how many pages are in each.
func (pl *planner) browse(f *site.Folder, l language) []Entry {
	if f == nil {
		return nil
	}
	var all []Entry
	for _, sub := range f.Folders {
		if deeper := len(f.Folders) <= fewFolders && len(sub.Folders) > 0; deeper {
			all = append(all, pl.browse(sub, l)...)
			continue
		}
		all = append(all, Entry{Link: pl.folderLink(sub, l), Count: pages(sub)})
	}
	return all
}

// pages counts the pages below a folder.
func pages(f *site.Folder) int {
	n := len(f.Entries)
	for _, sub := range f.Folders {
		n += pages(sub)
	}
	return n
}

func (pl *planner) order(it *Item) int { return pl.s.Types.ByName[it.TypeName].Order }

// tier orders services: those without a tier last.
func tier(e Entry) string {
	if n, err := strconv.Atoi(e.Note.Text); err == nil {
		return strconv.Itoa(1000 + n)
	}
	return "9" + e.Note.Text
}
