//go:build browser

package main

import (
	"archive/zip"
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hosted is a built site on a server of its own that can be stopped.
type hosted struct {
	source, dir, home string
	address           string
	server            *http.Server
	meddle            func(w http.ResponseWriter, r *http.Request) bool // answers instead of the site
	asked             atomic.Int64                                      // requests since the start
	sent              atomic.Int64                                      // bytes of bodies
}

// hostOwn builds a copy of a source below prefix and hosts it.
func hostOwn(t *testing.T, source string) *hosted {
	t.Helper()
	h := &hosted{source: filepath.Join(t.TempDir(), "content"), dir: filepath.Join(t.TempDir(), "site"), address: "127.0.0.1:0"}
	if err := os.CopyFS(h.source, os.DirFS(source)); err != nil {
		t.Fatal(err)
	}
	h.start(t)
	t.Cleanup(h.stop)
	h.home = "http://" + h.address + prefix
	h.build(t)
	return h
}

func (h *hosted) build(t *testing.T) {
	t.Helper()
	command(t, "build", h.source, "--out", h.dir, "--base-url", h.home, "--clock", "2026-11-01", "--history", "none", "--cache", "off")
}

// command runs the program and returns what it prints.
func command(t *testing.T, args ...string) string {
	t.Helper()
	var said strings.Builder
	a := newApp(&said, &said, func(string) string { return "" })
	if code := a.run(context.Background(), args); code != 0 {
		t.Fatalf("%s: exit %d\n%s", strings.Join(args, " "), code, said.String())
	}
	return said.String()
}

func (h *hosted) start(t *testing.T) {
	t.Helper()
	listener, err := net.Listen("tcp", h.address)
	if err != nil {
		t.Fatal(err)
	}
	h.address = listener.Addr().String()
	files := http.StripPrefix(prefix, http.FileServer(http.Dir(h.dir)))
	h.server = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.asked.Add(1)
		if h.meddle != nil && h.meddle(w, r) {
			return
		}
		w.Header().Set("Cache-Control", "max-age=0, must-revalidate")
		files.ServeHTTP(counting{w, &h.sent}, r)
	})}
	go func() { _ = h.server.Serve(listener) }()
}

type counting struct {
	http.ResponseWriter
	sent *atomic.Int64
}

func (c counting) Write(p []byte) (int, error) {
	c.sent.Add(int64(len(p)))
	return c.ResponseWriter.Write(p)
}

func (h *hosted) stop() { _ = h.server.Close() }

// copyRecord is what the browser knows of its copy; ask for one of its values.
func copyRecord(t *testing.T, b *tab, value string) string {
	t.Helper()
	return eval[string](t, b, `caches.open("opsbook /kb/").then((c) => c.match(location.origin + "/kb/-/copy")).then((r) => (r ? r.json() : {})).then((r) => String(`+value+`))`)
}

