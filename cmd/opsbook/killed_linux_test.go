package main

import (
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestBuildKilled kills builds with SIGKILL while they parse, render, write and let the sites change places, with a reader that fetches pages
// all the time. OPSBOOK_SOAK kills 50 of them (make kill-soak).
func TestBuildKilled(t *testing.T) {
	want := map[phase]int{parsing: 1, rendering: 1, writing: 1, swapping: 2}
	soak := os.Getenv("OPSBOOK_SOAK") != ""
	if soak {
		want = map[phase]int{parsing: 12, rendering: 12, writing: 13, swapping: 13}
	}
	w := newKillWorld(t, soak)
	random := rand.New(rand.NewPCG(11, 50))
	killed, beforeSwap, tries := map[phase]int{}, 0, 0
	for _, p := range []phase{parsing, rendering, writing, swapping} {
		for n := 0; killed[p] < want[p]; n++ {
			if tries++; n > 10*want[p] {
				t.Fatalf("%d builds killed in %v after %d attempts", killed[p], p, n)
			}
			way := w.ways[random.IntN(len(w.ways))]
			at := halt{phase: p, n: 1 + random.IntN(way.calls[p]), pause: time.Duration(random.IntN(3000)) * time.Microsecond, signal: syscall.SIGKILL}
			if p == swapping && n%2 == 0 { // the few calls that are stretched
				at.n, at.pause = 1, time.Duration(random.IntN(12000))*time.Microsecond
			}
			got, old := w.kill(t, way, at)
			killed[got]++
			if got == swapping && old {
				beforeSwap++
			}
		}
	}
	total := 0
	for _, n := range killed {
		total += n
	}
	t.Logf("%d builds killed: parse %d, render %d, write %d, swap %d (%d of them before the sites changed places), after it %d, before content was read %d; %d pages fetched meanwhile, none missing, none torn",
		total, killed[parsing], killed[rendering], killed[writing], killed[swapping], beforeSwap, killed[over], killed[starting], w.fetched.Load())
	if w.fetched.Load() < int64(total) {
		t.Errorf("the reader fetched only %d pages", w.fetched.Load())
	}
}

// killWorld is an output that holds one site, and content for the next.
type killWorld struct {
	dir, base     string            // where builds run, and what it is put back to
	before, after map[string]string // the output by path, before and after a build that nobody kills
	pages         []string          // of both sites
	ways          []killWay
	fetched       atomic.Int64
}

// killWay is how to build: with a memory and the spare of the site before, or without.
type killWay struct {
	flags []string
	calls [over + 1]int // that a build which nobody kills makes in each phase
}

// newKillWorld builds the example, or only its runbooks.
func newKillWorld(t *testing.T, whole bool) *killWorld {
	t.Helper()
	top := t.TempDir()
	w := &killWorld{dir: filepath.Join(top, "work"), base: filepath.Join(top, "base")}
	source := filepath.Join(w.dir, "src")
	if err := os.CopyFS(source, os.DirFS("../../content")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(source, ".opsbook")); err != nil {
		t.Fatal(err)
	}
	if !whole {
		for _, folder := range []string{"guide", "playbooks", "lessons", "orr", "records"} {
			if err := os.RemoveAll(filepath.Join(source, folder)); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.ways = []killWay{{flags: nil}, {flags: []string{"--cache", "off"}}}
	for n := range 3 { // the third finds a spare; then the content changes once more
		if n == 2 {
			writeFile(t, filepath.Join(w.dir, "out/mine/notes.txt"), "not ours")
		}
		w.build(t, w.ways[0])
		changeContent(t, source, n)
	}
	mustRun(t, w.dir, "cp", "-a", w.dir, w.base)
	w.before = readTree(t, filepath.Join(w.dir, "out"))
	for i := range w.ways {
		w.reset(t)
		e := traceBuild(t, w.dir, "src", halt{}, w.args(w.ways[i])...)
		if e.code != 0 || e.phase != over {
			t.Fatalf("a build that nobody kills exits %d in %v\n%s", e.code, e.phase, e.output)
		}
		w.ways[i].calls = e.seen
		t.Logf("build%s: system calls: parse %d, render %d, write %d, swap %d", strings.Join(append([]string{""}, w.ways[i].flags...), " "), e.seen[parsing], e.seen[rendering], e.seen[writing], e.seen[swapping])
		got := readTree(t, filepath.Join(w.dir, "out"))
		if w.after == nil {
			w.after = got
		}
		if d := treeDiff(w.after, got); d != "" {
			t.Fatalf("two ways to build differ: %s", d)
		}
	}
	w.compareFresh(t)
	for name := range w.before {
		if _, stays := w.after[name]; stays && (name == "index.html" || strings.HasSuffix(name, "/index.html")) {
			w.pages = append(w.pages, strings.TrimSuffix(name, "index.html"))
		}
	}
	slices.Sort(w.pages)
	if d := treeDiff(w.before, w.after); d == "" || len(w.pages) < 50 {
		t.Fatalf("nothing to tell the sites apart by, in %d pages", len(w.pages))
	}
	return w
}

// compareFresh holds the site after a change against one that is built into an empty folder: all its files are the same.
func (w *killWorld) compareFresh(t *testing.T) {
	t.Helper()
	mustRun(t, w.dir, "opsbook", "build", "src", "--out", "fresh", "--clock", "2026-11-01", "--history", "none", "--cache", "off")
	for name, text := range readTree(t, filepath.Join(w.dir, "fresh")) {
		if name != ".opsbook-build.json" && w.after[name] != text { // the list also names what stays one generation
			t.Errorf("%s differs from that of a fresh build", name)
		}
	}
}

func (w *killWorld) args(way killWay) []string {
	return append([]string{"build", "src", "--out", "out", "--clock", "2026-11-01", "--history", "none"}, way.flags...)
}

func (w *killWorld) build(t *testing.T, way killWay) {
	t.Helper()
	mustRun(t, w.dir, "opsbook", w.args(way)...)
}

// reset puts the folder back to what it was.
func (w *killWorld) reset(t *testing.T) {
	t.Helper()
	if err := os.RemoveAll(w.dir); err != nil {
		t.Fatal(err)
	}
	mustRun(t, filepath.Dir(w.dir), "cp", "-a", w.base, w.dir)
}

// kill kills one build, holds what it left against the two sites, and builds again. It returns the phase that the build died in, and whether
// it left the site before.
func (w *killWorld) kill(t *testing.T, way killWay, at halt) (phase, bool) {
	t.Helper()
	w.reset(t)
	finish := w.read(t)
	e := traceBuild(t, w.dir, "src", at, w.args(way)...)
	if e.code == 0 {
		e.phase = over
	} else if e.code != -1 {
		t.Errorf("%v: exit code %d\n%s", at, e.code, e.output)
	}
	out := filepath.Join(w.dir, "out")
	left := readTree(t, out)
	old := treeDiff(w.before, left) == ""
	if d := treeDiff(w.after, left); !old && d != "" {
		t.Errorf("%v: neither the site before nor the one after: %s", at, d)
	}
	if e.phase < swapping && !old {
		t.Errorf("%v: the site changed in %v", at, e.phase)
	}
	w.build(t, way)
	finish()
	if d := treeDiff(w.after, readTree(t, out)); d != "" {
		t.Errorf("%v: the next build differs from one that nobody killed: %s", at, d)
	}
	wantNoRemains(t, w.dir)
	return e.phase, old
}

// read fetches pages in a loop until the returned function is called. Each is whole, and of the one site or the other.
func (w *killWorld) read(t *testing.T) (finish func()) {
	server := httptest.NewServer(http.FileServer(http.Dir(filepath.Join(w.dir, "out"))))
	end := make(chan struct{})
	var wg sync.WaitGroup
	for n := range 2 {
		random := rand.New(rand.NewPCG(uint64(n), 7))
		wg.Go(func() {
			for {
				select {
				case <-end:
					return
				case <-time.After(4 * time.Millisecond):
				}
				page := w.pages[random.IntN(len(w.pages))]
				if err := w.fetch(server.URL, page); err != nil {
					t.Errorf("/%s: %v", page, err)
					return
				}
			}
		})
	}
	return func() {
		close(end)
		wg.Wait()
		server.Close()
	}
}

func (w *killWorld) fetch(host, page string) error {
	answer, err := http.Get(host + "/" + page)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	w.fetched.Add(1)
	switch text := string(body); {
	case err != nil:
		return err
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("status %d", answer.StatusCode)
	case text != w.before[page+"index.html"] && text != w.after[page+"index.html"]:
		return fmt.Errorf("%d bytes that are of neither site", len(body))
	}
	return nil
}

// changeContent edits every fourth page, takes one away and adds one.
func changeContent(t *testing.T, source string, n int) {
	t.Helper()
	pages, err := filepath.Glob(filepath.Join(source, "*", "*.md"))
	if err != nil || len(pages) < 20 {
		t.Fatalf("%d pages: %v", len(pages), err)
	}
	for i, name := range pages {
		if i%4 != 0 {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, name, string(text)+fmt.Sprintf("\n変更 %d\n", n))
	}
	writeFile(t, filepath.Join(source, fmt.Sprintf("only-%d.md", n)), "# Only here\n\ntext\n")
	_ = os.Remove(filepath.Join(source, fmt.Sprintf("only-%d.md", n-1)))
}

// wantNoRemains fails if a folder of an unfinished build lies about.
func wantNoRemains(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() && (stageName.MatchString(path) || strings.HasPrefix(e.Name(), ".opsbook-new-")) {
			t.Errorf("left behind: %s", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
