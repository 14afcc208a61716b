package doctype_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"opsbook/generator/doctype"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

func loadForBench() (*doctype.Set, []diag.Diagnostic) { return doctype.Load(ours(), nil) }

// split returns the front matter and the body of a page.
func split(t *testing.T, page []byte) (meta.Value, string) {
	t.Helper()
	rest, ok := bytes.CutPrefix(page, []byte("---\n"))
	if !ok {
		t.Fatalf("no front matter in\n%s", page)
	}
	head, body, ok := bytes.Cut(rest, []byte("\n---\n"))
	if !ok {
		t.Fatalf("front matter does not end in\n%s", page)
	}
	return front(t, string(head)), string(body)
}

func TestScaffolds(t *testing.T) {
	set := load(t, nil)
	today := meta.Date{Year: 2026, Month: 11, Day: 1}
	full := doctype.Scaffold{Title: `RDS: "フェイルオーバー"`, ID: "RUN100", Owner: "dba", Escalation: "database", Decider: "ic", Severity: "SEV2", Of: "RUN002", Today: today}
	tests := map[string]doctype.Scaffold{
		"full":      full,
		"title":     {Title: "x", Today: today},
		"no policy": {Title: "- x", Owner: "dba", Decider: "ic", Today: today},
	}
	for name, s := range tests {
		for _, typ := range set.All {
			for _, lang := range []string{"ja", "en"} {
				t.Run(name+"/"+typ.Name+"/"+lang, func(t *testing.T) {
					s.Lang = lang
					page, err := typ.Scaffold(s)
					if err != nil {
						t.Fatal(err)
					}
					v, body := split(t, page)
					if got := lines(typ.Schema.Check(v)); got != "" {
						t.Errorf("%s\n%s", got, page)
					}
					for _, f := range v.Fields {
						if f.Key == "title" && f.Value.Text != s.Title {
							t.Errorf("title is %q, want %q", f.Value.Text, s.Title)
						}
					}
					for _, section := range typ.Sections {
						if section.Required && !strings.Contains(body, "\n## "+section.Names[lang][0]+"\n") {
							t.Errorf("no section %s in\n%s", section.Names[lang][0], body)
						}
					}
					if strings.Contains(string(page), "<no value>") || strings.Contains(string(page), "\n\n\n") {
						t.Errorf("odd page\n%s", page)
					}
				})
			}
		}
	}
}

func TestScaffoldDates(t *testing.T) {
	s := doctype.Scaffold{Today: meta.Date{Year: 2026, Month: 12, Day: 15}}
	if got := s.In(30).String(); got != "2027-01-14" {
		t.Errorf("30 days later is %s", got)
	}
}

func TestScaffoldOfASiteSaysWhatIsWrong(t *testing.T) {
	set := load(t, fstest.MapFS{"note/new.md": {Data: []byte("{{.Nope}}")}})
	_, err := set.ByName["note"].Scaffold(doctype.Scaffold{Title: "x", Lang: "en"})
	if err == nil || !strings.HasPrefix(err.Error(), "fill in new.md of note: ") {
		t.Errorf("got %v", err)
	}
}
