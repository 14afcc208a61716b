package alert

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Patch is a unified diff that gives definitions the runbook_url they lack, or another one; want returns it for a definition, "" to leave it as
// it is, and name the path that a file has for whoever applies the patch. Definitions in which no line can be added (maps in brackets) are returned.
func Patch(files []File, alerts []Alert, want func(Alert) string, name func(string) string) (patch string, left []Alert) {
	var b strings.Builder
	for _, f := range files {
		if f.Kind != Prometheus {
			continue
		}
		lines := strings.SplitAfter(string(f.Text), "\n")
		var edits []edit
		for _, a := range alerts {
			if a.Pos.File != f.Path {
				continue
			}
			url := want(a)
			if url == "" {
				continue
			}
			if e, ok := change(a, url, lines); ok {
				edits = append(edits, e)
			} else {
				left = append(left, a)
			}
		}
		slices.SortFunc(edits, func(x, y edit) int { return cmp.Compare(x.line, y.line) })
		diff(&b, name(f.Path), lines, edits)
	}
	return b.String(), left
}

// edit replaces or follows one line (0-based).
type edit struct {
	line    int
	replace bool
	add     []string
}

// change is the edit that gives a definition a runbook_url.
func change(a Alert, url string, lines []string) (edit, bool) {
	if at := a.Runbook.Pos.Line - 1; at >= 0 && at < len(lines) {
		line := lines[at]
		key := strings.Index(line, "runbook")
		if key < 0 || strings.TrimSpace(line[:key]) != "" {
			return edit{}, false
		}
		colon := strings.Index(line, ":")
		return edit{line: at, replace: true, add: []string{line[:colon] + ": " + url + "\n"}}, true
	}
	if a.Spot.Line == 0 || a.Spot.Line > len(lines) || !strings.HasSuffix(lines[a.Spot.Line-1], "\n") {
		return edit{}, false
	}
	indent := strings.Repeat(" ", a.Spot.Indent)
	if a.Spot.Parent {
		return edit{line: a.Spot.Line - 1, add: []string{indent + "annotations:\n", indent + "  runbook_url: " + url + "\n"}}, true
	}
	return edit{line: a.Spot.Line - 1, add: []string{indent + "runbook_url: " + url + "\n"}}, true
}

// context is how many lines around a change a diff shows.
const context = 3

// diff writes the edits of a file as hunks, those near each other as one.
func diff(b *strings.Builder, path string, lines []string, edits []edit) {
	if len(edits) == 0 {
		return
	}
	fmt.Fprintf(b, "--- a/%s\n+++ b/%s\n", path, path)
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	shift := 0
	for i := 0; i < len(edits); {
		j := i + 1
		for j < len(edits) && edits[j].line-edits[j-1].line <= 2*context {
			j++
		}
		from, to := max(0, edits[i].line-context), min(len(lines), edits[j-1].line+1+context)
		var body strings.Builder
		added := 0
		at := i
		for n := from; n < to; n++ {
			e := edit{line: -1}
			if at < j && edits[at].line == n {
				e = edits[at]
				at++
			}
			sign := " "
			if e.replace {
				sign = "-"
				added--
			}
			body.WriteString(sign + whole(lines[n]))
			for _, l := range e.add {
				body.WriteString("+" + l)
				added++
			}
		}
		fmt.Fprintf(b, "@@ -%d,%d +%d,%d @@\n%s", from+1, to-from, from+1+shift, to-from+added, body.String())
		shift += added
		i = j
	}
}

// whole is a line as a diff writes it, also the last one of a file that ends without a line end.
func whole(line string) string {
	if strings.HasSuffix(line, "\n") {
		return line
	}
	return line + "\n\\ No newline at end of file\n"
}
