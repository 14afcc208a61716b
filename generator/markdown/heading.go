package markdown

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
)

// HeadingID returns the anchor of a heading, unique in its document.
func HeadingID(h *ast.Heading) string {
	if v, ok := h.AttributeString("id"); ok {
		if id, ok := v.([]byte); ok {
			return string(id)
		}
	}
	return ""
}

// assignIDs gives every heading its anchor: the one written, else the slug of its text.
func (t *Tree) assignIDs() {
	used := map[string]int{}
	_ = ast.Walk(t.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		h, ok := n.(*ast.Heading)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		h.SetAttributeString("id", []byte(unique(used, Slug(t.Text(h)))))
		return ast.WalkSkipChildren, nil
	})
}

// unique returns id, or id-1, id-2 and so on when it is taken, and takes it.
func unique(used map[string]int, id string) string {
	if _, taken := used[id]; !taken {
		used[id] = 0
		return id
	}
	for {
		used[id]++
		next := id + "-" + strconv.Itoa(used[id])
		if _, taken := used[next]; !taken {
			used[next] = 0
			return next
		}
	}
}

// Slug turns a heading's text into an anchor as Git hosts do: lower case, letters (of any script), marks, digits, hyphens and underscores
// kept, spaces turned into hyphens, the rest dropped.
func Slug(text string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(text) {
		switch {
		case r == ' ' || r == '\n' || r == '\t':
			b.WriteByte('-')
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	if b.Len() == 0 {
		return "section"
	}
	return b.String()
}
