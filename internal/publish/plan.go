package publish

import (
	"maps"
	"slices"
	"time"

	"opsbook/internal/diag"
)

// Plan is what a run would do. It is made of values alone and can be printed, kept and compared.
type Plan struct {
	Now    time.Time
	State  *State
	Next   *Manifest
	Build  *Build // nil when bodies come from the target itself
	Writes []Write
	// Archive are objects that are replaced or taken away; their bodies are copied aside for rollback.
	Archive []Entry
	Garbage []Garbage // what is to be deleted, now or later, after the commit
	Paths   []string  // what the CDN must be told of, pending paths of earlier runs included

	Refusals  []Refusal
	Warnings  []diag.Text
	Unchanged int
	Pages     PageCounts
	Rollback  bool

	tell    bool            // there is a CDN to be told
	touched map[string]bool // keys of which nobody knows what they hold
}

// PageCounts is what happens to HTML pages.
type PageCounts struct {
	New     int `json:"new"`
	Changed int `json:"changed"`
	// Archived pages leave the site; their bodies stay for rollback.
	Archived int `json:"archived"`
}

// Write is one object to put.
type Write struct {
	Entry
	Stage Stage
	Why   Why
	// Blob says that the body is copied from the target's own archive instead of uploaded.
	Blob bool
	// IfAbsent says that an object of this name can only be the same one.
	IfAbsent bool
	// Touched says that a run that died may have written the key, so that nobody knows what it holds.
	Touched bool
}

// Why is the reason of a write.
type Why string

// The reasons.
const (
	New     Why = "new"
	Changed Why = "changed"
	Header  Why = "headers" // same bytes
	Again   Why = "again"   // a run that did not end, or --verify, leaves it in doubt
)

// Stage orders writes. Every stage is a barrier: it begins when all of the one before is done.
type Stage int

// The stages. Changed pages go up deepest first, so that a list never names a page that is not there.
const (
	StageAssets  Stage = 1 // what pages need: hashed files, new pictures and the like
	StageNew     Stage = 2 // new pages: nobody knows their addresses yet
	stageChanged Stage = 3 // changed files at depth maxDepth and more, then one stage per level up to the root
	maxDepth           = 40
	StageIndex   Stage = stageChanged + maxDepth + 1 // what names pages of everywhere: search, and the worker
	StageRoot    Stage = StageIndex + 1              // the home page
	StageCopy    Stage = StageRoot + 1               // the list by which browsers keep copies: it holds the hash of every page
)

// Asked is what a run is asked for beside a build and a target.
type Asked struct {
	Now   time.Time
	Allow []Guard
	Adopt bool
	// Tell says whether there is a CDN to be told.
	Tell bool
}

// Make plans to put a build up. It is pure: the target is read by Look before.
func Make(b *Build, s *State, a Asked) *Plan {
	p := &Plan{Now: a.Now, State: s, Next: b.Manifest, Build: b, tell: a.Tell, touched: s.touched()}
	p.compare()
	p.Warnings = append(p.Warnings, foreign(b)...)
	p.Refusals = guard(b, p, a)
	return p
}

// compare finds what differs between what is up and what is wanted.
func (p *Plan) compare() {
	s := p.State
	changed := map[string]bool{}
	for _, e := range p.Next.Files {
		live, up := s.Live.Lookup(e.Key)
		if up && live.Obj == e.Obj && !p.touched[e.Key] {
			p.Unchanged++
			continue
		}
		w := Write{Entry: e, Touched: p.touched[e.Key], Why: reason(live, up, e), Blob: p.Rollback}
		w.IfAbsent = !up && e.Immutable && !p.Rollback && s.sameEverywhere(e)
		w.Stage = stageOf(e, w.Why)
		p.Writes = append(p.Writes, w)
		p.count(w, up)
		if up && live.Obj != e.Obj {
			p.Archive = append(p.Archive, live)
		}
		if !w.IfAbsent {
			changed[e.Key] = true
		}
	}
	slices.SortStableFunc(p.Writes, func(a, b Write) int { return int(a.Stage - b.Stage) })
	p.collect(changed)
	p.Paths = s.Head.Pending
	if p.tell {
		p.Paths = Paths(with(s.Head.Pending, pathsOf(slices.Sorted(maps.Keys(changed)))...))
	}
}

