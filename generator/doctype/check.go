package doctype

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// The rules that Check reports under.
const (
	ruleSchema  = "meta-schema"
	ruleUnknown = "meta-unknown-key"
)

// Check holds front matter against the schema. Keys that the schema does not know are reported unless they are among extra, with the
// severity preset: an error when one of ours is within two letters, for its value is lost; else a warning. Position is the value's own;
// that of a missing key is the map that lacks it.
func (s *Schema) Check(v meta.Value, extra ...string) []diag.Diagnostic {
	if v.Kind == meta.None {
		v.Kind = meta.Map
	}
	if v.Kind != meta.Map {
		return []diag.Diagnostic{diag.At(v.Pos, ruleSchema, "front matter must be keys and values, got %s", got(v))}
	}
	out := s.unknown(nil, s.plan, v, extra, true)
	if s.plan.fine(v) {
		diag.Sort(out)
		return out
	}
	err := s.compiled.Validate(s.plan.shape(v))
	var failed *jsonschema.ValidationError
	if errors.As(err, &failed) {
		for _, leaf := range leaves(failed, v) {
			out = append(out, s.explain(leaf, v)...)
		}
	}
	diag.Sort(out)
	return slices.CompactFunc(out, same)
}

func same(a, b diag.Diagnostic) bool {
	return a.Pos == b.Pos && a.Rule == b.Rule && a.Message.String() == b.Message.String()
}

// unknown reports the keys of a map, and of every map in it, that the schema does not describe.
func (s *Schema) unknown(out []diag.Diagnostic, p *plan, v meta.Value, extra []string, top bool) []diag.Diagnostic {
	for _, item := range v.Items {
		if item.Kind != meta.Scalar {
			out = s.unknown(out, p.below(), item, nil, false)
		}
	}
	for _, f := range v.Fields {
		child := p.child(f)
		switch {
		case child != nil:
			if f.Value.Kind == meta.Map || f.Value.Kind == meta.List {
				out = s.unknown(out, child, f.Value, nil, false)
			}
		case top && (s.accepted[f.Key] || slices.Contains(extra, f.Key)):
		default:
			out = append(out, s.unknownKey(p, f, top))
		}
	}
	return out
}

func (s *Schema) unknownKey(p *plan, f meta.Field, top bool) diag.Diagnostic {
	known := make([]string, 0, len(p.props))
	for key := range p.props {
		known = append(known, key)
	}
	slices.Sort(known)
	d := diag.At(f.Pos, ruleUnknown, "unknown key %q", f.Raw)
	d.Severity = diag.Warning
	if others := s.elsewhere[f.Key]; top && len(others) > 0 {
		return d.WithHint("it is a key of %s", strings.Join(others, ", "))
	}
	if near, ok := diag.Nearest(f.Key, known); ok {
		d.Severity = diag.Error
		return d.WithHint("did you mean %q?", near)
	}
	if top {
		return d.WithHint("put keys of your own below extra, or name them in extra_keys of opsbook.yaml")
	}
	return d.WithHint("the keys here are %s", strings.Join(known, ", "))
}

// leaves are the innermost errors. Of alternatives of which a value met none, those count that ask for the kind of value that was written.
func leaves(e *jsonschema.ValidationError, root meta.Value) []*jsonschema.ValidationError {
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		return alternative(e, root)
	}
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var out []*jsonschema.ValidationError
	for _, c := range e.Causes {
		out = append(out, leaves(c, root)...)
	}
	return out
}

// alternative returns what is wrong with a value by the alternative that its writer meant: the first whose kind is right. When none is, all
// kinds that would be right are named.
func alternative(e *jsonschema.ValidationError, root meta.Value) []*jsonschema.ValidationError {
	merged := &kind.Type{}
	for _, c := range e.Causes {
		inner := leaves(c, root)
		i := slices.IndexFunc(inner, func(l *jsonschema.ValidationError) bool {
			_, wrongKind := l.ErrorKind.(*kind.Type)
			return wrongKind && len(l.InstanceLocation) == len(e.InstanceLocation)
		})
		if i < 0 {
			return inner
		}
		merged.Want = append(merged.Want, inner[i].ErrorKind.(*kind.Type).Want...)
	}
	return []*jsonschema.ValidationError{{SchemaURL: e.SchemaURL, InstanceLocation: e.InstanceLocation, ErrorKind: merged}}
}

// find follows a JSON pointer to a value, its field's name and its place. A scalar stands for a list of one.
func find(root meta.Value, pointer []string) (v meta.Value, name string, pos diag.Pos) {
	v, pos = root, root.Pos
	for _, step := range pointer {
		switch v.Kind {
		case meta.Map:
			i := slices.IndexFunc(v.Fields, func(f meta.Field) bool { return f.Key == step })
			if i < 0 {
				return v, name, pos
			}
			f := v.Fields[i]
			v, name = f.Value, f.Raw
			pos = place(v, f)
		case meta.List:
			if i, err := strconv.Atoi(step); err == nil && i < len(v.Items) {
				v = v.Items[i]
				if v.Pos.Line > 0 {
					pos = v.Pos
				}
			}
		}
	}
	return v, name, pos
}
