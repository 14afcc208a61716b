package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"opsbook/generator"
	"opsbook/internal/compare"
	"opsbook/internal/diag"
	"opsbook/internal/history"
)

// baselineSchema is the version of the file of --baseline.
const baselineSchema = 1

type baseline struct {
	Schema int          `json:"schema"`
	Faults []diag.Fault `json:"faults"`
}

// readBaseline reads the faults that a site has learned to live with; none without a file.
func readBaseline(file string) ([]diag.Fault, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage("read --baseline: there is no file %s; write it with --write-baseline", file)
	}
	if err != nil {
		return nil, fmt.Errorf("read --baseline: %w", err)
	}
	var b baseline
	if err := json.Unmarshal(text, &b); err != nil {
		return nil, usage("read --baseline: %s: %w; write it anew with --write-baseline", file, err)
	}
	if b.Schema != baselineSchema {
		return nil, usage("read --baseline: %s has schema %d, this program reads %d; write it anew with --write-baseline", file, b.Schema, baselineSchema)
	}
	return b.Faults, nil
}

// writeBaseline writes faults, a line each and sorted, so that two branches that mend some can be merged.
func (a *app) writeBaseline(file string, faults []diag.Fault) error {
	slices.SortFunc(faults, diag.Fault.Compare)
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"schema\": %d, \"faults\": [", baselineSchema)
	for i, f := range faults {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n  ")
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(f); err != nil {
			return fmt.Errorf("write a baseline: %w", err)
		}
		b.Truncate(b.Len() - 1)
	}
	b.WriteString("\n]}\n")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write a baseline: %w", err)
	}
	_, err := fmt.Fprintf(a.stdout, "wrote %s into %s\n", count(len(faults), "known fault"), file)
	return err
}

// unknown leaves out the diagnostics of known faults.
func unknown(ds []diag.Diagnostic, known []diag.Fault, read *texts) []diag.Diagnostic {
	fresh := diag.Unknown(diag.Faults(ds, read.line), known)
	var left []diag.Diagnostic
	for i, d := range ds {
		if fresh[i] {
			left = append(left, d)
		}
	}
	return left
}

// texts reads single lines of a folder's files, as a person edits them.
type texts struct {
	root  string
	files map[string][]string
}

// line returns a line of a file, 1-based, and nothing for one that cannot be read.
func (l *texts) line(file string, n int) string {
	all, ok := l.files[file]
	if !ok {
		if text, err := os.ReadFile(filepath.Join(l.root, filepath.FromSlash(file))); err == nil {
			all = strings.Split(string(text), "\n")
		}
		if l.files == nil {
			l.files = map[string][]string{}
		}
		l.files[file] = all
	}
	if n < 1 || n > len(all) {
		return ""
	}
	return all[n-1]
}

// change is a check's content beside what it was when the work left another branch.
type change struct {
	history.Change
	ref  string
	base *generator.Content
}

// since keeps what the work since ref touches or breaks: what stands on a line that it changed, and what was not wrong before.
func (r *result) since(ctx context.Context, a *app, in generator.Input, m *generator.Memory, ref string) error {
	c, err := history.Since(ctx, in.Source, ref)
	var none *history.NoBase
	if errors.As(err, &none) {
		return usage("check --since %s: %s", ref, none.In(a.catalogue))
	}
	if err != nil {
		return fmt.Errorf("check --since %s: %w", ref, err)
	}
	temp, err := os.MkdirTemp("", "opsbook-since-")
	if err != nil {
		return fmt.Errorf("check --since %s: %w", ref, err)
	}
	defer os.RemoveAll(temp)
	before := in
	if before.Source, err = c.CheckOut(ctx, in.Source, temp); err != nil {
		return fmt.Errorf("check --since %s: %w", ref, err)
	}
	before.Clock, before.History = r.content.Site.Clock, false
	base, err := generator.Load(ctx, before, m)
	if err != nil {
		return fmt.Errorf("check --since %s: %w", ref, err)
	}
	defer base.Tree.Close()
	faults := diag.Faults(base.Diagnostics, (&texts{root: before.Source}).line)
	for i, f := range faults {
		if now, renamed := c.Renamed[f.File]; renamed {
			faults[i].File = now
		}
	}
	r.change = &change{Change: c, ref: ref, base: base}
	fresh := diag.Unknown(diag.Faults(r.all, r.lines.line), faults)
	var left []diag.Diagnostic
	for i, d := range r.all {
		if fresh[i] || c.Touches(d.Pos.File, d.Pos.Line) {
			left = append(left, d)
		}
	}
	r.all = left
	return nil
}

// comment writes what was found as a comment on a pull request and, with --since, what the change does.
func (a *app) comment(r result) error {
	if r.change == nil {
		return compare.Markdown(a.stdout, nil, false, r.all, a.lang, a.catalogue)
	}
	pages := compare.Sites(r.change.base.Site, r.content.Site, r.change.Renamed)
	return compare.Markdown(a.stdout, pages, true, r.all, a.lang, a.catalogue)
}
