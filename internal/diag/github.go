package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Escapes of GitHub's workflow commands, as in actions/toolkit (packages/core/src/command.ts, escapeData and escapeProperty).
const (
	githubData     = "%\x00%25\x00\r\x00%0D\x00\n\x00%0A"
	githubProperty = githubData + "\x00:\x00%3A\x00,\x00%2C"
)

// WriteGitHub writes diagnostics, sorted, as workflow commands, which GitHub shows on the changed lines of a pull request. GitHub wants
// files relative to the repository: see Under.
func WriteGitHub(w io.Writer, ds []Diagnostic, catalogue map[string]string) error {
	b := bufio.NewWriter(w)
	data := strings.NewReplacer(strings.Split(githubData, "\x00")...)
	property := strings.NewReplacer(strings.Split(githubProperty, "\x00")...)
	for _, d := range Sorted(ds) {
		command := strings.TrimSpace(githubCommand(d.Severity) + " " + githubProperties(d, property))
		fmt.Fprintf(b, "::%s::%s\n", command, data.Replace(githubMessage(d, catalogue)))
	}
	return b.Flush()
}

func githubCommand(s Severity) string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	default:
		return "notice"
	}
}

func githubProperties(d Diagnostic, escape *strings.Replacer) string {
	var ps []string
	if d.Pos.File != "" {
		ps = append(ps, "file="+escape.Replace(d.Pos.File))
	}
	if d.Pos.Line > 0 {
		ps = append(ps, fmt.Sprintf("line=%d", d.Pos.Line))
	}
	if d.Pos.Col > 0 {
		ps = append(ps, fmt.Sprintf("col=%d", d.Pos.Col))
	}
	if d.Rule != "" {
		ps = append(ps, "title="+escape.Replace(d.Rule))
	}
	return strings.Join(ps, ",")
}

// githubMessage puts everything into the message, since an annotation has no other place for it.
func githubMessage(d Diagnostic, catalogue map[string]string) string {
	lines := []string{d.Message.In(catalogue)}
	if !d.Hint.IsZero() {
		lines = append(lines, T("hint: %s", d.Hint.In(catalogue)).In(catalogue))
	}
	for _, r := range d.Related {
		lines = append(lines, r.Pos.String()+": "+r.Message.In(catalogue))
	}
	return strings.Join(lines, "\n")
}
