package markdown

import (
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	xhtml "golang.org/x/net/html"
)

// TestOurMarkupPassesThePolicy promises that bluemonday finds nothing to take out of what the printer wrote, so that raw HTML on a page does
// not cost the page its own markup.
func TestOurMarkupPassesThePolicy(t *testing.T) {
	texts := map[string]string{}
	for _, spec := range []string{"commonmark", "gfm"} {
		for _, e := range readExamples(t, "testdata/"+spec+".jsonl") {
			texts[e.Section+": "+e.Markdown] = e.Markdown
		}
	}
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		cases, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range cases.Files {
			if strings.HasSuffix(f.Name, ".md") {
				texts[file+": "+f.Name] = string(f.Data)
			}
		}
	}
	for name, text := range texts {
		if diff := takenOut(t, printed(t, text)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// printed is what the printer writes, before the policy has seen it: with everything that a body can ask for.
func printed(t *testing.T, text string) string {
	t.Helper()
	tree := Parse([]byte(text))
	tree.HTML = false
	b := Body{Text: []byte(text), Words: caseWords, Params: []string{"cluster"}, Links: map[int]Link{}}
	for i, target := range tree.Targets() {
		switch i % 4 {
		case 0:
			b.Links[target.At] = Link{Href: "../日本/?a=b&c#d", Title: `t "q" <b>`, Class: "a-b c", Width: 10, Height: 20}
		case 1:
			b.Links[target.At] = Link{Broken: true, Why: `w "q" <b>`}
		}
	}
	for c := tree.Root.FirstChild(); c != nil; c = c.NextSibling() {
		b.Steps = append(b.Steps, Step{At: At(c), ID: "step-1", Number: "1-2", Minutes: 3})
	}
	return render(tree, b).HTML
}

// takenOut says what the policy takes out of an article; "" for nothing. Another spelling of the same address is the same.
func takenOut(t *testing.T, html string) string {
	t.Helper()
	got, want := sameAddresses(sameHTML(t, articlePolicy().Sanitize(html))), sameAddresses(sameHTML(t, html))
	if got == want {
		return ""
	}
	return firstDifference(want, got)
}

var address = regexp.MustCompile(` (href|src|cite)="[^"]*"`)

func sameAddresses(html string) string {
	return address.ReplaceAllStringFunc(html, func(attr string) string {
		name, value, _ := strings.Cut(attr, "=")
		u, err := url.Parse(xhtml.UnescapeString(strings.Trim(value, `"`)))
		if err != nil {
			return attr
		}
		return name + "=" + u.String()
	})
}
