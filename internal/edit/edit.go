// Package edit changes one value in the front matter of a Markdown file, after people have written it, and keeps every other byte.
//
// `opsbook review` and `opsbook archive` write into files that somebody else keeps: their comments, quotes, order of keys, line ends and
// byte order mark are theirs. What cannot be changed without a doubt is an error, and the file stays as it is.
package edit

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"opsbook/internal/meta"
)

const bom = "\ufeff"

// Set returns the text with one value of its front matter changed, or added as its last key. Spellings of a key that mean the same
// (last_reviewed, last-reviewed, lastReviewed) are one key, and the file's own stays. A text without front matter gets one. The error
// says what in the file stands in the way.
func Set(src []byte, key, value string) ([]byte, error) {
	out, err := set(src, key, value)
	if err != nil {
		return nil, fmt.Errorf("set %s: %w", key, err)
	}
	return out, nil
}

func set(src []byte, key, value string) ([]byte, error) {
	if !utf8.Valid(src) {
		return nil, errors.New("the file is not UTF-8")
	}
	if !utf8.ValidString(value) {
		return nil, errors.New("the value is not UTF-8")
	}
	t := split(src)
	front := meta.SplitFront(t.normal())
	switch {
	case front.TOML:
		return nil, errors.New("the front matter is TOML; write it as YAML, between lines of three dashes")
	case front.Open:
		return nil, errors.New("the front matter has no closing line; add a line of three dashes below it")
	case front.Line == 0:
		return t.withFront(key, value), nil
	}
	from, to := front.Line-1, front.BodyLine-2
	t.before, t.lines, t.after = t.lines[:from], slices.Clip(t.lines[from:to]), t.lines[to:]
	if err := t.change(key, value); err != nil {
		return nil, err
	}
	return t.bytes(), nil
}

// text is a file as lines, which keep their ends, so that what is not touched comes out as it went in.
type text struct {
	mark   string // the byte order mark, if there is one
	before []line // what is above the front matter's keys
	lines  []line
	after  []line
}

type line struct {
	text, end string
}

func split(src []byte) *text {
	t := &text{}
	rest := string(src)
	if after, found := strings.CutPrefix(rest, bom); found {
		t.mark, rest = bom, after
	}
	for rest != "" {
		i := strings.IndexAny(rest, "\r\n")
		if i < 0 {
			t.lines = append(t.lines, line{text: rest})
			break
		}
		end := rest[i : i+1]
		if strings.HasPrefix(rest[i:], "\r\n") {
			end = "\r\n"
		}
		t.lines = append(t.lines, line{text: rest[:i], end: end})
		rest = rest[i+len(end):]
	}
	return t
}

// normal is the text as the rest of the program reads it: line feeds only.
func (t *text) normal() []byte { return normal(t.lines) }

func normal(lines []line) []byte {
	var b bytes.Buffer
	for _, l := range lines {
		b.WriteString(l.text)
		if l.end != "" {
			b.WriteByte('\n')
		}
	}
	return b.Bytes()
}

func (t *text) bytes() []byte {
	var b bytes.Buffer
	b.WriteString(t.mark)
	for _, part := range [][]line{t.before, t.lines, t.after} {
		for _, l := range part {
			b.WriteString(l.text)
			b.WriteString(l.end)
		}
	}
	return b.Bytes()
}

// withFront adds front matter to a text that has none.
func (t *text) withFront(key, value string) []byte {
	end := "\n"
	if len(t.lines) > 0 && t.lines[0].end != "" {
		end = t.lines[0].end
	}
	added := []line{{"---", end}, {entry(key, value), end}, {"---", end}}
	if len(t.lines) > 0 && strings.TrimSpace(t.lines[0].text) != "" {
		added = append(added, line{"", end})
	}
	t.lines = append(added, t.lines...)
	return t.bytes()
}

func entry(key, value string) string { return key + ": " + scalar(value, 0) }

// change changes or adds a key in the lines of YAML, and makes sure that nothing else means something else now.
func (t *text) change(key, value string) error {
	old, err := mapping(t.lines)
	if err != nil {
		return err
	}
	at, err := find(old, key)
	if err != nil {
		return err
	}
	if at < 0 {
		indent := ""
		if len(old.Content) > 0 {
			indent = strings.Repeat(" ", old.Content[0].Column-1)
		}
		t.lines = append(t.lines, line{indent + entry(key, value), t.before[0].end})
	} else if err := t.replace(old, at, value); err != nil {
		return err
	}
	return verify(old, at, value, t.lines)
}

// mapping parses lines of YAML into the mapping of their keys.
func mapping(lines []line) (*yaml.Node, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(normal(lines), &document); err != nil {
		return nil, fmt.Errorf("the front matter cannot be read: %s; mend it first", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(document.Content) == 0 {
		return &yaml.Node{Kind: yaml.MappingNode}, nil
	}
	root := document.Content[0]
	switch {
	case root.Kind != yaml.MappingNode:
		return nil, errors.New("the front matter is not a list of keys")
	case root.Style&yaml.FlowStyle != 0:
		return nil, errors.New("the front matter is in braces; write one key per line")
	}
	return root, nil
}

// find returns the index of a key in the content of a mapping, or -1.
func find(root *yaml.Node, key string) (int, error) {
	at := -1
	for i := 0; i+1 < len(root.Content); i += 2 {
		if meta.Canonical(root.Content[i].Value) != meta.Canonical(key) {
			continue
		}
		if at >= 0 {
			return 0, fmt.Errorf("the key is there twice, in lines %d and %d; delete one", root.Content[at].Line+1, root.Content[i].Line+1)
		}
		at = i
	}
	return at, nil
}

// verify compares the front matter before and after.
func verify(old *yaml.Node, at int, value string, lines []line) error {
	now, err := mapping(lines)
	if err != nil {
		return fmt.Errorf("the change would break it: %w", err)
	}
	if at < 0 {
		at = len(old.Content)
	}
	ok := len(now.Content) >= len(old.Content) && at+1 < len(now.Content) && now.Content[at+1].Value == value
	for i := 0; ok && i < len(old.Content); i++ {
		ok = i == at+1 || same(old.Content[i], now.Content[i])
	}
	if !ok {
		return errors.New("the front matter is written in a way that cannot be changed safely; change it by hand")
	}
	return nil
}

// same reports whether two values mean the same, wherever they stand. An alias is compared by its name.
func same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Tag != b.Tag || a.Value != b.Value || a.Anchor != b.Anchor || len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !same(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}
