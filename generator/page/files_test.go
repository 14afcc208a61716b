package page_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"opsbook/generator/page"
	"opsbook/templates"
)

// made returns what machines read, by path.
func made(t *testing.T, files map[string]string) map[string]string {
	t.Helper()
	s := resolve(t, files)
	words, err := templates.Words(templates.Default())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range page.Files(s, page.Plan(s), words[s.Languages[0]]) {
		text, err := f.Make()
		if err != nil {
			t.Fatal(err)
		}
		all[f.Path] = string(text)
	}
	return all
}

func TestMarkdownCarriesOwnerAndReviewState(t *testing.T) {
	got := made(t, knowledge)["runbooks/restart/index.md"]
	for _, line := range []string{
		`title: "再起動"`, `owner: "sre"`, `review_state: "stale"`, `review_state_as_of: "2026-11-01"`, `review_due: "2026-10-20"`,
		`url: "https://ops.example.com/kb/runbooks/restart/"`, "## 手順\n\n- 止める\n",
	} {
		if !strings.Contains(got, line) {
			t.Errorf("no %q in\n%s", line, got)
		}
	}
	if strings.Count(got, "---\n") != 2 {
		t.Errorf("not one front matter:\n%s", got)
	}
}

func TestDocsJSON(t *testing.T) {
	var docs struct {
		Schema    int
		Documents []struct {
			URL, Title, Owner, Markdown string
			State                       string `json:"review_state"`
		}
	}
	if err := json.Unmarshal([]byte(made(t, knowledge)["api/docs.json"]), &docs); err != nil {
		t.Fatal(err)
	}
	if docs.Schema != 1 || len(docs.Documents) != 9 {
		t.Fatalf("schema %d, %d documents", docs.Schema, len(docs.Documents))
	}
	for _, d := range docs.Documents {
		if d.URL == "runbooks/failover/" && (d.Owner != "dba" || d.State != "fresh" || d.Markdown != "runbooks/failover/index.md") {
			t.Errorf("%+v", d)
		}
	}
}

func TestFeedAndSitemapNameAbsoluteAddresses(t *testing.T) {
	files := made(t, knowledge)
	for name, want := range map[string]string{
		"feed.xml": `<id>https://ops.example.com/kb/runbooks/failover/</id>`, "sitemap.xml": `<loc>https://ops.example.com/kb/runbooks/failover/</loc>`,
		"robots.txt": "Sitemap: https://ops.example.com/kb/sitemap.xml",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("no %s in %s:\n%s", want, name, files[name])
		}
		if strings.HasSuffix(name, ".xml") {
			if err := xml.Unmarshal([]byte(files[name]), new(struct{})); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, never := range []string{"404", "old/", "notes/old"} {
		if strings.Contains(files["sitemap.xml"], never) {
			t.Errorf("the site map names %s", never)
		}
	}
}

func TestWithoutBaseURLNothingIsAbsolute(t *testing.T) {
	files := made(t, map[string]string{"a.md": "---\nlast_reviewed: 2026-10-01\n---\n# A\n"})
	if _, ok := files["sitemap.xml"]; ok {
		t.Error("a site map without addresses")
	}
	if !strings.Contains(files["feed.xml"], `href="a/"`) || !strings.Contains(files["feed.xml"], "<id>urn:opsbook:") {
		t.Errorf("feed:\n%s", files["feed.xml"])
	}
}
