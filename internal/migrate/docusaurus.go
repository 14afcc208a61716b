package migrate

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// Docusaurus keeps its settings in JavaScript, which nothing here runs: what is written as plain text is read.
var (
	jsTitle    = regexp.MustCompile(`(?m)^\s*title:\s*['"\x60]([^'"\x60]+)['"\x60]`)
	jsURL      = regexp.MustCompile(`(?m)^\s*url:\s*['"\x60](https?://[^'"\x60]+)['"\x60]`)
	jsFromTo   = regexp.MustCompile(`from:\s*(\[[^\]]*\]|['"][^'"]+['"])\s*,\s*to:\s*['"]([^'"]+)['"]`)
	jsToFrom   = regexp.MustCompile(`to:\s*['"]([^'"]+)['"]\s*,\s*from:\s*(\[[^\]]*\]|['"][^'"]+['"])`)
	jsWord     = regexp.MustCompile(`['"]([^'"]+)['"]`)
	numbered   = regexp.MustCompile(`^(\d+)[-_. ]+(.+)$`)
	mdxImport  = regexp.MustCompile(`(?m)^(?:import|export) .*\n?`)
	docsPrefix = "docs"
)

// docusaurus reads the docs of a site of Docusaurus, the order of its sidebar, its categories and its redirects.
func (s *site) docusaurus() error {
	var settings []byte
	for _, name := range []string{"docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs"} {
		if text, err := fs.ReadFile(s.tree, name); err == nil {
			settings = text
			break
		}
	}
	if settings == nil {
		return errors.New("there is no docusaurus.config.js")
	}
	if m := jsTitle.FindSubmatch(settings); m != nil {
		s.out.Title = string(m[1])
	}
	if m := jsURL.FindSubmatch(settings); m != nil {
		s.out.BaseURL = string(m[1])
	}
	if err := s.take(docsPrefix, docusaurusPage); err != nil {
		return errors.New("there is no folder docs")
	}
	if _, err := fs.Stat(s.tree, "static"); err == nil {
		if err := s.take("static", docusaurusPage); err != nil {
			return err
		}
	}
	s.categories()
	byID := s.ids()
	s.sidebar(byID)
	s.redirects(string(settings), byID)
	return nil
}

// docusaurusPage takes what runs out of a page.
func docusaurusPage(name string, text []byte) (string, []byte) {
	if path.Ext(name) != ".mdx" {
		return name, text
	}
	return strings.TrimSuffix(name, ".mdx") + ".md", mdxImport.ReplaceAll(text, nil)
}

// categories names folders by their _category_.json.
func (s *site) categories() {
	for name, text := range s.out.Files {
		if path.Base(name) != "_category_.json" {
			continue
		}
		var category struct {
			Label    string  `json:"label"`
			Position float64 `json:"position"`
		}
		delete(s.out.Files, name)
		if err := json.Unmarshal(text, &category); err != nil {
			s.left(name, err.Error())
			continue
		}
		s.folder(path.Dir(name), category.Label, int(category.Position*10))
	}
}

// ids are the pages by the ids that sidebars name: their path without numbers before names, or an id of their own. A page keeps its old address.
func (s *site) ids() map[string]string {
	byID := map[string]string{}
	for _, name := range s.pages() {
		v := front(s.out.Files[name])
		var parts []string
		position := 0
		for _, part := range strings.Split(strings.TrimSuffix(name, path.Ext(name)), "/") {
			if m := numbered.FindStringSubmatch(part); m != nil {
				position, _ = strconv.Atoi(m[1])
				part = m[2]
			}
			parts = append(parts, part)
		}
		if own := v.Get("id").Text; own != "" {
			parts[len(parts)-1] = own
		}
		id := strings.Join(parts, "/")
		byID[id] = name
		if at, ok := v.Get("sidebar_position").Float(); ok {
			s.set(name, "weight", number(int(at*10)))
		} else {
			s.set(name, "weight", number(position*10))
		}
		old := path.Join(docsPrefix, address(id+".md"))
		if slug := v.Get("slug").Text; strings.HasPrefix(slug, "/") {
			old = path.Join(docsPrefix, slug)
		} else if slug != "" {
			old = path.Join(docsPrefix, path.Dir(id), slug)
		}
		s.alias(name, old)
	}
	return byID
}

// sidebar gives pages the order in which the sidebar names them.
func (s *site) sidebar(byID map[string]string) {
	for _, name := range []string{"sidebars.js", "sidebars.ts", "sidebars.json"} {
		text, err := fs.ReadFile(s.tree, name)
		if err != nil {
			continue
		}
		var pages []string
		for _, m := range jsWord.FindAllSubmatch(text, -1) {
			if page, ok := byID[string(m[1])]; ok {
				pages = append(pages, page)
			}
		}
		s.order(pages)
		return
	}
}

// redirects are those of the client-redirects plugin.
func (s *site) redirects(settings string, byID map[string]string) {
	add := func(to, from string) {
		page, ok := byID[strings.Trim(strings.TrimPrefix(strings.Trim(to, "/"), docsPrefix), "/")]
		if !ok {
			s.left("docusaurus.config.js", "a redirect leads to "+to)
			return
		}
		for _, m := range jsWord.FindAllStringSubmatch(from, -1) {
			s.alias(page, m[1])
		}
	}
	for _, m := range jsFromTo.FindAllStringSubmatch(settings, -1) {
		add(m[2], m[1])
	}
	for _, m := range jsToFrom.FindAllStringSubmatch(settings, -1) {
		add(m[1], m[2])
	}
}
