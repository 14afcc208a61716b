package diagram

import (
	"regexp"
	"strings"
)

// node is one box. Its centre is set by layout.
type node struct {
	id, shape string
	text      text
	w, h      float64
	x, y      float64
	rank      int
	plain     bool // a bend of a long edge, or the label of one: no box
}

// edge leads from one node to another. line is "", "dotted", "thick"; head and tail are its ends: "arrow", "cross", "circle", "".
type edge struct {
	from, to   int
	label      text
	line       string
	head, tail string
	back       bool  // runs against the direction of the chart
	via        []int // bends, from from to to as ranks run
}

// graph is a flowchart. across swaps the axes (LR, RL), mirror turns the direction of ranks (BT, RL).
type graph struct {
	nodes          []node
	edges          []edge
	across, mirror bool
	w, h           float64
	ids            map[string]int
}

// shapes are the brackets around a label, longest first.
var shapes = []struct{ open, closing, name string }{
	{"(((", ")))", "circle"},
	{"((", "))", "circle"},
	{"([", "])", "stadium"},
	{"[[", "]]", "double"},
	{"[(", ")]", "store"},
	{"{{", "}}", "hexagon"},
	{"[/", "/]", "slant"},
	{"[/", `\]`, "slant"},
	{`[\`, `\]`, "slant"},
	{`[\`, "/]", "slant"},
	{"[", "]", "box"},
	{"(", ")", "round"},
	{"{", "}", "choice"},
	{">", "]", "box"},
}

var (
	nodeID = regexp.MustCompile(`^[\p{L}\p{N}_](?:[\p{L}\p{N}_]|[-.][\p{L}\p{N}_])*`)
	// links: tail, line, optional |label|. A label between the halves of a line is read by cutLink.
	link = regexp.MustCompile(`^([<xo])?(--+|==+|-\.+-)([>xo])?(?:\s*\|([^|]*)\|)?`)
	half = regexp.MustCompile(`^([<xo])?(--|==|-\.)\s+(.*?)\s*(--+|==+|\.+-)([>xo])?(?:\s|$)`)
)

// quiet are statements about colours and clicks: the site has its own.
var quiet = []string{"classDef ", "class ", "style ", "linkStyle ", "click "}

func readFlow(lines []string, direction string) (*graph, bool) {
	g := &graph{ids: map[string]int{}}
	switch direction {
	case "", "TD", "TB":
	case "BT":
		g.mirror = true
	case "LR":
		g.across = true
	case "RL":
		g.across, g.mirror = true, true
	default:
		return nil, false
	}
	for _, line := range lines {
		for _, statement := range splitStatements(line) {
			if _, ok := cutWord(statement, quiet...); ok {
				continue
			}
			if !g.statement(statement) || len(g.nodes) > maxNodes || len(g.edges) > maxEdges {
				return nil, false
			}
		}
	}
	return g, len(g.nodes) > 0
}

// splitStatements cuts a line at semicolons outside labels.
func splitStatements(line string) []string {
	var all []string
	depth, start := 0, 0
	for i, r := range line {
		switch r {
		case '[', '(', '{':
			depth++
		case ']', ')', '}':
			depth--
		case '"':
			if depth >= 1000 {
				depth -= 1000
			} else {
				depth += 1000
			}
		case ';':
			if depth == 0 {
				all, start = append(all, strings.TrimSpace(line[start:i])), i+1
			}
		}
	}
	return append(all, strings.TrimSpace(line[start:]))
}

// statement reads a chain of nodes: A & B --> C -- text --> D.
func (g *graph) statement(s string) bool {
	if s == "" {
		return true
	}
	from, s, ok := g.group(s)
	for ok && s != "" {
		var e edge
		var to []int
		if e, s, ok = cutLink(s); !ok {
			return false
		}
		if to, s, ok = g.group(s); !ok {
			return false
		}
		for _, a := range from {
			for _, b := range to {
				e.from, e.to = a, b
				g.edges = append(g.edges, e)
			}
		}
		from = to
	}
	return ok
}

// group reads nodes joined by &.
func (g *graph) group(s string) ([]int, string, bool) {
	var all []int
	for {
		n, rest, ok := g.node(strings.TrimSpace(s))
		if !ok {
			return nil, s, false
		}
		all = append(all, n)
		rest = strings.TrimSpace(rest)
		if !strings.HasPrefix(rest, "&") {
			return all, rest, true
		}
		s = rest[1:]
	}
}

// node reads one node, with its label where it has one here.
func (g *graph) node(s string) (int, string, bool) {
	id := nodeID.FindString(s)
	if id == "" || id == "subgraph" || id == "end" || id == "direction" {
		return 0, s, false
	}
	s = s[len(id):]
	at, known := g.ids[id]
	if !known {
		at = len(g.nodes)
		g.ids[id] = at
		g.nodes = append(g.nodes, node{id: id, shape: "box"})
		g.nodes[at].name(id)
	}
	for _, shape := range shapes {
		rest, ok := strings.CutPrefix(s, shape.open)
		if !ok {
			continue
		}
		label, rest, ok := cutLabel(rest, shape.closing)
		if !ok {
			continue
		}
		g.nodes[at].shape = shape.name
		g.nodes[at].name(label)
		s = rest
		break
	}
	if class, ok := strings.CutPrefix(s, ":::"); ok {
		s = class[len(nodeID.FindString(class)):]
	}
	return at, s, true
}

// cutLabel reads a label up to what closes it; quotes keep brackets.
func cutLabel(s, closing string) (label, rest string, ok bool) {
	if quoted, found := strings.CutPrefix(s, `"`); found {
		label, rest, ok = strings.Cut(quoted, `"`)
		if !ok {
			return "", s, false
		}
		rest, ok = strings.CutPrefix(rest, closing)
		return label, rest, ok
	}
	label, rest, ok = strings.Cut(s, closing)
	return label, rest, ok && !strings.ContainsAny(label, "[]{}")
}

