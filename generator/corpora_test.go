package generator

import (
	"bytes"
	"os"
	"path"
	"testing"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
)

// TestCorporaBecomeWholeSites builds real runbooks that nobody here wrote: every file is a page, every page with a list of things to do
// can be run, and no shortcode is shown without a word about it.
func TestCorporaBecomeWholeSites(t *testing.T) {
	for _, name := range []string{"openshift-runbooks", "prometheus-operator-runbooks", "kubernetes-docs-ja"} {
		t.Run(name, func(t *testing.T) {
			dir := "../../shared/corpora/" + name
			if _, err := os.Stat(dir); err != nil {
				t.Skipf("the corpus %s is not beside this checkout", name)
			}
			in := input(dir)
			in.Drafts = true // one corpus holds a template for new pages
			built, err := Build(t.Context(), in, NewMemory())
			if err != nil {
				t.Fatal(err)
			}
			told := map[string]bool{}
			for _, d := range built.Diagnostics() {
				if d.Rule == "shortcode" || d.Rule == "include-missing" {
					told[d.Pos.File] = true
				}
			}
			if got, want := len(built.Site.Entries), len(built.Tree.Files); got != want {
				t.Errorf("%d pages for %d files", got, want)
			}
			forms := map[site.Form]int{}
			for _, e := range built.Site.Entries {
				html, err := built.Read(t.Context(), path.Join(e.URL, "index.html"))
				if err != nil {
					t.Errorf("%s has no page: %v", e.Doc.Path, err)
					continue
				}
				if bytes.Contains(html, []byte(`class="shortcode"`)) && !told[e.Doc.Path] {
					t.Errorf("%s shows a shortcode and nobody says so", e.Doc.Path)
				}
				holdSteps(t, e, forms)
			}
			t.Logf("pages by form of steps: %v", forms)
		})
	}
}

// holdSteps fails if a page of a type with steps has a list, a numbered table or sub-headings in a section of steps and none were found.
func holdSteps(t *testing.T, e *site.Entry, forms map[site.Form]int) {
	t.Helper()
	if len(e.Groups) > 0 {
		forms[e.Groups[0].Form]++
		return
	}
	if !e.Type.Has(doctype.Steps) {
		return
	}
	for _, id := range e.Type.Steps {
		section, ok := e.Sections[id]
		if !ok {
			continue
		}
		for _, l := range e.Doc.Lists {
			if l.Section == section {
				t.Errorf("%s: section %s has a list and no steps", e.Doc.Path, id)
			}
		}
	}
}
