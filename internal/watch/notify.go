package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// notifier reports what the kernel tells of every folder. It keeps its own list of them, since the kernel watches a folder and not its
// path: after a rename the old path has to be forgotten, and the new one looked for.
type notifier struct {
	tree     tree
	interval time.Duration
	fs       *fsnotify.Watcher
	folders  map[string]bool
	missing  bool // a root is gone, for example while Git replaces it
}

var errSilent = errors.New("the kernel stopped telling of changes")

func newNotifier(t tree, interval time.Duration) (*notifier, error) {
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("ask the kernel for changes: %w", err)
	}
	n := &notifier{tree: t, interval: interval, fs: fs, folders: map[string]bool{}}
	if err := n.rescan(); err != nil {
		fs.Close()
		return nil, err
	}
	return n, nil
}

// run reports changes until ctx ends. If the kernel runs out of watches on the way, it goes on as a poller.
func (n *notifier) run(ctx context.Context, to chan<- change) {
	err := n.listen(ctx, to)
	n.fs.Close()
	if err == nil || ctx.Err() != nil {
		return
	}
	p := newPoller(n.tree, n.interval)
	if send(ctx, to, change{all: true, notice: pollingNotice(err, n.interval)}) {
		p.run(ctx, to)
	}
}

// listen returns nil when ctx ends, and else why the kernel can tell no more.
func (n *notifier) listen(ctx context.Context, to chan<- change) error {
	for {
		var retry <-chan time.Time
		if n.missing {
			retry = time.After(n.interval)
		}
		var c change
		var err error
		select {
		case <-ctx.Done():
			return nil
		case e, open := <-n.fs.Events:
			if !open {
				return errSilent
			}
			c, err = n.event(e)
		case _, open := <-n.fs.Errors:
			if !open {
				return errSilent
			}
			// Most often an overflow. Whatever it was, events may be lost, among them those of new folders.
			c, err = change{all: true}, n.rescan()
		case <-retry:
			err = n.rescan()
			c.all = !n.missing
		}
		if err != nil {
			return err
		}
		if c != (change{}) && !send(ctx, to, c) {
			return nil
		}
	}
}

// event follows folders that come, go and move, and returns what to report.
func (n *notifier) event(e fsnotify.Event) (change, error) {
	path := filepath.Clean(e.Name)
	wasFolder := n.folders[path]
	switch {
	case e.Name == "", e.Op == fsnotify.Chmod, !n.tree.matters(path) && !wasFolder:
		return change{}, nil
	case e.Has(fsnotify.Rename) && wasFolder:
		// It may have moved to where it is watched as well, by a name that an earlier event told: look everywhere.
		n.forget(path)
		return change{all: true}, n.rescan()
	case e.Has(fsnotify.Remove) && wasFolder:
		n.forget(path)
		return change{path: path}, n.rescan()
	case e.Has(fsnotify.Create) && isFolder(path):
		n.forget(path) // if it took the place of another, that one's watch is of no use
		return change{path: path}, n.watchBelow(path)
	}
	return change{path: path}, nil
}

func isFolder(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.IsDir()
}

// forget stops watching a folder and all below it.
func (n *notifier) forget(path string) {
	below := path + string(filepath.Separator)
	for folder := range n.folders {
		if folder == path || strings.HasPrefix(folder, below) {
			delete(n.folders, folder)
			_ = n.fs.Remove(folder) // the kernel has often forgotten it already
		}
	}
}

// rescan watches every folder that is there and is not watched yet.
func (n *notifier) rescan() error {
	n.missing = false
	for _, root := range n.tree.roots {
		from := root.path
		if root.file {
			from = filepath.Dir(from) // editors replace a file by another: its folder is what stays
		}
		if _, err := os.Stat(from); err != nil {
			n.missing = true
			continue
		}
		if err := n.add(from); err != nil {
			return err
		}
		if !root.file {
			if err := n.watchBelow(from); err != nil {
				return err
			}
		}
	}
	return nil
}

// watchBelow watches a folder and those below it. Folders made while it walks are told by the folder above, which is watched first.
func (n *notifier) watchBelow(path string) error {
	return n.tree.walkFrom(path, func(path string, entry os.DirEntry) error {
		if !entry.IsDir() {
			return nil
		}
		return n.add(path)
	})
}

func (n *notifier) add(path string) error {
	if n.folders[path] {
		return nil
	}
	err := n.fs.Add(path)
	switch {
	case err == nil:
		n.folders[path] = true
	case exhausted(err):
		return fmt.Errorf("watch %s: %w", path, err)
	}
	return nil // gone or not readable: the folder above tells if that changes
}
