package publish

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"opsbook/internal/diag"
)

// Doomed is a site below a prefix that is to be deleted whole.
type Doomed struct {
	State *State
	Keys  []string // everything but the head
}

// PlanDestroy lists what destroying the site of a target would delete. The target must have a prefix of its own, hold a site of ours and no
// other site below it.
func PlanDestroy(ctx context.Context, t Target, prefix string) (*Doomed, error) {
	if strings.Trim(prefix, "/") == "" {
		return nil, failure(Refused, "destroy %s: only a site below a prefix can be destroyed, such as preview/pr-123", t)
	}
	head, version, err := readHead(ctx, t)
	if err != nil {
		return nil, err
	}
	if version == "" {
		return nil, failure(Refused, "destroy %s: opsbook has published nothing there", t)
	}
	d := &Doomed{State: &State{Head: head, Version: version}}
	for l, err := range t.List(ctx, "") {
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", t, err)
		}
		if l.Key == headKey {
			continue
		}
		if strings.HasSuffix(l.Key, "/"+headKey) {
			return nil, failure(Refused, "destroy %s: another site lies below it, at %s", t, strings.TrimSuffix(l.Key, headKey))
		}
		d.Keys = append(d.Keys, l.Key)
	}
	return d, nil
}

// Destroy deletes a site: under its lock, the pages first and the head last, so that a run that is killed can be run again.
func (r *Runner) Destroy(ctx context.Context, d *Doomed) (*Result, error) {
	started := r.Now()
	res := &Result{Code: Destroyed, Warnings: []string{}, Errors: []string{}}
	a := &applying{Runner: r, result: res, plan: &Plan{State: d.State, Next: &Manifest{Site: d.State.Head.Site}}}
	err := a.destroy(ctx, d)
	res.Duration = r.Now().Sub(started).Milliseconds()
	res.end(err)
	return res, err
}

func (a *applying) destroy(ctx context.Context, d *Doomed) error {
	var err error
	if a.s, err = a.acquire(ctx, d.State, d.State.Head.Site, ""); err != nil {
		return failure(CodeOf(err, Access), "%w", err)
	}
	// What is being deleted is not up any more: a publish that follows a destroy that was killed must put everything again.
	err = a.s.update(ctx, func(h *Head) {
		*h = Head{Schema: schema, Site: h.Site, Generation: h.Generation + 1, Lock: h.Lock, Pending: []string{everything}, Destroying: true}
	})
	if err == nil {
		err = a.empty(ctx, d.Keys)
	}
	if err == nil {
		err = a.invalidate(ctx)
	}
	if err == nil {
		err = a.Target.Delete(ctx, []string{headKey})
	}
	if err != nil {
		a.s.release(ctx)
		return failure(CodeOf(err, Partial), "%w; run again", err)
	}
	return nil
}

// empty deletes the site's objects, then our own state.
func (a *applying) empty(ctx context.Context, keys []string) error {
	a.begin(diag.T("clean up"), len(keys), 0)
	ours := func(k string) bool { return strings.HasPrefix(k, stateFolder) }
	site := slices.DeleteFunc(slices.Clone(keys), ours)
	state := slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return !ours(k) })
	for _, group := range [][]string{site, state} {
		for batch := range slices.Chunk(group, deleteBatch) {
			if err := a.s.alive(ctx); err != nil {
				return err
			}
			if _, err := a.remove(ctx, batch); err != nil {
				return err
			}
			for _, k := range batch {
				if !ours(k) {
					a.done(0, &a.result.Counts.Deleted)
				}
			}
		}
	}
	return nil
}

// Files is how many files of the site would be deleted.
func (d *Doomed) Files() int {
	n := 0
	for _, k := range d.Keys {
		if !strings.HasPrefix(k, stateFolder) {
			n++
		}
	}
	return n
}

// Preview is the result of a dry run.
func (d *Doomed) Preview() *Result {
	return &Result{
		OK: true, Code: Changes, Generation: d.State.Head.Generation, Manifest: d.State.Head.Manifest,
		Counts: Counts{Deleted: d.Files()}, Warnings: []string{}, Errors: []string{},
	}
}
