// Package render is the fifth stage: one planned page in, the bytes of its HTML out.
//
// Theme.Page is a function of a closed page.Page and of the theme: it knows no site, no other page and no clock, so its result may be
// remembered under the hash of the two. Everything that is not Markdown goes through html/template, whose escaping is never switched off
// for text that people wrote.
package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"

	"opsbook/generator/markdown"
	"opsbook/generator/page"
)

// CSP is the policy that every page carries: what the page needs from its own origin, and nothing else. Styles carry their icons as data:
// images. frame-ancestors is left out because a meta element cannot carry it.
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'"

// Theme is a parsed set of templates with its words and the names of its assets. It is safe for concurrent use.
type Theme struct {
	sets map[string]*template.Template // by language
}

// New parses the templates of a theme. assets leads from the logical names of styles and scripts to their output paths, words from a
// language to its interface words by key.
func New(theme fs.FS, assets map[string]string, words map[string]map[string]string) (*Theme, error) {
	base := template.New("").Funcs(funcs(nil, "", assets, words, nil))
	for _, folder := range []string{"layout", "partial", "types"} {
		if err := parseFolder(base, theme, folder); err != nil {
			return nil, err
		}
	}
	code := markdown.NewHighlighter(nil)
	t := &Theme{sets: map[string]*template.Template{}}
	for lang := range words {
		set, err := base.Clone()
		if err != nil {
			return nil, fmt.Errorf("prepare templates for %s: %w", lang, err)
		}
		t.sets[lang] = set.Funcs(funcs(set, lang, assets, words, code))
	}
	if t.sets["en"] == nil {
		return nil, errors.New("the theme has no i18n/en.yaml")
	}
	return t, nil
}

func parseFolder(base *template.Template, theme fs.FS, folder string) error {
	return fs.WalkDir(theme, folder, func(file string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && file == folder {
			return nil
		}
		if err != nil || e.IsDir() || path.Ext(file) != ".html" {
			return err
		}
		text, err := fs.ReadFile(theme, file)
		if err != nil {
			return fmt.Errorf("read template %s: %w", file, err)
		}
		if _, err := base.New(strings.TrimSuffix(file, ".html")).Parse(squeeze(string(text))); err != nil {
			return fmt.Errorf("parse template %s: %w", file, err)
		}
		return nil
	})
}

// squeeze drops indentation and empty lines of a template: a line break is one character and means the same. Templates hold no element in
// which white space counts.
func squeeze(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString(line)
			b.WriteByte('\n')
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Page renders a page. An error is a fault of the theme, or a value that html/template refuses to print where it stands.
func (t *Theme) Page(ctx context.Context, p *page.Page) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	set := t.sets[p.Lang]
	if set == nil {
		set = t.sets["en"]
	}
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := set.ExecuteTemplate(b, p.Layout, p); err != nil {
		return nil, fmt.Errorf("render %s: %w", p.File, err)
	}
	html := bytes.Clone(collapse(b.Bytes()))
	if printsRefused(html) {
		return nil, fmt.Errorf("render %s: the template prints a value in a place where it is not safe", p.File)
	}
	return html, nil
}
