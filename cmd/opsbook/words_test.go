package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"gopkg.in/yaml.v3"

	"opsbook/internal/publish"
)

// understood reports whether a command line, without its first word, is one of ours.
func understood(t *testing.T, words []string) error {
	t.Helper()
	var ours cli
	left := false
	parser, err := kong.New(&ours, kong.Name("opsbook"), kong.DefaultEnvars("OPSBOOK_TEST"), kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) { left = true }))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = parser.Parse(words); left {
		return nil // --help
	}
	return err
}

var (
	ourCommand = regexp.MustCompile(`(?m)(?:^|[\s;&|({"` + "`" + `])opsbook ((?:[^\n|&;#>` + "`" + `"]|"[^"\n]*")*)`)
	inAShell   = regexp.MustCompile(`"[^"]*"|\S+`)
)

// commandsIn are the command lines of ours in a script.
func commandsIn(script string) [][]string {
	var found [][]string
	script = strings.ReplaceAll(script, "\\\n", " ")
	for _, m := range ourCommand.FindAllStringSubmatch(script, -1) {
		words := inAShell.FindAllString(m[1], -1)
		for i, w := range words {
			words[i] = strings.Trim(w, `"'`)
		}
		found = append(found, words)
	}
	return found
}

// TestWorkflowSaysWhatWeUnderstand parses every command of the workflow for GitHub as the program would.
func TestWorkflowSaysWhatWeUnderstand(t *testing.T) {
	var workflow struct {
		On   map[string]any
		Jobs map[string]struct {
			Permissions map[string]string
			Steps       []struct {
				Run  string
				Uses string
				With map[string]any
			}
		}
	}
	if err := yaml.Unmarshal([]byte(publish.GitHub), &workflow); err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for name, job := range workflow.Jobs {
		aws, deep := false, false
		for _, step := range job.Steps {
			aws = aws || strings.HasPrefix(step.Uses, "aws-actions/")
			deep = deep || fmt.Sprint(step.With["fetch-depth"]) == "0"
			for _, words := range commandsIn(step.Run) {
				if err := understood(t, words); err != nil {
					t.Errorf("%s: opsbook %s: %v", name, strings.Join(words, " "), err)
				}
				said[strings.Join(words[:min(2, len(words))], " ")] = true
				if words[0] == "build" && !deep {
					t.Errorf("%s builds without the history: fetch-depth: 0 is missing", name)
				}
			}
		}
		if aws != (job.Permissions["id-token"] == "write") {
			t.Errorf("%s: credentials come from the job's own token, and from nothing else: %v", name, job.Permissions)
		}
	}
	for _, want := range []string{"check content", "build content", "publish production", "publish preview/pr-${NUMBER}", "publish destroy", "publish rollback"} {
		if !said[want] {
			t.Errorf("the workflow never says opsbook %s: %v", want, said)
		}
	}
	for _, event := range []string{"pull_request", "push", "schedule", "workflow_dispatch"} {
		if workflow.On[event] == nil {
			t.Errorf("the workflow does not run on %s", event)
		}
	}
}

// TestGuideSaysWhatWeUnderstand parses every command that stands in a block of the guide.
func TestGuideSaysWhatWeUnderstand(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join("..", "..", "content", "guide", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?ms)^```(?:sh|bash|shell|ya?ml)[^\n]*\n(.*?)^```")
	found := 0
	for _, page := range pages {
		if strings.HasPrefix(filepath.Base(page), "commands.") {
			continue // it shows forms, not commands; a test of its own holds it
		}
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range block.FindAllStringSubmatch(string(text), -1) {
			for _, words := range commandsIn(b[1]) {
				found++
				if err := understood(t, words); err != nil {
					t.Errorf("%s: opsbook %s: %v", filepath.Base(page), strings.Join(words, " "), err)
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d commands were found", found)
	}
}
