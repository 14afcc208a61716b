package markdown

import "github.com/yuin/goldmark/ast"

// Shortcode is a template call of another generator, `{{< name args >}}`. Shown is what it means where that is known; else it is shown as
// it was written, marked.
type Shortcode struct {
	ast.BaseInline
	Name  string
	Raw   string
	Shown string
	Known bool
}

// KindShortcode is the kind of Shortcode.
var KindShortcode = ast.NewNodeKind("Shortcode")

// Kind implements ast.Node.
func (n *Shortcode) Kind() ast.NodeKind { return KindShortcode }

// Dump implements ast.Node.
func (n *Shortcode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Name": n.Name, "Shown": n.Shown}, nil)
}

// Tab is one of several variants of the same content. Its first child is an AdmonitionTitle with its name.
type Tab struct{ ast.BaseBlock }

// KindTab is the kind of Tab.
var KindTab = ast.NewNodeKind("Tab")

// Kind implements ast.Node.
func (n *Tab) Kind() ast.NodeKind { return KindTab }

// Dump implements ast.Node.
func (n *Tab) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }
