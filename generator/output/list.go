package output

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// WithList returns a Set with one more file, which list makes of what the others are: their paths in order, sizes and hashes. Write knows
// those when it has made the others, and renders nothing twice; whoever asks for the file alone waits until all are rendered.
func (s Set) WithList(path string, list func(files []Made) ([]byte, error)) Set {
	return s.With(File{Path: path, list: list, Render: func(ctx context.Context) ([]byte, error) {
		files, err := s.made(ctx)
		if err != nil {
			return nil, err
		}
		return list(files)
	}})
}

// made renders every file for its size and hash.
func (s Set) made(ctx context.Context) ([]Made, error) {
	all := make([]Made, len(s.files))
	g, until := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range s.files {
		if i > 0 && s.files[i-1].Path == f.Path {
			continue // the same bytes, or Check has refused them
		}
		g.Go(func() error {
			content, err := render(until, f)
			all[i] = withSet(madeOf(f.Path, content), f, [32]byte{})
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return listed(all), nil
}

// listed drops the places of files that share their path with another.
func listed(all []Made) []Made {
	var files []Made
	for _, m := range all {
		if m.Path != "" {
			files = append(files, m)
		}
	}
	return files
}

func madeOf(path string, content []byte) Made {
	sum := sha256.Sum256(content)
	return Made{Path: path, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}
