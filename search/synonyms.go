package search

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed synonyms.txt
var synonymsText string

//go:embed functionwords.txt
var functionWordsText string

// Synonyms returns the built-in groups of words of one meaning, followed by the
// site's own. The browser's index carries the result, so there is one list.
func Synonyms(site [][]string) [][]string {
	var groups [][]string
	for line := range strings.Lines(synonymsText) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		groups = append(groups, strings.Split(line, " / "))
	}
	return append(groups, site...)
}

// FunctionWords returns the English words that carry grammar. They are searched
// like any other, but a page that lacks them is not held to lack the question.
func FunctionWords() []string { return strings.Fields(functionWordsText) }

// Lexis is what the ranking knows of words beside the index: compiled once for
// a site, safe for concurrent use.
type Lexis struct {
	groups   [][][]string     // group, member, terms
	starts   map[string][]ref // by the stem of a member's first term
	function map[string]bool
	filters  map[string]string // of FilterWords
}

// ref names a member of a group.
type ref struct{ group, member int }

// NewLexis compiles the result of [Synonyms] and [FunctionWords].
func NewLexis(synonyms [][]string, functionWords []string) *Lexis {
	x := &Lexis{starts: map[string][]ref{}, function: map[string]bool{}, filters: FilterWords()}
	for _, w := range functionWords {
		x.function[w] = true
	}
	for _, group := range synonyms {
		var members [][]string
		for _, text := range group {
			terms := positioned(read(text).units)
			if len(terms) == 0 {
				continue
			}
			at := ref{len(x.groups), len(members)}
			first := stem(terms[0].Term)
			x.starts[first] = append(x.starts[first], at)
			member := make([]string, len(terms))
			for i, u := range terms {
				member[i] = u.Term
			}
			members = append(members, member)
		}
		x.groups = append(x.groups, members)
	}
	return x
}

// positioned drops the identifiers, which repeat words as a whole.
func positioned(units []unit) []unit {
	return slices.DeleteFunc(slices.Clone(units), func(u unit) bool { return u.Position < 0 })
}

// longest returns the longest members that begin the units: nil when none does.
// Several groups may hold the same words.
func (x *Lexis) longest(units []unit) (length int, refs []ref) {
	for _, at := range x.starts[stem(units[0].Term)] {
		member := x.groups[at.group][at.member]
		if len(member) < length || !begins(units, member) {
			continue
		}
		if len(member) > length {
			length, refs = len(member), nil
		}
		refs = append(refs, at)
	}
	return length, refs
}

// begins says that the units start with the member's terms, each right behind
// the one before, and that a katakana word does not go on behind it: ディスク
// is not found in ディスクリート.
func begins(units []unit, member []string) bool {
	if len(member) > len(units) {
		return false
	}
	for i, term := range member {
		if stem(units[i].Term) != stem(term) || i > 0 && units[i].Position != units[i-1].Position+1 {
			return false
		}
	}
	last := units[len(member)-1]
	if len(member) == len(units) || last.ends || last.Kind != Bigram {
		return true
	}
	return !isKatakana(units[len(member)].Term)
}

func isKatakana(term string) bool {
	for _, r := range term {
		if classify(r) != katakana {
			return false
		}
	}
	return true
}
