// Package compare tells what a change does to a site: which pages, alerts and steps are other than before, and whom to ask about them.
//
// It reads two sites that are resolved as of the same day. What is wrong with them is not its concern.
package compare

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"opsbook/generator/site"
	"opsbook/internal/config"
)

// Page is a page that a change touches. Was is nil for a new page, Is for one that is gone.
type Page struct {
	Was, Is *site.Entry
	Gained  []string // alerts that it answers now and did not before
	Lost    []string
	Steps   []Step
}

// Now is the page as it is, or as it last was.
func (p Page) Now() *site.Entry { return cmp.Or(p.Is, p.Was) }

// Renamed reports whether one alert took the place of another.
func (p Page) Renamed() bool { return p.Is != nil && len(p.Gained) == 1 && len(p.Lost) == 1 }

// Owners are who answers for the page, or did before the change; each once.
func (p Page) Owners() []*config.Party {
	var all []*config.Party
	for _, e := range []*site.Entry{p.Is, p.Was} {
		if e == nil || e.Owner == nil || slices.ContainsFunc(all, func(o *config.Party) bool { return o.ID == e.Owner.ID }) {
			continue
		}
		all = append(all, e.Owner)
	}
	return all
}

// Step is a step that a change touches. Was is "" for a new step, Is for one that is gone; both are the same if only what stands below the
// first sentence changed, such as a command.
type Step struct {
	Number  string // as it is, or as it last was
	Was, Is string
}

// Sites returns the pages that differ, by path. Renamed leads from paths of the site as it was to those as it is.
func Sites(was, is *site.Site, renamed map[string]string) []Page {
	before := map[string]*site.Entry{}
	for _, e := range was.Entries {
		before[cmp.Or(renamed[e.Doc.Path], e.Doc.Path)] = e
	}
	var pages []Page
	for _, e := range is.Entries {
		old := before[e.Doc.Path]
		delete(before, e.Doc.Path)
		if old == nil || old.Doc.Path != e.Doc.Path || old.Doc.Hash != e.Doc.Hash {
			pages = append(pages, page(old, e))
		}
	}
	for _, old := range before {
		pages = append(pages, page(old, nil))
	}
	slices.SortFunc(pages, func(a, b Page) int { return cmp.Compare(a.Now().Doc.Path, b.Now().Doc.Path) })
	return pages
}

func page(was, is *site.Entry) Page {
	p := Page{Was: was, Is: is}
	var before, now []string
	if was != nil {
		before = was.Alerts
	}
	if is != nil {
		now = is.Alerts
	}
	p.Gained, p.Lost = without(now, before), without(before, now)
	p.Steps = steps(flat(was), flat(is))
	return p
}

// without returns the names of a that are not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(name string) bool { return slices.Contains(b, name) })
}

// step is a step with everything that is written in it.
type step struct{ number, text, whole string }

// flat returns the steps of a page in reading order.
func flat(e *site.Entry) []step {
	if e == nil {
		return nil
	}
	var out []step
	for _, g := range e.Groups {
		var all []site.RunStep
		var walk func([]site.RunStep)
		walk = func(steps []site.RunStep) {
			for _, s := range steps {
				all = append(all, s)
				walk(s.Steps)
			}
		}
		walk(g.Steps)
		end := len(e.Doc.Text)
		for _, s := range e.Doc.Sections[g.Section+1:] {
			if s.Level <= e.Doc.Sections[g.Section].Level {
				end = s.At
				break
			}
		}
		for i, s := range all {
			stop := end
			if i+1 < len(all) && all[i+1].At > s.At {
				stop = all[i+1].At
			}
			whole := ""
			if s.At < stop && stop <= len(e.Doc.Text) {
				// The line of the next step begins with its mark.
				if line := bytes.LastIndexByte(e.Doc.Text[:stop], '\n') + 1; line > s.At && stop < len(e.Doc.Text) {
					stop = line
				}
				whole = strings.TrimSpace(string(e.Doc.Text[s.At:stop]))
			}
			out = append(out, step{s.Number, s.Text, whole})
		}
	}
	return out
}

// steps returns what differs between two lists of steps: what both have in the same order is left out, and between that a step that is gone
// and one that is new in its place are one that changed.
func steps(was, is []step) []Step {
	same := func(i, j int) bool { return was[i].whole == is[j].whole && was[i].text == is[j].text }
	// length[i][j] is how many steps the lists from i and j on have in common.
	length := make([][]int, len(was)+1)
	for i := range length {
		length[i] = make([]int, len(is)+1)
	}
	for i := len(was) - 1; i >= 0; i-- {
		for j := len(is) - 1; j >= 0; j-- {
			if same(i, j) {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var out []Step
	i, j := 0, 0
	for i < len(was) || j < len(is) {
		var gone, come []step
		for (i < len(was) || j < len(is)) && !(i < len(was) && j < len(is) && same(i, j)) {
			if j == len(is) || i < len(was) && length[i+1][j] >= length[i][j+1] {
				gone = append(gone, was[i])
				i++
			} else {
				come = append(come, is[j])
				j++
			}
		}
		out = append(out, pair(gone, come)...)
		i, j = i+1, j+1
	}
	return out
}

// pair makes one changed step of each that is gone and the one that came in its place: the one with the same words, else the next.
func pair(gone, come []step) []Step {
	var out []Step
	for _, c := range come {
		at := slices.IndexFunc(gone, func(g step) bool { return g.text == c.text })
		if at < 0 && len(gone) > 0 && !slices.ContainsFunc(come, func(o step) bool { return o.text == gone[0].text }) {
			at = 0
		}
		if at < 0 {
			out = append(out, Step{Number: c.number, Is: c.text})
			continue
		}
		out = append(out, Step{Number: c.number, Was: gone[at].text, Is: c.text})
		gone = slices.Delete(gone, at, at+1)
	}
	for _, g := range gone {
		out = append(out, Step{Number: g.number, Was: g.text})
	}
	return out
}
