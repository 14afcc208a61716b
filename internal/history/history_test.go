package history_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/history"
)

// repo is a real repository whose commits are an hour apart, so that every run makes the same hashes.
type repo struct {
	t    *testing.T
	dir  string
	hour int
}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func newRepo(t *testing.T) *repo {
	t.Helper()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	r := &repo{t: t, dir: t.TempDir()}
	r.git("init", "-q", "-b", "main")
	return r
}

func (r *repo) git(args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-C", r.dir, "-c", "commit.gpgsign=false"}, args...)...)
	date := epoch.Add(time.Duration(r.hour) * time.Hour).Format(time.RFC3339)
	cmd.Env = append(os.Environ(),
		"GIT_AUTHOR_NAME=花子", "GIT_AUTHOR_EMAIL=hanako@example.com", "GIT_COMMITTER_NAME=Bot", "GIT_COMMITTER_EMAIL=bot@example.com",
		"GIT_AUTHOR_DATE=2020-01-01T00:00:00Z", "GIT_COMMITTER_DATE="+date)
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r *repo) put(path, content string) {
	r.t.Helper()
	name := filepath.Join(r.dir, path)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

func (r *repo) commit(subject string) {
	r.t.Helper()
	r.hour++
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", subject)
}

func (r *repo) read(sub string, watches ...string) history.History {
	r.t.Helper()
	h, err := history.Read(context.Background(), filepath.Join(r.dir, sub), watches...)
	if err != nil {
		r.t.Fatal(err)
	}
	return h
}

// subjects writes each file's commits, newest first.
func subjects(h history.History) map[string]string {
	got := map[string]string{}
	for path, f := range h.Files {
		var s []string
		for _, c := range f.Recent {
			s = append(s, c.Subject)
		}
		got[path] = strings.Join(s, ", ")
	}
	return got
}

func wantSubjects(t *testing.T, h history.History, want map[string]string) {
	t.Helper()
	if d := cmp.Diff(want, subjects(h)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

const body = "one\ntwo\nthree\nfour\nfive\nsix\n"

func TestRead(t *testing.T) {
	r := newRepo(t)
	r.put("docs/a.md", body)
	r.put("docs/手順/障害 対応.md", "x")
	r.put("src/main.go", "package main")
	r.commit("first")
	r.put("docs/a.md", body+"seven\n")
	r.commit("改訂: a")
	r.put("src/main.go", "package main // 2")
	r.commit("code")
	r.put("docs/not-yet.md", "x")

	h := r.read("docs")
	wantSubjects(t, h, map[string]string{"a.md": "改訂: a, first", "手順/障害 対応.md": "first"})
	a := h.Files["a.md"]
	want := history.Commit{Hash: r.git("rev-parse", "HEAD~1"), Author: "花子", Email: "hanako@example.com", Date: epoch.Add(2 * time.Hour), Subject: "改訂: a"}
	if d := cmp.Diff(want, a.Last); d != "" {
		t.Errorf("last (-want +got):\n%s", d)
	}
	if a.First.Subject != "first" || a.Count != 2 {
		t.Errorf("first %q of %d", a.First.Subject, a.Count)
	}
	if !h.Known || h.Head != r.git("rev-parse", "HEAD") || h.Prefix != "docs/" {
		t.Errorf("known %v, head %q, prefix %q", h.Known, h.Head, h.Prefix)
	}
	if whole := r.read("."); whole.Prefix != "" || whole.Files["src/main.go"].Count != 2 {
		t.Errorf("from the top: prefix %q, %+v", whole.Prefix, whole.Files["src/main.go"])
	}
}

func TestRenames(t *testing.T) {
	r := newRepo(t)
	r.put("a.md", body)
	r.put("b.md", "b\n"+body+body)
	r.commit("make a and b")
	r.put("a.md", body+"seven\n")
	r.commit("change a")
	r.git("mv", "a.md", "c.md")
	r.commit("move a to c")
	r.put("a.md", "something else entirely\n")
	r.commit("new a")
	r.git("mv", "c.md", "d.md")
	r.put("d.md", body+"seven\neight\n")
	r.commit("move c to d")
	r.git("mv", "b.md", "c.md")
	r.commit("move b to c")
	r.put("gone.md", "x")
	r.commit("make gone")
	r.git("rm", "-q", "gone.md")
	r.commit("remove gone")
	wantSubjects(t, r.read("."), map[string]string{
		"a.md": "new a",
		"c.md": "move b to c, make a and b",
		"d.md": "move c to d, move a to c, change a, make a and b",
	})
}

func TestRenameOnABranchAndChangeOnAnother(t *testing.T) {
	r := newRepo(t)
	r.put("a.md", body)
	r.commit("make")
	r.git("checkout", "-q", "-b", "side")
	r.git("mv", "a.md", "b.md")
	r.commit("move")
	r.git("checkout", "-q", "main")
	r.put("a.md", "zero\n"+body)
	r.commit("change the old name")
	r.hour++
	r.git("merge", "-q", "--no-edit", "-m", "merge", "side")
	wantSubjects(t, r.read("."), map[string]string{"b.md": "change the old name, move, make"})
}

func TestTouching(t *testing.T) {
	r := newRepo(t)
	r.put("docs/a.md", "x")
	r.put("terraform/rds/main.tf", "1")
	r.put("app/x.go", "1")
	r.commit("1")
	r.put("terraform/rds/main.tf", "2")
	r.commit("2")
	r.put("app/x.go", "3")
	r.commit("3")
	r.put("terraform/rds/new.tf", "4")
	r.put("app/x.go", "4")
	r.commit("4")
	tests := []struct {
		globs []string
		since int
		want  string
	}{
		{[]string{"terraform/**/*.tf"}, 0, "4 2 1"},
		{[]string{"terraform/**/*.tf"}, 1, "4 2"},
		{[]string{"terraform/rds/main.tf"}, 0, "2 1"},
		{[]string{"terraform/*.tf"}, 0, ""},
		{[]string{"app/**", "terraform/**"}, 2, "4 3"},
		{[]string{"app/{x,y}.go"}, 3, "4"},
		{[]string{"[", "../**"}, 0, ""},
	}
	for _, tt := range tests {
		h := r.read("docs", tt.globs...)
		var got []string
		for _, c := range h.Touching(tt.globs, epoch.Add(time.Duration(tt.since)*time.Hour)) {
			got = append(got, c.Subject)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%v since %d: %q, want %q", tt.globs, tt.since, s, tt.want)
		}
		wantSubjects(t, h, map[string]string{"a.md": "1"})
	}
}

func TestUnknown(t *testing.T) {
	full := newRepo(t)
	full.put("docs/a.md", "1")
	full.commit("1")
	full.put("docs/a.md", "2")
	full.commit("2")
	tests := map[string]struct {
		dir  func(t *testing.T) string
		want string
	}{
		"no repository": {func(t *testing.T) string { return t.TempDir() }, "the content is not in a Git work tree"},
		"no commit":     {func(t *testing.T) string { return newRepo(t).dir }, "the repository has no commit yet"},
		"shallow": {func(t *testing.T) string {
			dir := t.TempDir()
			full.git("clone", "-q", "--depth", "1", "file://"+full.dir, dir)
			return filepath.Join(dir, "docs")
		}, "the clone is shallow, so dates would be wrong"},
		"nothing committed": {func(t *testing.T) string {
			full.put("build/x.md", "x")
			return filepath.Join(full.dir, "build")
		}, "no file of the content folder is committed"},
		"bare": {func(t *testing.T) string {
			dir := t.TempDir()
			full.git("clone", "-q", "--bare", full.dir, dir)
			return dir
		}, "the content is not in a Git work tree"},
		"git missing": {func(t *testing.T) string {
			t.Setenv("PATH", t.TempDir())
			return full.dir
		}, "the git command is not installed"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			h, err := history.Read(context.Background(), tt.dir(t))
			if err != nil || h.Known || h.Why.String() != tt.want || len(h.Files) > 0 {
				t.Errorf("got %v, %q, %v; want %q", h.Known, h.Why, err, tt.want)
			}
		})
	}
}

func TestEndOfContextIsAnError(t *testing.T) {
	r := newRepo(t)
	r.put("a.md", "1")
	r.commit("1")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if h, err := history.Read(ctx, r.dir); err == nil {
		t.Errorf("got %+v and no error", h)
	}
}

func TestHookEnvironmentDoesNotMislead(t *testing.T) {
	other, r := newRepo(t), newRepo(t)
	other.put("other.md", "1")
	other.commit("other")
	r.put("a.md", "1")
	r.commit("mine")
	t.Setenv("GIT_DIR", filepath.Join(other.dir, ".git"))
	t.Setenv("GIT_INDEX_FILE", filepath.Join(other.dir, ".git/index"))
	wantSubjects(t, r.read("."), map[string]string{"a.md": "mine"})
}

func TestDubiousOwnership(t *testing.T) {
	r := newRepo(t)
	r.put("a.md", "1")
	r.commit("1")
	t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
	h := r.read(".")
	if h.Known || !strings.Contains(h.Why.String(), "does not trust") || !strings.Contains(h.Hint.String(), "safe.directory "+r.dir) {
		t.Errorf("known %v: %s; %s", h.Known, h.Why, h.Hint)
	}
}

func TestDamagedRepository(t *testing.T) {
	r := newRepo(t)
	r.put("a.md", "1")
	r.commit("1")
	r.put("a.md", "2")
	r.commit("2")
	first := r.git("rev-parse", "HEAD~1")
	if err := os.Remove(filepath.Join(r.dir, ".git/objects", first[:2], first[2:])); err != nil {
		t.Fatal(err)
	}
	if h := r.read("."); h.Known || !strings.HasPrefix(h.Why.String(), "git failed: ") || len(h.Files) > 0 {
		t.Errorf("known %v: %s", h.Known, h.Why)
	}
}

// TestPartialClones reads clones whose origin is gone, so that whatever they lack is missing.
func TestPartialClones(t *testing.T) {
	r := newRepo(t)
	r.put("a.md", body)
	r.commit("make")
	r.put("a.md", body+"seven\n")
	r.commit("change")
	r.git("mv", "a.md", "b.md")
	r.commit("move")
	r.git("config", "uploadpack.allowFilter", "true")
	clone := func(filter string) history.History {
		dir := t.TempDir()
		r.git("clone", "-q", "--filter="+filter, "file://"+r.dir, dir)
		c := &repo{t: t, dir: dir}
		c.git("remote", "set-url", "origin", "file:///nowhere")
		return c.read(".")
	}
	wantSubjects(t, clone("blob:none"), map[string]string{"b.md": "move, change, make"})
	if h := clone("tree:0"); h.Known || !strings.Contains(h.Why.String(), "lacks the folders") {
		t.Errorf("without trees: %v, %s", h.Known, h.Why)
	}
}

func TestMailmapAndWorktree(t *testing.T) {
	r := newRepo(t)
	r.put("a.md", "1")
	r.put(".mailmap", "Hanako Yamada <yamada@example.com> <hanako@example.com>\n")
	r.commit("1")
	tree := filepath.Join(t.TempDir(), "tree")
	r.git("worktree", "add", "-q", tree)
	h, err := history.Read(context.Background(), tree)
	if err != nil {
		t.Fatal(err)
	}
	if c := h.Files["a.md"].Last; c.Author != "Hanako Yamada" || c.Email != "yamada@example.com" {
		t.Errorf("%s <%s>", c.Author, c.Email)
	}
	if head := history.Head(context.Background(), tree); head != h.Head || head == "" {
		t.Errorf("head %q, want %q", head, h.Head)
	}
	if head := history.Head(context.Background(), t.TempDir()); head != "" {
		t.Errorf("head %q of no repository", head)
	}
}

// TestConfigurationDoesNotMislead sets what changes the output of git log, and asks for the same history.
func TestConfigurationDoesNotMislead(t *testing.T) {
	r := newRepo(t)
	r.put("docs/日本.md", body)
	r.commit("make")
	r.git("mv", "docs/日本.md", "docs/b.md")
	r.commit("move")
	want := r.read("docs")
	for _, kv := range []string{
		"log.showSignature=true", "diff.renames=false", "color.ui=always", "core.quotePath=true", "log.date=relative", "diff.relative=true", "log.decorate=full",
		"format.pretty=oneline", "core.pager=false", "log.follow=true", "diff.noprefix=true", "i18n.logOutputEncoding=Shift_JIS", "log.diffMerges=first-parent",
	} {
		key, value, _ := strings.Cut(kv, "=")
		r.git("config", key, value)
	}
	if d := cmp.Diff(want, r.read("docs")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	wantSubjects(t, want, map[string]string{"b.md": "move, make"})
}
