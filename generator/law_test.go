package generator

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"opsbook/internal/meta"
	"opsbook/templates"
)

// input is a build as of a fixed day, without Git.
func input(source string) Input {
	return Input{Source: source, Theme: templates.Default(), Clock: meta.Date{Year: 2026, Month: 11, Day: 1}, Now: time.Unix(0, 0), Version: "test"}
}

// content is every file of a site by path.
func content(t *testing.T, in Input, m *Memory) map[string][]byte {
	t.Helper()
	built, err := Build(t.Context(), in, m)
	if err != nil {
		t.Fatal(err)
	}
	set, err := built.Output()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for f := range set.All() {
		if files[f.Path], err = f.Render(t.Context()); err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
	}
	return files
}

// same fails the test with the first files that differ.
func same(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	shown := 0
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !bytes.Equal(got[name], want[name]) && shown < 5 {
			shown++
			t.Errorf("%s differs:\n%s", name, difference(got[name], want[name]))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s should not be there", name)
		}
	}
}

func difference(got, want []byte) string {
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	part := func(b []byte) string { return string(b[max(0, min(at, len(b))-40):min(at+80, len(b))]) }
	return fmt.Sprintf("  got  …%s…\n  want …%s…", part(got), part(want))
}

func copyExample(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "content")
	if err := os.CopyFS(dir, os.DirFS("../content")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, ".opsbook")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestTwoBuildsAreEqual(t *testing.T) {
	in := input("../content")
	other := input(copyExample(t)) // another folder
	other.Now = time.Unix(1e9, 0)
	same(t, content(t, other, NewMemory()), content(t, in, NewMemory()))
}

// TestMemoLaw edits a tree at random and holds a build that remembers against one that does not.
func TestMemoLaw(t *testing.T) {
	dir := copyExample(t)
	memory := NewMemory()
	first := input(dir)
	first.Now = time.Now().Add(time.Hour)
	content(t, first, memory)
	rng := rand.New(rand.NewPCG(7, 11))
	for round := range 12 {
		var said []string
		for range 1 + rng.IntN(3) {
			said = append(said, edit(t, rng, dir, round))
		}
		in := input(dir)
		in.Clock.Day += round % 3 * 10
		in.Now = time.Now().Add(time.Hour) // all files have settled: only what changed is read again
		got, want := content(t, in, memory), content(t, in, NewMemory())
		if same(t, got, want); t.Failed() {
			t.Fatalf("round %d after %s", round, strings.Join(said, ", "))
		}
	}
}

// edit changes one thing in a tree: a page's text, title or front matter, a page that goes, moves or comes, the directory, the set-up, a type or a template.
func edit(t *testing.T, rng *rand.Rand, dir string, round int) string {
	t.Helper()
	pages := pagesBelow(t, dir)
	page := pages[rng.IntN(len(pages))]
	switch rng.IntN(9) {
	case 0:
		return change(t, page, func(s string) string { return s + "\n\n追記 " + fmt.Sprint(round) + "\n" })
	case 1:
		return change(t, page, func(s string) string { return strings.Replace(s, "title: ", "title: 改 ", 1) })
	case 2:
		must(t, os.Remove(page))
		return "remove " + page
	case 3:
		to := strings.TrimSuffix(page, ".md") + fmt.Sprintf("-moved-%d.md", round)
		must(t, os.Rename(page, to))
		return "move " + page
	case 4:
		name := filepath.Join(dir, fmt.Sprintf("notes/new-%d.md", round))
		must(t, os.WriteFile(name, []byte("# 新しい資料\n\n[戻る](../_index.md)\n"), 0o644))
		return "add " + name
	case 5:
		return change(t, filepath.Join(dir, "directory.yaml"), func(s string) string { return strings.Replace(s, "SRE", "SRE"+fmt.Sprint(round), 2) })
	case 6:
		return change(t, filepath.Join(dir, "opsbook.yaml"), func(s string) string {
			return strings.Replace(s, "title: ", fmt.Sprintf("title: %d ", round), 1)
		})
	case 7:
		must(t, os.MkdirAll(filepath.Join(dir, "_theme/partial"), 0o755))
		text, err := os.ReadFile("../templates/partial/foot.html")
		must(t, err)
		name := filepath.Join(dir, "_theme/partial/foot.html")
		must(t, os.WriteFile(name, append(text, fmt.Sprintf("<!-- %d -->", round)...), 0o644))
		return "change " + name
	default:
		return change(t, filepath.Join(dir, "_types/orr/type.yaml"), func(s string) string { return strings.Replace(s, "label:", "order: 7\nlabel:", 1) })
	}
}

func change(t *testing.T, name string, f func(string) string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	must(t, err)
	must(t, os.WriteFile(name, []byte(f(string(text))), 0o644))
	return "change " + name
}

func pagesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var pages []string
	for _, kind := range []string{"runbooks", "playbooks", "lessons", "notes", "raci", "records"} {
		found, err := filepath.Glob(filepath.Join(dir, kind, "*.md"))
		must(t, err)
		pages = append(pages, found...)
	}
	return pages
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestBuildStopsWhenItsContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Build(ctx, input("../content"), NewMemory()); err == nil {
		t.Error("a build whose context has ended must fail")
	}
}
