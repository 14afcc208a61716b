package check

import (
	"strings"

	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/internal/diag"
)

// altMissing finds images that say nothing to whoever cannot see them: a screen reader, a terminal, a broken connection.
func altMissing(s *site.Site, tell report) {
	for _, e := range s.Entries {
		for _, link := range e.Doc.Links {
			if link.Kind == document.Image && strings.TrimSpace(link.Text) == "" {
				tell(diag.At(link.Pos, "alt-missing", "the image says nothing to whoever cannot see it").
					WithHint("describe what one sees: ![orders per minute drop to zero](%s)", link.Dest))
			}
		}
	}
}
