package page

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
)

// Plan finds every HTML page of a site, by output path. What they hold is planned when they are asked for.
func Plan(s *site.Site) []*Outline {
	pl := newPlanner(s)
	for i := range pl.langs {
		pl.langs[i].frame = pl.frame(pl.langs[i])
	}
	pl.documents()
	for _, l := range pl.langs {
		pl.home(l)
		pl.folders(l)
		pl.typeLists(l)
		pl.tags(l)
		pl.controls(l)
		pl.directory(l)
		pl.queue(l)
		pl.tree(l)
		pl.glossary(l)
		pl.recent(l)
		pl.incidents(l)
		pl.actions(l)
		pl.alerts(l)
		pl.routine(l)
		pl.evidenceOfControls(l)
		pl.upkeep(l)
		pl.load(l)
		pl.unowned(l)
		pl.responsibility(l)
		pl.drilled(l)
		pl.search(l)
		pl.offline(l)
	}
	pl.missing()
	pl.stubs()
	pl.alertStubs()
	return pl.finish()
}

func newPlanner(s *site.Site) *planner {
	pl := &planner{
		s: s, pages: map[string]*Outline{}, items: map[itemKey]*Item{}, listings: map[folderKey]*listing{},
		typed: map[*doctype.Type][]*site.Entry{}, owned: map[string][]*site.Entry{}, concerning: map[string][]*site.Entry{},
		translations: map[string]map[string]string{}, abbrs: abbreviations(s), destructive: destructive(s.Config.Destroys),
	}
	zone, err := time.LoadLocation(s.Config.Timezone)
	if err != nil {
		zone = time.UTC // this machine does not know it
	}
	pl.zone = zone
	for i, lang := range s.Languages {
		pl.langs = append(pl.langs, language{code: lang, prefix: prefixOf(i, lang)})
	}
	for _, e := range s.Entries {
		if e.Source == nil && listed(e) {
			pl.group(e)
		}
	}
	return pl
}

// group notes what a listed page that is no translation belongs to.
func (pl *planner) group(e *site.Entry) {
	if counted(e) {
		pl.typed[e.Type] = append(pl.typed[e.Type], e.In(pl.langs[0].code))
	}
	if e.Owner != nil {
		pl.owned[e.Owner.ID] = append(pl.owned[e.Owner.ID], e)
	}
	for _, id := range e.ServiceIDs() {
		pl.concerning[id] = append(pl.concerning[id], e)
	}
}

// planner holds what planning shares: it lives as long as an outline may be asked for its page.
type planner struct {
	s     *site.Site
	langs []language // default first
	pages map[string]*Outline
	abbrs map[string]string

	destructive []destroyer                     // commands that are confirmed before they are copied
	zone        *time.Location                  // of the organisation
	typed       map[*doctype.Type][]*site.Entry // those that count, in the first language
	owned       map[string][]*site.Entry        // id of a party -> its listed pages, without translations
	concerning  map[string][]*site.Entry        // id of a service -> the same

	mu       sync.Mutex // pages are planned on every core
	items    map[itemKey]*Item
	listings map[folderKey]*listing

	translations map[string]map[string]string // URL -> language -> URL
}

// language is one language of the interface.
type language struct {
	code, prefix string
	frame        *Frame
}

func prefixOf(i int, lang string) string {
	if i == 0 {
		return ""
	}
	return lang + "/"
}

// of returns the interface language of an entry's page.
func (pl *planner) of(e *site.Entry) language {
	for _, l := range pl.langs {
		if l.code == e.Lang {
			return l
		}
	}
	return pl.langs[0]
}

// at returns the page of a URL, a new one if nothing is there yet. Documents come first, so that what is generated at the address of a
// document joins it.
func (pl *planner) at(l language, address, kind string, title Label) *Outline {
	if o := pl.pages[address]; o != nil {
		return o
	}
	file := fileOf(address)
	o := &Outline{pl: pl, Page: Page{
		File: file, Root: rootOf(file), URL: address, Lang: l.code, Layout: "layout/page", Template: "layout/plain", Kind: kind, Frame: l.frame, Title: title,
	}}
	pl.pages[address] = o
	return o
}

// generated returns the page at an address below the language's prefix, with home and the given pages above it.
func (pl *planner) generated(l language, path string, title Label, kind string, above ...Link) *Outline {
	p := pl.at(l, l.prefix+path, kind, title)
	if p.Entry == nil && p.Crumbs == nil && p.URL != l.prefix {
		p.Crumbs = append([]Link{pl.homeLink(l)}, above...)
	}
	return p
}

func (pl *planner) homeLink(l language) Link {
	return Link{Label: Label{Key: "home"}, URL: l.prefix}
}

// finish cuts what is too long, fills in what depends on all pages being known, and sorts.
func (pl *planner) finish() []*Outline {
	pl.cut()
	outlines := make([]*Outline, 0, len(pl.pages))
	for _, o := range pl.pages {
		if base := pl.s.Config.BaseURL; base != "" && o.Stub == nil && !o.Missing {
			o.Canonical = base + escapePath(o.URL)
		}
		outlines = append(outlines, o)
	}
	slices.SortFunc(outlines, func(a, b *Outline) int { return cmp.Compare(a.File, b.File) })
	return outlines
}

