package site

import (
	"slices"

	"opsbook/generator/document"
	"opsbook/internal/history"
	"opsbook/internal/meta"
)

// Lag is how the original of a translation left it behind.
type Lag struct {
	Commit   history.Commit // the last that changed the original
	Known    bool           // it is known what changed; else nothing of the rest is set
	Sections []int          // of the original's Doc.Sections: those whose text changed or came
	Gone     []string       // titles of sections that went
	Keys     []string       // of front matter that the translation has too
}

// OldDocument returns a page as it was at a commit, by its path in the source, or nil if nobody knows.
type OldDocument func(commit, path string) *document.Document

// lag finds how the original of a translation changed after the translation did. A commit that changed nothing which the translation says
// too (a review was recorded, a value that translations take from their original) leaves it where it was.
func (r *resolver) lag(e *Entry) *Lag {
	if e.Source == nil || !r.remembers() {
		return nil
	}
	mine, ok := r.in.History.Files[e.Doc.Path]
	theirs, both := r.in.History.Files[e.Source.Doc.Path]
	if !ok || !both || mine.Last.Hash == theirs.Last.Hash || !theirs.Last.Date.After(mine.Last.Date) {
		return nil
	}
	l := &Lag{Commit: theirs.Last}
	if r.in.Old == nil {
		return l
	}
	// Both as Git has them: a page that is read for the site has its includes in it.
	old, now := r.in.Old(mine.Last.Hash, e.Source.Doc.Path), r.in.Old(theirs.Last.Hash, e.Source.Doc.Path)
	if old == nil || now == nil {
		return l
	}
	l.Known = true
	l.compare(old, now, e.Source.Doc)
	for _, f := range e.Doc.Front.Fields {
		if !slices.Contains([]string{"last_reviewed", "reviewed_by", "review_in", "lang", "translation_of", "aliases", "id"}, f.Key) &&
			!sameValue(old.Front.Get(f.Key), now.Front.Get(f.Key)) {
			l.Keys = append(l.Keys, f.Key)
		}
	}
	if len(l.Sections)+len(l.Gone)+len(l.Keys) == 0 {
		return nil
	}
	return l
}

// compare finds the sections that differ. A section is known by its anchor, which follows its heading.
func (l *Lag) compare(old, now, shown *document.Document) {
	at := map[string]int{}
	for i, s := range shown.Sections {
		at[s.ID] = i
	}
	before := map[string]document.Section{}
	for _, s := range old.Sections {
		before[s.ID] = s
	}
	for _, s := range now.Sections {
		was, known := before[s.ID]
		delete(before, s.ID)
		if !known && (s.Title != "" || s.Text != "") || known && (was.Title != s.Title || was.Text != s.Text) {
			l.Sections = append(l.Sections, at[s.ID]) // the first where it was renamed and not committed yet
		}
	}
	for _, s := range old.Sections {
		if _, gone := before[s.ID]; gone && s.Title != "" {
			l.Gone = append(l.Gone, s.Title)
		}
	}
}

// sameValue compares values, wherever they stand.
func sameValue(a, b meta.Value) bool {
	return a.Kind == b.Kind && a.Text == b.Text && slices.EqualFunc(a.Items, b.Items, sameValue) &&
		slices.EqualFunc(a.Fields, b.Fields, func(f, g meta.Field) bool { return f.Key == g.Key && sameValue(f.Value, g.Value) })
}
