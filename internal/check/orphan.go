package check

import (
	"slices"

	"opsbook/generator/site"
	"opsbook/internal/diag"
)

// orphans finds pages that have to be kept true but that nothing leads to. A folder in which fewer than half of the pages are linked is read
// by its list, and there no page is more alone than the others.
func orphans(s *site.Site, tell report) {
	pages, linked := map[*site.Folder]int{}, map[*site.Folder]int{}
	for _, e := range s.Entries {
		if !e.Index && e.Source == nil {
			pages[e.Folder]++
			if reached(e) {
				linked[e.Folder]++
			}
		}
	}
	for _, e := range s.Entries {
		if e.Index || e.Source != nil || !reviewed(e) || 2*linked[e.Folder] < pages[e.Folder] || reached(e) {
			continue
		}
		tell(diag.At(top(e), "orphan", "no page leads here").
			WithHint("link to it from the page whose reader needs it, name the alert that it answers, or archive it"))
	}
}

// reached reports whether something leads to a page in any of its languages: a page, an alert, a calendar.
func reached(e *site.Entry) bool {
	linked := func(e *site.Entry) bool { return len(e.Backlinks) > 0 }
	return linked(e) || slices.ContainsFunc(e.Others, linked) || len(e.Alerts) > 0 || !e.Meta.Schedule.IsZero() || !e.Meta.Trigger.IsZero()
}
