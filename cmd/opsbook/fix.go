package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"opsbook/generator"
	"opsbook/internal/fix"
)

type fixCmd struct {
	Files  []string `arg:"" optional:"" name:"file" help:"Documents to mend (default: all)."`
	Diff   bool     `help:"Print a diff for git apply and write nothing."`
	Source string   `help:"Folder of Markdown (default: content, else .)." placeholder:"DIR"`
}

// rounds is how often a file is looked at again: what one fix uncovers, such as the date below a misspelt key, is mended in the next.
const rounds = 5

// Run mends what has one right answer, or prints how it would.
func (c *fixCmd) Run(ctx context.Context, a *app) error {
	in, err := a.input(place{Source: c.Source}, shape{History: "none", Drafts: true})
	if err != nil {
		return err
	}
	only, err := below(in.Source, c.Files)
	if err != nil {
		return err
	}
	m := mender{app: a, in: in, only: only, memory: generator.NewMemory(), quiet: c.Diff}
	m.in.Unsaved = map[string][]byte{}
	for range rounds {
		again, err := m.round(ctx)
		if err != nil {
			return err
		}
		if !again {
			break
		}
	}
	return m.finish(c.Diff)
}

// below are files as the source names them.
func below(source string, files []string) ([]string, error) {
	var out []string
	for _, file := range files {
		full, err := filepath.Abs(file)
		if err != nil {
			return nil, fmt.Errorf("mend %s: %w", file, err)
		}
		root, err := filepath.Abs(source)
		if err != nil {
			return nil, fmt.Errorf("mend %s: %w", file, err)
		}
		rel, err := filepath.Rel(root, full)
		if _, gone := os.Stat(file); err != nil || gone != nil || !filepath.IsLocal(rel) {
			return nil, usage("mend %s: there is no such file in %s", file, source)
		}
		out = append(out, filepath.ToSlash(rel))
	}
	return out, nil
}

// mender mends files in memory until nothing is left to mend.
type mender struct {
	app    *app
	in     generator.Input // Unsaved holds what is mended so far
	only   []string        // none: all
	memory *generator.Memory
	count  int
	quiet  bool
}

// round mends every file once, and reports whether anything changed.
func (m *mender) round(ctx context.Context) (bool, error) {
	content, err := generator.Load(ctx, m.in, m.memory)
	if err != nil {
		return false, err
	}
	defer content.Tree.Close()
	byFile := map[string][]fix.Fix{}
	for _, f := range fix.Find(fix.Input{Site: content.Site, Diagnostics: content.Diagnostics, Assets: content.AssetNames(), Read: m.read}) {
		if file := f.Edits[0].File; len(m.only) == 0 || slices.Contains(m.only, file) {
			byFile[file] = append(byFile[file], f)
		}
	}
	next := maps.Clone(m.in.Unsaved)
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		old, err := m.read(file)
		if err != nil {
			return false, fmt.Errorf("mend %s: %w", file, err)
		}
		text, made := fix.Apply(old, byFile[file])
		next[file] = text
		m.count += len(made)
		for _, f := range made {
			if !m.quiet {
				fmt.Fprintf(m.app.stdout, "%s/%s: %s\n", filepath.ToSlash(m.in.Source), f.Pos, f.Title.In(m.app.catalogue))
			}
		}
	}
	m.in.Unsaved = next
	return len(byFile) > 0, nil
}

// read is a file as it is mended so far.
func (m *mender) read(file string) ([]byte, error) {
	if text, ok := m.in.Unsaved[file]; ok {
		return text, nil
	}
	return os.ReadFile(filepath.Join(m.in.Source, filepath.FromSlash(file)))
}

// finish writes what changed, or prints it.
func (m *mender) finish(asDiff bool) error {
	for _, file := range slices.Sorted(maps.Keys(m.in.Unsaved)) {
		path := filepath.Join(m.in.Source, filepath.FromSlash(file))
		old, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("mend %s: %w", path, err)
		}
		text := m.in.Unsaved[file]
		switch {
		case bytes.Equal(old, text):
		case asDiff:
			_, err = m.app.stdout.Write(patch(filepath.ToSlash(path), old, text))
		default:
			err = replace(path, text)
		}
		if err != nil {
			return err
		}
	}
	if m.count == 0 {
		fmt.Fprintln(m.app.stderr, "nothing to mend")
	}
	return nil
}

// patch is a unified diff of a file, relative to the folder one stands in, as patch and git apply read it.
func patch(path string, old, text []byte) []byte {
	if strings.ContainsAny(path, " \t") {
		path += "\t" // ends a name with spaces
	}
	d := diff.Diff("a/"+path, old, "b/"+path, text)
	_, d, _ = bytes.Cut(d, []byte("\n")) // the line that says how diff was called
	return d
}
