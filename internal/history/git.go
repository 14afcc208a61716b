package history

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
)

// repository is a work tree that Git trusts and whose whole history is here.
type repository struct {
	dir     string // the content folder
	root    string // the top of the work tree
	prefix  string // dir relative to root, with a slash at its end, or empty
	head    string
	partial bool // the contents of old files are not here, so that a rename with a change cannot be told from a new file
}

// open finds the repository of a folder, or the reason why it tells nothing.
func open(ctx context.Context, dir string) (repository, History, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return repository{}, because("the git command is not installed").or("install git"), nil
	}
	out, err := git(ctx, dir, "rev-parse", "--show-toplevel", "--show-prefix", "--is-shallow-repository")
	if err != nil {
		h, err := whyNot(ctx, dir, err)
		return repository{}, h, err
	}
	lines := strings.Split(string(out), "\n")
	if len(lines) < 3 {
		return repository{}, because("git is too old to say what it has").or("install git 2.20 or newer"), nil
	}
	r := repository{dir: dir, root: lines[0], prefix: lines[1]}
	if lines[2] == "true" {
		return r, because("the clone is shallow, so dates would be wrong").or("fetch the whole history: git fetch --unshallow, or fetch-depth: 0 in a GitHub workflow"), nil
	}
	switch filter := r.filter(ctx); {
	case strings.Contains(filter, "tree:"):
		return r, because("the clone lacks the folders of old commits").or("clone without --filter=tree"), nil
	case filter != "":
		r.partial = true
	}
	r.head = Head(ctx, dir)
	if ctx.Err() != nil {
		return r, History{}, context.Cause(ctx)
	}
	if r.head == "" {
		return r, because("the repository has no commit yet").or("commit the content, then build again"), nil
	}
	return r, History{}, nil
}

// filter returns what a partial clone leaves out; empty for a whole one.
func (r repository) filter(ctx context.Context) string {
	out, err := git(ctx, r.dir, "config", "--get-regexp", `^remote\..*\.partialclonefilter$`)
	if err != nil {
		return "" // there is no such entry
	}
	return string(out)
}

