// Package generator runs the stages in order, in parallel and remembered: a folder of Markdown in, a site as a value out.
//
//	source.Tree -> document.Document -> site.Site -> []page.Outline -> output.Set
//
// Nothing is written here: Result.Write streams the set to disk, serve renders the page that is being looked at.
package generator

import (
	"context"
	"slices"
	"sync"

	"opsbook/generator/output"
	"opsbook/generator/page"
	"opsbook/generator/site"
	"opsbook/internal/check"
	"opsbook/internal/diag"
	"opsbook/internal/memo"
)

// Build reads, checks and plans a site. Its files are rendered when they are asked for. It fails only if the machine does.
func Build(ctx context.Context, in Input, m *Memory) (*Result, error) {
	r, err := m.read(ctx, in)
	if err != nil {
		return nil, err
	}
	return r.Build(ctx, m)
}

// Build is Build of what was read already. Nothing that was read may be built twice.
func (r *Inputs) Build(ctx context.Context, m *Memory) (*Result, error) {
	content, err := r.resolve(ctx, m)
	if err != nil {
		return nil, err
	}
	found := sync.OnceValue(func() []diag.Diagnostic { return check.Run(content.Site, content.Diagnostics) })
	index := m.searchIndex(content)
	if m.once() {
		go found()                     // the rules and the plan read the same site; who asks what was found waits
		go func() { _, _ = index() }() // it will be written: what it is made of is gone before pages are rendered
	}
	look, err := m.look(content)
	if err != nil {
		return nil, err
	}
	pages := page.Plan(content.Site)
	machine := m.machineFiles(r.Program, content.Site, pages, look.words[content.Site.Languages[0]])
	files := slices.Concat(look.bundle.Files, copied(content), machine, m.rendered(r.Program, look, pages))
	files = append(files, look.worker(content.Site.Config.Offline))
	built := &Result{
		Content: content, Pages: len(pages), found: found, drafts: r.Drafts, files: output.New(files...), index: index,
		offline: sync.OnceValue(func() offline { return planOffline(content, pages, machine) }), look: look,
	}
	m.endBuild()
	return built, nil
}

// machineFiles is what programs read: lists, feeds, each page's Markdown.
func (m *Memory) machineFiles(program string, s *site.Site, pages []*page.Outline, words map[string]string) []output.File {
	planned := page.Files(s, pages, words)
	files := make([]output.File, len(planned))
	for i, f := range planned {
		files[i] = output.File{Path: f.Path, Render: func(context.Context) ([]byte, error) { return f.Make() }}
		if m.once() && f.Key != nil && program != "" { // else nobody can tell whether the next program writes alike
			files[i].Key = func() [32]byte { return memo.NewHash().String(program).Add(f.Key()).Key() }
		}
	}
	return files
}
