package output

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sync/errgroup"
)

// commit makes the output hold the staged and the unchanged files.
func (w *writer) commit(ctx context.Context, next Manifest, gone []Made) error {
	found, err := w.survey()
	if err != nil {
		return err
	}
	strangers := slices.DeleteFunc(slices.Clone(found.strangers), func(s stranger) bool { return w.adopted(s, next) })
	if err := w.refuseConflicts(strangers, next); err != nil {
		return err
	}
	if err := w.stage.open(); err != nil {
		return err
	}
	if !w.stage.inside {
		err := w.swap(ctx, next, strangers)
		if !errors.Is(err, errCannotSwap) {
			return err
		}
	}
	return w.replace(next, gone)
}

// adopted reports whether a file that nobody listed has the bytes that we would have written: then it is ours from now on.
func (w *writer) adopted(s stranger, next Manifest) bool {
	_, wanted := next.Lookup(s.path)
	return wanted && s.entry.Type().IsRegular() && !w.isWritten(s.path)
}

func (w *writer) isWritten(path string) bool {
	_, found := slices.BinarySearch(w.written, path)
	return found
}

// refuseConflicts refuses to delete what is not ours, in order to make room for what is.
func (w *writer) refuseConflicts(strangers []stranger, next Manifest) error {
	wanted, wantedFolders := map[string]bool{}, map[string]bool{}
	for _, m := range next.Files {
		wanted[m.Path] = true
		for folder := range folders(m.Path) {
			wantedFolders[folder] = true
		}
	}
	var inTheWay []string
	for _, s := range strangers {
		if wanted[s.path] || !s.entry.IsDir() && wantedFolders[s.path] {
			inTheWay = append(inTheWay, s.path)
		}
		for folder := range folders(s.path) {
			if wanted[folder] {
				inTheWay = append(inTheWay, s.path)
			}
		}
	}
	if len(inTheWay) == 0 {
		return nil
	}
	return &RefusedError{
		Dir: w.dir, Why: fmt.Sprintf("it holds %s, which opsbook did not make and would have to replace", listSome(inTheWay)),
		Hint: "delete the folder, or " + elsewhere,
	}
}

// listSome names a few paths and counts the rest.
func listSome(paths []string) string {
	const few = 3
	if len(paths) <= few {
		return strings.Join(paths, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(paths[:few], ", "), len(paths)-few)
}

// swap completes the stage, with links to what stays, and lets it and the output change places.
func (w *writer) swap(ctx context.Context, next Manifest, strangers []stranger) error {
	if err := w.linkStrangers(strangers); err != nil {
		return err
	}
	if err := w.linkUnchanged(next); err != nil {
		return err
	}
	w.reached("linked")
	content, err := next.encode()
	if err != nil {
		return err
	}
	if err := os.WriteFile(w.stage.at(ManifestName), content, 0o644); err != nil {
		return err
	}
	if err := likeFolder(w.dir, w.stage.path); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return w.exchange(next)
}

func (w *writer) exchange(next Manifest) error {
	retired := w.stage.yard.retired(w.stage.path)
	if err := os.Rename(w.stage.path, retired); err != nil {
		return err
	}
	w.stage.path = retired
	w.reached("before the exchange")
	if err := w.opts.exchange(retired, w.dir); err != nil {
		return cannotSwap(err)
	}
	w.reached("after the exchange")
	w.stage.path = "" // it is the output now; its lock is held until the end
	old := oldSite{dir: retired, manifest: w.old.manifest, written: w.old.written}
	w.retire(old, oldSite{dir: w.dir, manifest: next})
	return nil
}

// retire takes in the folder that was the output until now: as the spare, or to throw it away. If it holds what is not safe elsewhere,
// it stays for the next sweep.
func (w *writer) retire(old, current oldSite) {
	before, err := w.survey()
	if err != nil {
		return
	}
	late, err := old.late(before)
	if err != nil || !rescueAll(late.strangers, old, current) {
		return
	}
	w.stage.yard.keep(old.dir, slices.Concat(before.strangers, late.strangers))
}

// linkStrangers gives the new site what is not ours.
func (w *writer) linkStrangers(strangers []stranger) error {
	for _, s := range strangers {
		from, to := w.old.at(s.path), w.stage.at(s.path)
		if s.entry.IsDir() {
			if !sameDevice(w.dir, from) {
				return cannotSwap(fmt.Errorf("%s is a mount point", from))
			}
			if err := os.MkdirAll(to, 0o755); err != nil {
				return err
			}
			if err := likeFolder(from, to); err != nil {
				return err
			}
			continue
		}
		if err := w.stage.link(from, s.path, s.entry.Type()); err != nil {
			return err
		}
	}
	return nil
}

// linkUnchanged gives the new site what is the same as in the old one.
func (w *writer) linkUnchanged(next Manifest) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for chunk := range slices.Chunk(next.Files, 256) {
		g.Go(func() error {
			for _, m := range chunk {
				if w.isWritten(m.Path) {
					continue
				}
				if err := w.stage.link(w.old.at(m.Path), m.Path, 0); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// link makes a hard link, or a copy where the file system has none. A link may be there already: case twins are one file on some systems.
func link(from, to string, kind fs.FileMode) error {
	err := os.Link(from, to)
	switch {
	case err == nil, errors.Is(err, fs.ErrExist):
		return nil
	case errors.Is(err, syscall.EXDEV):
		return cannotSwap(err)
	case errors.Is(err, fs.ErrNotExist):
		return err
	case kind&fs.ModeSymlink != 0:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	case kind.IsRegular():
		return copyFile(from, to)
	default:
		return err
	}
}
