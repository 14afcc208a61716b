package source

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"opsbook/internal/diag"
)

// write makes a content folder.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// mustRead reads a content folder.
func mustRead(t *testing.T, dir string, opt Options) *Tree {
	t.Helper()
	tree, err := Read(context.Background(), dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	return tree
}

// file returns one page of a tree.
func file(t *testing.T, tree *Tree, path string) File {
	t.Helper()
	for _, f := range tree.Files {
		if f.Path == path {
			return f
		}
	}
	t.Fatalf("no page %s", path)
	return File{}
}

// lines returns problems as text, one a line.
func lines(ds []diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(d.Pos.String() + " " + d.Rule + ": " + d.Message.String() + "\n")
	}
	return b.String()
}

func TestReadLists(t *testing.T) {
	dir := write(t, map[string]string{
		"_index.md": "# 目次\n", "runbooks/障害対応.md": "# a\n", "runbooks/img/図.png": "png", "_shared/初動.md": "x\n", "_shared/図.svg": "svg",
		".git/HEAD": "x", ".hidden.md": "x", "_draft.md": "x", "node_modules/a/README.md": "x", "out/index.html": "x", "out/.opsbook-build.json": "{}",
		"public/x.md": "x", "runbooks/_index.en.md": "# b\n", "README": "x", "A.MD": "x\n",
	})
	tree := mustRead(t, dir, Options{Skip: []string{"public"}})
	var got []string
	for _, f := range tree.Files {
		got = append(got, f.Path)
	}
	want := "A.MD _index.md runbooks/_index.en.md runbooks/障害対応.md"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("pages: %s, want %s", s, want)
	}
	got = nil
	for _, a := range tree.Assets {
		got = append(got, a.Path)
	}
	if s, want := strings.Join(got, " "), "README _shared/図.svg runbooks/img/図.png"; s != want {
		t.Errorf("assets: %s, want %s", s, want)
	}
	if _, ok := tree.Fragments["_shared/初動.md"]; !ok || len(tree.Fragments) != 2 {
		t.Errorf("fragments: %v", tree.Fragments)
	}
	if len(tree.Problems) > 0 {
		t.Errorf("problems: %s", lines(tree.Problems))
	}
}

func TestReadRefusesWhatIsNoFile(t *testing.T) {
	dir := write(t, map[string]string{"a/page.md": "# a\n", "b/x.md": "# x\n"})
	outside := write(t, map[string]string{"secret.md": "secret"})
	links := map[string]string{
		"a/out.md": filepath.Join(outside, "secret.md"), "a/rel.md": "../../" + filepath.Base(outside) + "/secret.md", "a/gone.md": "nowhere.md",
		"a/in.md": "page.md", "a/loop": "../a", "tree": "b", "b/self": ".", "a/outdir": outside,
	}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.md"), 0o666); err != nil {
		t.Fatal(err)
	}
	tree := mustRead(t, dir, Options{})
	var got []string
	for _, f := range tree.Files {
		got = append(got, f.Path)
	}
	if s, want := strings.Join(got, " "), "a/in.md a/page.md b/x.md tree/x.md"; s != want {
		t.Errorf("pages: %s, want %s", s, want)
	}
	want := `a/gone.md file-kind: the symbolic link leads nowhere
a/loop file-kind: the symbolic link leads to a folder that it stands in and is not followed
a/out.md file-kind: the symbolic link leads out of the content folder and is not followed
a/outdir file-kind: the symbolic link leads out of the content folder and is not followed
a/rel.md file-kind: the symbolic link leads out of the content folder and is not followed
b/self file-kind: the symbolic link leads to a folder that it stands in and is not followed
pipe.md file-kind: a pipe is not a regular file and is not read
tree/self file-kind: the symbolic link stands below another link to a folder and is not followed
`
	if s := lines(tree.Problems); s != want {
		t.Errorf("problems:\n%s\nwant:\n%s", s, want)
	}
}

