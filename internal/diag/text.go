package diag

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// TextOptions is how WriteText writes. Catalogue translates messages and hints; the severity's word, the rule and the position stay
// as they are, since editors and greps read them.
type TextOptions struct {
	Color     bool
	Catalogue map[string]string
}

// WriteText writes diagnostics for people, sorted, with an empty line between files and the counts at the end:
//
//	runbooks/failover.md:3:8: error: no team or person has the id "dba" [owner-unknown]
//	  hint: did you mean "team-dba"?
//	  directory.yaml:4:5: teams are listed here
//
//	1 error
//
// Control and direction-changing characters are written as escapes: names and messages come from content, and a terminal obeys them.
func WriteText(w io.Writer, ds []Diagnostic, o TextOptions) error {
	b := bufio.NewWriter(w)
	p := paint(o.Color)
	sorted := Sorted(ds)
	for i, d := range sorted {
		if i > 0 && sorted[i-1].Pos.File != d.Pos.File {
			fmt.Fprintln(b)
		}
		writeOne(b, d, p, o.Catalogue)
	}
	if len(sorted) > 0 {
		fmt.Fprintln(b)
	}
	fmt.Fprintln(b, p.severity(worst(sorted), Count(sorted).In(o.Catalogue)))
	return b.Flush()
}

func writeOne(b io.Writer, d Diagnostic, p paint, catalogue map[string]string) {
	if place := printable(d.Pos.String()); place != "" {
		fmt.Fprintf(b, "%s: ", p.bold(place))
	}
	fmt.Fprintf(b, "%s: %s", p.severity(d.Severity, d.Severity.String()), printable(d.Message.In(catalogue)))
	if d.Rule != "" {
		fmt.Fprintf(b, " %s", p.dim("["+d.Rule+"]"))
	}
	fmt.Fprintln(b)
	if !d.Hint.IsZero() {
		fmt.Fprintf(b, "  %s\n", printable(T("hint: %s", d.Hint.In(catalogue)).In(catalogue)))
	}
	for _, r := range d.Related {
		fmt.Fprintf(b, "  %s: %s\n", p.dim(printable(r.Pos.String())), printable(r.Message.In(catalogue)))
	}
}

// In says the counts in words, worst first: "3 errors, 2 warnings"; "no problems" when there are none.
func (c Counts) In(catalogue map[string]string) string {
	var parts []string
	add := func(n int, one, many string) {
		switch {
		case n == 1:
			parts = append(parts, T(one).In(catalogue))
		case n > 1:
			parts = append(parts, T(many, n).In(catalogue))
		}
	}
	add(c.Errors, "1 error", "%s errors")
	add(c.Warnings, "1 warning", "%s warnings")
	add(c.Infos, "1 note", "%s notes")
	if len(parts) == 0 {
		return T("no problems").In(catalogue)
	}
	return strings.Join(parts, T(", ").In(catalogue))
}

// String says the counts in English.
func (c Counts) String() string { return c.In(nil) }

func worst(ds []Diagnostic) Severity {
	var s Severity
	for _, d := range ds {
		s = max(s, d.Severity)
	}
	return s
}

// printable escapes what a terminal would obey instead of showing. Zero-width joiners stay: emoji are made of them.
func printable(s string) string {
	if strings.IndexFunc(s, obeyed) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if !obeyed(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
	}
	return b.String()
}

func obeyed(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// paint wraps words in ANSI colours, or leaves them alone.
type paint bool

func (p paint) wrap(code, s string) string {
	if !p {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p paint) bold(s string) string { return p.wrap("1", s) }
func (p paint) dim(s string) string  { return p.wrap("2", s) }

// severity uses the eight basic colours, which every terminal theme keeps readable on its own background.
func (p paint) severity(severity Severity, s string) string {
	switch severity {
	case Error:
		return p.wrap("1;31", s)
	case Warning:
		return p.wrap("1;33", s)
	default:
		return p.wrap("1;36", s)
	}
}
