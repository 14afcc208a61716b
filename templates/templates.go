// Package templates is how things look: layouts, partials, styles, scripts, words and document types, embedded in the program.
//
// It stands beside the pipeline. A site lays its own files over these, one by one; every reader takes an fs.FS and does not know which of
// the two a file came from.
package templates

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

//go:embed layout partial css js i18n types all:start
var files embed.FS

// Default returns our own templates alone.
func Default() fs.FS { return files }

// Layered returns our templates with a site's over them, file by file: theme is its _theme folder and types its _types folder, each nil
// when there is none.
func Layered(theme, types fs.FS) fs.FS {
	return layers{theme: theme, types: types}
}

type layers struct{ theme, types fs.FS }

// Open opens the site's file of a name, else ours. A folder is always ours: ReadDir joins the two.
func (l layers) Open(name string) (fs.File, error) {
	for _, over := range l.over(name) {
		if info, err := fs.Stat(over.fs, over.name); err == nil && info.Mode().IsRegular() {
			return over.fs.Open(over.name)
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid) {
			return nil, err
		}
	}
	return files.Open(name)
}

type place struct {
	fs   fs.FS
	name string
}

// over returns where a site may have put a file of a name, the strongest first.
func (l layers) over(name string) []place {
	var places []place
	if rest, ok := strings.CutPrefix(name, "types/"); ok && l.types != nil {
		places = append(places, place{l.types, rest})
	} else if name == "types" && l.types != nil {
		places = append(places, place{l.types, "."})
	}
	if l.theme != nil {
		places = append(places, place{l.theme, name})
	}
	return places
}

// ReadDir lists both layers of a folder by name.
func (l layers) ReadDir(name string) ([]fs.DirEntry, error) {
	all := map[string]fs.DirEntry{}
	found := false
	for _, in := range append([]place{{files, name}}, l.over(name)...) {
		entries, err := fs.ReadDir(in.fs, in.name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = true
		for _, e := range entries {
			all[e.Name()] = e
		}
	}
	if !found {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	names := slices.Sorted(maps.Keys(all))
	entries := make([]fs.DirEntry, len(names))
	for i, n := range names {
		entries[i] = all[n]
	}
	return entries, nil
}

// Words reads the interface words of every language, by language and key. A site's own catalogue lies over ours word by word, and ours has
// every word; a language that we do not have falls back to English. Sentences of diagnostics are kept under their English format.
func Words(theme fs.FS) (map[string]map[string]string, error) {
	entries, err := fs.ReadDir(theme, "i18n")
	if err != nil {
		return nil, fmt.Errorf("list interface words: %w", err)
	}
	words := map[string]map[string]string{}
	for _, e := range entries {
		lang, ok := strings.CutSuffix(e.Name(), ".yaml")
		if !ok || strings.Contains(lang, ".") {
			continue
		}
		if words[lang], err = languageWords(theme, lang); err != nil {
			return nil, err
		}
	}
	return words, nil
}

func languageWords(theme fs.FS, lang string) (map[string]string, error) {
	words := map[string]string{}
	for _, layer := range []place{{files, "en"}, {files, lang}, {theme, lang}} {
		file := path.Join("i18n", layer.name+".yaml")
		text, err := fs.ReadFile(layer.fs, file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		if err := yaml.Unmarshal(text, &words); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
	}
	sentences, err := Sentences(theme, lang)
	if err != nil {
		return nil, err
	}
	maps.Copy(words, sentences)
	return words, nil
}

// Sentences reads what diagnostics say in a language, by their English format. There are none for English, whose formats are the sentences.
func Sentences(theme fs.FS, lang string) (map[string]string, error) {
	file := path.Join("i18n", "diagnostics."+lang+".yaml")
	text, err := fs.ReadFile(theme, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	var catalogue struct{ Diagnostics map[string]string }
	if err := yaml.Unmarshal(text, &catalogue); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return catalogue.Diagnostics, nil
}
