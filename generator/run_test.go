package generator

import (
	"encoding/json"
	"html"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"opsbook/generator/doctype"
	"opsbook/generator/page"
	"opsbook/generator/site"
)

var (
	stepMark  = regexp.MustCompile(`<(?:li|tr|h[1-6])(?: [^>]*)? data-step="([^"]+)"`)
	sheetText = regexp.MustCompile(`(?s)<template data-sheet>(.*?)</template>`)
)

// TestEveryPageWithStepsCanBeRun holds every page of real collections that has steps to what a run of it needs: a place to start, a sheet that
// reads, and each step once, in order, where the script finds it. What a run does with that is tried in a browser.
func TestEveryPageWithStepsCanBeRun(t *testing.T) {
	for name, dir := range map[string]string{
		"example": "../content", "openshift": "../../shared/corpora/openshift-runbooks", "prometheus-operator": "../../shared/corpora/prometheus-operator-runbooks",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(dir); err != nil {
				t.Skipf("%s is not beside this checkout", dir)
			}
			built, err := Build(t.Context(), input(dir), NewMemory())
			if err != nil {
				t.Fatal(err)
			}
			forms, without, done := map[site.Form]int{}, 0, 0
			for _, e := range built.Site.Entries {
				if !e.Type.Has(doctype.Runnable) {
					continue
				}
				text, err := built.Read(t.Context(), path.Join(e.URL, "index.html"))
				if err != nil {
					t.Fatal(err)
				}
				finished := e.Front.Has("result") // the account of what was done
				if len(e.Groups) == 0 || finished {
					if strings.Contains(string(text), "data-run-start") {
						t.Errorf("%s has no steps left and can be started", e.Doc.Path)
					}
					if finished {
						done++
					} else {
						without++
					}
					continue
				}
				forms[e.Groups[0].Form]++
				canBeRun(t, e, string(text))
			}
			t.Logf("pages by form of steps: %v, without steps: %d, finished: %d", forms, without, done)
		})
	}
}

func canBeRun(t *testing.T, e *site.Entry, text string) {
	t.Helper()
	if strings.Count(text, `data-run-start="drill"`) != 1 || strings.Count(text, "data-run-start>") != 1 {
		t.Errorf("%s has %d steps and no place to start", e.Doc.Path, len(e.Groups[0].Steps))
	}
	var sheet page.Work
	if m := sheetText.FindStringSubmatch(text); m == nil {
		t.Errorf("%s has no sheet", e.Doc.Path)
	} else if err := json.Unmarshal([]byte(html.UnescapeString(m[1])), &sheet); err != nil || sheet.Page != e.URL || sheet.Title != e.Title || sheet.Revision == "" {
		t.Errorf("%s: its sheet says %+v (%v)", e.Doc.Path, sheet, err)
	}
	var want, got []string
	for _, g := range e.Groups {
		want = append(want, numbers(g.Steps)...)
	}
	for _, m := range stepMark.FindAllStringSubmatch(text, -1) {
		got = append(got, html.UnescapeString(m[1]))
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%s: its steps are %v, the page marks %v", e.Doc.Path, want, got)
	}
}

// numbers are the numbers of steps and of those below them, in order.
func numbers(steps []site.RunStep) []string {
	var all []string
	for _, s := range steps {
		all = append(append(all, s.Number), numbers(s.Steps)...)
	}
	return all
}
