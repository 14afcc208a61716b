package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The peers, by version, so that numbers can be told apart later. Hugo is the newest that builds with this Go.
const (
	hugoVersion     = "v0.160.1"
	pagefindVersion = "1.6.0"
)

// programs are the paths of what is compared.
type programs struct {
	opsbook, corpus, hugo, pagefind string
}

// install builds Opsbook and the corpus writer from this checkout, and fetches the peers, into dir. What is there already stays.
func install(ctx context.Context, dir string) (programs, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return programs{}, fmt.Errorf("name the folder of tools: %w", err)
	}
	p := programs{
		opsbook:  filepath.Join(dir, "opsbook"),
		corpus:   filepath.Join(dir, "corpus"),
		hugo:     filepath.Join(dir, "hugo"),
		pagefind: filepath.Join(dir, "npm", "node_modules", ".bin", "pagefind"),
	}
	if err := os.MkdirAll(filepath.Join(dir, "npm"), 0o755); err != nil {
		return p, fmt.Errorf("make the folder of tools: %w", err)
	}
	for out, pkg := range map[string]string{p.opsbook: "./cmd/opsbook", p.corpus: "./internal/corpus"} {
		if err := shell(ctx, ".", nil, "go", "build", "-trimpath", "-o", out, pkg); err != nil {
			return p, err
		}
	}
	if _, err := os.Stat(p.hugo); err != nil {
		if err := shell(ctx, dir, []string{"GOBIN=" + dir, "CGO_ENABLED=0", "GOFLAGS="}, "go", "install", "github.com/gohugoio/hugo@"+hugoVersion); err != nil {
			return p, err
		}
	}
	if _, err := os.Stat(p.pagefind); err != nil {
		if err := shell(ctx, filepath.Join(dir, "npm"), nil, "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", ".", "pagefind@"+pagefindVersion); err != nil {
			return p, err
		}
	}
	return p, nil
}

// shell runs one command in dir with additions to the environment, its words on our standard error.
func shell(ctx context.Context, dir string, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stderr, os.Stderr
	cmd.Env = append(os.Environ(), env...)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("run %s %v: %w", name, args, err)
	}
	return nil
}
