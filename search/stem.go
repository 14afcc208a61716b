package search

import "strings"

// stem returns what the English inflections of a word share: restart for
// restarts, restarted and restarting. It is used on queries only, to compare
// words of the index with; the index holds words as they are. Rules are few so
// that the browser's port stays small; a wrong one costs rank, not results.
func stem(w string) string {
	if len(w) < 4 || !letterWord(w) {
		return w
	}
	switch {
	case strings.HasSuffix(w, "ies") && len(w) > 4:
		w = w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "shes"), strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "xes"):
		w = w[:len(w)-2]
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !strings.HasSuffix(w, "us") && !strings.HasSuffix(w, "is"):
		w = w[:len(w)-1]
	}
	for _, suffix := range [...]string{"ing", "ed", "ion", "ment", "er"} {
		bare, found := strings.CutSuffix(w, suffix)
		if !found || len(bare) < 3 || !strings.ContainsAny(bare, "aeiouy") {
			continue
		}
		if suffix == "ion" && !strings.HasSuffix(bare, "t") && !strings.HasSuffix(bare, "s") {
			continue
		}
		w = bare
		if n := len(w); w[n-1] == w[n-2] && !strings.ContainsRune("aeiouls", rune(w[n-1])) {
			w = w[:n-1]
		}
		break
	}
	if len(w) > 3 {
		w = strings.TrimSuffix(w, "e")
	}
	if n := len(w); n > 2 && w[n-1] == 'i' {
		w = w[:n-1] + "y"
	}
	return w
}

// stemPrefix is what every word with this stem begins with.
func stemPrefix(stem string) string {
	if n := len(stem); n > 3 {
		return stem[:n-1]
	}
	return stem
}

func letterWord(w string) bool {
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return w != ""
}
