package output

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestListHoldsWhatWasWritten writes a set with a list twice, the second time with files that are not rendered again, and compares the list
// with what somebody gets who asks for it alone.
func TestListHoldsWhatWasWritten(t *testing.T) {
	listing := func(files []Made) ([]byte, error) {
		var b bytes.Buffer
		for _, m := range files {
			fmt.Fprintln(&b, m.Path, m.Size, m.SHA256, m.Hashed)
		}
		return b.Bytes(), nil
	}
	dir := filepath.Join(t.TempDir(), "out")
	for round, text := range []string{"one", "two", "two"} {
		hashed := Bytes("assets/a.1.js", []byte("1"))
		hashed.Hashed, hashed.Key = true, func() [32]byte { return [32]byte{1} }
		set := New(Bytes("index.html", []byte(text)), Bytes("same.html", []byte("twin")), Bytes("same.html", []byte("twin")), hashed).WithList("list.txt", listing)
		alone, _ := set.Lookup("list.txt")
		want, err := alone.Render(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if lines := bytes.Count(want, []byte("\n")); lines != 3 {
			t.Errorf("the list has %d lines, want one for each path and none for itself:\n%s", lines, want)
		}
		if _, err := Write(t.Context(), set, dir, Options{}); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, "list.txt")); err != nil || !bytes.Equal(got, want) {
			t.Errorf("round %d: written is\n%s, want\n%s (%v)", round, got, want, err)
		}
	}
}
