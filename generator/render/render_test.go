package render_test

import (
	"context"
	"flag"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/net/html"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/generator/page"
	"opsbook/generator/render"
	"opsbook/generator/site"
	"opsbook/generator/source"
	"opsbook/internal/config"
	"opsbook/internal/meta"
	"opsbook/templates"
)

var update = flag.Bool("update", false, "write the golden files anew")

// assets stands for what the bundler would name by hashes.
var assets = map[string]string{
	"main.css": "assets/main.css", "leads.css": "assets/leads.css", "theme.js": "assets/theme.js", "main.ja.js": "assets/main.ja.js", "main.en.js": "assets/main.en.js",
	"stub.js": "assets/stub.js", "favicon.svg": "assets/favicon.svg",
}

// rendered renders the site of testdata/site.txtar: every page by output path.
func rendered(t *testing.T) map[string]string {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/site.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tree := fstest.MapFS{}
	var docs []*document.Document
	for _, f := range archive.Files {
		tree[f.Name] = &fstest.MapFile{Data: f.Data}
		if strings.HasSuffix(f.Name, ".md") {
			docs = append(docs, document.Parse(source.File{Path: f.Name, Text: f.Data}))
		}
	}
	own, err := fs.Sub(tree, "_types")
	if err != nil {
		t.Fatal(err)
	}
	cfg, dir, err := config.Read(tree)
	if err != nil {
		t.Fatal(err)
	}
	types, problems := doctype.Load(templates.Default(), own)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	s := site.Resolve(site.Input{Config: cfg, Directory: dir, Types: types, Documents: docs, Clock: meta.Date{Year: 2026, Month: 11, Day: 1}})
	var pages []*page.Page
	for _, o := range page.Plan(s) {
		pages = append(pages, o.Whole())
	}
	return renderAll(t, templates.Layered(nil, own), pages)
}

func renderAll(t *testing.T, theme fs.FS, pages []*page.Page) map[string]string {
	t.Helper()
	words, err := templates.Words(theme)
	if err != nil {
		t.Fatal(err)
	}
	r, err := render.New(theme, assets, words)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, p := range pages {
		text, err := r.Page(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		all[p.File] = string(text)
	}
	return all
}

func TestGolden(t *testing.T) {
	all := rendered(t)
	for name, file := range map[string]string{
		"home": "index.html", "list": "runbooks/index.html", "runbook": "runbooks/failover/index.html", "translation": "en/runbooks/failover/index.html",
		"playbook": "playbooks/down/index.html", "lesson": "lessons/stop/index.html", "raci": "raci/change/index.html",
		"record": "records/drill/index.html", "note": "notes/用語/index.html", "own-type": "checks/release/index.html", "archived": "notes/old/index.html",
		"stub": "old/failover/index.html", "missing": "404.html", "queue": "review/index.html", "team": "teams/dba/index.html", "service": "en/services/orders-db/index.html",
	} {
		t.Run(name, func(t *testing.T) {
			golden := filepath.Join("testdata", "golden", name+".html")
			if *update {
				if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, []byte(all[file]), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), all[file]); diff != "" {
				t.Errorf("%s (-want +got, -update writes it anew):\n%s", file, diff)
			}
		})
	}
}

// each calls f with every element of every page.
func each(t *testing.T, all map[string]string, f func(file string, n *html.Node, attr map[string]string)) {
	t.Helper()
	for file, text := range all {
		root, err := html.Parse(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == html.ElementNode {
				attr := map[string]string{}
				for _, a := range n.Attr {
					attr[a.Key] = a.Val
				}
				f(file, n, attr)
			}
		}
	}
}

func TestNothingInlineAndNothingFromElsewhere(t *testing.T) {
	each(t, rendered(t), func(file string, n *html.Node, attr map[string]string) {
		if _, ok := attr["style"]; ok || n.Data == "style" {
			t.Errorf("%s: a style in <%s>", file, n.Data)
		}
		if n.Data == "script" && (attr["src"] == "" || n.FirstChild != nil) {
			t.Errorf("%s: a script without src", file)
		}
		for key, value := range attr {
			if strings.HasPrefix(key, "on") {
				t.Errorf("%s: %s in <%s>", file, key, n.Data)
			}
			loads := key == "src" || key == "srcset" || n.Data == "link" && key == "href" && strings.Contains("stylesheet icon preload", attr["rel"])
			if loads && (strings.Contains(value, "//") || strings.HasPrefix(value, "data:")) {
				t.Errorf("%s: <%s> loads %s", file, n.Data, value)
			}
		}
	})
}

