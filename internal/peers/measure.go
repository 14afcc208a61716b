package main

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// theme is what Hugo needs to make a comparable site.
//
//go:embed all:theme
var theme embed.FS

// cost is what one run took. Wall and CPU (user and system) are times, Memory is the peak resident set in bytes.
type cost struct {
	Wall, CPU time.Duration
	Memory    int64
}

// size is what a program left on disk.
type size struct {
	Bytes int64
	Files int
}

// comparison is the same documents built by all, medians of alternating turns.
type comparison struct {
	Docs, Runs              int
	Opsbook, Hugo, Pagefind cost
	OpsbookSize, HugoSize   size
	PagefindSize            size
}

// compare writes docs documents and builds them o.runs times with each program. Each turn runs all of them, the first one rotating, into
// empty folders and without any cache.
func compare(ctx context.Context, p programs, o options, docs int, work string) (comparison, error) {
	at := func(name string) string { return filepath.Join(work, fmt.Sprintf("%s-%d", name, docs)) }
	source, ours, theirs, index := at("source"), at("ours"), at("theirs"), at("index")
	args := []string{"--docs", strconv.Itoa(docs), "--out", source}
	for _, from := range o.from {
		args = append(args, "--from", from)
	}
	if err := shell(ctx, ".", nil, p.corpus, args...); err != nil {
		return comparison{}, err
	}
	site, err := hugoSite(source, at("hugo"))
	if err != nil {
		return comparison{}, err
	}
	c := comparison{Docs: docs, Runs: o.runs}
	turns := []turn{
		{"opsbook", ours, []string{p.opsbook, "build", "--source", source, "--out", ours, "--cache", "off", "--history", "none", "--clock", "2026-11-01", "--base-url", "https://kb.example.com/"}, &c.Opsbook, &c.OpsbookSize},
		{"hugo", theirs, []string{p.hugo, "--source", site, "--destination", theirs, "--cacheDir", at("hugocache"), "--quiet", "--logLevel", "error"}, &c.Hugo, &c.HugoSize},
		{"pagefind", index, []string{p.pagefind, "--silent", "--site", theirs, "--output-path", index}, &c.Pagefind, &c.PagefindSize},
	}
	return c, alternate(ctx, turns, o.runs)
}

// turn is one program's part of a comparison: what it runs, the folder it writes, and where its numbers go.
type turn struct {
	name string
	out  string
	args []string
	cost *cost
	size *size
}

// alternate runs the turns in order, starting with another one each time (Pagefind after the first Hugo), and keeps the medians.
func alternate(ctx context.Context, turns []turn, runs int) error {
	costs := make([][]cost, len(turns))
	for run := range runs {
		for i := range turns {
			n := i
			if run > 0 {
				n = (i + run) % len(turns)
			}
			t := turns[n]
			if t.name != "pagefind" || run == 0 {
				if err := os.RemoveAll(t.out); err != nil {
					return fmt.Errorf("clear the output of %s: %w", t.name, err)
				}
			}
			took, err := measure(ctx, t)
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "%s: %.1f s wall, %.1f s CPU, %d MB\n", t.name, took.Wall.Seconds(), took.CPU.Seconds(), took.Memory>>20)
			costs[n] = append(costs[n], took)
			if *t.size, err = weigh(t.out); err != nil {
				return err
			}
		}
	}
	for i, t := range turns {
		*t.cost = cost{
			Wall:   median(costs[i], func(c cost) time.Duration { return c.Wall }),
			CPU:    median(costs[i], func(c cost) time.Duration { return c.CPU }),
			Memory: median(costs[i], func(c cost) int64 { return c.Memory }),
		}
	}
	return nil
}

// measure runs one turn. The peak is the largest resident set among the process and the children it waited for.
func measure(ctx context.Context, t turn) (cost, error) {
	cmd := exec.CommandContext(ctx, t.args[0], t.args[1:]...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	begin := time.Now()
	err := cmd.Run()
	wall := time.Since(begin)
	if err != nil {
		return cost{}, fmt.Errorf("run %s: %w: %s", t.name, err, tail(said.Bytes()))
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, fmt.Errorf("measure %s: this system does not say what a process used", t.name)
	}
	unit := int64(1024) // Linux counts in KiB, Darwin in bytes (getrusage(2)).
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	return cost{
		Wall:   wall,
		CPU:    cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		Memory: usage.Maxrss * unit,
	}, nil
}

func tail(said []byte) []byte {
	return said[max(0, len(said)-2000):]
}

// median is the middle one of the runs by key, the higher of two, so that few runs flatter nobody.
func median[T cmp.Ordered](runs []cost, key func(cost) T) T {
	var all []T
	for _, r := range runs {
		all = append(all, key(r))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// weigh adds up the regular files below dir.
func weigh(dir string) (size, error) {
	var s size
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		s.Bytes += info.Size()
		s.Files++
		return nil
	})
	if err != nil {
		return s, fmt.Errorf("weigh %s: %w", dir, err)
	}
	return s, nil
}

// hugoSite lays our documents out as Hugo wants them: the theme, and the Markdown below content/. Hugo keeps the key lang for itself.
func hugoSite(source, dir string) (string, error) {
	files, err := fs.Sub(theme, "theme")
	if err != nil {
		return "", fmt.Errorf("read the theme: %w", err)
	}
	if err := os.CopyFS(dir, files); err != nil {
		return "", fmt.Errorf("write the theme: %w", err)
	}
	err = filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".md" {
			return err
		}
		name, err := filepath.Rel(source, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text = bytes.Replace(text, []byte("\nlang: "), []byte("\nlanguage: "), 1)
		target := filepath.Join(dir, "content", name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, text, 0o644)
	})
	if err != nil {
		return "", fmt.Errorf("lay the documents out for Hugo: %w", err)
	}
	return dir, nil
}
