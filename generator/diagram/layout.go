package diagram

import (
	"math"
	"slices"
)

// Gaps in pixels: between boxes of a rank, and between ranks.
const (
	gapBeside = 26.0
	gapRanks  = 34.0
	edgeLane  = 18.0 // a long edge keeps this to itself
	border    = 8.0
)

// layout places nodes in ranks along the chart's direction (Sugiyama, Tagawa and Toda 1981): edges that close a cycle are turned, ranks are
// longest paths, long edges and labels get bends of their own, ranks are ordered by the barycentres of their neighbours, and within a rank every
// node stands as near to its neighbours as the others let it.
func (g *graph) layout() {
	if g.across {
		for i := range g.nodes {
			g.nodes[i].w, g.nodes[i].h = g.nodes[i].h, g.nodes[i].w
		}
	}
	g.turn()
	g.rank()
	ranks := g.bend()
	g.order(ranks)
	g.place(ranks)
	g.finish(ranks)
}

// ends are an edge's ends as ranks run.
func (e *edge) ends() (int, int) {
	if e.back {
		return e.to, e.from
	}
	return e.from, e.to
}

// turn marks the edges that close a cycle, found by walking in the order of the text.
func (g *graph) turn() {
	out := make([][]int, len(g.nodes))
	for i, e := range g.edges {
		out[e.from] = append(out[e.from], i)
	}
	state := make([]int, len(g.nodes)) // 1 on the way, 2 done
	var walk func(int)
	walk = func(n int) {
		state[n] = 1
		for _, i := range out[n] {
			to := g.edges[i].to
			switch state[to] {
			case 0:
				walk(to)
			case 1:
				g.edges[i].back = to != n
			}
		}
		state[n] = 2
	}
	for n := range g.nodes {
		if state[n] == 0 {
			walk(n)
		}
	}
}

// rank gives every node the length of the longest path to it. With labels every edge is two ranks long: the label stands in the middle.
func (g *graph) rank() {
	length := 1
	if slices.ContainsFunc(g.edges, func(e edge) bool { return len(e.label.lines) > 0 }) {
		length = 2
	}
	for range g.nodes { // at most as often as there are nodes: the turned edges left no cycle
		moved := false
		for i := range g.edges {
			from, to := g.edges[i].ends()
			if from != to && g.nodes[to].rank < g.nodes[from].rank+length {
				g.nodes[to].rank = g.nodes[from].rank + length
				moved = true
			}
		}
		if !moved {
			break
		}
	}
}

// bend gives long edges a bend in every rank that they pass, the middle one as large as the label, and returns the nodes of each rank.
func (g *graph) bend() [][]int {
	for i := range g.edges {
		e := &g.edges[i]
		from, to := e.ends()
		if from == to {
			continue
		}
		low, high := g.nodes[from].rank, g.nodes[to].rank
		for r := low + 1; r < high; r++ {
			n := node{rank: r, plain: true, w: edgeLane}
			if len(e.label.lines) > 0 && r == (low+high)/2 {
				n.w, n.h = e.label.w+12, e.label.h+4
				if g.across {
					n.w, n.h = n.h, n.w
				}
				n.text = e.label
			}
			e.via = append(e.via, len(g.nodes))
			g.nodes = append(g.nodes, n)
		}
	}
	var ranks [][]int
	for i, n := range g.nodes {
		for len(ranks) <= n.rank {
			ranks = append(ranks, nil)
		}
		ranks[n.rank] = append(ranks[n.rank], i)
	}
	return ranks
}

// hops are the pieces of edges between neighbouring ranks, for every node: up, then down.
func (g *graph) hops() (up, down [][]int) {
	up, down = make([][]int, len(g.nodes)), make([][]int, len(g.nodes))
	for i := range g.edges {
		from, to := g.edges[i].ends()
		if from == to {
			continue
		}
		at := from
		for _, next := range append(slices.Clone(g.edges[i].via), to) {
			down[at] = append(down[at], next)
			up[next] = append(up[next], at)
			at = next
		}
	}
	return up, down
}

// order sorts the nodes of each rank by where their neighbours are, sweeping down and up, and keeps the order with the fewest crossings.
func (g *graph) order(ranks [][]int) {
	up, down := g.hops()
	pos := make([]float64, len(g.nodes))
	number := func() {
		for _, rank := range ranks {
			for i, n := range rank {
				pos[n] = float64(i)
			}
		}
	}
	number()
	best, fewest := cloneRanks(ranks), crossings(ranks, down, pos)
	for sweep := range 12 {
		near := up
		if sweep%2 == 1 {
			near = down
		}
		for k := range ranks {
			r := k
			if sweep%2 == 1 {
				r = len(ranks) - 1 - k
			}
			middle := make(map[int]float64, len(ranks[r]))
			for _, n := range ranks[r] {
				middle[n] = mean(near[n], pos, pos[n])
			}
			slices.SortStableFunc(ranks[r], func(a, b int) int { return compare(middle[a], middle[b]) })
			for i, n := range ranks[r] {
				pos[n] = float64(i)
			}
		}
		if c := crossings(ranks, down, pos); c < fewest {
			best, fewest = cloneRanks(ranks), c
		}
	}
	copy(ranks, best)
}

