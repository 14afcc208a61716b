package site_test

import (
	"testing"

	"opsbook/generator/site"
)

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"failover": "failover", "KubePodCrashLooping": "KubePodCrashLooping", "障害 対応(仮)": "障害-対応-仮-", "a.b": "a-b", "RDS_フェイルオーバー": "RDS_フェイルオーバー",
		"ガイド": "ガイド", "100%": "100-", "..": "--", "a'b\"c": "a-b-c", "ｶﾅ": "ｶﾅ", "é": "é", "x😀y": "x-y",
	} {
		expect(t, "slug of "+name, site.Slug(name), want)
	}
}

func TestAddresses(t *testing.T) {
	s := resolve(t, files{
		"opsbook.yaml":                "languages: [ja, en]\n",
		"README.md":                   "# ようこそ\n",
		"README.en.md":                "# Welcome\n",
		"runbooks/failover.md":        "# フェイルオーバー\n",
		"runbooks/failover.en.md":     "# Failover\n",
		"runbooks/db/_index.md":       "# データベース\n",
		"runbooks/db/RDS 障害(仮).md":    "# 仮\n",
		"runbooks/English.md":         "# Written in English, nobody said so\n",
		"runbooks/declared.md":        "---\nlang: en\n---\n# Declared\n",
		"notes/v1.2.md":               "# 版\n",
		"databases.md":                "# データベース一覧\n",
		"databases/aurora.md":         "# Aurora の資料\n",
		"guide/korean.md":             "# 日本語のもと\n",
		"guide/korean.ko.md":          "# 한국어\n",
		"guide/lonely.ko.md":          "# 対になるページがない\n",
		"guide/explicit-en.md":        "---\nlang: en\ntranslation_of: /guide/korean.md\n---\n# By key\n",
		"both/_index.md":              "# 一つ目\n",
		"both/README.md":              "# 二つ目\n",
		"both/index.md":               "# 三つ目\n",
		"collide/a b.md":              "# 空白あり\n",
		"collide/a-b.md":              "# 空白なし\n",
		"_shared/part.md":             "# ページではない\n",
		"regional.md":                 "---\nlang: ja-JP\n---\n# 地域\n",
		"collide/readme/README.md":    "# 深い\n",
		"collide/readme/index.en.md":  "# Deep\n",
		"collide/readme/README.en.md": "# Deeper\n",
	})
	for path, want := range map[string]string{
		"regional.md": "regional/", "README.md": "", "README.en.md": "en/", "runbooks/failover.md": "runbooks/failover/", "runbooks/failover.en.md": "en/runbooks/failover/",
		"runbooks/db/_index.md": "runbooks/db/", "runbooks/db/RDS 障害(仮).md": "runbooks/db/RDS-障害-仮-/", "runbooks/English.md": "runbooks/English/",
		"runbooks/declared.md": "en/runbooks/declared/", "notes/v1.2.md": "notes/v1-2/", "databases.md": "databases/",
		"databases/aurora.md": "databases/aurora/", "guide/korean.md": "guide/korean/", "guide/korean.ko.md": "ko/guide/korean/",
		"guide/lonely.ko.md": "guide/lonely-ko/", "guide/explicit-en.md": "en/guide/explicit-en/", "both/_index.md": "both/",
		"both/README.md": "both/README/", "both/index.md": "both/index/", "collide/a b.md": "collide/a-b/", "collide/a-b.md": "collide/a-b-2/",
		"collide/readme/README.md": "collide/readme/", "collide/readme/README.en.md": "en/collide/readme/", "collide/readme/index.en.md": "en/collide/readme/index/",
	} {
		e := page(t, s, path)
		expect(t, path, e.URL, want)
		if s.ByURL(want) != e || s.Page(path) != e {
			t.Errorf("%s is not found by its address and path", path)
		}
	}
	expect(t, "collisions", problems(s, "url-collision"),
		"collide/a-b.md:1:1: the address /collide/a-b/ is already taken by collide/a b.md (rename one of the two files)\n")
	expect(t, "second indexes", problems(s, "index-twice"),
		"both/README.md:1:1: _index.md is the index page of this folder already; this page is at /both/README/ (keep one of the two, or rename this one)\n"+
			"both/index.md:1:1: _index.md is the index page of this folder already; this page is at /both/index/ (keep one of the two, or rename this one)\n"+
			"collide/readme/index.en.md:1:1: README.en.md is the index page of this folder already; this page is at /en/collide/readme/index/ (keep one of the two, or rename this one)\n")
	if f := s.Folder("databases"); f.Index != page(t, s, "databases.md") || len(f.Entries) != 1 || f.Title != "データベース一覧" {
		t.Errorf("databases.md is not the index of databases/: %+v", f)
	}
	if e := page(t, s, "guide/explicit-en.md"); e.Source != page(t, s, "guide/korean.md") || e.In("ko") != page(t, s, "guide/korean.ko.md") || len(e.Others) != 2 {
		t.Errorf("translation_of does not pair: %v", e.Others)
	}
}

func TestLanguageOfTheSite(t *testing.T) {
	tests := []struct {
		name string
		tree files
		want string
		urls map[string]string
	}{
		{"most pages", files{"a.md": "# これは日本語です\n", "b.md": "# English text\n", "c.md": "# More English text\n"}, "en", map[string]string{"a.md": "a/", "b.md": "b/"}},
		{"nobody wrote anything", files{"a.md": "1\n"}, "en", map[string]string{"a.md": "a/"}},
		{"translations are meant", files{"a.md": "# これは日本語です\n", "a.en.md": "# English\n", "b.md": "# もう一つの日本語のページ\n"}, "ja en", map[string]string{"a.en.md": "en/a/"}},
		{
			"the default is the suffixed one",
			files{"opsbook.yaml": "languages: [en, ja]\n", "a.md": "# これは日本語です\n", "a.en.md": "# English\n"},
			"en ja",
			map[string]string{"a.md": "ja/a/", "a.en.md": "a/"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := resolve(t, tt.tree)
			got := ""
			for i, l := range s.Languages {
				if i > 0 {
					got += " "
				}
				got += l
			}
			expect(t, "languages", got, tt.want)
			for path, url := range tt.urls {
				expect(t, path, page(t, s, path).URL, url)
			}
		})
	}
}