func TestReadNames(t *testing.T) {
	dir := write(t, map[string]string{
		"con.md": "x", "Aux.png": "x", "a.md": "x", "A.md": "x", "が.md": "first", "か\u3099.md": "second", "was?.md": "x", "dot.": "x",
		"bidi\u202egnp.md": "x", "tab\there.md": "x", "\x93\xfa.md": "x", "か\u3099図/図.png": "x",
	})
	tree := mustRead(t, dir, Options{})
	s := lines(tree.Problems)
	for _, line := range []string{
		"\ufffd.md file-name: the file name is not UTF-8",
		`Aux.png file-name: Windows reserves the name "Aux", so the repository cannot be checked out there`,
		`con.md file-name: Windows reserves the name "con", so the repository cannot be checked out there`,
		`a.md file-name: "a.md" and "A.md" differ in case only, which Windows and macOS cannot tell apart`,
		`が.md file-name: two files have this name, in composed (NFC) and decomposed (NFD) letters; only the first is read`,
		`was?.md file-name: the file name contains "?", which Windows does not allow`,
		`dot. file-name: the file name ends in a dot or a space, which Windows removes`,
		"bidi\ufffdgnp.md file-name: the file name contains U+202E (right-to-left override)",
		"tab\ufffdhere.md file-name: the file name contains U+0009 (tab)",
	} {
		if !strings.Contains(s, line+"\n") {
			t.Errorf("missing: %s", line)
		}
	}
	if t.Failed() {
		t.Logf("problems:\n%s", s)
	}
	if data, err := tree.FS.Open("が図/図.png"); err != nil {
		t.Errorf("a name that the disk spells in NFD cannot be opened by its path: %v", err)
	} else {
		data.Close()
	}
}

func TestReadIncludes(t *testing.T) {
	sjis, err := japanese.ShiftJIS.NewEncoder().String("障害が起きたら、まず連絡する。\n")
	if err != nil {
		t.Fatal(err)
	}
	dir := write(t, map[string]string{
		"run/a.md": "---\ntitle: a\n---\n\n{{< include \"_shared/初動.md\" >}}\n\n後\n\n```\n{{< include \"_shared/初動.md\" >}}\n```\n" +
			"1. 手順\n   {{% include '/_shared/深い' %}}\n{{< include \"none.md\" >}}\n終わり {{< include \"_shared/初動.md\" >}}\n",
		"_shared/初動.md": "---\ntitle: x\n---\n一\n二\n", "_shared/深い.md": "{{< include 初動.md >}}\n三",
		"run/loop.md": "{{< include \"../_shared/l1.md\" >}}\n", "_shared/l1.md": "L1\n{{< include \"l2.md\" >}}\n", "_shared/l2.md": "{{< include \"l1.md\" >}}\n",
		"run/sjis.md": sjis,
	})
	tree := mustRead(t, dir, Options{})
	f := file(t, tree, "run/a.md")
	want := "---\ntitle: a\n---\n\n一\n二\n\n後\n\n```\n{{< include \"_shared/初動.md\" >}}\n```\n1. 手順\n   一\n   二\n   三\n{{< include \"none.md\" >}}\n終わり {{< include \"_shared/初動.md\" >}}\n"
	if string(f.Text) != want {
		t.Errorf("text:\n%s\nwant:\n%s", f.Text, want)
	}
	for _, c := range []struct {
		line, col int
		want      string
	}{
		{2, 1, "run/a.md:2:1"},
		{5, 1, "_shared/初動.md:4:1"},
		{6, 2, "_shared/初動.md:5:2"},
		{8, 1, "run/a.md:7:1"},
		{13, 4, "run/a.md:12:4"},
		{14, 4, "_shared/初動.md:4:1"},
		{16, 4, "_shared/深い.md:2:1"},
		{17, 1, "run/a.md:14:1"},
	} {
		if got := f.At(c.line, c.col).String(); got != c.want {
			t.Errorf("line %d col %d comes from %s, want %s", c.line, c.col, got, c.want)
		}
	}
	if got, want := lines(f.Problems), "run/a.md:14:14 include-missing: there is no file \"none.md\" to include\n"; got != want {
		t.Errorf("problems: %s, want %s", got, want)
	}
	if got, want := lines(tree.Problems), "_shared/l2.md:1:14 include-missing: \"_shared/l1.md\" includes itself, through _shared/l1.md > _shared/l2.md > _shared/l1.md\n"; got != want {
		t.Errorf("problems of fragments: %s, want %s", got, want)
	}
	if f := file(t, tree, "run/sjis.md"); string(f.Text) != "障害が起きたら、まず連絡する。\n" || len(f.Problems) != 1 {
		t.Errorf("Shift_JIS: %q %s", f.Text, lines(f.Problems))
	}
}

