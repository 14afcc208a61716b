package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"opsbook/internal/diag"
	"opsbook/internal/publish"
)

// onePlace is a command about one target.
type onePlace struct {
	Target string `arg:"" optional:"" help:"Target, as for publish."`
	reach
}

func (c onePlace) open(ctx context.Context) (placeOut, opened, error) {
	var names []string
	if c.Target != "" {
		names = []string{c.Target}
	}
	places, err := c.places(names)
	if err != nil {
		return placeOut{}, opened{}, err
	}
	o, err := places[0].open(ctx)
	return places[0], o, coded(err)
}

// coded gives an error the exit code of its end.
func coded(err error) error {
	if err == nil {
		return nil
	}
	return exit{publish.CodeOf(err, publish.Access).Exit(), err}
}

type publishStatusCmd struct{ onePlace }

// Run prints what a target says of itself.
func (c *publishStatusCmd) Run(ctx context.Context, a *app) error {
	p, o, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	head, err := publish.Status(ctx, o.target)
	if err != nil {
		return coded(err)
	}
	if c.JSON {
		text, err := json.MarshalIndent(head, "", "  ")
		if err != nil {
			return fmt.Errorf("print the status: %w", err)
		}
		_, err = fmt.Fprintln(a.stdout, string(text))
		return err
	}
	if head.Manifest == "" {
		a.tell(diag.T("%s: nothing is published", p.address))
	} else {
		a.tell(diag.T("%s: site %q", p.address, head.Site))
	}
	for i, r := range head.History {
		mark := "  "
		if i == 0 {
			mark = "* "
		}
		line := diag.T("%s manifest %s", r.Text(), r.Manifest[:min(12, len(r.Manifest))])
		if r.Rollback {
			line = diag.T("%s, a rollback", line)
		}
		fmt.Fprintln(a.stdout, mark+line.In(a.catalogue))
	}
	a.sayLeft(head)
	return nil
}

// sayLeft prints what is under way and what is left to do.
func (a *app) sayLeft(head publish.Head) {
	if l := head.Lock; l != nil {
		if left := l.Left(a.now()); left > 0 {
			a.tell(diag.T("locked by %s since %s, for at most %s", l.By, l.Since.UTC().Format(time.RFC3339), left))
		} else {
			a.tell(diag.T("the lock of %s has ended: its run is dead, the next one puts things right", l.By))
		}
	}
	if n := len(head.Dirty); n > 0 {
		a.tell(diag.T("%s runs did not end; the next publish puts things right", n))
	}
	if n := len(head.Pending); n > 0 {
		a.tell(diag.T("%s paths to invalidate; the next publish does it", n))
	}
	if n := len(head.Garbage); n > 0 {
		a.tell(diag.T("%s stale files to delete later", n))
	}
}

type publishRollbackCmd struct {
	onePlace
	To     string `help:"Beginning of a commit or manifest (default: the release before)." placeholder:"SHA"`
	DryRun bool   `help:"Print the plan and write nothing."`
}

// Run puts an earlier release up again.
func (c *publishRollbackCmd) Run(ctx context.Context, a *app) error {
	p, o, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	plan, err := publish.PlanRollback(ctx, o.target, c.To, publish.Asked{Now: a.now(), Tell: o.cdn != nil})
	if err != nil {
		return a.ended(c.JSON, p, nil, err)
	}
	if c.DryRun {
		if !c.JSON {
			return plan.Text(a.stdout, p.address, a.catalogue)
		}
		return a.ended(c.JSON, p, plan.Preview(false), nil)
	}
	res, err := a.apply(ctx, o, plan)
	if err == nil {
		res.Code = publish.RolledBack
	}
	return a.ended(c.JSON, p, res, err)
}

// ended prints the one result of a command.
func (a *app) ended(asJSON bool, p placeOut, res *publish.Result, err error) error {
	if res == nil {
		res = publish.Failed(err)
	}
	res.Target = p.address
	if err != nil {
		fmt.Fprintf(a.stderr, "opsbook: %v\n", err)
	}
	return a.finished(asJSON, []*publish.Result{res})
}

type publishUnlockCmd struct{ onePlace }

// Run takes a lock away.
func (c *publishUnlockCmd) Run(ctx context.Context, a *app) error {
	p, o, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	lock, err := publish.Unlock(ctx, o.target)
	if err != nil {
		return a.ended(c.JSON, p, nil, err)
	}
	if c.JSON {
		return a.ended(true, p, &publish.Result{OK: true, Code: publish.Unlocked, Warnings: []string{}, Errors: []string{}}, nil)
	}
	if lock == nil {
		a.tell(diag.T("%s is not locked", p.address))
		return nil
	}
	a.tell(diag.T("unlocked %s: the lock was of %s since %s; the next publish puts right what that run left",
		p.address, lock.By, lock.Since.UTC().Format(time.RFC3339)))
	return nil
}

type publishDestroyCmd struct {
	Target string `arg:"" help:"Preview site: NAME/FOLDER of a configured target, s3://BUCKET/PREFIX or file:DIR."`
	reach
	DryRun bool `help:"Say what would be deleted and write nothing."`
}

// Run deletes a preview site.
func (c *publishDestroyCmd) Run(ctx context.Context, a *app) error {
	places, err := c.places([]string{c.Target})
	if err != nil {
		return err
	}
	p := places[0]
	if !p.sub {
		return usage("destroy %s: name the site below it, such as %s/pr-123: a configured target itself is never destroyed", c.Target, c.Target)
	}
	o, err := p.open(ctx)
	if err != nil {
		return coded(err)
	}
	defer o.close()
	prefix := p.prefix
	if p.folder != "" {
		prefix = p.folder
	}
	doomed, err := publish.PlanDestroy(ctx, o.target, prefix)
	if err != nil {
		return a.ended(c.JSON, p, nil, err)
	}
	if c.DryRun && c.JSON {
		return a.ended(true, p, doomed.Preview(), nil)
	}
	if c.DryRun {
		a.tell(diag.T("would delete the site %q at %s: %s files", doomed.State.Head.Site, p.address, doomed.Files()))
		return nil
	}
	bar := a.progress()
	res, err := a.runner(o, bar).Destroy(ctx, doomed)
	bar.end()
	return a.ended(c.JSON, p, res, err)
}
