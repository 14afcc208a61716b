package page

import (
	"cmp"
	"slices"

	"opsbook/generator/site"
	"opsbook/internal/meta"
)

// tree plans the map: the whole site on one page, which no other page is.
func (pl *planner) tree(l language) {
	p := pl.generated(l, "map/", Label{Key: "map"}, "map")
	p.plan(0, func(p *Page) {
		for _, f := range pl.s.Folders {
			if f.Parent == nil {
				p.Map = []Node{pl.node(f, l)}
			}
		}
	})
}

func (pl *planner) node(f *site.Folder, l language) Node {
	n := Node{Link: pl.folderLink(f, l)}
	for _, sub := range f.Folders {
		n.Nodes = append(n.Nodes, pl.node(sub, l))
	}
	for _, e := range f.Entries {
		leaf := Node{Link: link(e, l.code), Type: pl.label(e.Type, l)}
		if !listed(e) {
			leaf.Type = Label{Key: "status.archived"}
		}
		n.Nodes = append(n.Nodes, leaf)
	}
	return n
}

// glossary plans the glossary: the terms and abbreviations of all pages, those of the page's language first where both have one.
func (pl *planner) glossary(l language) {
	known := map[string]Term{}
	add := func(e *site.Entry, name, text string) {
		if was, ok := known[name]; ok && (was.Lang == l.code || e.Lang != l.code) {
			return
		}
		to := Link{Label: Label{Text: e.Title, Lang: e.Lang}, URL: e.URL}
		known[name] = Term{Name: name, Text: text, Lang: e.Lang, Page: &to}
	}
	for _, e := range pl.s.Entries {
		for _, t := range e.Doc.Terms {
			add(e, t.Name, t.Text)
		}
		for _, a := range e.Doc.Abbrs {
			add(e, a.Name, a.Text)
		}
	}
	if len(known) == 0 {
		return
	}
	p := pl.generated(l, "glossary/", Label{Key: "glossary"}, "glossary")
	for _, t := range known {
		p.Glossary = append(p.Glossary, t)
	}
	slices.SortFunc(p.Glossary, func(a, b Term) int { return cmp.Compare(a.Name, b.Name) })
}

// maxRecent is how many changes the page of recent ones holds, and the feed.
const maxRecent = 50

// recent plans what is new.
func (pl *planner) recent(l language) {
	if !pl.anyEntry(pl.dated(l)) {
		return
	}
	p := pl.generated(l, "recent/", Label{Key: "recent"}, "recent")
	p.form("feed.xml")
	p.plan(0, func(p *Page) { p.Recent, p.Commits = pl.changed(l), pl.commits() })
}

// dated reports of a page whether changed may hold it.
func (pl *planner) dated(l language) func(*site.Entry) bool {
	return func(e *site.Entry) bool {
		return e.Source == nil && listed(e) && !e.Index && pl.lastChange(e.In(l.code)).On != ""
	}
}

// changed is the pages by the day they last changed, newest first: by Git's word, else by the day of their last review.
func (pl *planner) changed(l language) []Change {
	return pl.changedOf(l, func(*site.Entry) bool { return true })
}

// changedOf is changed of some pages.
func (pl *planner) changedOf(l language, about func(*site.Entry) bool) []Change {
	var all []Change
	for _, e := range pl.primary(l, func(e *site.Entry) bool { return listed(e) && !e.Index && about(e) }) {
		if c := pl.lastChange(e); c.On != "" {
			c.Link, c.Type = link(e, l.code), pl.label(e.Type, l)
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b Change) int { return cmp.Or(-cmp.Compare(a.On, b.On), cmp.Compare(a.URL, b.URL)) })
	return all[:min(maxRecent, len(all))]
}

func (pl *planner) lastChange(e *site.Entry) Change {
	if h := pl.s.History; h != nil && h.Known {
		if last := h.Files[e.Doc.Path].Last; last.Hash != "" {
			return Change{On: meta.DateOf(last.Date.In(pl.zone)).String(), Who: last.Author, Message: last.Subject}
		}
	}
	return Change{On: e.Meta.LastReviewed.String()}
}

// actions plans the actions of all pages: what is open first, by due date.
func (pl *planner) actions(l language) {
	var rows []ActionRow
	for _, e := range pl.primary(l, listed) {
		to := link(e, l.code)
		for _, r := range pl.actionRows(e, l) {
			r.Page = &to
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return
	}
	closed := func(r ActionRow) int {
		if r.Status == "open" {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(rows, func(a, b ActionRow) int {
		return cmp.Or(cmp.Compare(closed(a), closed(b)), cmp.Compare(cmp.Or(a.Due, "9999"), cmp.Or(b.Due, "9999")))
	})
	p := pl.generated(l, "actions/", Label{Key: "actions"}, "actions")
	p.Actions = rows
	p.form("actions.json")
}
