package search

import "time"

const (
	// NeverReviewed stands for the due date of a document that should have one
	// and was never reviewed.
	NeverReviewed = "unreviewed"

	dueSoon = 14 * 24 * time.Hour

	// readersLanguage lifts pages in the reader's language above translations
	// and synonyms in another, and leaves a page with the very title that was
	// asked for above pages that merely mention it.
	readersLanguage = 2
)

// standing is what a document's place in an incident adds to its score: enough
// to order near-ties, not enough to overturn a better match.
func standing(d Doc, q Query) float64 {
	factor := 1.0
	if d.Boost > 0 {
		factor *= d.Boost
	}
	switch SeverityRank(d.Severity) {
	case 1:
		factor *= 1.03
	case 2:
		factor *= 1.02
	case 3:
		factor *= 1.01
	}
	switch dueState(d.Due, q.Clock) {
	case "stale":
		factor *= .985
	case NeverReviewed:
		factor *= .99
	}
	switch d.Status {
	case "deprecated":
		factor *= .8
	case "draft":
		factor *= .9
	}
	if q.Lang != "" && d.Lang == q.Lang {
		factor *= readersLanguage
	}
	return factor
}

// SeverityRank is the last digit of a severity's name: 1 for SEV1 and P1, the
// worst; 9 for a name without one.
func SeverityRank(severity string) int {
	for i := len(severity) - 1; i >= 0; i-- {
		if c := severity[i]; c >= '1' && c <= '9' {
			return int(c - '0')
		}
	}
	return 9
}

// dueState is the review state that a due date alone tells on the given day,
// "" when either is unknown.
func dueState(due, clock string) string {
	if due == "" || due == NeverReviewed || clock == "" {
		return due
	}
	if due < clock {
		return "stale"
	}
	today, err := time.Parse(time.DateOnly, clock)
	if err != nil {
		return ""
	}
	if due <= today.Add(dueSoon).Format(time.DateOnly) {
		return "due"
	}
	return "fresh"
}

// state is the review state of a document for filters: the build's where it is
// known, else what the due date tells.
func state(d Doc, clock string) string {
	if d.State != "" {
		return d.State
	}
	return dueState(d.Due, clock)
}

// States lists the review states by which documents can be filtered.
func States() []string {
	return []string{"fresh", "due", "stale", NeverReviewed, "drifted", "outdated"}
}
