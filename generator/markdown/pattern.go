package markdown

import (
	"math"
	"slices"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2/syntax"
)

// pattern is a regular expression made into functions. The engine that chroma uses reads the expression (its tree is what is compiled here) and
// runs what is left to it: what looks back, and what may repeat nothing. It spends most of its time on setting out, so short matches, which are
// all that a lexer asks for, take a fraction of its time here.
type pattern struct {
	match  matcher
	groups int // with the whole match
}

// matcher tells where a match of the rest of a pattern that begins at a place ends; -1 is none.
type matcher func(m *matching, at int) int

// matching is one run of a pattern.
type matching struct {
	text   []rune
	start  int
	groups []int // start and end of each, -1 where it took no part
	opened []int // start of each that is being matched
	steps  int   // that are left
}

// maxSteps bounds the work of one match. Only patterns that go astray come near it; they are the engine's, which has a clock.
const maxSteps = 100_000

// maxRepeats is how often a repeated group is written out.
const maxRepeats = 8

// compilePattern returns nil for a pattern that is the engine's.
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
	return &pattern{match, tree.Captop}
}

// at matches a pattern at a place of a text. It returns -1 where there is no match, and false where it would take too long to tell. m is
// overwritten; its groups are those of the match.
func (p *pattern) at(m *matching, text []rune, at int) (int, bool) {
	m.text, m.start, m.steps = text, at, maxSteps
	m.groups, m.opened = m.groups[:0], m.opened[:0]
	for range p.groups {
		m.groups, m.opened = append(m.groups, -1, -1), append(m.opened, -1)
	}
	end := p.match(m, at)
	return end, m.steps > 0
}

// texts are the texts of the groups; one that took no part has none.
func (m *matching) texts() []string {
	all := make([]string, 0, len(m.opened))
	for g := range m.opened {
		all = append(all, string(m.text[max(m.groups[2*g], 0):max(m.groups[2*g+1], 0)]))
	}
	return all
}

// spend takes one step and reports whether there was one.
func (m *matching) spend() bool {
	m.steps--
	return m.steps > 0
}

func matched(_ *matching, at int) int { return at }

// patternCompiler makes functions of a tree, from its end to its beginning: each knows what follows it.
type patternCompiler struct {
	left bool // something is left to the engine
}

func (c *patternCompiler) leave() matcher {
	c.left = true
	return func(*matching, int) int { return -1 }
}

func (c *patternCompiler) node(n *syntax.RegexNode, next matcher) matcher {
	if c.left || n.Options&(syntax.RightToLeft|syntax.IgnoreCase) != 0 {
		return c.leave()
	}
	switch n.T {
	case syntax.NtOne, syntax.NtNotone, syntax.NtSet:
		return single(charsOf(n), next)
	case syntax.NtOneloop, syntax.NtNotoneloop, syntax.NtSetloop:
		return greedy(charsOf(n), n.M, n.N, next)
	case syntax.NtOneloopatomic, syntax.NtNotoneloopatomic, syntax.NtSetloopatomic:
		return possessive(charsOf(n), n.M, n.N, next)
	case syntax.NtOnelazy, syntax.NtNotonelazy, syntax.NtSetlazy:
		return lazy(charsOf(n), n.M, n.N, next)
	case syntax.NtMulti:
		return literal(n.Str, next)
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
			if !m.spend() {
				return -1
			}
			if end := one(m, at); end >= 0 {
				return end
			}
		}
		return -1
	}
}

// loop repeats a group that takes at least one character each time.
func (c *patternCompiler) loop(n *syntax.RegexNode, next matcher) matcher {
	child := n.Children[0]
	endless := n.N == math.MaxInt32
	if mayBeEmpty(child) || n.M > maxRepeats || !endless && n.N > maxRepeats {
		return c.leave()
	}
	either := func(more, done matcher) matcher {
		if n.T == syntax.NtLazyloop {
			more, done = done, more
		}
		return func(m *matching, at int) int {
			if !m.spend() {
				return -1
			}
			if end := more(m, at); end >= 0 {
				return end
			}
			return done(m, at)
		}
	}
	rest := next
	if endless {
		var again matcher
		again = either(c.node(child, func(m *matching, at int) int { return again(m, at) }), next)
		rest = again
	} else {
		for range n.N - n.M {
			rest = either(c.node(child, rest), next)
		}
	}
	for range n.M {
		rest = c.node(child, rest)
	}
	return rest
}

// capture notes where a group begins and ends, and takes that back when what follows does not match.
func (c *patternCompiler) capture(n *syntax.RegexNode, next matcher) matcher {
	if n.N != -1 {
		return c.leave()
	}
	g := n.M
	inner := c.node(n.Children[0], func(m *matching, at int) int {
		from, to := m.groups[2*g], m.groups[2*g+1]
		m.groups[2*g], m.groups[2*g+1] = m.opened[g], at
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
	if captures(n) {
		return c.leave()
	}
	inner := c.node(n.Children[0], matched)
	return func(m *matching, at int) int {
		end := inner(m, at)
		switch {
		case m.steps <= 0 || (end >= 0) == (n.T == syntax.NtNegLook):
			return -1
		case n.T == syntax.NtAtomic:
			return next(m, end)
		}
		return next(m, at)
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

// run returns where the characters end that begin at a place, at most most of them.
func (c *chars) run(m *matching, at, most int) int {
	end := len(m.text)
	if most < end-at {
		end = at + most
	}
	for at < end && c.take(m.text[at]) {
		at++
	}
	return at
}

func single(c *chars, next matcher) matcher {
	return func(m *matching, at int) int {
		if at == len(m.text) || !c.take(m.text[at]) {
			return -1
		}
		return next(m, at+1)
	}
}

func literal(word []rune, next matcher) matcher {
	return func(m *matching, at int) int {
		if len(m.text)-at < len(word) || !slices.Equal(m.text[at:at+len(word)], word) {
			return -1
		}
		return next(m, at+len(word))
	}
}

func possessive(c *chars, least, most int, next matcher) matcher {
	return func(m *matching, at int) int {
		end := c.run(m, at, most)
		if end-at < least {
			return -1
		}
		return next(m, end)
	}
}

func greedy(c *chars, least, most int, next matcher) matcher {
	return func(m *matching, at int) int {
		for end := c.run(m, at, most); end-at >= least && m.spend(); end-- {
			if to := next(m, end); to >= 0 {
				return to
			}
		}
		return -1
	}
}

func lazy(c *chars, least, most int, next matcher) matcher {
	return func(m *matching, at int) int {
		end := c.run(m, at, least)
		if end-at < least {
			return -1
		}
		for taken := least; m.spend(); taken++ {
			if to := next(m, end); to >= 0 {
				return to
			}
			if taken == most || end == len(m.text) || !c.take(m.text[end]) {
				return -1
			}
			end++
		}
		return -1
	}
}
