package site

import (
	"time"

	"opsbook/generator/doctype"
	"opsbook/internal/diag"
	"opsbook/internal/history"
	"opsbook/internal/meta"
)

// DueDays is how long before its due date a page asks for its review.
const DueDays = 14

// maxReasons is how many commits a page names as reasons; the rest are counted.
const maxReasons = 5

// review works out how far a page can be trusted, and why. Of several states the gravest counts, and all reasons are kept.
func (r *resolver) review(w *work) {
	every, timed := r.interval(w.Entry)
	if w.Status == "draft" || w.Status == "archived" || !timed && !w.Type.Has(doctype.Reviewed) || w.Index && w.Meta.LastReviewed.IsZero() {
		return
	}
	rv := &w.Review
	last := w.Meta.LastReviewed.Date
	if timed && !last.IsZero() {
		rv.Due = last.Add(every)
	}
	drift := r.drift(w.Entry)
	w.Lag = r.lag(w.Entry)
	var lag []diag.Text
	if w.Lag != nil {
		lag = append(lag, r.commit("the original changed on %s: %s (%s, %s)", w.Lag.Commit))
	}
	days := rv.Due.Days() - r.in.Clock.Days()
	switch {
	case last.IsZero():
		rv.State = Unreviewed
		rv.Reasons = append(rv.Reasons, diag.T("nobody has reviewed this page yet"))
	case !rv.Due.IsZero() && days < 0:
		rv.State = Stale
		rv.Reasons = append(rv.Reasons, diag.T("the review was due on %s", rv.Due))
	case !rv.Due.IsZero() && days <= DueDays:
		rv.State = Due
		rv.Reasons = append(rv.Reasons, diag.T("the review is due on %s", rv.Due))
	default:
		rv.State = Fresh
	}
	if len(lag) > 0 && (rv.State == Fresh || rv.State == Due) {
		rv.State = Outdated
	}
	if len(drift) > 0 && rv.State != Stale && rv.State != Unreviewed {
		rv.State = Drifted
	}
	rv.Reasons = append(append(rv.Reasons, drift...), lag...)
}

// interval is after how long a page must be reviewed again: by itself, by the site, by its type. timed is false when it never falls due: a
// type that is not reviewed is so only where the site names it.
func (r *resolver) interval(e *Entry) (every meta.Span, timed bool) {
	if !e.Meta.ReviewIn.IsZero() {
		return e.Meta.ReviewIn, true
	}
	if !e.Type.Has(doctype.Reviewed) && len(r.in.Config.ReviewIn[e.Type.Name]) == 0 {
		return meta.Span{}, false
	}
	if s, ok := r.in.Config.ReviewEvery(e.Type.Name, e.Severity); ok {
		return s, !s.IsZero()
	}
	s, ok := e.Type.ReviewIn[e.Severity]
	if !ok {
		s = e.Type.ReviewIn["default"]
	}
	return s, !s.IsZero()
}

// remembers reports whether Git could tell the past of the content.
func (r *resolver) remembers() bool { return r.in.History != nil && r.in.History.Known }

// drift are the commits that changed a watched file after the page was reviewed.
func (r *resolver) drift(e *Entry) []diag.Text {
	last := e.Meta.LastReviewed.Date
	if len(e.Meta.Watches) == 0 || last.IsZero() || !r.remembers() {
		return nil
	}
	// A review is of a day; what was committed on it was there to be seen.
	since := time.Date(last.Year, time.Month(last.Month), last.Day+1, 0, 0, 0, 0, r.zone).Add(-time.Second)
	var out []diag.Text
	commits := r.watched.since(e.Meta.Watches, since)
	for i, c := range commits {
		if i == maxReasons {
			out = append(out, diag.T("and %s more changes", len(commits)-i))
			break
		}
		out = append(out, r.commit("a watched file changed on %s: %s (%s, %s)", c))
	}
	return out
}

// commit says when a commit was made, what it did, by whom, and its short hash.
func (r *resolver) commit(format string, c history.Commit) diag.Text {
	return diag.T(format, meta.DateOf(c.Date.In(r.zone)), c.Subject, c.Author, c.Hash[:min(7, len(c.Hash))])
}
