package check

import (
	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/internal/diag"
)

// shellPrompt finds blocks of commands that were copied with their prompts. Pasted as it is, such a command does not run.
func shellPrompt(s *site.Site, tell report) {
	for _, e := range s.Entries {
		for _, c := range e.Doc.Codes {
			prompts := c.Prompts()
			if len(prompts) == 0 || !inForce(e) {
				continue
			}
			n := 0
			for line := range codeLines(e, c) {
				if n == prompts[0] {
					tell(diag.At(line.at(indented(line.text)), "shell-prompt", "the command starts with a prompt, which a shell does not know").
						WithHint("take %q away, or call the block console and show what is printed too", document.Prompt))
				}
				n++
			}
		}
	}
}

// indented is how many bytes of blanks and signs of quotes a line starts with.
func indented(line string) int {
	for i := range len(line) {
		if line[i] != ' ' && line[i] != '\t' && line[i] != '>' {
			return i
		}
	}
	return 0
}
