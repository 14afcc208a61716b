package diagram

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strconv"
	"strings"
)

// canvas writes SVG with classes and plain attributes only: the page's policy forbids styles, and colours follow the theme.
type canvas struct{ strings.Builder }

// num writes a length with at most one decimal.
func num(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }

func (c *canvas) open(w, h float64, label string) {
	fmt.Fprintf(c, `<svg class="drawing" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s">`, num(w), num(h), num(w), num(h), html.EscapeString(label))
}

func (c *canvas) close() { c.WriteString("</svg>") }

func (c *canvas) path(class, d string) { fmt.Fprintf(c, `<path class="%s" d="%s"></path>`, class, d) }

func (c *canvas) rect(class string, x, y, w, h, r float64) {
	fmt.Fprintf(c, `<rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="%s"></rect>`, class, num(x), num(y), num(w), num(h), num(r))
}

// text writes lines centred on a point.
func (c *canvas) text(class string, t text, x, y float64) {
	top := y - t.h/2 + leader*.5 + size*.36
	for i, line := range t.lines {
		if line != "" {
			fmt.Fprintf(c, `<text class="%s" x="%s" y="%s" text-anchor="middle">%s</text>`, class, num(x), num(top+float64(i)*leader), html.EscapeString(line))
		}
	}
}

// point is a place on the canvas.
type point struct{ x, y float64 }

// head draws the end of a line at a point, coming from another.
func (c *canvas) head(kind string, at, from point) {
	dx, dy := at.x-from.x, at.y-from.y
	n := math.Hypot(dx, dy)
	if n == 0 {
		return
	}
	dx, dy = dx/n, dy/n
	p := func(along, aside float64) string {
		return num(at.x-dx*along-dy*aside) + " " + num(at.y-dy*along+dx*aside)
	}
	switch kind {
	case "arrow":
		c.path("tip", "M"+p(9, 4.5)+"L"+p(0, 0)+"L"+p(9, -4.5)+"Z")
	case "open":
		c.path("line", "M"+p(9, 4.5)+"L"+p(0, 0)+"L"+p(9, -4.5))
	case "cross":
		c.path("line", "M"+p(9, 4)+"L"+p(1, -4)+"M"+p(9, -4)+"L"+p(1, 4))
	case "circle":
		fmt.Fprintf(c, `<circle class="tip" cx="%s" cy="%s" r="4"></circle>`, num(at.x-dx*4), num(at.y-dy*4))
	}
}

func (g *graph) svg(label string) string {
	g.layout()
	ports := g.ports()
	var c canvas
	c.open(g.w, g.h, label)
	for i, e := range g.edges {
		g.drawEdge(&c, e, ports[i])
	}
	for _, n := range g.nodes {
		if n.plain {
			if len(n.text.lines) > 0 {
				c.rect("tagged", n.x-n.text.w/2-4, n.y-n.text.h/2, n.text.w+8, n.text.h, 3)
				c.text("word", n.text, n.x, n.y)
			}
			continue
		}
		n.draw(&c)
	}
	c.close()
	return c.String()
}

func (n node) draw(c *canvas) {
	l, t, r, b := n.x-n.w/2, n.y-n.h/2, n.x+n.w/2, n.y+n.h/2
	at := func(points ...float64) string {
		var d strings.Builder
		for i := 0; i < len(points); i += 2 {
			d.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + num(points[i]) + " " + num(points[i+1]))
		}
		return d.String() + "Z"
	}
	y := n.y
	switch n.shape {
	case "choice":
		c.path("box choice", at(n.x, t, r, n.y, n.x, b, l, n.y))
	case "hexagon":
		c.path("box", at(l+12, t, r-12, t, r, n.y, r-12, b, l+12, b, l, n.y))
	case "slant":
		c.path("box", at(l+12, t, r, t, r-12, b, l, b))
	case "circle":
		fmt.Fprintf(c, `<circle class="box" cx="%s" cy="%s" r="%s"></circle>`, num(n.x), num(n.y), num(n.w/2))
	case "store":
		arc := "A" + num(n.w/2) + " 7 0 0 "
		c.path("box", "M"+num(l)+" "+num(t+7)+arc+"1 "+num(r)+" "+num(t+7)+"V"+num(b-7)+arc+"1 "+num(l)+" "+num(b-7)+"Z")
		c.path("line", "M"+num(l)+" "+num(t+7)+arc+"0 "+num(r)+" "+num(t+7))
		y += 5
	case "double":
		c.rect("box", l, t, n.w, n.h, 0)
		c.path("line", "M"+num(l+7)+" "+num(t)+"V"+num(b)+"M"+num(r-7)+" "+num(t)+"V"+num(b))
	default:
		c.rect("box", l, t, n.w, n.h, map[string]float64{"round": 10, "stadium": n.h / 2}[n.shape]+3*map[bool]float64{true: 1}[n.shape == "box"])
	}
	c.text("name", n.text, n.x, y)
}

