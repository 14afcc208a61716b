package memo_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/memo"
)

type page struct {
	Title string
	Lines []string
	Tags  map[string]int
}

func open(t *testing.T, dir string, limit int64) *memo.Store {
	t.Helper()
	s, err := memo.Open(dir, limit)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closed(t *testing.T, s *memo.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// remembered asks a memo of bytes for values without computing any, and returns those it has.
func remembered(m *memo.Memo[[]byte], names ...string) []string {
	var found []string
	for _, name := range names {
		missing := errors.New("missing")
		if v, err := m.Try(memo.KeyOf(name), func() ([]byte, error) { return nil, missing }); err == nil {
			found = append(found, name+"="+string(v))
		}
	}
	return found
}

func fill(m *memo.Memo[[]byte], names ...string) {
	for _, name := range names {
		m.Get(memo.KeyOf(name), func() []byte { return []byte("value of " + name) })
	}
}

func packs(t *testing.T, dir string) (paths []string, size int64) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "memo-1", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil {
			size += info.Size()
		}
	}
	return paths, size
}

func TestStoreOutlivesTheProcess(t *testing.T) {
	dir := t.TempDir()
	want := page{Title: "障害", Lines: []string{"a", "b"}, Tags: map[string]int{"x": 1}}
	s := open(t, dir, 1<<20)
	memo.NewStored(s, "page 1", memo.Gob[page]()).Get(memo.KeyOf("k"), func() page { return want })
	closed(t, s)
	s = open(t, dir, 1<<20)
	defer s.Close()
	got := memo.NewStored(s, "page 1", memo.Gob[page]()).Get(memo.KeyOf("k"), func() page { t.Error("computed again"); return page{} })
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	other := memo.NewStored(s, "page 2", memo.Gob[page]()).Get(memo.KeyOf("k"), func() page { return page{Title: "new"} })
	if other.Title != "new" {
		t.Errorf("another version's value came back: %+v", other)
	}
	if b, err := os.ReadFile(filepath.Join(dir, ".gitignore")); err != nil || string(b) != "*\n" {
		t.Errorf(".gitignore: %q, %v", b, err)
	}
}

func TestPassingValuesDoNotStayInMemory(t *testing.T) {
	s := open(t, t.TempDir(), 1<<20)
	defer s.Close()
	m := memo.NewPassing(s, "x", memo.Raw())
	fill(m, "a", "b")
	if m.Len() != 0 {
		t.Errorf("%d values in memory", m.Len())
	}
	if d := cmp.Diff([]string{"a=value of a", "b=value of b"}, remembered(m, "a", "b", "c")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestNoStoreIsMemoryAlone(t *testing.T) {
	m := memo.NewStored[[]byte](nil, "x", memo.Raw())
	fill(m, "a")
	if d := cmp.Diff([]string{"a=value of a"}, remembered(m, "a")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestValueThatCannotBeReadIsComputedAgain(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 1<<20)
	fill(memo.NewStored(s, "x", memo.Raw()), "a")
	closed(t, s)
	s = open(t, dir, 1<<20)
	never := memo.Codec[[]byte]{Encode: memo.Raw().Encode, Decode: func([]byte) ([]byte, error) { return nil, errors.New("no") }}
	got := memo.NewStored(s, "x", never).Get(memo.KeyOf("a"), func() []byte { return []byte("anew") })
	if string(got) != "anew" {
		t.Errorf("got %q", got)
	}
	closed(t, s)
	s = open(t, dir, 1<<20)
	defer s.Close()
	if d := cmp.Diff([]string{"a=anew"}, remembered(memo.NewStored(s, "x", memo.Raw()), "a")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestDamage changes and cuts a pack at every byte: a value comes back as it was or not at all.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 1<<20)
	fill(memo.NewStored(s, "x", memo.Raw()), "a", "b")
	closed(t, s)
	paths, _ := packs(t, dir)
	if len(paths) != 1 {
		t.Fatalf("packs: %v", paths)
	}
	whole, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, content []byte) {
		if err := os.WriteFile(paths[0], content, 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, dir, 1<<20)
		for _, v := range remembered(memo.NewStored(s, "x", memo.Raw()), "a", "b") {
			if v != "a=value of a" && v != "b=value of b" {
				t.Errorf("%s: %s", what, v)
			}
		}
		closed(t, s)
	}
	for i := range whole {
		damaged := append([]byte(nil), whole...)
		damaged[i] ^= 1 << (i % 8)
		check(fmt.Sprintf("byte %d changed", i), damaged)
		check(fmt.Sprintf("cut at %d", i), whole[:i])
	}
	check("whole", whole)
	check("longer", append(append([]byte(nil), whole...), whole...))
}

func TestPacksStayFew(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i := range 60 {
		s := open(t, dir, 1<<20)
		name := fmt.Sprint(i)
		names = append(names, name)
		fill(memo.NewStored(s, "x", memo.Raw()), name)
		closed(t, s)
		if paths, _ := packs(t, dir); len(paths) > 8 {
			t.Fatalf("%d files after %d builds", len(paths), i+1)
		}
	}
	s := open(t, dir, 1<<20)
	defer s.Close()
	if got := remembered(memo.NewStored(s, "x", memo.Raw()), names...); len(got) != 60 {
		t.Errorf("%d of 60 values are left", len(got))
	}
}

func TestLimit(t *testing.T) {
	dir := t.TempDir()
	const limit = 20_000
	value := strings.Repeat("x", 900)
	put := func(s *memo.Store, names ...string) {
		m := memo.NewStored(s, "x", memo.Raw())
		for _, name := range names {
			m.Get(memo.KeyOf(name), func() []byte { return []byte(value) })
		}
	}
	for i := range 50 {
		s := open(t, dir, limit)
		put(s, "always", fmt.Sprint(i))
		closed(t, s)
		if _, size := packs(t, dir); size > limit {
			t.Fatalf("%d bytes after build %d", size, i)
		}
	}
	s := open(t, dir, limit)
	got := remembered(memo.NewStored(s, "x", memo.Raw()), "always", "49", "0")
	if len(got) != 2 {
		t.Errorf("%d values of always and 49 are left, want both and not 0", len(got))
	}
	var many []string
	for i := range 100 {
		many = append(many, fmt.Sprint("many", i))
	}
	put(s, many...)
	closed(t, s)
	if _, size := packs(t, dir); size > limit {
		t.Errorf("%d bytes after a build that needs more", size)
	}
}

func TestTwoStoresShareAFolder(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir, 1<<20)
	fill(memo.NewStored(first, "x", memo.Raw()), "old")
	closed(t, first)
	a, b := open(t, dir, 1<<20), open(t, dir, 1<<20)
	ma, mb := memo.NewStored(a, "x", memo.Raw()), memo.NewStored(b, "x", memo.Raw())
	var wg sync.WaitGroup
	for i, m := range []*memo.Memo[[]byte]{ma, mb, ma, mb} {
		wg.Go(func() {
			for j := range 200 {
				fill(m, fmt.Sprint(j), fmt.Sprintf("%d/%d", i, j))
			}
		})
	}
	wg.Wait()
	closed(t, a) // swallows the pack that b has open
	if d := cmp.Diff([]string{"old=value of old"}, remembered(mb, "old")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	closed(t, b)
	last := open(t, dir, 1<<20)
	defer last.Close()
	m := memo.NewStored(last, "x", memo.Raw())
	for j := range 200 {
		if got := remembered(m, "old", fmt.Sprint(j), fmt.Sprintf("0/%d", j), fmt.Sprintf("1/%d", j)); len(got) != 4 {
			t.Fatalf("left of 4: %v", got)
		}
	}
}

func TestDeletedFolderCostsNothingButTime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	s := open(t, dir, 1<<20)
	m := memo.NewStored(s, "x", memo.Raw())
	fill(m, "a")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	fill(m, "b")
	if d := cmp.Diff([]string{"a=value of a", "b=value of b"}, remembered(m, "a", "b")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if err := s.Flush(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Flush: %v", err)
	}
	fill(m, "c")
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err := memo.Open(filepath.Join(file, "cache"), 1<<20); err == nil {
		t.Errorf("opened %v", s)
	}
}

func TestLeftoversGo(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"memo-0/x.pack", "memo-1/new-1.tmp", "memo-1/new-2.tmp", "memo-x/mine", "bleve/mine"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "memo-1/new-1.tmp"), old, old); err != nil {
		t.Fatal(err)
	}
	closed(t, open(t, dir, 1<<20))
	var got []string
	for _, pattern := range []string{"memo-*/*", "bleve/*"} {
		paths, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, p := range paths {
			rel, _ := filepath.Rel(dir, p)
			got = append(got, rel)
		}
	}
	if d := cmp.Diff([]string{"memo-1/new-2.tmp", "memo-x/mine", "bleve/mine"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestTwoProcesses fills one folder from several processes, some of which are killed, and asks that every value is right.
func TestTwoProcesses(t *testing.T) {
	if dir := os.Getenv("MEMO_TEST_CHILD"); dir != "" {
		child(dir)
		return
	}
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0], "-test.run=^TestTwoProcesses$")
			cmd.Env = append(os.Environ(), "MEMO_TEST_CHILD="+dir)
			if i%3 == 2 {
				if err := cmd.Start(); err != nil {
					t.Error(err)
					return
				}
				time.Sleep(time.Duration(i) * 10 * time.Millisecond)
				cmd.Process.Kill()
				cmd.Wait()
				return
			}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	wg.Wait()
	s := open(t, dir, 1<<20)
	defer s.Close()
	m := memo.NewStored(s, "x", memo.Raw())
	for i := range 300 {
		name := fmt.Sprint(i)
		if got := remembered(m, name); len(got) != 1 || got[0] != name+"=value of "+name {
			t.Fatalf("%s: %v", name, got)
		}
	}
}

func child(dir string) {
	for range 5 {
		s, err := memo.Open(dir, 1<<20)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		m := memo.NewStored(s, "x", memo.Raw())
		for _, i := range rand.Perm(300) {
			name := fmt.Sprint(i)
			if got := m.Get(memo.KeyOf(name), func() []byte { return []byte("value of " + name) }); string(got) != "value of "+name {
				fmt.Printf("%s: %q\n", name, got)
				os.Exit(1)
			}
		}
		if err := s.Close(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
}
