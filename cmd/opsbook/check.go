package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"opsbook/generator"
	"opsbook/internal/check"
	"opsbook/internal/diag"
)

type checkCmd struct {
	place
	shape
	Format  string `help:"How to print: text, json or github." enum:"text,json,github" default:"text"`
	FailOn  string `name:"fail-on" help:"Exit 1 from this severity on: error, warning, info or never." enum:"error,warning,info,never" default:"error"`
	Explain string `help:"Explain a rule and stop." placeholder:"RULE"`
}

// Run holds content to the rules and prints what is wrong.
func (c *checkCmd) Run(ctx context.Context, a *app) error {
	if c.Explain != "" {
		return a.explain(c.Explain)
	}
	in, err := a.input(c.place, c.shape)
	if err != nil {
		return err
	}
	content, err := generator.Load(ctx, in, generator.NewMemory())
	if err != nil {
		return err
	}
	switch c.Format {
	case "json":
		err = diag.WriteJSON(a.stdout, content.Diagnostics, a.catalogue)
	case "github":
		err = diag.WriteGitHub(a.stdout, diag.Under(inRepository(in.Source), content.Diagnostics), a.catalogue)
	default:
		err = a.say(a.stdout, content.Diagnostics)
	}
	if err != nil {
		return fmt.Errorf("print diagnostics: %w", err)
	}
	if reaches(diag.Count(content.Diagnostics), c.FailOn) {
		return exit{code: exitFound}
	}
	return nil
}

// inRepository is a folder as its repository names it: annotations of a pull request stand at such paths. Outside of a repository it is the folder
// as it was given.
func inRepository(dir string) string {
	full, err := filepath.Abs(dir)
	if err != nil {
		return filepath.ToSlash(dir)
	}
	for at := full; at != filepath.Dir(at); at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			if rel, err := filepath.Rel(at, full); err == nil {
				return filepath.ToSlash(rel)
			}
		}
	}
	return filepath.ToSlash(dir)
}

// reaches reports whether something is as severe as failOn.
func reaches(n diag.Counts, failOn string) bool {
	switch failOn {
	case "error":
		return n.Errors > 0
	case "warning":
		return n.Errors+n.Warnings > 0
	case "info":
		return n.Errors+n.Warnings+n.Infos > 0
	default:
		return false
	}
}

// explain prints what a rule holds and why.
func (a *app) explain(id string) error {
	text, ok := check.Explain(id, a.lang)
	if !ok {
		return usage("explain %s: there is no such rule; opsbook list rules names them all", id)
	}
	_, err := fmt.Fprintln(a.stdout, text)
	return err
}
