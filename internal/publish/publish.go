// Package publish brings a built site to a target: the last arrow, public/ -> publish.Target.
//
//	ReadBuild + Look -> Plan (pure) -> Apply
//
// Readers never see half a site, a killed run leaves one that works, and a bad one is undone in seconds. Four things make it so:
//
//   - The order of writes: what pages need comes before the pages, new pages before those that link to them, the home page last, and
//     nothing is deleted before the new site is committed.
//   - One state object, head.json, which changes by compare-and-swap alone. It names the lock and, before the first write to a live key,
//     the manifest of the run that may be writing (Dirty): whoever comes next puts every key again that such a run may have touched.
//   - What must still be invalidated and deleted is written into the head by the commit, and taken out only when it is done.
//   - Replaced bodies are copied aside first, so that an older manifest can be put back without a build.
//
// A lock is a lease. Its holder stops writing well before it ends, and one that finds itself overtaken writes its manifest into Dirty, so
// that the next run heals what a delayed request may have spoilt.
package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"
)

// Target is where a site is published to: keys with content. Two kinds exist: S3 and a directory.
//
// A version names one state of an object: equal versions mean equal bytes. Keys are relative to the target's prefix.
type Target interface {
	// Get opens an object. Without one the error is fs.ErrNotExist.
	Get(ctx context.Context, key string) (*Object, error)
	// Put writes an object whole or not at all and returns its version. It fails with ErrConflict if the condition does not hold.
	Put(ctx context.Context, key string, up Upload) (version string, err error)
	// Copy copies an object inside the target, with headers of its own. It fails with ErrMismatch if the bytes are not those of as.SHA256.
	Copy(ctx context.Context, from, to string, as Content) error
	// Delete deletes keys; one that does not exist is deleted already. Keys that could not be deleted are in a *DeleteError.
	Delete(ctx context.Context, keys []string) error
	// List goes through the keys that start with prefix, in the order of their bytes.
	List(ctx context.Context, prefix string) iter.Seq2[Listed, error]
	// String is the target as people write it.
	String() string
}

// Content is what an object is to be.
type Content struct {
	SHA256 string // of the bytes, in hex
	Size   int64  // bytes
	Headers
}

// Headers are what a web server says of an object.
type Headers struct {
	Type  string `json:"type"`
	Cache string `json:"cache"`
}

// Upload is an object to write. Open is called once per attempt; what it returns should be an io.Seeker.
type Upload struct {
	Content
	Open      func() (io.ReadCloser, error)
	Condition Condition
}

// Condition is what must be true of the key when it is written. The zero Condition is no condition.
type Condition struct {
	Absent  bool   // there is no object
	Version string // there is this one
}

// Object is an object that is being read. Headers are zero where a target keeps none.
type Object struct {
	Body    io.ReadCloser
	Version string
	Headers
}

// Listed is an object as a listing shows it.
type Listed struct {
	Key      string
	Size     int64
	Modified time.Time
}

var (
	// ErrConflict says that somebody else was faster: the object is not as the condition wants it.
	ErrConflict = errors.New("the object changed meanwhile")
	// ErrMismatch says that the bytes of an object are not those that were expected.
	ErrMismatch = errors.New("the object has other bytes than expected")
	// ErrAccess says that the target cannot be reached or used: no such bucket, no permission, no credentials.
	ErrAccess = errors.New("the target cannot be used")
)

// DeleteError lists keys that could not be deleted.
type DeleteError struct {
	Failed map[string]string // key -> why
}

func (e *DeleteError) Error() string {
	return fmt.Sprintf("delete %d objects: %s", len(e.Failed), firstOf(e.Failed))
}

// Names of our own objects. Nothing else lies under the folder.
const (
	stateFolder    = ".opsbook/"
	headKey        = stateFolder + "head.json"
	manifestFolder = stateFolder + "manifests/"
	blobFolder     = stateFolder + "blobs/"
)

func manifestKey(sum string) string { return manifestFolder + sum + ".json.gz" }
func blobKey(sum string) string     { return blobFolder + sum }
