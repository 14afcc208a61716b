package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"opsbook/generator"
	"opsbook/internal/check"
	"opsbook/internal/diag"
)

type checkCmd struct {
	place
	shape
	Format        string   `help:"How to print: text, json, github, gitlab, sarif, junit or markdown." enum:"text,json,github,gitlab,sarif,junit,markdown" default:"text"`
	FailOn        string   `name:"fail-on" help:"Exit 1 from this severity on: error, warning, info or never." enum:"error,warning,info,never" default:"error"`
	Since         string   `help:"Report only what the work since it left this branch or commit touches or breaks." placeholder:"REF"`
	Baseline      string   `help:"Report only what this file does not know." placeholder:"FILE"`
	WriteBaseline string   `name:"write-baseline" help:"Write what is wrong now into a file for --baseline, and stop." placeholder:"FILE"`
	External      bool     `help:"Ask other sites whether the links to them still lead somewhere."`
	AllowNetwork  []string `name:"allow-network" help:"A private network that --external may ask (may be repeated)." placeholder:"CIDR"`
	Explain       string   `help:"Explain a rule and stop." placeholder:"RULE"`
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
	known, err := readBaseline(c.Baseline)
	if err != nil {
		return err
	}
	m := generator.NewMemory()
	content, err := generator.Load(ctx, in, m)
	if err != nil {
		return err
	}
	read := &texts{root: in.Source}
	r := result{content: content, all: content.Diagnostics, lines: read, folder: inRepository(in.Source)}
	if c.Since != "" {
		if err := r.since(ctx, a, in, m, c.Since); err != nil {
			return err
		}
	}
	if err := c.ask(ctx, a, in.Source, &r); err != nil {
		return err
	}
	if c.WriteBaseline != "" {
		return a.writeBaseline(c.WriteBaseline, diag.Faults(slices.Concat(content.Diagnostics, r.asked), read.line))
	}
	if c.Baseline != "" {
		r.all = unknown(r.all, known, read)
	}
	// A day that passed is not the fault of the change at hand, which is what these two ask about.
	ticks := map[string]bool{}
	for _, rule := range check.Rules() {
		ticks[rule.ID] = rule.Clock && (c.Since != "" || c.Baseline != "")
	}
	fails := func(d diag.Diagnostic) bool {
		return !ticks[d.Rule] && reaches(diag.Count([]diag.Diagnostic{d}), c.FailOn)
	}
	if err := a.print(r, c.Format, fails); err != nil {
		return fmt.Errorf("print diagnostics: %w", err)
	}
	if slices.ContainsFunc(r.all, fails) {
		return exit{code: exitFound}
	}
	return nil
}

// result is what a check found.
type result struct {
	content *generator.Content
	all     []diag.Diagnostic // sorted
	lines   *texts
	folder  string // the source as its repository names it
	change  *change
	asked   []diag.Diagnostic // found by asking other sites: part of all, not of the content's
}

// line returns a line of a file that is named as the repository names it.
func (r result) line(file string, n int) string {
	return r.lines.line(strings.TrimPrefix(file, r.folder+"/"), n)
}

// print writes what was found in a format. Fails says what makes the check fail.
func (a *app) print(r result, format string, fails func(diag.Diagnostic) bool) error {
	switch format {
	case "json":
		return diag.WriteJSON(a.stdout, r.all, a.catalogue)
	case "github":
		return diag.WriteGitHub(a.stdout, diag.Under(r.folder, r.all), a.catalogue)
	case "gitlab":
		return diag.WriteGitLab(a.stdout, diag.Under(r.folder, r.all), a.catalogue, r.line)
	case "sarif":
		return diag.WriteSARIF(a.stdout, diag.Under(r.folder, r.all), a.tool(), a.lang, a.catalogue, r.line)
	case "junit":
		return diag.WriteJUnit(a.stdout, diag.Under(r.folder, r.all), fails, a.catalogue)
	case "markdown":
		return a.comment(r)
	default:
		return a.say(a.stdout, r.all)
	}
}

// tool is this program and its rules, as a report names them.
func (a *app) tool() diag.Tool {
	t := diag.Tool{Name: "opsbook", Version: programVersion()}
	for _, rule := range check.Rules() {
		t.Rules = append(t.Rules, diag.RuleDoc{ID: rule.ID, Title: rule.Title(a.lang), Help: rule.Doc(a.lang), Severity: rule.Severity})
	}
	return t
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
