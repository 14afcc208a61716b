package site_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/generator/source"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// files are a content tree by path.
type files map[string]string

var clock = meta.Date{Year: 2026, Month: 11, Day: 1}

// theme is the theme of this repository.
var theme = os.DirFS("../../templates")

// input reads a content tree as a build does.
func input(t testing.TB, tree files) site.Input {
	t.Helper()
	dir := t.TempDir()
	for name, text := range tree {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return inputOf(t, dir)
}

func inputOf(t testing.TB, dir string) site.Input {
	t.Helper()
	read, err := source.Read(context.Background(), dir, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cfg, directory, err := config.Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	var own fs.FS
	if info, err := os.Stat(filepath.Join(dir, "_types")); err == nil && info.IsDir() {
		own = os.DirFS(filepath.Join(dir, "_types"))
	}
	types, problems := doctype.Load(theme, own)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	in := site.Input{Config: cfg, Directory: directory, Types: types, Clock: clock}
	for _, f := range read.Files {
		in.Documents = append(in.Documents, document.Parse(f))
	}
	for _, a := range read.Assets {
		in.Assets = append(in.Assets, a.Path)
	}
	return in
}

// resolve reads and resolves a content tree.
func resolve(t testing.TB, tree files) *site.Site {
	t.Helper()
	return site.Resolve(input(t, tree))
}

// page is the entry of a file.
func page(t testing.TB, s *site.Site, path string) *site.Entry {
	t.Helper()
	for _, e := range s.Entries {
		if e.Doc.Path == path {
			return e
		}
	}
	t.Fatalf("there is no page %s", path)
	return nil
}

// problems are those of one rule, as a reader sees them.
func problems(s *site.Site, rule string) string {
	var b strings.Builder
	for _, d := range s.Problems {
		if d.Rule == rule {
			b.WriteString(line(d))
		}
	}
	return b.String()
}

func line(d diag.Diagnostic) string {
	s := d.Pos.String() + ": " + d.Message.String()
	if !d.Hint.IsZero() {
		s += " (" + d.Hint.String() + ")"
	}
	return s + "\n"
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\ngot  %s\nwant %s", what, got, want)
	}
}
