package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// patience is how long a change may take to be told before the test gives up; a passing test never waits for it.
const patience = 10 * time.Second

// watched is a folder under watch.
type watched struct {
	t   *testing.T
	dir string
	ch  <-chan Batch
}

func newWatched(t *testing.T, poll bool, roots ...string) watched {
	t.Helper()
	w := watched{t: t, dir: t.TempDir()}
	w.put("a.md", "1")
	w.put("sub/deep/b.md", "1")
	w.put(".git/HEAD", "1")
	w.put("out/x.html", "1")
	if len(roots) == 0 {
		roots = []string{"."}
	}
	for i := range roots {
		roots[i] = filepath.Join(w.dir, roots[i])
	}
	ch, err := New(t.Context(), roots, Options{
		Poll: poll, Interval: 20 * time.Millisecond, Ignore: func(path string) bool { return path == filepath.Join(w.dir, "out") },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.ch = ch
	return w
}

func (w watched) put(path, content string) {
	w.t.Helper()
	name := filepath.Join(w.dir, path)
	w.must(os.MkdirAll(filepath.Dir(name), 0o755))
	w.must(os.WriteFile(name, []byte(content), 0o644))
}

func (w watched) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w watched) move(from, to string) {
	w.t.Helper()
	w.must(os.Rename(filepath.Join(w.dir, from), filepath.Join(w.dir, to)))
}

// told waits for a batch that names the path, or says that anything may have changed.
func (w watched) told(path string) {
	w.t.Helper()
	want := filepath.Join(w.dir, path)
	deadline := time.After(patience)
	for {
		select {
		case b := <-w.ch:
			if b.All || slices.ContainsFunc(b.Paths, func(p string) bool { return p == want || strings.HasPrefix(want, p+"/") }) {
				return
			}
		case <-deadline:
			w.t.Fatalf("nobody told of %s", path)
		}
	}
}

// settle waits until nothing is told any more.
func (w watched) settle() {
	for {
		select {
		case <-w.ch:
		case <-time.After(150 * time.Millisecond):
			return
		}
	}
}

func bothWays(t *testing.T, test func(t *testing.T, poll bool)) {
	t.Run("kernel", func(t *testing.T) { test(t, false) })
	t.Run("poll", func(t *testing.T) { test(t, true) })
}

func TestTold(t *testing.T) {
	bothWays(t, func(t *testing.T, poll bool) {
		w := newWatched(t, poll)
		w.put("a.md", "22")
		w.told("a.md")
		w.put("sub/deep/b.md", "22")
		w.told("sub/deep/b.md")
		w.put("new/deeper/c.md", "1")
		w.told("new/deeper/c.md")
		w.settle()
		w.put("new/deeper/d.md", "1")
		w.told("new/deeper/d.md")
		w.must(os.RemoveAll(filepath.Join(w.dir, "sub")))
		w.told("sub")
		w.settle()
		w.put("sub/deep/b.md", "again")
		w.told("sub/deep/b.md")
		w.settle()
		w.put("sub/deep/b.md", "and again")
		w.told("sub/deep/b.md")
	})
}

// TestEditorsSave saves a file as editors do: each tells of the file, again and again, and the file stays watched.
func TestEditorsSave(t *testing.T) {
	for name, save := range map[string]func(w watched, content string){
		"in place (VS Code, nano)": func(w watched, content string) { w.put("a.md", content) },
		"a new file over it (Zed, Helix, sed -i)": func(w watched, content string) {
			w.put(".a.md.tmp", content)
			w.move(".a.md.tmp", "a.md")
		},
		"away, anew, backup gone (vim)": func(w watched, content string) {
			w.put("4913", "") // whether the folder can be written
			w.must(os.Remove(filepath.Join(w.dir, "4913")))
			w.move("a.md", "a.md~")
			w.put("a.md", content)
			w.must(os.Remove(filepath.Join(w.dir, "a.md~")))
		},
		"two moves (JetBrains)": func(w watched, content string) {
			w.put("a.md___jb_tmp___", content)
			w.move("a.md", "a.md___jb_old___")
			w.move("a.md___jb_tmp___", "a.md")
			w.must(os.Remove(filepath.Join(w.dir, "a.md___jb_old___")))
		},
		"behind a lock that leads nowhere (Emacs)": func(w watched, content string) {
			lock := filepath.Join(w.dir, ".#a.md")
			w.must(os.Symlink("user@host.1:2", lock))
			w.move("a.md", "a.md~")
			w.put("a.md", content)
			w.must(os.Remove(lock))
		},
		"deleted first": func(w watched, content string) {
			w.must(os.Remove(filepath.Join(w.dir, "a.md")))
			w.put("a.md", content)
		},
	} {
		t.Run(name, func(t *testing.T) {
			bothWays(t, func(t *testing.T, poll bool) {
				w := newWatched(t, poll)
				for i := range 3 {
					save(w, strings.Repeat("x", i+2))
					w.told("a.md")
					w.settle()
				}
			})
		})
	}
}

func TestFolderRenames(t *testing.T) {
	bothWays(t, func(t *testing.T, poll bool) {
		w := newWatched(t, poll)
		names := []string{"sub", "moved", "sub", "手順"}
		for i, to := range names[1:] {
			w.move(names[i], to)
			w.told(to)
			w.settle()
			w.put(to+"/deep/b.md", strings.Repeat("x", i+2))
			w.told(to + "/deep/b.md")
			w.put(to+"/deep/new.md", strings.Repeat("x", i+2))
			w.told(to + "/deep/new.md")
		}
		w.put("sub/deep/b.md", "a new folder of the old name")
		w.told("sub/deep/b.md")
		w.settle()
		w.put("手順/deep/b.md", "still watched")
		w.told("手順/deep/b.md")
	})
}

func TestRootComesBack(t *testing.T) {
	bothWays(t, func(t *testing.T, poll bool) {
		w := newWatched(t, poll, "sub", "a.md")
		w.move("sub", "elsewhere")
		w.settle()
		w.put("sub/deep/b.md", "33")
		w.told("sub/deep/b.md")
		w.settle()
		w.put("sub/deep/b.md", "444")
		w.told("sub/deep/b.md")
		w.put("b.tmp", "4444")
		w.settle()
		w.move("b.tmp", "a.md")
		w.told("a.md")
	})
}

func TestNotTold(t *testing.T) {
	bothWays(t, func(t *testing.T, poll bool) {
		w := newWatched(t, poll)
		w.put(".git/HEAD", "22")
		w.put(".opsbook/memo/x", "1")
		w.put("sub/.b.md.swp", "1")
		w.put("out/x.html", "22")
		w.put("out/new/y.html", "22")
		select {
		case b := <-w.ch:
			for _, p := range b.Paths {
				if p != filepath.Join(w.dir, "sub") { // its time changed
					t.Errorf("told of %s", p)
				}
			}
			if b.All {
				t.Error("told that anything may have changed")
			}
		case <-time.After(300 * time.Millisecond):
		}
	})
}

func TestSingleFile(t *testing.T) {
	bothWays(t, func(t *testing.T, poll bool) {
		w := newWatched(t, poll, "a.md")
		w.put("other.md", "1")
		w.put("a.md", "22")
		select {
		case b := <-w.ch:
			if b.All || len(b.Paths) != 1 || b.Paths[0] != filepath.Join(w.dir, "a.md") {
				t.Errorf("told %+v", b)
			}
		case <-time.After(patience):
			t.Fatal("nobody told of a.md")
		}
	})
}

func TestRootIsALink(t *testing.T) {
	bothWays(t, func(t *testing.T, poll bool) {
		w := newWatched(t, poll)
		link := filepath.Join(t.TempDir(), "content")
		w.must(os.Symlink(w.dir, link))
		ch, err := New(t.Context(), []string{link}, Options{Poll: poll, Interval: 20 * time.Millisecond})
		w.must(err)
		w.ch, w.dir = ch, link
		w.put("sub/deep/b.md", "22")
		w.told("sub/deep/b.md")
	})
}

func TestManyFilesComeAsOneOrTwo(t *testing.T) {
	w := newWatched(t, false)
	for i := range 400 {
		w.put(fmt.Sprintf("many/%d/x.md", i%40), fmt.Sprint(i))
	}
	batches := 0
	for {
		select {
		case <-w.ch:
			batches++
			continue
		case <-time.After(700 * time.Millisecond):
		}
		break
	}
	if batches == 0 || batches > 3 {
		t.Errorf("%d batches", batches)
	}
	for i := range 40 {
		w.put(fmt.Sprintf("many/%d/x.md", i), "again")
		w.told(fmt.Sprintf("many/%d/x.md", i))
	}
}

func TestOverflowLooksEverywhere(t *testing.T) {
	w := newWatched(t, false)
	n, err := newNotifier(tree{roots: []place{{path: w.dir}}}, time.Second)
	w.must(err)
	n.fs.Close()
	events, errs := make(chan fsnotify.Event), make(chan error)
	n.fs, err = fsnotify.NewWatcher()
	w.must(err)
	defer n.fs.Close()
	n.folders = map[string]bool{} // as if the events of their making had been lost
	real := n.fs.Events
	n.fs.Events, n.fs.Errors = events, errs
	to := make(chan change)
	go n.listen(t.Context(), to)
	errs <- fsnotify.ErrEventOverflow
	if c := <-to; !c.all {
		t.Errorf("told %+v", c)
	}
	go func() {
		for e := range real {
			events <- e
		}
	}()
	w.put("sub/deep/b.md", "22")
	select {
	case c := <-to:
		if c.path != filepath.Join(w.dir, "sub/deep/b.md") {
			t.Errorf("told %+v", c)
		}
	case <-time.After(patience):
		t.Fatal("the folders are not watched any more")
	}
}

func TestPollsWhenTheKernelIsUsedUp(t *testing.T) {
	limit := syscall.Rlimit{}
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	w := newWatched(t, false)
	low := limit
	low.Cur = 0 // no file can be opened, so no inotify instance
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &low); err != nil {
		t.Fatal(err)
	}
	_, err := newNotifier(tree{roots: []place{{path: w.dir}}}, time.Second)
	if e := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); e != nil {
		t.Fatal(e)
	}
	if !exhausted(err) {
		t.Fatalf("got %v", err)
	}
	for _, cause := range []error{syscall.ENOSPC, syscall.EMFILE} {
		if notice := pollingNotice(cause, time.Second); !strings.Contains(notice, "every 1s") {
			t.Errorf("notice: %s", notice)
		}
	}
}

func TestGoesOnAsAPoller(t *testing.T) {
	w := newWatched(t, true)
	n, err := newNotifier(tree{roots: []place{{path: w.dir}}}, 20*time.Millisecond)
	w.must(err)
	n.fs.Close() // the kernel stops telling
	to := make(chan change)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go n.run(ctx, to)
	if c := <-to; !c.all || c.notice == "" {
		t.Errorf("told %+v", c)
	}
	w.put("a.md", "22")
	if c := <-to; c.path != filepath.Join(w.dir, "a.md") {
		t.Errorf("told %+v", c)
	}
}

func TestEnd(t *testing.T) {
	bothWays(t, func(t *testing.T, poll bool) {
		ctx, cancel := context.WithCancel(context.Background())
		ch, err := New(ctx, []string{t.TempDir()}, Options{Poll: poll})
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		if _, open := <-ch; open {
			t.Error("a batch after the end")
		}
		if _, err := New(ctx, []string{filepath.Join(t.TempDir(), "missing")}, Options{}); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a missing root: %v", err)
		}
	})
}
