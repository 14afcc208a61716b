package publish

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sort"
	"strings"
	"time"
)

const schema = 1

// maxState is how much of a state object is read: 5,000 pages need 2 MB.
const maxState = 256 << 20

// Manifest is a site as it is published: every key and what it must be. It is immutable and named by its hash.
type Manifest struct {
	Schema     int       `json:"schema"`
	Site       string    `json:"site"`
	Generator  string    `json:"generator"`
	Commit     string    `json:"commit,omitempty"`
	CommitTime time.Time `json:"commit_time,omitzero"`
	Pages      int       `json:"pages"`
	Files      []Entry   `json:"files"` // by Key

	sum string
}

// Entry is one key of a site.
type Entry struct {
	Key       string `json:"key"`
	SHA256    string `json:"sha256"`
	Size      int64  `json:"size"`
	Immutable bool   `json:"immutable,omitempty"` // the name contains a hash of the bytes
	Headers
	// Obj is a hash of headers and bytes. Two entries are the same object if it is equal; "" is an object that nobody has looked at.
	Obj string `json:"obj"`
}

// entry completes an entry with its hash.
func entry(key, sum string, size int64, immutable bool, h Headers) Entry {
	all := sha256.Sum256([]byte(h.Type + "\n" + h.Cache + "\n" + sum + "\n"))
	return Entry{Key: key, SHA256: sum, Size: size, Immutable: immutable, Headers: h, Obj: hex.EncodeToString(all[:])}
}

func (e Entry) content() Content { return Content{SHA256: e.SHA256, Size: e.Size, Headers: e.Headers} }

// Lookup returns the entry of a key.
func (m *Manifest) Lookup(key string) (Entry, bool) {
	if m == nil {
		return Entry{}, false
	}
	i := sort.Search(len(m.Files), func(i int) bool { return m.Files[i].Key >= key })
	if i < len(m.Files) && m.Files[i].Key == key {
		return m.Files[i], true
	}
	return Entry{}, false
}

// Sum is the name of the manifest, "" for none.
func (m *Manifest) Sum() string {
	if m == nil {
		return ""
	}
	return m.sum
}

// encode returns the compressed manifest and sets its name. Equal manifests give equal bytes.
func (m *Manifest) encode() ([]byte, error) {
	text, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode the manifest: %w", err)
	}
	sum := sha256.Sum256(text)
	m.sum = hex.EncodeToString(sum[:])
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("compress the manifest: %w", err)
	}
	if _, err := w.Write(text); err != nil {
		return nil, fmt.Errorf("compress the manifest: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compress the manifest: %w", err)
	}
	return b.Bytes(), nil
}

// decodeManifest reads a manifest and holds it against its name.
func decodeManifest(sum string, packed io.Reader) (*Manifest, error) {
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(unpacked, maxState))
	if err != nil {
		return nil, err
	}
	if got := sha256.Sum256(text); hex.EncodeToString(got[:]) != sum {
		return nil, ErrMismatch
	}
	m := &Manifest{sum: sum}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, err
	}
	if m.Schema != schema {
		return nil, fmt.Errorf("schema %d is not %d: use the version of opsbook that published it, or a newer one", m.Schema, schema)
	}
	for i, e := range m.Files {
		if !safeKey(e.Key) || i > 0 && m.Files[i-1].Key >= e.Key {
			return nil, fmt.Errorf("the key %q is unsafe or out of order", e.Key)
		}
	}
	return m, nil
}

// loadManifest reads a manifest of the target.
func loadManifest(ctx context.Context, t Target, sum string) (*Manifest, error) {
	o, err := t.Get(ctx, manifestKey(sum))
	if err != nil {
		return nil, fmt.Errorf("read the manifest %s: %w", short(sum), err)
	}
	defer o.Body.Close()
	m, err := decodeManifest(sum, o.Body)
	if err != nil {
		return nil, fmt.Errorf("read the manifest %s: %w", short(sum), err)
	}
	return m, nil
}

// safeKey reports whether a key can be one of a site: what is in a manifest decides what is written and deleted.
func safeKey(key string) bool {
	if !fs.ValidPath(key) || key == "." {
		return false
	}
	for part := range strings.SplitSeq(key, "/") {
		if strings.HasPrefix(part, ".") {
			return false
		}
	}
	return true
}

// short is a hash as people see it.
func short(sum string) string {
	if len(sum) > 12 {
		return sum[:12]
	}
	return sum
}

func absent(err error) bool { return errors.Is(err, fs.ErrNotExist) }
