//go:build browser

package main

import (
	"bytes"
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"testing"
)

// runThrough starts a run of the page that is open, does its first step and finishes; it says what went wrong.
const runThrough = `(async () => {
	const until = async (what, f) => {
		for (let i = 0; i < 400; i++) {
			const found = f();
			if (found) return found;
			await new Promise((done) => setTimeout(done, 20));
		}
		throw new Error("never: " + what);
	};
	const one = (selector) => document.querySelector(selector);
	try {
		one("[data-run-start='']").click();
		(await until("form", () => one(".ob-form input[required]"))).value = "okada";
		one(".ob-form").requestSubmit();
		const boxes = await until("boxes", () => one(".ob-bar") && [...document.querySelectorAll(".ob-check")]);
		if (boxes.length !== document.querySelectorAll("[data-step]").length) throw new Error(boxes.length + " boxes");
		if (boxes.some((b) => b.offsetWidth < 40 || !b.getAttribute("aria-label"))) throw new Error("a box cannot be pressed");
		const first = await until("next", () => one(".ob-goto")) && [...document.querySelectorAll("[data-current] > .ob-check, [data-current] + .ob-line > .ob-check, tr[data-current] .ob-check")][0];
		first.click();
		await until("check", () => one(".ob-of").textContent.startsWith("1/") && first.getAttribute("aria-pressed") === "true");
		one(".ob-bar [data-key=finish]").click();
		(await until("end", () => one("dialog [type=submit]"))).click();
		await until("finished", () => document.documentElement.dataset.running === "finished");
		if (document.documentElement.scrollWidth > document.documentElement.clientWidth) throw new Error("scrolls sideways");
		return "";
	} catch (error) {
		return error.message;
	}
})()`

// TestBrowserEveryPageWithStepsIsRun runs pages that others wrote, from the start to the end: a sample of them, and all where OPSBOOK_EVERY is
// set (make run-every).
func TestBrowserEveryPageWithStepsIsRun(t *testing.T) {
	for name, source := range map[string]string{
		"example": "../../content", "openshift": "../../../shared/corpora/openshift-runbooks", "prometheus-operator": "../../../shared/corpora/prometheus-operator-runbooks",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(source); err != nil {
				t.Skipf("%s is not beside this checkout", source)
			}
			home, pages := runnable(t, source)
			every := 1
			if os.Getenv("OPSBOOK_EVERY") == "" {
				every = max(1, len(pages)/6)
			}
			var b *tab
			done := 0
			for i, p := range pages {
				if i%every != 0 {
					continue
				}
				if done%15 == 0 { // a tab lives for a minute
					b = runTab(t, home)
					b.view(t, 390, false)
				}
				b.open(t, home+p)
				if wrong := eval[string](t, b, runThrough); wrong != "" {
					t.Errorf("%s: %s", p, wrong)
				}
				b.clean(t)
				done++
			}
			t.Logf("%d of %d pages with steps were run", done, len(pages))
		})
	}
}

// runnable hosts a source and returns the addresses of its pages that can be run.
func runnable(t *testing.T, source string) (home string, pages []string) {
	t.Helper()
	out := t.TempDir()
	mux := http.NewServeMux()
	mux.Handle(prefix, http.StripPrefix(prefix, http.FileServer(http.Dir(out))))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	var said strings.Builder
	a := newApp(&said, &said, func(string) string { return "" })
	if code := a.run(context.Background(), []string{"build", source, "--out", out, "--base-url", server.URL + prefix, "--clock", "2026-11-01", "--cache", "off"}); code != 0 {
		t.Fatalf("build: exit %d\n%s", code, said.String())
	}
	err := fs.WalkDir(os.DirFS(out), ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Base(file) != "index.html" {
			return err
		}
		text, err := fs.ReadFile(os.DirFS(out), file)
		if bytes.Contains(text, []byte("data-run-start")) {
			pages = append(pages, strings.TrimSuffix(file, "index.html"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return server.URL + prefix, pages
}
