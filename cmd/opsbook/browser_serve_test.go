//go:build browser

package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// said is what a command prints while it runs.
type said struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) find(pattern *regexp.Regexp) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return pattern.FindString(s.text.String())
}

// serveCopy serves a copy of the example and returns its address and its folder.
func serveCopy(t *testing.T) (home, dir string) {
	t.Helper()
	return serveCopyOn(t, "2026-11-01")
}

// serveCopyOn is serveCopy as of a day.
func serveCopyOn(t *testing.T, day string) (home, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "content")
	if err := os.CopyFS(dir, os.DirFS("../../content")); err != nil {
		t.Fatal(err)
	}
	out := &said{}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan int)
	go func() {
		done <- newApp(out, out, func(string) string { return "" }).run(ctx, []string{"serve", dir, "--port", "0", "--clock", day})
	}()
	t.Cleanup(func() {
		stop()
		if code := <-done; code != 0 {
			t.Errorf("serve ended with %d", code)
		}
	})
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)
	for range 400 {
		if home = out.find(address); home != "" {
			return home, dir
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("serve printed no address")
	return "", ""
}

// shows waits until a script is true in the tab, through reloads.
func shows(t *testing.T, b *tab, script string) {
	t.Helper()
	for range 200 {
		ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](script))
		if err == nil && ok {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("never true: %s", script)
}

func TestBrowserSeesAnEditAndItsFault(t *testing.T) {
	home, dir := serveCopy(t)
	b := openTab(t, home)
	b.view(t, 1440, false)
	b.run(t, chromedp.Navigate(home+"runbooks/rds-failover/"), chromedp.WaitReady("main"))
	shows(t, b, `document.getElementById("opsbook-live") !== null`)

	file := filepath.Join(dir, "runbooks/rds-failover.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	edited := string(text) + "\n\n書き足した一文。[どこにもない](nowhere.md)\n"
	if err := os.WriteFile(file, []byte(edited), 0o644); err != nil {
		t.Fatal(err)
	}
	shows(t, b, `document.querySelector("main").textContent.includes("書き足した一文。")`)
	shows(t, b, `(() => { const p = document.getElementById("opsbook-live"); return p && !p.hidden && p.textContent.includes("[link-broken]"); })()`)

	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	shows(t, b, `!document.querySelector("main").textContent.includes("書き足した一文。") && document.getElementById("opsbook-live")?.hidden === true`)
	if n := eval[int](t, b, `navigator.serviceWorker.getRegistrations().then((all) => all.length)`); n != 0 {
		t.Errorf("a preview registers %d workers", n)
	}
	b.clean(t)
}
