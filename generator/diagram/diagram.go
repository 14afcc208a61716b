// Package diagram draws the flowcharts and sequence diagrams that people write in Mermaid's language.
//
// It is a pure function of the text, used while an article is rendered: the picture is SVG in the page, so it is there without a script, from
// file://, on paper and in dark mode, and weighs two kilobytes where Mermaid's own script weighs nearly one megabyte. What it does not
// know it does not draw: Draw says so and the page shows the text as code.
package diagram

import (
	"strings"
)

// Limits keep a page light: beyond them a picture helps nobody, and the layout is quadratic.
const (
	maxText  = 16 << 10
	maxNodes = 120
	maxEdges = 240
)

// Drawing is a finished picture. Title is what the text calls it (accTitle or title), "" for none.
type Drawing struct {
	SVG   string
	Title string
}

// Draw draws a diagram; label names the picture for screen readers where the text has no title of its own. ok is false for every kind of diagram
// and every statement that this package does not know.
func Draw(text, label string) (d Drawing, ok bool) {
	if len(text) > maxText {
		return d, false
	}
	s := read(text)
	kind, direction, _ := strings.Cut(s.head, " ")
	switch kind {
	case "flowchart", "graph":
		g, ok := readFlow(s.lines, strings.TrimSpace(direction))
		if !ok {
			return d, false
		}
		return Drawing{SVG: g.svg(first(s.title, label)), Title: s.title}, true
	case "sequenceDiagram":
		q, ok := readSequence(s.lines)
		if !ok {
			return d, false
		}
		return Drawing{SVG: q.svg(first(s.title, label)), Title: s.title}, true
	}
	return d, false
}

// statements are the lines of a diagram without comments, its kind apart.
type statements struct {
	head  string
	title string
	lines []string
}

func read(text string) statements {
	var s statements
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if rest, ok := strings.CutPrefix(strings.TrimLeft(text, "\n \t"), "---\n"); ok { // front matter: its title counts, its settings are ours
		front, body, found := strings.Cut(rest, "\n---")
		if found {
			text = body
			for _, line := range strings.Split(front, "\n") {
				if title, ok := strings.CutPrefix(strings.TrimSpace(line), "title:"); ok {
					s.title = strings.Trim(strings.TrimSpace(title), `"'`)
				}
			}
		}
	}
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "%%") {
			continue
		}
		if s.head == "" {
			head, rest, _ := strings.Cut(line, ";")
			s.head = strings.TrimSpace(head)
			if rest = strings.TrimSpace(rest); rest != "" {
				s.lines = append(s.lines, rest)
			}
			continue
		}
		if title, ok := cutWord(line, "accTitle:", "title:", "title "); ok {
			s.title = title
			continue
		}
		if _, ok := cutWord(line, "accDescr:"); ok {
			continue
		}
		s.lines = append(s.lines, strings.TrimSuffix(line, ";"))
	}
	return s
}

// cutWord returns what follows the first of some words that a line starts with.
func cutWord(line string, words ...string) (string, bool) {
	for _, w := range words {
		if rest, ok := strings.CutPrefix(line, w); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return "", false
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
