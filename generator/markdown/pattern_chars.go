package markdown

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2/syntax"
)

// chars are the characters that one place of a pattern takes.
type chars struct {
	ascii [utf8.RuneSelf]bool
	other func(rune) bool
}

func charsOf(n *syntax.RegexNode) *chars {
	c := &chars{}
	switch n.T {
	case syntax.NtSet, syntax.NtSetloop, syntax.NtSetlazy, syntax.NtSetloopatomic:
		c.other = n.Set.CharIn
	case syntax.NtOne, syntax.NtOneloop, syntax.NtOnelazy, syntax.NtOneloopatomic:
		c.other = func(r rune) bool { return r == n.Ch }
	default:
		c.other = func(r rune) bool { return r != n.Ch }
	}
	for i := range c.ascii {
		c.ascii[i] = c.other(rune(i))
	}
	return c
}

func (c *chars) take(r rune) bool {
	if r < utf8.RuneSelf {
		return c.ascii[r]
	}
	return c.other(r)
}

// run returns how many characters stand from a place on, at most most of them. What looks back goes by steps of -1.
func (c *chars) run(m *matching, at, most, step int) int {
	n := 0
	if step < 0 {
		for most = min(most, at); n < most && c.take(m.text[at-1-n]); n++ {
		}
	} else {
		for most = min(most, len(m.text)-at); n < most && c.take(m.text[at+n]); n++ {
		}
	}
	m.spend(n / 8) // looking at a character is cheaper than a step
	return n
}

func single(c *chars, step int, next matcher) matcher {
	if step < 0 {
		return func(m *matching, at int) int {
			if at == 0 || !c.take(m.text[at-1]) {
				return -1
			}
			return next(m, at-1)
		}
	}
	return func(m *matching, at int) int {
		if at == len(m.text) || !c.take(m.text[at]) {
			return -1
		}
		return next(m, at+1)
	}
}

func literal(word []rune, step int, next matcher) matcher {
	return func(m *matching, at int) int {
		if !m.holds(word, at, step, false) {
			return -1
		}
		return next(m, at+step*len(word))
	}
}

// repeated takes once more what a group took.
func repeated(g, step int, anyCase bool, next matcher) matcher {
	return func(m *matching, at int) int {
		from, to := m.groups[2*g], m.groups[2*g+1]
		if from < 0 || !m.holds(m.text[from:to], at, step, anyCase) {
			return -1
		}
		m.spend((to - from) / 8)
		return next(m, at+step*(to-from))
	}
}

// holds reports whether the text holds a word from a place on, or up to it.
func (m *matching) holds(word []rune, at, step int, anyCase bool) bool {
	if step < 0 {
		at -= len(word)
	}
	if at < 0 || len(m.text)-at < len(word) {
		return false
	}
	same := func(a, b rune) bool { return unicode.ToLower(a) == unicode.ToLower(b) }
	if anyCase {
		return slices.EqualFunc(m.text[at:at+len(word)], word, same)
	}
	return slices.Equal(m.text[at:at+len(word)], word)
}

func possessive(c *chars, least, most, step int, next matcher) matcher {
	return func(m *matching, at int) int {
		n := c.run(m, at, most, step)
		if n < least {
			return -1
		}
		return next(m, at+step*n)
	}
}

func greedy(c *chars, least, most, step int, next matcher) matcher {
	return func(m *matching, at int) int {
		for n := c.run(m, at, most, step); n >= least; n-- {
			m.spend(1)
			if to := next(m, at+step*n); to >= 0 {
				return to
			}
		}
		return -1
	}
}

func lazy(c *chars, least, most, step int, next matcher) matcher {
	return func(m *matching, at int) int {
		n := c.run(m, at, least, step)
		if n < least {
			return -1
		}
		for ; ; n++ {
			m.spend(1)
			if to := next(m, at+step*n); to >= 0 {
				return to
			}
			if n == most || c.run(m, at+step*n, 1, step) == 0 {
				return -1
			}
		}
	}
}
