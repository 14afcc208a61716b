package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// buildList is the file in which a build says what it made.
const buildList = ".opsbook-build.json"

// readers is how many files are hashed at a time.
const readers = 8

// Build is a built site as it lies in its folder.
type Build struct {
	FS       fs.FS
	Manifest *Manifest // what a publish of it would put up
	Facts    Facts
	Foreign  []string // files that the build did not make, which are published with it
}

// Facts are what a build says of itself.
type Facts struct {
	Site       string         `json:"site"`
	Pages      int            `json:"pages"`
	Errors     int            `json:"errors"`
	ErrorRules map[string]int `json:"error_rules"`
	Drafts     bool           `json:"drafts"`
	Commit     string         `json:"commit"`
	CommitTime time.Time      `json:"commit_time,omitzero"`
	CSP        string         `json:"csp"`
}

type listed struct {
	Schema     int    `json:"schema"`
	Generator  string `json:"generator"`
	Facts      Facts  `json:"facts"`
	Incomplete bool   `json:"incomplete"`
	Files      []made `json:"files"`
}

type made struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Hashed bool   `json:"hashed"`
	Kept   bool   `json:"kept"`
}

// ReadFacts returns what the build in a folder says of itself.
func ReadFacts(site fs.FS) (Facts, error) {
	l, err := readList(site)
	return l.Facts, err
}

func readList(site fs.FS) (listed, error) {
	text, err := fs.ReadFile(site, buildList)
	if absent(err) {
		return listed{}, failure(BadBuild, "read the built site: there is no %s, so this is not the output of a build; run opsbook build first", buildList)
	}
	if err != nil {
		return listed{}, failure(BadBuild, "read the built site: %w", err)
	}
	var l listed
	if err := json.Unmarshal(text, &l); err != nil || l.Schema != 1 {
		return listed{}, failure(BadBuild, "read %s: it is damaged or of another version; build the site again", buildList)
	}
	return l, nil
}

// ReadBuild reads and hashes a built site. Its bodies are streamed, never kept. A site that must not be published fails with BadBuild.
func ReadBuild(ctx context.Context, site fs.FS, cache Cache) (*Build, error) {
	l, err := readList(site)
	if err != nil {
		return nil, err
	}
	if why := l.unfit(); why != "" {
		return nil, failure(BadBuild, "%s; nothing was published", why)
	}
	keys, err := publishable(site)
	if err != nil {
		return nil, err
	}
	b := &Build{FS: site, Facts: l.Facts}
	known := make(map[string]made, len(l.Files))
	for _, f := range l.Files {
		known[f.Path] = f
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return known[k].Kept })
	for _, k := range keys {
		if _, ok := known[k]; !ok {
			b.Foreign = append(b.Foreign, k)
		}
	}
	files, err := hashAll(ctx, site, keys, known, cache)
	if err != nil {
		return nil, err
	}
	b.Manifest = &Manifest{
		Schema: schema, Site: l.Facts.Site, Generator: l.Generator, Commit: l.Facts.Commit, CommitTime: l.Facts.CommitTime, Files: files,
	}
	for _, f := range files {
		if isPage(f.Key) {
			b.Manifest.Pages++
		}
	}
	if err := asBuilt(files, l.Files); err != nil {
		return nil, err
	}
	_, err = b.Manifest.encode()
	return b, err
}

// fatalRules are errors after which a page does not say what its author wrote, or says what must not be said.
func fatalRules() []string { return []string{"encoding", "meta-syntax", "secret"} }

// unfit says why a build must not be published.
func (l listed) unfit() string {
	if l.Incomplete {
		return "the last build of this folder was interrupted: build the site again"
	}
	var found []string
	for _, rule := range slices.Sorted(maps.Keys(l.Facts.ErrorRules)) {
		if n := l.Facts.ErrorRules[rule]; n > 0 && slices.Contains(fatalRules(), rule) {
			found = append(found, fmt.Sprintf("%s (%d)", rule, n))
		}
	}
	if len(found) > 0 {
		return "the build found errors that must not be published: " + strings.Join(found, ", ") + "; mend what opsbook check shows"
	}
	return ""
}

// publishable lists the files of a folder, but none whose path has a name that starts with a dot.
func publishable(site fs.FS) ([]string, error) {
	var keys []string
	err := fs.WalkDir(site, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case !d.Type().IsRegular():
			return failure(BadBuild, "%s is not a regular file: only files are published", path)
		}
		keys = append(keys, path)
		return nil
	})
	if err != nil && CodeOf(err, "") == "" {
		err = failure(BadBuild, "read the built site: %w", err)
	}
	slices.Sort(keys)
	return keys, err
}

// hashAll reads every file once.
func hashAll(ctx context.Context, site fs.FS, keys []string, known map[string]made, cache Cache) ([]Entry, error) {
	files := make([]Entry, len(keys))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for i, key := range keys {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			sum, size, err := hashFile(site, key)
			if err != nil {
				return failure(BadBuild, "read the built site: %w", err)
			}
			h := Headers{Type: contentType(key), Cache: cache.Pages}
			if known[key].Hashed {
				h.Cache = cache.Assets
			}
			files[i] = entry(key, sum, size, known[key].Hashed, h)
			return nil
		})
	}
	return files, g.Wait()
}

func hashFile(site fs.FS, key string) (string, int64, error) {
	f, err := site.Open(key)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// asBuilt holds the folder against the build's own list: a file that was lost or edited since would be published as if it were built.
func asBuilt(files []Entry, list []made) error {
	m := Manifest{Files: files}
	var changed []string
	for _, f := range list {
		if e, ok := m.Lookup(f.Path); !f.Kept && safeKey(f.Path) && (!ok || e.SHA256 != f.SHA256) {
			changed = append(changed, f.Path)
		}
	}
	if len(changed) > 0 {
		return failure(BadBuild, "files were changed or lost since the build: %s; build the site again", some(changed))
	}
	return nil
}

// opener returns how the body of an entry is read.
func (b *Build) opener(e Entry) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) {
		if b == nil {
			return nil, errors.New("there is no build to read from")
		}
		return b.FS.Open(e.Key)
	}
}
