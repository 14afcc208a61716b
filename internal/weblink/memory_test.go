package weblink

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/meta"
)

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestAnswersAreBelievedForAWhile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "external.json")
	day := meta.Date{Year: 2026, Month: 11, Day: 1}
	week := meta.Span{Days: 7}
	want := map[string]meta.Date{"https://docs.site/": day}
	if err := remember(file, want); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		today meta.Date
		known bool
	}{{day, true}, {day.Add(meta.Span{Days: 6}), true}, {day.Add(week), false}, {meta.Date{Year: 2026, Month: 10, Day: 31}, false}} {
		got, err := recall(file, c.today, week)
		if err != nil {
			t.Fatal(err)
		}
		if (len(got) == 1) != c.known {
			t.Errorf("on %s it knows %v", c.today, got)
		}
	}
}

func TestMemoryThatCannotBeReadIsForgotten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "external.json")
	for _, text := range []string{"", "{", `{"schema":2,"alive":{"https://docs.site/":"2026-11-01"}}`, `{"schema":1,"alive":{"https://docs.site/":"soon"}}`} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := recall(file, meta.Date{Year: 2026, Month: 11, Day: 1}, meta.Span{Days: 7})
		if d := cmp.Diff(map[string]meta.Date{}, got); err != nil || d != "" {
			t.Errorf("%q: %v %s", text, err, d)
		}
	}
}
