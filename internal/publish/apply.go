package publish

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"opsbook/internal/diag"
)

// Apply does what a plan says, one barrier after the other, and says how it ended. An error stops before the next barrier.
func (r *Runner) Apply(ctx context.Context, p *Plan) (*Result, error) {
	started := r.Now()
	run := &applying{Runner: r, plan: p, result: p.result()}
	err := run.all(ctx)
	res := run.result
	res.Duration = r.Now().Sub(started).Milliseconds()
	res.end(err)
	return res, err
}

type applying struct {
	*Runner
	plan   *Plan
	result *Result
	s      *session

	mu    sync.Mutex
	state Progress
}

func (a *applying) all(ctx context.Context) error {
	p := a.plan
	if err := p.refused(); err != nil {
		return err
	}
	if h := p.State.Head; h.held(a.Now()) {
		return heldBy(h.Lock, a.Now())
	}
	if p.Nothing() {
		a.result.Code = Unchanged
		return nil
	}
	dirty := ""
	if p.commits() {
		if err := a.putManifest(ctx); err != nil {
			return failure(CodeOf(err, Access), "write the manifest to %s: %w", a.Target, err)
		}
		dirty = p.Next.Sum()
	}
	var err error
	if a.s, err = a.acquire(ctx, p.State, p.Next.Site, dirty); err != nil {
		return failure(CodeOf(err, Access), "%w", err)
	}
	if err := a.put(ctx); err != nil {
		return a.broken(ctx, Partial, err)
	}
	if err := a.finish(ctx); err != nil {
		return a.broken(ctx, Committed, err)
	}
	return nil
}

// put brings the new site up: archive, objects stage by stage, commit.
func (a *applying) put(ctx context.Context) error {
	if !a.plan.commits() {
		return nil
	}
	if err := a.archive(ctx); err != nil {
		return err
	}
	a.begin(diag.T("upload"), len(a.plan.Writes), a.plan.Bytes())
	for from := 0; from < len(a.plan.Writes); {
		to := from + 1
		for to < len(a.plan.Writes) && a.plan.Writes[to].Stage == a.plan.Writes[from].Stage {
			to++
		}
		if err := each(ctx, a, a.plan.Writes[from:to], a.write); err != nil {
			return err
		}
		from = to
	}
	return a.commit(ctx)
}

// broken ends a run that failed while it held the lock.
func (a *applying) broken(ctx context.Context, code Code, err error) error {
	if !errors.Is(err, errOvertaken) {
		a.s.release(ctx)
		return failure(code, "%w; %s", err, advice(code))
	}
	if said := a.s.confess(ctx, a.plan.Next.Sum()); said != nil {
		err = fmt.Errorf("%w (and %w)", err, said)
	}
	return failure(Overtaken, "%w; run again", err)
}

func advice(code Code) string {
	if code == Committed {
		return "the new site is up, the next run finishes the rest"
	}
	return "run again"
}

func (a *applying) putManifest(ctx context.Context) error {
	packed, err := a.plan.Next.encode()
	if err != nil {
		return err
	}
	_, err = a.Target.Put(ctx, manifestKey(a.plan.Next.Sum()), Upload{
		Content:   contentOf(packed, Headers{Type: "application/gzip", Cache: "no-store"}),
		Open:      opener(packed),
		Condition: Condition{Absent: true},
	})
	if errors.Is(err, ErrConflict) {
		return nil // it is named by its hash
	}
	return err
}

// archive copies aside what is going to be replaced. A dead run that changed a key had archived it before, for the same barrier held for
// it; so a key in doubt is copied only if there is no copy yet.
func (a *applying) archive(ctx context.Context) error {
	a.begin(diag.T("archive"), len(a.plan.Archive), 0)
	return each(ctx, a, a.plan.Archive, func(ctx context.Context, e Entry) error {
		to := blobKey(e.SHA256)
		if a.plan.touched[e.Key] {
			there, err := exists(ctx, a.Target, to)
			if err != nil || there {
				return err
			}
		}
		err := a.Target.Copy(ctx, e.Key, to, e.content())
		if errors.Is(err, ErrMismatch) || absent(err) {
			a.warn("%s is not what was published there: rollback will not bring it back", e.Key)
			return nil
		}
		if err != nil {
			return fmt.Errorf("keep a copy of %s: %w", e.Key, err)
		}
		a.done(0, &a.result.Counts.Copied)
		return nil
	})
}

