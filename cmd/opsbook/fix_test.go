package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestFixOfAnOldFile mends a file that has long been saved: every round reads what the round before has mended.
func TestFixOfAnOldFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.md")
	if err := os.WriteFile(file, []byte("---\ncontrol: [x]\nowner: dba\n---\n#Title\n\nText.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(file, old, old); err != nil {
		t.Fatal(err)
	}
	a := newApp(io.Discard, io.Discard, func(string) string { return "" })
	if code := a.run(t.Context(), []string{"fix", "--source", dir}); code != exitOK {
		t.Errorf("exit %d", code)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if want := "---\ncontrols: [x]\nowner: dba\n---\n# Title\n\nText.\n"; string(got) != want {
		t.Errorf("mended to:\n%s", got)
	}
}
