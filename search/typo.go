package search

const (
	minTypo  = 5 // letters a word needs before one edit is forgiven
	minTypo2 = 8 // and two

	// minTypoKnown is what a word needs that a document or two hold: short words
	// of a letter's difference are often both meant.
	minTypoKnown = 7

	maxTypos = 6 // spellings tried for one word
)

// InLexicon says that a term can be what a misspelt word meant: plain letters,
// neither short nor encoded data.
func InLexicon(term string) bool {
	return len(term) >= minTypo-1 && len(term) <= 24 && letterWord(term)
}

// edits returns the number of insertions, deletions, replacements and swaps of
// neighbours between two ASCII words, or limit+1 when it is more than limit.
func edits(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(next[j-1]+1, row[j]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			next[j] = d
			best = min(best, d)
		}
		if best > limit {
			return limit + 1
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
