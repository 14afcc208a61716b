package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"opsbook/internal/edit"
	"opsbook/internal/migrate"
	"opsbook/templates"
)

// bring writes the site of another generator as content into a folder that may not hold it yet.
func (c *initCmd) bring(a *app) error {
	if info, err := os.Stat(c.Dir); err != nil || !info.IsDir() {
		return usage("read the %s site: there is no folder %s; name it: opsbook init --from %s DIR [TARGET]", c.From, c.Dir, c.From)
	}
	root, err := os.OpenRoot(c.Dir)
	if err != nil {
		return fmt.Errorf("read the %s site: %w", c.From, err)
	}
	defer root.Close()
	site, err := migrate.Read(c.From, root.FS())
	if err != nil {
		return usage("read the %s site in %s: %s", c.From, c.Dir, err)
	}
	if err := c.setUp(a, &site); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(site.Files)) {
		if err := a.place(filepath.Join(c.Target, filepath.FromSlash(name)), site.Files[name]); err != nil {
			return err
		}
	}
	for _, left := range site.Left {
		fmt.Fprintf(a.stderr, "left as it is: %s\n", left)
	}
	fmt.Fprintf(a.stdout, "next: opsbook check %s, then opsbook serve %s\n", c.Target, c.Target)
	return nil
}

// setUp adds opsbook.yaml and a directory to start from.
func (c *initCmd) setUp(a *app, site *migrate.Result) error {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, edit.Scalar(value))
		}
	}
	line("title", site.Title)
	if strings.HasPrefix(site.BaseURL, "http") {
		line("base_url", site.BaseURL)
	}
	if strings.HasPrefix(site.Repository, "http") {
		line("repository", site.Repository)
	}
	if len(site.Nav) > 0 {
		folders := make([]string, len(site.Nav))
		for i, name := range site.Nav {
			folders[i] = edit.Scalar(name)
		}
		fmt.Fprintf(&b, "nav: [%s]\n", strings.Join(folders, ", "))
	}
	b.WriteString("unowned: ops\ndefaults:\n  - paths: [\"**\"]\n    set: {owner: ops}\n  - paths: [\"runbooks/**\", \"playbooks/**\"]\n    set: {escalation: default}\n")
	directory, err := fs.ReadFile(templates.Default(), path.Join("start", a.lang, "directory.yaml"))
	if err != nil {
		return fmt.Errorf("set up %s: %w", c.Target, err)
	}
	today, err := a.day(c.Clock)
	if err != nil {
		return err
	}
	site.Files["opsbook.yaml"] = []byte(b.String())
	site.Files["directory.yaml"] = bytes.ReplaceAll(directory, []byte("{{.Today}}"), []byte(today.String()))
	return nil
}
