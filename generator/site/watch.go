package site

import (
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"opsbook/internal/history"
	"opsbook/internal/meta"
)

// watched answers which commits changed what pages watch. Thousands of pages ask about tens of thousands of paths, so the paths are sorted
// once, and a glob is held only against those below the folder that it begins with.
type watched struct {
	history *history.History
	once    sync.Once
	paths   []string // sorted
}

// since returns the commits after a time that touched a path which one of the globs names, newest first.
func (w *watched) since(globs []meta.Str, since time.Time) []history.Commit {
	w.once.Do(func() { w.paths = slices.Sorted(maps.Keys(w.history.Touched)) })
	hit := map[int]bool{}
	for _, g := range globs {
		glob := strings.TrimPrefix(g.Text, "/")
		for _, p := range w.below(glob) {
			commits := w.history.Touched[p]
			if !w.anyAfter(commits, since) {
				continue
			}
			if ok, err := doublestar.Match(glob, p); err != nil || !ok {
				continue
			}
			for _, i := range commits {
				if w.history.Commits[i].Date.After(since) {
					hit[i] = true
				}
			}
		}
	}
	var out []history.Commit
	for _, i := range slices.Sorted(maps.Keys(hit)) {
		out = append(out, w.history.Commits[i])
	}
	return out
}

// anyAfter reports whether one of some commits is younger than a time. Dates of commits need not be in order.
func (w *watched) anyAfter(commits []int, since time.Time) bool {
	return slices.ContainsFunc(commits, func(i int) bool { return w.history.Commits[i].Date.After(since) })
}

// below returns the paths that begin as a glob does before its first sign.
func (w *watched) below(glob string) []string {
	prefix := glob
	if i := strings.IndexAny(glob, `*?[{\`); i >= 0 {
		prefix = glob[:i]
	}
	from := sort.SearchStrings(w.paths, prefix)
	to := from
	for to < len(w.paths) && strings.HasPrefix(w.paths[to], prefix) {
		to++
	}
	return w.paths[from:to]
}
