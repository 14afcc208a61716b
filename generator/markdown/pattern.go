package markdown

import (
	"errors"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2/syntax"
)

// pattern is a regular expression made into functions. Chroma's engine reads the expression, and its tree is what is compiled here; it does not
// run it. That engine gives a match up after a time, so what it finds depends on how busy the machine is; here steps are counted. It also
// spends most of its time on setting out, so short matches, which are all that a lexer asks for, take a fraction of its time here.
type pattern struct {
	match  matcher
	groups int // with the whole match
	marks  int
}

// matcher tells where a match of the rest of a pattern that begins at a place ends; -1 is none.
type matcher func(m *matching, at int) int

// matching is what the matches of one run over a text share.
type matching struct {
	text   []rune
	start  int
	groups []int // start and end of each, -1 where it took no part
	opened []int // start of each that is being matched
	marks  []int // where each loop that may take nothing began its round
	saved  []int // groups as they were before what only looks
	steps  int   // that are left
}

// maxRepeats is how often a repeated group is written out.
const maxRepeats = 8

// compilePattern returns nil for a pattern that cannot be made into functions. Chroma has none, which TestEveryPatternIsOurs holds.
func compilePattern(expr string) *pattern {
	tree, err := syntax.Parse(expr, syntax.ParseOptions{})
	if err != nil || tree.Capnumlist != nil || tree.Options&syntax.RightToLeft != 0 {
		return nil
	}
	c := patternCompiler{}
	match := c.node(tree.Root, matched)
	if match == nil || c.left {
		return nil
	}
	return &pattern{match, tree.Captop, c.marks}
}

// at matches a pattern at a place of the text. It returns -1 where there is no match. The groups of m are those of the match.
func (p *pattern) at(m *matching, at int) int {
	m.start = at
	m.groups, m.opened, m.marks, m.saved = m.groups[:0], m.opened[:0], m.marks[:0], m.saved[:0]
	for range p.groups {
		m.groups, m.opened = append(m.groups, -1, -1), append(m.opened, -1)
	}
	for range p.marks {
		m.marks = append(m.marks, -1)
	}
	return p.match(m, at)
}

// texts are the texts of the groups; one that took no part has none.
func (m *matching) texts() []string {
	all := make([]string, 0, len(m.opened))
	for g := range m.opened {
		all = append(all, string(m.text[max(m.groups[2*g], 0):max(m.groups[2*g+1], 0)]))
	}
	return all
}

// errTooLong ends a run that has no steps left.
var errTooLong = errors.New("this code takes too many steps to colour")

// spend takes steps. A run that has none left is over: it panics with errTooLong.
func (m *matching) spend(steps int) {
	if m.steps -= steps; m.steps <= 0 {
		panic(errTooLong)
	}
}

func matched(_ *matching, at int) int { return at }

// patternCompiler makes functions of a tree, from its end to its beginning: each knows what follows it.
type patternCompiler struct {
	left  bool // something has no function
	marks int
}

func (c *patternCompiler) leave() matcher {
	c.left = true
	return func(*matching, int) int { return -1 }
}

func (c *patternCompiler) node(n *syntax.RegexNode, next matcher) matcher {
	if c.left || n.Options&syntax.IgnoreCase != 0 && n.T != syntax.NtRef { // the parser writes out the cases of all but references
		return c.leave()
	}
	step := 1
	if n.Options&syntax.RightToLeft != 0 { // what looks back is read from its end to its beginning
		step = -1
	}
	switch n.T {
	case syntax.NtOne, syntax.NtNotone, syntax.NtSet:
		return single(charsOf(n), step, next)
	case syntax.NtOneloop, syntax.NtNotoneloop, syntax.NtSetloop:
		return greedy(charsOf(n), n.M, n.N, step, next)
	case syntax.NtOneloopatomic, syntax.NtNotoneloopatomic, syntax.NtSetloopatomic:
		return possessive(charsOf(n), n.M, n.N, step, next)
	case syntax.NtOnelazy, syntax.NtNotonelazy, syntax.NtSetlazy:
		return lazy(charsOf(n), n.M, n.N, step, next)
	case syntax.NtMulti:
		return literal(n.Str, step, next)
	case syntax.NtRef:
		return repeated(n.M, step, n.Options&syntax.IgnoreCase != 0, next)
	case syntax.NtEmpty, syntax.NtUpdateBumpalong:
		return next
	case syntax.NtNothing:
		return func(*matching, int) int { return -1 }
	case syntax.NtConcatenate:
		for i := len(n.Children) - 1; i >= 0; i-- {
			next = c.node(n.Children[i], next)
		}
		return next
	case syntax.NtAlternate:
		return c.alternate(n, next)
	case syntax.NtLoop, syntax.NtLazyloop:
		return c.loop(n, next)
	case syntax.NtCapture:
		return c.capture(n, next)
	case syntax.NtGroup:
		return c.node(n.Children[0], next)
	case syntax.NtAtomic, syntax.NtPosLook, syntax.NtNegLook:
		return c.aside(n, next)
	}
	if holds := place(n.T); holds != nil {
		return func(m *matching, at int) int {
			if !holds(m, at) {
				return -1
			}
			return next(m, at)
		}
	}
	return c.leave()
}

// alternate tries one after the other.
func (c *patternCompiler) alternate(n *syntax.RegexNode, next matcher) matcher {
	all := make([]matcher, len(n.Children))
	for i, child := range n.Children {
		all[i] = c.node(child, next)
	}
	return func(m *matching, at int) int {
		for _, one := range all {
			m.spend(1)
			if end := one(m, at); end >= 0 {
				return end
			}
		}
		return -1
	}
}

