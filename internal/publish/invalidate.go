package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Invalidator makes a CDN forget paths of a site. Paths start with / and are relative to the site's prefix, percent-encoded, and may end
// in *. The same reference with the same paths is one invalidation, however often it is asked for.
type Invalidator interface {
	Invalidate(ctx context.Context, reference string, paths []string) (id string, err error)
}

// More paths than these are not worth their money: the first 1,000 of a month are free, and a wildcard counts as one.
const (
	maxSingle    = 20
	maxWildcards = 10
	everything   = "/*"
)

// pathsOf returns the paths under which readers ask for keys: a folder's index is asked for by the folder.
func pathsOf(keys []string) []string {
	var paths []string
	for _, key := range keys {
		if folder, ok := strings.CutSuffix("/"+key, "/index.html"); ok {
			paths = append(paths, EncodePath(folder+"/"))
		}
		paths = append(paths, EncodePath("/"+key))
	}
	return paths
}

// Paths makes a list of paths cheap: at most twenty as they are, else at most ten wildcards of first folders, else everything.
func Paths(paths []string) []string {
	paths = slices.Clone(paths)
	slices.Sort(paths)
	paths = slices.Compact(paths)
	if slices.Contains(paths, everything) {
		return []string{everything}
	}
	if len(paths) <= maxSingle {
		return paths
	}
	var folders []string
	for _, p := range paths {
		first, _, below := strings.Cut(strings.TrimPrefix(p, "/"), "/")
		if below {
			p = "/" + first + "/*"
		}
		if !slices.Contains(folders, p) {
			folders = append(folders, p)
		}
		if len(folders) > maxWildcards {
			return []string{everything}
		}
	}
	return folders
}

// EncodePath percent-encodes what CloudFront wants encoded: everything outside ASCII and what RFC 1738 calls unsafe. Anything else must
// stay as it is, or the CDN forgets another object.
func EncodePath(path string) string {
	const unsafe = " \"<>#%{}|\\^[]`?*"
	var b strings.Builder
	for i := range len(path) {
		c := path[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(unsafe, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// reference names the pending invalidation: the same work has the same name, so that a run that is repeated does not pay twice.
func (h Head) reference() string {
	sum := sha256.Sum256([]byte(strings.Join(h.Pending, "\n")))
	return fmt.Sprintf("opsbook-%d-%s-%s", h.Generation, short(h.Manifest), hex.EncodeToString(sum[:6]))
}
