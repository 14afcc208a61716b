package source

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestOnlyWhatChangedIsReadAgain changes files in every way that a disk can tell, and one in the only way that it cannot.
func TestOnlyWhatChangedIsReadAgain(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	old := now.Add(-time.Hour)
	put := func(name, text string, at time.Time) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"same.md", "saved.md", "longer.md", "replaced.md", "gone.md"} {
		put(name, "one", old)
	}
	put("young.md", "one", now)
	first, err := Read(t.Context(), dir, Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	put("same.md", "two", old) // what nobody can see: it shows that the file was not read
	put("saved.md", "two", old.Add(time.Nanosecond))
	put("longer.md", "three", old)
	put("young.md", "two", now)
	put("next", "two", old)
	put("new.md", "two", old)
	for _, err := range []error{
		os.Rename(filepath.Join(dir, "next"), filepath.Join(dir, "replaced.md")),
		os.Remove(filepath.Join(dir, "gone.md")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	second, err := Read(t.Context(), dir, Options{Before: first, Now: now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"same.md": "one", "saved.md": "two", "longer.md": "three", "young.md": "two", "replaced.md": "two", "new.md": "two"}
	for _, f := range second.Files {
		if string(f.Text) != want[f.Path] {
			t.Errorf("%s is %q, want %q", f.Path, f.Text, want[f.Path])
		}
		delete(want, f.Path)
	}
	if len(want) > 0 {
		t.Errorf("not read: %v", want)
	}
}

// TestUnsavedTextsAreReadEachTime reads a file that has long been saved, with two texts that an editor holds, and without any.
func TestUnsavedTextsAreReadEachTime(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	file := filepath.Join(dir, "a.md")
	if err := os.WriteFile(file, []byte("saved"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file, now.Add(-time.Hour), now.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	var before *Tree
	for _, want := range []string{"saved", "typed", "edits", "edits", "saved"} {
		o := Options{Before: before, Now: now}
		if want != "saved" {
			o.Unsaved = map[string][]byte{"a.md": []byte(want)}
		}
		tree, err := Read(t.Context(), dir, o)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(tree.Files[0].Text); got != want {
			t.Errorf("read %q, want %q", got, want)
		}
		before = tree
	}
}
