package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// TestDockerfile reads the Dockerfile as docker build does, with its own checks, and holds it to what an image must be.
func TestDockerfile(t *testing.T) {
	f, err := os.Open("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	read, err := parser.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range read.Warnings {
		t.Error(w.Short)
	}
	lint := linter.New(&linter.Config{Warn: func(rule, _, _, message string, _ []parser.Range) { t.Errorf("%s: %s", rule, message) }})
	stages, _, err := instructions.Parse(read.AST, lint)
	if err != nil {
		t.Fatal(err)
	}
	if len(stages) != 2 {
		t.Fatalf("%d stages: one builds, one is shipped", len(stages))
	}
	user, entry, build := "", "", ""
	for _, c := range stages[1].Commands {
		switch c := c.(type) {
		case *instructions.UserCommand:
			user = c.User
		case *instructions.EntrypointCommand:
			entry = strings.Join(c.CmdLine, " ")
		case *instructions.CopyCommand:
			if c.From != stages[0].Name {
				t.Errorf("%s: only the program is shipped", c.String())
			}
		}
	}
	if name, _, _ := strings.Cut(user, ":"); name == "" || name == "0" || name == "root" {
		t.Errorf("the image runs as %q", user)
	}
	for _, c := range stages[0].Commands {
		if run, ok := c.(*instructions.RunCommand); ok {
			build += strings.Join(run.CmdLine, " ") + "\n"
		}
	}
	release, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"-trimpath", "-buildvcs=false", "-s -w -buildid= -X main.version=", "CGO_ENABLED=0"} {
		if !strings.Contains(build, flag) || !strings.Contains(string(release), flag) {
			t.Errorf("%s is not in the image's build and in the release's", flag)
		}
	}
	if entry != "/usr/local/bin/opsbook" {
		t.Errorf("the image starts %q", entry)
	}
	ignored, err := os.ReadFile("../../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(strings.Fields(string(ignored)), ".git") {
		t.Error(".git goes to the builder")
	}
}
