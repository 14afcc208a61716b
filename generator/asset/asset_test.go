package asset_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"opsbook/generator/asset"
	"opsbook/templates"
)

// library stands for the reader of the search index.
var library = map[string]asset.Library{
	"opsbook:search": {Files: fstest.MapFS{
		"reader.js": {Data: []byte(`import { hit } from "./part.js"; export const createSearch = () => ({ hit });`)},
		"part.js":   {Data: []byte(`export const hit = "from a part of the library";`)},
	}, Entry: "reader.js"},
}

func options(t *testing.T, theme fs.FS) asset.Options {
	t.Helper()
	words, err := templates.Words(theme)
	if err != nil {
		t.Fatal(err)
	}
	return asset.Options{Words: words, Libraries: library}
}

// made returns what a bundle holds by logical name.
func made(t *testing.T, theme fs.FS, opt asset.Options) map[string]string {
	t.Helper()
	b, err := asset.Make(theme, opt)
	if err != nil {
		t.Fatal(err)
	}
	byPath := map[string]string{}
	for _, f := range b.Files {
		text, err := f.Render(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		byPath[f.Path] = string(text)
	}
	all := map[string]string{}
	for name, path := range b.Manifest {
		text, ok := byPath[path]
		if !ok {
			t.Fatalf("%s is at %s, where nothing is", name, path)
		}
		all[name] = text
	}
	return all
}

func zipped(t *testing.T, text string) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func TestBudgets(t *testing.T) {
	all := made(t, templates.Default(), options(t, templates.Default()))
	for name, most := range map[string]int{"main.css": 10 << 10, "main.ja.js": 11 << 10, "main.en.js": 11 << 10, "theme.js": 1 << 10} {
		if got := zipped(t, all[name]); got > most || got == 0 {
			t.Errorf("%s has %d bytes by gzip, at most %d are in the budget", name, got, most)
		}
	}
}

func TestScriptsAreClassicAndSayTheirWords(t *testing.T) {
	all := made(t, templates.Default(), options(t, templates.Default()))
	for name, text := range all {
		if strings.HasSuffix(name, ".js") && (!strings.HasPrefix(text, "(()=>{") && !strings.HasPrefix(text, `"use strict";(()=>{`) || strings.Contains(text, "import ")) {
			t.Errorf("%s is no classic script: %.60s", name, text)
		}
	}
	if !strings.Contains(all["main.ja.js"], "コピー") || !strings.Contains(all["main.en.js"], "Copy") || strings.Contains(all["main.en.js"], "コピー") {
		t.Error("a script says the words of another language")
	}
	if !strings.Contains(all["search.ja.js"], "from a part of the library") {
		t.Error("the library's own import is missing")
	}
}

func TestNamesFollowContentAlone(t *testing.T) {
	opt := options(t, templates.Default())
	a, err := asset.Make(templates.Default(), opt)
	if err != nil {
		t.Fatal(err)
	}
	opt.Accent = "#b00020"
	b, err := asset.Make(templates.Default(), opt)
	if err != nil {
		t.Fatal(err)
	}
	for name := range a.Manifest {
		same := a.Manifest[name] == b.Manifest[name]
		if coloured := name == "main.css" || name == "favicon.svg"; same == coloured {
			t.Errorf("%s: %s, with another accent %s", name, a.Manifest[name], b.Manifest[name])
		}
		if !regexp.MustCompile(`^assets/.+\.[0-9a-f]{10}\.(css|js|svg)$`).MatchString(a.Manifest[name]) {
			t.Errorf("%s is called %s", name, a.Manifest[name])
		}
	}
}

func TestMainNamesWhatIsLoadedLater(t *testing.T) {
	opt := options(t, templates.Default())
	b, err := asset.Make(templates.Default(), opt)
	if err != nil {
		t.Fatal(err)
	}
	main := made(t, templates.Default(), opt)["main.ja.js"]
	for _, later := range []string{"search.ja.js", "search.css"} {
		if !strings.Contains(main, b.Manifest[later]) {
			t.Errorf("main.js does not know where %s is", later)
		}
	}
}

func TestASiteReplacesOneModule(t *testing.T) {
	theme := templates.Layered(fstest.MapFS{
		"css/tables.css": {Data: []byte(".ours{color:red}")},
		"js/filter.js":   {Data: []byte(`export function attach() { console.log("our filter"); }`)},
	}, nil)
	all := made(t, theme, options(t, theme))
	if css := all["main.css"]; !strings.Contains(css, ".ours{color:red}") || !strings.Contains(css, ".prose") || strings.Contains(css, ".barcell") {
		t.Error("the site's style sheet is not in place of ours alone")
	}
	if !strings.Contains(all["main.ja.js"], "our filter") {
		t.Error("the site's module is not in place of ours")
	}
}

func TestFaultsOfAThemeNameTheirPlace(t *testing.T) {
	for name, test := range map[string]struct{ file, text, want string }{
		"syntax":  {"js/filter.js", "export function {", `js/filter.js:1:17: Expected identifier but found "{"`},
		"package": {"js/filter.js", `import "left-pad";`, `js/filter.js:1:8: "left-pad" is no relative path and no module that we provide`},
		"missing": {"css/tables.css", `@import "none.css";`, "open css/none.css"},
	} {
		t.Run(name, func(t *testing.T) {
			theme := templates.Layered(fstest.MapFS{test.file: {Data: []byte(test.text)}}, nil)
			_, err := asset.Make(theme, options(t, theme))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	_, err := asset.Make(templates.Default(), asset.Options{Accent: "blue"})
	if err == nil || err.Error() != `read the accent: "blue" is no colour of the form #rrggbb` {
		t.Errorf("got %v", err)
	}
}

func TestStylesLoadNothing(t *testing.T) {
	all := made(t, templates.Default(), options(t, templates.Default()))
	for _, name := range []string{"main.css", "leads.css", "search.css"} {
		for _, m := range regexp.MustCompile(`url\(([^)]{0,12})`).FindAllStringSubmatch(all[name], -1) {
			if !strings.HasPrefix(strings.Trim(m[1], `"'`), "data:image") {
				t.Errorf("%s loads %s", name, m[1])
			}
		}
	}
}
