package site

import (
	"cmp"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/internal/alert"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/history"
	"opsbook/internal/meta"
)

// Input is everything a site depends on.
type Input struct {
	Config    *config.Config
	Directory *config.Directory
	Types     *doctype.Set
	Documents []*document.Document
	Assets    []string         // paths of the files that can be linked to
	History   *history.History // nil: nobody asked Git
	Old       OldDocument      // pages as they were; nil: nobody knows
	Owners    *history.Owners  // nil: no CODEOWNERS
	Alerts    alert.Set        // what alert sources define
	Clock     meta.Date        // the site's day
	Drafts    bool             // drafts are part of the site
	Memory    *Memory          // of the Resolve before; nil: none
}

// The rules under which Resolve reports.
const (
	ruleActive  = "file-active"
	ruleAlias   = "alias-collision"
	ruleAnchor  = "link-anchor"
	ruleID      = "id-unique"
	ruleImage   = "image-missing"
	ruleIndex   = "index-twice"
	ruleLetter  = "raci-letter"
	ruleLink    = "link-broken"
	ruleRelated = "related-unknown"
	ruleSchema  = "meta-schema"
	ruleURL     = "url-collision"
)

// Resolve puts every document in its place. It is a function of its input; a page that is wrong is still a page, and what is wrong with it
// is among the site's problems.
func Resolve(in Input) *Site {
	r := newResolver(in)
	works := r.read()
	r.pair(works)
	r.recall(works)
	works = r.merge(works)
	r.place(works)
	r.identify(works)
	r.each(works, r.describeKnown)
	r.each(works, r.matrix)
	r.tree()
	r.aliases(works)
	r.files(works)
	r.each(works, r.follow)
	r.give(works)
	r.refer(works)
	r.each(works, r.review)
	r.index()
	for _, w := range works {
		r.site.Problems = append(r.site.Problems, w.problems...)
	}
	diag.Sort(r.site.Problems)
	return r.site
}

// resolver is a site in the making.
type resolver struct {
	in      Input
	site    *Site
	zone    *time.Location
	names   map[*doctype.Type]map[string]string // heading -> section id
	all     map[string]string                   // the same for every section that any type may have
	policy  map[string]*config.Policy
	service map[string]*config.Service
	assets  map[string]bool
	watched *watched
	kinds   map[string]bool // series of ids that pages have
}

// work is one document on its way to being an entry. Only one goroutine at a time works on it.
type work struct {
	*Entry
	stem     string // path without .md and without the language in the file's name
	suffix   string // the language in the file's name
	declared bool   // the language was written, not guessed
	original *work  // of a translation
	paired   bool   // has translations or is one
	own      meta.Value
	info     meta.Value
	known    *alone   // what is remembered of it; nil where nothing is kept
	links    []*Entry // pages that this one leads to
	problems []diag.Diagnostic
}

func (w *work) wrong(d diag.Diagnostic) { w.problems = append(w.problems, d) }

func newResolver(in Input) *resolver {
	if in.Config == nil {
		in.Config = &config.Config{}
	}
	if in.Directory == nil {
		in.Directory = &config.Directory{}
	}
	types := in.Types.Relabel(in.Config.Labels, in.Config.Sections)
	zone, err := time.LoadLocation(in.Config.Timezone)
	if err != nil || in.Config.Timezone == "" {
		zone = time.UTC
	}
	r := &resolver{
		in: in, zone: zone,
		site: &Site{
			Config: in.Config, Directory: in.Directory, Types: types, Clock: in.Clock, History: in.History, Assets: map[string]string{},
			Alerts: map[string][]*Entry{}, AlertsKnown: in.Alerts.Whole, alerts: map[string]*Alert{}, Tags: map[string][]*Entry{}, byPath: map[string]*Entry{}, byID: map[string]*Entry{},
			byURL: map[string]*Entry{}, byAlias: map[string]*Entry{}, folders: map[string]*Folder{}, hidden: map[string]bool{},
			parties: map[string]*config.Party{}, owners: in.Owners,
		},
		names: map[*doctype.Type]map[string]string{}, policy: map[string]*config.Policy{}, service: map[string]*config.Service{},
		assets: map[string]bool{},
	}
	r.watched = &watched{history: in.History}
	r.readDirectory()
	r.readNames()
	for _, a := range in.Assets {
		r.assets[a] = true
	}
	return r
}

