package publish

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func upload(body string, cond Condition) Upload {
	return Upload{Content: contentOf([]byte(body), Headers{Type: "text/html; charset=utf-8", Cache: "no-store"}), Open: opener([]byte(body)), Condition: cond}
}

// TestTarget is what the protocol expects of every kind of target.
func TestTarget(t *testing.T) {
	onEvery(t, func(t *testing.T, open func(testing.TB) Target) {
		for name, test := range map[string]func(*testing.T, Target){
			"what is put is got": putGet, "conditions": conditions, "one winner": oneWinner, "copies": copies, "deletes and lists": deletesAndLists,
			"wrong bytes": wrongBytes,
		} {
			t.Run(name, func(t *testing.T) { test(t, open(t)) })
		}
	})
}

func putGet(t *testing.T, target Target) {
	const key = "手順/障害 対応+(1)%20&é/index.html"
	first, err := target.Put(t.Context(), key, upload("一", Condition{}))
	if err != nil {
		t.Fatal(err)
	}
	second, err := target.Put(t.Context(), key, upload("二", Condition{}))
	if err != nil || first == second {
		t.Fatalf("version %q after %q, %v: other bytes need another version", second, first, err)
	}
	o, err := target.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	o.Body.Close()
	if o.Version != second {
		t.Errorf("get says version %q, put said %q", o.Version, second)
	}
	if want := (Headers{Type: "text/html; charset=utf-8", Cache: "no-store"}); o.Headers != want && o.Headers != (Headers{}) {
		t.Errorf("headers %+v, want %+v or none kept", o.Headers, want)
	}
	if got := readBody(t, target, key); got != "二" {
		t.Errorf("body %q", got)
	}
	if _, err := target.Get(t.Context(), "nowhere"); !absent(err) {
		t.Errorf("an object that does not exist: %v", err)
	}
}

func conditions(t *testing.T, target Target) {
	v, err := target.Put(t.Context(), "k", upload("1", Condition{Absent: true}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := target.Put(t.Context(), "k", upload("2", Condition{Absent: true})); !errors.Is(err, ErrConflict) {
		t.Errorf("absent, but it is there: %v", err)
	}
	if _, err := target.Put(t.Context(), "k", upload("2", Condition{Version: v})); err != nil {
		t.Errorf("the right version: %v", err)
	}
	if _, err := target.Put(t.Context(), "k", upload("3", Condition{Version: v})); !errors.Is(err, ErrConflict) {
		t.Errorf("an old version: %v", err)
	}
	if got := readBody(t, target, "k"); got != "2" {
		t.Errorf("body %q after a refused put", got)
	}
}

func oneWinner(t *testing.T, target Target) {
	v, err := target.Put(t.Context(), "head", upload("0", Condition{}))
	if err != nil {
		t.Fatal(err)
	}
	for round := range 10 {
		var won atomic.Int32
		var next atomic.Value
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				got, err := target.Put(t.Context(), "head", upload(fmt.Sprintf("%d by %d", round, i), Condition{Version: v}))
				if err == nil {
					won.Add(1)
					next.Store(got)
				} else if !errors.Is(err, ErrConflict) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Fatalf("round %d: %d winners", round, won.Load())
		}
		v = next.Load().(string)
	}
}

func copies(t *testing.T, target Target) {
	if _, err := target.Put(t.Context(), "障害 対応.html", upload("body", Condition{})); err != nil {
		t.Fatal(err)
	}
	as := contentOf([]byte("body"), Headers{Type: "text/html; charset=utf-8", Cache: "public"})
	if err := target.Copy(t.Context(), "障害 対応.html", "copy/x.html", as); err != nil {
		t.Fatal(err)
	}
	if got := readBody(t, target, "copy/x.html"); got != "body" {
		t.Errorf("copied %q", got)
	}
	if err := target.Copy(t.Context(), "nowhere", "copy/y.html", as); !absent(err) {
		t.Errorf("copy of nothing: %v", err)
	}
	if err := target.Copy(t.Context(), "障害 対応.html", "copy/z.html", contentOf([]byte("other"), as.Headers)); !errors.Is(err, ErrMismatch) {
		t.Errorf("copy of other bytes than expected: %v", err)
	}
	if _, err := target.Get(t.Context(), "copy/z.html"); !absent(err) {
		t.Errorf("the wrong copy stayed: %v", err)
	}
}

func deletesAndLists(t *testing.T, target Target) {
	keys := []string{"a/1", "a/2", "b", "日本/語"}
	for _, k := range keys {
		if _, err := target.Put(t.Context(), k, upload(k, Condition{})); err != nil {
			t.Fatal(err)
		}
	}
	if got := list(t, target, ""); !slices.Equal(got, keys) {
		t.Errorf("listed %v", got)
	}
	if got := list(t, target, "a/"); !slices.Equal(got, keys[:2]) {
		t.Errorf("listed %v below a/", got)
	}
	if err := target.Delete(t.Context(), []string{"a/1", "日本/語", "never there"}); err != nil {
		t.Fatal(err)
	}
	if got := list(t, target, ""); !slices.Equal(got, []string{"a/2", "b"}) {
		t.Errorf("left %v", got)
	}
}

func list(t testing.TB, target Target, prefix string) []string {
	t.Helper()
	var keys []string
	for l, err := range target.List(context.Background(), prefix) {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(l.Key, stateFolder) {
			keys = append(keys, l.Key)
		}
	}
	return keys
}

func wrongBytes(t *testing.T, target Target) {
	up := upload("what was hashed", Condition{})
	up.Open = opener([]byte("what was edited"))
	if _, err := target.Put(t.Context(), "k", up); err == nil {
		t.Error("bytes that changed since they were hashed were taken")
	}
	if _, err := target.Get(t.Context(), "k"); !absent(err) {
		t.Errorf("and they are up: %v", err)
	}
}
