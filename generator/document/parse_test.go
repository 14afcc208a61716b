package document

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"opsbook/generator/source"
	"opsbook/internal/charset"
	"opsbook/internal/meta"
)

// parse parses a text as a.md.
func parse(text string) *Document { return Parse(source.File{Path: "a.md", Text: []byte(text)}) }

// faults returns the problems of a document, one a line.
func faults(d *Document) string {
	var b strings.Builder
	for _, p := range d.Problems {
		fmt.Fprintf(&b, "%s %s: %s\n", p.Pos, p.Rule, p.Message)
	}
	return b.String()
}

func TestParseFrontMatter(t *testing.T) {
	for _, c := range []struct{ name, text, title, body, want string }{
		{"none", "# 題\n", "", "題", ""},
		{"closed", "---\ntitle: あ\n---\n# 題\n", "あ", "題", ""},
		{"never closed", "---\ntitle: あ\nowner: b\n\n# 題\n", "あ", "題", "a.md:1:1 meta-syntax: the front matter that starts here is never closed\n"},
		{"TOML", "+++\ntitle = 'あ'\n+++\n# 題\n", "", "題", "a.md:1:1 meta-syntax: front matter in TOML (+++) is not read\n"},
		{"a list", "---\n- a: b\n---\n# 題\n", "", "題", ""},
		{"empty", "---\n---\n# 題\n", "", "題", ""},
		{"two documents", "---\ntitle: あ\n...\n---\nx: y\n---\n# 題\n", "あ", "題", "a.md:3:1 meta-syntax: a second YAML document starts here; only the first is read\n"},
		{"too large", "---\ntitle: あ\nx: " + strings.Repeat("x", meta.MaxFront) + "\n---\n# 題\n", "", "題", "a.md:1:1 limit: the front matter is larger than 64 KiB and is not read\n"},
		{"broken", "---\ntitle: あ\nx: [\n---\n# 題\n", "あ", "題", "a.md:3:4 meta-syntax: a bracket is opened here and never closed\n"},
	} {
		d := parse(c.text)
		if d.Front.Get("title").Text != c.title || d.Title.Text != c.body || faults(d) != c.want {
			t.Errorf("%s: title %q, heading %q, problems:\n%s", c.name, d.Front.Get("title").Text, d.Title.Text, faults(d))
		}
	}
}

func TestParseLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "123 - 456\n": "", "# 障害対応の手順\n": "ja", "# 障害対応\n": "ja", "# フェイルオーバー\n": "ja", "Restart the service and wait.\n": "en", "---\ntitle: 手順の一覧\n---\n": "ja", "---\ntitle: List\n---\n": "en",
		"Restart the フェイルオーバー target; then check that every replica has caught up with the writer before closing the ticket and telling all teams.\n": "en",
		"`kubectl get pods` で Pod を確認し、`kubectl describe pod` を実行する。AWS Management Console の EC2 から再起動する。\n":                                          "ja",
		"```\nkubectl get pods --all-namespaces -o wide\n```\nを実行します。\n":                                                                              "ja",
	} {
		if d := parse(text); d.Lang != want {
			t.Errorf("%q is %q, want %q", text, d.Lang, want)
		}
	}
}

func TestParseKeepsPositionsThroughIncludes(t *testing.T) {
	f := source.File{
		Path: "run/a.md", Text: []byte("# 題\n\n共有の [リンク](b.md)\n\n## 終\n\n1. 手順\n\n   共有の [リンク](b.md)\n"),
		Origins: []source.Origin{
			{Line: 1, File: "run/a.md", FileLine: 1},
			{Line: 3, File: "_shared/x.md", FileLine: 7},
			{Line: 4, File: "run/a.md", FileLine: 4},
			{Line: 9, File: "_shared/x.md", FileLine: 7, Indent: 3},
		},
	}
	d := Parse(f)
	for i, want := range []string{"_shared/x.md:7:11", "_shared/x.md:7:11"} {
		if got := d.Links[i].Pos.String(); got != want {
			t.Errorf("link %d at %s, want %s", i, got, want)
		}
	}
	if got := d.Sections[2].Pos.String(); got != "run/a.md:5:1" {
		t.Errorf("section at %s", got)
	}
	f.Origins = nil
	if Parse(f).Hash == d.Hash {
		t.Error("the hash does not know where lines come from")
	}
}

