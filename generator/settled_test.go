package generator

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"opsbook/generator/output"
	"opsbook/internal/memo"
)

// onDisk is every file that a build made below dir.
func onDisk(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	m, err := output.ReadManifest(os.DirFS(dir))
	must(t, err)
	files := map[string][]byte{}
	for _, f := range m.Files {
		if !f.Kept {
			files[f.Path], err = fs.ReadFile(os.DirFS(dir), f.Path)
			must(t, err)
		}
	}
	return files
}

// buildOnce is what one run of the program does: it opens what earlier runs remembered, and says whether all of it was there.
func buildOnce(t *testing.T, in Input, cache, out string) (settled bool) {
	t.Helper()
	store, err := memo.Open(cache, 1<<30)
	must(t, err)
	m := OnceMore(store, in.Program)
	defer func() { must(t, store.Close()) }()
	r, err := Read(t.Context(), in)
	must(t, err)
	was, ok := m.Settled(r, out)
	if ok {
		if was.Pages == 0 || was.Files == 0 {
			t.Errorf("a settled build says %+v", was)
		}
		return true
	}
	built, err := r.Build(t.Context(), m)
	must(t, err)
	report, err := built.Write(t.Context(), out, output.Options{Content: in.Source})
	must(t, err)
	m.Settle(r, out, Summary{Pages: built.Pages, Files: report.Written + report.Unchanged})
	return false
}

// TestStoreLaw edits a tree at random and holds runs that remember on disk against clean builds.
func TestStoreLaw(t *testing.T) {
	dir, base := copyExample(t), t.TempDir()
	cache, out := filepath.Join(base, "cache"), filepath.Join(base, "out")
	must(t, os.MkdirAll(cache, 0o755))
	in := input(dir)
	in.Program = "test"
	buildOnce(t, in, cache, out)
	rng := rand.New(rand.NewPCG(3, 5))
	for round := range 6 {
		if !buildOnce(t, in, cache, out) {
			t.Errorf("round %d: nothing changed, and it was built again", round)
		}
		said := edit(t, rng, dir, round)
		in.Clock.Day = 1 + round%3*10
		if buildOnce(t, in, cache, out) {
			t.Errorf("round %d: not built after %s", round, said)
		}
		same(t, onDisk(t, out), content(t, in, NewMemory()))
		if t.Failed() {
			t.Fatalf("round %d after %s", round, said)
		}
	}
}

// TestWhatSettles takes away, one by one, what a settled build depends on.
func TestWhatSettles(t *testing.T) {
	dir, base := copyExample(t), t.TempDir()
	cache, out := filepath.Join(base, "cache"), filepath.Join(base, "out")
	must(t, os.MkdirAll(cache, 0o755))
	in := input(dir)
	in.Program = "test"
	buildOnce(t, in, cache, out)
	for what, change := range map[string]func(*Input){
		"the clock":       func(in *Input) { in.Clock.Day++ },
		"drafts":          func(in *Input) { in.Drafts = !in.Drafts },
		"the address":     func(in *Input) { in.BaseURL = "https://other.example/" },
		"another program": func(in *Input) { in.Program = "other" },
		"an unknown one":  func(in *Input) { in.Program = "" },
	} {
		changed := in
		change(&changed)
		store, err := memo.Open(cache, 1<<30)
		must(t, err)
		r, err := Read(t.Context(), changed)
		must(t, err)
		if _, ok := OnceMore(store, changed.Program).Settled(r, out); ok {
			t.Errorf("%s changed, and the build is called settled", what)
		}
		must(t, store.Close())
	}
	must(t, os.WriteFile(filepath.Join(out, "index.html"), []byte("somebody's"), 0o644))
	if buildOnce(t, in, cache, out) {
		t.Error("a file of the output was changed, and the build is called settled")
	}
	same(t, onDisk(t, out), content(t, in, NewMemory()))
}

// TestDocumentsComeBackWhole holds what is remembered of a document on disk to the document.
func TestDocumentsComeBackWhole(t *testing.T) {
	r, err := Read(t.Context(), input("../content"))
	must(t, err)
	codec := withoutText()
	for _, want := range parse(r.tree.Files, Once()) {
		data, err := codec.Encode(want)
		must(t, err)
		got, err := codec.Decode(data)
		must(t, err)
		if got.Text != nil {
			t.Errorf("%s: its text is remembered beside its file", want.Path)
		}
		got.Text = want.Text
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s comes back changed", want.Path)
		}
	}
}
