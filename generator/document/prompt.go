package document

import (
	"slices"
	"strings"
)

// Prompt is what a shell prints before a command, and people copy with it.
const Prompt = "$ "

// commandLangs are the languages of fences that hold commands and nothing else. A console holds what was printed too, and needs prompts.
var commandLangs = []string{"sh", "bash", "zsh", "ksh", "shell"}

// Prompts returns the lines of a block of commands, counted from 0, that start with a prompt. There are none unless every command has one:
// a block with output between its commands is a session, in which the prompts say which is which.
func (c Code) Prompts() []int {
	if !slices.Contains(commandLangs, strings.ToLower(c.Lang)) || !strings.Contains(c.Text, Prompt) {
		return nil
	}
	var found []int
	goesOn := false // the command goes on after a backslash
	for i, line := range strings.Split(strings.TrimSuffix(c.Text, "\n"), "\n") {
		shown := strings.TrimSpace(line)
		switch {
		case goesOn, shown == "", strings.HasPrefix(shown, "#"):
		case strings.HasPrefix(strings.TrimLeft(line, " \t"), Prompt) && shown != strings.TrimSpace(Prompt) && !strings.Contains(shown, "<<"):
			found = append(found, i)
		default:
			return nil
		}
		goesOn = strings.HasSuffix(shown, `\`)
	}
	return found
}
