package page

import (
	"slices"

	"opsbook/generator/site"
	"opsbook/internal/meta"
)

// maxDiffBytes is how much text of diffs one page shows; it compresses to a third.
const maxDiffBytes = 32 << 10

// commits is what the last commits changed in the pages that readers see. Drafts, what is kept for the record and what is gone are counted:
// a page says of no other what it may not show itself.
func (pl *planner) commits() []Commit {
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
	left := maxDiffBytes
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
			change := FileChange{Link: link(e, e.Lang), In: e.Lang, What: map[byte]string{'A': "added", 'M': "changed"}[f.What], More: f.More}
			if f.Old != "" {
				change.What = "renamed"
			}
			for i, line := range f.Text {
				if left -= len(line.Text); left < 0 {
					change.More += len(f.Text) - i
					break
				}
				change.Lines = append(change.Lines, DiffLine{Sign: string(line.Sign), Text: line.Text})
			}
			markChanges(change.Lines)
			c.Files = append(c.Files, change)
		}
		if len(c.Files)+c.More > 0 {
			all = append(all, c)
		}
	}
	return slices.Clip(all)
}

// markChanges marks in lines that were rewritten what is new in them: a word is hard to see in a long paragraph.
func markChanges(lines []DiffLine) {
	for i := 0; i < len(lines); {
		from := i
		for i < len(lines) && lines[i].Sign == "-" {
			i++
		}
		gone := i - from
		for i < len(lines) && lines[i].Sign == "+" {
			i++
		}
		if came := i - from - gone; gone > 0 && came == gone {
			for k := range gone {
				markPair(&lines[from+k], &lines[from+gone+k])
			}
		}
		if i == from {
			i++
		}
	}
}

// markPair cuts two lines where they begin and end to differ, if more of them is alike than not.
func markPair(old, now *DiffLine) {
	a, b := []rune(old.Text), []rune(now.Text)
	most := min(len(a), len(b))
	head := 0
	for head < most && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < most-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	if 2*(head+tail) < most {
		return
	}
	cut := func(line *DiffLine, text []rune) {
		line.Text, line.Mark, line.Rest = string(text[:head]), string(text[head:len(text)-tail]), string(text[len(text)-tail:])
	}
	cut(old, a)
	cut(now, b)
}
