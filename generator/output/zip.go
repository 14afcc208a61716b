package output

import (
	"archive/zip"
	"context"
	"io"
	"runtime"
	"time"
)

// Zip writes a Set as an archive whose files lie in a folder. Equal sets give equal bytes: the order is that of the paths, and every file has
// the same time. At most a few files per core are in memory at a time. The paths must be those of a Set that Check passes.
func Zip(ctx context.Context, set Set, to io.Writer, folder string, at time.Time) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	archive := zip.NewWriter(to)
	last := ""
	for next := range renderedInOrder(ctx, set) {
		r := <-next
		if r.err != nil {
			return r.err
		}
		if r.path == last {
			continue // the same bytes
		}
		last = r.path
		header := &zip.FileHeader{Name: folder + "/" + r.path, Method: zip.Deflate, Modified: at.UTC()}
		header.SetMode(0o644)
		w, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := w.Write(r.content); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	return archive.Close()
}

type rendered struct {
	path    string
	content []byte
	err     error
}

// renderedInOrder renders ahead of its reader, by as many files as there are cores.
func renderedInOrder(ctx context.Context, set Set) <-chan chan rendered {
	ahead := make(chan chan rendered, runtime.GOMAXPROCS(0))
	go func() {
		defer close(ahead)
		for f := range set.All() {
			one := make(chan rendered, 1)
			select {
			case ahead <- one:
			case <-ctx.Done():
				return
			}
			go func() {
				content, err := render(ctx, f)
				one <- rendered{f.Path, content, err}
			}()
		}
	}()
	return ahead
}
