package markdown

import (
	"github.com/yuin/goldmark/ast"
)

// TargetKind says how a link was written.
type TargetKind uint8

// The kinds of targets.
const (
	Anchor TargetKind = iota // [text](dest), [text][ref], <a href>
	Image                    // ![alt](dest), <img src>
	Auto                     // <https://…> or a bare URL
)

// Target is one place that a body leads to. At is its key (see LinkKey); Dest has its entities and backslash escapes resolved, and is
// percent-decoded by no one.
type Target struct {
	Kind TargetKind
	Dest string
	Text string // plain text, or the alt text of an image
	At   int
	Node ast.Node // the node it belongs to; nil inside raw HTML
}

// LinkKey returns the offset that stands for a link, image or autolink: that of its destination where it is written, which for a reference
// is in its definition; without a destination that of the node. Rendering finds the resolved link by it.
func (t *Tree) LinkKey(n ast.Node) int {
	var dest []byte
	switch n := n.(type) {
	case *ast.Link:
		dest = n.Destination
	case *ast.Image:
		dest = n.Destination
	case *ast.AutoLink:
		dest = n.Label(t.Source)
	}
	if at := t.offset(dest); at >= 0 {
		return at
	}
	return n.Pos()
}

// offset returns where in Source a piece of it starts, or -1 when it is not a piece of it.
func (t *Tree) offset(piece []byte) int {
	if len(piece) == 0 {
		return -1
	}
	at := cap(t.Source) - cap(piece)
	if at < 0 || at+len(piece) > len(t.Source) || &t.Source[at] != &piece[0] {
		return -1
	}
	return at
}

// Targets returns every link, image and autolink of the body, in the order of the text.
func (t *Tree) Targets() []Target {
	var all []Target
	_ = ast.Walk(t.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			all = append(all, Target{Anchor, unescape(n.Destination), t.Text(n), t.LinkKey(n), n})
		case *ast.Image:
			all = append(all, Target{Image, unescape(n.Destination), t.Text(n), t.LinkKey(n), n})
		case *ast.AutoLink:
			all = append(all, Target{Auto, autoDest(n, t.Source), t.Text(n), t.LinkKey(n), n})
		}
		return ast.WalkContinue, nil
	})
	return all
}

// Anchors returns the ids that raw HTML declares (id, and name on a): links may point to them.
func (t *Tree) Anchors() []string { return nil }