func TestReadIncludesWhatIsMade(t *testing.T) {
	dir := write(t, map[string]string{
		"a.md":         "前\n{{< include \"made:list\" >}}\n後\n- x\n  {{< include \"made:list\" >}}\n{{< include \"made:none\" >}}\n{{< include \"_shared/b.md\" >}}\n",
		"_shared/b.md": "B\n{{< include \"made:list\" >}}\n",
	})
	tree := mustRead(t, dir, Options{Fragments: func(name string) ([]byte, bool) {
		return []byte("一\n\n{{< include \"made:list\" >}}\n\n"), name == "made:list"
	}})
	f := file(t, tree, "a.md")
	text := "一\n\n{{< include \"made:list\" >}}\n"
	want := "前\n" + text + "後\n- x\n  一\n\n  {{< include \"made:list\" >}}\n{{< include \"made:none\" >}}\nB\n" + text
	if string(f.Text) != want {
		t.Errorf("text:\n%s\nwant:\n%s", f.Text, want)
	}
	for _, c := range []struct {
		line, col int
		want      string
	}{
		{1, 1, "a.md:1:1"},
		{2, 1, "a.md:2:14"},
		{4, 9, "a.md:2:14"},
		{5, 1, "a.md:3:1"},
		{9, 5, "a.md:5:16"},
		{10, 1, "a.md:6:1"},
		{11, 1, "_shared/b.md:1:1"},
		{13, 0, "_shared/b.md:2:14"},
	} {
		if got := f.At(c.line, c.col).String(); got != c.want {
			t.Errorf("line %d col %d comes from %s, want %s", c.line, c.col, got, c.want)
		}
	}
	if got, want := lines(f.Problems), "a.md:6:14 include-missing: there is no file \"made:none\" to include\n"; got != want {
		t.Errorf("problems: %s, want %s", got, want)
	}
}

func TestReadIsDeterministic(t *testing.T) {
	files := map[string]string{}
	for i := range 200 {
		files["f/"+strings.Repeat("x", i%7)+string(rune('a'+i%26))+strings.Repeat("y", i/26)+".md"] = strings.Repeat("# t\n", i)
	}
	dir := write(t, files)
	one, many := mustRead(t, dir, Options{Workers: 1}), mustRead(t, dir, Options{Workers: 16})
	if len(one.Files) != len(files) || len(many.Files) != len(files) {
		t.Fatalf("%d and %d files of %d", len(one.Files), len(many.Files), len(files))
	}
	for i := range one.Files {
		if one.Files[i].Hash() != many.Files[i].Hash() {
			t.Errorf("file %d differs: %s and %s", i, one.Files[i].Path, many.Files[i].Path)
		}
	}
}

func TestReadLimits(t *testing.T) {
	dir := write(t, map[string]string{
		"big.md": strings.Repeat("あ", MaxFile/3+1), "_s/a.md": strings.Repeat("x\n", 1<<17),
		"bomb.md": strings.Repeat("{{< include \"_s/a.md\" >}}\n", 100),
	})
	tree := mustRead(t, dir, Options{})
	if f := file(t, tree, "big.md"); len(f.Text) != 0 || lines(f.Problems) != "big.md limit: the file is larger than 1 MiB and is not read\n" {
		t.Errorf("big.md: %d bytes, %s", len(f.Text), lines(f.Problems))
	}
	f := file(t, tree, "bomb.md")
	if len(f.Text) > MaxFile+100*30 || lines(f.Problems) != "bomb.md:5:14 limit: with this include the page would be larger than 1 MiB\n" {
		t.Errorf("bomb.md: %d bytes, %s", len(f.Text), lines(f.Problems))
	}
}

func TestReadErrors(t *testing.T) {
	if _, err := Read(context.Background(), filepath.Join(t.TempDir(), "none"), Options{}); err == nil || !strings.HasPrefix(err.Error(), "open content folder: ") {
		t.Errorf("a folder that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, write(t, map[string]string{"a.md": "x"}), Options{}); err == nil {
		t.Error("a cancelled read succeeded")
	}
}
