package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"opsbook/templates"
)

type initCmd struct {
	Dir    string `arg:"" optional:"" default:"content" help:"Folder to set up; with --from, the folder of the other generator's site."`
	Target string `arg:"" optional:"" default:"content" help:"With --from: folder to write."`
	From   string `help:"Bring the site of another generator: mkdocs, hugo or docusaurus." enum:",mkdocs,hugo,docusaurus" default:""`
	Theme  bool   `help:"Copy the default theme into _theme, to change it there."`
	Types  bool   `help:"Copy the document types into _types, to change them there."`
	Clock  string `help:"Write this day instead of today." placeholder:"YYYY-MM-DD"`
}

// Run sets up a folder. It never writes over a file.
func (c *initCmd) Run(a *app) error {
	if c.From != "" {
		return c.bring(a)
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return fmt.Errorf("set up %s: %w", c.Dir, err)
	}
	if c.Theme {
		return a.copyOut(c.Dir, "_theme", func(path string) bool {
			return !strings.HasPrefix(path, "types/") && !strings.HasPrefix(path, "start/")
		})
	}
	if c.Types {
		return a.copyOut(c.Dir, "_types", func(path string) bool { return strings.HasPrefix(path, "types/") })
	}
	start, err := fs.Sub(templates.Default(), path.Join("start", a.lang))
	if err != nil {
		return fmt.Errorf("set up %s: %w", c.Dir, err)
	}
	today, err := a.day(c.Clock)
	if err != nil {
		return err
	}
	fill := func(text []byte) []byte { return bytes.ReplaceAll(text, []byte("{{.Today}}"), []byte(today.String())) }
	if err := a.copyTree(start, c.Dir, copying{want: func(string) bool { return true }, fill: fill}); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "next: opsbook serve %s\n", c.Dir)
	return nil
}

// copying is which files of a tree are copied, under which names, with what filled in.
type copying struct {
	want   func(path string) bool
	rename func(path string) string
	fill   func(text []byte) []byte
}

// copyOut copies our templates into a folder of the user's, where they win over ours.
func (a *app) copyOut(dir, name string, want func(path string) bool) error {
	return a.copyTree(templates.Default(), filepath.Join(dir, name), copying{want: want, rename: func(path string) string {
		if name == "_types" {
			return strings.TrimPrefix(path, "types/")
		}
		return path
	}})
}

func (a *app) copyTree(from fs.FS, to string, c copying) error {
	return fs.WalkDir(from, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !c.want(path) {
			return err
		}
		text, err := fs.ReadFile(from, path)
		if err != nil {
			return err
		}
		if c.fill != nil {
			text = c.fill(text)
		}
		if c.rename != nil {
			path = c.rename(path)
		}
		return a.place(filepath.Join(to, filepath.FromSlash(path)), text)
	})
}

// place writes a new file; one that is there stays.
func (a *app) place(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("set up %s: %w", filepath.Dir(file), err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		fmt.Fprintf(a.stderr, "%s: kept as it is\n", file)
		return nil
	}
	if err != nil {
		return fmt.Errorf("set up %s: %w", filepath.Dir(file), err)
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	_, err = fmt.Fprintln(a.stdout, file)
	return err
}
