package render

import (
	"fmt"
	"html/template"
	"strings"

	"opsbook/generator/page"
)

// Charts are drawn in units of a grid 400 wide, with classes that the style sheet colours; the table beside a chart says the same in
// numbers, so that a chart is hidden from screen readers.
const (
	chartWidth = 400
	barHeight  = 14
	barStep    = 22
)

// chart draws the review states of every team as stacked bars of one length a page.
func (w speaker) chart(teams []page.Tally) template.HTML {
	most := 1
	for _, t := range teams {
		most = max(most, t.Total)
	}
	var b strings.Builder
	open(&b, len(teams))
	for i, t := range teams {
		x := 0.0
		for _, c := range t.Count {
			width := float64(c.Count) * chartWidth / float64(most)
			if c.Count > 0 {
				fmt.Fprintf(&b, `<rect class="bar s-%s" x="%.1f" y="%d" width="%.1f" height="%d"/>`, template.HTMLEscapeString(c.State), x, i*barStep+4, width, barHeight)
			}
			x += width
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // numbers, and escaped states
}

// timeline draws each incident as a bar from its start to its mitigation, with the detection marked.
func (w speaker) timeline(past *page.Incidents) template.HTML {
	most := 1
	for _, r := range past.Rows {
		most = max(most, r.Mitigate)
	}
	var b strings.Builder
	open(&b, len(past.Rows))
	scale := func(minutes int) float64 { return float64(max(0, minutes)) * chartWidth / float64(most) }
	for i, r := range past.Rows {
		y := i*barStep + 4
		fmt.Fprintf(&b, `<rect class="bar found" x="0" y="%d" width="%.1f" height="%d"/>`, y, scale(r.Detect), barHeight)
		if r.Mitigate > r.Detect {
			fmt.Fprintf(&b, `<rect class="bar fixed" x="%.1f" y="%d" width="%.1f" height="%d"/>`, scale(r.Detect), y, scale(r.Mitigate)-scale(r.Detect), barHeight)
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // numbers alone
}

func open(b *strings.Builder, rows int) {
	height := rows*barStep + 2
	fmt.Fprintf(b, `<svg class="bars" viewBox="0 0 %d %d" width="%d" height="%d" aria-hidden="true" focusable="false" preserveAspectRatio="none">`, chartWidth, height, chartWidth, height)
}
