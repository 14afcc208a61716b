package publish

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var aSum = strings.Repeat("ab", sha256.Size)

// FuzzManifest puts any text under the name that its hash gives it: reading it is an error, or gives keys that are safe, in order and found
// again, and writing it and reading it again changes nothing. Any bytes under another name are an error.
func FuzzManifest(f *testing.F) {
	for _, seed := range []string{
		`{"schema":1,"site":"s","generator":"v","files":[{"key":"a/index.html","sha256":"` + aSum + `","size":1,"type":"text/html","cache":"no-cache","obj":"x"},{"key":"b"}]}`,
		`{"schema":1,"files":[{"key":"../a"}]}`, `{"schema":1,"files":[{"key":"a"},{"key":"a"}]}`, `{"schema":1,"files":[{"key":".opsbook/head.json"}]}`,
		`{"schema":1,"files":[{"key":"a\u0000b","size":-1},{"key":"a//b"},{"key":"C:\\\\x"}]}`, `{"schema":2}`, `{"schema":1,"commit_time":"0000-00-00T00:00:00Z"}`, `[]`, ``, `{"schema":1e9}`,
		`{"schema":1,"files":[{"key":"障害/手順.html"},{"key":"か\u3099"}]}`, `{"schema":1,"commit_time":"2026-11-01T00:00:00+23:59","pages":-1}`, `{"schema":1}{"schema":1}`, "\x1f\x8b\x08\x00",
	} {
		f.Add([]byte(seed))
	}
	w, err := gzip.NewWriterLevel(nil, gzip.NoCompression) // made once: it takes most of the time
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := decodeManifest(aSum, bytes.NewReader(text)); err == nil {
			t.Error("bytes are taken for a manifest of another name")
		}
		var packed bytes.Buffer
		w.Reset(&packed)
		w.Write(text)
		w.Close()
		sum := sha256.Sum256(text)
		m, err := decodeManifest(hex.EncodeToString(sum[:]), &packed)
		if err != nil {
			return
		}
		for i, e := range m.Files {
			if !safeKey(e.Key) || strings.HasPrefix(e.Key, stateFolder) || i > 0 && m.Files[i-1].Key >= e.Key {
				t.Errorf("the key %q is unsafe or out of order", e.Key)
			}
			if got, ok := m.Lookup(e.Key); !ok || got != e {
				t.Errorf("%q is not found", e.Key)
			}
		}
		again, err := m.encode()
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		back, err := decodeManifest(m.Sum(), bytes.NewReader(again))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if !slices.Equal(back.Files, m.Files) || back.Site != m.Site || back.Pages != m.Pages || !back.CommitTime.Equal(m.CommitTime) {
			t.Errorf("wrote %+v, read %+v", m, back)
		}
	})
}

// FuzzHead reads any text as the state of a target: it is refused, or names nothing but manifests and keys of a site, and survives being
// written.
func FuzzHead(f *testing.F) {
	for _, seed := range []string{
		`{"schema":1,"site":"s","generation":3,"manifest":"` + aSum + `","history":[{"generation":3,"manifest":"` + aSum + `","at":"2026-11-01T00:00:00Z"}],"dirty":["` + aSum + `"],"garbage":[{"key":"a/b.css","after":"2026-11-08T00:00:00Z"}]}`,
		`{"schema":1,"garbage":[{"key":".opsbook/head.json"}]}`, `{"schema":1,"garbage":[{"key":"../../x"}]}`, `{"schema":1,"manifest":"../x"}`, `{"schema":1,"dirty":[""]}`,
		`{"schema":1,"lock":{"run":"r","until":"9999-12-31T23:59:59Z"},"pending_invalidation":["/*"],"undone":{"manifest":"` + aSum + `"}}`, `{"schema":2}`, `null`, ``, `{"schema":1,"generation":-1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := decodeHead(text)
		if err != nil {
			return
		}
		for _, g := range h.Garbage {
			if !safeKey(g.Key) || strings.HasPrefix(g.Key, stateFolder) {
				t.Errorf("%q would be deleted", g.Key)
			}
		}
		for _, sum := range append(slices.Clone(h.Dirty), h.Manifest) {
			if key := manifestKey(sum); sum != "" && strings.Count(key, "/") != strings.Count(manifestFolder, "/") {
				t.Errorf("%q would be read", key)
			}
		}
		again, err := h.encode()
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		back, err := decodeHead(again)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if d := cmp.Diff(h, back); d != "" {
			t.Errorf("(-written +read):\n%s", d)
		}
	})
}
