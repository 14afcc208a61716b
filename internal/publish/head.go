package publish

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
)

// Lease is how long a lock holds without being renewed. It is renewed when half of it is over, and a write lasts writeTimeout at most with
// all its repetitions: so none that is under way outlives the lease, even if clocks differ by two minutes.
const (
	Lease        = 15 * time.Minute
	writeTimeout = 5 * time.Minute
)

// kept is how many manifests can be rolled back to.
const kept = 20

// AssetGrace is how long what pages are made of outlives the last page that used it.
const AssetGrace = 7 * 24 * time.Hour

// Head is the state of a target, the only object that ever changes by being written over. It is written by compare-and-swap.
type Head struct {
	Schema     int    `json:"schema"`
	Site       string `json:"site"`
	Generation int    `json:"generation"`
	// Manifest is the site that is up, "" before the first commit.
	Manifest string `json:"manifest"`
	// History is what was committed, newest first; the first one is up.
	History []Release `json:"history,omitempty"`
	Lock    *Lock     `json:"lock,omitempty"`
	// Dirty are manifests of runs that may have written to live keys since the last commit.
	Dirty []string `json:"dirty,omitempty"`
	// Pending are paths that the CDN must still be told of.
	Pending []string `json:"pending_invalidation,omitempty"`
	// Garbage are keys that no page needs any more.
	Garbage []Garbage `json:"garbage,omitempty"`
	// Undone is the newest commit that was rolled back: a build of it or of an older one does not go up again by itself.
	Undone *Undone `json:"undone,omitempty"`
	// Destroying says that a destroy began: nobody knows what is left.
	Destroying bool `json:"destroying,omitempty"`
}

// Release is one commit to the target.
type Release struct {
	Generation int       `json:"generation"`
	Manifest   string    `json:"manifest"`
	Commit     string    `json:"commit,omitempty"`
	CommitTime time.Time `json:"commit_time,omitzero"`
	Pages      int       `json:"pages"`
	At         time.Time `json:"at"`
	By         string    `json:"by,omitempty"`
	Rollback   bool      `json:"rollback,omitempty"`
}

// Undone is a commit that was rolled back.
type Undone struct {
	Manifest   string    `json:"manifest"`
	Commit     string    `json:"commit,omitempty"`
	CommitTime time.Time `json:"commit_time,omitzero"`
	At         time.Time `json:"at"`
}

// Lock is a lease on the target.
type Lock struct {
	Run   string    `json:"run"`
	By    string    `json:"by,omitempty"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// Garbage is a key to be deleted once After has come.
type Garbage struct {
	Key   string    `json:"key"`
	Obj   string    `json:"obj,omitempty"`
	After time.Time `json:"after"`
}

// held reports whether somebody holds the lock.
func (h Head) held(now time.Time) bool { return h.Lock != nil && now.Before(h.Lock.Until) }

func (h Head) encode() ([]byte, error) {
	text, err := json.MarshalIndent(h, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", headKey, err)
	}
	return append(text, '\n'), nil
}

// readHead returns the head and its version; both are zero when there is none.
func readHead(ctx context.Context, t Target) (Head, string, error) {
	o, err := t.Get(ctx, headKey)
	if absent(err) {
		return Head{Schema: schema}, "", nil
	}
	if err != nil {
		return Head{}, "", fmt.Errorf("read %s of %s: %w", headKey, t, err)
	}
	defer o.Body.Close()
	text, err := io.ReadAll(io.LimitReader(o.Body, maxState))
	if err != nil {
		return Head{}, "", fmt.Errorf("read %s of %s: %w", headKey, t, err)
	}
	h, err := decodeHead(text)
	if err != nil {
		return Head{}, "", failure(Refused, "read %s of %s: %w", headKey, t, err)
	}
	return h, o.Version, nil
}

// decodeHead reads a head. What it names decides what is read and deleted, so each name is held to its form.
func decodeHead(text []byte) (Head, error) {
	var h Head
	if err := json.Unmarshal(text, &h); err != nil {
		return Head{}, err
	}
	if h.Schema != schema {
		return Head{}, fmt.Errorf("schema %d is not %d: use a newer version of opsbook", h.Schema, schema)
	}
	sums := slices.Clone(h.Dirty)
	if h.Manifest != "" {
		sums = append(sums, h.Manifest)
	}
	for _, r := range h.History {
		sums = append(sums, r.Manifest)
	}
	if h.Undone != nil {
		sums = append(sums, h.Undone.Manifest)
	}
	for _, sum := range sums {
		if !isSum(sum) {
			return Head{}, fmt.Errorf("%q is not the name of a manifest", sum)
		}
	}
	for _, g := range h.Garbage {
		if !safeKey(g.Key) {
			return Head{}, fmt.Errorf("the key %q is unsafe", g.Key)
		}
	}
	return h, nil
}

// isSum reports whether a text is a hash in hexadecimal, as all names of manifests are.
func isSum(text string) bool {
	sum, err := hex.DecodeString(text)
	return err == nil && len(sum) == sha256.Size
}

// swapHead replaces the head of a version by another. When the answer to a write that succeeded is lost, the next attempt meets its own
// work: that is no conflict.
func swapHead(ctx context.Context, t Target, version string, h Head) (string, error) {
	text, err := h.encode()
	if err != nil {
		return "", err
	}
	got, err := t.Put(ctx, headKey, Upload{
		Content:   contentOf(text, Headers{Type: contentType(headKey), Cache: "no-store"}),
		Open:      opener(text),
		Condition: Condition{Absent: version == "", Version: version},
	})
	if err == nil {
		return got, nil
	}
	if o, again := t.Get(ctx, headKey); again == nil {
		there, read := io.ReadAll(io.LimitReader(o.Body, maxState))
		o.Body.Close()
		if read == nil && bytes.Equal(there, text) {
			return o.Version, nil
		}
	}
	return "", fmt.Errorf("write %s: %w", headKey, err)
}

func contentOf(body []byte, h Headers) Content {
	sum := sha256.Sum256(body)
	return Content{SHA256: hex.EncodeToString(sum[:]), Size: int64(len(body)), Headers: h}
}

func opener(body []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return readSeekNopCloser{bytes.NewReader(body)}, nil }
}

type readSeekNopCloser struct{ *bytes.Reader }

func (readSeekNopCloser) Close() error { return nil }

// with returns the list with one more element, which it does not hold already. The list itself is not touched.
func with(list []string, more ...string) []string {
	out := slices.Clone(list)
	for _, m := range more {
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}
