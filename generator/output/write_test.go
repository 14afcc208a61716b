package output

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree reads a folder: path -> content, "/" for a folder that holds nothing, "-> x" for a link. The manifest is left out.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		switch {
		case rel == ManifestName:
		case e.IsDir():
			if inner, _ := os.ReadDir(name); len(inner) == 0 {
				got[rel] = "/"
			}
		case e.Type()&fs.ModeSymlink != 0:
			to, _ := os.Readlink(name)
			got[rel] = "-> " + to
		default:
			content, err := os.ReadFile(name)
			got[rel] = string(content)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func wantTree(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	if d := cmp.Diff(want, tree(t, dir)); d != "" {
		t.Errorf("%s (-want +got):\n%s", dir, d)
	}
}

func set(files map[string]string) Set {
	var fs []File
	for p, c := range files {
		f := text(p, c)
		f.Hashed = strings.Contains(p, ".hash.")
		fs = append(fs, f)
	}
	return New(fs...)
}

func mustWrite(t *testing.T, s Set, dir string, o Options) Report {
	t.Helper()
	r, err := Write(context.Background(), s, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// everyWay runs a test with the exchange of whole folders, without and with a spare one, with that of single files, and with that of
// single files because the system refuses the other when everything is ready.
func everyWay(t *testing.T, test func(t *testing.T, o Options)) {
	t.Run("swap", func(t *testing.T) { test(t, Options{}) })
	t.Run("spare", func(t *testing.T) { test(t, Options{Spare: t.TempDir()}) })
	t.Run("in place", func(t *testing.T) { test(t, Options{InPlace: true}) })
	t.Run("refused", func(t *testing.T) { test(t, Options{exchange: refuseExchange}) })
}

func refuseExchange(_, _ string) error { return syscall.EBUSY }

func TestWriteAndWriteAgain(t *testing.T) {
	everyWay(t, func(t *testing.T, o Options) {
		dir := filepath.Join(t.TempDir(), "public")
		first := map[string]string{"index.html": "1", "a/index.html": "a", "b/c/index.html": "bc", "x.hash.css": "x"}
		if r := mustWrite(t, set(first), dir, o); r != (Report{Written: 4, Bytes: 5}) {
			t.Errorf("first: %+v", r)
		}
		wantTree(t, dir, first)
		before := stat(t, dir, "index.html")
		if r := mustWrite(t, set(first), dir, o); r != (Report{Unchanged: 4}) {
			t.Errorf("nothing changed: %+v", r)
		}
		if !os.SameFile(before, stat(t, dir, "index.html")) {
			t.Error("an unchanged file was written")
		}
		second := map[string]string{"index.html": "1", "a/index.html": "A", "d": "d", "y.hash.css": "y"}
		if r := mustWrite(t, set(second), dir, o); r != (Report{Written: 3, Unchanged: 1, Removed: 1, Kept: 1, Bytes: 3}) {
			t.Errorf("changed: %+v", r)
		}
		if !os.SameFile(before, stat(t, dir, "index.html")) {
			t.Error("an unchanged file was written beside changed ones")
		}
		second["x.hash.css"] = "x" // kept for one generation
		wantTree(t, dir, second)
		delete(second, "x.hash.css")
		if r := mustWrite(t, set(second), dir, o); r != (Report{Unchanged: 4, Kept: 1}) {
			t.Errorf("nothing changed, so no new generation: %+v", r)
		}
		second["d"] = "D"
		if r := mustWrite(t, set(second), dir, o); r != (Report{Written: 1, Unchanged: 3, Removed: 1, Bytes: 1}) {
			t.Errorf("next generation: %+v", r)
		}
		wantTree(t, dir, second)
		wantNothingBeside(t, dir)
	})
}

func stat(t *testing.T, dir, path string) fs.FileInfo {
	t.Helper()
	info, err := os.Lstat(filepath.Join(dir, path))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func wantNothingBeside(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the output: %v, %v", entries, err)
	}
}

func TestStrangersStay(t *testing.T) {
	everyWay(t, func(t *testing.T, o Options) {
		dir := filepath.Join(t.TempDir(), "public")
		put(t, dir, ".gitignore", "*\n")
		put(t, dir, "own/notes.txt", "mine")
		if err := os.MkdirAll(filepath.Join(dir, "empty"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("own/notes.txt", filepath.Join(dir, "link")); err != nil {
			t.Fatal(err)
		}
		mustWrite(t, set(map[string]string{"index.html": "1", "own/index.html": "o", "gone/index.html": "g"}), dir, o)
		put(t, dir, "gone/mine.txt", "mine too")
		mustWrite(t, set(map[string]string{"index.html": "2"}), dir, o)
		wantTree(t, dir, map[string]string{
			"index.html": "2", ".gitignore": "*\n", "own/notes.txt": "mine", "empty": "/", "link": "-> own/notes.txt", "gone/mine.txt": "mine too",
		})
		if mode := stat(t, dir, "empty").Mode().Perm(); mode != 0o700 {
			t.Errorf("the mode of a folder that is not ours became %o", mode)
		}
	})
}

func put(t *testing.T, dir, path, content string) {
	t.Helper()
	name := filepath.Join(dir, path)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestRefusals(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	base := t.TempDir()
	put(t, base, "repo/.git/HEAD", "ref: refs/heads/main")
	put(t, base, "file", "x")
	put(t, base, "content/a.md", "x")
	put(t, base, "content/x/b.md", "x")
	put(t, base, "taken/index.html", "somebody's")
	put(t, base, "taken2/a", "somebody's")
	put(t, base, "taken3/index.html/x", "somebody's")
	if err := os.Symlink(filepath.Join(base, "repo"), filepath.Join(base, "link")); err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"/":                               "root of the file system",
		home:                              "home directory",
		filepath.Dir(home):                "home directory",
		filepath.Join(base, "repo"):       "root of a Git repository",
		filepath.Join(base, "link"):       "root of a Git repository",
		filepath.Join(base, "file"):       "not a folder",
		base:                              "it is the content, or holds it",
		filepath.Join(base, "content"):    "it is the content, or holds it",
		filepath.Join(base, "content/x/"): "it is inside the content, and holds b.md, which opsbook did not make",
		filepath.Join(base, "taken"):      "it holds index.html, which opsbook did not make",
		filepath.Join(base, "taken2"):     "it holds a, which opsbook did not make",
		filepath.Join(base, "taken3"):     "it holds index.html",
	}
	s := set(map[string]string{"index.html": "1", "a/index.html": "2"})
	for dir, want := range tests {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			before := tree(t, base)
			_, err := Write(context.Background(), s, dir, Options{Content: filepath.Join(base, "content")})
			var refused *RefusedError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "write the site") != 1 {
				t.Errorf("got %v, want %q", err, want)
			}
			if d := cmp.Diff(before, tree(t, base)); d != "" {
				t.Errorf("something was written:\n%s", d)
			}
		})
	}
}

func TestUnsafePathsWriteNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	_, err := Write(context.Background(), New(text("../x", "x"), text("a", "a")), dir, Options{})
	var unsafe *UnsafeError
	if !errors.As(err, &unsafe) || len(unsafe.Diagnostics) != 1 {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the output was made: %v", err)
	}
}

// TestWriteLetsGo holds that what a key has made for a file is let go of once, after the file was rendered or found to be the same.
func TestWriteLetsGo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	for i, want := range []string{"key render drop", "key drop"} {
		var did []string
		f := File{
			Path: "index.html",
			Render: func(context.Context) ([]byte, error) {
				did = append(did, "render")
				return []byte("1"), nil
			},
			Key:  func() [32]byte { did = append(did, "key"); return [32]byte{1} },
			Drop: func() { did = append(did, "drop") },
		}
		if mustWrite(t, New(f), dir, Options{}); strings.Join(did, " ") != want {
			t.Errorf("build %d: %v, want %s", i, did, want)
		}
	}
}