// Head returns the hash of the commit that is checked out, or nothing if Git cannot tell.
func Head(ctx context.Context, dir string) string {
	out, err := git(ctx, dir, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// State names everything on which the past depends that can be told quickly: two equal states have one past. It is "" outside of any
// repository; ok is false when Git does not say.
func State(ctx context.Context, dir string) (state string, ok bool) {
	out, err := git(ctx, dir, "rev-parse", "HEAD^{commit}", "--is-shallow-repository", "--show-prefix", "--show-toplevel")
	if err != nil {
		return "", ctx.Err() == nil && strings.Contains(complaint(err), "not a git repository")
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	names, err := os.ReadFile(filepath.Join(lines[len(lines)-1], ".mailmap"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", false
	}
	return string(out) + string(names), true
}

// whyNot turns git's complaint into a reason.
func whyNot(ctx context.Context, dir string, err error) (History, error) {
	if ctx.Err() != nil {
		return History{}, context.Cause(ctx)
	}
	said := complaint(err)
	switch {
	case strings.Contains(said, "dubious ownership"), strings.Contains(said, "unsafe repository"):
		return because("git does not trust the repository, because somebody else owns its files").
			or("if you trust it: git config --global --add safe.directory %s", topOf(dir)), nil
	case strings.Contains(said, "not a git repository"), strings.Contains(said, "must be run in a work tree"):
		return because("the content is not in a Git work tree"), nil
	default:
		return because("git failed: %s", said), nil
	}
}

// failed is the result if git stops halfway, such as in a damaged repository.
func (r repository) failed(ctx context.Context, err error) (History, error) {
	return whyNot(ctx, r.dir, err)
}

// topOf finds the top of a work tree without asking git.
func topOf(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	for at := abs; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if filepath.Dir(at) == at {
			return abs
		}
	}
}

// tracked lists the files of HEAD below the content folder, relative to the repository.
func (r repository) tracked(ctx context.Context) (map[string]bool, error) {
	out, err := git(ctx, r.root, "ls-tree", "-r", "-z", "--name-only", r.head, "--", orTop(r.prefix))
	if err != nil {
		return nil, err
	}
	files := map[string]bool{}
	for name := range strings.SplitSeq(string(out), "\x00") {
		if name != "" {
			files[name] = true
		}
	}
	return files, nil
}

// orTop names the top of the work tree, seen from there, if there is no other path.
func orTop(path string) string {
	if path == "" {
		return "."
	}
	return path
}

// pathspecs limits the log to the content and to the folders that watches can reach.
func pathspecs(prefix string, watches []string) []string {
	specs := []string{orTop(prefix)}
	for _, glob := range watches {
		base, _ := doublestar.SplitPattern(path.Clean(strings.TrimPrefix(glob, "/")))
		if base != ".." && !strings.HasPrefix(base, "../") {
			specs = append(specs, base)
		}
	}
	slices.Sort(specs)
	return slices.Compact(specs)
}

// logFormat starts a commit with a byte that no status has.
const logFormat = "--format=%x01%H%x00%aN%x00%aE%x00%cI%x00%s"

// log streams the commits from HEAD backwards. Merges are left out, as git does: they only repeat what the merged commits did.
func (r repository) log(ctx context.Context, specs []string, each func(Commit, []change)) error {
	renames := "-M"
	if r.partial {
		renames = "-M100%" // to look into files would fetch each of them
	}
	args := []string{"log", "-z", logFormat, "--name-status", renames, "--no-relative", "--no-show-signature", "--no-notes", "--no-color", "--no-ext-diff", "--no-textconv", r.head, "--"}
	cmd := command(ctx, r.root, append(args, specs...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	parseErr := parseLog(out, each)
	if parseErr != nil {
		cmd.Process.Kill()
	}
	waitErr := cmd.Wait()
	if waitErr != nil && stderr.Len() > 0 {
		return &gitError{err: waitErr, stderr: stderr.String()}
	}
	return cmp.Or(parseErr, waitErr)
}

// parseLog reads what logFormat and --name-status -z make git write.
func parseLog(in io.Reader, each func(Commit, []change)) error {
	t := tokens{r: bufio.NewReaderSize(in, 1<<16)}
	token, err := t.next()
	for err == nil {
		hash, ok := strings.CutPrefix(token, "\x01")
		if !ok {
			return fmt.Errorf("read git log: a commit starts with %q", token)
		}
		c := Commit{Hash: hash, Author: t.must(), Email: t.must()}
		c.Date, _ = time.Parse(time.RFC3339, t.must())
		c.Date = c.Date.UTC()
		c.Subject = t.must()
		var changes []change
		for token, err = t.next(); err == nil && !strings.HasPrefix(token, "\x01"); token, err = t.next() {
			changes = append(changes, t.change(strings.TrimPrefix(token, "\n")))
		}
		if t.err != nil {
			return fmt.Errorf("read git log: %w", t.err)
		}
		each(c, changes)
	}
	if err != io.EOF {
		return fmt.Errorf("read git log: %w", err)
	}
	return nil
}

// tokens reads what NULs separate, and remembers the first error.
type tokens struct {
	r   *bufio.Reader
	err error
}

func (t *tokens) next() (string, error) {
	s, err := t.r.ReadString(0)
	if err != nil {
		if err == io.EOF && s != "" {
			err = io.ErrUnexpectedEOF
		}
		return "", err
	}
	return strings.ToValidUTF8(s[:len(s)-1], "\ufffd"), nil
}

func (t *tokens) must() string {
	s, err := t.next()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	t.err = errors.Join(t.err, err)
	return s
}

func (t *tokens) change(status string) change {
	if strings.HasPrefix(status, "R") {
		old := t.must()
		return change{path: t.must(), old: old}
	}
	if strings.HasPrefix(status, "C") {
		t.must() // a copy is a new file
	}
	return change{path: t.must()}
}

// gitError is git's exit with what it said.
type gitError struct {
	err    error
	stderr string
}

func (e *gitError) Error() string { return e.err.Error() + ": " + e.stderr }

// complaint returns git's first line of trouble, without its "fatal: ".
func complaint(err error) string {
	var g *gitError
	if !errors.As(err, &g) || strings.TrimSpace(g.stderr) == "" {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(g.stderr), "\n")
	for _, line := range lines {
		if rest, ok := strings.CutPrefix(line, "fatal: "); ok {
			return rest
		}
	}
	return lines[0]
}

func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := command(ctx, dir, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, &gitError{err: err, stderr: stderr.String()}
	}
	return out, nil
}

// command is git in a folder, deaf to what could change what it writes: the user's configuration of colours and formats, a hook's
// environment that names another repository, prompts, and fetching what a partial clone left out.
func command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	options := []string{"-C", dir, "--no-pager", "--literal-pathspecs", "-c", "core.quotePath=false", "-c", "i18n.logOutputEncoding=UTF-8", "-c", "core.fsmonitor=false"}
	cmd := exec.CommandContext(ctx, "git", append(options, args...)...)
	cmd.WaitDelay = time.Second
	cmd.Env = append(environment(), "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1")
	return cmd
}

// environment leaves out what ties git to one repository (`git rev-parse --local-env-vars`), which is set inside hooks.
func environment() []string {
	local := []string{
		"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_CONFIG", "GIT_OBJECT_DIRECTORY", "GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE",
		"GIT_GRAFT_FILE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_PREFIX", "GIT_SHALLOW_FILE", "GIT_COMMON_DIR",
	}
	return slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(local, name)
	})
}
