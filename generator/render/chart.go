package render

import (
	"fmt"
	"html/template"
	"strings"

	"opsbook/generator/page"
)

// Charts stand in the rows of the table that says the same in numbers, so they are hidden from screen readers. A bar is drawn in percent of
// its cell; classes give the colours.
const barHeight = 12

// chart draws the review states of a team as one stacked bar, as long as its share of the pages that the largest team has. A browser draws
// it anew when states have changed with time.
func chart(t page.Tally, most int) template.HTML {
	var b strings.Builder
	open(&b, most)
	x := 0.0
	for _, c := range t.Count {
		width := percent(c.Count, most)
		fmt.Fprintf(&b, `<rect class="s-%s" x="%.1f%%" width="%.1f%%" height="%d"/>`, template.HTMLEscapeString(c.State), x, width, barHeight)
		x += width
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // numbers, and escaped states
}

// timeline draws an incident as a bar from its start to its end, in three parts: until it was detected, mitigated, resolved. One that lasted longer
// than the chart is drawn to its edge, with a gap.
func timeline(r page.IncidentRow, most int) template.HTML {
	var b strings.Builder
	open(&b, most)
	at := 0
	for _, part := range []struct {
		class string
		until int
	}{{"found", r.Detect}, {"fixed", r.Mitigate}, {"done", r.Resolve}} {
		until := min(part.until, most)
		if until <= at {
			continue // not known, at once, or beyond the edge
		}
		fmt.Fprintf(&b, `<rect class="%s" x="%.1f%%" width="%.1f%%" height="%d"/>`, part.class, percent(at, most), percent(until-at, most), barHeight)
		at = until
	}
	if max(r.Detect, r.Mitigate, r.Resolve) > most {
		fmt.Fprintf(&b, `<rect class="cut" x="96%%" width="1%%" height="%d"/>`, barHeight)
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) // numbers alone
}

func open(b *strings.Builder, most int) {
	fmt.Fprintf(b, `<svg class="bars" width="100%%" height="%d" data-most="%d" aria-hidden="true" focusable="false">`, barHeight, most)
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }
