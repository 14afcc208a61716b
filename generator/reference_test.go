package generator

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"opsbook/generator/doctype"
	"opsbook/generator/markdown"
	"opsbook/internal/check"
	"opsbook/templates"
)

// types are ours and one of a site.
func types(t *testing.T) *doctype.Set {
	t.Helper()
	own := fstest.MapFS{
		"drill/type.yaml": {Data: []byte("label: {ja: 訓練, en: Drill}\nfolders: [drills]\norder: 70\n" +
			"sections:\n  - {id: aim, required: true, keys: [aim], names: {ja: [ねらい], en: [Aim]}}\n")},
		"drill/schema.json": {Data: []byte(`{"allOf": [{"$ref": "../common.schema.json"}], "type": "object", "properties": {
			"aim": {"title": "A | B", "description": "See [RUN002], <cluster> and {{name}}.", "x-ja": {"title": "ねらい", "description": "なぜ。"},
			"type": "array", "items": {"type": "string", "format": "page"}}}}`)},
		"drill/new.md": {Data: []byte("---\ntitle: {{quote .Title}}\n---\n")},
	}
	set, problems := doctype.Load(templates.Default(), own)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return set
}

// made is the fragment of a name.
func made(t *testing.T, name string) string {
	t.Helper()
	text, ok := reference{theme: templates.Default(), types: types(t)}.fragment(name)
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	return string(text)
}

// read parses a fragment, in which nothing may be wrong.
func read(t *testing.T, text string) *markdown.Tree {
	t.Helper()
	tree := markdown.Parse([]byte(text))
	for _, p := range tree.Problems {
		t.Errorf("%s: %s at %q", p.Rule, p.Message, text[p.At:min(p.At+60, len(text))])
	}
	return tree
}

// headings are the anchors of a tree, with the headings' level.
func headings(t *testing.T, tree *markdown.Tree) map[string]int {
	t.Helper()
	all := map[string]int{}
	for n := tree.Root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			all[markdown.HeadingID(h)] = h.Level
		}
	}
	return all
}

func TestEveryRuleIsInTheReference(t *testing.T) {
	for _, lang := range []string{"ja", "en"} {
		text := made(t, "opsbook:rules."+lang)
		found := headings(t, markdown.Parse([]byte(text)))
		for _, rule := range check.Rules() {
			if found[rule.ID] != 2 {
				t.Errorf("%s: %s is no anchor of a second-level heading", lang, rule.ID)
			}
			if !strings.Contains(text, "## "+rule.ID+": "+rule.Title(lang)+" {#") {
				t.Errorf("%s: the title of %s is missing", lang, rule.ID)
			}
			paragraphs := strings.Split(rule.Doc(lang), "\n\n")
			if last := strings.TrimSpace(paragraphs[len(paragraphs)-1]); !strings.Contains(text, last) {
				t.Errorf("%s: the page of %s is cut: %q is missing", lang, rule.ID, last)
			}
		}
		if len(found) != len(check.Rules()) {
			t.Errorf("%s: %d headings for %d rules", lang, len(found), len(check.Rules()))
		}
	}
}

