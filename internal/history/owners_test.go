package history_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/history"
)

// The patterns and their meaning are those of GitHub's and GitLab's manuals ("About code owners", "Code Owners syntax").
func TestOwnersPatterns(t *testing.T) {
	tests := []struct {
		pattern string
		yes, no string
	}{
		{"*", "a a/b a/b/c.md", ""},
		{"/*", "a", "a/b"},
		{"*.js", "x.js a/b/x.js", "x.jsx js"},
		{"/build/logs/", "build/logs/a build/logs/b/c", "build/logs x/build/logs/a"},
		{"docs/*", "docs/a.md", "docs/build/b.md x/docs/a.md"},
		{"apps/", "apps/a x/apps/a x/apps/b/c", "apps appsx/a"},
		{"/docs/", "docs/a docs/b/c", "x/docs/a"},
		{"/docs", "docs docs/a docs/b/c", "x/docs docs2"},
		{"docs", "docs docs/a x/docs/b", "docs2"},
		{"**/logs", "logs build/logs deeply/nested/logs/x", "mylogs"},
		{"/apps/github", "apps/github apps/github/x", "x/apps/github"},
		{"/docs/**/a.md", "docs/a.md docs/x/a.md docs/x/y/a.md", "docs/b.md a.md"},
		{"docs/**", "docs/a docs/b/c", "x/docs/a"},
		{"/docs/*.md", "docs/a.md", "docs/b/a.md docs/a.mdx"},
		{"a?.md", "ab.md x/ac.md", "a.md a/.md"},
		{`my\ file.md`, "", ""},
		{"手順/*.md", "手順/障害.md", "手順/a/b.md"},
		{"a.b+(c)", "a.b+(c)", "aXb+(c)"},
	}
	for _, tt := range tests {
		o, ds := history.ParseOwners("CODEOWNERS", []byte(tt.pattern+" @me\n"))
		if len(ds) > 0 {
			t.Errorf("%s: %v", tt.pattern, ds)
		}
		for _, path := range strings.Fields(tt.yes) {
			if len(o.Of(path)) != 1 {
				t.Errorf("%s does not match %s", tt.pattern, path)
			}
		}
		for _, path := range strings.Fields(tt.no) {
			if len(o.Of(path)) != 0 {
				t.Errorf("%s matches %s", tt.pattern, path)
			}
		}
	}
}

const owners = "\ufeff# owners\r\n" +
	"*       @org/sre @org/sre # everybody\r\n" +
	"/docs/  docs@example.com\n" +
	"/docs/free/\n" +
	"my\\ file.md @me\n" +
	"\\#hash.md @hash\n" +
	"[bad]x @me\n" +
	"b[ad] @me\n" +
	"/a/ 花子 @ok\n" +
	"\n" +
	"[Database][2] @org/dba\n" +
	"/db/\n" +
	"/db/cache/ @org/cache\n" +
	"!/db/generated/\n" +
	"/db/generated/x @org/x\n" +
	"^[Docs team] @org/docs 花\n" +
	"*.md\n"

func TestOwners(t *testing.T) {
	o, ds := history.ParseOwners("CODEOWNERS", []byte(owners))
	tests := map[string]string{
		"main.go":           "@org/sre",
		"docs/a.txt":        "docs@example.com",
		"docs/free/a.txt":   "",
		"my file.md":        "@me @org/docs",
		"#hash.md":          "@hash @org/docs",
		"a/x":               "@ok",
		"db/x.sql":          "@org/sre @org/dba",
		"db/cache/x":        "@org/sre @org/cache",
		"db/generated/x":    "@org/sre",
		"db/readme.md":      "@org/sre @org/dba @org/docs",
		"docs/free/free.md": "@org/docs",
	}
	for path, want := range tests {
		if got := strings.Join(o.Of(path), " "); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	var got []string
	for _, d := range ds {
		got = append(got, d.Pos.String()+" "+d.Severity.String()+" "+d.Message.String())
	}
	want := []string{
		`CODEOWNERS:7:1 warning the pattern "[bad]x" is not valid, so Git hosts skip the line`,
		`CODEOWNERS:8:1 warning the pattern "b[ad]" is not valid, so Git hosts skip the line`,
		`CODEOWNERS:9:5 warning "花子" is neither a handle nor an email address`,
		`CODEOWNERS:16:24 warning "花" is neither a handle nor an email address`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if pos, ok := o.Line("db/cache/x"); !ok || pos.Line != 2 {
		t.Errorf("the line of db/cache/x is %v, %v", pos, ok)
	}
	if _, ok := o.Line("docs/free/a.txt"); ok {
		t.Error("docs/free/a.txt has a line")
	}
}

func TestReadOwnersPlaces(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	tests := []struct {
		fs   fstest.MapFS
		file string
		want string
	}{
		{fstest.MapFS{}, "", ""},
		{fstest.MapFS{".gitlab/CODEOWNERS": file("* @gitlab")}, ".gitlab/CODEOWNERS", "@gitlab"},
		{fstest.MapFS{"docs/CODEOWNERS": file("* @docs"), "CODEOWNERS/x": file("")}, "docs/CODEOWNERS", "@docs"},
		{fstest.MapFS{"docs/CODEOWNERS": file("* @docs"), "CODEOWNERS": file("* @top"), ".github/CODEOWNERS": file("* @github")}, ".github/CODEOWNERS", "@github"},
	}
	for _, tt := range tests {
		o, ds, err := history.ReadOwners(tt.fs)
		if err != nil || len(ds) > 0 {
			t.Fatal(ds, err)
		}
		if got := strings.Join(o.Of("x"), " "); o.File != tt.file || got != tt.want {
			t.Errorf("%q: %q, want %q: %q", o.File, got, tt.file, tt.want)
		}
	}
}

func TestOwnersOfAHugeFileAreIgnored(t *testing.T) {
	o, ds := history.ParseOwners("CODEOWNERS", bytes.Repeat([]byte("* @a\n"), 1<<20))
	if len(ds) != 1 || len(o.Of("x")) != 0 {
		t.Errorf("%v, %v", ds, o.Of("x"))
	}
}

func FuzzOwners(f *testing.F) {
	f.Add([]byte(owners), "docs/a.md")
	f.Add([]byte("** @a\n/**/ @b\n//// @c\n***/x @d\n\\\n[]\n^[a][1]\n!"), "a/b")
	f.Fuzz(func(t *testing.T, content []byte, path string) {
		o, ds := history.ParseOwners("CODEOWNERS", content)
		o.Of(path)
		lines := bytes.Count(content, []byte("\n")) + 1
		for _, d := range ds {
			if d.Pos.Line > lines || d.Pos.Col < 1 {
				t.Errorf("%v is outside of %d lines", d.Pos, lines)
			}
		}
	})
}
