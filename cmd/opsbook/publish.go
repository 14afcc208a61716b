package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"opsbook/internal/diag"
	"opsbook/internal/publish"
)

type publishCmd struct {
	Up       publishUpCmd       `cmd:"" default:"withargs" help:"Put the built site up (the default)."`
	Status   publishStatusCmd   `cmd:"" help:"Say what is up, since when, and what can be rolled back to."`
	Rollback publishRollbackCmd `cmd:"" help:"Put an earlier release up again, without a build."`
	Unlock   publishUnlockCmd   `cmd:"" help:"Take the lock of a dead run away."`
	Template publishTemplateCmd `cmd:"" help:"Print the hosting for an AWS account, or a workflow for GitHub."`
	Destroy  publishDestroyCmd  `cmd:"" help:"Delete a preview site, such as preview/pr-123."`
}

type publishUpCmd struct {
	Target []string `arg:"" optional:"" help:"Names from publish: in opsbook.yaml (NAME or NAME/FOLDER), s3://BUCKET/PREFIX or file:DIR."`
	reach
	Out      string   `help:"The built site." default:"public" placeholder:"DIR"`
	DryRun   bool     `help:"Print the plan and write nothing."`
	Detailed bool     `name:"detailed-exitcode" help:"With --dry-run: exit 10 when there is something to do."`
	Format   string   `help:"How to print a plan: text, or markdown for a pull request." enum:"text,markdown" default:"text"`
	Plan     string   `help:"Write the plan to a file (and nothing to the target)." placeholder:"FILE"`
	Apply    string   `help:"Publish only if the plan in this file still holds." placeholder:"FILE"`
	Verify   bool     `help:"Read every published object and put up again what is not as it should be."`
	Adopt    bool     `help:"Take over a target that holds other objects or another site."`
	Allow    []string `help:"Pass a guard rail: deletes, halved, missing, drafts, older or twins." placeholder:"RAIL"`
}

// Run puts the built site up at every target.
func (c *publishUpCmd) Run(ctx context.Context, a *app) error {
	asked, err := c.asked(a)
	if err != nil {
		return err
	}
	plans, err := c.planned()
	if err != nil {
		return err
	}
	names := c.Target
	if len(names) == 0 {
		for _, f := range plans {
			names = append(names, f.Name)
		}
	}
	places, err := c.places(names)
	if err != nil {
		return err
	}
	run := publishing{app: a, cmd: c, asked: asked, plans: plans}
	for _, p := range places {
		run.results = append(run.results, run.one(ctx, p))
	}
	if c.Plan != "" {
		if err := run.keep(); err != nil {
			return err
		}
	}
	return a.finished(c.JSON, run.results)
}

func (c *publishUpCmd) asked(a *app) (publish.Asked, error) {
	asked := publish.Asked{Now: a.now(), Adopt: c.Adopt}
	for _, word := range c.Allow {
		found := false
		for _, g := range publish.Guards() {
			if word == string(g) {
				asked.Allow, found = append(asked.Allow, g), true
			}
		}
		if !found {
			return asked, usage("--allow %s: there is no such guard rail; there are %v", word, publish.Guards())
		}
	}
	if c.Apply != "" && (c.DryRun || c.Plan != "") {
		return asked, usage("--apply publishes, --dry-run and --plan do not: leave one out")
	}
	if c.Detailed && !c.DryRun && c.Plan == "" {
		return asked, usage("--detailed-exitcode belongs to --dry-run")
	}
	return asked, nil
}

// planned reads the file of --apply.
func (c *publishUpCmd) planned() ([]publish.PlanFile, error) {
	if c.Apply == "" {
		return nil, nil
	}
	f, err := os.Open(c.Apply)
	if err != nil {
		return nil, usage("read the plan: %w", err)
	}
	defer f.Close()
	plans, err := publish.ReadPlanFiles(f)
	if err != nil {
		return nil, usage("%s: %w", c.Apply, err)
	}
	return plans, nil
}

// publishing is one command over several targets. Each has its own lock and its own end.
type publishing struct {
	*app
	cmd     *publishUpCmd
	asked   publish.Asked
	plans   []publish.PlanFile
	made    []publish.PlanFile
	results []*publish.Result
}

func (r *publishing) one(ctx context.Context, p placeOut) *publish.Result {
	res, err := r.try(ctx, p)
	if res == nil {
		res = publish.Failed(err)
	}
	res.Target = p.address
	if err != nil {
		fmt.Fprintf(r.stderr, "opsbook: publish to %s: %v\n", p.address, err)
	}
	return res
}

