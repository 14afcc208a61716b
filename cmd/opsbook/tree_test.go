package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// mustRun runs a command that has to succeed, and returns what it says.
func mustRun(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, said)
	}
	return string(said)
}

// readTree is every file below a folder.
func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// treeDiff names the first paths in which two trees differ.
func treeDiff(want, got map[string]string) string {
	all := maps.Clone(want)
	maps.Copy(all, got)
	var b bytes.Buffer
	n := 0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		a, inWant := want[name]
		c, inGot := got[name]
		if a == c && inWant == inGot {
			continue
		}
		if n++; n <= 5 {
			fmt.Fprintf(&b, "%s (%d bytes, want %d, there %v, want %v); ", name, len(c), len(a), inGot, inWant)
		}
	}
	if n > 5 {
		fmt.Fprintf(&b, "and %d more", n-5)
	}
	return b.String()
}
