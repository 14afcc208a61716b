package check

import (
	"opsbook/generator/site"
	"opsbook/internal/diag"
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

// reviewFuture finds reviews that have not happened.
func reviewFuture(s *site.Site, tell report) {
	for _, e := range s.Entries {
		if day := e.Meta.LastReviewed; !day.IsZero() && s.Clock.Before(day.Date) {
			tell(diag.At(day.Pos, "review-future", "last_reviewed is %s, which is after today (%s)", day, s.Clock).
				WithHint("write the day on which somebody read it; when the next review is due follows from review_in"))
		}
	}
}
