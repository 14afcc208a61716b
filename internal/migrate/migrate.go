// Package migrate reads sites of other generators as content: MkDocs, Hugo and Docusaurus.
//
// The text of pages stays as it is, since the dialect of Markdown here knows their admonitions. What they keep elsewhere is written where it
// belongs here: the order of navigation into `weight`, redirects and addresses of their own into `aliases`, front matter in TOML into YAML.
package migrate

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"opsbook/internal/edit"
	"opsbook/internal/meta"
)

// Kinds are the generators whose sites can be read.
var readers = map[string]func(*site) error{"mkdocs": (*site).mkdocs, "hugo": (*site).hugo, "docusaurus": (*site).docusaurus}

// Result is a site as content.
type Result struct {
	Title, BaseURL, Repository string
	Nav                        []string          // folders in the order of navigation
	Files                      map[string][]byte // by path
	Left                       []string          // what could not be taken over, by path
}

// Read reads the site of a generator: mkdocs, hugo or docusaurus. The error says what is missing.
func Read(kind string, tree fs.FS) (Result, error) {
	s := &site{tree: tree, out: Result{Files: map[string][]byte{}}}
	read, ok := readers[kind]
	if !ok {
		return Result{}, fmt.Errorf("there is no reader of %s; use mkdocs, hugo or docusaurus", kind)
	}
	if err := read(s); err != nil {
		return Result{}, err
	}
	slices.Sort(s.out.Left)
	return s.out, nil
}

// site is a site while it is read.
type site struct {
	tree fs.FS
	out  Result
}

// take copies a folder of the tree to the root of the content. Pages pass through turn, which may rename them.
func (s *site) take(from string, turn func(name string, text []byte) (string, []byte)) error {
	return fs.WalkDir(s.tree, from, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != from && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), "."):
			return nil
		}
		text, err := fs.ReadFile(s.tree, p)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(strings.TrimPrefix(p, from), "/")
		if isPage(name) {
			name, text = turn(name, text)
		}
		if name != "" {
			s.out.Files[name] = text
		}
		return nil
	})
}

func isPage(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".mdx", ".markdown":
		return true
	}
	return false
}

// set writes one key into a page's front matter unless it has it. What cannot be written safely is left, and named.
func (s *site) set(name, key, value string) {
	text, ok := s.out.Files[name]
	if !ok || value == "" || front(text).Has(key) {
		return
	}
	out, err := edit.Set(text, key, value)
	if err != nil {
		s.left(name, err.Error())
		return
	}
	s.out.Files[name] = out
}

// alias adds an old address of a page.
func (s *site) alias(name, old string) {
	text, ok := s.out.Files[name]
	old = "/" + strings.Trim(old, "/") + "/"
	if !ok || old == "//" || old == "/"+address(name)+"/" {
		return
	}
	var all []string
	for _, a := range front(text).Get("aliases").Strs() {
		all = append(all, a.Text)
	}
	if slices.Contains(all, old) {
		return
	}
	out, err := edit.SetList(text, "aliases", append(all, old))
	if err != nil {
		s.left(name, err.Error())
		return
	}
	s.out.Files[name] = out
}

func (s *site) left(name, why string) { s.out.Left = append(s.out.Left, name+": "+why) }

// address is where a page is found, without slashes around it.
func address(name string) string {
	name = strings.TrimSuffix(name, path.Ext(name))
	if base := path.Base(name); base == "index" || base == "_index" || base == "README" {
		name = strings.TrimSuffix(path.Dir(name), ".")
	}
	return name
}

// order gives pages their place: pages of one folder are sorted by weight.
func (s *site) order(pages []string) {
	folders := map[string]bool{}
	for i, name := range pages {
		s.set(name, "weight", strconv.Itoa((i+1)*10))
		if top, _, deep := strings.Cut(name, "/"); deep && !folders[top] {
			folders[top] = true
			s.out.Nav = append(s.out.Nav, top)
		}
	}
}

// folder names a folder that has no page of its own.
func (s *site) folder(dir, title string, weight int) {
	for _, name := range []string{"_index.md", "index.md", "README.md"} {
		if _, ok := s.out.Files[path.Join(dir, name)]; ok {
			s.set(path.Join(dir, name), "weight", number(weight))
			return
		}
	}
	text := "---\ntitle: " + edit.Scalar(title) + "\n"
	if weight > 0 {
		text += "weight: " + number(weight) + "\n"
	}
	s.out.Files[path.Join(dir, "_index.md")] = []byte(text + "---\n")
}

func number(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// front is the front matter of a page.
func front(text []byte) meta.Value {
	text = bytes.ReplaceAll(bytes.TrimPrefix(text, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	f := meta.SplitFront(text)
	if f.Line == 0 || f.TOML {
		return meta.Value{}
	}
	v, _ := meta.Read("", text[f.From:f.To], f.Line)
	return v
}

// config reads the first of some YAML files that is there; "" when none is.
func (s *site) config(names ...string) (string, meta.Value, error) {
	for _, name := range names {
		text, err := fs.ReadFile(s.tree, name)
		if err != nil {
			continue
		}
		v, _ := meta.Read(name, withoutTags(text), 1)
		return name, v, nil
	}
	return "", meta.Value{}, nil
}

// withoutTags takes YAML's tags for programs away (`!!python/name:…`, `!ENV …`), which no reader but MkDocs knows.
func withoutTags(text []byte) []byte {
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		if at := strings.Index(line, " !"); at >= 0 && !strings.HasPrefix(strings.TrimSpace(line), "#") && strings.Contains(line[:at+1], ":") {
			lines[i] = line[:at]
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// sorted are the pages by path.
func (s *site) pages() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.out.Files)), func(name string) bool { return !isPage(name) })
}