// kept waits until the browser has a copy, other than an earlier one.
func kept(t *testing.T, b *tab, earlier string) string {
	t.Helper()
	for range 300 {
		if is := copyRecord(t, b, "r.now?.generation"); is != "undefined" && is != earlier {
			return is
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("no copy was kept, the record is %s", copyRecord(t, b, "JSON.stringify({...r, now: r.now && {...r.now, files: r.now.files.length}})"))
	return ""
}

func (b *tab) says(t *testing.T, selector, text string) {
	t.Helper()
	b.until(t, `document.querySelector(`+quote(selector)+`)?.innerText.includes(`+quote(text)+`)`)
}

func TestBrowserOfflineAfterOneVisit(t *testing.T) {
	h := hostOwn(t, "../../content")
	b := runTab(t, h.home)
	b.open(t, h.home)
	kept(t, b, "")
	b.clean(t)
	h.stop()

	b.open(t, h.home+"runbooks/rds-failover/?from=alert")
	b.says(t, ".kept-note", "時点のコピー")
	b.accessible(t, "a copy")
	b.shot(t, "offline-1-copy")
	b.begin(t, "okada")
	b.press(t, "#step-1 > .ob-check")
	b.until(t, `document.querySelector("#step-1").dataset.runState === "done"`)
	b.open(t, h.home+"runbooks/rds-failover/")
	b.until(t, `document.querySelector("#step-1")?.dataset.runState === "done"`)

	b.open(t, h.home+"en/")
	b.says(t, ".kept-note", "Offline copy of")
	if first := firstHit(t, b, "RDSFailover"); !strings.Contains(first, "Fail") && !strings.Contains(first, "フェイルオーバー") {
		t.Errorf("the first hit offline is %q", first)
	}
	b.run(t, chromedp.KeyEvent(kb.Enter), chromedp.WaitReady("main"))
	b.until(t, `location.pathname.includes("failover")`)

	b.run(t, chromedp.Navigate(h.home+"alerts/OrdersDBWriterUnreachable/?cluster=orders-db&x=1#step-1"))
	b.until(t, `document.querySelector("main") && location.search.includes("cluster=orders-db")`)

	b.open(t, h.home+"nowhere/")
	b.says(t, ".kept-lost", "nowhere/")
	b.says(t, ".kept-panel", "MB")
	b.shot(t, "offline-2-lost")
}

// unpacked is a bundle of the example in a folder.
func unpacked(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, "kb.zip")
	said := command(t, "build", "../../content", "--out", filepath.Join(dir, "site"), "--clock", "2026-11-01", "--history", "none", "--cache", "off", "--bundle", name)
	if !regexp.MustCompile(`sha256 [0-9a-f]{64}`).MatchString(said) {
		t.Errorf("the bundle's hash is not printed: %s", said)
	}
	archive, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	to := filepath.Join(dir, "unpacked")
	if err := os.CopyFS(to, archive); err != nil {
		t.Fatal(err)
	}
	return "file://" + to + "/opsbook-2026-11-01/"
}

func TestBrowserBundleFromADisk(t *testing.T) {
	home := unpacked(t)
	b := runTab(t, home)
	b.open(t, home+"index.html")
	b.says(t, "main", "2026-11-01 時点")
	b.shot(t, "bundle-1-front")
	b.press(t, "main a")
	b.until(t, `location.pathname.endsWith("/site/index.html")`)
	b.says(t, ".kept-note", "2026-11-01 時点のコピー")

	b.press(t, `.menu a[href$="runbooks/index.html"]`)
	b.until(t, `location.pathname.endsWith("/runbooks/index.html") && document.readyState === "complete"`)
	if first := firstHit(t, b, "RDSFailover"); !strings.Contains(first, "フェイルオーバー") {
		t.Errorf("the first hit on a disk is %q", first)
	}
	b.until(t, `[...document.querySelectorAll("dialog.seek .s mark")].some((m) => m.textContent === "RDSFailover")`)
	b.run(t, chromedp.KeyEvent(kb.Enter), chromedp.WaitReady("main"))
	b.until(t, `location.pathname.endsWith("/rds-failover/index.html")`)

	b.run(t, chromedp.Navigate(home+"site/alerts/RDSFailover/index.html?cluster=orders-db#step-1"))
	b.until(t, `document.querySelector("#step-1") && location.search.includes("cluster=orders-db")`)
	b.until(t, `document.querySelector("[data-input=cluster]")?.value === "orders-db"`)
	b.begin(t, "okada")
	b.press(t, "#step-1 > .ob-check")
	b.until(t, `document.querySelector("#step-1").dataset.runState === "done"`)
	b.run(t, chromedp.Reload())
	b.until(t, `document.querySelector("#step-1")?.dataset.runState === "done"`)
	b.shot(t, "bundle-2-run")
	b.press(t, ".ob-bar [data-key=export]")
	b.until(t, `document.querySelector("dialog textarea").value.includes("operator")`)
	b.clean(t)
}
