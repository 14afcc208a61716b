package output

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// generation is a site in which every page names its number, so that a mixture of two shows.
func generation(n, pages int) Set {
	files := []File{text("index.html", fmt.Sprint(n)), text(fmt.Sprintf("app.%d.hash.css", n), fmt.Sprint(n))}
	files[1].Hashed = true
	for i := range pages {
		files = append(files, text(fmt.Sprintf("p%d/index.html", i), fmt.Sprint(n)))
		if i%2 == 0 {
			files = append(files, text(fmt.Sprintf("q%d/index.html", i), "always the same"))
		}
	}
	files = append(files, text(fmt.Sprintf("only-%d/index.html", n), fmt.Sprint(n)))
	return New(files...)
}

// TestReaderNeverMeetsHalfASite reads two pages again and again while the site is written: if the first is the same before and after the
// second, the second is of the same site.
func TestReaderNeverMeetsHalfASite(t *testing.T) {
	if !canExchange {
		t.Skip("folders cannot change places on this system")
	}
	dir := filepath.Join(t.TempDir(), "public")
	mustWrite(t, generation(0, 20), dir, Options{})
	var stop atomic.Bool
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for !stop.Load() {
				first, err1 := os.ReadFile(filepath.Join(dir, "index.html"))
				second, err2 := os.ReadFile(filepath.Join(dir, "p19/index.html"))
				same, err3 := os.ReadFile(filepath.Join(dir, "q18/index.html"))
				again, err4 := os.ReadFile(filepath.Join(dir, "index.html"))
				if err := errors.Join(err1, err2, err3, err4); err != nil || string(same) != "always the same" {
					t.Errorf("a page is missing: %v", err)
					return
				}
				if bytes.Equal(first, again) && !bytes.Equal(first, second) {
					t.Errorf("half a site: %s, %s, %s", first, second, again)
					return
				}
			}
		})
	}
	for n := range 25 {
		mustWrite(t, generation(n, 20), dir, Options{})
	}
	stop.Store(true)
	wg.Wait()
	wantNothingBeside(t, dir)
}

// TestKilledAnywhere kills a build at every point that it passes. Readers then meet the old site or the new one, what is not ours is there,
// and the next build finishes the work and leaves nothing behind.
func TestKilledAnywhere(t *testing.T) {
	if spec := os.Getenv("OUTPUT_TEST_CHILD"); spec != "" {
		killedChild(t, spec)
		return
	}
	for _, way := range []string{"swap", "spare", "place", "refused"} {
		for step := 0; ; step++ {
			dir := filepath.Join(t.TempDir(), "public")
			put(t, dir, "mine/notes.txt", "mine")
			o := options(way, dir)
			mustWrite(t, generation(0, 4), dir, o)
			mustWrite(t, generation(1, 4), dir, o)
			before := tree(t, dir)
			finished := runKilled(t, dir, way, step)
			after := tree(t, dir)
			delete(after, "mine/notes.txt")
			if way == "swap" || way == "spare" || finished {
				wantOneSite(t, step, before, after)
			}
			if got := tree(t, dir)["mine/notes.txt"]; got != "mine" {
				t.Fatalf("step %d: what is not ours became %q", step, got)
			}
			mustWrite(t, generation(3, 4), dir, o)
			wantGeneration3(t, step, dir)
			wantNothingBeside(t, dir)
			if left := readDir(within(spareOf(dir), dir).folder); len(left) > 2 { // the spare and the name of its output
				t.Fatalf("step %d: left beside the spare: %v", step, left)
			}
			if finished {
				t.Logf("%s: killed at %d points", way, step)
				break
			}
		}
	}
}

func options(way, dir string) Options {
	o := Options{InPlace: way == "place"}
	if way == "spare" {
		o.Spare = spareOf(dir)
	}
	if way == "refused" {
		o.exchange = refuseExchange
	}
	return o
}

// spareOf is a folder for the spare site of an output, not beside it.
func spareOf(dir string) string { return filepath.Dir(dir) + "-spare" }

func wantOneSite(t *testing.T, step int, before, after map[string]string) {
	t.Helper()
	delete(before, "mine/notes.txt")
	if after["index.html"] == "1" {
		hide := func(m map[string]string) map[string]string { // what lies about inside the output is no page
			out := map[string]string{}
			for p, c := range m {
				if !strings.HasPrefix(p, ".opsbook-") {
					out[p] = c
				}
			}
			return out
		}
		if d := cmp.Diff(before, hide(after)); d != "" {
			t.Fatalf("step %d: not the old site:\n%s", step, d)
		}
		return
	}
	want := map[string]string{"app.1.hash.css": "1"} // kept
	for f := range generation(2, 4).All() {
		content, _ := f.Render(context.Background())
		want[f.Path] = string(content)
	}
	if d := cmp.Diff(want, after); d != "" {
		t.Fatalf("step %d: not the new site:\n%s", step, d)
	}
}

func wantGeneration3(t *testing.T, step int, dir string) {
	t.Helper()
	got := tree(t, dir)
	delete(got, "mine/notes.txt")
	delete(got, "app.1.hash.css") // one of these was kept, depending on when the build before was killed
	delete(got, "app.2.hash.css")
	want := map[string]string{}
	for f := range generation(3, 4).All() {
		content, _ := f.Render(context.Background())
		want[f.Path] = string(content)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("step %d: after the next build:\n%s", step, d)
	}
}

// runKilled builds generation 2 in another process, which kills itself at a step. It returns true if the build came to its end first.
func runKilled(t *testing.T, dir, way string, step int) bool {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledAnywhere$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("OUTPUT_TEST_CHILD=%s %d %s", way, step, dir))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL) {
		t.Fatalf("%v\n%s", err, out)
	}
	return err == nil
}

func killedChild(t *testing.T, spec string) {
	var way, dir string
	var step int
	if _, err := fmt.Sscanf(spec, "%s %d %s", &way, &step, &dir); err != nil {
		t.Fatal(err)
	}
	var passed atomic.Int64
	o := options(way, dir)
	o.at = func(string) {
		if passed.Add(1) == int64(step)+1 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	mustWrite(t, generation(2, 4), dir, o)
}

func TestTwoBuildsAtOnce(t *testing.T) {
	everyWay(t, func(t *testing.T, o Options) {
		dir := filepath.Join(t.TempDir(), "public")
		put(t, dir, "mine.txt", "mine")
		var wg sync.WaitGroup
		var waited atomic.Int64
		for n := range 4 {
			wg.Go(func() {
				for range 5 {
					o := o
					o.Waiting = func() { waited.Add(1) }
					if _, err := Write(context.Background(), generation(n, 10), dir, o); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		got := tree(t, dir)
		n := got["index.html"]
		for path, content := range got {
			if content != n && content != "always the same" && path != "mine.txt" && !strings.Contains(path, ".hash.") {
				t.Errorf("%s is of build %s, not of %s", path, content, n)
			}
		}
		if got["mine.txt"] != "mine" || waited.Load() == 0 {
			t.Errorf("mine.txt %q; waited %d times", got["mine.txt"], waited.Load())
		}
		wantNothingBeside(t, dir)
	})
}
