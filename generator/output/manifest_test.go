package output

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKeySavesTheRendering(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	rendered := 0
	page := func(key, content string) Set {
		f := File{Path: "a", Key: func() [32]byte { return sha256.Sum256([]byte(key)) }, Render: func(context.Context) ([]byte, error) {
			rendered++
			return []byte(content), nil
		}}
		if key == "" {
			f.Key = nil
		}
		return New(f)
	}
	steps := []struct {
		key, content, version string
		rendered              int
		report                Report
	}{
		{"k1", "1", "v1", 1, Report{Written: 1, Bytes: 1}},
		{"k1", "1", "v1", 1, Report{Unchanged: 1}},
		{"k2", "1", "v1", 2, Report{Unchanged: 1}},
		{"k2", "1", "v1", 2, Report{Unchanged: 1}}, // the new key was stored although no file changed
		{"k3", "3", "v1", 3, Report{Written: 1, Bytes: 1}},
		{"k3", "3", "v2", 3, Report{Unchanged: 1}}, // the key covers the program, so its version need not be asked
		{"", "3", "v2", 4, Report{Unchanged: 1}},
		{"", "3", "v2", 5, Report{Unchanged: 1}},
	}
	for i, s := range steps {
		r := mustWrite(t, page(s.key, s.content), dir, Options{Generator: s.version})
		if r != s.report || rendered != s.rendered {
			t.Errorf("step %d: %+v, rendered %d times; want %+v, %d", i, r, rendered, s.report, s.rendered)
		}
	}
	must(t, os.Remove(filepath.Join(dir, "a")))
	if r := mustWrite(t, page("k3", "3"), dir, Options{Generator: "v2+dirty"}); r.Written != 1 {
		t.Errorf("a deleted file: %+v", r)
	}
}

func TestManifest(t *testing.T) {
	write := func(facts map[string]any) []byte {
		dir := filepath.Join(t.TempDir(), "public")
		mustWrite(t, set(map[string]string{"b": "2", "a.hash.css": "1"}), dir, Options{Generator: "v1", Facts: facts})
		content, err := os.ReadFile(filepath.Join(dir, ManifestName))
		must(t, err)
		return content
	}
	got := write(map[string]any{"pages": 3, "drafts": false})
	want := `{"schema":1,"generator":"v1","facts":{"drafts":false,"pages":3},"files":[
{"path":"a.hash.css","size":1,"sha256":"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b","hashed":true},
{"path":"b","size":1,"sha256":"d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35"}
]}
`
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	m, err := parseManifest(got)
	must(t, err)
	if again, err := m.encode(); err != nil || !bytes.Equal(again, got) {
		t.Errorf("read and written again: %v\n%s", err, again)
	}
	if empty := write(nil); !json.Valid(empty) {
		t.Errorf("not JSON: %s", empty)
	}
}

func TestDamagedManifestStopsTheBuild(t *testing.T) {
	sum := strings.Repeat("0", 64)
	tests := map[string]string{
		"not JSON":       `{`,
		"another schema": `{"schema":2}`,
		"outside":        `{"schema":1,"files":[{"path":"../x","sha256":"` + sum + `"}]}`,
		"absolute":       `{"schema":1,"files":[{"path":"/etc/passwd","sha256":"` + sum + `"}]}`,
		"twice":          `{"schema":1,"files":[{"path":"a","sha256":"` + sum + `"},{"path":"a","sha256":"` + sum + `"}]}`,
		"no hash":        `{"schema":1,"files":[{"path":"a"}]}`,
	}
	for name, content := range tests {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "public")
			put(t, dir, ManifestName, content)
			put(t, dir, "x", "1")
			if _, err := Write(context.Background(), generation(1, 1), dir, Options{}); err == nil || !strings.Contains(err.Error(), "delete the output folder") {
				t.Errorf("got %v", err)
			}
			wantTree(t, dir, map[string]string{"x": "1"})
		})
	}
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"schema":1,"generator":"v","files":[{"path":"a/b","size":1,"sha256":"` + strings.Repeat("0", 64) + `"}]}`))
	f.Add([]byte(`{"schema":1,"files":[{"path":"a\u0000"},{"path":"con"}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		m, err := parseManifest(content)
		if err != nil {
			return
		}
		for _, made := range m.Files {
			if !filepath.IsLocal(made.Path) {
				t.Errorf("%q leads out of the output", made.Path)
			}
		}
		if _, err := m.encode(); err != nil {
			t.Errorf("%q cannot be written: %v", content, err)
		}
	})
}
