package diag

import (
	"slices"
	"strings"
)

// Nearest returns which of the known words a misspelt one most likely means: within two letters of it (added, left out, changed or
// swapped with a neighbour), letter case aside, and not so short that anything would be near. Of equally near ones it is the first in
// alphabetical order.
func Nearest(word string, known []string) (string, bool) {
	a := []rune(strings.ToLower(word))
	best, least := "", 3
	for _, k := range slices.Sorted(slices.Values(known)) {
		b := []rune(strings.ToLower(k))
		limit := min(2, max(len(a), len(b))/2)
		if d := letters(a, b, limit); d <= limit && d < least {
			best, least = k, d
		}
	}
	return best, least < 3
}

// OnlyNear is Nearest where no other known word is within two letters: what a misspelt one must mean.
func OnlyNear(word string, known []string) (string, bool) {
	near, ok := Nearest(word, known)
	if !ok {
		return "", false
	}
	_, other := Nearest(word, slices.DeleteFunc(slices.Clone(known), func(k string) bool { return k == near }))
	return near, !other
}

// letters counts the letters to add, leave out, change or swap to make b of a (optimal string alignment), or more than limit.
func letters(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit && slices.Min(last) > limit {
			return limit + 1 // a swap reaches back two rows, nothing further
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
