package check

import (
	"opsbook/generator/site"
	"opsbook/internal/diag"
	"opsbook/internal/history"
)

// reviewMissing finds pages that nobody ever vouched for.
func reviewMissing(s *site.Site, tell report) {
	for _, e := range s.Entries {
		if reviewed(e) && e.Meta.LastReviewed.Text == "" {
			tell(diag.At(top(e), "review-missing", "no last_reviewed: nobody vouches for this page").
				WithHint("have its owner read it, then run opsbook review %s", e.Doc.Path))
		}
	}
}

// reviewOverdue finds pages whose review is past due.
func reviewOverdue(s *site.Site, tell report) {
	for _, e := range s.Entries {
		if reviewed(e) && !e.Review.Due.IsZero() && e.Review.Due.Before(s.Clock) {
			tell(diag.At(e.Meta.LastReviewed.Pos, "review-overdue", "the review was due on %s", e.Review.Due).
				WithHint("have its owner read it against the system it describes, then run opsbook review %s", e.Doc.Path))
		}
	}
}

// reviewBulk finds reviews of more pages than somebody can have read, recorded at once and with nothing else changed in them.
func reviewBulk(s *site.Site, tell report) {
	if s.History == nil {
		return
	}
	for _, b := range s.History.Bulks {
		var pages []*site.Entry
		for _, path := range b.Files {
			if e := s.Page(path); e != nil && reviewed(e) {
				pages = append(pages, e)
			}
		}
		if len(pages) <= history.ManyReviews {
			continue
		}
		d := diag.At(pages[0].Meta.LastReviewed.Pos, "review-bulk", "%s pages were recorded as reviewed at once, and nothing else changed in them: %s (%s, %s)",
			len(pages), b.Commit.Subject, b.Commit.Author, b.Commit.Hash[:min(7, len(b.Commit.Hash))]).
			WithHint("read each against the system it describes, and take the dates back of those that nobody read")
		for _, e := range pages[1:min(4, len(pages))] {
			d = d.WithRelated(e.Meta.LastReviewed.Pos, "this is another of them")
		}
		tell(d)
	}
}

// reviewFuture finds reviews that have not happened.
func reviewFuture(s *site.Site, tell report) {
	for _, e := range s.Entries {
		if day := e.Meta.LastReviewed; !day.IsZero() && s.Clock.Before(day.Date) {
			tell(diag.At(day.Pos, "review-future", "last_reviewed is %s, which is after today (%s)", day, s.Clock).
				WithHint("write the day on which somebody read it; when the next review is due follows from review_in"))
		}
	}
}
