package output

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
		if _, err := Write(context.Background(), New(text("a", "staged before"), bad), fresh, o); err == nil {
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
		for range 25 {
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
