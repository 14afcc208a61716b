package main

import (
	"context"
	"os"

	"opsbook/generator"
	"opsbook/internal/lsp"
)

type lspCmd struct {
	place
	Clock   string `help:"Judge as of this day instead of today." placeholder:"YYYY-MM-DD"`
	History string `help:"Read Git history: git or none." enum:"git,none" default:"git"`
}

// Run answers an editor on standard input and output until it leaves.
func (c *lspCmd) Run(ctx context.Context, a *app) error {
	in, err := a.input(c.place, shape{Clock: c.Clock, Drafts: true, History: c.History})
	if err != nil {
		return err
	}
	memory := generator.NewMemory()
	load := func(ctx context.Context, unsaved map[string][]byte) (*generator.Content, error) {
		now := in
		now.Unsaved, now.Now = unsaved, a.now()
		return generator.Load(ctx, now, memory)
	}
	return lsp.Serve(ctx, os.Stdin, os.Stdout, lsp.Options{
		Source: in.Source, Version: programVersion(), Lang: a.lang, Catalogue: a.catalogue, Load: load,
	})
}
