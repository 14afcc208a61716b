package markdown

import "github.com/yuin/goldmark/ast"

// Plain is a block that is shown as it was written, because a limit forbids to parse it.
type Plain struct{ ast.BaseBlock }

// KindPlain is the kind of Plain.
var KindPlain = ast.NewNodeKind("Plain")

// Kind implements ast.Node.
func (n *Plain) Kind() ast.NodeKind { return KindPlain }

// IsRaw implements ast.Node: its text is not parsed.
func (n *Plain) IsRaw() bool { return true }

// Dump implements ast.Node.
func (n *Plain) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }
