package publish

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// counting counts what is asked of a target.
type counting struct {
	Target
	mu    sync.Mutex
	reads []string // keys that were got
	other int      // writes and listings
}

func (c *counting) Get(ctx context.Context, key string) (*Object, error) {
	c.mu.Lock()
	c.reads = append(c.reads, key)
	c.mu.Unlock()
	return c.Target.Get(ctx, key)
}

func (c *counting) Put(ctx context.Context, key string, up Upload) (string, error) {
	c.mu.Lock()
	c.other++
	c.mu.Unlock()
	return c.Target.Put(ctx, key, up)
}

// pages writes a built site of n pages of about 12 kB to a folder on disk.
func pages(t testing.TB, n int) string {
	t.Helper()
	s := version(1)
	words := strings.Fields("手順 障害 対応 再起動 restart the order service and wait until every target is healthy again")
	random := rand.New(rand.NewSource(1))
	for i := range n {
		var b strings.Builder
		fmt.Fprintf(&b, "<html>page %d ", i)
		for b.Len() < 12<<10 {
			b.WriteString(words[random.Intn(len(words))] + " ")
		}
		s[fmt.Sprintf("runbooks/%02d/手順-%04d/index.html", i%50, i)] = b.String()
	}
	dir := t.TempDir()
	lay(t, s, dir)
	return dir
}

// lay writes a built site to a folder on disk.
func lay(t testing.TB, s site, dir string) {
	t.Helper()
	for name, file := range s.build(Facts{}) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// plan does what a dry run does: read the build, look at the target, compare.
func plan(t testing.TB, dir string, target Target, now time.Time) *Plan {
	t.Helper()
	b, err := ReadBuild(t.Context(), os.DirFS(dir), DefaultCache())
	if err != nil {
		t.Fatal(err)
	}
	state, err := Look(t.Context(), target, Looking{})
	if err != nil {
		t.Fatal(err)
	}
	return Make(b, state, Asked{Now: now, Tell: true})
}

// TestFiveThousandPages publishes a large site to the real server and plans it again: quickly, and with two requests.
func TestFiveThousandPages(t *testing.T) {
	const most = 2 * time.Second
	target, clock := newS3(t), newClock()
	dir := pages(t, 5000)
	r := &Runner{Target: target, CDN: &cdn{asked: map[string]string{}}, Now: clock.now, Run: "large", Workers: 16}
	if res, err := r.Apply(t.Context(), plan(t, dir, target, clock.now())); err != nil || res.Counts.Uploaded < 5000 {
		t.Fatalf("%+v, %v", res, err)
	}
	best, asked := time.Hour, 0
	for range 3 {
		c := &counting{Target: target}
		began := time.Now()
		p := plan(t, dir, c, clock.now())
		best = min(best, time.Since(began))
		if !p.Nothing() {
			t.Fatalf("there is something to do: %d writes", len(p.Writes))
		}
		r.Target = c
		if res, err := r.Apply(t.Context(), p); err != nil || res.Code != Unchanged {
			t.Fatalf("%+v, %v", res, err)
		}
		if asked = len(c.reads); asked > 3 || c.reads[0] != headKey || c.other != 0 {
			t.Errorf("nothing changed, and it read %v and wrote %d times", c.reads, c.other)
		}
	}
	t.Logf("5,000 pages planned in %s, with %d requests", best, asked)
	if best > most {
		t.Errorf("planning took %s, more than %s", best, most)
	}
}

// TestBodiesAreStreamed publishes files that are larger than what the program may hold.
func TestBodiesAreStreamed(t *testing.T) {
	const size, files, most = 24 << 20, 4, 12 << 20
	for name, open := range targets { // one after the other: they are watched
		s := version(1)
		dir := t.TempDir()
		for i := range files {
			s[fmt.Sprintf("files/録画-%d.mp4", i)] = strings.Repeat(fmt.Sprint("frame ", i, " "), size/8)
		}
		lay(t, s, dir)
		s = nil
		target, clock := open(t), newClock()
		peak := watchHeap(func() {
			r := &Runner{Target: target, Now: clock.now, Run: "large"}
			if _, err := r.Apply(context.Background(), plan(t, dir, target, clock.now())); err != nil {
				t.Error(err)
			}
		})
		t.Logf("%s: %s published with at most %s more in memory", name, Size(size*files), Size(int64(peak)))
		if peak > most {
			t.Errorf("%s: %s more in memory, for %d files of %s", name, Size(int64(peak)), files, Size(size))
		}
	}
}

// watchHeap returns by how much the heap grew at most while do ran.
func watchHeap(do func()) uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, peak := m.HeapAlloc, uint64(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc-min(before, m.HeapAlloc))
			}
		}
	}()
	do()
	close(stop)
	<-stopped
	return peak
}

func BenchmarkPlan5000(b *testing.B) {
	target := newDirectory(b)
	dir := pages(b, 5000)
	r := &Runner{Target: target, CDN: &cdn{asked: map[string]string{}}, Now: newClock().now, Run: "large"}
	if _, err := r.Apply(b.Context(), plan(b, dir, target, r.Now())); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if !plan(b, dir, target, r.Now()).Nothing() {
			b.Fatal("there is something to do")
		}
	}
}
