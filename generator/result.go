package generator

import (
	"context"
	"errors"
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

// rendered is planned pages as files, each of which is rendered once, whoever asks.
func (m *Memory) rendered(program string, look *look, pages []*page.Page) []output.File {
	files := make([]output.File, len(pages))
	each(len(pages), func(i int) { files[i] = m.file(program, look, pages[i]) })
	for i, p := range pages {
		for _, path := range p.Twins {
			twin := files[i]
			twin.Path = path
			files = append(files, twin)
		}
	}
	return files
}

func (m *Memory) file(program string, look *look, p *page.Page) output.File {
	hash := func() memo.Key { return memo.NewHash().String(program).Add(look.key).Add(page.Hash(p)).Key() }
	render := func(ctx context.Context) ([]byte, error) {
		if p == nil {
			return nil, errDropped
		}
		return look.theme.Page(ctx, p)
	}
	switch {
	case m.pages == nil && len(p.Twins) > 0: // once for all
		once := sync.OnceValues(func() ([]byte, error) { return look.theme.Page(context.Background(), p) })
		render = func(context.Context) ([]byte, error) { return once() }
	case m.pages != nil:
		render = func(ctx context.Context) ([]byte, error) {
			return m.pages.Try(hash(), func() ([]byte, error) { return look.theme.Page(ctx, p) })
		}
	}
	f := output.File{Path: p.File, Render: render}
	if m.once() && len(p.Twins) == 0 {
		f.Drop = func() { p = nil } // planned pages are a third of what is in memory
	}
	if m.once() && program != "" { // else nobody can tell whether the next program renders alike
		f.Key = hash()
	}
	return f
}

var errDropped = errors.New("the page was rendered and let go of")

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
