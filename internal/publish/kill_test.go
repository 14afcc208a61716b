package publish

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"
)

// recoveries are what people do after a run that was killed: the same again, back to what was up, or something newer.
var recoveries = map[string]int{"resume": 2, "revert": 1, "move on": 3}

// common are keys of every version: they must never be away.
var common = []string{"index.html", "404.html", "a/index.html", "a/b/index.html", "障害対応/index.html", "same/index.html", "search/index.js", "sw.js"}

// writes counts the writes of publishing version 2 over version 1.
func writes(t testing.TB, open func(testing.TB) Target) int {
	w := newWorld(t, open(t))
	w.must(version(1))
	m := &mortal{Target: w.target, cdn: w.cdn, left: -1}
	if _, err := w.publish(m, m, version(2)); err != nil {
		t.Fatal(err)
	}
	return m.done
}

// killed returns a world in which publishing version 2 over version 1 was killed after n writes.
func killed(t testing.TB, target Target, n int) *world {
	w := newWorld(t, target)
	w.must(version(1))
	m := &mortal{Target: w.target, cdn: w.cdn, left: n}
	if _, err := w.publish(m, m, version(2)); err == nil {
		t.Fatalf("killed after %d writes, and nothing was noticed", n)
	}
	w.clock.pass(Lease + time.Second)
	return w
}

func TestKilledAfterEveryWrite(t *testing.T) {
	onEvery(t, func(t *testing.T, open func(testing.TB) Target) {
		total := writes(t, open)
		if total < 20 {
			t.Fatalf("only %d writes: the test site is too small", total)
		}
		for n := 1; n <= total; n++ {
			t.Run(fmt.Sprint("write ", n), func(t *testing.T) {
				t.Parallel()
				killedOnce(t, open, n)
			})
		}
	})
}

// killedOnce kills a run after its nth write and recovers from that in every way.
func killedOnce(t *testing.T, open func(testing.TB) Target, n int) {
	for name, next := range recoveries {
		w := killed(t, open(t), n)
		if p := w.problems(common...); len(p) > 0 {
			t.Errorf("killed: %v", p)
		}
		if _, err := w.publish(w.target, w.cdn, version(next)); err != nil {
			t.Errorf("killed, then %s: %v", name, err)
		}
		if p := slices.Concat(w.problems(common...), w.unfinished(version(next))); len(p) > 0 {
			t.Errorf("killed, then %s: %v", name, p)
		}
	}
}

// soak says that this run may take long.
func soak() bool { return os.Getenv("OPSBOOK_SOAK") != "" }

// killedTwice kills the recovery from a kill after n writes too, after every so many of its own.
func killedTwice(t *testing.T, open func(testing.TB) Target, n, steps int) {
	for name, next := range recoveries {
		for again := 1; ; again += steps {
			w := killed(t, open(t), n)
			m := &mortal{Target: w.target, cdn: w.cdn, left: again}
			if _, err := w.publish(m, m, version(next)); err == nil {
				break // it needed no more writes than these
			}
			w.clock.pass(Lease + time.Second)
			at := fmt.Sprintf("%s killed after write %d", name, again)
			if p := w.problems(common...); len(p) > 0 {
				t.Errorf("%s: %v", at, p)
			}
			for _, last := range []int{next, 4} {
				if _, err := w.publish(w.target, w.cdn, version(last)); err != nil {
					t.Errorf("%s: then %d: %v", at, last, err)
				}
				if p := slices.Concat(w.problems(common...), w.unfinished(version(last))); len(p) > 0 {
					t.Errorf("%s, then %d: %v", at, last, p)
				}
			}
		}
	}
}

func TestKilledDuringRecovery(t *testing.T) {
	step := 7 // every pair takes minutes: make publish-soak
	if soak() {
		step = 1
	}
	onEvery(t, func(t *testing.T, open func(testing.TB) Target) {
		for n, total := 1, writes(t, open); n <= total; n += step {
			t.Run(fmt.Sprint("write ", n), func(t *testing.T) {
				t.Parallel()
				killedTwice(t, open, n, step)
			})
		}
	})
}

func TestRollbackAfterEveryKill(t *testing.T) {
	total := writes(t, newDirectory)
	for n := 1; n <= total; n++ {
		w := killed(t, newDirectory(t), n)
		w.must(version(3))
		for _, want := range []int{1, 2} {
			p, err := PlanRollback(t.Context(), w.target, hashOfVersion(t, w, want), Asked{Now: w.clock.now(), Tell: true})
			if err != nil {
				continue // version 2 was never committed
			}
			res, err := w.runner(w.target, w.cdn).Apply(t.Context(), p)
			if err != nil || len(res.Warnings) > 1 {
				t.Fatalf("killed after write %d, then roll back to %d: %v %v", n, want, err, res.Warnings)
			}
			if p := slices.Concat(w.problems(common...), w.unfinished(version(want))); len(p) > 0 {
				t.Fatalf("killed after write %d, then rolled back to %d: %v", n, want, p)
			}
		}
	}
}

func hashOfVersion(t testing.TB, _ *world, n int) string {
	b, err := ReadBuild(t.Context(), version(n).build(Facts{}), DefaultCache())
	if err != nil {
		t.Fatal(err)
	}
	return b.Manifest.Sum()
}