func TestARulesPageKeepsItsCode(t *testing.T) {
	got := body("# Title\n\nSays.\n\n## Bad\n\n```markdown\n# Page\n\n## Steps\n```\n\n## How to fix ##\n\nMend.\n")
	if want := "\n\nSays.\n\n**Bad**\n\n```markdown\n# Page\n\n## Steps\n```\n\n**How to fix** ##\n\nMend.\n"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestEveryKeyIsInTheReference(t *testing.T) {
	for _, lang := range []string{"ja", "en"} {
		text := made(t, "opsbook:front-matter."+lang)
		tree := read(t, text)
		found := headings(t, tree)
		parts := strings.Split(text, "\n## ")
		common := parts[0]
		for i, set := 0, types(t); i < len(set.All); i++ {
			kind := set.All[i]
			if found[kind.Name] != 2 {
				t.Errorf("%s: the type %s is no anchor of a second-level heading", lang, kind.Name)
			}
			for _, k := range named("", kind.Schema.Keys()) {
				row := "\n| `" + k + "` | **"
				if !strings.Contains(common, row) && !strings.Contains(parts[i+1], row) {
					t.Errorf("%s: the key %s of %s is missing", lang, k, kind.Name)
				}
			}
			for _, s := range kind.Sections {
				if !strings.Contains(parts[i+1], "\n| `"+s.ID+"` | "+s.Names[lang][0]) {
					t.Errorf("%s: the section %s of %s is missing", lang, s.ID, kind.Name)
				}
			}
		}
		if strings.Contains(text, "%!") || strings.Contains(text, "|  |  |") || strings.Contains(text, "** **") {
			t.Errorf("%s: a word is missing:\n%s", lang, text)
		}
		for _, row := range strings.Split(text, "\n") {
			if strings.HasPrefix(row, "| `") && strings.HasSuffix(row, "|  |") && strings.Contains(row, "**") {
				t.Errorf("%s: nothing is said of the value in %s", lang, row)
			}
		}
	}
}

// named are the names of keys as the reference writes them.
func named(above string, keys []doctype.Key) []string {
	var all []string
	for _, k := range keys {
		below := above + k.Name + "."
		if strings.Contains(strings.Join(k.Kinds, " "), "array") {
			below = above + k.Name + "[]."
		}
		all = append(append(all, above+k.Name), named(below, k.Keys)...)
	}
	return all
}

func TestASitesOwnTypeIsInTheReference(t *testing.T) {
	text := made(t, "opsbook:front-matter.en")
	for _, want := range []string{
		"## Drill (drill) {#drill}",
		"or put the page into a folder named `drills`",
		"| `aim` | **A \\| B** See \\[RUN002\\], \\<cluster\\> and \\{\\{name\\}\\}. | list: id or path of a page |",
		"| `aim` | Aim | required (or `aim`) |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("missing: %s", want)
		}
	}
	tables := 0
	tree := markdown.Parse([]byte(text))
	_ = ast.Walk(tree.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if table, ok := n.(*east.Table); ok && entering {
			tables++
			for row := table.FirstChild(); row != nil; row = row.NextSibling() {
				if row.ChildCount() != 3 {
					t.Errorf("a row has %d cells: %s", row.ChildCount(), tree.Text(row))
				}
			}
		}
		return ast.WalkContinue, nil
	})
	if want := 1 + 2*len(types(t).All) - 1; tables != want { // a note has no keys of its own
		t.Errorf("%d tables, want %d", tables, want)
	}
}

func TestEveryFormatHasAWord(t *testing.T) {
	words, err := templates.Words(templates.Default())
	must(t, err)
	var hold func(keys []doctype.Key)
	hold = func(keys []doctype.Key) {
		for _, k := range keys {
			for _, lang := range []string{"ja", "en"} {
				if k.Format != "" && words[lang]["reference.format."+k.Format] == "" {
					t.Errorf("%s: there is no word for the format %s of %s", lang, k.Format, k.Name)
				}
				for _, kind := range k.Kinds {
					if words[lang]["reference."+kind] == "" {
						t.Errorf("%s: there is no word for the kind %s of %s", lang, kind, k.Name)
					}
				}
			}
			hold(k.Keys)
		}
	}
	for _, kind := range types(t).All {
		hold(kind.Schema.Keys())
	}
}

func TestReferencesAreNamed(t *testing.T) {
	r := reference{theme: templates.Default(), types: types(t)}
	for _, name := range []string{"", "rules.ja", "opsbook:", "opsbook:rules", "opsbook:rules.xx", "opsbook:rules.ja.md", "opsbook:rules.diagnostics.ja", "opsbook:rules.../i18n/ja", "opsbook:other.ja"} {
		if text, ok := r.fragment(name); ok {
			t.Errorf("%q gives %d bytes", name, len(text))
		}
	}
	for _, name := range []string{"opsbook:rules.ja", "opsbook:front-matter.en"} {
		one, _ := r.fragment(name)
		two, _ := reference{theme: templates.Default(), types: types(t)}.fragment(name)
		if !bytes.Equal(one, two) {
			t.Errorf("%s differs from itself", name)
		}
	}
}

func TestAPageIncludesAReference(t *testing.T) {
	dir := t.TempDir()
	page := "# Rules\n\n{{< include \"opsbook:rules.en\" >}}\n\n{{< include \"opsbook:front-matter.en\" >}}\n\n{{< include \"opsbook:none.en\" >}}\n"
	must(t, os.WriteFile(filepath.Join(dir, "rules.md"), []byte(page), 0o644))
	must(t, os.WriteFile(filepath.Join(dir, "opsbook.yaml"), []byte("labels:\n  runbook: {en: Work instruction}\n"), 0o644))
	in := input(dir)
	built, err := Build(t.Context(), in, NewMemory())
	must(t, err)
	found := ""
	for _, d := range built.Diagnostics() {
		if d.Pos.File == "rules.md" && d.Pos.Line > 1 {
			found += d.Pos.String() + " " + d.Rule + "\n"
		}
	}
	if want := "rules.md:7:14 include-missing\n"; found != want {
		t.Errorf("found:\n%s\nwant:\n%s", found, want)
	}
	html := string(content(t, in, NewMemory())["rules/index.html"])
	for _, want := range []string{`id="link-broken"`, `id="common"`, "Work instruction (runbook)", "last_reviewed</code>", "⟨U+00A0⟩"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