func cloneRanks(ranks [][]int) [][]int {
	all := make([][]int, len(ranks))
	for i := range ranks {
		all[i] = slices.Clone(ranks[i])
	}
	return all
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func mean(near []int, pos []float64, otherwise float64) float64 {
	if len(near) == 0 {
		return otherwise
	}
	sum := 0.0
	for _, n := range near {
		sum += pos[n]
	}
	return sum / float64(len(near))
}

func crossings(ranks [][]int, down [][]int, pos []float64) int {
	count := 0
	for _, rank := range ranks {
		var ends [][2]float64
		for _, n := range rank {
			for _, to := range down[n] {
				ends = append(ends, [2]float64{pos[n], pos[to]})
			}
		}
		for i, a := range ends {
			for _, b := range ends[i+1:] {
				if (a[0]-b[0])*(a[1]-b[1]) < 0 {
					count++
				}
			}
		}
	}
	return count
}

// place sets x within ranks and y of ranks.
func (g *graph) place(ranks [][]int) {
	up, down := g.hops()
	x := make([]float64, len(g.nodes))
	for _, rank := range ranks {
		at := 0.0
		for _, n := range rank {
			x[n] = at + g.nodes[n].w/2
			at += g.nodes[n].w + gapBeside
		}
	}
	for sweep := range 10 {
		for k := range ranks {
			r, near := k, up
			if sweep%2 == 1 {
				r, near = len(ranks)-1-k, down
			}
			if sweep >= 8 { // at last, both sides count
				near = make([][]int, len(g.nodes))
				for _, n := range ranks[r] {
					near[n] = append(slices.Clone(up[n]), down[n]...)
				}
			}
			g.settle(ranks[r], near, x)
		}
	}
	y := border
	for _, rank := range ranks {
		tallest := 0.0
		for _, n := range rank {
			tallest = math.Max(tallest, g.nodes[n].h)
		}
		for _, n := range rank {
			g.nodes[n].x, g.nodes[n].y = x[n], y+tallest/2
		}
		gap := gapRanks
		if len(ranks) > 1 && g.labelled() {
			gap = gapRanks * .62 // two gaps and the label between two boxes
		}
		y += tallest + gap
	}
}

func (g *graph) labelled() bool {
	return slices.ContainsFunc(g.edges, func(e edge) bool { return len(e.label.lines) > 0 })
}

// settle moves the nodes of a rank as near to the middle of their neighbours as their order and widths let them: least squares by pooling
// neighbours that would overlap (Ayer et al. 1955).
func (g *graph) settle(rank []int, near [][]int, x []float64) {
	type pool struct {
		sum   float64
		count int
	}
	var pools []pool
	offset, offsets := 0.0, make([]float64, len(rank))
	for i, n := range rank {
		if i > 0 {
			offset += g.nodes[rank[i-1]].w/2 + gapBeside + g.nodes[n].w/2
		}
		offsets[i] = offset
		pools = append(pools, pool{sum: mean(near[n], x, x[n]) - offset, count: 1})
		for len(pools) > 1 {
			a, b := pools[len(pools)-2], pools[len(pools)-1]
			if a.sum/float64(a.count) <= b.sum/float64(b.count) {
				break
			}
			pools = append(pools[:len(pools)-2], pool{a.sum + b.sum, a.count + b.count})
		}
	}
	i := 0
	for _, p := range pools {
		for range p.count {
			x[rank[i]] = p.sum/float64(p.count) + offsets[i]
			i++
		}
	}
}

// finish moves the chart to the origin, turns it the way it was asked for, and measures it.
func (g *graph) finish(ranks [][]int) {
	left := math.Inf(1)
	for _, n := range g.nodes {
		left = math.Min(left, n.x-n.w/2)
	}
	for i := range g.nodes {
		n := &g.nodes[i]
		n.x += border - left
		g.w, g.h = math.Max(g.w, n.x+n.w/2+border), math.Max(g.h, n.y+n.h/2+border)
	}
	for i := range g.nodes {
		n := &g.nodes[i]
		if g.mirror {
			n.y = g.h - n.y
		}
		if g.across {
			n.x, n.y, n.w, n.h = n.y, n.x, n.h, n.w
		}
	}
	if g.across {
		g.w, g.h = g.h, g.w
	}
	for _, e := range g.edges {
		if e.from == e.to {
			g.w = math.Max(g.w, g.nodes[e.from].x+g.nodes[e.from].w/2+42+e.label.w)
		}
	}
}
