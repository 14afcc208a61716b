package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"opsbook/generator"
	"opsbook/internal/edit"
)

type archiveCmd struct {
	File       string `arg:"" help:"Document to retire."`
	ReplacedBy string `name:"replaced-by" help:"Id of the page that readers go on to." placeholder:"ID"`
	Source     string `help:"Folder of Markdown (default: content, else .)." placeholder:"DIR"`
}

// Run marks a page as archived: it stays where links lead, leaves the lists, ranks last and leads its readers on.
func (c *archiveCmd) Run(ctx context.Context, a *app) error {
	in, err := a.input(place{Source: c.Source}, shape{History: "none", Drafts: true})
	if err != nil {
		return err
	}
	content, err := generator.Load(ctx, in, generator.NewMemory())
	if err != nil {
		return err
	}
	if c.ReplacedBy != "" && content.Site.Page(c.ReplacedBy) == nil {
		return usage("archive %s: no page has the id %s", c.File, c.ReplacedBy)
	}
	text, err := os.ReadFile(c.File)
	if errors.Is(err, fs.ErrNotExist) {
		return usage("archive %s: there is no such file", c.File)
	}
	if err != nil {
		return fmt.Errorf("archive a page: %w", err)
	}
	for _, set := range [][2]string{{"status", "archived"}, {"superseded_by", c.ReplacedBy}} {
		if set[1] == "" {
			continue
		}
		if text, err = edit.Set(text, set[0], set[1]); err != nil {
			return exit{exitFound, fmt.Errorf("archive %s: %w", c.File, err)}
		}
	}
	if err := replace(c.File, text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "%s: archived\n", c.File)
	return err
}
