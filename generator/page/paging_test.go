package page

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/config"
)

// A list that is too long for one page is cut: every row is on exactly one page, in order, and a severity leads to the page it begins on.
func TestCutLists(t *testing.T) {
	var first, rest []*Item
	for i := range 700 {
		first = append(first, &Item{Link: Link{URL: fmt.Sprintf("a/%d/", i)}})
	}
	for i := range 400 {
		rest = append(rest, &Item{Link: Link{URL: fmt.Sprintf("b/%d/", i)}})
	}
	pl := newPlanner(&site.Site{Config: &config.Config{}, Types: &doctype.Set{}})
	l := language{frame: &Frame{}}
	o := pl.at(l, "runbooks/", "list", Label{})
	o.plan(len(first)+len(rest), func(p *Page) {
		p.Lists = []List{{
			Groups: []Group{{ID: "p-severity-sev1", Items: first}, {ID: "p-severity-sev2", Items: rest}},
			Facets: []Facet{{Key: "severity", Values: []FacetValue{{Link: Link{Rel: "p-severity-sev1"}}, {Link: Link{Rel: "p-severity-sev2"}}}}},
		}}
	})
	pl.at(l, "short/", "list", Label{}).Lists = []List{{Groups: []Group{{Items: rest}}}}
	pl.cut()
	if len(pl.pages) != 4 || pl.pages["short/"].Whole().Sheets != nil {
		t.Fatalf("%d pages, the short list cut into %v", len(pl.pages), pl.pages["short/"].Whole().Sheets)
	}
	var shown []string
	sheets := o.Whole().Sheets
	for n, s := range sheets {
		part := pl.pages[s.URL].Whole()
		if part.Sheet != n+1 || rowsOf(part) > maxRows || !part.Lists[0].Cut {
			t.Errorf("%s: number %d, %d rows, cut %t", s.URL, part.Sheet, rowsOf(part), part.Lists[0].Cut)
		}
		if got := part.Lists[0].Facets[0].Values; got[0].URL != "runbooks/" || got[1].URL != "runbooks/page/2/" {
			t.Errorf("%s: severities lead to %q and %q", s.URL, got[0].URL, got[1].URL)
		}
		for _, g := range part.Lists[0].Groups {
			for _, it := range g.Items {
				shown = append(shown, it.URL)
			}
		}
	}
	var want []string
	for _, it := range append(first, rest...) {
		want = append(want, it.URL)
	}
	if d := cmp.Diff(want, shown); d != "" {
		t.Error(d)
	}
	if strings.Join([]string{sheets[0].URL, sheets[1].URL, sheets[2].URL}, " ") != "runbooks/ runbooks/page/2/ runbooks/page/3/" {
		t.Errorf("%v", sheets)
	}
}
