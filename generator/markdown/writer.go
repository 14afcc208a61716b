package markdown

import (
	"bytes"

	"github.com/yuin/goldmark"
)

func renderTree(t *Tree, b Body) Article {
	var buf bytes.Buffer
	_ = goldmark.DefaultRenderer().Render(&buf, t.Source, t.Root)
	return Article{HTML: buf.String()}
}
