package watch

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// burst sends n changes, pause after pause.
func burst(to chan<- change, n int, pause time.Duration) {
	for i := range n {
		to <- change{path: fmt.Sprintf("%04d", i)}
		time.Sleep(pause)
	}
}

func TestCollectWaits(t *testing.T) {
	const ms = time.Millisecond
	type told struct {
		After time.Duration // from the first change on
		Paths int
	}
	tests := []struct {
		name  string
		n     int
		pause time.Duration
		want  []told
	}{
		{"one save", 1, 0, []told{{5 * ms, 1}}},
		{"a few at once", 20, 0, []told{{5 * ms, 20}}},
		{"two saves", 2, 10 * ms, []told{{5 * ms, 1}, {15 * ms, 1}}},
		{"a checkout is waited for", 21, 0, []told{{80 * ms, 21}}},
		{"a slower checkout too", 100, ms / 5, []told{{19800*time.Microsecond + 80*ms, 100}}},
		{"but not for ever", 4000, ms / 5, []told{{500 * ms, 0}, {879800 * time.Microsecond, 0}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				changes, out := make(chan change), make(chan Batch)
				go collect(ctx, changes, out)
				start := time.Now()
				go burst(changes, tt.n, tt.pause)
				var got []told
				for over := time.After(5 * time.Second); ; {
					select {
					case b := <-out:
						got = append(got, told{time.Since(start), len(b.Paths)})
						continue
					case <-over:
					}
					break
				}
				if d := cmp.Diff(tt.want, got); d != "" {
					t.Errorf("(-want +got):\n%s", d)
				}
			})
		})
	}
}

func TestCollectKeepsWhatNobodyReceives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		changes, out := make(chan change), make(chan Batch)
		go collect(ctx, changes, out)
		changes <- change{path: "b"}
		time.Sleep(time.Second)
		changes <- change{path: "a"}
		changes <- change{path: "b"}
		changes <- change{notice: "slow"}
		time.Sleep(time.Second)
		if d := cmp.Diff(Batch{Paths: []string{"a", "b"}, Notice: "slow"}, <-out); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		changes <- change{all: true}
		changes <- change{path: "a"}
		if d := cmp.Diff(Batch{All: true}, <-out); d != "" {
			t.Errorf("(-want +got):\n%s", d)
		}
		burst(changes, listedPaths+1, 0)
		if b := <-out; !b.All || b.Paths != nil {
			t.Errorf("%d paths are listed", len(b.Paths))
		}
	})
}