func TestParseInvisible(t *testing.T) {
	for text, want := range map[string]string{
		"```\nrm\u00a0-rf x\n```\n":           "a.md:2:3 invisible-code: the code contains U+00A0 (no-break space), which cannot be seen\n",
		"```\nif a\u202e { // ok\n```\n":      "a.md:2:5 invisible-code: the code contains U+202E (right-to-left override), which cannot be seen\n",
		"障害 `a\u200bb`\n":                     "a.md:1:6 invisible-code: the code contains U+200B (zero-width space), which cannot be seen\n",
		"障\u200b害\n":                          "a.md:1:2 invisible-text: the text contains U+200B (zero-width space), which cannot be seen\n",
		"a\u202eb\n":                          "a.md:1:2 invisible-text: the text contains U+202E (right-to-left override), which cannot be seen\n",
		"no\u00a0break soft\u00adhyphen\n":    "",
		"👩\u200d🚒 and می\u200cخواهم\n":        "",
		"障\u200d害\n":                          "a.md:1:2 invisible-text: the text contains U+200D (zero-width joiner), which cannot be seen\n",
		"---\nowner: d\u200bba\n---\n":        "a.md:2:9 invisible-text: the text contains U+200B (zero-width space), which cannot be seen\n",
		"\u200b\u200b `\u200b`\n\n    \u200b": "a.md:1:1 invisible-text: the text contains U+200B (zero-width space), which cannot be seen\na.md:1:5 invisible-code: the code contains U+200B (zero-width space), which cannot be seen\na.md:3:5 invisible-code: the code contains U+200B (zero-width space), which cannot be seen\n",
	} {
		if got := faults(parse(text)); got != want {
			t.Errorf("%q:\n%swant\n%s", text, got, want)
		}
	}
	if n := len(parse(strings.Repeat("\u200b\n\n", 1000)).Problems); n != mostInvisible {
		t.Errorf("%d problems", n)
	}
}

func TestLines(t *testing.T) {
	text := "障害\n\nab\n" + strings.Repeat("あ\u0301x", 1000) + "\n終"
	l := newLines([]byte(text))
	line, col := 1, 1
	for i, r := range text {
		if gotLine, gotCol := l.at(i); gotLine != line || gotCol != col {
			t.Fatalf("byte %d is at %d:%d, want %d:%d", i, gotLine, gotCol, line, col)
		}
		if col++; r == '\n' {
			line, col = line+1, 1
		}
	}
	if line, col := l.at(len(text) + 10); line != 5 || col != 2 {
		t.Errorf("past the end: %d:%d", line, col)
	}
	if line, col := newLines(nil).at(0); line != 1 || col != 1 {
		t.Errorf("no text: %d:%d", line, col)
	}
}

// Documents are remembered on disk.
func TestDocumentGob(t *testing.T) {
	text, err := os.ReadFile("testdata/手順書.md")
	if err != nil {
		t.Fatal(err)
	}
	d := Parse(source.File{Path: "手順書.md", Text: text})
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(d); err != nil {
		t.Fatal(err)
	}
	back := &Document{}
	if err := gob.NewDecoder(&b).Decode(back); err != nil {
		t.Fatal(err)
	}
	if dump(back) != dump(d) || back.Hash != d.Hash {
		t.Error("a remembered document differs")
	}
}

func TestParseIsAFunction(t *testing.T) {
	text, err := os.ReadFile("testdata/手順書.md")
	if err != nil {
		t.Fatal(err)
	}
	f := source.File{Path: "手順書.md", Text: text}
	before := bytes.Clone(text)
	one, two := Parse(f), Parse(f)
	if !reflect.DeepEqual(one, two) || !bytes.Equal(before, text) {
		t.Error("two readings of one file differ, or the text was changed")
	}
}

// corpora are real pages: every one of them must be read without a fault of ours.
func TestParseCorpora(t *testing.T) {
	for name, least := range map[string]struct{ files, sections, links, lists, codes int }{
		"openshift-runbooks": {270, 1800, 350, 480, 1000}, "prometheus-operator-runbooks": {110, 650, 90, 60, 60}, "kubernetes-docs-ja": {180, 1600, 1600, 500, 1400},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join("..", "..", "..", "shared", "corpora", name)
			if _, err := os.Stat(dir); err != nil {
				t.Skip("the corpus is not here")
			}
			tree, err := source.Read(context.Background(), dir, source.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer tree.Close()
			got := least
			got.files, got.sections, got.links, got.lists, got.codes = len(tree.Files), 0, 0, 0, 0
			for _, f := range tree.Files {
				d := Parse(f)
				wellFormed(t, d, f)
				got.sections, got.links, got.lists, got.codes = got.sections+len(d.Sections), got.links+len(d.Links), got.lists+len(d.Lists), got.codes+len(d.Codes)
			}
			if got.files < least.files || got.sections < least.sections || got.links < least.links || got.lists < least.lists || got.codes < least.codes {
				t.Errorf("found %+v, want at least %+v", got, least)
			}
		})
	}
}

