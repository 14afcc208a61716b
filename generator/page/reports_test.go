package page_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"opsbook/generator/page"
)

// busy is a knowledge base in which everything that reports speak of occurs.
func busy() map[string]string {
	files := map[string]string{
		"lessons/again.md": "---\ntype: lesson\nowner: sre\nrecurrence_of: lessons/stop.md\nchanged: [runbooks/failover.md]\ncauses: [ロックの順序]\n" +
			"incident: {started: 2026-05-01 10:00, detected: 2026-05-01 10:20, mitigated: 2026-05-01 11:00, resolved: 2026-05-01 12:00, severity: SEV1, services: [orders-db]}\n" +
			"actions:\n  - {what: 直す, owner: hayashi, due: 2026-06-01}\n  - {what: 済んだ, owner: dba, due: 2026-06-01, status: done}\n---\n# もう一度\n",
		"lessons/third.md": "---\ntype: lesson\nowner: sre\nchanged: [runbooks/failover.md]\ncauses: [ ロックの順序 ]\nincident: {started: 2026-06-01 10:00, services: [orders-db]}\n---\n# 三度目\n",
		"records/run.md":   "---\ntype: record\nof: runbooks/failover.md\nkind: drill\nstarted: 2026-09-01 10:00\nfinished: 2026-09-01 10:20\noperator: hayashi\nresult: 成功\nticket: T-1\n---\n# 訓練\n",
		"nobody.md":        "# 持ち主がいない\n",
	}
	for name, text := range knowledge {
		if _, ok := files[name]; !ok {
			files[name] = text
		}
	}
	files["directory.yaml"] = strings.Replace(directory, "{id: hayashi, name: 林}", "{id: hayashi, name: 林, until: 2026-06-30}", 1)
	files["opsbook.yaml"] += "unowned: sre\n"
	return files
}

func TestReportsKeepToTheirSchemas(t *testing.T) {
	files := made(t, busy())
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	held := 0
	for name, text := range files {
		if path.Ext(name) != ".json" || strings.HasPrefix(name, "api/schema/") {
			continue
		}
		report, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		at := path.Join(path.Dir(name), fmt.Sprint(report.(map[string]any)["$schema"]))
		described, err := jsonschema.UnmarshalJSON(strings.NewReader(files[at]))
		if err != nil {
			t.Fatalf("%s names the schema %s: %v", name, at, err)
		}
		if err := c.AddResource(at, described); err != nil {
			t.Fatal(err)
		}
		schema, err := c.Compile(at)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(report); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(text, `"items": []`) {
			t.Errorf("%s says nothing, so nothing is tested", name)
		}
		held++
	}
	if held != 8 {
		t.Errorf("%d reports were held to schemas", held)
	}
}

func TestFeedsOfTeamsAndServicesAreAtom(t *testing.T) {
	files := made(t, busy())
	feeds, entries := 0, 0
	for name, text := range files {
		if path.Base(name) != "feed.xml" {
			continue
		}
		feeds++
		var f struct {
			XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
			ID      string   `xml:"id"`
			Title   string   `xml:"title"`
			Updated string   `xml:"updated"`
			Links   []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"link"`
			Entries []struct {
				ID      string `xml:"id"`
				Title   string `xml:"title"`
				Updated string `xml:"updated"`
				Author  string `xml:"author>name"`
			} `xml:"entry"`
		}
		if err := xml.NewDecoder(bytes.NewBufferString(text)).Decode(&f); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := "https://ops.example.com/kb/" + name; len(f.Links) == 0 || f.Links[0].Rel != "self" || f.Links[0].Href != want {
			t.Errorf("%s: links %v", name, f.Links)
		}
		if f.ID == "" || f.Title == "" || !isTime(f.Updated) {
			t.Errorf("%s lacks what RFC 4287 asks for: %+v", name, f)
		}
		for _, e := range f.Entries {
			entries++
			if e.ID == "" || e.Title == "" || e.Author == "" || !isTime(e.Updated) {
				t.Errorf("%s: an entry lacks what RFC 4287 asks for: %+v", name, e)
			}
		}
	}
	if feeds < 4 || entries < 4 {
		t.Errorf("%d feeds with %d entries", feeds, entries)
	}
}

func isTime(s string) bool {
	_, err := time.Parse(time.RFC3339, s)
	return err == nil
}

// cells are the rows of a ledger as text.
func cells(t *testing.T, p *page.Page, id string) string {
	t.Helper()
	for _, g := range p.Ledgers {
		if g.ID != id {
			continue
		}
		var b strings.Builder
		for _, r := range g.Rows {
			for _, c := range r.Cells {
				for _, v := range c.Values {
					b.WriteString(v.Text + v.Key + v.Date + " ")
				}
				b.WriteString(c.Tag.Key + "|")
			}
			b.WriteString(r.Mark + "\n")
		}
		return b.String()
	}
	t.Fatalf("%s has no ledger %s", p.URL, id)
	return ""
}

func TestWhatGoesMissingIsShown(t *testing.T) {
	pages := byURL(plan(resolve(t, busy())))
	for _, c := range []struct{ url, ledger, want string }{
		{"teams/", "departed", "林 |2026-06-30 |データベース管理 もう一度 |bad"},
		{"teams/", "verified", "SRE |verified.none|"},
		{"teams/", "agreements", "SRE |データベース管理 |PagerDuty |"},
		{"teams/sre/", "assign", "unowned |"},
		{"incidents/", "recurring", "ロックの順序 |recurring.cause|2 |"},
		{"incidents/", "recurring", "recurring.page|2 |"},
		{"incidents/", "again", "もう一度 |"},
		{"records/", "practice", "drilled.none|"},
	} {
		p := pages[c.url]
		if p == nil {
			t.Errorf("no page %s", c.url)
			continue
		}
		if got := cells(t, p, c.ledger); !strings.Contains(got, c.want) {
			t.Errorf("%s, %s: no %q in\n%s", c.url, c.ledger, c.want, got)
		}
	}
	if p := pages["unowned/"]; p == nil || len(p.Lists) != 1 {
		t.Error("pages without an owner are not listed")
	}
}
