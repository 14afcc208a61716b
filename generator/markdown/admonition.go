package markdown

import "github.com/yuin/goldmark/ast"

// Admonition is a block that asks for attention, in whichever of its syntaxes it was written. Its first child is an AdmonitionTitle when
// the author gave it one.
type Admonition struct {
	ast.BaseBlock
	Name string // note, tip, important, warning or caution
	Fold bool   // can be folded
	Open bool   // folded open
}

// KindAdmonition is the kind of Admonition.
var KindAdmonition = ast.NewNodeKind("Admonition")

// Kind implements ast.Node.
func (n *Admonition) Kind() ast.NodeKind { return KindAdmonition }

// Dump implements ast.Node.
func (n *Admonition) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Name": n.Name}, nil)
}

// AdmonitionTitle is the title of an Admonition: a line of inline Markdown.
type AdmonitionTitle struct{ ast.BaseBlock }

// KindAdmonitionTitle is the kind of AdmonitionTitle.
var KindAdmonitionTitle = ast.NewNodeKind("AdmonitionTitle")

// Kind implements ast.Node.
func (n *AdmonitionTitle) Kind() ast.NodeKind { return KindAdmonitionTitle }

// Dump implements ast.Node.
func (n *AdmonitionTitle) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, nil, nil)
}