// cutLink reads a link and its label.
func cutLink(s string) (edge, string, bool) {
	var e edge
	kinds := map[byte]string{'-': "", '=': "thick", '.': "dotted"}
	ends := map[string]string{"<": "arrow", ">": "arrow", "x": "cross", "o": "circle", "": ""}
	if m := half.FindStringSubmatch(s); m != nil && !link.MatchString(m[3]) {
		e.line, e.tail, e.head = kinds[m[2][len(m[2])-1]], ends[m[1]], ends[m[5]]
		e.label = wrap(strings.Trim(m[3], `"`), maxEdgeLabel)
		return e, strings.TrimSpace(s[len(m[0]):]), true
	}
	m := link.FindStringSubmatch(s)
	if m == nil {
		return e, s, false
	}
	e.line, e.tail, e.head = kinds[m[2][1]], ends[m[1]], ends[m[3]]
	if m[4] != "" {
		e.label = wrap(strings.Trim(m[4], `" `), maxEdgeLabel)
	}
	return e, strings.TrimSpace(s[len(m[0]):]), true
}

// How wide labels are at most before they wrap.
const (
	maxLabel     = 13 * size
	maxEdgeLabel = 11 * size
)

// name gives a node its label and the size that the label needs in its shape.
func (n *node) name(label string) {
	n.text = wrap(label, maxLabel)
	n.w, n.h = n.text.w+26, n.text.h+18
	switch n.shape {
	case "choice":
		n.w, n.h = n.text.w*1.35+34, n.text.h*1.6+28
	case "circle":
		d := max(n.text.w, n.text.h)*1.12 + 24
		n.w, n.h = d, d
	case "stadium", "hexagon", "slant", "double":
		n.w += 18
	case "store":
		n.h += 14
	}
	n.w = max(n.w, 48)
}
