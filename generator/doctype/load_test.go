package doctype_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"opsbook/generator/doctype"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// ours is the theme of this repository.
func ours() fs.FS { return os.DirFS("../../templates") }

func load(t *testing.T, site fs.FS) *doctype.Set {
	t.Helper()
	set, problems := doctype.Load(ours(), site)
	for _, p := range problems {
		t.Errorf("%s: %s", p.Pos, p.Message)
	}
	return set
}

func TestOursLoad(t *testing.T) {
	set := load(t, nil)
	var names []string
	for _, typ := range set.All {
		names = append(names, typ.Name)
		for _, lang := range []string{"ja", "en"} {
			if typ.Label[lang] == "" || typ.Plural[lang] == "" {
				t.Errorf("%s has no label in %s", typ.Name, lang)
			}
			for _, s := range typ.Sections {
				if len(s.Names[lang]) == 0 {
					t.Errorf("section %s of %s has no name in %s", s.ID, typ.Name, lang)
				}
			}
		}
		for _, key := range typ.Schema.Keys() {
			for _, lang := range []string{"ja", "en"} {
				if key.Title[lang] == "" || key.Description[lang] == "" {
					t.Errorf("key %s of %s has no title or description in %s", key.Name, typ.Name, lang)
				}
			}
		}
	}
	want := []string{"playbook", "runbook", "lesson", "raci", "record", "note"}
	if !slices.Equal(names, want) {
		t.Errorf("types are %v, want %v", names, want)
	}
	if got := set.Fallback(); got == nil || got.Name != "note" {
		t.Errorf("the fallback is %v, want note", got)
	}
	if got := set.Folder("手順書"); got == nil || got.Name != "runbook" {
		t.Errorf("folder 手順書 is of type %v, want runbook", got)
	}
}

func TestFactsAreKeys(t *testing.T) {
	for _, typ := range load(t, nil).All {
		for _, fact := range typ.Facts {
			if !slices.Contains(typ.Schema.Known(), fact) {
				t.Errorf("%s shows the fact %s, which its schema does not know", typ.Name, fact)
			}
		}
	}
}

func TestSiteOverOurs(t *testing.T) {
	site := fstest.MapFS{
		"orr/type.yaml":    {Data: []byte("label: 運用準備レビュー\nfolders: [orr]\ntraits: [steps, runnable, actions]\nsections:\n  - {id: steps, required: true}\n  - {id: readiness, names: {ja: [準備状況], en: [Readiness]}}\nsteps: [steps]\nreview_in: 1y\n")},
		"orr/schema.json":  {Data: []byte(`{"allOf": [{"$ref": "../runbook/schema.json"}], "properties": {"score": {"type": "integer", "maximum": 5}}}`)},
		"runbook/new.md":   {Data: []byte("# {{.Title}} of ours\n")},
		"note/page.html":   {Data: []byte("x")},
		"sections.yaml":    {Data: []byte("steps:\n  ja: [段取り]\n")},
		".git/type.yaml":   {Data: []byte("label: no type")},
		"orr/unrelated.md": {Data: []byte("no matter")},
	}
	set := load(t, site)
	orr := set.ByName["orr"]
	if orr == nil || len(set.All) != 7 {
		t.Fatalf("orr is not among the %d types", len(set.All))
	}
	if orr.Label["ja"] != "運用準備レビュー" || orr.Label["en"] != "運用準備レビュー" || orr.Plural["en"] != "運用準備レビュー" {
		t.Errorf("labels %v %v", orr.Label, orr.Plural)
	}
	if !orr.Has(doctype.Runnable) || orr.Has(doctype.Matrix) || orr.ReviewIn["default"].Months != 12 {
		t.Errorf("traits %v, review %v", orr.Traits, orr.ReviewIn)
	}
	if names := orr.Sections[0].Names["ja"]; names[0] != "手順" || names[len(names)-1] != "段取り" {
		t.Errorf("names of steps are %v", names)
	}
	if !slices.Contains(orr.Schema.Known(), "score") || !slices.Contains(orr.Schema.Known(), "outcome") || !slices.Contains(orr.Schema.Known(), "owner") {
		t.Errorf("orr knows %v", orr.Schema.Known())
	}
	if got := set.ByName["runbook"].New; !strings.Contains(got, "of ours") {
		t.Errorf("the site's new.md does not stand over ours: %q", got)
	}
	if set.ByName["runbook"].Label["en"] != "Runbook" {
		t.Error("one file of a type replaced the others")
	}
	if set.ByName["note"].Template != "note/page.html" || orr.Template != "" {
		t.Errorf("templates %q %q", set.ByName["note"].Template, orr.Template)
	}
}