func exists(ctx context.Context, t Target, key string) (bool, error) {
	o, err := t.Get(ctx, key)
	if absent(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read %s: %w", key, err)
	}
	return true, o.Body.Close()
}

// write puts one object up.
func (a *applying) write(ctx context.Context, w Write) error {
	if w.Blob {
		if err := a.Target.Copy(ctx, blobKey(w.SHA256), w.Key, w.content()); err != nil {
			return fmt.Errorf("bring back %s: %w", w.Key, err)
		}
		a.done(0, &a.result.Counts.Copied)
		return nil
	}
	_, err := a.Target.Put(ctx, w.Key, Upload{Content: w.content(), Open: a.plan.Build.opener(w.Entry), Condition: Condition{Absent: w.IfAbsent}})
	if w.IfAbsent && errors.Is(err, ErrConflict) {
		a.done(0, &a.result.Counts.Unchanged)
		return nil
	}
	if err != nil {
		return fmt.Errorf("upload %s: %w", w.Key, err)
	}
	a.done(w.Size, &a.result.Counts.Uploaded)
	return nil
}

// commit makes the new site the one that is up, and writes down what is left to do.
func (a *applying) commit(ctx context.Context) error {
	p := a.plan
	err := a.s.update(ctx, func(h *Head) {
		h.Generation++ // of every commit, so that an invalidation after it has a reference of its own
		if h.Manifest != p.Next.Sum() {
			h.History = append([]Release{p.release(h.Generation, a.Now(), a.By)}, h.History...)
			h.Undone = p.undone(*h, a.Now())
		}
		h.Site, h.Manifest = p.Next.Site, p.Next.Sum()
		h.Dirty, h.Garbage, h.Pending, h.Destroying = nil, p.Garbage, p.Paths, false
	})
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	a.result.Generation, a.result.Manifest = a.s.head.Generation, a.s.head.Manifest
	return nil
}

func (p *Plan) release(generation int, at time.Time, by string) Release {
	return Release{
		Generation: generation, Manifest: p.Next.Sum(), Commit: p.Next.Commit, CommitTime: p.Next.CommitTime, Pages: p.Next.Pages,
		At: at.UTC().Truncate(time.Second), By: by, Rollback: p.Rollback,
	}
}

// undone remembers the newest commit that was rolled back, until another one goes up.
func (p *Plan) undone(h Head, at time.Time) *Undone {
	if !p.Rollback || p.State.Live == nil {
		return nil
	}
	up := p.State.Live
	if h.Undone != nil && h.Undone.CommitTime.After(up.CommitTime) {
		return h.Undone
	}
	return &Undone{Manifest: up.Sum(), Commit: up.Commit, CommitTime: up.CommitTime, At: at.UTC().Truncate(time.Second)}
}

// each runs do for every item, several at a time, as long as the lock is held.
func each[T any](ctx context.Context, a *applying, items []T, do func(context.Context, T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(a.workers())
	for _, item := range items {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := a.s.alive(ctx); err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(ctx, writeTimeout)
			defer cancel()
			return do(ctx, item)
		})
	}
	return g.Wait()
}

func (r *Runner) workers() int {
	if r.Workers > 0 {
		return r.Workers
	}
	return 16
}

func (a *applying) begin(phase diag.Text, total int, bytes int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state = Progress{Phase: phase, Total: total, Whole: bytes}
	a.tell()
}

func (a *applying) done(bytes int64, count *int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	*count++
	a.result.Bytes += bytes
	a.state.Done++
	a.state.Bytes += bytes
	a.tell()
}

func (a *applying) tell() {
	if a.Progress != nil && a.state.Total > 0 {
		a.Progress(a.state)
	}
}

func (a *applying) warn(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.result.Warnings = append(a.result.Warnings, fmt.Sprintf(format, args...))
}
