package generator

import (
	"fmt"
	"io/fs"

	"opsbook/generator/asset"
	"opsbook/generator/render"
	"opsbook/internal/memo"
	"opsbook/search/webindex"
	"opsbook/templates"
)

// look is how a site looks: its templates, and its styles and scripts.
type look struct {
	key    memo.Key
	theme  *render.Theme
	bundle *asset.Bundle
	words  map[string]map[string]string // by language
}

// look prepares the theme, unless no file of it has changed since the last build.
func (m *Memory) look(c *Content) (*look, error) {
	layers := templates.Layered(userFolder(c.Tree.FS, "_theme"), userFolder(c.Tree.FS, "_types"))
	key, err := lookKey(layers, c.Site.Config.Accent)
	if err != nil {
		return nil, fmt.Errorf("read the theme: %w", err)
	}
	return m.looks.Try(key, func() (*look, error) {
		words, err := templates.Words(layers)
		if err != nil {
			return nil, fmt.Errorf("read the theme: %w", err)
		}
		bundle, err := asset.Make(layers, asset.Options{
			Accent: c.Site.Config.Accent, Words: words,
			Libraries: map[string]asset.Library{"opsbook:search": {Files: webindex.Scripts, Entry: "reader.js"}},
		})
		if err != nil {
			return nil, fmt.Errorf("bundle styles and scripts: %w", err)
		}
		theme, err := render.New(layers, bundle.Manifest, words)
		if err != nil {
			return nil, fmt.Errorf("read the theme: %w", err)
		}
		return &look{key, theme, bundle, words}, nil
	})
}

// lookKey covers every file of the layered theme.
func lookKey(layers fs.FS, accent string) (memo.Key, error) {
	h := memo.NewHash().String(accent)
	for _, folder := range []string{"layout", "partial", "css", "js", "i18n", "types"} {
		if err := hashFiles(h, layers, folder); err != nil {
			return memo.Key{}, err
		}
	}
	return h.Key(), nil
}

// hashFiles adds every file of a folder.
func hashFiles(h *memo.Hash, fsys fs.FS, folder string) error {
	return fs.WalkDir(fsys, folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(fsys, path)
		h.String(path).Bytes(text)
		return err
	})
}