func TestBadTypes(t *testing.T) {
	tests := []struct {
		name, file, text string
		want             string // position: message
		hint             string
	}{
		{"unknown key", "orr/type.yaml", "label: O\ntrait: [steps]\n", `_types/orr/type.yaml:2:1: unknown key "trait"`, `did you mean "traits"?`},
		{"unknown trait", "orr/type.yaml", "traits: [steps, runable]\n", `_types/orr/type.yaml:1:17: unknown trait "runable"`, `did you mean "runnable"?`},
		{"steps of no section", "orr/type.yaml", "steps: [stesp]\nsections: [steps]\n", `_types/orr/type.yaml:1:9: steps names the section "stesp", which the type does not have`, `did you mean "steps"?`},
		{"nameless section", "orr/type.yaml", "sections: [odd]\n", `_types/orr/type.yaml:1:12: section "odd" has no names`, "add names: {ja: [...], en: [...]}, the headings by which it is recognised"},
		{"rank", "orr/type.yaml", "rank: high\n", "_types/orr/type.yaml:1:7: rank must be a number", ""},
		{"review", "orr/type.yaml", "review_in: {default: soon}\n", `_types/orr/type.yaml:1:22: "soon" is not a length of time`, "write for example 15m, 1h30m, 90d, 6 weeks, 6 months, 6ヶ月 or 90日"},
		{"no JSON", "note/schema.json", "{\n  \"type\": object\n}\n", `_types/note/schema.json:2:11: the schema is no JSON: invalid character 'o' looking for beginning of value`, ""},
		{"no schema", "note/schema.json", "{\n  \"properties\": {\n    \"a\": {\"type\": \"text\"}\n  }\n}\n", "_types/note/schema.json:3:11: ", ""},
		{"outside", "note/schema.json", `{"$ref": "https://example.com/x.json"}`, "_types/note/schema.json:1:1: compile the schema: ", ""},
		{"no type.yaml", "orr/new.md", "# x\n", `_types/orr: type "orr" has no type.yaml`, "copy one of the built-in types' and change it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, problems := doctype.Load(ours(), fstest.MapFS{tt.file: {Data: []byte(tt.text)}})
			if len(problems) == 0 {
				t.Fatal("nothing was reported")
			}
			if got := problems[0].Pos.String() + ": " + problems[0].Message.String(); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if got := problems[0].Hint.String(); got != tt.hint {
				t.Errorf("hint %q, want %q", got, tt.hint)
			}
			if ds := set.ByName["note"].Schema.Check(front(t, "title: x\nowner: [a]\n")); len(ds) != 1 {
				t.Errorf("after a bad file, checking a note finds %v", ds)
			}
		})
	}
}

func TestRelabel(t *testing.T) {
	set := load(t, nil)
	site := set.Relabel(map[string]map[string]string{"runbook": {"ja": "作業マニュアル"}, "steps": {"": "やること"}}, map[string][]string{"verify": {"検収"}})
	if got := site.ByName["runbook"].Label; got["ja"] != "作業マニュアル" || got["en"] != "Runbook" {
		t.Errorf("labels are %v", got)
	}
	steps, _ := site.ByName["runbook"].Section("steps")
	if steps.Names["ja"][0] != "やること" || steps.Names["ja"][1] != "手順" || steps.Names["en"][0] != "やること" {
		t.Errorf("names of steps are %v", steps.Names)
	}
	verify, _ := site.ByName["runbook"].Section("verify")
	if !slices.Contains(verify.Names["ja"], "検収") {
		t.Errorf("names of verify are %v", verify.Names)
	}
	if got := set.ByName["runbook"].Label["ja"]; got != "手順書" {
		t.Errorf("relabelling changed the set itself: %s", got)
	}
}

// front reads front matter that starts in line 2, as behind `---`.
func front(t testing.TB, text string) meta.Value {
	t.Helper()
	v, problems := meta.Read("a.md", []byte(text), 2)
	for _, p := range problems {
		t.Fatalf("%s: %s", p.Pos, p.Message)
	}
	return v
}

// lines are diagnostics as a reader sees them.
func lines(ds []diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(d.Pos.String() + ": " + d.Message.String() + " [" + d.Rule + "]")
		if !d.Hint.IsZero() {
			b.WriteString(" (" + d.Hint.String() + ")")
		}
		b.WriteString("\n")
	}
	return b.String()
}
