package doctype

import (
	"encoding/json"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"opsbook/internal/meta"
)

// plan is a schema as the shaping of values needs it: which kinds a value may have and which keys it knows, with references, combinations
// and alternatives flattened. Validation is the compiled schema's business.
type plan struct {
	kinds  kindSet
	props  map[string]*plan
	others *plan // of values below keys that props does not name; nil when they are unknown
	open   bool  // any key is fine
	items  *plan
	limits limits
}

// kindSet is a set of JSON types.
type kindSet uint8

const (
	text kindSet = 1 << iota
	number
	integer
	boolean
	array
	object
)

var kinds = map[string]kindSet{"string": text, "number": number, "integer": integer, "boolean": boolean, "array": array, "object": object}

// newPlan flattens a compiled schema.
func newPlan(s *jsonschema.Schema) *plan {
	return planner{}.plan(s)
}

// planner remembers the plans of schemas that refer to themselves.
type planner map[*jsonschema.Schema]*plan

func (p planner) plan(s *jsonschema.Schema) *plan {
	if known, ok := p[s]; ok {
		return known
	}
	out := &plan{}
	p[s] = out
	p.merge(out, s, true)
	out.open = out.open || len(out.props) == 0
	return out
}

// merge adds what a schema and everything it combines allow, and, when they hold for certain, its conditions.
func (p planner) merge(out *plan, s *jsonschema.Schema, certain bool) {
	if s == nil {
		return
	}
	if certain {
		p.constrain(out, s)
	}
	if s.Types != nil {
		for _, name := range s.Types.ToStrings() {
			out.kinds |= kinds[name]
		}
	}
	for name, prop := range s.Properties {
		if out.props == nil {
			out.props = map[string]*plan{}
		}
		if before := out.props[name]; before != nil && before != p[prop] {
			both := *before
			p.merge(&both, prop, true)
			out.props[name] = &both
			continue
		}
		out.props[name] = p.plan(prop)
	}
	switch rest := s.AdditionalProperties.(type) {
	case *jsonschema.Schema:
		out.others = p.plan(rest)
	case bool:
		out.open = out.open || rest
	}
	if len(s.PatternProperties) > 0 {
		out.open = true
	}
	if s.Items2020 != nil {
		out.items = p.plan(s.Items2020)
	}
	p.merge(out, s.Ref, certain)
	for _, part := range s.AllOf {
		p.merge(out, part, certain)
	}
	for _, list := range [][]*jsonschema.Schema{s.AnyOf, s.OneOf, {s.If, s.Then, s.Else}} {
		for _, part := range list {
			p.merge(out, part, false)
		}
	}
}

// shape turns a value into what the validator reads. A scalar takes the type that the schema asks for, never the one that its text looks
// like; a scalar where a list is wanted is a list of one. Keys that nobody knows are left out.
func (p *plan) shape(v meta.Value) any {
	switch v.Kind {
	case meta.Scalar:
		return p.scalar(v)
	case meta.List:
		list := make([]any, len(v.Items))
		for i, item := range v.Items {
			list[i] = p.below().shape(item)
		}
		return list
	case meta.Map:
		m := make(map[string]any, len(v.Fields))
		for _, f := range v.Fields {
			if child := p.child(f); child != nil {
				m[f.Key] = child.shape(f.Value)
			}
		}
		return m
	default:
		return nil
	}
}

// anything is the plan of values that no schema speaks of.
var anything = &plan{open: true}

func (p *plan) below() *plan {
	if p.items != nil {
		return p.items
	}
	return anything
}

// child is the plan of a field's value, or nil when nobody knows its key.
func (p *plan) child(f meta.Field) *plan {
	switch child, ok := p.props[f.Key]; {
	case ok:
		return child
	case p.others != nil:
		return p.others
	case p.open:
		return anything
	default:
		return nil
	}
}

func (p *plan) scalar(v meta.Value) any {
	switch {
	case p.kinds == 0 || p.kinds&text != 0:
		return v.Text
	case p.kinds&boolean != 0 && (v.Text == "true" || v.Text == "false"):
		return v.Text == "true"
	case p.kinds&(number|integer) != 0 && isNumber(v.Text):
		return json.Number(v.Text)
	case p.kinds&array != 0:
		return []any{p.below().shape(v)}
	default:
		return v.Text
	}
}

// isNumber reports whether text is a number of JSON, plainly written.
func isNumber(s string) bool {
	if len(s) > 32 || !json.Valid([]byte(s)) {
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}