// complete adds to a page what all have that readers look at.
func (pl *planner) complete(p *Page) {
	if p.Stub != nil {
		return
	}
	p.Versions = pl.versions(p)
	if p.Doc == nil && p.Alert == nil && !p.Missing {
		p.Tools.ask(pl.s.Config, cmp.Or(p.Title.Text, p.URL), pl.s.Config.BaseURL+p.URL)
	}
}

// versions returns the page in the other languages, or what is nearest to it.
func (pl *planner) versions(p *Page) []Version {
	var versions []Version
	here := strings.TrimPrefix(p.URL, p.Frame.Prefix)
	for _, l := range pl.langs {
		if l.code == p.Lang {
			continue
		}
		v := Version{Code: l.code, Link: Link{URL: l.prefix}}
		if to, ok := pl.translations[p.URL][l.code]; ok {
			v.URL, v.Exact = to, true
		} else if other := pl.pages[l.prefix+here]; other != nil && other.Stub == nil && !p.Missing {
			v.URL, v.Exact = other.URL, true
		}
		if base := pl.s.Config.BaseURL; base != "" {
			v.Absolute = base + escapePath(v.URL)
		}
		versions = append(versions, v)
	}
	return versions
}

// fileOf returns the output path of a URL.
func fileOf(address string) string {
	if address == "" || strings.HasSuffix(address, "/") {
		return address + "index.html"
	}
	return address
}

// rootOf returns what leads from a file to the root.
func rootOf(file string) string {
	depth := strings.Count(file, "/")
	if depth == 0 {
		return "./"
	}
	return strings.Repeat("../", depth)
}

// escapePath writes an unescaped path for a URL.
func escapePath(p string) string {
	return (&url.URL{Path: p}).EscapedPath()
}

// frame plans what all pages of a language share.
func (pl *planner) frame(l language) *Frame {
	c := pl.s.Config
	f := &Frame{
		Site: c.ID, Title: c.TitleIn(l.code), Logo: pl.s.Assets[c.Logo], Favicon: pl.s.Assets[c.Favicon], Prefix: l.prefix, Zone: c.Timezone,
		Days: site.DueDays, Ranks: c.Severities, Base: c.BaseURL, Offline: c.Offline.On,
		Missing: request(c.Requests["missing-page"].Text, "{{query}}", c.BaseURL),
	}
	for _, t := range pl.s.Types.All {
		if len(pl.ofType(t)) > 0 {
			f.Menu = append(f.Menu, Link{Label: pl.plural(t, l), URL: l.prefix + listPath(t), Rel: t.Name})
		}
	}
	for _, g := range pl.more() {
		f.More = append(f.More, Link{Label: Label{Key: g.key}, URL: l.prefix + g.path})
	}
	return f
}

// more lists the generated pages that the foot of every page leads to.
func (pl *planner) more() []generatedPage {
	all := []generatedPage{
		{"review.queue", "review/", pl.anyEntry(reviewed)},
		{"unowned", "unowned/", pl.anyEntry(func(e *site.Entry) bool { return e.Source == nil && nobodys(e) })},
		{"alerts", "alerts/", len(pl.s.AlertList) > 0},
		{"routine", "routine/", pl.anyEntry(func(e *site.Entry) bool {
			return listed(e) && (!e.Meta.Schedule.IsZero() || !e.Meta.Automation.State.IsZero())
		})},
		{"incidents", "incidents/", pl.anyEntry(hasIncident)},
		{"actions", "actions/", pl.anyEntry(func(e *site.Entry) bool { return len(e.Meta.Actions) > 0 })},
		{"services", "services/", len(pl.s.Directory.Services) > 0},
		{"teams", "teams/", len(pl.s.Directory.Parties) > 0},
		{"tags", "tags/", pl.anyEntry(func(e *site.Entry) bool { return len(e.Meta.Tags) > 0 })},
		{"controls", "controls/", pl.anyEntry(func(e *site.Entry) bool { return len(e.Meta.Controls) > 0 })},
		{"glossary", "glossary/", pl.anyEntry(hasTerms)},
		{"recent", "recent/", pl.anyEntry(pl.dated(pl.langs[0]))},
		{"offline", offlinePath, pl.s.Config.Offline.On},
		{"map", "map/", true},
	}
	return slices.DeleteFunc(all, func(g generatedPage) bool { return !g.there })
}

type generatedPage struct {
	key, path string
	there     bool
}

func (pl *planner) anyEntry(f func(*site.Entry) bool) bool {
	return slices.ContainsFunc(pl.s.Entries, f)
}

func reviewed(e *site.Entry) bool    { return e.Review.State != site.Exempt }
func hasIncident(e *site.Entry) bool { return e.Type.Has(doctype.Incident) && listed(e) }
func hasTerms(e *site.Entry) bool    { return len(e.Doc.Terms)+len(e.Doc.Abbrs) > 0 }

// listed reports whether a page is in lists: archived pages stay reachable and leave them.
func listed(e *site.Entry) bool { return e.Status != "archived" }

// counted reports whether a page is one of its type. The index of a folder that holds pages leads to them and is none itself, unless it says of
// what type it is.
func counted(e *site.Entry) bool {
	leads := e.Index && e.Type.Fallback && e.Folder != nil && len(e.Folder.Entries)+len(e.Folder.Folders) > 0
	return listed(e) && !leads
}

// listPath is where the list of a type is.
func listPath(t *doctype.Type) string {
	if len(t.Folders) > 0 {
		return t.Folders[0] + "/"
	}
	return t.Name + "/"
}
