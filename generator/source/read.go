package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"opsbook/internal/charset"
	"opsbook/internal/diag"
)

// Read lists and reads the content tree in dir. What is wrong with files is in the tree's and the files' Problems; the error is of the
// machine: a folder that cannot be opened, a file that may not be read, the end of ctx.
func Read(ctx context.Context, dir string, opt Options) (*Tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open content folder: %w", err)
	}
	tree, err := read(ctx, Over(root.FS(), opt.Unsaved), opt)
	if err != nil {
		root.Close()
		return nil, fmt.Errorf("read content in %s: %w", dir, err)
	}
	tree.Root, tree.root = dir, root
	return tree, nil
}

// read does Read's work on any file system.
func read(ctx context.Context, fsys fs.FS, opt Options) (*Tree, error) {
	list, err := list(ctx, fsys, opt.Skip)
	if err != nil {
		return nil, err
	}
	files, err := readAll(ctx, fsys, list.texts, opt)
	if err != nil {
		return nil, err
	}
	tree := &Tree{
		Fragments: map[string]File{}, Assets: list.assets, Problems: list.problems, FS: named{fsys, list.disk},
		known: know(list.texts, files, opt.Now),
	}
	all := make(map[string]File, len(files))
	for i, f := range files {
		if f.Path == "" {
			continue // gone since it was listed
		}
		all[f.Path] = f
		if list.texts[i].fragment {
			tree.Fragments[f.Path] = f
			tree.Problems = append(tree.Problems, f.Problems...)
		} else {
			tree.Files = append(tree.Files, f)
		}
	}
	tree.Problems = append(tree.Problems, expandAll(tree.Files, all, opt.Fragments)...)
	found, err := look(ctx, tree.FS, tree.Assets)
	if err != nil {
		return nil, err
	}
	tree.Problems = append(tree.Problems, found...)
	diag.Sort(tree.Problems)
	return tree, ctx.Err()
}

// readAll reads texts in parallel and returns them in their order.
func readAll(ctx context.Context, fsys fs.FS, texts []text, opt Options) ([]File, error) {
	files := make([]File, len(texts))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(cmp.Or(opt.Workers, runtime.GOMAXPROCS(0)))
	for chunk := range slices.Chunk(indexes(len(texts)), 32) {
		g.Go(func() error {
			for _, i := range chunk {
				if err := ctx.Err(); err != nil {
					return err
				}
				f, same := opt.Before.has(texts[i])
				if same {
					files[i] = f
					continue
				}
				f, err := readFile(fsys, texts[i])
				if err != nil {
					return err
				}
				files[i] = f
			}
			return nil
		})
	}
	return files, g.Wait()
}

// indexes returns 0 to n-1.
func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// readFile reads one text and cleans it. A file that has gone since it was listed is the zero File.
func readFile(fsys fs.FS, t text) (File, error) {
	data, err := readSome(fsys, t)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return File{}, nil
	case err != nil:
		return File{}, err
	case len(data) > MaxFile:
		d := diag.At(diag.Pos{File: t.path}, RuleLimit, "the file is larger than %s MiB and is not read", MaxFile>>20).
			WithHint("split it into several pages")
		return File{Path: t.path, Problems: []diag.Diagnostic{d}}, nil
	}
	clean, problems := charset.Clean(t.path, data, 1)
	return File{Path: t.path, Text: clean, Problems: problems, includes: mayInclude(clean)}, nil
}

// readSome reads a file up to one byte more than is allowed.
func readSome(fsys fs.FS, t text) ([]byte, error) {
	if t.size <= MaxFile {
		data, err := fs.ReadFile(fsys, t.disk)
		return data, err
	}
	f, err := fsys.Open(t.disk)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxFile+1))
}

// named is a file system whose names are NFC, over one that spells some of them in another way.
type named struct {
	fs.FS
	disk map[string]string // NFC path -> path on disk, where they differ
}

// Open implements fs.FS.
func (n named) Open(name string) (fs.File, error) { return n.FS.Open(n.onDisk(name)) }

// ReadFile implements fs.ReadFileFS.
func (n named) ReadFile(name string) ([]byte, error) { return fs.ReadFile(n.FS, n.onDisk(name)) }

// Stat implements fs.StatFS.
func (n named) Stat(name string) (fs.FileInfo, error) { return fs.Stat(n.FS, n.onDisk(name)) }

// onDisk returns the name under which the disk knows a path.
func (n named) onDisk(name string) string {
	if disk, ok := n.disk[name]; ok {
		return disk
	}
	return name
}
