//go:build browser

package main

import (
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// zipping answers as a host does that compresses.
type zipping struct {
	http.ResponseWriter
	w *gzip.Writer
}

func (z zipping) Write(text []byte) (int, error) { return z.w.Write(text) }

func zippedFiles(dir string) http.Handler {
	files := http.FileServer(http.Dir(dir))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Range")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		files.ServeHTTP(zipping{w, z}, r)
	})
}

// TestBrowserFirstVisitOfARunbookIsSmall holds the pages that are opened in an incident to the budgets: bytes by gzip that a browser without a
// copy fetches before its reader does anything, run mode not among them. The style alone is held to its budget where it is made.
func TestBrowserFirstVisitOfARunbookIsSmall(t *testing.T) {
	out := t.TempDir()
	mux := http.NewServeMux()
	mux.Handle(prefix, http.StripPrefix(prefix, zippedFiles(out)))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	var said strings.Builder
	a := newApp(&said, &said, func(string) string { return "" })
	if code := a.run(context.Background(), []string{"build", "../../content", "--out", out, "--base-url", server.URL + prefix, "--clock", "2026-11-01", "--cache", "off"}); code != 0 {
		t.Fatalf("build: exit %d\n%s", code, said.String())
	}
	for _, path := range []string{"runbooks/rds-failover/", "runbooks/release-schema-update/", "en/runbooks/rds-failover/", "playbooks/site-down/"} {
		b := runTab(t, server.URL+prefix)
		b.open(t, server.URL+prefix+path)
		got := eval[map[string]int](t, b, `(() => {
			const sum = { html: performance.getEntriesByType("navigation")[0].encodedBodySize, css: 0, js: 0, all: 0 };
			for (const r of performance.getEntriesByType("resource")) {
				const kind = /\.css$/.test(r.name) ? "css" : /\.js$/.test(r.name) ? "js" : "all";
				sum[kind] += r.encodedBodySize;
			}
			sum.all += sum.html + sum.css + sum.js;
			sum.run = performance.getEntriesByType("resource").filter((r) => /run[.-][^/]*\.(js|css)$/.test(r.name)).length;
			return sum;
		})()`)
		for kind, most := range map[string]int{"html": 15 << 10, "js": 12 << 10, "all": 45 << 10} {
			if got[kind] > most || got[kind] == 0 {
				t.Errorf("%s: %s is %d bytes, at most %d are in the budget", path, kind, got[kind], most)
			}
		}
		if got["run"] != 0 {
			t.Errorf("%s loads run mode before anybody runs it", path)
		}
		t.Logf("%s: %v", path, got)
		b.clean(t)
	}
}
