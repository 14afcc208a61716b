package source

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"opsbook/internal/diag"
)

// buildManifest is the file by which a folder is known to be the output of a build, which is never content.
const buildManifest = ".opsbook-build.json"

// text is a Markdown file to read.
type text struct {
	path     string // NFC
	disk     string
	size     int64
	fragment bool
	info     fs.FileInfo
}

// lister walks the tree.
type lister struct {
	fsys     fs.FS
	skip     []string
	texts    []text
	assets   []Asset
	disk     map[string]string // NFC path -> path on disk, where they differ
	problems []diag.Diagnostic
}

// folder is where the walk is.
type folder struct {
	path, disk string // "" and "." for the root
	fragments  bool   // below a name that starts with _
	linked     bool   // below a link, so that further links to folders are not followed: they could multiply the tree
}

// list walks fsys and returns what is in it, by path.
func list(ctx context.Context, fsys fs.FS, skip []string) (*lister, error) {
	l := &lister{fsys: fsys, skip: skip, disk: map[string]string{}}
	if err := l.folder(ctx, folder{"", ".", false, false}); err != nil {
		return nil, err
	}
	slices.SortFunc(l.texts, func(a, b text) int { return strings.Compare(a.path, b.path) })
	slices.SortFunc(l.assets, func(a, b Asset) int { return strings.Compare(a.Path, b.Path) })
	return l, nil
}

// folder walks one folder and those below it.
func (l *lister) folder(ctx context.Context, f folder) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	entries, err := fs.ReadDir(l.fsys, f.disk)
	if errors.Is(err, fs.ErrNotExist) && f.path != "" {
		return nil // gone since it was listed
	}
	if err != nil {
		return err
	}
	if f.path != "" && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == buildManifest }) {
		return nil
	}
	seen := map[string]string{}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || e.Name() == "node_modules" {
			continue
		}
		name := norm.NFC.String(e.Name())
		at := path.Join(f.path, name)
		if slices.Contains(l.skip, at) || !l.nameOK(at, name) || !l.single(seen, f.path, name) {
			continue
		}
		if err := l.entry(ctx, f, e, folder{
			path: at, disk: path.Join(f.disk, e.Name()), linked: f.linked,
			fragments: f.fragments || strings.HasPrefix(name, "_") && !isIndex(name),
		}); err != nil {
			return err
		}
	}
	return nil
}

// isIndex reports whether a name that starts with _ is a page all the same: the index of its folder, in any language.
func isIndex(name string) bool {
	rest, ok := strings.CutPrefix(name, "_index.")
	return ok && isMarkdown(name) && strings.Count(rest, ".") <= 1
}

// isMarkdown reports whether a name is that of a Markdown file.
func isMarkdown(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown":
		return true
	}
	return false
}

// entry takes one entry of a folder: at is its place, as if it were a folder.
func (l *lister) entry(ctx context.Context, in folder, e fs.DirEntry, at folder) error {
	info, err := e.Info()
	if err == nil && e.Type()&fs.ModeSymlink != 0 {
		if info = l.follow(in, &at); info == nil {
			return nil
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return l.folder(ctx, at)
	case !info.Mode().IsRegular():
		l.report(at.path, RuleKind, "%s is not a regular file and is not read", what(info.Mode())).Hint = diag.T("put a file in its place, or delete it")
		return nil
	}
	if at.path != at.disk {
		l.disk[at.path] = at.disk
	}
	if isMarkdown(at.path) {
		l.texts = append(l.texts, text{at.path, at.disk, info.Size(), at.fragments, info})
	} else {
		l.assets = append(l.assets, Asset{at.path, info.Size()})
	}
	return nil
}

// follow returns what a symbolic link leads to, or nil (and a problem) when that may not be read.
func (l *lister) follow(in folder, at *folder) fs.FileInfo {
	info, err := fs.Stat(l.fsys, at.disk)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.report(at.path, RuleKind, "the symbolic link leads nowhere")
	case err != nil:
		l.report(at.path, RuleKind, "the symbolic link leads out of the content folder and is not followed").Hint = diag.T("copy what it leads to into the content folder")
	case info.IsDir() && in.linked:
		l.report(at.path, RuleKind, "the symbolic link stands below another link to a folder and is not followed")
	case info.IsDir() && l.above(in, info):
		l.report(at.path, RuleKind, "the symbolic link leads to a folder that it stands in and is not followed")
	default:
		at.linked = at.linked || info.IsDir()
		return info
	}
	return nil
}

// above reports whether a folder is in, or one that in stands in.
func (l *lister) above(in folder, target fs.FileInfo) bool {
	for p := in.disk; ; p = path.Dir(p) {
		if info, err := fs.Stat(l.fsys, p); err == nil && sameFile(info, target) {
			return true
		}
		if p == "." {
			return false
		}
	}
}

// report adds a problem of a file as a whole and returns it.
func (l *lister) report(at, rule, format string, args ...any) *diag.Diagnostic {
	l.problems = append(l.problems, diag.At(diag.Pos{File: at}, rule, format, args...))
	return &l.problems[len(l.problems)-1]
}

// what names a kind of file that is not read.
func what(m fs.FileMode) diag.Text {
	switch {
	case m&fs.ModeNamedPipe != 0:
		return diag.T("a pipe")
	case m&fs.ModeSocket != 0:
		return diag.T("a socket")
	case m&fs.ModeDevice != 0:
		return diag.T("a device")
	default:
		return diag.T("an irregular file")
	}
}
