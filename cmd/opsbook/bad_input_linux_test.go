package main

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	utf16 "golang.org/x/text/encoding/unicode"
)

var update = flag.Bool("update", false, "write the golden file of bad inputs anew")

// badInput is a file that somebody in a hurry, or somebody hostile, may put into a folder of content.
type badInput struct {
	name  string
	files map[string]string
	plant func(dir string) error // what is no file with a text
}

// badPage is the bad input of one page, a.md.
func badPage(name, text string) badInput {
	return badInput{name: name, files: map[string]string{"a.md": text}}
}

func badFront(name, yaml string) badInput {
	return badPage(name, "---\n"+yaml+"\n---\n\n# 題\n\n本文は残る。\n")
}

func badBody(name, text string) badInput {
	return badPage(name, "# 題\n\n"+text+"\n\n本文は残る。\n")
}

// file is a bad input whose fault is its name.
func badName(name string, paths ...string) badInput {
	in := badInput{name: name, files: map[string]string{}}
	for _, path := range paths {
		in.files[path] = "# 題\n\n本文は残る。\n"
	}
	return in
}

func encoded(name string, e encoding.Encoding) badInput {
	text, err := e.NewEncoder().String("---\ntitle: 題\n---\n\n# 題\n\n本文は残る。\n")
	if err != nil {
		panic(err)
	}
	return badPage(name, text)
}

// bomb is YAML that doubles with each line.
func bomb(first, each string) string {
	text := first
	for _, c := range "bcdefgh" {
		text += fmt.Sprintf("\n%c: &%c "+each, c, c, c-1, c-1)
	}
	return text
}

// badInputs are the rows of the table of bad input, part by part.
func badInputs() []badInput {
	r := strings.Repeat
	return []badInput{
		badFront("YAML alias bomb", bomb("a: &a [x, x]", "[*%c, *%c]")),
		badFront("YAML merge bomb", bomb("a: &a {x: 1}", "{<<: [*%c, *%c]}")),
		badFront("front matter of 66 KiB", "description: "+r("長い", 11_000)),
		badFront("brackets 40 deep", "tags: "+r("[", 40)+r("]", 40)),
		badFront("keys 40 deep", stairs(40)),
		badFront("duplicate key", "owner: sre\ntags: [a]\nowner: dba"),
		badFront("tab indent", "tags:\n\t- a"),
		badFront("NBSP after a colon", "title:\u00a0題"),
		badFront("NBSP as indent", "tags:\n\u00a0 - a"),
		badFront("full-width space as indent", "tags:\n　- a"),
		badFront("full-width colon", "title：題"),
		badFront("two YAML documents", "title: 題\n---\ntags: [a]"),
		badFront("two pieces of front matter", "title: 題\n---\n---\ntags: [a]"),
		badPage("no closing line", "---\ntitle: 題\ntags: [a]\n\n# 題\n\n本文は残る。\n"),
		badFront("2026-02-30", "last_reviewed: 2026-02-30"),
		badFront("1.10, 0123 and yes are text", "title: 1.10\nid: 0123\ndescription: yes"),
		badFront("1.10 is no date", "last_reviewed: 1.10"),
		badPage("BOM", "\ufeff---\ntitle: 題\n---\n\n# 題\n\n本文は残る。\n"),
		badPage("CRLF", "---\r\ntitle: 題\r\n---\r\n\r\n# 題\r\n\r\n本文は残る。\r\n"),
		badPage("lone CR", "---\rtitle: 題\r---\r\r# 題\r\r本文は残る。\r"),
		encoded("Shift_JIS", japanese.ShiftJIS), encoded("EUC-JP", japanese.EUCJP), encoded("ISO-2022-JP", japanese.ISO2022JP),
		encoded("UTF-16LE with BOM", utf16.UTF16(utf16.LittleEndian, utf16.UseBOM)), encoded("UTF-16BE without BOM", utf16.UTF16(utf16.BigEndian, utf16.IgnoreBOM)),
		badBody("a byte that is no UTF-8", "a\xffb"),
		badBody("NUL", "a\x00b"), badBody("control characters", "a\x1b[31mb\x07"), badFront("control character in front matter", "title: \"a\x08b\""),
		badBody("bidi in code", "```sh\nrm \u202e/x\n```"), badBody("bidi in prose", "a\u202eb"),
		badBody("zero-width in code", "`kube\u200bctl`"), badBody("zero-width in prose", "kube\u200bctl"),
		badBody("unclosed fence", "```sh\nls"), badBody("heading without a space", "#見出し"), badBody("link with a space", "[x](障害 対応.md)"),
		badBody("script", "<script>alert(1)</script>"), badBody("handler", "<b onclick=\"x()\">b</b>"), badBody("style attribute", "<p style=\"color: red\">b</p>"), badBody("style", "<style>p{}</style>"),
		badBody("iframe", "<iframe src=\"https://a.example\"></iframe>"), badBody("handler in a line", "a <img src=x onerror=x()> b"),
		badBody("javascript:", "[x](javascript:alert%281%29)"), badBody("javascript: in HTML", "<a href=\"javascript:x()\">x</a>"), badBody("data:", "[x](data:text/html,x)"), badBody("blob:", "[x](blob:https://a.example/x)"),
		badBody("ms-msdt:", "[x](ms-msdt:/id)"), badBody("//evil", "[x](//evil.example/x)"), badBody("file:", "[x](file:///etc/passwd)"), badBody("picture from data:", "![x](data:image/png;base64,x)"),
		badBody("allowed addresses", "[a](https://a.example) [b](mailto:a@b.example) [c](tel:+81-3) [d](slack://channel?id=1) [e](msteams://l/x)"),
		svg("SVG with a script", `<script>alert(1)</script>`), svg("SVG with a handler", `<rect onload="x()"/>`), svg("SVG with an address", `<a href="javascript:x()"><rect/></a>`),
		badBody("file larger than 1 MiB", r("長い行\n", 110_000)), badBody("2,001 emphasis marks", r("*a ", 2001)), badBody("2,001 brackets", r("[a", 2001)), badBody("lists 40 deep", r("- ", 40)+"a"), badBody("quotes 40 deep", r("> ", 40)+"a"),
		badBody("table autofill", r("|a", 1000)+"\n"+r("|-", 1000)+"\n"+r("a\n", 30)),
		{name: "symbolic link out", plant: func(dir string) error { return os.Symlink("/etc/passwd", filepath.Join(dir, "a.md")) }},
		{name: "symbolic link to a folder outside", plant: func(dir string) error { return os.Symlink("/etc", filepath.Join(dir, "etc")) }},
		{name: "pipe", plant: func(dir string) error { return syscall.Mkfifo(filepath.Join(dir, "a.md"), 0o644) }},
		{name: "device", plant: func(dir string) error {
			return syscall.Mknod(filepath.Join(dir, "a.md"), syscall.S_IFCHR|0o644, 1<<8|5) // /dev/zero
		}},
		badName("NFC and NFD twins", "が.md", "か\u3099.md"), badName("case twins", "b.md", "B.md"), badName("con", "con.md"), badName("name with a dot at its end", "a./b.md"),
		badName("name of 255 bytes", r("あ", 84)+".md"), badFront("address of 258 bytes", "aliases: [/"+r("あ", 86)+"/]"), badName("colon in a name", "a:b.md"), badName("bidi in a name", "a\u202egnp.md"),
		{name: "address that leads up", files: map[string]string{"a.md": "---\naliases: [/../../x/]\n---\n\n# 題\n\n本文は残る。\n"}},
		{name: "two pages of one address", files: map[string]string{"a.md": "# 題\n\n本文は残る。\n", "a/_index.md": "# 別\n"}},
		badBody("AWS key", "key AKIA"+"Q3EGRIZ5DKLHV2MW"), badBody("private key", "```\n-----BEGIN RSA PRIVATE"+" KEY-----\nMIIEpAIBAAKCAQEA3Tz2mr7SZiAMfQyuvBjM9Oi8\n-----END RSA PRIVATE"+" KEY-----\n```"), badFront("token in front matter", "description: ghp_"+"x7Kq2ZpL9vT4wBn8sD3fGh6jR1mYcA0eUiOP"),
	}
}

// stairs is YAML n keys deep.
func stairs(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "x:\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func svg(name, inside string) badInput {
	return badInput{name: name, files: map[string]string{"a.md": "# 題\n\n![図](x.svg)\n\n本文は残る。\n", "x.svg": `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">` + inside + "</svg>\n"}}
}

// put writes the input beside a page that is good, and reports whether it could.
func (in badInput) put(t *testing.T) (dir string, ok bool) {
	t.Helper()
	dir = t.TempDir()
	writeFile(t, filepath.Join(dir, "opsbook.yaml"), "title: S\ndefaults: [{paths: [\"**\"], set: {owner: sre, last_reviewed: 2026-10-31}}]\n")
	writeFile(t, filepath.Join(dir, "directory.yaml"), "teams:\n  - {id: sre, name: SRE, contacts: {slack: \"#sre\"}}\n")
	writeFile(t, filepath.Join(dir, "good.md"), "# 良い\n")
	for name, text := range in.files {
		writeFile(t, filepath.Join(dir, name), text)
	}
	if in.plant == nil {
		return dir, true
	}
	err := in.plant(dir)
	return dir, err == nil
}

// ran runs a command and returns its exit code and what it wrote, without the names of folders of this test.
func ran(dir, out string, args ...string) (int, string) {
	var said strings.Builder
	a := newApp(&said, &said, func(string) string { return "" })
	code := a.run(context.Background(), append(args, dir, "--clock", "2026-11-01", "--history", "none", "--lang", "en"))
	return code, strings.NewReplacer(dir, "SOURCE", out, "OUT").Replace(said.String())
}

