package history

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"io"
	"regexp"
	"slices"
	"strings"

	"opsbook/internal/secret"
)

// Limits of what is kept of the last commits, so that one that rewrites everything fills no page.
const (
	maxDiffs     = 20   // commits
	maxTouched   = 100  // pages of a commit that is shown; nobody reads more in one go
	maxDiffFiles = 10   // of one commit
	maxDiffLines = 60   // of one file
	maxDiffWidth = 2000 // bytes of one line
)

// Diff is what one of the last commits changed in pages.
type Diff struct {
	Commit Commit
	Files  []FileDiff
	More   int // files beyond those that are kept
}

// FileDiff is what a commit changed in one file.
type FileDiff struct {
	Path string // relative to the content folder, as it was called then
	Now  string // as it is called now; it may be gone
	Old  string // before a rename; else ""
	What byte   // 'A' added, 'D' deleted, 'M' changed
	Text []DiffLine
	More int // lines beyond those that are kept
}

// DiffLine is a line of a diff: Sign is '+' for one that came, '-' for one that went, ' ' for one beside them, '@' where lines are left out.
type DiffLine struct {
	Sign byte
	Text string
}

// diffArgs are what every diff is made with, whatever the user's configuration says.
var diffArgs = []string{"--no-relative", "--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules", "--no-notes", "--no-show-signature", "--src-prefix=a/", "--dst-prefix=b/"}

// diffs reads what the last commits changed in Markdown files, newest first. Of one that touched very many it only counts them.
func (r repository) diffs(ctx context.Context, l *log) ([]Diff, error) {
	if r.partial || len(l.commits) == 0 {
		return nil, nil // to look into files would fetch each of them
	}
	pages := make([]int, len(l.commits)) // that a commit touched
	for path, commits := range l.touched {
		if strings.HasPrefix(path, r.prefix) && strings.HasSuffix(path, ".md") {
			for _, i := range commits {
				pages[i]++
			}
		}
	}
	var all []Diff
	var hashes []string
	at := map[string]int{}
	for i, c := range l.commits {
		if pages[i] == 0 || len(all) == maxDiffs {
			continue
		}
		at[c.Hash] = len(all)
		d := Diff{Commit: c}
		if pages[i] > maxTouched {
			d.More = pages[i]
		} else {
			hashes = append(hashes, c.Hash)
		}
		all = append(all, d)
	}
	if len(hashes) == 0 {
		return all, nil
	}
	now := map[string]string{} // an older name -> the present one
	err := r.patches(ctx, slices.Concat([]string{"--root", "-U1"}, hashes), func(hash string, f filePatch) {
		d, name := &all[at[hash]], cmp.Or(now[f.path], f.path)
		if f.old != "" {
			now[f.old] = name
		}
		switch {
		case !strings.HasPrefix(f.path, r.prefix) || !strings.HasSuffix(f.path, ".md"):
		case len(d.Files) == maxDiffFiles:
			d.More++
		default:
			d.Files = append(d.Files, r.kept(f, name))
		}
	})
	return all, err
}

// patches streams the patches of commits, in their order.
func (r repository) patches(ctx context.Context, args []string, each func(hash string, f filePatch)) error {
	fixed := slices.Concat([]string{"log", "--no-walk=unsorted", "-p", "-M", "--format=%x01%H"}, diffArgs)
	cmd := command(ctx, r.root, slices.Concat(fixed, args, []string{"--", orTop(r.prefix)})...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	readPatches(out, each)
	if err := cmd.Wait(); err != nil {
		return &gitError{err: err, stderr: stderr.String()}
	}
	return nil
}

// masked stands for a line that held a credential: who took it out of a page does not want it on another.
const masked = "•••"

// kept is what is kept of a patch: its first lines.
func (r repository) kept(f filePatch, now string) FileDiff {
	d := FileDiff{Path: strings.TrimPrefix(f.path, r.prefix), Now: strings.TrimPrefix(now, r.prefix), What: f.what}
	if f.old != "" {
		d.Old = strings.TrimPrefix(f.old, r.prefix)
	}
	for i, line := range f.lines {
		if len(d.Text) == maxDiffLines {
			d.More = len(f.lines) - i
			break
		}
		if len(secret.Find([]byte(line.Text))) > 0 {
			line.Text = masked
		}
		if len(line.Text) > maxDiffWidth {
			line.Text = strings.ToValidUTF8(line.Text[:maxDiffWidth], "") + "…"
		}
		d.Text = append(d.Text, line)
	}
	return d
}

// filePatch is one file of a patch, whole.
type filePatch struct {
	path, old string
	what      byte
	lines     []DiffLine
}

// readPatches reads what `git log -p --format=%x01%H` writes.
func readPatches(in io.Reader, each func(hash string, f filePatch)) {
	r := bufio.NewReaderSize(in, 1<<16)
	var hash string
	var f *filePatch
	end := func() {
		if f != nil && f.path != "" {
			each(hash, *f)
		}
		f = nil
	}
	left := 0 // lines of the hunk that are still to come: they can look like anything
	for {
		line, err := r.ReadString('\n')
		if line == "" && err != nil {
			end()
			return
		}
		line = strings.ToValidUTF8(strings.TrimRight(line, "\r\n"), "\ufffd")
		switch {
		case left > 0 && f != nil && line != "" && line[0] != '\\':
			f.lines = append(f.lines, DiffLine{Sign: line[0], Text: line[1:]})
			if left--; line[0] == ' ' {
				left-- // it is in both
			}
		case strings.HasPrefix(line, `\`): // no line feed at the end of the file
		case strings.HasPrefix(line, "\x01"):
			end()
			hash = line[1:]
		case strings.HasPrefix(line, "diff --git "):
			end()
			f = &filePatch{what: 'M'}
		case f == nil:
		default:
			left = f.head(line)
		}
	}
}

// head reads a line between the start of a file and its hunks, and returns how many lines the hunk that it starts has.
func (f *filePatch) head(line string) int {
	word, rest, _ := strings.Cut(line, " ")
	switch {
	case strings.HasPrefix(line, "new file "):
		f.what = 'A'
	case strings.HasPrefix(line, "deleted file "):
		f.what = 'D'
	case strings.HasPrefix(line, "rename from "):
		f.old = unquote(line[len("rename from "):])
	case strings.HasPrefix(line, "rename to "):
		f.path = unquote(line[len("rename to "):])
	case word == "---", word == "+++":
		if name, ok := strings.CutPrefix(unquote(strings.TrimSuffix(rest, "\t")), map[string]string{"---": "a/", "+++": "b/"}[word]); ok {
			f.path = name
		}
	case word == "@@":
		if len(f.lines) > 0 {
			f.lines = append(f.lines, DiffLine{Sign: '@'})
		}
		_, _, all := hunk(line)
		return all
	}
	return 0
}

// Bulk is a commit that changed nothing in many pages but who reviewed them, and when.
type Bulk struct {
	Commit Commit
	Files  []string // relative to the content folder, sorted
}

// ManyReviews is how many pages somebody can have read for one commit.
const ManyReviews = 10

// reviewLine is a line of front matter that a review writes.
var reviewLine = regexp.MustCompile(`(?i)^\s*(last[-_]?reviewed|reviewed[-_]?by)\s*:`)

// bulks finds the commits that were the last of more pages than somebody can have read, and changed nothing in them but their review. Only
// such commits are looked into, so that a history without them costs nothing.
func (r repository) bulks(ctx context.Context, files map[string]FileHistory) ([]Bulk, error) {
	last := map[string][]string{}
	commits := map[string]Commit{}
	for path, f := range files {
		if strings.HasSuffix(path, ".md") && f.Last.Hash != f.First.Hash {
			last[f.Last.Hash] = append(last[f.Last.Hash], path)
			commits[f.Last.Hash] = f.Last
		}
	}
	var hashes []string
	for hash, paths := range last {
		if len(paths) > ManyReviews {
			hashes = append(hashes, hash)
		}
	}
	if len(hashes) == 0 || r.partial {
		return nil, nil
	}
	slices.SortFunc(hashes, func(a, b string) int {
		if c := commits[b].Date.Compare(commits[a].Date); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	found := map[string][]string{}
	err := r.patches(ctx, append([]string{"-U0"}, hashes...), func(hash string, f filePatch) {
		path, inside := strings.CutPrefix(f.path, r.prefix)
		only := inside && f.what == 'M' && f.old == "" && len(f.lines) > 0 && slices.Contains(last[hash], path) &&
			!slices.ContainsFunc(f.lines, func(l DiffLine) bool { return l.Sign != '@' && !reviewLine.MatchString(l.Text) })
		if only {
			found[hash] = append(found[hash], path)
		}
	})
	if err != nil {
		return nil, err
	}
	var all []Bulk
	for _, hash := range hashes {
		if len(found[hash]) > ManyReviews {
			slices.Sort(found[hash])
			all = append(all, Bulk{commits[hash], found[hash]})
		}
	}
	return all, nil
}
