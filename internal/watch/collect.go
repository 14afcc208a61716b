package watch

import (
	"context"
	"maps"
	"slices"
	"time"
)

// A single save is seen at once; a checkout is waited for, but not for ever (SAFETY.md, "Dev server").
const (
	afterFirst  = 5 * time.Millisecond
	manyEvents  = 20
	quiet       = 80 * time.Millisecond
	atMost      = 500 * time.Millisecond
	listedPaths = 1000 // more are not listed: reading everything again is quicker than looking at each
)

// collect puts changes together and hands them over when they are due and somebody receives.
func collect(ctx context.Context, changes <-chan change, out chan<- Batch) {
	p := pending{}
	for {
		var ready chan<- Batch
		var batch Batch
		if p.due {
			ready, batch = out, p.batch()
		}
		select {
		case <-ctx.Done():
			p.stop()
			return
		case c, open := <-changes:
			if !open {
				changes = nil
				continue
			}
			p.add(c)
		case <-p.soon():
			p.due = true
		case <-p.latest():
			p.due, p.limit = true, nil
		case ready <- batch:
			p.stop()
			p = pending{}
		}
	}
}

// pending is what has been seen since the last batch.
type pending struct {
	paths  map[string]bool
	all    bool
	notice string
	events int

	due          bool // the pause is over
	pause, limit *time.Timer
}

func (p *pending) add(c change) {
	p.events++
	p.all = p.all || c.all
	if c.notice != "" {
		p.notice = c.notice
	}
	if c.path != "" {
		if p.paths == nil {
			p.paths = map[string]bool{}
		}
		p.paths[c.path] = true
	}
	switch {
	case p.pause == nil:
		p.pause, p.limit = time.NewTimer(afterFirst), time.NewTimer(atMost)
	case p.events > manyEvents && p.limit != nil:
		p.due = false
		p.pause.Reset(quiet)
	}
}

// soon fires when the pause is over.
func (p *pending) soon() <-chan time.Time {
	if p.pause == nil {
		return nil
	}
	return p.pause.C
}

// latest fires when the longest wait is over; after that, nothing prolongs it.
func (p *pending) latest() <-chan time.Time {
	if p.limit == nil {
		return nil
	}
	return p.limit.C
}

func (p *pending) stop() {
	if p.pause != nil {
		p.pause.Stop()
	}
	if p.limit != nil {
		p.limit.Stop()
	}
}

func (p *pending) batch() Batch {
	if p.all || len(p.paths) > listedPaths {
		return Batch{All: true, Notice: p.notice}
	}
	return Batch{Paths: slices.Sorted(maps.Keys(p.paths)), Notice: p.notice}
}
