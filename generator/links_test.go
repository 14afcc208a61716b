package generator

import (
	"bytes"
	"maps"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestEveryLinkLeadsSomewhere holds every link, image, style and script of a built site against its files and anchors.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	sources := map[string]string{"example": "../content"}
	for _, name := range []string{"openshift-runbooks", "prometheus-operator-runbooks", "kubernetes-docs-ja"} {
		sources[name] = "../../shared/corpora/" + name
	}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(sources[name]); err != nil {
				t.Skipf("the corpus %s is not beside this checkout", name)
			}
			leads(t, content(t, input(sources[name]), NewMemory()))
		})
	}
}

// leads checks every reference of every page.
func leads(t *testing.T, files map[string][]byte) {
	t.Helper()
	pages := map[string]parsed{}
	for name, text := range files {
		if strings.HasSuffix(name, ".html") {
			pages[name] = readPage(t, text)
		}
	}
	wrong := 0
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		for _, ref := range pages[name].refs {
			if why := follow(files, pages, name, ref); why != "" {
				if wrong++; wrong <= 20 {
					t.Errorf("%s: %s %s", name, ref, why)
				}
			}
		}
	}
	if len(pages) == 0 {
		t.Error("there are no pages")
	}
}

// follow says why a reference of a page leads nowhere, "" when it leads somewhere.
func follow(files map[string][]byte, pages map[string]parsed, from, ref string) string {
	u, err := url.Parse(ref)
	if err != nil {
		return err.Error()
	}
	if u.Scheme != "" {
		return ""
	}
	if u.Host != "" {
		return "names a host without a scheme"
	}
	to := from
	if u.Path != "" {
		if strings.HasPrefix(u.Path, "/") && from != "404.html" {
			return "is absolute: it breaks below a prefix"
		}
		to = path.Join(path.Dir(from), u.Path)
		if strings.HasPrefix(u.Path, "/") {
			to = path.Clean(strings.TrimPrefix(u.Path, "/"))
		}
		if strings.HasSuffix(u.Path, "/") || u.Path == "." || u.Path == ".." || strings.HasSuffix(u.Path, "/..") {
			to = path.Join(to, "index.html")
		}
	}
	if _, ok := files[to]; !ok {
		return "leads to no file"
	}
	if page, ok := pages[to]; ok && u.Fragment != "" && !page.ids[u.Fragment] {
		return "leads to no anchor"
	}
	return ""
}

type parsed struct {
	refs []string
	ids  map[string]bool
}

func readPage(t *testing.T, text []byte) parsed {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	p := parsed{ids: map[string]bool{}}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				p.ids[a.Val] = true
			case a.Key == "href" || a.Key == "src":
				p.refs = append(p.refs, a.Val)
			}
		}
	}
	return p
}
