package output

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// oldSite is what the output folder holds before a Write.
type oldSite struct {
	dir      string
	manifest Manifest
	// written is when the manifest was; it is the last file that a build writes, so a file that is younger was changed by someone else.
	written time.Time
	// empty says that there was nothing in it, so that no file has to be looked for.
	empty bool
}

func readOldSite(dir string) (oldSite, error) {
	info, err := os.Lstat(filepath.Join(dir, ManifestName))
	if err == nil && !info.Mode().IsRegular() {
		return oldSite{}, fmt.Errorf("read %s: it is not a file; delete the output folder to build it anew", ManifestName)
	}
	m, err := ReadManifest(os.DirFS(dir))
	if err != nil {
		return oldSite{}, err
	}
	o := oldSite{dir: dir, manifest: m, empty: info == nil && len(readDir(dir)) == 0}
	if info != nil {
		o.written = info.ModTime()
	}
	return o, nil
}

// at returns where a path of the output is on this machine.
func (o oldSite) at(path string) string { return filepath.Join(o.dir, filepath.FromSlash(path)) }

// sameKey returns what the last build made of a file, if it was made from the same inputs and is still there.
func (o oldSite) sameKey(path string, key [32]byte) (Made, bool) {
	if key == [32]byte{} {
		return Made{}, false
	}
	made, found := o.manifest.Lookup(path)
	return made, found && made.Key == hex.EncodeToString(key[:]) && o.intact(made)
}

// List returns the hash of the list of what a folder holds.
func List(dir string) (list [sha256.Size]byte, ok bool) {
	content, err := os.ReadFile(filepath.Join(dir, ManifestName))
	return sha256.Sum256(content), err == nil
}

// Intact reports whether a folder holds every file of its list as it was written.
func Intact(dir string) bool {
	old, err := readOldSite(dir)
	if err != nil || old.manifest.Incomplete || len(old.manifest.Files) == 0 {
		return false
	}
	return !slices.ContainsFunc(old.manifest.Files, func(m Made) bool { return !old.intact(m) })
}

// hasSame reports whether the output holds these bytes already, even if nobody knows who wrote them.
func (o oldSite) hasSame(m Made) bool {
	listed, found := o.manifest.Lookup(m.Path)
	if found && !o.manifest.Incomplete && listed.SHA256 != m.SHA256 {
		return false
	}
	return o.intact(m)
}

// intact reports whether a file has its listed bytes. It is read only if its size is right and its time is not: what is older than the
// list that names it is what that list says.
func (o oldSite) intact(m Made) bool {
	if o.empty {
		return false
	}
	info, err := os.Lstat(o.at(m.Path))
	if err != nil || !info.Mode().IsRegular() || info.Size() != m.Size {
		return false
	}
	_, listed := o.manifest.Lookup(m.Path)
	if listed && !o.manifest.Incomplete && !info.ModTime().After(o.written) {
		return true
	}
	sum, err := hashFile(o.at(m.Path))
	return err == nil && sum == m.SHA256
}

func hashFile(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
