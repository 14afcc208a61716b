package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// licenceName is what files with the terms of a module are called. At least one file of a module must be granting ones; notices and patents
// come along.
var (
	licenceName = regexp.MustCompile(`(?i)^((un)?licen[cs]e|copying|notice|patents)([.-].*)?$`)
	granting    = regexp.MustCompile(`(?i)^((un)?licen[cs]e|copying)`)
)

// dependency is a module that is linked into the program, and the folders of its packages that are.
type dependency struct {
	name, version, dir string
	packages           []string
}

// notices writes the name, version and terms of everything that is linked into the program on any of the platforms, Go itself included. It
// fails on a module that does not say its terms.
func notices(root, name string, only []string) error {
	modules, err := linked(root, only)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "The program opsbook contains the following %d works of others, on these terms.\n", len(modules))
	for _, m := range modules {
		files, err := m.licences()
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "\n%s\n%s %s\n", strings.Repeat("=", 80), m.name, m.version)
		for _, f := range files {
			text, err := os.ReadFile(filepath.Join(m.dir, f))
			if err != nil {
				return fmt.Errorf("read the terms of %s: %w", m.name, err)
			}
			fmt.Fprintf(&b, "\n--- %s ---\n\n%s\n", filepath.ToSlash(f), bytes.TrimSpace(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))))
		}
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the notices: %w", err)
	}
	fmt.Printf("%s: %d modules, %d bytes\n", name, len(modules), b.Len())
	return nil
}

// linked asks Go what the program is made of, by module. The modules lie in the cache by now, or are fetched.
func linked(root string, only []string) ([]*dependency, error) {
	standard, err := output(root, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	modules := map[string]*dependency{}
	for _, platform := range only {
		system, machine, _ := strings.Cut(platform, "/")
		cmd := exec.Command("go", "list", "-deps", "-f", `{{with .Module}}{{if not .Main}}{{.Path}}	{{.Version}}	{{.Dir}}	{{$.Dir}}{{end}}{{end}}`, "./cmd/opsbook")
		cmd.Dir, cmd.Stderr = root, os.Stderr
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOOS="+system, "GOARCH="+machine)
		text, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("list what is linked for %s: %w", platform, err)
		}
		for line := range strings.Lines(string(text)) {
			f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if len(f) != 4 {
				continue
			}
			if modules[f[0]] == nil {
				modules[f[0]] = &dependency{name: f[0], version: f[1], dir: f[2]}
			}
			modules[f[0]].packages = append(modules[f[0]].packages, f[3])
		}
	}
	all := []*dependency{{name: "Go and its standard library", version: runtime.Version(), dir: standard}}
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		all = append(all, modules[name])
	}
	return all, nil
}

// licences returns the files of a module that say its terms, those of its root first: also what lies beside the packages that are linked, and
// above them, since some of these were others' before.
func (m *dependency) licences() ([]string, error) {
	folders := map[string]bool{".": true}
	for _, p := range m.packages {
		rel, err := filepath.Rel(m.dir, p)
		if err != nil {
			return nil, err
		}
		for ; rel != "."; rel = filepath.Dir(rel) {
			folders[rel] = true
		}
	}
	var files []string
	found := false
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		entries, err := os.ReadDir(filepath.Join(m.dir, folder))
		if err != nil {
			return nil, fmt.Errorf("look for the terms of %s: %w", m.name, err)
		}
		for _, e := range entries {
			if e.Type().IsRegular() && licenceName.MatchString(e.Name()) && filepath.Ext(e.Name()) != ".go" {
				files = append(files, filepath.Join(folder, e.Name()))
				found = found || granting.MatchString(e.Name())
			}
		}
	}
	if !found {
		return nil, fmt.Errorf("%s %s has no file with its terms in %s: find out on which it may be given on, or do without it", m.name, m.version, m.dir)
	}
	return files, nil
}
