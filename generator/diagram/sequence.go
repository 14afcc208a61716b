package diagram

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// sequence is who says what to whom, from top to bottom.
type sequence struct {
	actors []actor
	ids    map[string]int
	rows   []row
	number bool
}

type actor struct {
	text   text
	person bool
	x      float64
}

// row is a message, a note, or the edge of a frame around others.
type row struct {
	kind     string // "message", "remark", "open", "else", "close"
	from, to int
	text     text
	dashed   bool
	head     string
	word     string // of a frame: loop, alt, …
	over     string // of a note: "left", "right", "over"
	lo, hi   int    // actors that a frame spans
	y, h     float64
	closing  int // of an open frame: its last row
	depth    int
}

var (
	message = regexp.MustCompile(`^(.+?)\s*(--?>>|--?>|--?x|--?\))\s*([+-]?)\s*([^:]+?)\s*:\s*(.*)$`)
	remark  = regexp.MustCompile(`^(?i:note)\s+(left of|right of|over)\s+([^:]+?)\s*:\s*(.*)$`)
	frames  = []string{"loop", "alt", "opt", "par", "critical", "break"}
)

func readSequence(lines []string) (*sequence, bool) {
	q := &sequence{ids: map[string]int{}}
	var open []int
	count := 0
	for _, line := range lines {
		word, rest, _ := strings.Cut(line, " ")
		rest = strings.TrimSpace(rest)
		switch {
		case word == "participant" || word == "actor":
			id, name, named := strings.Cut(rest, " as ")
			at := q.actor(strings.TrimSpace(id))
			if named {
				q.actors[at].text = wrap(strings.TrimSpace(name), maxLabel)
			}
			q.actors[at].person = word == "actor"
		case word == "autonumber":
			q.number = true
		case word == "activate" || word == "deactivate":
		case contains(frames, word):
			open = append(open, len(q.rows))
			q.rows = append(q.rows, row{kind: "open", word: word, text: wrap(rest, 3*maxLabel), lo: math.MaxInt, hi: -1, depth: len(open)})
		case (word == "else" || word == "and" || word == "option") && len(open) > 0:
			q.rows = append(q.rows, row{kind: "else", word: word, text: wrap(rest, 3*maxLabel), lo: open[len(open)-1], depth: len(open)})
		case word == "end" && len(open) > 0:
			q.rows[open[len(open)-1]].closing = len(q.rows)
			q.rows = append(q.rows, row{kind: "close", depth: len(open)})
			open = open[:len(open)-1]
		case q.note(line), q.message(line, &count):
			q.widen(open)
		default:
			return nil, false
		}
		if len(q.actors) > maxNodes/4 || len(q.rows) > maxEdges {
			return nil, false
		}
	}
	return q, len(q.actors) > 0 && len(open) == 0
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

func (q *sequence) actor(id string) int {
	at, ok := q.ids[id]
	if !ok {
		at = len(q.actors)
		q.ids[id] = at
		q.actors = append(q.actors, actor{text: wrap(id, maxLabel)})
	}
	return at
}

func (q *sequence) note(line string) bool {
	m := remark.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	a, b, two := strings.Cut(m[2], ",")
	r := row{kind: "remark", over: strings.ToLower(strings.Fields(m[1])[0]), from: q.actor(strings.TrimSpace(a)), text: wrap(m[3], maxLabel)}
	r.to = r.from
	if two {
		r.to = q.actor(strings.TrimSpace(b))
	}
	q.rows = append(q.rows, r)
	return true
}

func (q *sequence) message(line string, count *int) bool {
	m := message.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	arrow := m[2]
	r := row{kind: "message", from: q.actor(strings.TrimSpace(m[1])), dashed: strings.HasPrefix(arrow, "--")}
	r.to = q.actor(strings.TrimSpace(m[4]))
	r.head = map[byte]string{'>': "arrow", 'x': "cross", ')': "open"}[arrow[len(arrow)-1]]
	if strings.Count(arrow, ">") == 1 {
		r.head = ""
	}
	label := m[5]
	if q.number {
		*count++
		label = strconv.Itoa(*count) + ". " + label
	}
	r.text = wrap(label, maxLabel)
	q.rows = append(q.rows, r)
	return true
}

// widen makes the open frames as wide as the newest row needs.
func (q *sequence) widen(open []int) {
	r := q.rows[len(q.rows)-1]
	for _, i := range open {
		f := &q.rows[i]
		f.lo, f.hi = min(f.lo, r.from, r.to), max(f.hi, r.from, r.to)
	}
}

// place sets the lifelines as far apart as what is said between neighbours needs, and the rows one below the other.
func (q *sequence) place() (w, h, top float64) {
	gaps := make([]float64, len(q.actors)+1) // gaps[i] is before actor i
	for i, a := range q.actors {
		top = math.Max(top, a.text.h+18)
		gaps[i] = math.Max(gaps[i], a.text.w/2+20)
		gaps[i+1] = a.text.w/2 + 20
		if i > 0 {
			gaps[i] = q.actors[i-1].text.w/2 + a.text.w/2 + 44
		}
	}
	need := func(lo, hi int, width float64) {
		for i := lo + 1; i <= hi; i++ {
			gaps[i] = math.Max(gaps[i], width/float64(hi-lo))
		}
	}
	for _, r := range q.rows {
		lo, hi := min(r.from, r.to), max(r.from, r.to)
		switch {
		case r.kind == "message" && lo == hi:
			gaps[hi+1] = math.Max(gaps[hi+1], r.text.w+70)
		case r.kind == "message":
			need(lo, hi, r.text.w+30)
		case r.kind == "remark" && r.over == "left":
			gaps[lo] = math.Max(gaps[lo], r.text.w+50)
		case r.kind == "remark" && r.over == "right":
			gaps[hi+1] = math.Max(gaps[hi+1], r.text.w+50)
		case r.kind == "remark":
			gaps[lo], gaps[hi+1] = math.Max(gaps[lo], r.text.w/2+26), math.Max(gaps[hi+1], r.text.w/2+26)
		case r.kind == "open" && r.hi >= 0:
			gaps[r.lo], gaps[r.hi+1] = math.Max(gaps[r.lo], 60), math.Max(gaps[r.hi+1], math.Max(60, r.text.w+measure(r.word)+40-40*float64(r.hi-r.lo)))
		}
	}
	x := 0.0
	for i := range q.actors {
		x += gaps[i]
		q.actors[i].x = x
	}
	w = x + gaps[len(q.actors)]
	y := border + top + 20
	for i := range q.rows {
		r := &q.rows[i]
		r.y = y
		switch r.kind {
		case "message":
			r.h = r.text.h + 18
			if r.from == r.to {
				r.h += 14
			}
		case "remark":
			r.h = r.text.h + 26
		case "open":
			r.h = r.text.h + 14
		case "else":
			r.h = r.text.h + 12
		case "close":
			r.h = 14
		}
		y += r.h
	}
	return w, y + 10, top
}

func (q *sequence) svg(label string) string {
	w, h, top := q.place()
	var c canvas
	c.open(w, h, label)
	for _, a := range q.actors {
		c.path("life", "M"+num(a.x)+" "+num(border+top)+"V"+num(h-4))
	}
	for _, r := range q.rows {
		q.drawRow(&c, r)
	}
	for _, a := range q.actors {
		r := 3.0
		if a.person {
			r = top / 2
		}
		c.rect("box", a.x-a.text.w/2-13, border, a.text.w+26, top, r)
		c.text("name", a.text, a.x, border+top/2)
	}
	c.close()
	return c.String()
}

func (q *sequence) drawRow(c *canvas, r row) {
	switch r.kind {
	case "message":
		q.drawMessage(c, r)
	case "remark":
		lo, hi := min(r.from, r.to), max(r.from, r.to)
		x := (q.actors[lo].x + q.actors[hi].x) / 2
		width := math.Max(r.text.w+20, q.actors[hi].x-q.actors[lo].x+30)
		switch r.over {
		case "left":
			x, width = q.actors[lo].x-r.text.w/2-20, r.text.w+20
		case "right":
			x, width = q.actors[hi].x+r.text.w/2+20, r.text.w+20
		}
		c.rect("note", x-width/2, r.y, width, r.text.h+12, 3)
		c.text("word", r.text, x, r.y+r.text.h/2+6)
	case "open":
		if r.hi < 0 {
			return
		}
		l, right := q.actors[r.lo].x-52+6*float64(r.depth), q.actors[r.hi].x+52-6*float64(r.depth)
		end := q.rows[r.closing]
		c.rect("frame", l, r.y, right-l, end.y-r.y+6, 3)
		word := wrap(r.word, maxLabel)
		c.rect("tagged", l, r.y, word.w+14, leader, 0)
		c.text("word", word, l+word.w/2+7, r.y+leader/2)
		c.text("word", r.text, l+word.w+22+r.text.w/2, r.y+r.text.h/2)
	case "else":
		f := q.rows[r.lo]
		if f.hi < 0 {
			return
		}
		l, right := q.actors[f.lo].x-52+6*float64(f.depth), q.actors[f.hi].x+52-6*float64(f.depth)
		c.path("line dotted", "M"+num(l)+" "+num(r.y)+"H"+num(right))
		c.text("word", r.text, l+12+r.text.w/2, r.y+2+r.text.h/2)
	}
}

func (q *sequence) drawMessage(c *canvas, r row) {
	class := "line"
	if r.dashed {
		class += " dotted"
	}
	from, to := q.actors[r.from].x, q.actors[r.to].x
	y := r.y + r.text.h + 4
	if r.from == r.to {
		c.text("word", r.text, from+12+r.text.w/2, r.y+r.text.h/2)
		c.path(class, "M"+num(from)+" "+num(y)+"h30v14H"+num(from+2))
		c.head(r.head, point{from + 1, y + 14}, point{from + 20, y + 14})
		return
	}
	c.text("word", r.text, (from+to)/2, r.y+r.text.h/2)
	c.path(class, "M"+num(from)+" "+num(y)+"H"+num(to))
	c.head(r.head, point{to, y}, point{from, y})
}
