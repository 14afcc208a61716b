package site_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/generator/source"
)

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"a", "障害 対応", "..", "a/b", "%2e%2e", "a\x00b", "\xff", "ﾃｽﾄ", "e\u0301", "con", "-", "😀"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := site.Slug(name)
		if utf8.RuneCountInString(got) != utf8.RuneCountInString(name) {
			t.Errorf("%q became %q", name, got)
		}
		for _, r := range got {
			if r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				t.Errorf("%q became %q, which has %q", name, got, r)
			}
		}
		if site.Slug(got) != got {
			t.Errorf("the slug of %q is not its own slug", got)
		}
	})
}

// FuzzLinks holds what links lead to: wherever a link is said to lead, something is, and nothing leads out of the site.
func FuzzLinks(f *testing.F) {
	in := input(f, files{
		"opsbook.yaml": "base_url: https://ops.example.com/kb/\nlanguages: [ja, en]\n", "directory.yaml": "teams: []\n",
		"_index.md": "# 入口\n", "runbooks/a.md": "---\nid: RUN001\naliases: [/old/]\n---\n# あ\n\n## 手順\n\n1. する\n", "runbooks/a.en.md": "# A\n",
		"runbooks/障害 対応.md": "# 障害\n", "play/b/c.md": "# c\n", "img/x y.png": "x", "draft.md": "---\nstatus: draft\n---\n# d\n",
	})
	for _, dest := range []string{
		"a.md", "../_index.md", "../../../etc/passwd", "/", "//evil", "#手順", "a.md#%E6%89%8B", "%2e%2e/%2e%2e/x", "a.md?x=1#y", "javascript:x", "https://ops.example.com/kb/../x",
		"https://ops.example.com/kb/runbooks/a/#x", "\\\\host", "%", "a%00.md", "../img/x%20y.png", "directory.yaml", "../directory.yaml", "/old", ".", "..", "障害%20対応.md", "C:\\x", "old/index.html",
	} {
		f.Add(dest)
	}
	f.Fuzz(func(t *testing.T, dest string) {
		if !utf8.ValidString(dest) || strings.ContainsAny(dest, "<>\n") {
			t.Skip()
		}
		with := in
		with.Documents = append(with.Documents[:len(with.Documents):len(with.Documents)],
			document.Parse(source.File{Path: "runbooks/from.md", Text: []byte("# 元\n\n[x](<" + dest + ">) ![y](<" + dest + ">) [" + dest + "]\n")}))
		s := site.Resolve(with)
		for _, to := range s.Page("runbooks/from.md").Links {
			switch to.Kind {
			case site.ToPage:
				ok := s.ByURL(to.URL) != nil
				for _, folder := range s.Folders {
					ok = ok || folder.URL == to.URL
				}
				if !ok {
					t.Errorf("%q leads to the page %q, which does not exist", dest, to.URL)
				}
			case site.ToAsset:
				if s.Assets[to.URL] == "" || to.URL == "directory.yaml" || to.URL == "opsbook.yaml" {
					t.Errorf("%q leads to the file %q", dest, to.URL)
				}
			case site.External:
				scheme, _, ok := strings.Cut(to.URL, ":")
				if !ok || !strings.Contains(" http https mailto tel slack msteams ", " "+strings.ToLower(scheme)+" ") {
					t.Errorf("%q leads to %q", dest, to.URL)
				}
			case site.Broken:
				if to.Why.IsZero() {
					t.Errorf("%q is broken without a reason", dest)
				}
			}
		}
	})
}