// loop repeats a group.
func (c *patternCompiler) loop(n *syntax.RegexNode, next matcher) matcher {
	child := n.Children[0]
	endless := n.N == math.MaxInt32
	if n.M > maxRepeats || !endless && n.N > maxRepeats {
		return c.leave()
	}
	round := func(rest matcher) matcher { return c.node(child, rest) }
	if mayBeEmpty(child) {
		round = func(rest matcher) matcher { return c.mayTakeNothing(child, rest, next) }
	}
	either := func(more, done matcher) matcher {
		if n.T == syntax.NtLazyloop {
			more, done = done, more
		}
		return func(m *matching, at int) int {
			m.spend(1)
			if end := more(m, at); end >= 0 {
				return end
			}
			return done(m, at)
		}
	}
	rest := next
	if endless {
		var again matcher
		again = either(round(func(m *matching, at int) int { return again(m, at) }), next)
		rest = again
	} else {
		for range n.N - n.M {
			rest = either(round(rest), next)
		}
	}
	for i := range n.M {
		if i == 0 { // the last of those that must be
			rest = round(rest)
		} else {
			rest = c.node(child, rest)
		}
	}
	return rest
}

// mayTakeNothing is one round of a loop. A round that took nothing is the last.
func (c *patternCompiler) mayTakeNothing(child *syntax.RegexNode, rest, next matcher) matcher {
	mark := c.marks
	c.marks++
	inner := c.node(child, func(m *matching, at int) int {
		if at == m.marks[mark] {
			return next(m, at)
		}
		return rest(m, at)
	})
	return func(m *matching, at int) int {
		was := m.marks[mark]
		m.marks[mark] = at
		end := inner(m, at)
		if end < 0 {
			m.marks[mark] = was
		}
		return end
	}
}

// capture notes where a group begins and ends, and takes that back when what follows does not match.
func (c *patternCompiler) capture(n *syntax.RegexNode, next matcher) matcher {
	if n.N != -1 {
		return c.leave()
	}
	g := n.M
	inner := c.node(n.Children[0], func(m *matching, at int) int {
		from, to := m.groups[2*g], m.groups[2*g+1]
		m.groups[2*g], m.groups[2*g+1] = min(m.opened[g], at), max(m.opened[g], at)
		end := next(m, at)
		if end < 0 {
			m.groups[2*g], m.groups[2*g+1] = from, to
		}
		return end
	})
	return func(m *matching, at int) int {
		was := m.opened[g]
		m.opened[g] = at
		end := inner(m, at)
		if end < 0 {
			m.opened[g] = was
		}
		return end
	}
}

// aside matches a group on its own: once it matches, it is not asked for another match.
func (c *patternCompiler) aside(n *syntax.RegexNode, next matcher) matcher {
	inner := c.node(n.Children[0], matched)
	if captures(n) {
		return keeping(inner, n.T, next)
	}
	return func(m *matching, at int) int {
		end := inner(m, at)
		switch {
		case (end >= 0) == (n.T == syntax.NtNegLook):
			return -1
		case n.T == syntax.NtAtomic:
			return next(m, end)
		}
		return next(m, at)
	}
}

// keeping is an aside with groups: they stay when it and what follows match.
func keeping(inner matcher, kind syntax.NodeType, next matcher) matcher {
	return func(m *matching, at int) int {
		base := len(m.saved)
		m.saved = append(append(m.saved, m.groups...), m.opened...)
		end, to := inner(m, at), -1
		if (end >= 0) != (kind == syntax.NtNegLook) {
			if kind != syntax.NtAtomic {
				end = at
			}
			to = next(m, end)
		}
		if to < 0 {
			copy(m.opened, m.saved[base+copy(m.groups, m.saved[base:]):])
		}
		m.saved = m.saved[:base]
		return to
	}
}

func captures(n *syntax.RegexNode) bool {
	return n.T == syntax.NtCapture || slices.ContainsFunc(n.Children, captures)
}

// mayBeEmpty reports whether a node may match without taking a character.
func mayBeEmpty(n *syntax.RegexNode) bool {
	var f firstChars
	return f.add(n)
}

// place returns what tells whether a place is one that a node asks for.
func place(t syntax.NodeType) func(m *matching, at int) bool {
	switch t {
	case syntax.NtBol:
		return func(m *matching, at int) bool { return at == 0 || m.text[at-1] == '\n' }
	case syntax.NtEol:
		return func(m *matching, at int) bool { return at == len(m.text) || m.text[at] == '\n' }
	case syntax.NtBoundary:
		return func(m *matching, at int) bool { return m.wordAt(at-1) != m.wordAt(at) }
	case syntax.NtNonboundary:
		return func(m *matching, at int) bool { return m.wordAt(at-1) == m.wordAt(at) }
	case syntax.NtBeginning:
		return func(_ *matching, at int) bool { return at == 0 }
	case syntax.NtStart:
		return func(m *matching, at int) bool { return at == m.start }
	case syntax.NtEndZ:
		return func(m *matching, at int) bool {
			return at == len(m.text) || at == len(m.text)-1 && m.text[at] == '\n'
		}
	case syntax.NtEnd:
		return func(m *matching, at int) bool { return at == len(m.text) }
	}
	return nil
}

func (m *matching) wordAt(i int) bool {
	if i < 0 || i >= len(m.text) {
		return false
	}
	c := m.text[i]
	if c < utf8.RuneSelf {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
	}
	return syntax.IsWordChar(c)
}
