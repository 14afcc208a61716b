// Package asset makes the styles and scripts of a site: bundled from small modules, minified, and named by a hash of their content.
//
// It stands beside the pipeline: pages name its results by the manifest that it returns. Modules are read through the layered theme, so a
// site replaces one module and keeps the rest. Scripts are classic ones (an IIFE each), because modules do not load from file://. What is needed
// before a reader does anything is apart from what is loaded on first use.
package asset

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"opsbook/generator/output"
)

// Folder is where the files are put.
const Folder = "assets"

// Options is what a bundle depends on beside the theme.
type Options struct {
	Accent    string                       // #rrggbb, "" for ours
	Words     map[string]map[string]string // language -> key -> word; those that begin with "js." or "state." go into scripts
	Libraries map[string]Library           // by the name under which scripts import them, such as "opsbook:search"
}

// Library is a module from outside the theme. Its relative imports are read from Files.
type Library struct {
	Files fs.FS
	Entry string
}

// Bundle is the finished files and, by logical name ("main.css", "search.ja.js"), where they are.
type Bundle struct {
	Files    []output.File
	Manifest map[string]string
	Worker   []byte // keeps a copy of the site; its name never changes, so it has no hash
	Leave    []byte // takes that worker away
	Pack     []byte // the style of an emergency pack, which is put into it
}

// Make bundles a theme's styles and scripts. An error is a fault of the theme, with its place.
func Make(theme fs.FS, opt Options) (*Bundle, error) {
	b := &Bundle{Manifest: map[string]string{}}
	palette, err := accentCSS(opt.Accent)
	if err != nil {
		return nil, err
	}
	places, drawing, err := icons(theme)
	if err != nil {
		return nil, err
	}
	mod := modules{theme: theme, libraries: opt.Libraries, places: places, virtual: map[string]string{
		"opsbook:accent": palette, "opsbook:icons": ":root{--icons:url(opsbook:icons.svg)}", "opsbook:icons.svg": drawing,
	}}
	for _, entry := range []string{"css/main.css", "css/leads.css", "css/search.css", "css/run.css", "css/offline.css", "js/theme.js", "js/stub.js"} {
		text, err := mod.bundle(entry)
		if err != nil {
			return nil, err
		}
		b.add(path.Base(entry), text)
	}
	if b.Worker, err = mod.bundle("js/worker.js"); err != nil {
		return nil, err
	}
	if b.Leave, err = mod.bundle("js/leave.js"); err != nil {
		return nil, err
	}
	if b.Pack, err = mod.bundle("css/pack.css"); err != nil {
		return nil, err
	}
	icon, err := favicon(theme, opt.Accent)
	if err != nil {
		return nil, err
	}
	b.add("favicon.svg", icon)
	for _, lang := range slices.Sorted(maps.Keys(opt.Words)) {
		if err := b.addScripts(mod, lang, opt.Words[lang]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// addScripts adds the scripts of one language: first those loaded on first use, then the one that names them.
func (b *Bundle) addScripts(mod modules, lang string, words map[string]string) error {
	mod.virtual = maps.Clone(mod.virtual)
	later := map[string]string{}
	for _, name := range []string{"search", "run", "offline"} {
		later[name+".css"] = b.Manifest[name+".css"]
		mod.virtual["opsbook:words"] = object(scriptWords(words, name))
		text, err := mod.bundle("js/" + name + ".js")
		if err != nil {
			return err
		}
		later[name] = b.add(name+"."+lang+".js", text)
	}
	mod.virtual["opsbook:assets"] = object(later)
	mod.virtual["opsbook:words"] = object(scriptWords(words, "main"))
	text, err := mod.bundle("js/main.js")
	if err != nil {
		return err
	}
	b.add("main."+lang+".js", text)
	return nil
}

// add names a file by its content and returns its output path.
func (b *Bundle) add(name string, content []byte) string {
	sum := sha256.Sum256(content)
	stem, ext := strings.TrimSuffix(name, path.Ext(name)), path.Ext(name)
	file := path.Join(Folder, stem+"."+hex.EncodeToString(sum[:5])+ext)
	b.Manifest[name] = file
	b.Files = append(b.Files, output.File{
		Path: file, Hashed: true, Key: func() [32]byte { return sum },
		Render: func(context.Context) ([]byte, error) { return content, nil },
	})
	return file
}

// scriptWords returns the words that a script says, without the prefix "js.", and the names of review states. Words of a run and of the copy
// are many and are left to the scripts that say them.
func scriptWords(words map[string]string, script string) map[string]string {
	said := map[string]string{}
	for key, text := range words {
		name, ours := strings.CutPrefix(key, "js.")
		speaker := ""
		for _, s := range []string{"run", "offline"} {
			if strings.HasPrefix(name, s+".") {
				speaker = s
			}
		}
		apart := script == "run" || script == "offline"
		switch {
		case ours && (speaker == script || speaker == "" && !apart), ours && script == "run" && strings.HasPrefix(name, "cop"):
			said[name] = text
		case strings.HasPrefix(key, "state.") && !apart:
			said[key] = text
		}
	}
	return said
}

// object writes a module whose default export is an object of strings.
func object(values map[string]string) string {
	var b strings.Builder
	b.WriteString("export default {")
	for _, key := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(&b, "%s:%s,", quoteJS(key), quoteJS(values[key]))
	}
	b.WriteString("}")
	return b.String()
}
