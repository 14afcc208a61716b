// Package meta reads YAML safely into positioned values: text stays text, and everything knows its file, line and column.
//
// It stands between yaml.v3 and everyone who reads keys that people wrote (front matter, opsbook.yaml, directory.yaml, type.yaml).
// A Value is plain data: it can be remembered, merged and compared.
package meta

import "opsbook/internal/diag"

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
