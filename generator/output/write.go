package output

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Options is how Write writes.
type Options struct {
	// Content is the folder that the site is made from: an output that holds it is refused, and one inside it that holds anything but a site.
	// Empty means not to look.
	Content string
	// Generator is the version that renders, for the manifest.
	Generator string
	// Facts are stored in the manifest, for whoever publishes the output. They must not hold a time or a machine.
	Facts map[string]any
	// InPlace exchanges file after file instead of the whole folder, for an output that something holds on to (a bind mount, a
	// server whose working directory it is). Each file is whole at any time, the site is not.
	InPlace bool
	// Spare is a folder in which to keep the site before this one, on the file system of the output, so that the next build has to make
	// only what it changes. Empty means to keep nothing.
	Spare string
	// Waiting is called once if another build holds the output.
	Waiting func()

	// For tests: at is called when the named point is reached, and may kill the process there; exchange stands for a system that refuses.
	at       func(point string)
	exchange func(a, b string) error
}

// Report is what a Write did.
type Report struct {
	Written   int   // files that are new or have changed
	Unchanged int   // files that are those of the last build
	Removed   int   // files of earlier builds that are gone
	Kept      int   // hashed files of the last build that stay for its readers
	Bytes     int64 // size of the written files
}

// Write makes a folder hold the files of a Set, and whatever in it was not made by us. Readers of the folder see the old site or the new
// one; an error, a full disk or the end of ctx leaves the old one. Files whose bytes are the same cost no write.
// The error is an *UnsafeError, a *RefusedError, that of a Render, or that of the machine.
func Write(ctx context.Context, set Set, dir string, o Options) (Report, error) {
	problems, err := Check(ctx, set)
	if err != nil {
		return Report{}, err
	}
	if len(problems) > 0 {
		return Report{}, &UnsafeError{Diagnostics: problems}
	}
	real, err := resolve(dir, o.Content)
	if err != nil {
		return Report{}, err
	}
	_, missing := os.Stat(real)
	held, err := lock(ctx, real, o.Waiting)
	if err != nil {
		return Report{}, err
	}
	defer held.release()
	report, err := writeLocked(ctx, set, real, o)
	if err != nil && missing != nil {
		os.Remove(real) // made for the lock; stays unless it is empty
	}
	var refused *RefusedError
	if err != nil && !errors.As(err, &refused) {
		err = fmt.Errorf("write the site to %s: %w", dir, err)
	}
	return report, err
}

func writeLocked(ctx context.Context, set Set, dir string, o Options) (Report, error) {
	w, err := newWriter(set, dir, o)
	if err != nil {
		return Report{}, err
	}
	defer w.stage.discard()
	defer w.background.Wait()
	if err := w.write(ctx); err != nil {
		return Report{}, err
	}
	return w.report, nil
}

// writer is one Write under way.
type writer struct {
	dir   string
	set   Set
	opts  Options
	old   oldSite
	facts json.RawMessage
	stage *stage
	// survey is what the output holds beside our files, found once, and started when it is clear that something will be written.
	survey      func() (survey, error)
	beginSurvey sync.Once
	background  sync.WaitGroup

	mu      sync.Mutex
	made    []Made   // by index of set.files; an empty Path is a twin's second file
	written []string // paths in the stage
	report  Report
}

func newWriter(set Set, dir string, o Options) (*writer, error) {
	if o.exchange == nil {
		o.exchange = exchange
	}
	sweep(dir, o.Spare)
	old, err := readOldSite(dir)
	if err != nil {
		return nil, err
	}
	w := &writer{dir: dir, set: set, opts: o, old: old, made: make([]Made, set.Len()), survey: sync.OnceValues(old.survey)}
	w.stage = &stage{dir: dir, yard: pickYard(dir, o.Spare), inside: o.InPlace || !canExchange, wanted: func(path string) bool {
		_, found := set.Lookup(path)
		return found
	}}
	if o.Facts != nil {
		if w.facts, err = json.Marshal(o.Facts); err != nil {
			return nil, fmt.Errorf("store the facts of the build: %w", err)
		}
	}
	return w, nil
}

func (w *writer) reached(point string) {
	if w.opts.at != nil {
		w.opts.at(point)
	}
}

