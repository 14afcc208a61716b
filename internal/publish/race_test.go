package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"
)

// race lets four publishers of different versions start from the same plan, and returns how many published.
func race(w *world, through func(Target) Target, round int) (won int, last site) {
	w.t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range 4 {
		s := version(round*4 + i + 10)
		b, err := ReadBuild(context.Background(), s.build(Facts{}), DefaultCache())
		if err != nil {
			w.t.Fatal(err)
		}
		state, err := Look(context.Background(), w.target, Looking{})
		if err != nil {
			w.t.Fatal(err)
		}
		r := w.runner(through(w.target), w.cdn)
		p := Make(b, state, Asked{Now: w.clock.now(), Tell: true})
		all.Go(func() {
			<-start
			res, err := r.Apply(context.Background(), p)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
				last = s
			case res.Exit != 14:
				w.t.Errorf("a loser ended with %d: %v", res.Exit, err)
			}
		})
	}
	close(start)
	all.Wait()
	return won, last
}

func TestFourPublishersAtOnce(t *testing.T) {
	onEvery(t, func(t *testing.T, open func(testing.TB) Target) {
		w := newWorld(t, open(t))
		for round := range 30 {
			won, last := race(w, func(t Target) Target { return t }, round)
			if won != 1 {
				t.Fatalf("round %d: %d winners", round, won)
			}
			if p := w.unfinished(last); len(p) > 0 {
				t.Fatalf("round %d: %v", round, p)
			}
		}
	})
}

// late is a run that sleeps before one of its writes until its lease is over and somebody else has published.
type late struct {
	Target
	before int
	sleep  func()
}

func (l *late) Put(ctx context.Context, key string, up Upload) (string, error) {
	if l.before--; l.before == 0 {
		l.sleep()
	}
	return l.Target.Put(ctx, key, up)
}

func (l *late) Delete(ctx context.Context, keys []string) error {
	if l.before--; l.before == 0 {
		l.sleep()
	}
	return l.Target.Delete(ctx, keys)
}

func TestWriterThatOutlivesItsLease(t *testing.T) {
	onEvery(t, func(t *testing.T, open func(testing.TB) Target) {
		for before := 3; before < 20; before++ {
			w := newWorld(t, open(t))
			w.must(version(1))
			slow := &late{Target: w.target, before: before}
			slow.sleep = func() {
				w.clock.pass(Lease + time.Second)
				w.must(version(3))
			}
			res, err := w.publish(slow, w.cdn, version(2))
			if slow.before > 0 {
				break // it had no more writes
			}
			if res.Exit != 14 {
				t.Errorf("asleep before write %d: exit %d, %v", before, res.Exit, err)
			}
			w.must(version(3))
			if p := slices.Concat(w.problems(common...), w.unfinished(version(3))); len(p) > 0 {
				t.Errorf("asleep before write %d: %v", before, p)
			}
		}
	})
}

// The controls: a target that takes one safety away. The same checks must fail, or they check nothing.

// careless ignores conditions.
type careless struct{ Target }

func (c careless) Put(ctx context.Context, key string, up Upload) (string, error) {
	up.Condition = Condition{}
	return c.Target.Put(ctx, key, up)
}

// forgetful leaves a field of the head out.
type forgetful struct {
	Target
	field string
}

func (f forgetful) Put(ctx context.Context, key string, up Upload) (string, error) {
	if key != headKey {
		return f.Target.Put(ctx, key, up)
	}
	body, err := up.Open()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return "", err
	}
	var head map[string]any
	if err := json.Unmarshal(text, &head); err != nil {
		return "", err
	}
	delete(head, f.field)
	if text, err = json.Marshal(head); err != nil {
		return "", err
	}
	up.Content, up.Open = contentOf(text, up.Headers), opener(text)
	return f.Target.Put(ctx, key, up)
}

// disorderly keeps back the first uploads of a run until the commit.
type disorderly struct {
	Target
	kept []func() error
}

func (d *disorderly) Put(ctx context.Context, key string, up Upload) (string, error) {
	if hashed(key) {
		d.kept = append(d.kept, func() error { _, err := d.Target.Put(ctx, key, up); return err })
		return "", nil
	}
	if key == headKey && len(d.kept) > 0 {
		for _, put := range d.kept {
			if err := put(); err != nil {
				return "", err
			}
		}
		d.kept = nil
	}
	return d.Target.Put(ctx, key, up)
}

func TestWithoutItsSafetiesTheChecksFail(t *testing.T) {
	for _, control := range []struct {
		name    string
		without func(Target) Target
		next    int // what is published after the kill
	}{
		{"the upload order", func(t Target) Target { return &disorderly{Target: t} }, 1},
		{"the intent", func(t Target) Target { return forgetful{t, "dirty"} }, 1},
		{"the pending list", func(t Target) Target { return forgetful{t, "pending_invalidation"} }, 2},
	} {
		t.Run("without "+control.name, func(t *testing.T) {
			failures := 0
			for n := 1; failures == 0; n++ {
				w := newWorld(t, newDirectory(t))
				w.must(version(1))
				m := &mortal{Target: w.target, cdn: w.cdn, left: n}
				if _, err := w.publish(control.without(m), m, version(2)); err == nil {
					break
				}
				w.clock.pass(Lease + time.Second)
				failures += len(w.problems(common...))
				if _, err := w.publish(w.target, w.cdn, version(control.next)); err != nil {
					failures++
				}
				failures += len(w.problems(common...)) + len(w.unfinished(version(control.next)))
			}
			if failures == 0 {
				t.Error("the checks still pass: they check nothing")
			}
		})
	}
	t.Run("without the conditional write", func(t *testing.T) {
		w := newWorld(t, newDirectory(t))
		for round := range 10 {
			if won, _ := race(w, func(t Target) Target { return careless{t} }, round); won != 1 {
				return
			}
		}
		t.Error("there was always exactly one winner: the race is none")
	})
}

func TestLostAnswerOfTheLockIsNoConflict(t *testing.T) {
	w := newWorld(t, newDirectory(t))
	deaf := &deafTarget{Target: w.target}
	if _, err := w.publish(deaf, w.cdn, version(1)); err != nil {
		t.Fatalf("the write succeeded, only its answer was lost: %v", err)
	}
	if deaf.lost == 0 {
		t.Error("no answer was lost")
	}
}

// deafTarget does what an SDK does when an answer is lost: it tries again, and meets its own work.
type deafTarget struct {
	Target
	lost int
}

func (d *deafTarget) Put(ctx context.Context, key string, up Upload) (string, error) {
	v, err := d.Target.Put(ctx, key, up)
	if err == nil && up.Condition != (Condition{}) && key == headKey {
		d.lost++
		if _, err = d.Target.Put(ctx, key, up); !errors.Is(err, ErrConflict) {
			return v, fmt.Errorf("the second attempt: %w", err)
		}
		return "", err
	}
	return v, err
}
