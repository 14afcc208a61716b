package site

import (
	"cmp"
	"slices"
	"time"

	"opsbook/internal/meta"
)

// idleDays is how long nobody has changed, reviewed or run a page that may as well be archived.
const idleDays = 365

// Idle is a page that hardly anybody would miss: nothing leads to it but at most one page, it answers no alert, and for a year nobody
// changed, reviewed or ran it.
type Idle struct {
	Entry   *Entry
	Updated meta.Date // last change that Git knows, else last review
	Links   int       // pages that lead here
	Ran     meta.Date // last run or drill; zero: none is known
}

// Idle returns the candidates for the archive, the least updated first, then the least linked, then the least run. A page of which
// neither Git nor its review tells how old it is, is none.
func (s *Site) Idle() []Idle {
	var all []Idle
	for _, e := range s.Entries {
		if e.Source != nil || e.Index || e.Status == "archived" || e.Status == "draft" || len(e.Alerts) > 0 || len(e.Backlinks) > 1 || e.Of != nil {
			continue
		}
		i := Idle{Entry: e, Updated: s.updated(e), Links: len(e.Backlinks)}
		for _, r := range e.Records {
			if ran := r.Meta.Record.Started; !ran.IsZero() {
				i.Ran = later(i.Ran, meta.DateOf(ran.In(time.UTC)))
			}
		}
		if !i.Updated.IsZero() && s.Clock.Days()-later(i.Updated, i.Ran).Days() > idleDays {
			all = append(all, i)
		}
	}
	slices.SortStableFunc(all, func(a, b Idle) int {
		return cmp.Or(cmp.Compare(a.Updated.Days(), b.Updated.Days()), cmp.Compare(a.Links, b.Links), cmp.Compare(a.Ran.Days(), b.Ran.Days()))
	})
	return all
}

// updated is when somebody last worked on a page.
func (s *Site) updated(e *Entry) meta.Date {
	last := e.Meta.LastReviewed.Date
	if s.History == nil || !s.History.Known {
		return last
	}
	if f, ok := s.History.Files[e.Doc.Path]; ok {
		return later(last, meta.DateOf(f.Last.Date))
	}
	return s.Clock // not committed yet: it is being written
}

func later(a, b meta.Date) meta.Date {
	if a.Before(b) {
		return b
	}
	return a
}
