package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// The marks between which a README's numbers stand.
const (
	tableBegin = "<!-- bench-peers: begin -->\n"
	tableEnd   = "<!-- bench-peers: end -->\n"
)

// row is one line of the table: a program or a pair of them.
type row struct {
	name  string
	cost  cost
	size  size
	ratio float64 // wall time against Opsbook's
}

// rows are what a comparison says: Opsbook with search, Hugo alone, and Hugo with Pagefind (times added, the larger peak).
func (c comparison) rows() []row {
	both := cost{Wall: c.Hugo.Wall + c.Pagefind.Wall, CPU: c.Hugo.CPU + c.Pagefind.CPU, Memory: max(c.Hugo.Memory, c.Pagefind.Memory)}
	bothSize := size{Bytes: c.HugoSize.Bytes + c.PagefindSize.Bytes, Files: c.HugoSize.Files + c.PagefindSize.Files}
	all := []row{
		{name: "Opsbook, search and checks included", cost: c.Opsbook, size: c.OpsbookSize},
		{name: "Hugo " + hugoVersion[1:] + ", without search", cost: c.Hugo, size: c.HugoSize},
		{name: "Hugo and Pagefind " + pagefindVersion, cost: both, size: bothSize},
	}
	for i := range all {
		all[i].ratio = all[i].cost.Wall.Seconds() / c.Opsbook.Wall.Seconds()
	}
	return all
}

func (c comparison) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s documents | wall | CPU | peak memory | output | files | wall against Opsbook |\n", thousands(c.Docs))
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|\n")
	for _, r := range c.rows() {
		fmt.Fprintf(&b, "| %s | %s | %s | %d MB | %d MB | %s | %.2f |\n", r.name, seconds(r.cost.Wall), seconds(r.cost.CPU),
			r.cost.Memory>>20, r.size.Bytes>>20, thousands(r.size.Files), r.ratio)
	}
	b.WriteString("\n")
	return b.String()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// weightTable says what a first visit to the same text costs a reader.
func weightTable(weights []weight) string {
	if len(weights) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| first visit to a runbook, gzip | HTML | CSS | JavaScript | other | all |\n|---|--:|--:|--:|--:|--:|\n")
	for _, w := range weights {
		fmt.Fprintf(&b, "| %s | %.1f KB | %.1f KB | %.1f KB | %.1f KB | %.1f KB |\n", w.Name, kb(w.HTML), kb(w.CSS), kb(w.JS), kb(w.Other), kb(w.all()))
	}
	b.WriteString("\n")
	return b.String()
}

func kb(bytes int) float64 { return float64(bytes) / 1000 }

// replace puts the tables between the marks of a file.
func replace(name string, tables []comparison, weights []weight, runs int) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read the page of the table: %w", err)
	}
	before, rest, found := strings.Cut(string(text), tableBegin)
	_, after, closed := strings.Cut(rest, tableEnd)
	if !found || !closed {
		return fmt.Errorf("put the table into %s: it has no lines %q and %q", name, strings.TrimSpace(tableBegin), strings.TrimSpace(tableEnd))
	}
	var b strings.Builder
	b.WriteString(before + tableBegin)
	for _, t := range tables {
		b.WriteString(t.markdown())
	}
	b.WriteString(weightTable(weights))
	fmt.Fprintf(&b, "Times are medians of %d alternating runs on one machine with two cores, nothing remembered from earlier builds.\n", runs)
	b.WriteString(tableEnd + after)
	if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

// The chart's measures in pixels: a bar's height, the space between bars, the column of names and the longest bar.
const (
	barHeight, barGap = 18, 8
	nameWidth         = 260
	barWidth          = 320
)

// chart draws wall times as bars, one group for each number of documents, scaled within its group. It names no colour scheme: dark text on
// a light card reads in both.
func chart(tables []comparison) string {
	var b strings.Builder
	y := 10
	for _, t := range tables {
		y += 20
		fmt.Fprintf(&b, "<text x=\"12\" y=\"%d\" font-weight=\"bold\">%s documents, seconds</text>\n", y, thousands(t.Docs))
		y += barGap
		longest := 0.0
		for _, r := range t.rows() {
			longest = max(longest, r.cost.Wall.Seconds())
		}
		for i, r := range t.rows() {
			fill := "#8a94a6"
			if i == 0 {
				fill = "#0b6e4f"
			}
			width := barWidth * r.cost.Wall.Seconds() / longest
			fmt.Fprintf(&b, "<text x=\"12\" y=\"%d\">%s</text>\n", y+barHeight-5, r.name)
			fmt.Fprintf(&b, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"%s\"/>\n", nameWidth, y, width, barHeight, fill)
			fmt.Fprintf(&b, "<text x=\"%.1f\" y=\"%d\">%.1f</text>\n", nameWidth+width+6, y+barHeight-5, r.cost.Wall.Seconds())
			y += barHeight + barGap
		}
	}
	w, h := nameWidth+barWidth+60, y+6
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"#1b1f24\">\n"+
		"<title>Time to build a searchable site: Opsbook, Hugo, Hugo and Pagefind</title>\n<rect width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#f6f8fa\"/>\n%s</svg>\n", w, h, w, h, w, h, b.String())
}
