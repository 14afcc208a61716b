// Package meta reads YAML safely into positioned values: text stays text, and everything knows its file, line and column.
//
// It stands between yaml.v3 and everyone who reads keys that people wrote (front matter, opsbook.yaml, directory.yaml, type.yaml).
// A Value is plain data: it can be remembered, merged and compared. YAML's aliases, merge keys and second documents are not read: nobody
// needs them to describe a page, and a few lines of them can grow to gigabytes.
package meta

import (
	"slices"
	"strconv"
	"strings"

	"opsbook/internal/diag"
)

// The rules of this package. What is written wrongly but can be read is reported and read.
const (
	RuleSyntax   = "meta-syntax"
	RuleDate     = "meta-date"
	RuleDuration = "meta-duration"
	RuleLimit    = "limit"
)

// Kind is what a Value holds.
type Kind uint8

// None is the zero Value: nothing was written. Null is a key without a value.
const (
	None Kind = iota
	Null
	Scalar
	List
	Map
)

// Text returns the kind as people call it.
func (k Kind) Text() diag.Text {
	switch k {
	case Scalar:
		return diag.T("text")
	case List:
		return diag.T("a list")
	case Map:
		return diag.T("keys and values")
	default:
		return diag.T("nothing")
	}
}

// Value is one YAML node: its text as written (a scalar is never guessed into a number, a boolean or a date), its items or its fields.
type Value struct {
	Kind   Kind
	Pos    diag.Pos
	Text   string // of a Scalar
	Quoted bool   // a Scalar in quotes or a block scalar
	Items  []Value
	Fields []Field
}

// Field is one key of a Map, in the order in which it was written.
type Field struct {
	Key   string // canonical snake_case
	Raw   string // as written
	Pos   diag.Pos
	Value Value
}

// Str is a piece of text somebody wrote and where. The zero Str was not written.
type Str struct {
	Text string
	Pos  diag.Pos
}

// String returns the text.
func (s Str) String() string { return s.Text }

// IsZero reports whether nothing was written.
func (s Str) IsZero() bool { return s.Text == "" }

// IsZero reports whether nothing was written, not even a key.
func (v Value) IsZero() bool { return v.Kind == None }

// Field returns the field of a Map with a canonical key.
func (v Value) Field(key string) (Field, bool) {
	for _, f := range v.Fields {
		if f.Key == key {
			return f, true
		}
	}
	return Field{}, false
}

// Get returns the value under a canonical key of a Map, the zero Value when there is none. Several keys lead into nested maps.
func (v Value) Get(keys ...string) Value {
	for _, key := range keys {
		f, _ := v.Field(key)
		v = f.Value
	}
	return v
}

// Has reports whether a Map has a canonical key, with a value or without.
func (v Value) Has(key string) bool {
	_, ok := v.Field(key)
	return ok
}

// Str returns a Scalar's text and place; anything else is the zero Str.
func (v Value) Str() Str {
	if v.Kind != Scalar {
		return Str{}
	}
	return Str{Text: v.Text, Pos: v.Pos}
}

// Strs returns the scalars of a List, leaving out the rest; a Scalar is a list of one.
func (v Value) Strs() []Str {
	switch v.Kind {
	case Scalar:
		return []Str{v.Str()}
	case List:
		var out []Str
		for _, item := range v.Items {
			if item.Kind == Scalar {
				out = append(out, item.Str())
			}
		}
		return out
	}
	return nil
}

// List returns the items of a List; a Scalar or a Map is a list of one.
func (v Value) List() []Value {
	switch v.Kind {
	case Scalar, Map:
		return []Value{v}
	}
	return v.Items
}

// Bool returns what a Scalar says: true, yes, on or false, no, off. ok is false for anything else.
func (v Value) Bool() (value, ok bool) {
	if v.Kind != Scalar {
		return false, false
	}
	switch strings.ToLower(v.Text) {
	case "true", "yes", "on":
		return true, true
	case "false", "no", "off":
		return false, true
	}
	return false, false
}

// Int returns the whole number of a Scalar.
func (v Value) Int() (n int, ok bool) {
	n, err := strconv.Atoi(v.Text)
	return n, v.Kind == Scalar && err == nil
}

// Float returns the number of a Scalar.
func (v Value) Float() (x float64, ok bool) {
	x, err := strconv.ParseFloat(v.Text, 64)
	return x, v.Kind == Scalar && err == nil && x-x == 0 // neither NaN nor infinite
}

// Merge returns a Map with the fields of over, then those of under that over does not have. Nested maps are not mixed: whoever writes
// `rollback:` writes all of it. A value that is not a Map counts as one without fields; two of them give the zero Value.
func Merge(over, under Value) Value {
	switch {
	case over.Kind != Map && under.Kind != Map:
		return Value{}
	case over.Kind != Map || len(over.Fields) == 0:
		return under
	case under.Kind != Map || len(under.Fields) == 0:
		return over
	}
	out := over
	out.Fields = slices.Clone(over.Fields)
	for _, f := range under.Fields {
		if !over.Has(f.Key) {
			out.Fields = append(out.Fields, f)
		}
	}
	return out
}
