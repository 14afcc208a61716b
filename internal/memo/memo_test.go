package memo_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"opsbook/internal/memo"
)

func TestKeyOfTellsPartsApart(t *testing.T) {
	tests := []struct{ a, b []string }{
		{[]string{"ab", "c"}, []string{"a", "bc"}},
		{[]string{"ab"}, []string{"ab", ""}},
		{[]string{}, []string{""}},
		{[]string{"a", "b"}, []string{"b", "a"}},
	}
	for _, tt := range tests {
		if memo.KeyOf(tt.a...) == memo.KeyOf(tt.b...) {
			t.Errorf("%q and %q have one key", tt.a, tt.b)
		}
	}
	if memo.KeyOf("a") != memo.NewHash().String("a").Key() || memo.KeyOf("a") != memo.KeyOf([]byte("a")) {
		t.Error("a part's key depends on how it is given")
	}
	if memo.NewHash().Int(1).Key() == memo.NewHash().Bytes([]byte{0}).Key() {
		t.Error("a number and a byte have one key")
	}
}

func TestGetComputesOnce(t *testing.T) {
	m := memo.New[int]()
	var calls atomic.Int32
	release := make(chan struct{})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			got := m.Get(memo.KeyOf("a"), func() int {
				<-release
				calls.Add(1)
				return 7
			})
			if got != 7 {
				t.Errorf("got %d, want 7", got)
			}
		})
	}
	close(release)
	wg.Wait()
	if n := calls.Load(); n != 1 {
		t.Errorf("computed %d times, want once", n)
	}
}

func TestTryForgetsErrors(t *testing.T) {
	m := memo.New[int]()
	boom := errors.New("boom")
	if _, err := m.Try(memo.KeyOf("a"), func() (int, error) { return 0, boom }); !errors.Is(err, boom) {
		t.Fatalf("got %v, want %v", err, boom)
	}
	got, err := m.Try(memo.KeyOf("a"), func() (int, error) { return 3, nil })
	if err != nil || got != 3 {
		t.Errorf("got %d, %v; want 3", got, err)
	}
}

func TestPanicLeavesNobodyWaiting(t *testing.T) {
	m := memo.New[int]()
	started, waiting := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		m.Get(memo.KeyOf("a"), func() int { close(started); <-waiting; panic("boom") })
	})
	<-started
	wg.Go(func() {
		close(waiting)
		if got := m.Get(memo.KeyOf("a"), func() int { return 5 }); got != 5 {
			t.Errorf("got %d, want 5", got)
		}
	})
	wg.Wait()
}

func TestEndBuildDropsWhatNobodyAskedFor(t *testing.T) {
	m := memo.New[string]()
	calls := 0
	ask := func(name string) {
		m.Get(memo.KeyOf(name), func() string { calls++; return name })
	}
	ask("a")
	ask("b")
	m.EndBuild()
	ask("a")
	m.EndBuild()
	if m.Len() != 1 {
		t.Errorf("%d values in memory, want 1", m.Len())
	}
	ask("a")
	ask("b")
	if calls != 3 {
		t.Errorf("computed %d times, want 3 (a, b, and b once more)", calls)
	}
}
