package check

import (
	"strings"

	"opsbook/generator/site"
	"opsbook/internal/diag"
)

// supersededLoop finds pages that were replaced by pages that they replace: whoever follows them never arrives.
func supersededLoop(s *site.Site, tell report) {
	for _, e := range s.Entries {
		way := []string{e.Doc.Path}
		seen := map[*site.Entry]bool{e: true}
		to := e.Superseder
		for ; to != nil && !seen[to]; to = to.Superseder {
			seen[to] = true
			way = append(way, to.Doc.Path)
		}
		if to == e {
			tell(diag.At(e.Meta.SupersededBy.Pos, "superseded-loop", "this page is replaced by itself: %s", strings.Join(append(way, e.Doc.Path), " → ")).
				WithHint("take superseded_by off the page that is valid"))
		}
	}
}
