package output

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

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
			if left := readDir(filepath.Dir(within(spareOf(dir), dir).named("spare"))); len(left) > 1 {
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

func TestEndOfContextLeavesTheOldSite(t *testing.T) {
	everyWay(t, func(t *testing.T, o Options) {
		dir := filepath.Join(t.TempDir(), "public")
		mustWrite(t, generation(1, 4), dir, o)
		before := tree(t, dir)
		for _, point := range []string{"staged a file", "rendered", "linked"} {
			if point == "linked" && o.InPlace {
				continue
			}
			ctx, cancel := context.WithCancel(context.Background())
			stop := o
			stop.at = func(p string) {
				if p == point {
					cancel()
				}
			}
			if _, err := Write(ctx, generation(2, 4), dir, stop); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", point, err)
			}
			cancel()
			if d := cmp.Diff(before, tree(t, dir)); d != "" {
				t.Errorf("%s: %s", point, d)
			}
			wantNothingBeside(t, dir)
		}
	})
}

func TestEndOfContextEndsTheWait(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	held, err := lock(context.Background(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer held.release()
	ctx, cancel := context.WithCancel(context.Background())
	_, err = Write(ctx, generation(1, 1), dir, Options{Waiting: cancel})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestErrorOfRenderLeavesTheOldSite(t *testing.T) {
	everyWay(t, func(t *testing.T, o Options) {
		dir := filepath.Join(t.TempDir(), "public")
		mustWrite(t, generation(1, 4), dir, o)
		before := tree(t, dir)
		boom := errors.New("boom")
		bad := File{Path: "zz.html", Render: func(context.Context) ([]byte, error) { return nil, boom }}
		if _, err := Write(context.Background(), generation(2, 4).With(bad), dir, o); !errors.Is(err, boom) || !strings.Contains(err.Error(), "render zz.html") {
			t.Errorf("got %v", err)
		}
		if d := cmp.Diff(before, tree(t, dir)); d != "" {
			t.Error(d)
		}
		wantNothingBeside(t, dir)
		fresh := filepath.Join(t.TempDir(), "fresh")
		if _, err := Write(context.Background(), New(bad), fresh, o); err == nil {
			t.Error("no error")
		}
		if _, err := os.Stat(fresh); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a folder without a site was left: %v", err)
		}
	})
}

// TestDiskFullLeavesTheOldSite builds in a process that may write only small files, which is how a full disk shows: a write fails.
func TestDiskFullLeavesTheOldSite(t *testing.T) {
	if dir := os.Getenv("OUTPUT_TEST_FULL"); dir != "" {
		signal.Ignore(syscall.SIGXFSZ)
		limit := syscall.Rlimit{Cur: 4096, Max: 4096}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		big := generation(2, 4).With(text("zz.html", strings.Repeat("x", 5000)))
		_, err := Write(context.Background(), big, dir, Options{InPlace: os.Getenv("OUTPUT_TEST_IN_PLACE") != ""})
		if !errors.Is(err, syscall.EFBIG) {
			t.Fatalf("got %v", err)
		}
		return
	}
	everyWay(t, func(t *testing.T, o Options) {
		dir := filepath.Join(t.TempDir(), "public")
		mustWrite(t, generation(1, 4), dir, o)
		before := tree(t, dir)
		cmd := exec.Command(os.Args[0], "-test.run=^TestDiskFullLeavesTheOldSite$")
		cmd.Env = append(os.Environ(), "OUTPUT_TEST_FULL="+dir)
		if o.InPlace {
			cmd.Env = append(cmd.Env, "OUTPUT_TEST_IN_PLACE=1")
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if d := cmp.Diff(before, tree(t, dir)); d != "" {
			t.Error(d)
		}
		wantNothingBeside(t, dir)
	})
}

// TestReadOnly builds as a user who may not write, since root may always.
func TestReadOnly(t *testing.T) {
	if dir := os.Getenv("OUTPUT_TEST_READ_ONLY"); dir != "" {
		_, err := Write(context.Background(), generation(2, 4), dir, Options{})
		if !errors.Is(err, fs.ErrPermission) {
			t.Fatalf("got %v", err)
		}
		return
	}
	base := t.TempDir()
	dir := filepath.Join(base, "public")
	mustWrite(t, generation(1, 4), dir, Options{})
	before := tree(t, dir)
	cmd := exec.Command(os.Args[0], "-test.run=^TestReadOnly$")
	cmd.Env = append(os.Environ(), "OUTPUT_TEST_READ_ONLY="+dir, "HOME=/")
	if os.Getuid() == 0 {
		program := filepath.Join(t.TempDir(), "test")
		copyProgram(t, program)
		cmd.Path = program
		cmd.Dir = "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		openUp(t, base)
		openUp(t, filepath.Dir(program))
	} else {
		must(t, os.Chmod(dir, 0o555))
		must(t, os.Chmod(base, 0o555))
		defer os.Chmod(base, 0o755)
		defer os.Chmod(dir, 0o755)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if d := cmp.Diff(before, tree(t, dir)); d != "" {
		t.Error(d)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func copyProgram(t *testing.T, to string) {
	t.Helper()
	content, err := os.ReadFile(os.Args[0])
	must(t, err)
	must(t, os.WriteFile(to, content, 0o755))
}

// openUp lets everybody enter the temporary folders above a path.
func openUp(t *testing.T, path string) {
	t.Helper()
	for ; path != os.TempDir() && path != "/"; path = filepath.Dir(path) {
		must(t, os.Chmod(path, 0o755))
	}
}

func TestParentThatCannotBeWritten(t *testing.T) {
	s := &stage{dir: filepath.Join(t.TempDir(), strings.Repeat("x", 250))} // no name beside it fits
	must(t, os.Mkdir(s.dir, 0o755))
	mustWrite(t, generation(1, 2), s.dir, Options{})
	mustWrite(t, generation(2, 2), s.dir, Options{})
	if got := tree(t, s.dir); got["index.html"] != "2" || got["only-1/index.html"] != "" {
		t.Errorf("got %v", got)
	}
}

// TestRescue saves a file while the site is being written: it is in the old folder when the two change places.
func TestRescue(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	put(t, dir, "mine/kept.txt", "1")
	mustWrite(t, generation(1, 2), dir, Options{})
	o := Options{at: func(point string) {
		if point == "before the exchange" {
			put(t, dir, "mine/late.txt", "late")
			put(t, dir, "mine/tmp", "2")
			must(t, os.Rename(filepath.Join(dir, "mine/tmp"), filepath.Join(dir, "mine/kept.txt")))
			put(t, dir, "new-folder/x", "x")
		}
	}}
	mustWrite(t, generation(2, 2), dir, o)
	got := tree(t, dir)
	for path, want := range map[string]string{"mine/kept.txt": "2", "mine/late.txt": "late", "new-folder/x": "x", "index.html": "2"} {
		if got[path] != want {
			t.Errorf("%s is %q, want %q", path, got[path], want)
		}
	}
	wantNothingBeside(t, dir)
}

func TestChangedByHandIsMended(t *testing.T) {
	everyWay(t, func(t *testing.T, o Options) {
		dir := filepath.Join(t.TempDir(), "public")
		mustWrite(t, generation(1, 2), dir, o)
		want := tree(t, dir)
		soon := time.Now().Add(time.Second)
		put(t, dir, "index.html", "9") // of the same size
		must(t, os.Chtimes(filepath.Join(dir, "index.html"), soon, soon))
		must(t, os.Remove(filepath.Join(dir, "p1/index.html")))
		if r := mustWrite(t, generation(1, 2), dir, o); r.Written != 2 {
			t.Errorf("%+v", r)
		}
		wantTree(t, dir, want)
		for _, n := range []int{2, 1, 2, 1} { // what a spare site shared with the changed file does not come back
			mustWrite(t, generation(n, 2), dir, o)
		}
		want["app.2.hash.css"] = "2"
		wantTree(t, dir, want)
	})
}

// TestSpareIsUsed asks for the folders of the site before last, and that neither they nor what is not ours costs a new one.
func TestSpareIsUsed(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "public"), Options{Spare: t.TempDir()}
	put(t, dir, "mine/notes.txt", "mine")
	mustWrite(t, generation(1, 4), dir, o)
	first := stat(t, dir, "p1")
	mustWrite(t, generation(2, 4), dir, o)
	second := stat(t, dir, "p1")
	for range 3 {
		mustWrite(t, generation(3, 4), dir, o)
		mustWrite(t, generation(4, 4), dir, o)
	}
	if !os.SameFile(stat(t, dir, "p1"), second) || os.SameFile(first, second) {
		t.Error("the folders were made anew")
	}
	spare := within(o.Spare, dir).named("spare")
	if _, err := os.Stat(filepath.Join(spare, "mine")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the spare holds what is not ours: %v", err)
	}
	mustWrite(t, generation(3, 4), dir, Options{})
	wantNothingBeside(t, dir)
}

// TestEvilSpare puts into the spare what a repository may have brought along: nothing of it may be followed or shown.
func TestEvilSpare(t *testing.T) {
	changes := map[string]func(spare, elsewhere string) error{
		"a folder that leads elsewhere": func(spare, elsewhere string) error {
			return errors.Join(os.RemoveAll(filepath.Join(spare, "p1")), os.Symlink(elsewhere, filepath.Join(spare, "p1")))
		},
		"a file that leads elsewhere": func(spare, elsewhere string) error {
			return errors.Join(os.Remove(filepath.Join(spare, "q0/index.html")), os.Symlink(filepath.Join(elsewhere, "index.html"), filepath.Join(spare, "q0/index.html")))
		},
		"one file more": func(spare, _ string) error { return os.WriteFile(filepath.Join(spare, "evil.html"), nil, 0o644) },
		"no list":       func(spare, _ string) error { return os.Remove(filepath.Join(spare, ManifestName)) },
		"a list of elsewhere": func(spare, _ string) error {
			return os.WriteFile(filepath.Join(spare, ManifestName), []byte("{}"), 0o644)
		},
		"a link instead of the spare": func(spare, elsewhere string) error {
			return errors.Join(os.RemoveAll(spare), os.Symlink(elsewhere, spare))
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			base := t.TempDir()
			dir, elsewhere := filepath.Join(base, "public"), filepath.Join(base, "elsewhere")
			o := Options{Spare: filepath.Join(base, "cache")}
			put(t, elsewhere, "index.html", "precious")
			mustWrite(t, generation(1, 4), dir, o)
			mustWrite(t, generation(2, 4), dir, o)
			must(t, change(within(o.Spare, dir).named("spare"), elsewhere))
			mustWrite(t, generation(3, 4), dir, o)
			wantTree(t, elsewhere, map[string]string{"index.html": "precious"})
			want := map[string]string{"app.2.hash.css": "2"}
			for f := range generation(3, 4).All() {
				content, _ := f.Render(context.Background())
				want[f.Path] = string(content)
			}
			wantTree(t, dir, want)
		})
	}
}

func TestKeySavesTheRendering(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	rendered := 0
	page := func(key, content string) Set {
		return New(File{Path: "a", Key: sha256.Sum256([]byte(key)), Render: func(context.Context) ([]byte, error) {
			rendered++
			return []byte(content), nil
		}})
	}
	steps := []struct {
		key, content, version string
		rendered              int
		report                Report
	}{
		{"k1", "1", "v1", 1, Report{Written: 1, Bytes: 1}},
		{"k1", "1", "v1", 1, Report{Unchanged: 1}},
		{"k2", "1", "v1", 2, Report{Unchanged: 1}},
		{"k2", "1", "v1", 2, Report{Unchanged: 1}}, // the new key was stored although no file changed
		{"k3", "3", "v1", 3, Report{Written: 1, Bytes: 1}},
		{"k3", "3", "v2", 4, Report{Unchanged: 1}},
		{"k3", "3", "dev", 5, Report{Unchanged: 1}},
		{"k3", "3", "dev", 6, Report{Unchanged: 1}},
		{"k3", "3", "v2+dirty", 7, Report{Unchanged: 1}},
		{"k3", "3", "v2+dirty", 8, Report{Unchanged: 1}},
	}
	for i, s := range steps {
		r := mustWrite(t, page(s.key, s.content), dir, Options{Generator: s.version})
		if r != s.report || rendered != s.rendered {
			t.Errorf("step %d: %+v, rendered %d times; want %+v, %d", i, r, rendered, s.report, s.rendered)
		}
	}
	must(t, os.Remove(filepath.Join(dir, "a")))
	if r := mustWrite(t, page("k3", "3"), dir, Options{Generator: "v2+dirty"}); r.Written != 1 {
		t.Errorf("a deleted file: %+v", r)
	}
}

func TestManifest(t *testing.T) {
	write := func(facts map[string]any) []byte {
		dir := filepath.Join(t.TempDir(), "public")
		mustWrite(t, set(map[string]string{"b": "2", "a.hash.css": "1"}), dir, Options{Generator: "v1", Facts: facts})
		content, err := os.ReadFile(filepath.Join(dir, ManifestName))
		must(t, err)
		return content
	}
	got := write(map[string]any{"pages": 3, "drafts": false})
	want := `{"schema":1,"generator":"v1","facts":{"drafts":false,"pages":3},"files":[
{"path":"a.hash.css","size":1,"sha256":"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b","hashed":true},
{"path":"b","size":1,"sha256":"d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35"}
]}
`
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	m, err := parseManifest(got)
	must(t, err)
	if again, err := m.encode(); err != nil || !bytes.Equal(again, got) {
		t.Errorf("read and written again: %v\n%s", err, again)
	}
	if empty := write(nil); !json.Valid(empty) {
		t.Errorf("not JSON: %s", empty)
	}
}

func TestDamagedManifestStopsTheBuild(t *testing.T) {
	sum := strings.Repeat("0", 64)
	tests := map[string]string{
		"not JSON":       `{`,
		"another schema": `{"schema":2}`,
		"outside":        `{"schema":1,"files":[{"path":"../x","sha256":"` + sum + `"}]}`,
		"absolute":       `{"schema":1,"files":[{"path":"/etc/passwd","sha256":"` + sum + `"}]}`,
		"twice":          `{"schema":1,"files":[{"path":"a","sha256":"` + sum + `"},{"path":"a","sha256":"` + sum + `"}]}`,
		"no hash":        `{"schema":1,"files":[{"path":"a"}]}`,
	}
	for name, content := range tests {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "public")
			put(t, dir, ManifestName, content)
			put(t, dir, "x", "1")
			if _, err := Write(context.Background(), generation(1, 1), dir, Options{}); err == nil || !strings.Contains(err.Error(), "delete the output folder") {
				t.Errorf("got %v", err)
			}
			wantTree(t, dir, map[string]string{"x": "1"})
		})
	}
}

// TestLinkOutOfTheOutput makes a folder that we made a link to elsewhere: nothing there may be touched.
func TestLinkOutOfTheOutput(t *testing.T) {
	everyWay(t, func(t *testing.T, o Options) {
		base := t.TempDir()
		dir, elsewhere := filepath.Join(base, "public"), filepath.Join(base, "elsewhere")
		mustWrite(t, set(map[string]string{"a/x": "1", "b": "1"}), dir, o)
		put(t, elsewhere, "x", "1")
		must(t, os.RemoveAll(filepath.Join(dir, "a")))
		must(t, os.Symlink(elsewhere, filepath.Join(dir, "a")))
		_, err := Write(context.Background(), set(map[string]string{"a/x": "2", "b": "1"}), dir, o)
		var refused *RefusedError
		if !errors.As(err, &refused) {
			t.Errorf("got %v", err)
		}
		mustWrite(t, set(map[string]string{"b": "2"}), dir, o)
		if to, err := os.Readlink(filepath.Join(dir, "a")); err != nil || to != elsewhere {
			t.Errorf("the link became %s, %v", to, err)
		}
		wantTree(t, elsewhere, map[string]string{"x": "1"})
	})
}

// TestFilesBecomeFolders changes what is a file and what a folder, at random.
func TestFilesBecomeFolders(t *testing.T) {
	everyWay(t, func(t *testing.T, o Options) {
		random := rand.New(rand.NewPCG(1, 2))
		dir := filepath.Join(t.TempDir(), "public")
		put(t, dir, "mine/x", "x")
		for range 60 {
			files := map[string]string{}
			for _, path := range []string{"a", "b/c", "d", "d2/e/f"} {
				switch random.IntN(4) {
				case 0:
					files[path] = fmt.Sprint(random.IntN(3))
				case 1:
					files[path+"/index.html"] = fmt.Sprint(random.IntN(3))
				case 2:
					files[path+"/x/y"] = fmt.Sprint(random.IntN(3))
				}
			}
			mustWrite(t, set(files), dir, o)
			files["mine/x"] = "x"
			wantTree(t, dir, files)
		}
	})
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"schema":1,"generator":"v","files":[{"path":"a/b","size":1,"sha256":"` + strings.Repeat("0", 64) + `"}]}`))
	f.Add([]byte(`{"schema":1,"files":[{"path":"a\u0000"},{"path":"con"}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		m, err := parseManifest(content)
		if err != nil {
			return
		}
		for _, made := range m.Files {
			if !filepath.IsLocal(made.Path) {
				t.Errorf("%q leads out of the output", made.Path)
			}
		}
		if _, err := m.encode(); err != nil {
			t.Errorf("%q cannot be written: %v", content, err)
		}
	})
}
