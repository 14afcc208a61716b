package watch

import (
	"context"
	"io/fs"
	"os"
	"time"
)

// poller compares the folders with what they were a moment ago.
type poller struct {
	tree     tree
	interval time.Duration
	seen     map[string]stamp
}

// stamp is what changes when a file does.
type stamp struct {
	info fs.FileInfo
}

// same reports whether a file is as it was. Another file that took its place, even with the same size and time, is not.
func (s stamp) same(t stamp) bool {
	if s.info.Mode() != t.info.Mode() || !os.SameFile(s.info, t.info) {
		return false
	}
	return s.info.IsDir() || s.info.Size() == t.info.Size() && s.info.ModTime().Equal(t.info.ModTime())
}

func newPoller(t tree, interval time.Duration) *poller {
	return &poller{tree: t, interval: interval, seen: snapshot(t)}
}

func snapshot(t tree) map[string]stamp {
	now := map[string]stamp{}
	// The visitor returns no error, so neither does walk.
	_ = t.walk(func(path string, entry os.DirEntry) error {
		info, err := entry.Info()
		if err != nil {
			return nil
		}
		now[path] = stamp{info}
		return nil
	})
	return now
}

func (p *poller) run(ctx context.Context, to chan<- change) {
	tick := time.NewTicker(p.interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := snapshot(p.tree)
		for _, path := range differences(p.seen, now) {
			if !send(ctx, to, change{path: path}) {
				return
			}
		}
		p.seen = now
	}
}

func differences(old, now map[string]stamp) []string {
	var paths []string
	for path, s := range now {
		if was, found := old[path]; !found || !s.same(was) {
			paths = append(paths, path)
		}
	}
	for path := range old {
		if _, found := now[path]; !found {
			paths = append(paths, path)
		}
	}
	return paths
}