// port is where an edge leaves its first node and enters its last, as ranks run.
type port struct{ out, in point }

// aside is where a node lies across the direction of its chart.
func (g *graph) aside(n node) float64 {
	if g.across {
		return n.y
	}
	return n.x
}

// ports spreads the edges of a node over its side, in the order of where they go.
func (g *graph) ports() []port {
	type end struct {
		edge int
		near float64
	}
	ports := make([]port, len(g.edges))
	out, in := make([][]end, len(g.nodes)), make([][]end, len(g.nodes))
	for i, e := range g.edges {
		from, to := e.ends()
		if from == to {
			continue
		}
		way := append(append([]int{from}, e.via...), to)
		out[from] = append(out[from], end{i, g.aside(g.nodes[way[1]])})
		in[to] = append(in[to], end{i, g.aside(g.nodes[way[len(way)-2]])})
	}
	sign := 1.0
	if g.mirror {
		sign = -1
	}
	spread := func(n int, ends []end, side float64, set func(edge int, p point)) {
		slices.SortStableFunc(ends, func(a, b end) int { return compare(a.near, b.near) })
		breadth := g.nodes[n].w
		if g.across {
			breadth = g.nodes[n].h
		}
		for i, e := range ends {
			shift := (float64(i) - float64(len(ends)-1)/2) * math.Min(20, breadth*.6/float64(len(ends)))
			set(e.edge, g.onBorder(g.nodes[n], shift, side))
		}
	}
	for n := range g.nodes {
		spread(n, out[n], sign, func(e int, p point) { ports[e].out = p })
		spread(n, in[n], -sign, func(e int, p point) { ports[e].in = p })
	}
	return ports
}

// onBorder is the point of a node's border that is a shift beside its centre, on the side that ranks run to (1) or come from (-1).
func (g *graph) onBorder(n node, shift, side float64) point {
	deep, broad := n.h/2, n.w/2
	if g.across {
		deep, broad = broad, deep
	}
	switch n.shape {
	case "choice":
		deep *= 1 - math.Abs(shift)/broad
	case "circle":
		deep *= math.Sqrt(math.Max(0, 1-shift*shift/(broad*broad)))
	}
	if g.across {
		return point{n.x + side*deep, n.y + shift}
	}
	return point{n.x + shift, n.y + side*deep}
}

func (g *graph) drawEdge(c *canvas, e edge, p port) {
	class := "line"
	if e.line != "" {
		class += " " + e.line
	}
	if e.from == e.to {
		n := g.nodes[e.from]
		r, y := n.x+n.w/2, n.y
		c.path(class, "M"+num(r)+" "+num(y-8)+"C"+num(r+36)+" "+num(y-22)+" "+num(r+36)+" "+num(y+22)+" "+num(r)+" "+num(y+8))
		c.head(e.head, point{r, y + 8}, point{r + 12, y + 12})
		c.text("word", e.label, r+36+e.label.w/2, y)
		return
	}
	points := []point{p.out}
	for _, v := range e.via {
		points = append(points, point{g.nodes[v].x, g.nodes[v].y})
	}
	points = append(points, p.in)
	var d strings.Builder
	d.WriteString("M" + num(points[0].x) + " " + num(points[0].y))
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		if g.across {
			m := (a.x + b.x) / 2
			d.WriteString("C" + num(m) + " " + num(a.y) + " " + num(m) + " " + num(b.y) + " " + num(b.x) + " " + num(b.y))
		} else {
			m := (a.y + b.y) / 2
			d.WriteString("C" + num(a.x) + " " + num(m) + " " + num(b.x) + " " + num(m) + " " + num(b.x) + " " + num(b.y))
		}
	}
	c.path(class, d.String())
	before := func(at point, side float64) point { // lines meet a border at a right angle
		if g.across {
			return point{at.x + side, at.y}
		}
		return point{at.x, at.y + side}
	}
	sign := 1.0
	if g.mirror {
		sign = -1
	}
	head, tail := e.head, e.tail
	if e.back {
		head, tail = tail, head
	}
	c.head(head, p.in, before(p.in, -sign))
	c.head(tail, p.out, before(p.out, sign))
}
