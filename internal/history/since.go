package history

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"opsbook/internal/diag"
)

// Change is what a work tree, committed or not, changes since it left another branch. Files are relative to the content folder; those
// outside of it start with ../
type Change struct {
	Base    string             // the commit at which the two parted
	Prefix  string             // as in History
	Lines   map[string][]Lines // file as it is now -> the lines that are new in it; an empty list: lines are only gone
	Renamed map[string]string  // file as it was at the base -> as it is now
}

// Lines are consecutive lines, 1-based and inclusive.
type Lines struct{ First, Last int }

// Touches reports whether a line is new. Of a changed file a line that is not known (0) is.
func (c Change) Touches(file string, line int) bool {
	ranges, changed := c.Lines[file]
	if line == 0 {
		return changed
	}
	for _, l := range ranges {
		if l.First <= line && line <= l.Last {
			return true
		}
	}
	return false
}

// NoBase is why a change cannot be told, and what to do about it.
type NoBase struct{ Why, Hint diag.Text }

func (e *NoBase) Error() string { return e.Why.String() + "; " + e.Hint.String() }

// In says it by a catalogue.
func (e *NoBase) In(catalogue map[string]string) string {
	return e.Why.In(catalogue) + diag.T("; ").In(catalogue) + e.Hint.In(catalogue)
}

// Since returns what a content folder's work tree changes since it parted from ref. A *NoBase is an error of words or of a clone, any other
// one of the machine.
func Since(ctx context.Context, dir, ref string) (Change, error) {
	out, err := git(ctx, dir, "rev-parse", "--show-toplevel", "--show-prefix", "--is-shallow-repository")
	if err != nil {
		unknown, err := whyNot(ctx, dir, err)
		if err != nil {
			return Change{}, err
		}
		if unknown.Hint.IsZero() {
			unknown = unknown.or("leave --since out")
		}
		return Change{}, &NoBase{unknown.Why, unknown.Hint}
	}
	lines := strings.SplitN(string(out), "\n", 4)
	c := Change{Prefix: lines[1], Lines: map[string][]Lines{}, Renamed: map[string]string{}}
	shallow := lines[2] == "true"
	if c.Base, err = base(ctx, dir, ref, shallow); err != nil {
		return Change{}, err
	}
	if err := c.readDiff(ctx, lines[0]); err != nil {
		return Change{}, fmt.Errorf("read what changed since %s: %w", ref, err)
	}
	out, err = git(ctx, lines[0], "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return Change{}, fmt.Errorf("list untracked files: %w", err)
	}
	for name := range strings.SplitSeq(string(out), "\x00") {
		if name != "" {
			c.Lines[c.below(name)] = []Lines{{1, endOfFile}}
		}
	}
	return c, ctx.Err()
}

// endOfFile is beyond any line.
const endOfFile = 1 << 30

// base is the commit at which the work tree and ref parted.
func base(ctx context.Context, dir, ref string, shallow bool) (string, error) {
	deeper := diag.T("fetch the whole history: git fetch --unshallow, or fetch-depth: 0 in a GitHub workflow")
	if _, err := git(ctx, dir, "rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{commit}"); err != nil {
		switch {
		case ctx.Err() != nil:
			return "", context.Cause(ctx)
		case shallow:
			return "", &NoBase{diag.T("the shallow clone knows no commit %q", ref), deeper}
		default:
			return "", &NoBase{diag.T("Git knows no commit %q here", ref), diag.T("fetch it, or name another, such as origin/main")}
		}
	}
	out, err := git(ctx, dir, "merge-base", "--end-of-options", ref, "HEAD")
	switch {
	case err == nil:
		return strings.TrimSpace(string(out)), nil
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case shallow:
		return "", &NoBase{diag.T("the shallow clone does not know where this work parted from %q", ref), deeper}
	default:
		return "", &NoBase{diag.T("this work and %q have no commit in common", ref), diag.T("name the branch that it will be merged into")}
	}
}

