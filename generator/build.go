// Package generator runs the stages in order, in parallel and remembered: a folder of Markdown in, a site as a value out.
//
//	source.Tree -> document.Document -> site.Site -> []page.Page -> output.Set
//
// Nothing is written here: Result.Write streams the set to disk, serve renders the page that is being looked at.
package generator

import (
	"context"
	"slices"

	"opsbook/generator/output"
	"opsbook/generator/page"
	"opsbook/generator/site"
)

// Build reads, checks and plans a site. Its files are rendered when they are asked for. It fails only if the machine does.
func Build(ctx context.Context, in Input, m *Memory) (*Result, error) {
	content, err := Load(ctx, in, m)
	if err != nil {
		return nil, err
	}
	look, err := m.look(content)
	if err != nil {
		return nil, err
	}
	pages := page.Plan(content.Site)
	files := slices.Concat(look.bundle.Files, copied(content), machineFiles(content.Site, pages))
	for _, p := range pages {
		files = append(files, m.file(look, p))
	}
	built := &Result{Content: content, Pages: len(pages), drafts: in.Drafts, files: output.New(files...), index: m.searchIndex(content)}
	m.endBuild()
	return built, nil
}

// machineFiles is what programs read: lists, feeds, each page's Markdown.
func machineFiles(s *site.Site, pages []*page.Page) []output.File {
	var files []output.File
	for _, f := range page.Files(s, pages) {
		files = append(files, output.File{Path: f.Path, Render: func(context.Context) ([]byte, error) { return f.Make() }})
	}
	return files
}
