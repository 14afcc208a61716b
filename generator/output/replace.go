package output

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// replace exchanges file after file, where folders cannot change places. Each file is whole at any time. If the process dies in between, the
// manifest lists the files of both sites as ours, so that the next build finishes the work. Nothing leaves the output: os.Root holds
// against links that lead elsewhere.
func (w *writer) replace(next Manifest, gone []Made) error {
	if err := w.stage.comeInside(w.written); err != nil {
		return err
	}
	root, err := os.OpenRoot(w.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := writeManifest(root, both(next, gone)); err != nil {
		return err
	}
	w.reached("journal written")
	first, last := w.splitGone(gone)
	for _, m := range first {
		if err := removeOurs(root, m.Path); err != nil {
			return err
		}
	}
	if err := w.moveWritten(root); err != nil {
		return err
	}
	for _, m := range last {
		if err := removeOurs(root, m.Path); err != nil {
			return err
		}
	}
	return writeManifest(root, next)
}

// both lists the files of the new site and of the old one.
func both(next Manifest, gone []Made) Manifest {
	next.Incomplete = true
	next.Files = slices.Concat(next.Files, gone)
	sortMade(next.Files)
	return next
}

// splitGone returns first the old files that stand where a folder of the new site has to be, or the other way round.
func (w *writer) splitGone(gone []Made) (first, last []Made) {
	written, above := map[string]bool{}, map[string]bool{}
	for _, p := range w.written {
		written[p] = true
		for folder := range folders(p) {
			above[folder] = true
		}
	}
	for _, m := range gone {
		blocks := above[m.Path]
		for folder := range folders(m.Path) {
			blocks = blocks || written[folder]
		}
		if blocks {
			first = append(first, m)
		} else {
			last = append(last, m)
		}
	}
	return first, last
}

// moveWritten moves the staged files to their places: hashed ones first, then new pages, then changed ones from the deepest up, so that
// links lead somewhere at any time and the start page is the last to speak of what is new.
func (w *writer) moveWritten(root *os.Root) error {
	stage := filepath.Base(w.stage.path)
	order := slices.Clone(w.written)
	rank := func(p string) int {
		f, _ := w.set.Lookup(p)
		_, was := w.old.manifest.Lookup(p)
		switch {
		case f.Hashed:
			return 0
		case !was:
			return 1
		default:
			return 2
		}
	}
	slices.SortStableFunc(order, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(strings.Count(b, "/"), strings.Count(a, "/")))
	})
	for _, p := range order {
		if err := root.MkdirAll(path.Dir(p), 0o755); err != nil {
			return err
		}
		if err := root.Rename(stage+"/"+p, p); err != nil {
			return err
		}
		w.reached("moved a file")
	}
	return nil
}

// removeOurs removes a file and the folders that it leaves empty. Where somebody else put a folder, or a link above it, ours is gone already.
func removeOurs(root *os.Root, name string) error {
	if info, err := root.Lstat(name); err == nil && info.IsDir() || isBelowLink(root, name) {
		return nil
	}
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for folder := range folders(name) {
		if root.Remove(folder) != nil {
			break
		}
	}
	return nil
}

func isBelowLink(root *os.Root, name string) bool {
	for folder := range folders(name) {
		if info, err := root.Lstat(folder); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return true
		}
	}
	return false
}

// updateManifest stores new facts or keys when no file has changed.
func (w *writer) updateManifest(next Manifest) error {
	root, err := os.OpenRoot(w.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return writeManifest(root, next)
}

// writeManifest replaces the manifest in one step, unless it is the same.
func writeManifest(root *os.Root, m Manifest) error {
	content, err := m.encode()
	if err != nil {
		return err
	}
	if old, err := root.ReadFile(ManifestName); err == nil && string(old) == string(content) {
		return nil
	}
	const temporary = insidePrefix + "manifest"
	if err := root.WriteFile(temporary, content, 0o644); err != nil {
		return errors.Join(err, root.RemoveAll(temporary))
	}
	return root.Rename(temporary, ManifestName)
}
