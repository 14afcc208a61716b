package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// TestCheckExternal types the command against a server of this machine.
func TestCheckExternal(t *testing.T) {
	var asked atomic.Int32
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if !strings.HasPrefix(r.UserAgent(), "opsbook/") {
			t.Errorf("the request calls itself %q", r.UserAgent())
		}
		if r.URL.Path == "/gone" {
			w.WriteHeader(http.StatusGone)
		}
	}))
	defer web.Close()
	dir := t.TempDir()
	page := fmt.Sprintf("# A\n\nSee [here](%s/here) and\n[there](%s/gone).\n", web.URL, web.URL)
	if err := os.WriteFile(filepath.Join(dir, "a.md"), []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	check := func(args ...string) (int, string, string) {
		var out, errs bytes.Buffer
		a := newApp(&out, &errs, func(string) string { return "" })
		code := a.run(t.Context(), append([]string{"check", dir, "--history", "none", "--clock", "2026-11-01"}, args...))
		return code, out.String(), errs.String()
	}

	if _, out, _ := check(); asked.Load() != 0 || strings.Contains(out, "link-external") {
		t.Errorf("asked %d times without --external:\n%s", asked.Load(), out)
	}
	_, out, errs := check("--external")
	if asked.Load() != 0 || !strings.Contains(errs, "2 more are of private networks") || strings.Contains(out, "link-external") {
		t.Errorf("without leave this machine was asked %d times:\n%s%s", asked.Load(), out, errs)
	}
	allowed := []string{"--external", "--allow-network", "127.0.0.1"}
	code, out, errs := check(append(allowed, "--fail-on", "warning")...)
	want := fmt.Sprintf("a.md:4:9: warning: %s/gone cannot be opened: the answer is 410 Gone [link-external]", web.URL)
	if code != exitFound || !strings.Contains(out, want) || !strings.Contains(errs, "2 asked on 1 hosts") {
		t.Errorf("exit code %d\nwant %s\ngot\n%s%s", code, want, out, errs)
	}
	before := asked.Load()
	if _, _, errs = check(allowed...); asked.Load()-before != 2 || !strings.Contains(errs, "1 that answered not long ago") {
		t.Errorf("the second run asked %d times, want HEAD and GET of what failed: %s", asked.Load()-before, errs)
	}
	if code, _, errs = check("--external", "--allow-network", "10.0.0"); code != exitUsage || !strings.Contains(errs, `"10.0.0" is no network`) {
		t.Errorf("exit code %d: %s", code, errs)
	}
}
