package meta

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"opsbook/internal/charset"
	"opsbook/internal/diag"
)

// The limits of what is read. Front matter of real pages is below 4 KiB; a directory of a thousand people is below 500 KiB. Nothing that
// people write by hand nests deeper than six.
const (
	MaxFront = 64 << 10 // bytes of front matter
	MaxFile  = 1 << 20  // bytes of a YAML file
	MaxDepth = 32
)

// Read reads YAML into a Value whose positions are lines and columns of file; firstLine is the line of file on which src starts. What
// is wrong is returned as diagnostics, together with everything that could be read all the same: a page with a broken key keeps the
// others.
func Read(file string, src []byte, firstLine int) (Value, []diag.Diagnostic) {
	start := diag.Pos{File: file, Line: firstLine, Col: 1}
	if len(src) > MaxFile {
		return Value{}, []diag.Diagnostic{diag.At(start, RuleLimit, "the YAML is larger than %s KiB and is not read", MaxFile>>10)}
	}
	src, problems := charset.Clean(file, src, firstLine)
	s := scan(file, src, firstLine)
	for _, f := range s.found {
		if f.grade == sure {
			problems = append(problems, f.diag)
		}
	}
	if s.fatal {
		return Value{}, problems
	}
	d := decoder{scanner: s}
	var v Value
	if node, err := parse(s.lines); err != nil {
		v = d.salvage(err)
	} else {
		v = d.document(node, 0)
	}
	problems = append(problems, d.problems...)
	diag.Sort(problems)
	return v, problems
}

// parse gives lines to yaml.v3. It returns a nil node for YAML without a value.
func parse(lines [][]byte) (node *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil { // a fault of the library, not of the page
			node, err = nil, fmt.Errorf("yaml: %v", r)
		}
	}()
	var doc yaml.Node
	if err := yaml.Unmarshal(bytes.Join(lines, []byte{'\n'}), &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	return doc.Content[0], nil
}

// salvage reads YAML that is broken somewhere one top-level key at a time. A key that stays unreadable is reported, and kept as text
// when it stands on one line.
func (d *decoder) salvage(whole error) Value {
	s := d.scanner
	out := Value{Kind: Map, Pos: diag.Pos{File: s.file, Line: s.first, Col: 1}}
	explained := false
	starts := s.starts
	if len(starts) == 0 || len(bytes.TrimSpace(bytes.Join(s.lines[:starts[0]], nil))) > 0 {
		starts = append([]int{0}, starts...)
	}
	for n, from := range starts {
		to := len(s.lines)
		if n+1 < len(starts) {
			to = starts[n+1]
		}
		node, err := parse(s.lines[from:to])
		if err != nil {
			explained = d.explain(err, from, to) || explained
			if f, ok := d.oneLine(from, to); ok {
				out.Fields = append(out.Fields, f)
			}
			continue
		}
		if v := d.document(node, from); v.Kind == Map {
			out.Fields = append(out.Fields, v.Fields...)
		} else if v.Kind != None {
			explained = d.explain(whole, from, to) || explained
		}
	}
	if !explained {
		d.explain(whole, 0, len(s.lines))
	}
	out.Fields = d.unique(out.Fields, true)
	if len(out.Fields) == 0 {
		return Value{}
	}
	return out
}

// explain reports why lines from..to cannot be read: by what the scanner saw there, else in YAML's words. It reports whether anything
// was said, which a finding that was reported already counts as.
func (d *decoder) explain(err error, from, to int) bool {
	for _, g := range []grade{broken, maybe} {
		said := false
		for _, f := range d.scanner.found {
			if f.line < from || f.line >= to {
				continue
			}
			if f.grade == g {
				d.problems = append(d.problems, f.diag)
			}
			said = said || f.grade == g || f.grade == sure
		}
		if said {
			return true
		}
	}
	line, message, fix := translate(err)
	pos := diag.Pos{File: d.scanner.file, Line: d.scanner.first + min(from+max(line-1, 0), len(d.scanner.lines)-1), Col: 1}
	d.problems = append(d.problems, diag.Diagnostic{Pos: pos, Rule: RuleSyntax, Message: message, Hint: fix})
	return true
}

// oneLine returns a key and the rest of its line as text: what a reader would take it for.
func (d *decoder) oneLine(from, to int) (Field, bool) {
	if len(bytes.TrimSpace(bytes.Join(d.scanner.lines[from+1:to], nil))) > 0 {
		return Field{}, false
	}
	line := string(d.scanner.lines[from])
	end := colon([]byte(line))
	if end < 0 || strings.TrimSpace(line[end+1:]) == "" {
		return Field{}, false
	}
	raw := strings.Trim(line[:end], ` "'`)
	at := end + 1 + leading([]byte(line[end+1:]))
	text := strings.Trim(strings.TrimSpace(line[at:]), `"'`)
	return Field{
		Key: Canonical(raw), Raw: raw, Pos: d.pos(from, 1),
		Value: Value{Kind: Scalar, Text: text, Pos: d.pos(from, len([]rune(line[:at]))+1)},
	}, true
}

// yamlError takes yaml.v3's messages apart.
var yamlError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// translate says what yaml.v3 says in words for people, with a fix where there is one. line is 1-based, 0 when it is not known.
func translate(err error) (line int, message, fix diag.Text) {
	m := yamlError.FindStringSubmatch(err.Error())
	if m == nil {
		return 0, diag.T("the YAML cannot be read: %s", err), diag.Text{}
	}
	line, _ = strconv.Atoi(m[1])
	for _, t := range translations {
		if strings.Contains(m[2], t.theirs) {
			return line, t.ours, t.fix
		}
	}
	return line, diag.T("the YAML cannot be read: %s", m[2]), diag.Text{}
}

// translations are yaml.v3's words and ours, the more special first.
var translations = []struct {
	theirs    string
	ours, fix diag.Text
}{
	{"mapping values are not allowed", diag.T("a colon and a space stand where no key may be"), diag.T("put the value in quotes, or indent the line like the one above")},
	{"could not find expected ':'", diag.T("a key has no colon"), diag.T("write `key: value`")},
	{"cannot start any token", diag.T("a value starts with a character that has a meaning in YAML"), diag.T("put the value in quotes")},
	{"did not find expected key", diag.T("a key was expected here"), diag.T("indent the line like the keys around it, or put the value above in quotes")},
	{"did not find expected '-' indicator", diag.T("a list item was expected here"), diag.T("start the line with a dash, indented like the items above")},
	{"did not find expected ',' or", diag.T("a list or map in brackets is not closed"), diag.T("close the bracket, or put the text in quotes")},
	{"block sequence entries are not allowed", diag.T("a list item stands where none may be"), diag.T("start the list on the line below its key")},
	{"unexpected end of stream", diag.T("a quote or bracket is opened and never closed"), diag.T("close it, or leave it out")},
	{"unknown anchor", diag.T("an alias (`*name`) is not read here"), diag.T("put the text in quotes")},
	{"undefined tag handle", diag.T("a tag (`!name`) is not read here"), diag.T("put the text in quotes")},
	{"alphabetic or numeric character", diag.T("text cannot start with `*` or `&` in YAML"), diag.T("put the text in quotes")},
	{"tab character", diag.T("the line is indented with a tab, which YAML does not allow"), diag.T("use two spaces for each level")},
	{"escape", diag.T("a backslash stands before a character that it cannot"), diag.T("use single quotes, in which a backslash is a backslash")},
}
