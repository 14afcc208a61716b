package output

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRescue saves a file while the site is being written: it is in the old folder when the two change places.
func TestRescue(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	put(t, dir, "mine/kept.txt", "1")
	mustWrite(t, generation(1, 2), dir, Options{})
	o := Options{at: func(point string) {
		if point == "before the exchange" {
			put(t, dir, "mine/late.txt", "late")
			put(t, dir, "mine/tmp", "2")
			must(t, os.Rename(filepath.Join(dir, "mine/tmp"), filepath.Join(dir, "mine/kept.txt")))
			put(t, dir, "new-folder/x", "x")
		}
	}}
	mustWrite(t, generation(2, 2), dir, o)
	got := tree(t, dir)
	for path, want := range map[string]string{"mine/kept.txt": "2", "mine/late.txt": "late", "new-folder/x": "x", "index.html": "2"} {
		if got[path] != want {
			t.Errorf("%s is %q, want %q", path, got[path], want)
		}
	}
	wantNothingBeside(t, dir)
}

func TestChangedByHandIsMended(t *testing.T) {
	everyWay(t, func(t *testing.T, o Options) {
		dir := filepath.Join(t.TempDir(), "public")
		mustWrite(t, generation(1, 2), dir, o)
		want := tree(t, dir)
		soon := time.Now().Add(time.Second)
		put(t, dir, "index.html", "9") // of the same size
		must(t, os.Chtimes(filepath.Join(dir, "index.html"), soon, soon))
		must(t, os.Remove(filepath.Join(dir, "p1/index.html")))
		if r := mustWrite(t, generation(1, 2), dir, o); r.Written != 2 {
			t.Errorf("%+v", r)
		}
		wantTree(t, dir, want)
		for _, n := range []int{2, 1, 2, 1} { // what a spare site shared with the changed file does not come back
			mustWrite(t, generation(n, 2), dir, o)
		}
		want["app.2.hash.css"] = "2"
		wantTree(t, dir, want)
	})
}

// TestSpareIsUsed asks for the folders of the site before last, and that neither they nor what is not ours costs a new one.
func TestSpareIsUsed(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "public"), Options{Spare: t.TempDir()}
	put(t, dir, "mine/notes.txt", "mine")
	mustWrite(t, generation(1, 4), dir, o)
	first := stat(t, dir, "p1")
	mustWrite(t, generation(2, 4), dir, o)
	second := stat(t, dir, "p1")
	for range 3 {
		mustWrite(t, generation(3, 4), dir, o)
		mustWrite(t, generation(4, 4), dir, o)
	}
	if !os.SameFile(stat(t, dir, "p1"), second) || os.SameFile(first, second) {
		t.Error("the folders were made anew")
	}
	spare := within(o.Spare, dir).named("spare")
	if _, err := os.Stat(filepath.Join(spare, "mine")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the spare holds what is not ours: %v", err)
	}
	mustWrite(t, generation(3, 4), dir, Options{})
	wantNothingBeside(t, dir)
}

func TestSpareOfAGoneOutputGoes(t *testing.T) {
	base := t.TempDir()
	o := Options{Spare: filepath.Join(base, "cache")}
	first, second := filepath.Join(base, "first"), filepath.Join(base, "second")
	for _, dir := range []string{first, second} {
		mustWrite(t, generation(1, 2), dir, o)
		mustWrite(t, generation(2, 2), dir, o)
	}
	put(t, o.Spare, "memo/x", "x")
	must(t, os.RemoveAll(first))
	mustWrite(t, generation(3, 2), second, o)
	var got []string
	for _, e := range readDir(o.Spare) {
		got = append(got, e.Name())
	}
	want := []string{"memo", filepath.Base(within(o.Spare, second).folder)}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestEvilSpare puts into the spare what a repository may have brought along: nothing of it may be followed or shown.
func TestEvilSpare(t *testing.T) {
	changes := map[string]func(spare, elsewhere string) error{
		"a folder that leads elsewhere": func(spare, elsewhere string) error {
			return errors.Join(os.RemoveAll(filepath.Join(spare, "p1")), os.Symlink(elsewhere, filepath.Join(spare, "p1")))
		},
		"a file that leads elsewhere": func(spare, elsewhere string) error {
			return errors.Join(os.Remove(filepath.Join(spare, "q0/index.html")), os.Symlink(filepath.Join(elsewhere, "index.html"), filepath.Join(spare, "q0/index.html")))
		},
		"one file more": func(spare, _ string) error { return os.WriteFile(filepath.Join(spare, "evil.html"), nil, 0o644) },
		"no list":       func(spare, _ string) error { return os.Remove(filepath.Join(spare, ManifestName)) },
		"a list of elsewhere": func(spare, _ string) error {
			return os.WriteFile(filepath.Join(spare, ManifestName), []byte("{}"), 0o644)
		},
		"a list without end": func(spare, _ string) error {
			return errors.Join(os.Remove(filepath.Join(spare, ManifestName)), os.Symlink("/dev/zero", filepath.Join(spare, ManifestName)))
		},
		"an owner without end": func(spare, _ string) error {
			owner := filepath.Join(filepath.Dir(spare), yardOwner)
			return errors.Join(os.Remove(owner), os.Symlink("/dev/zero", owner))
		},
		"a link instead of the spare": func(spare, elsewhere string) error {
			return errors.Join(os.RemoveAll(spare), os.Symlink(elsewhere, spare))
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			base := t.TempDir()
			dir, elsewhere := filepath.Join(base, "public"), filepath.Join(base, "elsewhere")
			o := Options{Spare: filepath.Join(base, "cache")}
			put(t, elsewhere, "index.html", "precious")
			mustWrite(t, generation(1, 4), dir, o)
			mustWrite(t, generation(2, 4), dir, o)
			must(t, change(within(o.Spare, dir).named("spare"), elsewhere))
			mustWrite(t, generation(3, 4), dir, o)
			wantTree(t, elsewhere, map[string]string{"index.html": "precious"})
			want := map[string]string{"app.2.hash.css": "2"}
			for f := range generation(3, 4).All() {
				content, _ := f.Render(context.Background())
				want[f.Path] = string(content)
			}
			wantTree(t, dir, want)
		})
	}
}
