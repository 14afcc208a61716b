package publish

import (
	"context"
	"errors"
	"sync"
	"time"

	"opsbook/internal/diag"
)

// Runner is what a run needs beside its plan.
type Runner struct {
	Target Target
	CDN    Invalidator // nil without one
	Now    func() time.Time
	Run    string // names this run among all
	By     string // who runs it, for people
	// Workers is how many objects are written at a time; 0 means 16.
	Workers  int
	Progress func(Progress) // may be nil; called by one worker at a time
}

// Progress is how far a run is.
type Progress struct {
	Phase        diag.Text
	Done, Total  int   // objects
	Bytes, Whole int64 // uploaded, to upload
}

// errOvertaken says that the lease ended and somebody else took the lock.
var errOvertaken = errors.New("the lock was lost: another run took over")

// session is the lock that a run holds, and the head as it last wrote it.
type session struct {
	r       *Runner
	mu      sync.Mutex
	head    Head
	version string
	lost    bool
}

// acquire locks the target. dirty is the manifest of what is going to be written, "" when no live key will be.
func (r *Runner) acquire(ctx context.Context, s *State, site, dirty string) (*session, error) {
	now := r.Now()
	if s.Head.held(now) {
		return nil, heldBy(s.Head.Lock, now)
	}
	h := s.Head
	h.Schema = schema
	if h.Site == "" {
		h.Site = site
	}
	if dirty != "" {
		h.Dirty = with(h.Dirty, dirty)
	}
	h.Lock = r.lease(now, now)
	version, err := swapHead(ctx, r.Target, s.Version, h)
	if errors.Is(err, ErrConflict) {
		return nil, failure(Locked, "lock %s: somebody else has published or is publishing since this plan was made; run again", r.Target)
	}
	if err != nil {
		return nil, err
	}
	return &session{r: r, head: h, version: version}, nil
}

func heldBy(l *Lock, now time.Time) error {
	who := l.By
	if who == "" {
		who = l.Run
	}
	left := l.Until.Sub(now).Round(time.Second)
	return failure(Locked, "%s is publishing since %s; wait (at most %s), or if that run is dead: opsbook publish unlock", who, l.Since.UTC().Format("15:04 MST"), left)
}

func (r *Runner) lease(since, now time.Time) *Lock {
	return &Lock{Run: r.Run, By: r.By, Since: since, Until: now.Add(Lease)}
}

// alive is asked before every write. It renews the lease when half of it is over, and refuses when it cannot be sure to hold it.
func (s *session) alive(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost {
		return errOvertaken
	}
	now := s.r.Now()
	if s.head.Lock.Until.Sub(now) > Lease/2 {
		return nil
	}
	h := s.head
	h.Lock = s.r.lease(s.head.Lock.Since, now)
	return s.swap(ctx, h)
}

// update writes the head as the holder of the lock.
func (s *session) update(ctx context.Context, change func(*Head)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost {
		return errOvertaken
	}
	h := s.head
	h.Lock = s.r.lease(s.head.Lock.Since, s.r.Now())
	change(&h)
	return s.swap(ctx, h)
}

func (s *session) swap(ctx context.Context, h Head) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	version, err := swapHead(ctx, s.r.Target, s.version, h)
	if errors.Is(err, ErrConflict) {
		s.lost = true
		return errOvertaken
	}
	if err != nil {
		return err
	}
	s.head, s.version = h, version
	return nil
}

// release gives the lock back after a failure, as far as that is still possible: nobody has to wait for the lease to end then. Dirty stays.
func (s *session) release(ctx context.Context) {
	if s.head.Lock == nil {
		return // it is given back already
	}
	const patience = 10 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	// What cannot be released ends by itself, and what went wrong before is what people must read.
	_ = s.update(ctx, func(h *Head) { h.Lock = nil })
}

// confess writes the manifest of a run that was overtaken into Dirty: a delayed request of it may have spoilt what its successor wrote,
// and whoever publishes next heals that.
func (s *session) confess(ctx context.Context, manifest string) error {
	const attempts = 8
	var err error
	for range attempts {
		h, version, readErr := readHead(ctx, s.r.Target)
		if readErr != nil {
			return readErr
		}
		if h.Manifest == manifest && len(h.Dirty) == 0 {
			return nil
		}
		h.Dirty = with(h.Dirty, manifest)
		if _, err = swapHead(ctx, s.r.Target, version, h); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return err
}
