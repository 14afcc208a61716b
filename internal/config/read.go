package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// The two files at the root of a source.
const (
	configFile    = "opsbook.yaml"
	directoryFile = "directory.yaml"
)

// Read reads opsbook.yaml and directory.yaml of a source; either may be absent. What is wrong in them is in the Problems of the results;
// an error means that the files could not be read.
func Read(fsys fs.FS) (*Config, *Directory, error) {
	settings, err := readYAML(fsys, configFile)
	if err != nil {
		return nil, nil, err
	}
	listed, err := readYAML(fsys, directoryFile)
	if err != nil {
		return nil, nil, err
	}
	c := readConfig(settings)
	if c.Title == "" {
		c.Title = homeTitle(fsys)
	}
	for _, id := range []string{c.BaseURL, c.Title} {
		if c.ID == "" {
			c.ID = id
		}
	}
	d := readDirectory(listed)
	c.Problems = append(c.Problems, unknownOwners(c, d)...)
	return c, d, nil
}

// file is a YAML file as it was read. An absent one has no path.
type file struct {
	path     string
	value    meta.Value
	problems []diag.Diagnostic
}

func readYAML(fsys fs.FS, name string) (file, error) {
	info, err := fs.Stat(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return file{}, nil
	}
	if err != nil {
		return file{}, unreadable(name, err)
	}
	f := file{path: name, value: meta.Value{Kind: meta.Map, Pos: diag.Pos{File: name, Line: 1, Col: 1}}}
	if !info.Mode().IsRegular() {
		f.problems = append(f.problems, diag.At(f.value.Pos, "config", "%s is not a regular file", name))
		return f, nil
	}
	text, err := readFile(fsys, name)
	if err != nil {
		return file{}, unreadable(name, err)
	}
	value, problems := meta.Read(name, text, 1)
	f.problems = problems
	if value.Kind != meta.None {
		f.value = value
	}
	return f, nil
}

// readFile reads no more of a file than meta.Read takes and the byte by which it sees that there is more.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, meta.MaxFile+1))
}

// unreadable says once which file could not be read.
func unreadable(name string, err error) error {
	if at := (*fs.PathError)(nil); errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("read %s: %w", name, err)
}

// root is the file's value as a field, named as the file.
func (f file) root() meta.Field {
	return meta.Field{Key: f.path, Raw: f.path, Pos: f.value.Pos, Value: f.value}
}

// homeTitle is the title of the home page, by which a site without configuration is called. The folder's own name would not do: the
// same content must give the same site in any folder.
func homeTitle(fsys fs.FS) string {
	for _, name := range []string{"_index.md", "README.md", "index.md"} {
		text, err := readFile(fsys, name)
		if err != nil {
			continue
		}
		if title := titleOf(name, strings.ReplaceAll(string(text), "\r\n", "\n")); title != "" {
			return title
		}
	}
	return "Opsbook"
}

var heading = regexp.MustCompile(`^ {0,3}#[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$`)

// inline is Markdown's marks around words: code, emphasis, links and images.
var inline = regexp.MustCompile("[`*]+|!?\\[([^\\]]*)\\]\\([^)]*\\)")

// titleOf returns the `title` of a page's front matter, else its first level-1 heading as plain text.
func titleOf(name, text string) string {
	text = strings.TrimPrefix(text, "\ufeff")
	if front := meta.SplitFront([]byte(text)); front.Line > 0 {
		value, _ := meta.Read(name, []byte(text[front.From:front.To]), front.Line)
		if title := value.Get("title").Str(); !title.IsZero() {
			return title.Text
		}
		text = text[front.Body:]
	}
	fenced := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~") {
			fenced = !fenced
		}
		if m := heading.FindStringSubmatch(line); m != nil && !fenced {
			return strings.TrimSpace(inline.ReplaceAllString(m[1], "$1"))
		}
	}
	return ""
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