func (r *publishing) try(ctx context.Context, p placeOut) (*publish.Result, error) {
	c := r.cmd
	if err := p.apart(c.Out); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(c.Out)
	if err != nil {
		return nil, &publish.Failure{Code: publish.BadBuild, Err: fmt.Errorf("open the built site: %w; run opsbook build first", err)}
	}
	defer root.Close()
	built, err := publish.ReadBuild(ctx, root.FS(), p.cache)
	if err != nil {
		return nil, err
	}
	o, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	defer o.close()
	state, err := publish.Look(ctx, o.target, publish.Looking{Adopt: c.Adopt, Verify: c.Verify})
	if err != nil {
		return nil, err
	}
	asked := r.asked
	asked.Tell = o.cdn != nil
	plan := publish.Make(built, state, asked)
	if c.DryRun || c.Plan != "" {
		return r.show(p, plan)
	}
	for _, f := range r.plans {
		if f.Target == o.target.String() {
			if err := f.Outdated(plan); err != nil {
				return nil, err
			}
		}
	}
	return r.apply(ctx, o, plan)
}

// show prints a plan instead of doing it.
func (r *publishing) show(p placeOut, plan *publish.Plan) (*publish.Result, error) {
	r.made = append(r.made, plan.File(p.name, p.address))
	if !r.cmd.JSON {
		say := plan.Text
		if r.cmd.Format == "markdown" {
			say = plan.Markdown
		}
		if err := say(r.stdout, p.address, r.catalogue); err != nil {
			return nil, err
		}
	}
	return plan.Preview(r.cmd.Detailed), nil
}

// keep writes the plans to the file of --plan.
func (r *publishing) keep() error {
	f, err := os.Create(r.cmd.Plan)
	if err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	err = publish.WritePlanFiles(f, r.made)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// apply does a plan and says on a terminal how far it is.
func (a *app) apply(ctx context.Context, o opened, plan *publish.Plan) (*publish.Result, error) {
	bar := a.progress()
	res, err := a.runner(o, bar).Apply(ctx, plan)
	bar.end()
	return res, err
}

func (a *app) runner(o opened, bar *progressLine) *publish.Runner {
	r := &publish.Runner{Target: o.target, Now: a.now, Run: rand.Text(), By: a.who(), Progress: bar.show}
	if o.cdn != nil {
		r.CDN = o.cdn
	}
	return r
}

// who runs this, for people who meet the lock.
func (a *app) who() string {
	if repository, run := a.getenv("GITHUB_REPOSITORY"), a.getenv("GITHUB_RUN_ID"); run != "" {
		return fmt.Sprintf("%s run %s", repository, run)
	}
	host, err := os.Hostname()
	if err != nil {
		host = "an unknown host"
	}
	if user := a.getenv("USER"); user != "" {
		return user + " on " + host
	}
	return host
}

// finished prints results and returns the worst exit code among them.
func (a *app) finished(asJSON bool, results []*publish.Result) error {
	worst := 0
	for _, r := range results {
		worst = max(worst, r.Exit)
	}
	if asJSON {
		if err := a.printResults(results, worst); err != nil {
			return err
		}
	} else {
		for _, r := range results {
			a.sayResult(r)
		}
	}
	if worst != 0 {
		return exit{code: worst}
	}
	return nil
}

func (a *app) printResults(results []*publish.Result, worst int) error {
	var value any = map[string]any{"ok": worst == 0, "exit": worst, "targets": results}
	if len(results) == 1 {
		value = results[0]
	}
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	_, err = fmt.Fprintln(a.stdout, string(text))
	return err
}

func (a *app) sayResult(r *publish.Result) {
	for _, w := range r.Warnings {
		fmt.Fprintln(a.stderr, "opsbook: "+w)
	}
	c := r.Counts
	switch r.Code {
	case publish.Unchanged:
		a.tell(diag.T("%s is up to date: generation %s, %s files", r.Target, r.Generation, c.Unchanged))
	case publish.Published, publish.Committed, publish.RolledBack:
		took := time.Duration(r.Duration) * time.Millisecond
		a.tell(diag.T("published generation %s to %s in %s: %s uploaded (%s), %s copied, %s unchanged, %s deleted, %s to delete later",
			r.Generation, r.Target, took, c.Uploaded, publish.Size(r.Bytes), c.Copied, c.Unchanged, c.Deleted, c.StaleKept))
	case publish.Destroyed:
		a.tell(diag.T("destroyed %s: %s files deleted", r.Target, c.Deleted))
	}
}

// tell prints a line of the result in the reader's language.
func (a *app) tell(t diag.Text) { fmt.Fprintln(a.stdout, t.In(a.catalogue)) }

// apart refuses to publish a folder into itself.
func (p placeOut) apart(out string) error {
	if p.folder == "" {
		return nil
	}
	from, err := filepath.Abs(out)
	to, err2 := filepath.Abs(p.folder)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	for _, pair := range [][2]string{{from, to}, {to, from}} {
		if rel, err := filepath.Rel(pair[0], pair[1]); err == nil && filepath.IsLocal(rel) {
			return usage("publish %s to %s: one lies in the other", out, p.folder)
		}
	}
	return nil
}
