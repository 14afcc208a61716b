package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"opsbook/generator"
)

// carry writes what is asked for beside the site: what people carry with them for the time when there is no site.
func (c *buildCmd) carry(ctx context.Context, a *app, built *generator.Result) error {
	if c.Bundle != "" {
		if err := a.writeWhole(c.Bundle, "bundle", func(w io.Writer) error { return built.WriteBundle(ctx, w) }); err != nil {
			return err
		}
	}
	if c.Pack == "" {
		return nil
	}
	if c.PackLang != "" && !slices.Contains(built.Site.Languages, c.PackLang) {
		return usage("write the pack %s: the site has no pages in %q, but in %s", c.Pack, c.PackLang, strings.Join(built.Site.Languages, ", "))
	}
	content, about, err := built.Pack(ctx, c.PackLang, c.PackSeverity)
	if err != nil {
		return err
	}
	if about.Pages == 0 {
		return usage("write the pack %s: no runbook or playbook has severity %s", c.Pack, cmp.Or(strings.Join(about.Severities, ", "), "at all"))
	}
	if !about.Codes {
		fmt.Fprintln(a.stderr, "the pack has no QR codes: base_url is not set, give --base-url")
	}
	fmt.Fprintf(a.stdout, "the pack holds %s of %s\n", count(about.Pages, "page"), strings.Join(about.Severities, ", "))
	return a.writeWhole(c.Pack, "pack", func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// writeWhole writes a file that is there whole or not at all, and prints its size and hash.
func (a *app) writeWhole(name, what string, write func(io.Writer) error) error {
	failed := func(err error) error { return fmt.Errorf("write the %s %s: %w", what, name, err) }
	f, err := os.CreateTemp(filepath.Dir(name), ".opsbook-*")
	if err != nil {
		return failed(err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	sum, size := sha256.New(), &counter{}
	if err := write(io.MultiWriter(f, sum, size)); err != nil {
		return failed(err)
	}
	if err := f.Chmod(0o644); err != nil {
		return failed(err)
	}
	if err := f.Close(); err != nil {
		return failed(err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return failed(err)
	}
	fmt.Fprintf(a.stdout, "wrote the %s %s: %.1f MB, sha256 %x\n", what, name, float64(size.n)/1e6, sum.Sum(nil))
	return nil
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
