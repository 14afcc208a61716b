//go:build browser && !measure

package main

import "slices"

// mostVisits is how many first visits a busy machine may need for one that it paints in time.
const mostVisits = 5

// painted says whether one of the largest paints of first visits keeps its budget.
func painted(paints []float64) bool {
	return slices.ContainsFunc(paints, func(p float64) bool { return p > 0 && p <= paintBudget })
}
