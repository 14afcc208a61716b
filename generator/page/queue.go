package page

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"opsbook/generator/site"
)

// states are the review states in the order of urgency.
var states = []site.State{site.Stale, site.Due, site.Drifted, site.Outdated, site.Unreviewed, site.Fresh}

// A queue shows whole what needs a review now, up to a number that a person can look through, and what falls due next: a browser moves
// these when their day comes.
const (
	maxWaiting = 300
	maxNext    = 100
)

// queue plans the review queue: by state and due date, and by owner.
func (pl *planner) queue(l language) {
	entries := pl.primary(l, func(e *site.Entry) bool { return listed(e) && reviewed(e) })
	if len(entries) == 0 {
		return
	}
	p := pl.generated(l, "review/", Label{Key: "review.queue"}, "queue")
	rows := 0
	for _, state := range states {
		rows += min(queued(state), len(inState(entries, state)))
	}
	p.plan(rows, func(p *Page) { p.Queue = pl.queueOf(entries, l) })
	p.addLedgers(pl.ahead(entries, l), pl.toTranslate(l), pl.idle(l))
	p.form("reviews.ics", "reviews.json", "docs.json")
}

// queued is how many pages in a state the queue shows.
func queued(state site.State) int {
	if state == site.Fresh {
		return maxNext
	}
	return maxWaiting
}

func (pl *planner) queueOf(entries []*site.Entry, l language) *Queue {
	q := &Queue{All: pl.tally(Link{}, entries)}
	var shown []*Item
	for _, state := range states {
		g := Group{ID: string(state), Title: Label{Key: "state." + string(state)}, Items: pl.byDue(inState(entries, state), l)}
		if state == site.Fresh {
			g.Title = Label{Key: "queue.fresh"}
		}
		g.Items = g.Items[:min(queued(state), len(g.Items))]
		q.Groups = append(q.Groups, g)
		shown = append(shown, g.Items...)
	}
	q.Facets = slices.DeleteFunc(facets(shown), func(f Facet) bool { return f.Key == "severity" }) // rows are in order of time: no place to lead to
	by := map[string][]*site.Entry{}
	names := map[string]Link{}
	for _, e := range entries {
		to := Link{Label: Label{Key: "owner.none"}}
		if of := owner(e, l); of != nil {
			to = *of
		}
		by[to.Rel] = append(by[to.Rel], e)
		names[to.Rel] = to
	}
	for _, id := range slices.Sorted(maps.Keys(by)) {
		q.Teams = append(q.Teams, pl.tally(names[id], by[id]))
		q.Most = max(q.Most, len(by[id]))
	}
	return q
}

// inState returns the entries in a state. Fresh ones without a due date wait for nothing.
func inState(entries []*site.Entry, state site.State) []*site.Entry {
	var some []*site.Entry
	for _, e := range entries {
		if e.Review.State == state && (state != site.Fresh || !e.Review.Due.IsZero()) {
			some = append(some, e)
		}
	}
	return some
}

// byDue is rows by due date, then by severity.
func (pl *planner) byDue(entries []*site.Entry, l language) []*Item {
	items := pl.itemsOf(entries, l)
	slices.SortFunc(items, func(a, b *Item) int { return cmp.Or(cmp.Compare(dueOrLast(a), dueOrLast(b)), byRank(a, b)) })
	return items
}

func dueOrLast(it *Item) string { return cmp.Or(it.Review.Due, "9999") }

// first is what needs a review first: the head of the queue.
func (pl *planner) first(l language, n int) []*Item {
	entries := pl.primary(l, func(e *site.Entry) bool { return listed(e) && reviewed(e) })
	var items []*Item
	for _, state := range []site.State{site.Stale, site.Due, site.Drifted, site.Outdated} {
		items = append(items, pl.byDue(inState(entries, state), l)...)
	}
	return items[:min(n, len(items))]
}

// tally counts states, and keeps the due dates of what is fresh or due so that a browser can count anew.
func (pl *planner) tally(name Link, entries []*site.Entry) Tally {
	t := Tally{Name: name}
	counts, dues := map[site.State]int{}, map[string]int{}
	for _, e := range entries {
		state := e.Review.State
		if state == site.Exempt {
			continue
		}
		counts[state]++
		t.Total++
		if state != site.Unreviewed && state != site.Stale && !e.Review.Due.IsZero() {
			dues[e.Review.Due.String()+"*%d*"+string(state)]++
		}
	}
	for _, s := range states {
		t.Count = append(t.Count, StateCount{State: string(s), Count: counts[s]})
	}
	var parts []string
	for _, due := range slices.Sorted(maps.Keys(dues)) {
		parts = append(parts, fmt.Sprintf(due, dues[due]))
	}
	t.Dues = strings.Join(parts, " ")
	return t
}
