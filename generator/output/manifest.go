package output

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sort"
)

// ManifestName is the file in which Write lists what it made. Only what is listed there is ever deleted.
const ManifestName = ".opsbook-build.json"

// manifestSchema is the version of the list; an older one is not read.
const manifestSchema = 1

// Manifest is what the last Write made. It holds no time and no machine, so that equal sites have equal ones.
type Manifest struct {
	Schema int `json:"schema"`
	// Generator is the version that wrote the output.
	Generator string `json:"generator"`
	// Facts are the caller's own, such as counts or whether there are drafts.
	Facts json.RawMessage `json:"facts,omitempty"`
	// Incomplete says that files were being exchanged one by one: each is whole, but some may still be those of the build before.
	Incomplete bool   `json:"incomplete,omitempty"`
	Files      []Made `json:"files"`
}

// Made is one file that Write made.
type Made struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	Key    string `json:"key,omitempty"`
	Hashed bool   `json:"hashed,omitempty"`
	// Kept says that the file belongs to the build before and stays for its readers.
	Kept bool `json:"kept,omitempty"`
}

// Lookup returns the entry of a path.
func (m Manifest) Lookup(path string) (Made, bool) {
	i := sort.Search(len(m.Files), func(i int) bool { return m.Files[i].Path >= path })
	if i < len(m.Files) && m.Files[i].Path == path {
		return m.Files[i], true
	}
	return Made{}, false
}

// ReadManifest reads the list of an output. An output without one is empty as far as we are concerned: the result is the zero value.
func ReadManifest(output fs.FS) (Manifest, error) {
	content, err := fs.ReadFile(output, ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, nil
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("read the list of the last build: %w", err)
	}
	m, err := parseManifest(content)
	if err != nil {
		return Manifest{}, fmt.Errorf("read %s: %w; delete the output folder to build it anew", ManifestName, err)
	}
	return m, nil
}

// parseManifest does not trust the list, since it decides what is deleted: every path must be one that Write would have written.
func parseManifest(content []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(content, &m); err != nil {
		return Manifest{}, err
	}
	if m.Schema != manifestSchema {
		return Manifest{}, fmt.Errorf("schema %d is not %d", m.Schema, manifestSchema)
	}
	for i, f := range m.Files {
		if why := Unsafe(f.Path); !why.IsZero() {
			return Manifest{}, fmt.Errorf("the path %q %s", f.Path, why)
		}
		if i > 0 && m.Files[i-1].Path >= f.Path {
			return Manifest{}, fmt.Errorf("the path %q is out of order", f.Path)
		}
		if sum, err := hex.DecodeString(f.SHA256); err != nil || len(sum) != 32 || f.Size < 0 {
			return Manifest{}, fmt.Errorf("the entry of %q is damaged", f.Path)
		}
	}
	return m, nil
}

// encode writes one file per line, so that a person can compare two lists.
func (m Manifest) encode() ([]byte, error) {
	files := m.Files
	m.Files = nil
	head, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", ManifestName, err)
	}
	var b bytes.Buffer
	b.Write(bytes.TrimSuffix(head, []byte("null}")))
	b.WriteString("[")
	for i, f := range files {
		line, err := json.Marshal(f)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", ManifestName, err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	return b.Bytes(), nil
}
