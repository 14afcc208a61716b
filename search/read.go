package search

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// unit is one thing a query asks for: a word, an identifier, two neighbours of
// an unspaced run, or a lone character.
type unit struct {
	Token
	Position int      // counted in words and characters of runs; -1 for what repeats them whole
	parts    []string // camelCase parts of a word
	ends     bool     // last bigram of its run
}

// width is how many positions the unit covers.
func (u unit) width() int {
	if u.Kind == Bigram {
		return 2
	}
	return 1
}

// reading is a text as a query understands it: folded, each part once.
type reading struct {
	units []unit
	width int    // positions in all
	only  string // the term, when the text is nothing but one word or identifier
	key   string // the whole text as one term, when it is several
}

// read analyses text as a query, a title or a synonym.
func read(text string) reading {
	a := analysis{letters: normalize(text)}
	var r reading
	wholes, key := 0, []string{}
	for i := 0; i < len(a.runes); {
		switch c := a.class[i]; {
		case c == word:
			from := len(a.tokens)
			i = a.identifier(i)
			wholes++
			key = append(key, r.words(a.tokens[from:]))
		case c.cjk():
			end := i + 1
			for end < len(a.runes) && a.class[end].cjk() {
				end++
			}
			key = append(key, r.run(&a, i, end))
			i = end
		default:
			i++
		}
	}
	switch {
	case len(key) == 1 && wholes == 1:
		r.only = key[0]
	case len(key) > 0:
		r.key = cutRunes(string(keySign)+strings.Join(key, "_"), maxWhole)
	}
	return r
}

// words adds the tokens of one identifier and returns its longest term.
func (r *reading) words(tokens []Token) string {
	longest := ""
	for _, t := range tokens {
		if t.Kind == Part {
			u := &r.units[len(r.units)-1]
			u.parts = append(u.parts, t.Term)
			continue
		}
		u := unit{Token: t, Position: -1}
		longest = t.Term
		if t.Kind == Word {
			u.Position = r.width
			r.width++
		}
		r.units = append(r.units, u)
	}
	return longest
}

// run adds the bigrams of an unspaced run and returns the run as it was read.
func (r *reading) run(a *analysis, from, to int) string {
	characters, places := a.foldRun(from, to)
	for i := range characters {
		u := unit{Position: r.width + i}
		u.Start = int(a.start[places[i]])
		switch {
		case len(characters) == 1:
			u.Kind, u.Term, u.End = Last, characters[i], int(a.end[places[i]])
		case i+1 < len(characters):
			u.Kind, u.Term, u.End = Bigram, characters[i]+characters[i+1], int(a.end[places[i+1]])
			u.ends = i+2 == len(characters)
		default:
			continue
		}
		r.units = append(r.units, u)
	}
	r.width += len(characters)
	before := len(a.tokens)
	a.kanaWords(from, to)
	for _, t := range a.tokens[before:] {
		r.units = append(r.units, unit{Token: t, Position: -1})
	}
	return strings.Join(characters, "")
}

func cutRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// pathKey is the term under which a page's URL is found, "" for the home page.
func pathKey(path string) string {
	path = strings.Trim(path, "/")
	if path == "" {
		return ""
	}
	return string(pathSign) + strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, normalize(path).low)
}

// pathKeys returns the terms of every page that the URLs in text may mean,
// the longest path first: the site may live under any prefix.
func pathKeys(text string) []string {
	var keys []string
	for _, field := range strings.Fields(text) {
		_, rest, found := strings.Cut(field, "://")
		if !found {
			continue
		}
		_, path, _ := strings.Cut(rest, "/")
		if i := strings.IndexAny(path, "?#\"'<>)]},"); i >= 0 {
			path = path[:i]
		}
		if plain, err := url.PathUnescape(path); err == nil && utf8.ValidString(plain) {
			path = plain
		}
		path = strings.TrimSuffix(path, "index.html")
		path = strings.TrimSuffix(strings.TrimSuffix(strings.Trim(path, "/"), ".html"), ".md")
		for path != "" {
			if key := pathKey(path); key != "" && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
			_, path, _ = strings.Cut(path, "/")
		}
	}
	return keys
}
