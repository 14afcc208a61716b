// Package watch turns the noise of a file system into "look again", after a site has been built once.
//
// Editors save a file in three steps, Git replaces a thousand, and kernels forget events when there are too many. Whoever uses this
// package reads the content again when told to; what a Batch names is a help, never the whole truth.
package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Batch is a call to look again.
type Batch struct {
	// Paths changed, sorted. They are absolute, and start with the root that they were found under, even if that is a link.
	Paths []string
	// All says that anything may have changed: events were lost, or were too many to list.
	All bool
	// Notice is something to tell the user, such as that watching has become slow; usually empty.
	Notice string
}

// Options is how New watches.
type Options struct {
	// Ignore says which absolute paths do not matter. Names that start with a dot never do.
	Ignore func(path string) bool
	// Poll compares the folders again and again instead of asking the kernel, which knows nothing of changes on some network and virtual
	// machine file systems.
	Poll bool
	// Interval is the pause between two comparisons; zero means one second.
	Interval time.Duration
}

// New watches folders, with all that is below them, and single files until ctx ends, and then closes the channel. What changes after New
// has returned is reported, so start watching before you read. Changes wait until they are received, and then come together.
func New(ctx context.Context, roots []string, o Options) (<-chan Batch, error) {
	t := tree{ignore: o.Ignore}
	for _, root := range roots {
		info, err := os.Stat(root)
		if err != nil {
			return nil, fmt.Errorf("watch: %w", err)
		}
		path, err := filepath.Abs(root)
		if err != nil {
			return nil, fmt.Errorf("watch: %w", err)
		}
		t.roots = append(t.roots, place{path: path, file: !info.IsDir()})
	}
	if o.Interval == 0 {
		o.Interval = time.Second
	}
	changes := make(chan change)
	run, notice, err := start(t, o)
	if err != nil {
		return nil, err
	}
	go func() {
		defer close(changes)
		if notice != "" {
			send(ctx, changes, change{notice: notice})
		}
		run(ctx, changes)
	}()
	out := make(chan Batch)
	go func() {
		defer close(out)
		collect(ctx, changes, out)
	}()
	return out, nil
}

// change is one event. Without a path it says that anything may have changed, or only tells a notice.
type change struct {
	path   string
	all    bool
	notice string
}

func send(ctx context.Context, to chan<- change, c change) bool {
	select {
	case to <- c:
		return true
	case <-ctx.Done():
		return false
	}
}

// start returns what will report changes: the kernel, or a poller if the kernel cannot.
func start(t tree, o Options) (run func(context.Context, chan<- change), notice string, err error) {
	if !o.Poll {
		n, err := newNotifier(t, o.Interval)
		if err == nil {
			return n.run, "", nil
		}
		if !exhausted(err) {
			return nil, "", err
		}
		notice = pollingNotice(err, o.Interval)
	}
	return newPoller(t, o.Interval).run, notice, nil
}

func pollingNotice(err error, interval time.Duration) string {
	hint := ""
	if errors.Is(err, syscall.ENOSPC) {
		hint = "; raise fs.inotify.max_user_watches to see changes at once"
	}
	return fmt.Sprintf("watch: %v, so folders are compared every %v instead%s", err, interval, hint)
}

// exhausted reports whether the kernel has no watches, instances or file descriptors left, or offers none at all.
func exhausted(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) ||
		errors.Is(err, syscall.ENOMEM) || errors.Is(err, syscall.ENOSYS) || errors.Is(err, errors.ErrUnsupported)
}

// place is a folder or a file to watch.
type place struct {
	path string
	file bool
}

// tree is what matters on the disk.
type tree struct {
	roots  []place
	ignore func(string) bool
}

// matters reports whether a path is one of the roots, or below one with no ignored name in between.
func (t tree) matters(path string) bool {
	return slices.ContainsFunc(t.roots, func(root place) bool {
		if path == root.path {
			return true
		}
		rel, err := filepath.Rel(root.path, path)
		return err == nil && !root.file && !hidden(rel) && (t.ignore == nil || !t.ignore(path))
	})
}

// hidden reports whether a relative path has a name that starts with a dot, or leads upwards.
func hidden(rel string) bool {
	return slices.ContainsFunc(strings.Split(filepath.ToSlash(rel), "/"), func(name string) bool { return strings.HasPrefix(name, ".") })
}

// walk visits everything that matters, folders before what they hold. What cannot be read is left out: it may be gone already.
func (t tree) walk(visit func(path string, entry os.DirEntry) error) error {
	for _, root := range t.roots {
		if err := t.walkFrom(root.path, visit); err != nil {
			return err
		}
	}
	return nil
}

func (t tree) walkFrom(from string, visit func(path string, entry os.DirEntry) error) error {
	real, err := filepath.EvalSymlinks(from) // only a root is followed if it is a link
	if err != nil {
		return nil
	}
	return filepath.WalkDir(real, func(name string, entry os.DirEntry, err error) error {
		path := from + strings.TrimPrefix(name, real)
		if err != nil || !t.matters(path) {
			if entry != nil && entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		return visit(path, entry)
	})
}
