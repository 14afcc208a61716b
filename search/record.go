package search

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
)

// Record is one findable document.
type Record struct {
	ID    string // the author's short id (RUN001), not unique across languages
	Title string
	URL   string // relative to the site's root, without a leading slash: "runbooks/db-failover/"
	Lang  string // BCP 47, "ja" or "en"
	Type  string // id of the document type

	Owner    string
	Severity string // "SEV1", "P2" or one of the site's own
	Status   string // "draft", "active", "deprecated", "archived"

	Services []string
	Tags     []string
	Alerts   []string // exact names; "source:name" is found by both forms
	Paths    []string // other addresses of the page below the site's root: old ones, its alerts', its file's

	Boost float64 // multiplies the score; 0 means 1
	Due   string  // next review, YYYY-MM-DD or ""
	State string  // review state as of the build; never enters the browser's index

	File     string // relative to the source root
	Sections []Section
}

// Section is a part of a record. Section 0 is the text before the first
// heading; its Anchor is "".
type Section struct {
	Anchor  string
	Heading string
	Line    int // 1-based line of the heading in the file
	Text    string
}

// Hash is a name for all that a record says: two records of one hash are analysed and shown alike.
func (r *Record) Hash() [sha256.Size]byte {
	size := 512
	for _, s := range r.Sections {
		size += len(s.Anchor) + len(s.Heading) + len(s.Text) + 8
	}
	b := make([]byte, 0, size)
	for _, s := range []string{r.ID, r.Title, r.URL, r.Lang, r.Type, r.Owner, r.Severity, r.Status, r.Due, r.State, r.File} {
		b = appendCounted(b, s)
	}
	for _, list := range [][]string{r.Services, r.Tags, r.Alerts, r.Paths} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, s := range list {
			b = appendCounted(b, s)
		}
	}
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(r.Boost))
	for _, s := range r.Sections {
		b = binary.AppendVarint(b, int64(s.Line))
		b = appendCounted(appendCounted(appendCounted(b, s.Anchor), s.Heading), s.Text)
	}
	return sha256.Sum256(b)
}

// appendCounted writes a text behind its length, so that two texts are never taken for one.
func appendCounted(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
