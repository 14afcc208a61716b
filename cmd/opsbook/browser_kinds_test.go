//go:build browser

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	rootTag = regexp.MustCompile(`^<!doctype html>\s*<html lang="([a-z]+)" data-kind="([a-z]+)"`)
	banner  = regexp.MustCompile(`<p class="banner[ a-z]*"(?: data-state="([a-z]+)")?(?: data-overdue="[^"]*")?><strong class="what">([^<]*)`)
)

// kindsOf is one page of every kind that a built site has, in every language: the heaviest of those that have the same kind and the same first
// folder, and the first of those that carry the same banner. The kinds come from the build, so a new one cannot be forgotten.
func kindsOf(dir string) (map[string]string, error) {
	kinds, size := map[string]string{}, map[string]int{}
	err := filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".html" {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		tag := rootTag.FindSubmatch(text)
		if tag == nil {
			return nil // leads on to another page at once
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		address := strings.TrimSuffix(filepath.ToSlash(rel), "index.html")
		lang, kind := string(tag[1]), string(tag[2])
		folder, _, deeper := strings.Cut(strings.TrimPrefix(address, lang+"/"), "/")
		name := kind + "-" + lang
		if deeper {
			name = kind + "-" + folder + "-" + lang
		}
		if len(text) > size[name] {
			kinds[name], size[name] = address, len(text)
		}
		if m := banner.FindSubmatch(text); m != nil {
			state := m[1]
			if len(state) == 0 {
				state = m[2] // a status: draft, deprecated, archived
			}
			name := fmt.Sprintf("banner-%s-%s", bytes.ReplaceAll(state, []byte(" "), nil), lang)
			if _, have := kinds[name]; !have {
				kinds[name] = address
			}
		}
		return nil
	})
	return kinds, err
}

// exampleKinds are the kinds of the example's pages.
func exampleKinds(t *testing.T) map[string]string {
	t.Helper()
	kinds, err := kindsOf(exampleDir(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(kinds) < 50 {
		t.Fatalf("only %d kinds of pages: %v", len(kinds), kinds)
	}
	return kinds
}
