package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"opsbook/generator"
	"opsbook/generator/output"
	"opsbook/internal/diag"
)

type buildCmd struct {
	place
	shape
	Out    string `help:"Folder to write." default:"public" placeholder:"DIR"`
	Strict bool   `help:"Write nothing and exit 1 when check finds an error."`
	Cache  string `help:"Folder that remembers work between builds, or off (default: .opsbook in the source)." placeholder:"DIR"`
}

// Run builds the site and writes it.
func (c *buildCmd) Run(ctx context.Context, a *app) error {
	in, err := a.input(c.place, c.shape)
	if err != nil {
		return err
	}
	started := a.now()
	built, err := generator.Build(ctx, in, generator.NewMemory())
	if err != nil {
		return err
	}
	counts := diag.Count(built.Diagnostics)
	if c.Strict && counts.Errors > 0 {
		if err := a.say(a.stderr, built.Diagnostics); err != nil {
			return err
		}
		return exit{exitFound, fmt.Errorf("build %s: %s found, nothing was written (--strict)", in.Source, count(counts.Errors, "error"))}
	}
	report, err := built.Write(ctx, c.Out, output.Options{Content: in.Source, Generator: in.Version})
	if err != nil {
		return a.refused(err)
	}
	fmt.Fprintf(a.stdout, "built %s into %s in %s: %s, %d written, %d unchanged, %d removed\n",
		count(built.Pages, "page"), c.Out, a.now().Sub(started).Round(time.Millisecond), count(report.Written+report.Unchanged, "file"), report.Written, report.Unchanged, report.Removed)
	if len(built.Diagnostics) > 0 {
		fmt.Fprintf(a.stderr, "%s; see opsbook check %s\n", summary(counts), in.Source)
	}
	return nil
}

// refused turns an output that is impossible into exit code 1 with its diagnostics.
func (a *app) refused(err error) error {
	var unsafe *output.UnsafeError
	var refusal *output.RefusedError
	switch {
	case errors.As(err, &unsafe):
		if err := a.say(a.stderr, unsafe.Diagnostics); err != nil {
			return err
		}
		return exit{exitFound, err}
	case errors.As(err, &refusal):
		return exit{exitFound, err}
	default:
		return err
	}
}

// count prints a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// summary prints how many diagnostics there are.
func summary(c diag.Counts) string {
	return fmt.Sprintf("%s, %s, %d info", count(c.Errors, "error"), count(c.Warnings, "warning"), c.Infos)
}
