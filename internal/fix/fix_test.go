package fix_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"opsbook/generator"
	"opsbook/internal/fix"
	"opsbook/internal/meta"
	"opsbook/templates"
)

// mended is a source of one page after every fix that Find finds, again and again until there is none, and how many there were.
func mended(t *testing.T, page string, more map[string]string) (string, int) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range more {
		write(name, text)
	}
	write("notes/a.md", page)
	in := generator.Input{
		Source: dir, Theme: templates.Default(), Drafts: true, Clock: meta.Date{Year: 2026, Month: 11, Day: 2}, Unsaved: map[string][]byte{},
	}
	read := func(file string) ([]byte, error) {
		if text, ok := in.Unsaved[file]; ok {
			return text, nil
		}
		return os.ReadFile(filepath.Join(dir, file))
	}
	m, count := generator.NewMemory(), 0
	for range 5 {
		c, err := generator.Load(context.Background(), in, m)
		if err != nil {
			t.Fatal(err)
		}
		found := fix.Find(fix.Input{Site: c.Site, Diagnostics: c.Diagnostics, Assets: c.AssetNames(), Read: read})
		if len(found) == 0 {
			text, err := read("notes/a.md")
			if err != nil {
				t.Fatal(err)
			}
			return string(text), count
		}
		old, err := read("notes/a.md")
		if err != nil {
			t.Fatal(err)
		}
		text, made := fix.Apply(old, found)
		in.Unsaved = map[string][]byte{"notes/a.md": text}
		count += len(made)
	}
	t.Fatal("the fixes never end")
	return "", 0
}

func TestFixes(t *testing.T) {
	others := map[string]string{
		"notes/deep/target.md": "---\nid: N9\naliases: [/former/name/]\n---\n# T\n\n## Part\n", "images/図.svg": "<svg/>",
		"one/twin.md": "# One\n", "two/twin.md": "# Two\n",
	}
	tests := map[string]struct{ page, want string }{
		"key":                         {"---\nlast-reveiwed: 2026-11-01\n---\n# A\n", "---\nlast_reviewed: 2026-11-01\n---\n# A\n"},
		"quoted key":                  {"---\n'titel': A\n---\n", "---\n'title': A\n---\n"},
		"key that is there":           {"---\ntitel: A\ntitle: B\n---\n", ""},
		"nested key":                  {"---\nactions: [{what: 見直す, ower: sre}]\n---\n# A\n", "---\nactions: [{what: 見直す, owner: sre}]\n---\n# A\n"},
		"CRLF and BOM":                {"\ufeff---\r\nlast_reviewed: 2026/1/2\r\n---\r\n#見出し\r\n", "\ufeff---\r\nlast_reviewed: 2026-01-02\r\n---\r\n# 見出し\r\n"},
		"lone CR":                     {"---\rlast_reviewed: 令和8年1月2日\r---\r# A\r", "---\rlast_reviewed: 2026-01-02\r---\r# A\r"},
		"time of day":                 {"---\nlast_reviewed: 2026-01-02 10:00\n---\n# A\n", ""},
		"no day":                      {"---\nlast_reviewed: 2026/2/30\n---\n# A\n", ""},
		"key, then date":              {"---\nlast_reviewd: 2026.1.2 # 🚒\n---\n# A\n", "---\nlast_reviewed: 2026-01-02 # 🚒\n---\n# A\n"},
		"heading":                     {"# A\n\n##手順🚒\n\n＃大きい\n\n##　全角\n", "# A\n\n## 手順🚒\n\n# 大きい\n\n## 全角\n"},
		"tags are no headings":        {"# A\n\n#tag #other\n\ntext\n#tag\n", ""},
		"moved by name":               {"[x](../old/target.md#part)\n", "[x](deep/target.md#part)\n"},
		"moved by id":                 {"[x](n9.md)\n", "[x](deep/target.md)\n"},
		"moved by old address":        {"[x](../former/name2/name.md?a=b)\n", "[x](deep/target.md?a=b)\n"},
		"moved, from the root":        {"🚒 [x](/x/target.md)\n", "🚒 [x](/notes/deep/target.md)\n"},
		"moved, by reference":         {"[x][y]\n\n[y]: ../old/target.md \"T\"\n", "[x][y]\n\n[y]: deep/target.md \"T\"\n"},
		"moved picture":               {"![図](図.svg)\n", "![図](../images/図.svg)\n"},
		"two of that name":            {"[x](twin.md)\n", ""},
		"index pages have no name":    {"[x](../gone/index.md)\n", ""},
		"space":                       {"[x](deep/target page.md)\n", ""},
		"prompts":                     {"```sh\n$ a\n# b\n$ c \\\n  d\n```\n", "```sh\na\n# b\nc \\\n  d\n```\n"},
		"a session":                   {"```sh\n$ a\noutput\n```\n\n```console\n$ a\n```\n", ""},
		"information table":           {"# A\n\n| 項目 | 内容 |\n|--|--|\n| 担当 | sre |\n| タグ | a、b c |\n\ntext\n", "---\nowner: sre\ntags: [a, b c]\n---\n\n# A\n\ntext\n"},
		"table across":                {"# A\n\n| 担当 | 説明 | 作成者 |\n|--|--|--|\n| sre | x: y | a |\n", "---\nowner: sre\ndescription: \"x: y\"\nauthor: a\n---\n\n# A\n\n"},
		"table with a row of its own": {"# A\n\n| 項目 | 内容 |\n|--|--|\n| 担当 | sre |\n| 説明 | x |\n| 色 | 青 |\n", ""},
		"table with a link":           {"# A\n\n| 項目 | 内容 |\n|--|--|\n| 担当 | [sre](a.md) |\n| 説明 | x |\n", ""},
		"table and front matter":      {"---\nowner: sre\n---\n# A\n\n| 項目 | 内容 |\n|--|--|\n| 担当 | dba |\n| 説明 | x |\n", ""},
		"not UTF-8":                   {"---\nlast_reviewed: 2026/1/2\n---\n# \x93\xfa\x96\x7b\x8c\xea\x82\xcc\x83\x79\x81\x5b\x83\x57\n", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			want := tt.want
			if want == "" {
				want = tt.page
			}
			if got, _ := mended(t, tt.page, others); got != want {
				t.Errorf("%q\nbecame %q\nwant   %q", tt.page, got, want)
			}
		})
	}
}

// TestOnlyWhatAFixNamesChanges mixes lines that are mended with lines that are not, in every style of line ends, and asks that the latter come
// out byte for byte.
func TestOnlyWhatAFixNamesChanges(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	wrong := [][2]string{{"##手順", "## 手順"}, {"[x](../old/target.md)", "[x](deep/target.md)"}}
	right := []string{"text 🚒\t", "  - item  ", "> 引用 ", "`code`", "| a | b |", "<!-- x -->", "**強調**です"}
	others := map[string]string{"notes/deep/target.md": "# T\n"}
	for _, end := range []string{"\n", "\r\n", "\r"} {
		for range 10 {
			page, want := bytes.Buffer{}, bytes.Buffer{}
			for range 2 + random.IntN(12) {
				line := right[random.IntN(len(right))]
				mendedLine := line
				if random.IntN(3) == 0 {
					w := wrong[random.IntN(len(wrong))]
					line, mendedLine = w[0], w[1]
				}
				page.WriteString(line + end + end)
				want.WriteString(mendedLine + end + end)
			}
			if got, _ := mended(t, page.String(), others); got != want.String() {
				t.Fatalf("%q\nbecame %q\nwant   %q", page.String(), got, want.String())
			}
		}
	}
}
