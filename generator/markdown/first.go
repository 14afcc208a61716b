package markdown

import (
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2/syntax"
)

// firstChars is where a pattern may match: the characters that may stand there. It may hold more than those, never less.
type firstChars struct {
	ascii [utf8.RuneSelf]bool
	other bool // any beyond ASCII
}

// firstOfPattern reads a pattern as the engine that runs it does.
func firstOfPattern(pattern string) firstChars {
	f := firstChars{}
	tree, err := syntax.Parse(pattern, syntax.ParseOptions{})
	if err != nil || f.add(tree.Root) {
		f.all() // a pattern that may match nothing may match anywhere
	}
	return f
}

func (f *firstChars) all() {
	for c := range f.ascii {
		f.ascii[c] = true
	}
	f.other = true
}

// add adds the characters with which a node may begin and reports whether it may match without taking any. What only looks takes none.
func (f *firstChars) add(n *syntax.RegexNode) (empty bool) {
	if n.Options&(syntax.RightToLeft|syntax.IgnoreCase) != 0 { // the parser writes out the cases of all but references
		f.all()
		return true
	}
	switch n.T {
	case syntax.NtOne, syntax.NtOneloop, syntax.NtOnelazy, syntax.NtOneloopatomic:
		f.addFunc(func(c rune) bool { return c == n.Ch })
	case syntax.NtNotone, syntax.NtNotoneloop, syntax.NtNotonelazy, syntax.NtNotoneloopatomic:
		f.addFunc(func(c rune) bool { return c != n.Ch })
	case syntax.NtSet, syntax.NtSetloop, syntax.NtSetlazy, syntax.NtSetloopatomic:
		f.addFunc(n.Set.CharIn)
	case syntax.NtMulti:
		f.addFunc(func(c rune) bool { return c == n.Str[0] })
		return false
	case syntax.NtNothing:
		return false
	case syntax.NtEmpty, syntax.NtBol, syntax.NtEol, syntax.NtBoundary, syntax.NtNonboundary, syntax.NtBeginning, syntax.NtStart, syntax.NtEndZ,
		syntax.NtEnd, syntax.NtPosLook, syntax.NtNegLook, syntax.NtUpdateBumpalong:
		return true
	case syntax.NtConcatenate, syntax.NtCapture, syntax.NtGroup, syntax.NtAtomic:
		for _, child := range n.Children {
			if !f.add(child) {
				return false
			}
		}
		return true
	case syntax.NtAlternate:
		for _, child := range n.Children {
			empty = f.add(child) || empty
		}
		return empty
	case syntax.NtLoop, syntax.NtLazyloop:
		return f.add(n.Children[0]) || n.M == 0
	default: // a reference to a group, a condition
		f.all()
		return true
	}
	single := n.T == syntax.NtOne || n.T == syntax.NtNotone || n.T == syntax.NtSet
	return !single && n.M == 0
}

// addFunc adds the characters that a node takes.
func (f *firstChars) addFunc(takes func(rune) bool) {
	for c := range f.ascii {
		f.ascii[c] = f.ascii[c] || takes(rune(c))
	}
	f.other = true
}