func (w *writer) write(ctx context.Context) error {
	if err := w.renderAll(ctx); err != nil {
		return err
	}
	w.reached("rendered")
	next, gone := w.plan()
	slices.Sort(w.written)
	if len(w.written) == 0 && len(gone) == 0 && !w.old.manifest.Incomplete {
		return w.updateManifest(next)
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	return w.commit(ctx, next, gone)
}

// renderAll renders every file whose content may have changed, and stages those whose content did. At most one file per core is in
// memory at a time.
func (w *writer) renderAll(ctx context.Context) error {
	g, until := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		g.Go(func() error {
			for until.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(w.set.files) {
					return nil
				}
				if err := w.renderTurn(until, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := w.renderLists(ctx); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// renderTurn renders a file, unless it is made of the others or is a twin with the same bytes: Check has compared them.
func (w *writer) renderTurn(ctx context.Context, i int) error {
	f := w.set.files[i]
	if f.list != nil || i > 0 && w.set.files[i-1].Path == f.Path {
		return nil
	}
	defer f.drop()
	return w.renderOne(ctx, i, f)
}

// renderLists makes the files that list the others.
func (w *writer) renderLists(ctx context.Context) error {
	files := listed(w.made)
	for i, f := range w.set.files {
		if f.list == nil {
			continue
		}
		content, err := f.list(files)
		if err != nil {
			return err
		}
		if err := w.put(ctx, i, f, [32]byte{}, content); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) renderOne(ctx context.Context, i int, f File) error {
	key := f.key()
	if made, ok := w.old.sameKey(f.Path, key); ok {
		return w.keep(i, f, key, made)
	}
	content, err := render(ctx, f)
	if err != nil {
		return err
	}
	return w.put(ctx, i, f, key, content)
}

// put stages a file if its content is not there already.
func (w *writer) put(ctx context.Context, i int, f File, key [32]byte, content []byte) error {
	made := madeOf(f.Path, content)
	if w.old.hasSame(made) {
		return w.keep(i, f, key, made)
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	if err := w.stage.write(f.Path, content); err != nil {
		return err
	}
	w.beginSurvey.Do(func() { w.background.Go(func() { _, _ = w.survey() }) })
	w.mu.Lock()
	defer w.mu.Unlock()
	w.written = append(w.written, f.Path)
	w.report.Written++
	w.report.Bytes += made.Size
	w.made[i] = withSet(made, f, key)
	w.reached("staged a file")
	return nil
}

func (w *writer) keep(i int, f File, key [32]byte, made Made) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.made[i] = withSet(made, f, key)
	w.report.Unchanged++
	return nil
}

// withSet returns an entry with what the Set says of its file.
func withSet(m Made, f File, key [32]byte) Made {
	m.Hashed, m.Kept, m.Key = f.Hashed, false, ""
	if key != [32]byte{} {
		m.Key = hex.EncodeToString(key[:])
	}
	return m
}

// plan returns the manifest of the new output, and the files of the old one that go. Hashed files of the last build stay for one
// generation; a build that changes nothing is none.
func (w *writer) plan() (next Manifest, gone []Made) {
	next = Manifest{Schema: manifestSchema, Generator: w.opts.Generator, Facts: w.facts}
	for _, m := range w.made {
		if m.Path != "" {
			next.Files = append(next.Files, m)
		}
	}
	var left, kept []Made
	for _, m := range w.old.manifest.Files {
		switch _, stays := next.Lookup(m.Path); {
		case stays:
		case m.Kept:
			kept = append(kept, m)
		default:
			left = append(left, m)
		}
	}
	if len(w.written) == 0 && len(left) == 0 {
		next.Files = append(next.Files, kept...)
		kept = nil
	}
	gone = kept
	for _, m := range left {
		if m.Hashed && w.old.intact(m) {
			m.Kept = true
			next.Files = append(next.Files, m)
		} else {
			gone = append(gone, m)
		}
	}
	sortMade(next.Files)
	sortMade(gone)
	for _, m := range next.Files {
		if m.Kept {
			w.report.Kept++
		}
	}
	w.report.Removed = len(gone)
	return next, gone
}

func sortMade(files []Made) {
	slices.SortFunc(files, func(a, b Made) int {
		if a.Path < b.Path {
			return -1
		}
		return 1
	})
}
