package alert

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"gopkg.in/yaml.v3"

	"opsbook/internal/charset"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// Parse reads one file. It is a function of the file alone, so that its result can be remembered.
func Parse(f File) Parsed {
	text, problems := charset.Clean(f.Path, f.Text, 1)
	r := &reader{file: f.Path, out: Parsed{Problems: problems}}
	docs, err := documents(text)
	if err != nil {
		r.refuse(err)
	}
	for _, doc := range docs {
		switch f.Kind {
		case Prometheus:
			r.prometheus(doc)
		case CloudFormation:
			r.cloudFormation(doc)
		default:
			r.list(doc)
		}
	}
	if len(r.out.Alerts) == 0 && len(r.out.Problems) == 0 && !r.known {
		r.wrong(diag.Pos{File: f.Path, Line: 1, Col: 1}, shapes[f.Kind], "the file has no alerts of the kind %s", f.Kind)
	}
	return r.out
}

// shapes say what a file of a kind looks like.
var shapes = map[string]diag.Text{
	Prometheus:     diag.T("a rule file has groups with rules, a manifest the same below spec"),
	CloudFormation: diag.T("a template has Resources of the type AWS::CloudWatch::Alarm or AWS::CloudWatch::CompositeAlarm"),
	List:           diag.T("a list has one {name, source, severity, owner} for each alert"),
}

// reader collects what a file says.
type reader struct {
	file  string
	known bool // the file has the form of its kind, if without alerts
	out   Parsed
}

func (r *reader) wrong(pos diag.Pos, hint diag.Text, format string, args ...any) {
	d := diag.At(pos, RuleSource, format, args...)
	d.Hint = hint
	r.out.Problems = append(r.out.Problems, d)
}

// yamlLine is where YAML's errors name a line.
var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// refuse says that a file is no YAML, as YAML says it.
func (r *reader) refuse(err error) {
	line, words := 1, err.Error()
	if m := yamlLine.FindStringSubmatch(words); m != nil {
		words = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	r.wrong(diag.Pos{File: r.file, Line: line, Col: 1}, diag.T("a file with template marks such as {{ }} can be read once they are filled in"),
		"the file cannot be read: %s", words)
}

func (r *reader) pos(n *yaml.Node) diag.Pos {
	return diag.Pos{File: r.file, Line: n.Line, Col: n.Column}
}

func (r *reader) str(n *yaml.Node) meta.Str {
	if text := scalar(n); text != "" {
		return meta.Str{Text: text, Pos: r.pos(n)}
	}
	return meta.Str{}
}

// surrogates is a character beyond the first 65,536 as JSON writes it and YAML does not know it.
var surrogates = regexp.MustCompile(`\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}`)

// documents reads every YAML document of a file; JSON is YAML but for surrogates. What comes before a fault is returned with it.
func documents(text []byte) (docs []*yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil { // a fault of the library, not of the file
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		text = surrogates.ReplaceAllFunc(text, func(pair []byte) []byte {
			high, _ := strconv.ParseUint(string(pair[2:6]), 16, 32)
			low, _ := strconv.ParseUint(string(pair[8:12]), 16, 32)
			return []byte(string(utf16.DecodeRune(rune(high), rune(low))))
		})
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		switch err := dec.Decode(&doc); {
		case errors.Is(err, io.EOF):
			return docs, nil
		case err != nil:
			return docs, err
		case len(doc.Content) > 0:
			docs = append(docs, doc.Content[0])
		}
	}
}

// follow returns what an alias stands for. YAML cannot nest one in itself on the way to a scalar, so a few steps are enough.
func follow(n *yaml.Node) *yaml.Node {
	for range 4 {
		if n == nil || n.Kind != yaml.AliasNode {
			return n
		}
		n = n.Alias
	}
	return nil
}

// get returns the value of a key of a map, nil when there is none. Keys that << merges in count where the map has none of its own.
func get(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		_, n = entry(n, key)
	}
	return n
}

// entry returns a key of a map and its value.
func entry(n *yaml.Node, key string) (k, v *yaml.Node) {
	n = follow(n)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil, nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i], follow(n.Content[i+1])
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if m := follow(n.Content[i+1]); n.Content[i].Value == "<<" && m != nil && m.Kind == yaml.MappingNode {
			for j := 0; j+1 < len(m.Content); j += 2 {
				if m.Content[j].Value == key {
					return m.Content[j], follow(m.Content[j+1])
				}
			}
		}
	}
	return nil, nil
}

// first returns the value of the first of some keys that a map has.
func first(n *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		if v := get(n, key); v != nil {
			return v
		}
	}
	return nil
}

// items returns the items of a list, nothing of anything else.
func items(n *yaml.Node) []*yaml.Node {
	n = follow(n)
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	all := make([]*yaml.Node, len(n.Content))
	for i, item := range n.Content {
		all[i] = follow(item)
	}
	return all
}

// scalar returns the text of a scalar without a tag of CloudFormation's.
func scalar(n *yaml.Node) string {
	n = follow(n)
	if n == nil || n.Kind != yaml.ScalarNode || strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") || n.Tag == "!!null" {
		return ""
	}
	return strings.TrimSpace(n.Value)
}