func TestEveryPageCarriesThePolicy(t *testing.T) {
	for file, text := range rendered(t) {
		if !strings.Contains(text, `http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;;`) {
			t.Errorf("%s has no policy", file)
		}
	}
}

func TestRelativeLinksLeadToFiles(t *testing.T) {
	all := rendered(t)
	each(t, all, func(file string, n *html.Node, attr map[string]string) {
		href, ok := attr["href"]
		if n.Data != "a" || !ok || strings.Contains(href, ":") || file == "404.html" {
			return
		}
		href, fragment, _ := strings.Cut(href, "#")
		href, _, _ = strings.Cut(href, "?")
		target := file
		if href != "" {
			target = path.Join(path.Dir(file), unescape(t, href))
			if strings.HasSuffix(href, "/") {
				target = path.Join(target, "index.html")
			}
		}
		if made := path.Ext(target); slices.Contains([]string{".md", ".xml", ".csv", ".ics", ".json"}, made) {
			return // for machines, and not rendered: the build's own test holds links to them
		}
		text, ok := all[target]
		if !ok {
			t.Errorf("%s: %s leads to %s, where nothing is", file, attr["href"], target)
		}
		if fragment != "" && !strings.Contains(text, `id="`+unescape(t, fragment)+`"`) {
			t.Errorf("%s: %s has no anchor", file, attr["href"])
		}
	})
}

func TestTextInAnotherLanguageSaysSo(t *testing.T) {
	list := rendered(t)["en/runbooks/index.html"]
	for _, want := range []string{`<html lang="en"`, `<span lang="ja">再起動</span>`, `>Fail over</a>`} {
		if !strings.Contains(list, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(list, `<span lang="en">`) {
		t.Error("the page's own language is marked too")
	}
}

func TestIDsAreUnique(t *testing.T) {
	seen := map[string]bool{}
	each(t, rendered(t), func(file string, n *html.Node, attr map[string]string) {
		if id := attr["id"]; id != "" {
			if seen[file+"#"+id] {
				t.Errorf("%s has two elements with the id %s", file, id)
			}
			seen[file+"#"+id] = true
		}
	})
}

func TestAnUnsafeAddressIsNotPrinted(t *testing.T) {
	p := &page.Page{
		File: "x/index.html", Root: "../", Lang: "en", Layout: "layout/page", Template: "layout/plain", Kind: "x", Frame: &page.Frame{},
		Party: &page.Party{Kind: "team", Contacts: []page.Contact{{Kind: "url", Text: "x", URL: "javascript:alert(1)"}}},
	}
	words, err := templates.Words(templates.Default())
	if err != nil {
		t.Fatal(err)
	}
	r, err := render.New(templates.Default(), assets, words)
	if err != nil {
		t.Fatal(err)
	}
	text, err := r.Page(context.Background(), p)
	if err != nil || strings.Contains(string(text), "javascript:") {
		t.Errorf("%v\n%s", err, text)
	}
	p.Party, p.Tools = nil, page.Tools{Missing: "javascript:alert(1)"}
	p.Missing = true
	if _, err := r.Page(context.Background(), p); err == nil || !strings.Contains(err.Error(), "not safe") {
		t.Errorf("an address that html/template refused: %v", err)
	}
}

func TestASiteReplacesOnePartial(t *testing.T) {
	theme := templates.Layered(fstest.MapFS{"partial/foot.html": {Data: []byte(`<footer>ours: {{.Frame.Title}}</footer>`)}}, nil)
	p := &page.Page{File: "index.html", Root: "./", Lang: "en", Layout: "layout/page", Template: "layout/plain", Frame: &page.Frame{Title: "T"}}
	if text := renderAll(t, theme, []*page.Page{p})["index.html"]; !strings.Contains(text, "<footer>ours: T</footer>") || !strings.Contains(text, `class="top"`) {
		t.Errorf("got\n%s", text)
	}
}

func TestAWordThatNobodyWroteIsAFault(t *testing.T) {
	theme := templates.Layered(fstest.MapFS{"partial/foot.html": {Data: []byte(`{{t "no.such.word"}}`)}}, nil)
	words, err := templates.Words(theme)
	if err != nil {
		t.Fatal(err)
	}
	r, err := render.New(theme, assets, words)
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Page(context.Background(), &page.Page{File: "index.html", Lang: "ja", Layout: "layout/page", Template: "layout/plain", Frame: &page.Frame{}})
	if err == nil || !strings.Contains(err.Error(), `i18n/ja.yaml has no word "no.such.word"`) {
		t.Errorf("got %v", err)
	}
}

func unescape(t *testing.T, s string) string {
	t.Helper()
	out, err := url.PathUnescape(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
