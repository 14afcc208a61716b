package page

import (
	"slices"

	"opsbook/generator/site"
	"opsbook/internal/meta"
)

// maxDiffLines is how many lines of diffs one page shows: some 40 KB, which compress to a quarter.
const maxDiffLines = 500

// commits is what the last commits changed in the pages that readers see. Drafts, what is kept for the record and what is gone are counted:
// a page says of no other what it may not show itself.
func (pl *planner) commits(l language) []Commit {
	if pl.s.History == nil || !pl.s.History.Known {
		return nil
	}
	byPath := map[string]*site.Entry{}
	for _, e := range pl.s.Entries {
		if listed(e) {
			byPath[e.Doc.Path] = e
		}
	}
	var all []Commit
	left := maxDiffLines
	for _, d := range pl.s.History.Diffs {
		c := Commit{
			On: meta.DateOf(d.Commit.Date.In(pl.zone)).String(), Who: d.Commit.Author, Message: d.Commit.Subject, URL: pl.host("commit/" + d.Commit.Hash), More: d.More,
		}
		for _, f := range d.Files {
			e := byPath[f.Now]
			if e == nil || f.What == 'D' {
				c.More++
				continue
			}
			change := FileChange{Link: link(e, l.code), What: map[byte]string{'A': "added", 'M': "changed"}[f.What], More: f.More}
			change.Lang = e.Lang
			if f.Old != "" {
				change.What = "renamed"
			}
			shown := f.Text[:min(left, len(f.Text))]
			change.More += len(f.Text) - len(shown)
			left -= len(shown)
			for _, line := range shown {
				change.Lines = append(change.Lines, DiffLine{string(line.Sign), line.Text})
			}
			c.Files = append(c.Files, change)
		}
		if len(c.Files)+c.More > 0 {
			all = append(all, c)
		}
	}
	return slices.Clip(all)
}
