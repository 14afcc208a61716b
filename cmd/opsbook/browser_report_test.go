//go:build browser

package main

import (
	"maps"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// Whoever finds a step wrong says so from the step itself, whatever form the steps have: the request names the page, the step and its address.
func TestBrowserAProblemIsReportedFromEachStep(t *testing.T) {
	files := maps.Clone(small)
	files["opsbook.yaml"] += "requests:\n  problem: \"https://git.example.com/issues/new?title={{title}}&body={{url}}\"\n"
	_, home, _ := folder(t, files)
	b := runTab(t, home)
	for page, steps := range map[string]string{"list": "1 2 2.1 2.2 3", "headings": "1 2 2.1 2.2", "table": "1 2", "bullets": "1 2"} {
		b.open(t, home+"runbooks/"+page+"/")
		b.until(t, `document.querySelector(".prose .flag")`)
		var got []string
		for _, address := range eval[[]string](t, b, `[...document.querySelectorAll(".prose .flag")].map((a) => a.href)`) {
			asked, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			title, body := asked.Query().Get("title"), asked.Query().Get("body")
			anchor, found := strings.CutPrefix(body, home+"runbooks/"+page+"/#")
			step := eval[string](t, b, "document.getElementById("+strconv.Quote(anchor)+")?.dataset.step ?? ''")
			if !found || !strings.HasSuffix(title, " 手順 "+step) {
				t.Errorf("%s: a flag asks with the title %q and the body %q", page, title, body)
			}
			got = append(got, step)
		}
		if all := strings.Join(got, " "); all != steps {
			t.Errorf("%s: steps with flags are %q, not %q", page, all, steps)
		}
		b.accessible(t, page+" with flags")
	}
	b.clean(t)
}
