//go:build browser && measure

package main

// mostVisits is how many first visits make bench-page pays.
const mostVisits = 10

// painted says whether the largest paints of first visits keep their budget: on a machine that does nothing else, half of ten do.
func painted(paints []float64) bool {
	kept := 0
	for _, p := range paints {
		if p > 0 && p <= paintBudget {
			kept++
		}
	}
	return len(paints) == mostVisits && kept > mostVisits/2
}
