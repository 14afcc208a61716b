package meta

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"opsbook/internal/charset"
	"opsbook/internal/diag"
)

// decoder turns yaml.v3's nodes into Values and collects what is wrong with them.
type decoder struct {
	scanner  *scanner
	offset   int // index of the line on which the nodes' line 1 is
	problems []diag.Diagnostic
}

// pos returns the place of a column of a line, given by its index.
func (d *decoder) pos(line, col int) diag.Pos {
	return diag.Pos{File: d.scanner.file, Line: d.scanner.first + line, Col: d.scanner.narrow(line, col)}
}

// report adds a problem with a fix.
func (d *decoder) report(pos diag.Pos, fix, format string, args ...any) {
	d.problems = append(d.problems, diag.At(pos, RuleSyntax, format, args...).WithHint(fix))
}

// document turns the root node into a Value; a nil node is the zero Value.
func (d *decoder) document(n *yaml.Node, offset int) Value {
	if n == nil {
		return Value{}
	}
	d.offset = offset
	return d.value(n, 1)
}

// value turns a node into a Value.
func (d *decoder) value(n *yaml.Node, depth int) Value {
	v := Value{Pos: d.pos(d.offset+n.Line-1, n.Column)}
	if depth > MaxDepth {
		d.problems = append(d.problems, diag.At(v.Pos, RuleLimit, "the values are nested more than %s deep", MaxDepth).
			WithHint("take levels out: no key of a page has more than a few"))
		return v
	}
	switch n.Kind {
	case yaml.ScalarNode:
		return d.scalar(n, v)
	case yaml.AliasNode: // the scanner has said so
		v.Kind, v.Text = Scalar, "*"+n.Value
	case yaml.SequenceNode:
		v.Kind = List
		v.Items = slices.Grow(v.Items, len(n.Content))
		for _, item := range n.Content {
			v.Items = append(v.Items, d.value(item, depth+1))
		}
	case yaml.MappingNode:
		v.Kind = Map
		v.Fields = slices.Grow(v.Fields, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			if f, ok := d.field(n.Content[i], n.Content[i+1], depth); ok {
				v.Fields = append(v.Fields, f)
			}
		}
		v.Fields = d.unique(v.Fields, depth == 1)
	}
	return v
}

// scalar turns a scalar node into a Value. Text in quotes is never null and never mended.
func (d *decoder) scalar(n *yaml.Node, v Value) Value {
	v.Quoted = n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if !v.Quoted && n.Tag == "!!null" {
		v.Kind = Null
		return v
	}
	v.Kind, v.Text = Scalar, n.Value
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		v.Text = strings.TrimRight(v.Text, "\n")
	case !v.Quoted:
		v.Text = strings.Trim(v.Text, "\u00a0\u3000")
		if v.Text != n.Value {
			at, r := foreignEdge(n.Value)
			pos := v.Pos
			if !strings.Contains(n.Value, "\n") {
				pos.Col += at
			}
			d.report(pos, "delete it, or put the value in quotes", "the value has %s at its edge, which YAML keeps as part of it", charset.Name(r))
		}
	}
	return v
}

// foreignEdge returns the offset in code points of the first space at an edge of text that YAML does not know, and the space.
func foreignEdge(text string) (at int, r rune) {
	rs := []rune(text)
	if rs[0] == '\u00a0' || rs[0] == '\u3000' {
		return 0, rs[0]
	}
	at = len(rs)
	for at > 0 && (rs[at-1] == '\u00a0' || rs[at-1] == '\u3000') {
		at--
	}
	return at, rs[at]
}

// field turns a key and its value into a Field. ok is false when it is not one that can be read.
func (d *decoder) field(k, n *yaml.Node, depth int) (f Field, ok bool) {
	pos := d.pos(d.offset+k.Line-1, k.Column)
	switch {
	case k.Kind != yaml.ScalarNode && k.Kind != yaml.AliasNode:
		d.report(pos, "put text that starts with a bracket in quotes, such as \"{{ name }}\"", "a list or map in brackets cannot be a key")
		return f, false
	case k.Tag == "!!merge":
		d.report(pos, "write the values out", "%q merges other values, which is not read here", k.Value)
		return f, false
	}
	raw := k.Value
	if k.Style == 0 {
		raw = d.mended(raw, pos)
		if key, rest, cut := strings.Cut(raw, "："); cut && n.Kind == yaml.ScalarNode && n.Value == "" {
			pos := pos
			pos.Col += len([]rune(key))
			d.report(pos, "write an ordinary colon and a space", "the key %q ends in a full-width colon (：)", key)
			value := Value{Kind: Scalar, Text: strings.TrimSpace(rest), Pos: pos}
			value.Pos.Col++
			return Field{Key: Canonical(key), Raw: key, Pos: d.pos(d.offset+k.Line-1, k.Column), Value: value}, true
		}
	}
	return Field{Key: Canonical(raw), Raw: raw, Pos: pos, Value: d.value(n, depth+1)}, true
}

// mended returns a key without spaces at its edges that YAML does not know, and reports them.
func (d *decoder) mended(raw string, pos diag.Pos) string {
	out := strings.Trim(raw, "\u00a0\u3000")
	if out != raw {
		at, r := foreignEdge(raw)
		pos.Col += at
		d.report(pos, "delete it", "the key has %s at its edge", charset.Name(r))
	}
	return out
}

// unique reports keys that were written twice and keeps the first. At the top, two spellings of one key are the same key; below, keys
// can be a site's own words.
func (d *decoder) unique(fields []Field, top bool) []Field {
	seen := make(map[string]diag.Pos, len(fields))
	out := fields[:0]
	for _, f := range fields {
		name := f.Raw
		if top {
			name = f.Key
		}
		before, twice := seen[name]
		if !twice {
			seen[name] = f.Pos
			out = append(out, f)
			continue
		}
		problem := diag.At(f.Pos, RuleSyntax, "the key %q was given already in line %s; that one counts", f.Raw, before.Line)
		d.problems = append(d.problems, problem.WithHint("delete one of them").WithRelated(before, "first given here"))
	}
	return out
}
