package migrate

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/BurntSushi/toml"
	"gopkg.in/yaml.v3"
)

// hugo reads a site of Hugo: content and static, front matter in YAML or TOML. Weights and aliases are what they are here.
func (s *site) hugo() error {
	settings := map[string]any{}
	found := false
	for _, name := range []string{"hugo.toml", "config.toml", "config/_default/hugo.toml", "config/_default/config.toml", "hugo.yaml", "hugo.yml", "config.yaml", "config.yml"} {
		text, err := fs.ReadFile(s.tree, name)
		if err != nil {
			continue
		}
		found = true
		if path.Ext(name) == ".toml" {
			err = toml.Unmarshal(text, &settings)
		} else {
			err = yaml.Unmarshal(text, &settings)
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		break
	}
	if !found {
		return errors.New("there is no hugo.toml, hugo.yaml or config.toml")
	}
	s.out.Title, s.out.BaseURL = word(settings, "title"), word(settings, "baseURL")
	dir := word(settings, "contentDir")
	if dir == "" {
		dir = "content"
	}
	if info, err := fs.Stat(s.tree, dir); err != nil || !info.IsDir() {
		return errors.New("there is no folder " + dir)
	}
	if _, err := fs.Stat(s.tree, "static"); err == nil {
		if err := s.take("static", func(name string, text []byte) (string, []byte) { return name, text }); err != nil {
			return err
		}
	}
	if err := s.take(dir, s.hugoPage); err != nil {
		return err
	}
	for _, name := range s.pages() {
		v := front(s.out.Files[name])
		if url := v.Get("url").Text; url != "" {
			s.alias(name, url)
		} else if slug := v.Get("slug").Text; slug != "" {
			s.alias(name, path.Join(path.Dir(address(name)), slug))
		}
	}
	return nil
}

// word is a text of settings, "" where it is none.
func word(settings map[string]any, key string) string {
	text, _ := settings[key].(string)
	if text == "" && key == "baseURL" {
		text, _ = settings["baseurl"].(string)
	}
	return text
}

// hugoPage writes front matter in TOML as YAML.
func (s *site) hugoPage(name string, text []byte) (string, []byte) {
	clean := bytes.ReplaceAll(bytes.TrimPrefix(text, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	rest, ok := bytes.CutPrefix(clean, []byte("+++\n"))
	if !ok {
		return name, text
	}
	head, body, ok := bytes.Cut(rest, []byte("\n+++"))
	if !ok {
		return name, text
	}
	values := map[string]any{}
	if err := toml.Unmarshal(head, &values); err != nil {
		s.left(name, "the front matter cannot be read: "+err.Error())
		return name, text
	}
	out, err := yaml.Marshal(values)
	if err != nil {
		s.left(name, "the front matter cannot be written: "+err.Error())
		return name, text
	}
	return name, []byte("---\n" + string(out) + "---" + string(body))
}
