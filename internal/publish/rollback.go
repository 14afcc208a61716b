package publish

import (
	"context"
	"errors"
	"strings"
	"time"

	"opsbook/internal/diag"
)

// PlanRollback plans to put an earlier release up again, from what the target itself keeps: no build is needed. to is the beginning of a
// commit or of a manifest's name, or "" for the release before the one that is up.
func PlanRollback(ctx context.Context, t Target, to string, a Asked) (*Plan, error) {
	s, err := Look(ctx, t, Looking{})
	if err != nil {
		return nil, err
	}
	release, err := s.Head.find(to)
	if err != nil {
		return nil, err
	}
	next, err := loadManifest(ctx, t, release.Manifest)
	if err != nil {
		return nil, err
	}
	p := &Plan{Now: a.Now, State: s, Next: next, Rollback: true, tell: a.Tell, touched: s.touched()}
	p.compare()
	p.Warnings = append(p.Warnings, diag.T("going back to %s", release.Text()))
	return p, nil
}

// find returns the release that a person means.
func (h Head) find(to string) (Release, error) {
	if to == "" {
		return h.before()
	}
	var found []Release
	for _, r := range h.History {
		if strings.HasPrefix(r.Manifest, to) || strings.HasPrefix(r.Commit, to) {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		return Release{}, failure(Refused, "roll back to %s: no such release is kept; see opsbook publish status", to)
	}
	for _, r := range found {
		if r.Manifest != found[0].Manifest {
			return Release{}, failure(Refused, "roll back to %s: several releases are called so; give more letters of one in opsbook publish status", to)
		}
	}
	return found[0], nil
}

// before returns the release before the one that is up. After a rollback that is the one before the release that was gone back to, so
// that a second rollback goes further back.
func (h Head) before() (Release, error) {
	up := -1
	for i, r := range h.History {
		switch {
		case r.Rollback:
		case up < 0 && r.Manifest == h.Manifest:
			up = i
		case up >= 0 && r.Manifest != h.Manifest:
			return r, nil
		}
	}
	return Release{}, failure(Refused, "roll back: there is no release before the one that is up")
}

// Text names a release for people.
func (r Release) Text() diag.Text {
	name := diag.T("manifest %s", short(r.Manifest))
	if r.Commit != "" {
		name = diag.T("commit %s", short(r.Commit))
	}
	return diag.T("generation %s (%s, %s pages, published at %s)", r.Generation, name, r.Pages, r.At.UTC().Format("2006-01-02 15:04 MST"))
}

// Status is what a target says of itself.
func Status(ctx context.Context, t Target) (Head, error) {
	h, _, err := readHead(ctx, t)
	return h, err
}

// Unlock takes the lock of a dead run away. What that run may have written stays noted, so that the next run puts it right.
func Unlock(ctx context.Context, t Target) (*Lock, error) {
	h, version, err := readHead(ctx, t)
	if err != nil {
		return nil, err
	}
	if h.Lock == nil {
		return nil, nil
	}
	was := h.Lock
	h.Lock = nil
	if _, err := swapHead(ctx, t, version, h); err != nil {
		if errors.Is(err, ErrConflict) {
			return nil, failure(Locked, "unlock %s: its run is alive, it has just written", t)
		}
		return nil, err
	}
	return was, nil
}

// Left is how long a lock still holds.
func (l *Lock) Left(now time.Time) time.Duration { return max(0, l.Until.Sub(now)).Round(time.Second) }
