package generator

import (
	"testing"

	"opsbook/generator/site"
	"opsbook/internal/diag"
)

// TestExampleIsFreeOfErrors holds the example to its day: no error, a handful of warnings that teach, and every review state that needs no
// history.
func TestExampleIsFreeOfErrors(t *testing.T) {
	c, err := Load(t.Context(), input("../content"), NewMemory())
	if err != nil {
		t.Fatal(err)
	}
	warnings := 0
	for _, d := range c.Diagnostics {
		switch d.Severity {
		case diag.Error:
			t.Errorf("%s: %s [%s]", d.Pos, d.Message, d.Rule)
		case diag.Warning:
			warnings++
		}
	}
	if warnings > 15 {
		t.Errorf("%d warnings are more than a handful", warnings)
	}
	states := map[site.State]int{}
	for _, e := range c.Site.Entries {
		states[e.Review.State]++
	}
	for _, state := range []site.State{site.Fresh, site.Due, site.Stale, site.Unreviewed} {
		if states[state] == 0 {
			t.Errorf("no page is %s", state)
		}
	}
}
