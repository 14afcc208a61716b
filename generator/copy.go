package generator

import (
	"context"
	"fmt"
	"io/fs"

	"opsbook/generator/output"
	"opsbook/internal/inert"
)

// copied is the files of the content that pages link to: as they are, but for what would run when they are opened. Their bytes stay on disk until somebody asks.
func copied(c *Content) []output.File {
	var files []output.File
	for from, to := range c.Site.Assets {
		files = append(files, output.File{Path: to, Render: func(context.Context) ([]byte, error) {
			content, err := fs.ReadFile(c.Tree.FS, from)
			if err != nil {
				return nil, fmt.Errorf("copy %s: %w", from, err)
			}
			if inert.Looks(from) {
				content, _ = inert.Clean(from, content) // what is taken out was reported when the tree was read
			}
			return content, nil
		}})
	}
	return files
}