// about are rules that say something of other pages here: of bad input they say nothing.
var about = regexp.MustCompile(`(?m)^.*\[orphan\]\n(?:  .*\n)*`)

// outcome is what becomes of a bad input: what check says of it, and what a build makes of it.
func (in badInput) outcome(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	out := t.TempDir()
	_, said := ran(dir, out, "check")
	said = about.ReplaceAllString(said, "")
	if i := strings.LastIndex(strings.TrimRight(said, "\n"), "\n\n"); i >= 0 {
		said = said[:i+1] // without the counts
	} else {
		said = ""
	}
	lines := strings.SplitAfter(said, "\n")
	for i, line := range lines {
		switch {
		case i < 8:
			b.WriteString(clip(line, 400))
		case i == 8:
			fmt.Fprintf(&b, "(and %d lines more)\n", len(lines)-9)
		}
	}
	code, said := ran(dir, out, "build", "--out", out, "--cache", "off")
	pages := map[string]string{}
	err := fs.WalkDir(os.DirFS(out), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			text, readErr := os.ReadFile(filepath.Join(out, name))
			pages[name], err = string(text), readErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if code != 0 {
		lines := strings.Split(strings.TrimSpace(said), "\n")
		fmt.Fprintf(&b, "=> exit %d, %d files written: %s\n", code, len(pages), lines[len(lines)-1])
		return b.String()
	}
	for name, text := range pages {
		if strings.Contains(text, "root:x:") {
			t.Errorf("%s holds what lies outside", name)
		}
		if strings.HasSuffix(name, ".html") {
			for _, fault := range alive(text) {
				t.Errorf("%s: %s", name, fault)
			}
		}
	}
	if pages["good/index.html"] == "" {
		t.Error("the good page beside it is missing")
	}
	b.WriteString(stateOf(pages))
	return b.String()
}

// keys are the secrets of this test, which nobody who looks for secrets in its golden file is to find.
var keys = regexp.MustCompile(`AKIA[A-Z0-9]{16}|ghp_\w+|MII\w{20,}|-----(?:BEGIN|END)[A-Z ]+-----`)

var (
	badArticle = regexp.MustCompile(`(?s)<article class="prose"[^>]*>\n?(.*?)</article>`)
	badBanner  = regexp.MustCompile(`<section class="banner bad"`)
)

// stateOf describes what was made of the input.
func stateOf(pages map[string]string) string {
	var b strings.Builder
	names := 0
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		text := pages[name]
		if strings.HasPrefix(name, "good/") || !strings.HasSuffix(name, "/index.html") || !badArticle.MatchString(text) {
			continue
		}
		names++
		b.WriteString("=> " + clip(name, 40))
		if badBanner.MatchString(text) {
			b.WriteString(" with a banner that says so")
		}
		if !strings.Contains(text, "本文は残る。") {
			b.WriteString(", without the text")
		}
		b.WriteString("\n")
		if m := badArticle.FindStringSubmatch(text); m != nil {
			b.WriteString("   " + clip(strings.ReplaceAll(strings.TrimSpace(m[1]), "\n", "⏎"), 240) + "\n")
		}
	}
	if names == 0 {
		b.WriteString("=> no page of it\n")
	}
	return b.String()
}

func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		end := ""
		if strings.HasSuffix(s, "\n") {
			end = "\n"
		}
		return string(r[:most]) + "…" + end
	}
	return s
}

// TestBadInput holds each bad input to what is said of it, place by place, and to what is made of it: testdata/bad_input.golden shows both.
func TestBadInput(t *testing.T) {
	var b strings.Builder
	var left []string
	for _, in := range badInputs() {
		dir, ok := in.put(t)
		if !ok {
			left = append(left, in.name) // only root can make a device
			continue
		}
		b.WriteString("-- " + in.name + " --\n")
		for name, text := range in.files {
			if len(in.files) == 1 {
				fmt.Fprintf(&b, "%s: %s\n", clip(name, 40), clip(fmt.Sprintf("%q", text), 160))
			}
		}
		b.WriteString(in.outcome(t, dir) + "\n")
	}
	got := strings.Map(func(c rune) rune {
		if c == '\n' || c == '⏎' || unicode.IsPrint(c) {
			return c
		}
		return '¿' // nothing that cannot be seen stands in the golden file
	}, keys.ReplaceAllString(b.String(), "KEY"))
	if strings.Count(got, "-- ") < 77-len(left) {
		t.Errorf("only %d inputs were tried", strings.Count(got, "-- "))
	}
	const golden = "testdata/bad_input.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range left {
		before, section, _ := strings.Cut(string(want), "-- "+name+" --\n")
		_, after, _ := strings.Cut(section, "\n\n")
		want = []byte(before + after)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("(-want +got; -update writes it anew):\n%s", d)
	}
}
