package doctype

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// english prints what the schema library has to say where we have no words of our own.
var english = message.NewPrinter(language.English)

// explain says in our words what a validator found.
func (s *Schema) explain(e *jsonschema.ValidationError, root meta.Value) []diag.Diagnostic {
	v, name, pos := find(root, e.InstanceLocation)
	if pos.Line == 0 {
		pos = diag.Pos{File: root.Pos.File, Line: 1, Col: 1}
	}
	at := func(format string, args ...any) diag.Diagnostic { return diag.At(pos, ruleSchema, format, args...) }
	d := at("%s is not valid: %s", name, e.ErrorKind.LocalizedString(english))
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		return s.missing(k.Missing, e.InstanceLocation, name, pos)
	case *kind.Type:
		d = s.wrongKind(at, e, k, v, name)
	case *kind.Enum:
		d = oneOf(at, name, k.Want, v)
	case *kind.Const:
		d = at("%s must be %q, got %q", name, fmt.Sprint(k.Want), v.Text)
	case *kind.Pattern:
		d = at("%s must match %s, got %q", name, k.Want, v.Text)
		if noun := nouns[s.format(e.InstanceLocation)]; !noun.IsZero() {
			d = at("%s must be %s, got %q", name, noun, v.Text)
		}
	case *kind.Format:
		noun := nouns[k.Want]
		if noun.IsZero() {
			noun = diag.T("a valid %s", k.Want)
		}
		d = at("%s must be %s, got %q", name, noun, v.Text)
	case *kind.MinItems:
		d = at("%s must have at least %s", name, entries(k.Want))
	case *kind.MaxItems:
		d = at("%s must have at most %s", name, entries(k.Want))
	case *kind.MinLength:
		d = at("%s must have at least %s", name, characters(k.Want))
	case *kind.MaxLength:
		d = at("%s must have at most %s", name, characters(k.Want))
	case *kind.UniqueItems:
		d = at("%s names the same thing twice", name)
	case *kind.Minimum:
		d = at("%s must be at least %s, got %s", name, rat(k.Want), v.Text)
	case *kind.Maximum:
		d = at("%s must be at most %s, got %s", name, rat(k.Want), v.Text)
	case *kind.ExclusiveMinimum:
		d = at("%s must be more than %s, got %s", name, rat(k.Want), v.Text)
	case *kind.ExclusiveMaximum:
		d = at("%s must be less than %s, got %s", name, rat(k.Want), v.Text)
	}
	return []diag.Diagnostic{d}
}

// missing reports keys that a map must have.
func (s *Schema) missing(keys, at []string, of string, pos diag.Pos) []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, key := range keys {
		d := diag.At(pos, ruleSchema, "%s is missing", key)
		if of != "" {
			d = diag.At(pos, ruleSchema, "%s needs %q", of, key)
		}
		if k, ok := s.lookUp(append(slices.Clone(at), key)); ok && k.Description["en"] != "" {
			d = d.WithHint("add %s: %s", key, lowerFirst(strings.TrimSuffix(k.Description["en"], ".")))
		}
		out = append(out, d)
	}
	return out
}

// wrongKind says which kind of value a key wants and which it got.
func (s *Schema) wrongKind(at func(string, ...any) diag.Diagnostic, e *jsonschema.ValidationError, k *kind.Type, v meta.Value, name string) diag.Diagnostic {
	if v.Kind == meta.Null {
		return at("%s has no value", name).WithHint("write a value or delete the line")
	}
	wants := slices.Compact(slices.Clone(k.Want))
	want := s.want(wants[0], e.InstanceLocation)
	for _, other := range wants[1:] {
		want = diag.T("%s or %s", want, s.want(other, e.InstanceLocation))
	}
	if v.Kind == meta.Scalar {
		return at("%s must be %s, got %q", name, want, v.Text)
	}
	return at("%s must be %s, got %s", name, want, got(v))
}

// want is the words for a JSON type where a key is.
func (s *Schema) want(jsonType string, at []string) diag.Text {
	switch jsonType {
	case "string":
		if noun := nouns[s.format(at)]; !noun.IsZero() {
			return noun
		}
		return diag.T("text")
	case "integer":
		return diag.T("a whole number")
	case "number":
		return diag.T("a number")
	case "boolean":
		return diag.T("true or false")
	case "array":
		return diag.T("a list")
	case "object":
		return diag.T("keys and values")
	default:
		return diag.T("%s", jsonType)
	}
}

// got is the words for what was written.
func got(v meta.Value) diag.Text {
	switch v.Kind {
	case meta.List:
		return diag.T("a list")
	case meta.Map:
		return diag.T("keys and values")
	case meta.Scalar:
		return diag.T("text")
	default:
		return diag.T("nothing")
	}
}

// oneOf reports a word that is none of a few.
func oneOf(at func(string, ...any) diag.Diagnostic, name string, want []any, v meta.Value) diag.Diagnostic {
	words := make([]string, len(want))
	for i, w := range want {
		words[i] = fmt.Sprint(w)
	}
	d := at("%s must be one of %s, got %q", name, strings.Join(words, ", "), v.Text)
	if near, ok := diag.Nearest(v.Text, words); ok {
		return d.WithHint("did you mean %q?", near)
	}
	return d
}

func entries(n int) diag.Text {
	if n == 1 {
		return diag.T("1 entry")
	}
	return diag.T("%s entries", n)
}

func characters(n int) diag.Text {
	if n == 1 {
		return diag.T("1 character")
	}
	return diag.T("%s characters", n)
}

func rat(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	f, _ := r.Float64()
	return fmt.Sprint(f)
}

func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}
