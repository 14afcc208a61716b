package output

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/diag"
)

func text(path, content string) File { return Bytes(path, []byte(content)) }

func from(f File, file string) File {
	f.Origin = diag.Pos{File: file, Line: 1}
	return f
}

func TestCheck(t *testing.T) {
	nfd, nfc := "a/か\u3099.html", "a/が.html"
	tests := map[string]struct {
		files []File
		want  []string
	}{
		"safe": {[]File{
			text("index.html", "a"), text("手順/障害 対応/index.html", "b"), text(".nojekyll", ""), text("console/com10/a.con", "c"),
		}, nil},
		"twins with other bytes": {
			[]File{from(text("a/Foo/index.html", "x"), "foo.md"), from(text("a/foo/index.html", "y"), "foo2.md")},
			[]string{`foo2.md:1: error: the output paths "a/foo/index.html" and "a/Foo/index.html" differ only in case or Unicode form [path-collision] (foo.md:1)`},
		},
		"twins with the same bytes": {[]File{text("alerts/KubeDown/index.html", "x"), text("alerts/kubedown/index.html", "x")}, nil},
		"NFC and NFD": {
			[]File{from(text(nfd, "x"), "1.md"), from(text(nfc, "y"), "2.md")},
			[]string{`2.md:1: error: the output paths "` + nfc + `" and "` + nfd + `" differ only in case or Unicode form [path-collision] (1.md:1)`},
		},
		"one path twice": {
			[]File{text("a.html", "x"), text("a.html", "y")},
			[]string{`error: two files want the output path "a.html" [path-collision]`},
		},
		"one path and content twice": {[]File{text("a.html", "x"), text("a.html", "x")}, nil},
		"file and folder": {
			[]File{from(text("A", "x"), "a.md"), from(text("a/b/index.html", "y"), "b.md")},
			[]string{`b.md:1: error: the output path "a/b/index.html" is below "A", which is a file [path-collision] (a.md:1)`},
		},
		"device":                {[]File{from(text("runbooks/CON/index.html", "x"), "con.md")}, []string{`con.md:1: error: the output path "runbooks/CON/index.html" holds "CON", which Windows keeps for a device [path-unsafe]`}},
		"device with extension": {[]File{text("a/nul.tar.gz", "x")}, []string{`error: the output path "a/nul.tar.gz" holds "nul.tar.gz", which Windows keeps for a device [path-unsafe]`}},
		"superscript device":    {[]File{text("com¹", "x")}, []string{`error: the output path "com¹" holds "com¹", which Windows keeps for a device [path-unsafe]`}},
		"up":                    {[]File{text("a/../../b", "x")}, []string{`error: the output path "a/../../b" holds ".." [path-unsafe]`}},
		"absolute":              {[]File{text("/etc/passwd", "x")}, []string{`error: the output path "/etc/passwd" is absolute [path-unsafe]`}},
		"drive":                 {[]File{text("c:x", "x")}, []string{`error: the output path "c:x" starts with a drive letter [path-unsafe]`}},
		"backslash":             {[]File{text(`a\b`, "x")}, []string{`error: the output path "a\\b" holds a backslash, which separates folders on Windows [path-unsafe]`}},
		"control":               {[]File{text("a\nb", "x")}, []string{`error: the output path "a\nb" holds a control character [path-unsafe]`}},
		"empty":                 {[]File{text("", "x")}, []string{`error: the output path "" is empty [path-unsafe]`}},
		"empty name":            {[]File{text("a//b", "x")}, []string{`error: the output path "a//b" holds an empty name [path-unsafe]`}},
		"trailing dot":          {[]File{text("a./b", "x")}, []string{`error: the output path "a./b" holds a name that ends with a dot or a space, which Windows drops [path-unsafe]`}},
		"trailing blank":        {[]File{text("a/b ", "x")}, []string{`error: the output path "a/b " holds a name that ends with a dot or a space, which Windows drops [path-unsafe]`}},
		"not UTF-8":             {[]File{text("a\xff", "x")}, []string{`error: the output path "a\xff" is not UTF-8 [path-unsafe]`}},
		"ours":                  {[]File{text(ManifestName, "x")}, []string{`error: the output path ".opsbook-build.json" holds ".opsbook-build.json", a name that is kept for what a build remembers [path-unsafe]`}},
		"long": {
			[]File{text(strings.Repeat("あ", 86), "x")},
			[]string{`error: the output path "` + strings.Repeat("あ", 86) + `" holds a name of 258 bytes in UTF-8, which is more than 255 [path-unsafe]`},
		},
		"as long as can be": {[]File{text(strings.Repeat("あ", 85), "x")}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ds, err := Check(context.Background(), New(tt.files...))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range ds {
				got = append(got, line(d))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// line is a diagnostic on one line, with the related place in brackets.
func line(d diag.Diagnostic) string {
	s := d.Severity.String() + ": " + d.Message.String() + " [" + d.Rule + "]"
	if p := d.Pos.String(); p != "" {
		s = p + ": " + s
	}
	for _, r := range d.Related {
		s += " (" + r.Pos.String() + ")"
	}
	return s
}

func TestCheckPassesOnTheErrorOfATwin(t *testing.T) {
	boom := errors.New("boom")
	bad := File{Path: "A", Render: func(context.Context) ([]byte, error) { return nil, boom }}
	_, err := Check(context.Background(), New(bad, text("a", "x")))
	if !errors.Is(err, boom) {
		t.Errorf("got %v, want %v", err, boom)
	}
}

func TestSet(t *testing.T) {
	s := New(text("b", "2"), text("a", "1")).With(text("c", "3"))
	var paths []string
	for f := range s.All() {
		paths = append(paths, f.Path)
	}
	if d := cmp.Diff([]string{"a", "b", "c"}, paths); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if f, ok := s.Lookup("b"); !ok || f.Path != "b" {
		t.Errorf("Lookup(b) = %v, %v", f.Path, ok)
	}
	if _, ok := s.Lookup("bb"); ok {
		t.Error("Lookup(bb) found something")
	}
	moved := s.Transform(func(f File) []File {
		if f.Path == "b" {
			return nil
		}
		f.Path = "z" + f.Path
		return []File{f}
	})
	if _, ok := moved.Lookup("za"); !ok || moved.Len() != 2 || s.Len() != 3 {
		t.Errorf("moved has %d files, s has %d", moved.Len(), s.Len())
	}
}