// readDirectory makes everything in the directory findable by its id. The first of two equal ids counts; config reports the second.
func (r *resolver) readDirectory() {
	d := r.in.Directory
	for i := range d.Parties {
		p := &d.Parties[i]
		put(r.site.parties, p.ID, p)
		for _, h := range p.Handles {
			put(r.site.parties, h, p)
		}
	}
	for i := range d.Escalations {
		put(r.policy, d.Escalations[i].ID, &d.Escalations[i])
	}
	for i := range d.Services {
		put(r.service, d.Services[i].ID, &d.Services[i])
	}
}

func put[T any](m map[string]T, key string, value T) {
	if _, ok := m[key]; !ok {
		m[key] = value
	}
}

// read looks at every document alone.
func (r *resolver) read() []*work {
	docs := slices.Clone(r.in.Documents)
	slices.SortFunc(docs, func(a, b *document.Document) int { return cmp.Compare(a.Path, b.Path) })
	works := make([]*work, len(docs))
	for i, doc := range docs {
		works[i] = &work{Entry: &Entry{Doc: doc}, own: doc.Front, info: doc.Info}
	}
	known := r.fileLanguages(docs)
	for _, w := range works {
		w.stem, w.suffix = splitName(w.Doc.Path, known)
		w.Lang, w.declared = r.language(w)
	}
	r.site.Languages = r.languages(works)
	for _, w := range works {
		if w.Lang == "" {
			w.Lang = r.site.Languages[0]
		}
	}
	return works
}

// each works on every document, on every core.
func (r *resolver) each(works []*work, do func(*work)) {
	const batch = 16
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(works)/batch+1) {
		all.Go(func() {
			for {
				from := int(next.Add(batch)) - batch
				if from >= len(works) {
					return
				}
				for _, w := range works[from:min(from+batch, len(works))] {
					do(w)
				}
			}
		})
	}
	all.Wait()
}

// describe works out everything about a page that needs no other page.
func (r *resolver) describe(w *work) {
	named := headings(w.Doc, r.names[w.Type])
	w.Sections = recognise(w.Doc, named)
	w.Groups = steps(w.Entry, named)
	w.Owner = r.site.parties[w.Meta.Owner.Text]
	w.Escalation = r.escalation(w.Entry)
	for _, id := range w.Meta.Services {
		if s := r.service[id.Text]; s != nil && !slices.Contains(w.Services, s) {
			w.Services = append(w.Services, s)
		}
	}
	w.Summary = summary(w.Entry)
	for _, a := range w.Meta.Alerts {
		w.Alerts = append(w.Alerts, a.Text)
	}
	w.problems = append(w.problems, w.Type.Schema.Check(w.Front, r.in.Config.ExtraKeys...)...)
	if w.Meta.Title.IsZero() && w.Doc.Title.IsZero() {
		w.wrong(diag.At(diag.Pos{File: w.Doc.Path, Line: 1, Col: 1}, ruleSchema, "title is missing").
			WithHint("add title: to the front matter, or start the text with a heading such as # %s", w.Title))
	}
}

// identify gives every page its key. Translations may carry the id of their original; anything else with the same id is wrong.
func (r *resolver) identify(works []*work) {
	r.kinds = map[string]bool{}
	for _, w := range works {
		w.ID, w.Key = w.Meta.ID.Text, w.Doc.Path
		if kind := kindOfID(w.ID); kind != "" {
			r.kinds[kind] = true
		}
	}
	originals := func(yield func(*work) bool) { // before their translations, so that the id is theirs
		for _, translations := range []bool{false, true} {
			for _, w := range works {
				if (w.original != nil) == translations && !yield(w) {
					return
				}
			}
		}
	}
	for w := range originals {
		if w.ID == "" {
			continue
		}
		first := r.site.byID[w.ID]
		switch {
		case first == nil:
			r.site.byID[w.ID] = w.Entry
			w.Key = w.ID
		case first.Original() != w.Original():
			w.wrong(diag.At(w.Meta.ID.Pos, ruleID, "the id %q is already taken by %s", w.ID, first.Doc.Path).
				WithHint("give this page an id of its own").WithRelated(first.Meta.ID.Pos, "first used here"))
		}
	}
}

// index collects what is looked up across pages.
func (r *resolver) index() {
	s := r.site
	for _, e := range s.Entries {
		for _, tag := range e.Meta.Tags {
			if list := s.Tags[tag.Text]; !slices.Contains(list[max(0, len(list)-1):], e) {
				s.Tags[tag.Text] = append(list, e)
			}
		}
	}
	r.listAlerts()
}

// folderOf is the folder of a path, "" for the root.
func folderOf(p string) string {
	if dir := path.Dir(p); dir != "." {
		return dir
	}
	return ""
}

// base is the last part of a path.
func base(p string) string { return p[strings.LastIndexByte(p, '/')+1:] }
