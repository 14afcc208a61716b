package publish

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"opsbook/internal/diag"
)

// deleteBatch is how many keys S3 deletes in one request.
const deleteBatch = 1000

// orphanAge is how old a manifest must be that no release names before it is deleted: a younger one may belong to a run that has just begun.
const orphanAge = 24 * time.Hour

// finish does what is left after the commit: deletes, prunes, tells the CDN, gives the lock back. What fails is left for the next run, but
// does not keep the rest from being done.
func (a *applying) finish(ctx context.Context) error {
	left, deleting := a.sweep(ctx)
	if errors.Is(deleting, errOvertaken) || ctx.Err() != nil {
		return errors.Join(deleting, ctx.Err())
	}
	history, pruning := a.prune(ctx)
	if errors.Is(pruning, errOvertaken) || ctx.Err() != nil {
		return errors.Join(pruning, ctx.Err())
	}
	telling := a.invalidate(ctx)
	a.result.Counts.StaleKept = len(left)
	err := a.s.update(ctx, func(h *Head) {
		h.Garbage, h.History = left, history
		if a.CDN != nil && telling == nil {
			h.Pending = nil
		}
		h.Lock = nil
	})
	a.result.Generation, a.result.Manifest = a.s.head.Generation, a.s.head.Manifest
	return errors.Join(deleting, pruning, telling, err)
}

// sweep deletes the garbage that is due and returns what is left of it. The bodies were archived before the commit.
func (a *applying) sweep(ctx context.Context) ([]Garbage, error) {
	due := a.plan.Due()
	a.begin(diag.T("clean up"), len(due), 0)
	var failed []error
	deleted := map[string]bool{}
	for batch := range slices.Chunk(due, deleteBatch) {
		if err := a.s.alive(ctx); err != nil {
			return nil, err
		}
		keys := make([]string, len(batch))
		for i, g := range batch {
			keys[i] = g.Key
		}
		kept, err := a.remove(ctx, keys)
		if err != nil {
			failed = append(failed, err)
		}
		for _, k := range keys {
			if _, no := kept[k]; !no {
				deleted[k] = true
				a.done(0, &a.result.Counts.Deleted)
			}
		}
	}
	left := slices.DeleteFunc(slices.Clone(a.plan.Garbage), func(g Garbage) bool { return deleted[g.Key] })
	return left, errors.Join(failed...)
}

// remove deletes keys and returns those that are still there.
func (a *applying) remove(ctx context.Context, keys []string) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	err := a.Target.Delete(ctx, keys)
	if err == nil {
		return nil, nil
	}
	var some *DeleteError
	if errors.As(err, &some) {
		return some.Failed, err
	}
	kept := map[string]string{}
	for _, k := range keys {
		kept[k] = err.Error()
	}
	return kept, fmt.Errorf("delete stale objects: %w", err)
}

// prune deletes the manifests that are older than the newest twenty releases, with the bodies that only they need.
func (a *applying) prune(ctx context.Context) ([]Release, error) {
	history := a.s.head.History
	if len(history) <= kept {
		return history, nil
	}
	needed, names := map[string]bool{}, map[string]bool{}
	for _, rel := range history[:kept] {
		if names[rel.Manifest] {
			continue
		}
		names[rel.Manifest] = true
		m, err := loadManifest(ctx, a.Target, rel.Manifest)
		if err != nil {
			return history, err
		}
		for _, e := range m.Files {
			needed[e.SHA256] = true
		}
	}
	gone := map[string]bool{}
	for _, rel := range history[kept:] {
		m, err := loadManifest(ctx, a.Target, rel.Manifest)
		if absent(err) || names[rel.Manifest] {
			continue
		}
		if err != nil {
			return history, err
		}
		for _, e := range m.Files {
			if !needed[e.SHA256] {
				gone[blobKey(e.SHA256)] = true
			}
		}
	}
	keys := slices.Sorted(maps.Keys(gone))
	old, err := a.orphans(ctx, names)
	if err != nil {
		return history, err
	}
	// Bodies first: a manifest is what finds them again.
	for batch := range slices.Chunk(slices.Concat(keys, old), deleteBatch) {
		if err := a.s.alive(ctx); err != nil {
			return history, err
		}
		if _, err := a.remove(ctx, batch); err != nil {
			return history, err
		}
	}
	return history[:kept], nil
}

// orphans lists manifests that no kept release names: the pruned ones, and those of runs that never got the lock.
func (a *applying) orphans(ctx context.Context, names map[string]bool) ([]string, error) {
	pruned := map[string]bool{}
	for _, rel := range a.s.head.History[kept:] {
		pruned[rel.Manifest] = true
	}
	var old []string
	for l, err := range a.Target.List(ctx, manifestFolder) {
		if err != nil {
			return nil, fmt.Errorf("list old manifests: %w", err)
		}
		sum := strings.TrimSuffix(strings.TrimPrefix(l.Key, manifestFolder), ".json.gz")
		if !names[sum] && (pruned[sum] || a.Now().Sub(l.Modified) > orphanAge) {
			old = append(old, l.Key)
		}
	}
	return old, nil
}

// invalidate tells the CDN of every path that is pending.
func (a *applying) invalidate(ctx context.Context) error {
	paths := a.s.head.Pending
	if a.CDN == nil || len(paths) == 0 {
		return nil
	}
	a.begin(diag.T("invalidate"), len(paths), 0)
	if err := a.s.alive(ctx); err != nil {
		return err
	}
	id, err := a.CDN.Invalidate(ctx, a.s.head.reference(), paths)
	a.result.Invalidation = &Invalidation{ID: id, Paths: paths, Done: err == nil}
	if err != nil {
		return fmt.Errorf("invalidate %d paths: %w", len(paths), err)
	}
	return nil
}
