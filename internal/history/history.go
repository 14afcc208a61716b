// Package history is what Git knows of the content, before a site is resolved: who changed which file when, and who owns it.
//
// It reads one `git log`, follows renames, and says so when it cannot know: a shallow clone, a copy without its repository, or one
// that Git does not trust has no dates, rather than wrong ones.
package history

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"opsbook/internal/diag"
)

// maxRecent is how many commits of a file are kept one by one; a page that shows its last changes needs no more.
const maxRecent = 10

// History is what Git knows of a content folder. It is plain data: never mutate what may be shared.
type History struct {
	// Known is false if Git could not tell; then only Why and Hint are set.
	Known bool
	// Why says in one line why nothing is known, and Hint what to do about it.
	Why, Hint diag.Text
	// Head is the hash of the commit that is checked out.
	Head string
	// Prefix is the content folder relative to the repository, with a slash at its end; empty if they are the same.
	Prefix string
	// Files holds the committed files below the content folder, by their path relative to it.
	Files map[string]FileHistory
	// Commits are those that touched the content or a watched file, newest first.
	Commits []Commit
	// Touched says which of Commits touched a path, by its name at that time, relative to the repository. Indices ascend.
	Touched map[string][]int
	// Diffs is what the last commits that touched pages changed in them, newest first.
	Diffs []Diff
	// Bulks are commits that reviewed more pages than somebody can have read, and changed nothing else in them.
	Bulks []Bulk
}

// FileHistory is the life of one file, under all its names.
type FileHistory struct {
	First, Last Commit
	// Recent are the last commits, newest first, at most ten.
	Recent []Commit
	// Count is how many commits there are in all. Merges are not counted.
	Count int
}

// Commit is one commit. Date is when it was committed to this history (not when it was first written, which may be long before it was
// merged), in UTC. Author and Email are those of the author, as .mailmap corrects them.
type Commit struct {
	Hash    string
	Author  string
	Email   string
	Date    time.Time
	Subject string
}

// Read reads the history of a content folder, and of the files of its repository that any of the watches (globs relative to the
// repository) may name. An error means that ctx ended; everything else that can go wrong is a reason not to know.
func Read(ctx context.Context, dir string, watches ...string) (History, error) {
	r, unknown, err := open(ctx, dir)
	if err != nil || !unknown.Why.IsZero() {
		return unknown, err
	}
	tracked, err := r.tracked(ctx)
	if err != nil {
		return r.failed(ctx, err)
	}
	if len(tracked) == 0 {
		return because("no file of the content folder is committed").or("commit the content, then build again"), nil
	}
	l := newLog(r.prefix, tracked)
	if err := r.log(ctx, pathspecs(r.prefix, watches), l.add); err != nil {
		return r.failed(ctx, err)
	}
	h := History{Known: true, Head: r.head, Prefix: r.prefix, Files: l.files(), Commits: l.commits, Touched: l.touched}
	if h.Diffs, err = r.diffs(ctx, l); err != nil {
		return r.failed(ctx, err)
	}
	if h.Bulks, err = r.bulks(ctx, h.Files); err != nil {
		return r.failed(ctx, err)
	}
	return h, nil
}

// because is a History that does not know.
func because(format string, args ...any) History { return History{Why: diag.T(format, args...)} }

// or adds what to do about it.
func (h History) or(format string, args ...any) History {
	h.Hint = diag.T(format, args...)
	return h
}

// Touching returns the commits after a time that touched a path which one of the globs names, newest first. Globs are relative to the
// repository; Read must have been given them.
func (h History) Touching(globs []string, since time.Time) []Commit {
	hit := map[int]bool{}
	for path, commits := range h.Touched {
		if !matchesAny(globs, path) {
			continue
		}
		for _, i := range commits {
			if h.Commits[i].Date.After(since) {
				hit[i] = true
			}
		}
	}
	var found []Commit
	for _, i := range slices.Sorted(maps.Keys(hit)) {
		found = append(found, h.Commits[i])
	}
	return found
}

func matchesAny(globs []string, path string) bool {
	return slices.ContainsFunc(globs, func(glob string) bool {
		ok, err := doublestar.Match(glob, path)
		return err == nil && ok
	})
}

// log gathers commits, newest first, into the lives of the files that exist now.
type log struct {
	prefix  string
	tracked map[string]bool // paths in HEAD below the content folder, relative to the repository
	commits []Commit
	touched map[string][]int
	lives   map[string][]int  // path in HEAD (or one that is gone) -> indices of its commits
	nowAt   map[string]string // where a path of the past is now; no entry: there; empty: nowhere
}

// change is one file in a commit. Old is set if the file was renamed.
type change struct {
	path, old string
}

func newLog(prefix string, tracked map[string]bool) *log {
	return &log{prefix: prefix, tracked: tracked, touched: map[string][]int{}, lives: map[string][]int{}, nowAt: map[string]string{}}
}

// add takes the next older commit.
func (l *log) add(c Commit, changes []change) {
	i := len(l.commits)
	l.commits = append(l.commits, c)
	renamed := map[string]string{} // old name -> where the file is now
	for _, ch := range changes {
		l.touch(ch.path, i)
		now := l.now(ch.path)
		if ch.old != "" {
			l.touch(ch.old, i)
			renamed[ch.old] = now
		}
		if now != "" {
			l.lives[now] = append(l.lives[now], i)
		}
	}
	for _, ch := range changes {
		if ch.old != "" {
			l.nowAt[ch.path] = "" // before the rename, another file had this name, or none
		}
	}
	for _, old := range slices.Sorted(maps.Keys(renamed)) {
		l.rename(old, renamed[old])
	}
}

func (l *log) now(path string) string {
	if now, moved := l.nowAt[path]; moved {
		return now
	}
	return path
}

func (l *log) touch(path string, i int) {
	if seen := l.touched[path]; len(seen) == 0 || seen[len(seen)-1] != i {
		l.touched[path] = append(seen, i)
	}
}

// rename makes older commits of the old name count for the file that bears the new one. So do younger commits of the old name, if nothing
// of that name is left: they were made on a branch that did not know of the rename yet.
func (l *log) rename(old, now string) {
	if now != "" && now != old && l.now(old) == old && !l.tracked[old] {
		l.lives[now] = merge(l.lives[now], l.lives[old])
		delete(l.lives, old)
	}
	l.nowAt[old] = now
}

// merge merges two ascending lists into one without doubles.
func merge(a, b []int) []int {
	both := slices.Concat(a, b)
	slices.Sort(both)
	return slices.Compact(both)
}

// files returns the lives of the tracked files, by path relative to the content folder.
func (l *log) files() map[string]FileHistory {
	files := make(map[string]FileHistory, len(l.tracked))
	for path := range l.tracked {
		life := l.lives[path]
		if len(life) == 0 {
			continue
		}
		f := FileHistory{First: l.commits[life[len(life)-1]], Last: l.commits[life[0]], Count: len(life)}
		for _, i := range life[:min(len(life), maxRecent)] {
			f.Recent = append(f.Recent, l.commits[i])
		}
		files[path[len(l.prefix):]] = f
	}
	return files
}
