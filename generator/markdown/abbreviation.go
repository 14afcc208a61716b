package markdown

import "github.com/yuin/goldmark/ast"

// AbbrDef is the definition of an abbreviation, `*[RTO]: Recovery time objective`. It is not shown where it stands.
type AbbrDef struct {
	ast.BaseBlock
	Name, Meaning string
}

// KindAbbrDef is the kind of AbbrDef.
var KindAbbrDef = ast.NewNodeKind("AbbrDef")

// Kind implements ast.Node.
func (n *AbbrDef) Kind() ast.NodeKind { return KindAbbrDef }

// IsRaw implements ast.Node: its text is not parsed.
func (n *AbbrDef) IsRaw() bool { return true }

// Dump implements ast.Node.
func (n *AbbrDef) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Name": n.Name, "Meaning": n.Meaning}, nil)
}
