package doctype

import (
	"encoding/json"
	"math/big"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"opsbook/internal/meta"
)

// limits are the conditions of a schema beside the kinds of its value, as far as they are judged without the validator.
type limits struct {
	enum     []string
	pattern  jsonschema.Regexp
	format   *jsonschema.Format
	required []string
	min, max *jsonschema.Schema // hold the bounds of a number
	either   []*plan            // one of these must hold
	hard     bool               // has conditions that only the validator can judge
}

// constrain adds the conditions of a schema, but not of what it refers to.
func (p planner) constrain(out *plan, s *jsonschema.Schema) {
	l := &out.limits
	if s.Enum != nil {
		for _, v := range s.Enum.Values {
			word, ok := v.(string)
			l.hard = l.hard || !ok
			l.enum = append(l.enum, word)
		}
	}
	if s.Pattern != nil {
		l.hard = l.hard || l.pattern != nil
		l.pattern = s.Pattern
	}
	if s.Format != nil {
		l.hard = l.hard || l.format != nil
		l.format = s.Format
	}
	l.required = append(l.required, s.Required...)
	if s.Minimum != nil || s.ExclusiveMinimum != nil {
		l.hard = l.hard || l.min != nil
		l.min = s
	}
	if s.Maximum != nil || s.ExclusiveMaximum != nil {
		l.hard = l.hard || l.max != nil
		l.max = s
	}
	for _, part := range append(slices.Clone(s.OneOf), s.AnyOf...) {
		l.hard = l.hard || len(s.OneOf) > 0 && len(s.AnyOf) > 0
		l.either = append(l.either, p.plan(part))
	}
	l.hard = l.hard || s.If != nil || s.Not != nil || s.Const != nil || s.Bool != nil || s.DynamicRef != nil || s.RecursiveRef != nil ||
		s.MinProperties != nil || s.MaxProperties != nil || s.PropertyNames != nil || len(s.PatternProperties) > 0 || len(s.DependentRequired) > 0 ||
		len(s.DependentSchemas) > 0 || len(s.Dependencies) > 0 || s.UnevaluatedProperties != nil || s.UnevaluatedItems != nil ||
		s.MinItems != nil || s.MaxItems != nil || s.UniqueItems || s.Contains != nil || len(s.PrefixItems) > 0 || s.Items != nil ||
		s.MinLength != nil || s.MaxLength != nil || s.MultipleOf != nil || s.ContentEncoding != nil || s.ContentMediaType != nil || len(s.Extensions) > 0
	if b, ok := s.AdditionalProperties.(bool); ok && !b {
		l.hard = true
	}
}

// fine reports whether a value certainly passes the validator, without building anything for it. false means that the validator must say.
// Almost every page is fine, so almost none pays for the validator.
func (p *plan) fine(v meta.Value) bool {
	if p.limits.hard {
		return false
	}
	if len(p.limits.either) > 0 {
		return p.oneFine(v)
	}
	switch v.Kind {
	case meta.Scalar:
		return p.fineScalar(v)
	case meta.List:
		if p.kinds != 0 && p.kinds&array == 0 {
			return false
		}
		return !slices.ContainsFunc(v.Items, func(item meta.Value) bool { return !p.below().fine(item) })
	case meta.Map:
		if p.kinds != 0 && p.kinds&object == 0 {
			return false
		}
		return p.fineMap(v)
	default:
		return p.kinds == 0 && len(p.limits.enum) == 0
	}
}

// oneFine reports whether exactly one alternative is meant for the kind of value and holds.
func (p *plan) oneFine(v meta.Value) bool {
	if len(p.limits.required) > 0 || len(p.limits.enum) > 0 || p.limits.pattern != nil || p.limits.format != nil {
		return false // conditions beside the alternatives
	}
	var meant *plan
	for _, alternative := range p.limits.either {
		if !alternative.takes(v.Kind) {
			continue
		}
		if meant != nil {
			return false
		}
		meant = alternative
	}
	// Shaping goes by what all alternatives together allow; where that could differ from the one that is meant, the validator must say.
	return meant != nil && (v.Kind != meta.Scalar || meant.kinds == text) && meant.fine(v)
}

// takes reports whether a value of a kind can be meant.
func (p *plan) takes(k meta.Kind) bool {
	switch k {
	case meta.Scalar:
		return p.kinds&^(array|object) != 0 || p.kinds == 0
	case meta.List:
		return p.kinds&array != 0 || p.kinds == 0
	case meta.Map:
		return p.kinds&object != 0 || p.kinds == 0
	default:
		return true
	}
}

func (p *plan) fineMap(v meta.Value) bool {
	for _, key := range p.limits.required {
		if !slices.ContainsFunc(v.Fields, func(f meta.Field) bool { return f.Key == key }) {
			return false
		}
	}
	for _, f := range v.Fields {
		if child := p.child(f); child != nil && !child.fine(f.Value) {
			return false
		}
	}
	return true
}

func (p *plan) fineScalar(v meta.Value) bool {
	l := &p.limits
	switch {
	case p.kinds == 0 && len(l.enum) == 0 && l.pattern == nil && l.format == nil && l.min == nil && l.max == nil:
		return true
	case p.kinds&text != 0:
		return (len(l.enum) == 0 || slices.Contains(l.enum, v.Text)) && (l.pattern == nil || l.pattern.MatchString(v.Text)) &&
			(l.format == nil || l.format.Validate(v.Text) == nil)
	case p.kinds&boolean != 0 && (v.Text == "true" || v.Text == "false"):
		return len(l.enum) == 0
	case p.kinds&(number|integer) != 0 && isNumber(v.Text):
		return len(l.enum) == 0 && p.fineNumber(v.Text)
	case p.kinds&array != 0:
		return p.below().fine(v)
	default:
		return false
	}
}

func (p *plan) fineNumber(s string) bool {
	n, ok := new(big.Rat).SetString(json.Number(s).String())
	if !ok || p.kinds&number == 0 && !n.IsInt() {
		return false
	}
	if m := p.limits.min; m != nil {
		if m.Minimum != nil && n.Cmp(m.Minimum) < 0 || m.ExclusiveMinimum != nil && n.Cmp(m.ExclusiveMinimum) <= 0 {
			return false
		}
	}
	if m := p.limits.max; m != nil {
		if m.Maximum != nil && n.Cmp(m.Maximum) > 0 || m.ExclusiveMaximum != nil && n.Cmp(m.ExclusiveMaximum) >= 0 {
			return false
		}
	}
	return true
}
