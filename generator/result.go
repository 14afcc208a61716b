package generator

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"opsbook/generator/output"
	"opsbook/generator/page"
	"opsbook/generator/render"
	"opsbook/internal/diag"
	"opsbook/internal/memo"
	"opsbook/search/webindex"
)

// ContentSecurityPolicy is what every page may do, for servers that send it as a header.
const ContentSecurityPolicy = render.CSP

// searchFolder is where the browser's index lies.
const searchFolder = "search/"

// Result is a built site: its content, what is wrong with it, and its files, which are rendered when somebody asks for them.
type Result struct {
	*Content
	Pages int // HTML pages

	found  func() []diag.Diagnostic
	drafts bool
	files  output.Set // all but the search index
	index  func() (output.Set, error)

	offline func() offline // what browsers keep of it
	look    *look
}

// Diagnostics is what is wrong with the content, sorted. Who asks first waits for it.
func (r *Result) Diagnostics() []diag.Diagnostic { return r.found() }

// Output is every file of the site, the search index included.
func (r *Result) Output() (output.Set, error) {
	index, err := r.index()
	if err != nil {
		return output.Set{}, err
	}
	files := make([]output.File, 0, r.files.Len()+index.Len())
	for f := range r.files.All() {
		files = append(files, f)
	}
	for f := range index.All() {
		files = append(files, f)
	}
	return r.withCopyList(output.New(files...)), nil
}

// Write makes dir hold the site. See output.Write for what readers of dir see meanwhile.
func (r *Result) Write(ctx context.Context, dir string, o output.Options) (output.Report, error) {
	set, err := r.Output()
	if err != nil {
		return output.Report{}, err
	}
	o.Facts = r.facts()
	return output.Write(ctx, set, dir, o)
}

// facts are what whoever publishes the output must know of the build.
func (r *Result) facts() map[string]any {
	found := r.Diagnostics()
	counts := diag.Count(found)
	rules := map[string]int{}
	for _, d := range found {
		if d.Severity == diag.Error {
			rules[d.Rule]++
		}
	}
	facts := map[string]any{
		"site": r.Site.Config.ID, "pages": r.Pages, "errors": counts.Errors, "error_rules": rules, "warnings": counts.Warnings,
		"drafts": r.drafts, "csp": ContentSecurityPolicy,
	}
	// The newest commit of the content, not the one that is checked out: a commit of something else makes no other site.
	if past := r.Site.History; past != nil && len(past.Commits) > 0 {
		facts["commit"], facts["commit_time"] = past.Commits[0].Hash, past.Commits[0].Date
	}
	return facts
}

// lookup finds a file. The search index is made when somebody first asks for a part of it.
func (r *Result) lookup(name string) (output.File, bool) {
	if f, ok := r.files.Lookup(name); ok {
		return f, true
	}
	if !strings.HasPrefix(name, searchFolder) {
		return output.File{}, false
	}
	index, err := r.index()
	if err != nil {
		return output.File{Path: name, Render: func(context.Context) ([]byte, error) { return nil, err }}, true
	}
	return index.Lookup(name)
}

// Has reports whether the site has a file.
func (r *Result) Has(name string) bool {
	_, ok := r.lookup(name)
	return ok
}

// Read returns the content of a file.
func (r *Result) Read(ctx context.Context, name string) ([]byte, error) {
	f, ok := r.lookup(name)
	if !ok {
		return nil, fmt.Errorf("the site has no file %s", name)
	}
	return f.Render(ctx)
}

// FileOf returns the source file behind the page at a site-relative URL, "" when no single file is.
func (r *Result) FileOf(url string) string {
	if e := r.Site.ByURL(url); e != nil {
		return e.Doc.Path
	}
	return ""
}

// rendered is pages as files, each of which is planned and rendered when somebody asks for it.
func (m *Memory) rendered(program string, look *look, pages []*page.Outline) []output.File {
	files := make([]output.File, len(pages))
	for i, o := range pages {
		files[i] = m.file(program, look, o)
		for _, path := range o.Twins {
			twin := files[i]
			twin.Path = path
			files = append(files, twin)
		}
	}
	return files
}

func (m *Memory) file(program string, look *look, o *page.Outline) output.File {
	p := &planned{outline: o}
	hash := func() memo.Key { return memo.NewHash().String(program).Add(look.key).Add(page.Hash(p.keep())).Key() }
	render := func(ctx context.Context) ([]byte, error) { return look.theme.Page(ctx, p.get()) }
	f := output.File{Path: o.File, Drop: p.drop}
	switch {
	case !m.once():
		f.Render = func(ctx context.Context) ([]byte, error) {
			defer p.drop()
			return m.pages.Try(hash(), func() ([]byte, error) { return render(ctx) })
		}
		return f
	case len(o.Twins) > 0: // once for all
		once := sync.OnceValues(func() ([]byte, error) { return render(context.Background()) })
		f.Render = func(context.Context) ([]byte, error) { return once() }
	default:
		f.Render = render
	}
	if program != "" { // else nobody can tell whether the next program renders alike
		f.Key = func() [32]byte { return hash() }
	}
	return f
}

// planned is a page that is kept from the time its hash is asked for until it is rendered or found to be the same.
type planned struct {
	outline *page.Outline

	mu   sync.Mutex
	page *page.Page
}

// keep returns the page and keeps it.
func (p *planned) keep() *page.Page {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.page == nil {
		p.page = p.outline.Whole()
	}
	return p.page
}

// get returns the page that is kept, else one that is not.
func (p *planned) get() *page.Page {
	p.mu.Lock()
	kept := p.page
	p.mu.Unlock()
	if kept != nil {
		return kept
	}
	return p.outline.Whole()
}

func (p *planned) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.page = nil
}

// searchIndex makes the browser's index of the content, once, when it is asked for.
func (m *Memory) searchIndex(c *Content) func() (output.Set, error) {
	return sync.OnceValues(func() (output.Set, error) {
		records := c.Records()
		entries := make([]webindex.Entry, len(records))
		each(len(records), func(i int) {
			entries[i] = m.entries.Get(records[i].Hash(), func() webindex.Entry { return webindex.Analyze(records[i]) })
		})
		m.entries.EndBuild()
		parts, err := webindex.Write(entries, webindex.Options{Synonyms: c.Site.Config.Synonyms})
		if err != nil {
			return output.Set{}, fmt.Errorf("write the search index: %w", err)
		}
		files := make([]output.File, 0, len(parts))
		for name, content := range parts {
			f := output.Bytes(name, content)
			f.Hashed = name != searchFolder+"index.js"
			files = append(files, f)
		}
		return output.New(files...), nil
	})
}
