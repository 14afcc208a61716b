package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// flagsOf are the flags of a command and of those below it.
func flagsOf(command *kong.Node) []*kong.Flag {
	flags := command.Flags
	for _, below := range command.Children {
		flags = append(flags, flagsOf(below)...)
	}
	return flags
}

// TestGuideNamesEveryCommand holds the guide's page of commands to the commands: each has its heading, and below it, or in the part of a
// command whose flags it shares, every flag.
func TestGuideNamesEveryCommand(t *testing.T) {
	var words cli
	parser, err := kong.New(&words, kong.Name("opsbook"), kong.DefaultEnvars("OPSBOOK"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"commands.md", "commands.en.md"} {
		page, err := os.ReadFile(filepath.Join("..", "..", "content", "guide", name))
		if err != nil {
			t.Fatal(err)
		}
		parts := map[string]string{}
		for _, part := range strings.Split(string(page), "\n## ")[1:] {
			heading, text, _ := strings.Cut(part, "\n")
			parts[heading] = text
		}
		for _, command := range parser.Model.Children {
			part, ok := parts[command.Name]
			if !ok {
				t.Errorf("%s: there is nothing about %s", name, command.Name)
				continue
			}
			delete(parts, command.Name)
			for _, flag := range flagsOf(command) {
				named := strings.Contains(part, "`--"+flag.Name+"`") || strings.Contains(part, "`--"+flag.Name+" ")
				// SOURCE is the same as an argument, where there is one.
				if !named && !(flag.Name == "source" && len(command.Positional) > 0 && command.Positional[0].Name == "source") {
					t.Errorf("%s: --%s of %s is missing", name, flag.Name, command.Name)
				}
			}
		}
		if len(parts) != 1 {
			t.Errorf("%s: about %d commands too many: %v", name, len(parts)-1, parts)
		}
	}
}
