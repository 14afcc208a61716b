package migrate

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"opsbook/internal/meta"
)

// mkdocs reads a site of MkDocs: docs_dir, nav and the redirects of its plugin.
func (s *site) mkdocs() error {
	name, v, err := s.config("mkdocs.yml", "mkdocs.yaml")
	if err != nil {
		return err
	}
	if name == "" {
		return errors.New("there is no mkdocs.yml")
	}
	s.out.Title, s.out.BaseURL, s.out.Repository = v.Get("site_name").Text, v.Get("site_url").Text, v.Get("repo_url").Text
	docs := strings.Trim(path.Clean("/"+v.Get("docs_dir").Text), "/")
	if docs == "" {
		docs = "docs"
	}
	if info, err := fs.Stat(s.tree, docs); err != nil || !info.IsDir() {
		return errors.New("there is no folder " + docs)
	}
	if err := s.take(docs, func(name string, text []byte) (string, []byte) { return name, text }); err != nil {
		return err
	}
	var pages []string
	s.nav(v.Get("nav"), &pages)
	s.order(pages)
	for _, plugin := range v.Get("plugins").List() {
		for _, f := range plugin.Get("redirects", "redirect_maps").Fields {
			to, _, _ := strings.Cut(f.Value.Text, "#")
			if _, ours := s.out.Files[to]; !ours {
				s.left(name, "the redirect of "+f.Raw+" leads to "+f.Value.Text)
				continue
			}
			s.alias(to, address(f.Raw))
		}
	}
	return nil
}

// nav reads navigation: a list of paths, of titles with paths, and of titles with lists. A section whose pages are one folder names it.
func (s *site) nav(v meta.Value, pages *[]string) {
	for _, item := range v.List() {
		if item.Kind == meta.Scalar {
			*pages = append(*pages, item.Text)
			continue
		}
		for _, f := range item.Fields {
			if f.Value.Kind == meta.Scalar {
				*pages = append(*pages, f.Value.Text)
				continue
			}
			from := len(*pages)
			s.nav(f.Value, pages)
			if dir := commonFolder((*pages)[from:]); dir != "" {
				s.folder(dir, f.Raw, (from+1)*10)
			}
		}
	}
}

// commonFolder is the folder that all pages are in, "" when there is none.
func commonFolder(pages []string) string {
	dir := ""
	for i, p := range pages {
		d := path.Dir(p)
		if d == "." || i > 0 && d != dir {
			return ""
		}
		dir = d
	}
	return dir
}