func TestFolders(t *testing.T) {
	s := resolve(t, files{
		"opsbook.yaml":            "title: 知識\nlanguages: [ja]\nnav: [zebra]\n",
		"runbooks/b.md":           "---\ntitle: い\n---\n",
		"runbooks/a.md":           "---\ntitle: ろ\n---\n",
		"runbooks/last.md":        "---\ntitle: あ\nweight: 20\n---\n",
		"runbooks/first.md":       "---\ntitle: ん\nweight: 10\n---\n",
		"playbooks/x.md":          "# x\n",
		"notes/deep/er/page.md":   "# p\n",
		"zebra/x.md":              "# x\n",
		"alpha/x.md":              "# x\n",
		"weighty/_index.md":       "---\ntitle: 重い\nweight: 1\n---\n",
		"weighty/page.en.md":      "# Only in English\n",
		"runbooks/b.en.md":        "---\ntitle: translated\n---\n",
		"notes/deep/er/page.md.x": "no page\n",
	})
	root := s.Folders[0]
	order := ""
	for _, f := range root.Folders {
		order += f.Title + " "
	}
	expect(t, "order of folders", order, "zebra 重い プレイブック 手順書 資料 alpha ")
	titles := ""
	for _, e := range s.Folder("runbooks").Entries {
		titles += e.Title + " "
	}
	expect(t, "order of pages", titles, "ん あ い ろ ")
	if f := s.Folder("notes/deep/er"); f == nil || f.Parent != s.Folder("notes/deep") || f.Parent.Index != nil || f.URL != "notes/deep/er/" {
		t.Errorf("folders without pages of their own are missing: %+v", f)
	}
	expect(t, "title of the root", root.Title, "知識")
	if e := page(t, s, "weighty/page.en.md"); e.Folder.Path != "weighty" || len(e.Folder.Entries) != 1 {
		t.Errorf("a page without an original is in no folder: %+v", e.Folder)
	}
}

func TestAliases(t *testing.T) {
	s := resolve(t, files{
		"a/one.md":   "---\ntitle: 1\naliases: [/old/one/, old-two, /旧/手順.html, /a/one/, /a/two/, /shared/]\n---\n",
		"a/two.md":   "---\ntitle: 2\naliases:\n  - /shared\n  - /a/\n  - https://example.com/\n  - ../../x\n  - /img.png\n---\n[old](/old/one/) ![](../img.png)\n",
		"img.png":    "x",
		"a/three.md": "---\ntitle: 3\naliases: /old/one/index.html\n---\n",
	})
	got := ""
	for _, a := range page(t, s, "a/one.md").Aliases {
		got += a + " "
	}
	expect(t, "aliases", got, "old/one/ a/old-two/ 旧/手順.html shared/ ")
	expect(t, "problems", problems(s, "alias-collision"), `a/one.md:3:43: the alias "/a/one/" leads to itself (delete it)
a/one.md:3:52: the alias "/a/two/" is the address of a/two.md (an address leads to one page; delete the alias or rename the page)
a/three.md:3:10: the alias "/old/one/index.html" leads to a/one.md as well (an address leads to one page; delete one of the two)
a/two.md:4:5: the alias "/shared" leads to a/one.md as well (an address leads to one page; delete one of the two)
a/two.md:5:5: the alias "/a/" is the address of the folder a (an address leads to one page; delete the alias or rename the page)
a/two.md:6:5: the alias "https://example.com/" is no address of this site (write the path that the page used to have, for example /old/name/)
a/two.md:7:5: the alias "../../x" is no address of this site (write the path that the page used to have, for example /old/name/)
a/two.md:8:5: the alias "/img.png" is the address of the file img.png (an address leads to one page; delete the alias or rename the page)
`)
}

func TestTranslationsOfTranslations(t *testing.T) {
	s := resolve(t, files{
		"opsbook.yaml": "languages: [ja, en, ko]\n",
		"0.md":         "---\nlang: fr\ntranslation_of: b.md\n---\n# 0\n",
		"a.md":         "---\nlang: ja\ntranslation_of: c.md\n---\n# a\n",
		"b.md":         "---\nlang: en\ntranslation_of: a.md\n---\n# b\n",
		"c.md":         "---\nlang: ko\ntranslation_of: b.md\n---\n# c\n",
		"d.md":         "---\nlang: en\ntranslation_of: d.md\n---\n# d\n",
		"e.md":         "---\nlang: en\ntranslation_of: nowhere\n---\n# e\n",
	})
	expect(t, "problems", problems(s, "related-unknown"), `a.md:3:17: translation_of leads back to this page (delete it from the page that was written first)
d.md:3:17: translation_of names "d.md", which is in the same language (set lang: on the page that is the translation)
e.md:3:17: translation_of names "nowhere", which does not exist (name the id or the path of the page that this one translates)
`)
	a := page(t, s, "a.md")
	if a.Source != nil || page(t, s, "b.md").Source != a || page(t, s, "c.md").Source != a || page(t, s, "0.md").Source != a || len(a.Others) != 3 {
		t.Error("pages that translate each other in a circle have no original")
	}
}
