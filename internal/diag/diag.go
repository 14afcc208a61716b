// Package diag is what is wrong with content: where, by which rule, and what a person can do about it.
//
// A Go error means that the machine failed; a Diagnostic means that a file did. Diagnostics are plain values, so that stages return
// them, memos keep them and replay them, and every output format writes the same ones.
package diag

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says how much a diagnostic matters. The zero value is Info.
type Severity uint8

// Info is worth knowing, Warning is old, incomplete or alone, Error is wrong, broken or unsafe.
const (
	Info Severity = iota
	Warning
	Error
)

// String returns the severity's word as users type and read it.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	default:
		return "info"
	}
}

// Pos is a place in a file. File is slash-separated and relative to the source; Line and Col are 1-based, Col in code points.
// A zero Line or Col means that it is not known.
type Pos struct {
	File string
	Line int
	Col  int
}

// String returns file:line:col, leaving out what is not known.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
	}
}

// Compare orders positions by file, line and column.
func (p Pos) Compare(q Pos) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// Text is a sentence for people: an English format and its arguments. The English format is the key under which a catalogue holds
// its translations, as in gettext, so a message is written once, where it arises.
type Text struct {
	Format string
	Args   []Arg
}

// Arg is a word that somebody wrote, or, with Text, a text of ours that is translated with the sentence it stands in.
type Arg struct {
	Word string
	Text *Text
}

// T makes a Text. Arguments are turned into strings at once (so that a Text stays plain data), but for those that are Texts; formats use
// %s and %q only.
func T(format string, args ...any) Text {
	t := Text{Format: format}
	for _, a := range args {
		if inner, ok := a.(Text); ok {
			t.Args = append(t.Args, Arg{Text: &inner})
			continue
		}
		t.Args = append(t.Args, Arg{Word: fmt.Sprint(a)})
	}
	return t
}

// IsZero reports whether there is nothing to say.
func (t Text) IsZero() bool { return t.Format == "" }

// String returns the text in English.
func (t Text) String() string { return t.In(nil) }

// In returns the text by a catalogue of translated formats, in English where the catalogue has none.
func (t Text) In(catalogue map[string]string) string {
	format := t.Format
	if translated, ok := catalogue[format]; ok {
		format = translated
	}
	if len(t.Args) == 0 {
		return format
	}
	args := make([]any, len(t.Args))
	for i, a := range t.Args {
		args[i] = a.Word
		if a.Text != nil {
			args[i] = a.Text.In(catalogue)
		}
	}
	return fmt.Sprintf(format, args...)
}

// Related is a second place that explains a diagnostic, such as the other of two equal ids.
type Related struct {
	Pos     Pos
	Message Text
}

// Diagnostic is one thing wrong with content.
type Diagnostic struct {
	Pos      Pos
	Rule     string
	Severity Severity
	Message  Text
	Hint     Text
	Related  []Related
}

// At starts a diagnostic of a rule. The severity is the rule's own; internal/check sets it, so that a site can change it.
func At(pos Pos, rule, format string, args ...any) Diagnostic {
	return Diagnostic{Pos: pos, Rule: rule, Message: T(format, args...)}
}

// WithHint returns the diagnostic with what a person can do about it.
func (d Diagnostic) WithHint(format string, args ...any) Diagnostic {
	d.Hint = T(format, args...)
	return d
}

// WithRelated returns the diagnostic with one more place that explains it.
func (d Diagnostic) WithRelated(pos Pos, format string, args ...any) Diagnostic {
	d.Related = append(slices.Clip(d.Related), Related{Pos: pos, Message: T(format, args...)})
	return d
}

// Sort orders diagnostics by position, then by rule and message, so that every run prints them alike.
func Sort(ds []Diagnostic) {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(a.Pos.Compare(b.Pos), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message.String(), b.Message.String()))
	})
}

// Counts is how many diagnostics there are of each severity.
type Counts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
}

// Count counts diagnostics by severity.
func Count(ds []Diagnostic) Counts {
	var c Counts
	for _, d := range ds {
		switch d.Severity {
		case Error:
			c.Errors++
		case Warning:
			c.Warnings++
		default:
			c.Infos++
		}
	}
	return c
}