// readDiff reads which lines are new, from a diff without context.
func (c *Change) readDiff(ctx context.Context, root string) error {
	out, err := git(ctx, root, "diff", "-U0", "-M", "--no-relative", "--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules",
		"--src-prefix=a/", "--dst-prefix=b/", "--inter-hunk-context=0", c.Base, "--")
	if err != nil {
		return err
	}
	in := bufio.NewReader(bytes.NewReader(out))
	var from, to string
	skip := 0 // lines of the hunk that are still to come: they can look like anything
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil // all of it was in memory: this is the end
		}
		line = strings.TrimSuffix(line, "\n")
		if skip > 0 && !strings.HasPrefix(line, `\`) {
			skip--
			continue
		}
		switch {
		case strings.HasPrefix(line, "rename from "):
			from = unquote(line[len("rename from "):])
		case strings.HasPrefix(line, "rename to "):
			to = c.below(unquote(line[len("rename to "):]))
			c.Renamed[c.below(from)] = to
			c.Lines[to] = []Lines{}
		case strings.HasPrefix(line, "+++ "):
			to = ""
			if name, ok := strings.CutPrefix(unquote(strings.TrimSuffix(line[len("+++ "):], "\t")), "b/"); ok {
				to = c.below(name)
				c.Lines[to] = append([]Lines{}, c.Lines[to]...)
			}
		case strings.HasPrefix(line, "@@ -"):
			var first, n int
			first, n, skip = hunk(line)
			if to != "" && n > 0 {
				c.Lines[to] = append(c.Lines[to], Lines{first, first + n - 1})
			}
		}
	}
}

// hunk reads "@@ -1,2 +3,4 @@": where the new lines begin, how many they are, and how many lines follow in all.
func hunk(line string) (first, added, all int) {
	words := strings.Fields(line)
	if len(words) < 3 {
		return 0, 0, 0
	}
	count := func(word string) (int, int) {
		at, n, several := strings.Cut(word[1:], ",")
		start, _ := strconv.Atoi(at)
		if !several {
			return start, 1
		}
		lines, _ := strconv.Atoi(n)
		return start, lines
	}
	_, removed := count(words[1])
	first, added = count(words[2])
	return first, added, removed + added
}

// unquote reads a name as Git writes it: in quotes, with escapes as in C, if it holds what would end it.
func unquote(name string) string {
	if strings.HasPrefix(name, `"`) {
		if plain, err := strconv.Unquote(name); err == nil {
			return plain
		}
	}
	return name
}

// below is a path of the repository as the content folder sees it.
func (c Change) below(name string) string {
	rel, err := filepath.Rel(filepath.FromSlash(path.Clean(c.Prefix)), filepath.FromSlash(name))
	if err != nil {
		return name
	}
	return filepath.ToSlash(rel)
}

// CheckOut writes the tree of a commit below a folder that is empty, and returns where the content folder is in it. It leaves the repository
// and its index alone. Unlike git archive, it also writes what .gitattributes keeps out of archives.
func (c Change) CheckOut(ctx context.Context, dir, into string) (string, error) {
	out, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return "", err
	}
	root := strings.TrimSuffix(string(out), "\n")
	// An empty folder of this name marks the top of the tree, as in a repository.
	top := filepath.Join(into, "tree")
	if err := os.MkdirAll(filepath.Join(top, ".git"), 0o755); err != nil {
		return "", err
	}
	for _, args := range [][]string{{"read-tree", c.Base}, {"checkout-index", "--all", "--quiet", "--prefix=" + filepath.ToSlash(top) + "/"}} {
		cmd := command(ctx, root, args...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		cmd.Env = append(cmd.Env, "GIT_INDEX_FILE="+filepath.Join(into, "index"), "GIT_NO_LAZY_FETCH=0") // asked for, so a partial clone may fetch it
		if err := cmd.Run(); err != nil {
			return "", fmt.Errorf("read commit %s: %w", c.Base[:min(7, len(c.Base))], &gitError{err: err, stderr: stderr.String()})
		}
	}
	content := filepath.Join(top, filepath.FromSlash(path.Clean(c.Prefix)))
	return content, os.MkdirAll(content, 0o755) // at the base there may have been none
}