// wellFormed checks what holds for every document.
func wellFormed(t *testing.T, d *Document, f source.File) {
	t.Helper()
	inside := func(what string, at int) {
		if at < 0 || at > len(d.Text) {
			t.Fatalf("%s: %s at byte %d of %d", d.Path, what, at, len(d.Text))
		}
	}
	last := -1
	ids := map[string]bool{}
	for i, s := range d.Sections {
		inside("section", s.At)
		if s.At < last || (s.Level == 0) != (i == 0) || s.Level > 6 || s.Level > 0 && (s.ID == "" || ids[s.ID]) || !utf8.ValidString(s.Text) {
			t.Fatalf("%s: section %d: %+v", d.Path, i, s)
		}
		ids[s.ID], last = true, s.At
	}
	for _, l := range d.Links {
		inside("link", l.At)
	}
	var items func([]Item)
	items = func(all []Item) {
		for _, item := range all {
			inside("item", item.At)
			items(item.Items)
		}
	}
	for _, l := range d.Lists {
		items(l.Items)
	}
	for _, x := range d.Tables {
		if len(x.Starts) != len(x.Rows) {
			t.Fatalf("%s: a table of %d rows with %d starts", d.Path, len(x.Rows), len(x.Starts))
		}
		for _, at := range x.Starts {
			inside("row", at)
		}
	}
	for _, c := range d.Codes {
		inside("code", c.At)
	}
	lines := bytes.Count(f.Text, []byte{'\n'}) + 1
	for _, p := range d.Problems {
		if p.Pos.File == f.Path && (p.Pos.Line < 1 || p.Pos.Line > lines) {
			t.Fatalf("%s: no such place: %v %s", d.Path, p.Pos, p.Message)
		}
	}
	Decode(d.Front)
	Decode(d.Info)
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"手順書", "表の情報", "info-down", "誤り"} {
		text, err := os.ReadFile("testdata/" + name + ".md")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, s := range []string{
		"---\ntitle: &a [*a]\n---\n", "---\na: b\n", "+++\n", "```\n", "#x", "[x](a b.md)", "<script>x</script>", "|a|\n|-|\n" + strings.Repeat("|", 50), "> - > - > - x",
		"*[a]: b", "a\n: b", "[^1]\n\n[^1]: x", "{{< include \"x\" >}}", "\x00", "\u202e`\u200b`", "- \n\n\n-", "<a id=x></a>", "# a\n# a\n## a-1", "![[", "!!! note\n    x", ":::tip\nx\n:::",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		text, _ = charset.Clean("a.md", text, 1) // as source does
		file := source.File{Path: "a.md", Text: text}
		wellFormed(t, Parse(file), file)
	})
}

func BenchmarkParse(b *testing.B) {
	text, err := os.ReadFile("testdata/手順書.md")
	if err != nil {
		b.Fatal(err)
	}
	_, body, _ := bytes.Cut(text, []byte("---\n\n"))
	text = append(text, bytes.Repeat(body, 6000/len(body))...) // about 6 KB, as real pages have
	f := source.File{Path: "a.md", Text: text}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Parse(f)
	}
}

// A text of ten times the size takes about ten times as long, whatever it is made of.
func BenchmarkParseGrowth(b *testing.B) {
	for name, unit := range map[string]string{
		"one line": "障害 [リンク](a.md) `code` ", "headings": "# 見出し\n\n", "items": "- 項目\n", "rows": "|a|b|\n", "code": "```\nx\n```\n", "nested": "> - x\n",
	} {
		for _, size := range []int{20_000, 200_000} {
			text := []byte(strings.Repeat(unit, size/len(unit)))
			if name == "rows" {
				text = append([]byte("|a|b|\n|-|-|\n"), text...)
			}
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				for b.Loop() {
					Parse(source.File{Path: "a.md", Text: text})
				}
			})
		}
	}
}