// collect lists what is no longer wanted: what earlier runs left to delete, what this one takes away, and what a dead one added.
func (p *Plan) collect(changed map[string]bool) {
	gone := map[string]Garbage{}
	for _, g := range p.State.Head.Garbage {
		gone[g.Key] = g
	}
	leave := func(key string, e Entry) {
		g := Garbage{Key: key, Obj: e.Obj, After: p.Now}
		if e.Immutable || !document(key) {
			g.After = p.Now.Add(AssetGrace)
		}
		if old, ok := gone[key]; !ok || old.Obj != g.Obj {
			gone[key] = g
		}
		changed[key] = true
	}
	if p.State.Live != nil {
		for _, e := range p.State.Live.Files {
			if _, wanted := p.Next.Lookup(e.Key); !wanted {
				leave(e.Key, e)
				p.Archive = append(p.Archive, e)
				if isPage(e.Key) {
					p.Pages.Archived++
				}
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p.touched)) {
		_, wanted := p.Next.Lookup(key)
		if _, up := p.State.Live.Lookup(key); !wanted && !up {
			leave(key, p.State.dirtyEntry(key))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(gone)) {
		if _, wanted := p.Next.Lookup(key); !wanted {
			p.Garbage = append(p.Garbage, gone[key])
		}
	}
}

func (p *Plan) count(w Write, up bool) {
	switch {
	case !isPage(w.Key):
	case up:
		p.Pages.Changed++
	default:
		p.Pages.New++
	}
}

func reason(live Entry, up bool, e Entry) Why {
	switch {
	case !up:
		return New
	case live.Obj == e.Obj:
		return Again
	case live.SHA256 == e.SHA256:
		return Header
	default:
		return Changed
	}
}

// lastOf says when the names are put up that everything else must be up for, new or changed: what names pages of everywhere, then
// the home page, then the list of what browsers keep.
func lastOf(key string) (Stage, bool) {
	stage, ok := map[string]Stage{"search/index.js": StageIndex, "sw.js": StageIndex, "index.html": StageRoot, "offline.json": StageCopy}[key]
	return stage, ok
}

// stageOf says when an entry is put up.
func stageOf(e Entry, why Why) Stage {
	if stage, ok := lastOf(e.Key); ok {
		return stage
	}
	switch {
	case e.Immutable:
		return StageAssets
	case why == New && isPage(e.Key):
		return StageNew
	case why == New:
		return StageAssets
	}
	depth := 0
	for _, c := range e.Key {
		if c == '/' {
			depth++
		}
	}
	return stageChanged + Stage(maxDepth-min(depth, maxDepth))
}

// touched are the keys of which nobody knows what they hold. A dead run wrote at most what its manifest has differently from what is up,
// and deleted at most what is up and not in its manifest.
func (s *State) touched() map[string]bool {
	keys := map[string]bool{}
	for _, d := range s.Dirty {
		differing(d, s.Live, keys)
		differing(s.Live, d, keys)
	}
	for _, k := range s.Unknown {
		keys[k] = true
	}
	return keys
}

func differing(a, b *Manifest, into map[string]bool) {
	if a == nil {
		return
	}
	for _, e := range a.Files {
		if other, ok := b.Lookup(e.Key); !ok || other.Obj != e.Obj {
			into[e.Key] = true
		}
	}
}

// sameEverywhere reports whether an object of this name, wherever it came from, is the same.
func (s *State) sameEverywhere(e Entry) bool {
	for _, d := range s.Dirty {
		if other, ok := d.Lookup(e.Key); ok && other.Obj != e.Obj {
			return false
		}
	}
	for _, g := range s.Head.Garbage {
		if g.Key == e.Key && g.Obj != e.Obj {
			return false
		}
	}
	return !slices.Contains(s.Unknown, e.Key)
}

func (s *State) dirtyEntry(key string) Entry {
	for _, d := range s.Dirty {
		if e, ok := d.Lookup(key); ok {
			return e
		}
	}
	return Entry{Key: key}
}

// Due are the keys to delete now.
func (p *Plan) Due() []Garbage {
	var due []Garbage
	for _, g := range p.Garbage {
		if !p.Now.Before(g.After) {
			due = append(due, g)
		}
	}
	return due
}

// commits reports whether the head must name another manifest or forget a dead run.
func (p *Plan) commits() bool {
	return p.Next.Sum() != p.State.Head.Manifest || len(p.State.Head.Dirty) > 0 || len(p.Writes) > 0
}

// Nothing reports whether there is nothing to do: no difference, and nothing left over from earlier runs.
func (p *Plan) Nothing() bool {
	h := p.State.Head
	return !p.commits() && len(p.Due()) == 0 && (len(h.Pending) == 0 || !p.tell) && len(h.History) <= kept
}

// Bytes is how much would be uploaded.
func (p *Plan) Bytes() int64 {
	var n int64
	for _, w := range p.Writes {
		if !w.Blob {
			n += w.Size
		}
	}
	return n
}
