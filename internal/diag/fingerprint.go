package diag

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode"
)

// A Fault is what stays of a diagnostic when the lines around it move: no line number, and no number in its message.
type Fault struct {
	Rule    string `json:"rule"`
	File    string `json:"file"`
	Message string `json:"message"` // in English, every run of digits as 0
	Text    string `json:"text"`    // hash of its line without the white space around it; "" for what a file as a whole lacks
}

// FaultOf returns the fault that a diagnostic reports. Line returns a line of a file, 1-based, as a person edits it. What stands at the
// first line is said of the file, whatever the line holds.
func FaultOf(d Diagnostic, line func(file string, n int) string) Fault {
	f := Fault{Rule: d.Rule, File: d.Pos.File, Message: withoutNumbers(d.Message.String())}
	if d.Pos.Line > 1 {
		f.Text = short(strings.TrimSpace(line(d.Pos.File, d.Pos.Line)))
	}
	return f
}

// Compare orders faults by file, rule, message and text.
func (f Fault) Compare(g Fault) int {
	return cmp.Or(cmp.Compare(f.File, g.File), cmp.Compare(f.Rule, g.Rule), cmp.Compare(f.Message, g.Message), cmp.Compare(f.Text, g.Text))
}

// Faults returns the faults of diagnostics, in their order.
func Faults(ds []Diagnostic, line func(file string, n int) string) []Fault {
	faults := make([]Fault, len(ds))
	for i, d := range ds {
		faults[i] = FaultOf(d, line)
	}
	return faults
}

// Fingerprints returns a name for each fault, in their order, that is the same as long as the fault is. Of equal faults the second has
// another name than the first.
func Fingerprints(faults []Fault) []string {
	names := make([]string, len(faults))
	seen := map[Fault]int{}
	for i, f := range faults {
		seen[f]++
		names[i] = short(strings.Join([]string{f.Rule, f.File, f.Message, f.Text}, "\x00")) + ":" + strconv.Itoa(seen[f])
	}
	return names
}

// Unknown reports for each fault whether it is beyond those that are known: equal ones count. A fault whose line was edited, or which now
// stands on another, is still the old one, as long as the old one is not there too.
func Unknown(faults, known []Fault) []bool {
	exact, alike := map[Fault]int{}, map[Fault]int{}
	for _, f := range known {
		exact[f]++
	}
	fresh := make([]bool, len(faults))
	for i, f := range faults {
		if exact[f] > 0 {
			exact[f]--
			continue
		}
		fresh[i] = true
	}
	for f, n := range exact {
		f.Text = ""
		alike[f] += n
	}
	for i, f := range faults {
		f.Text = ""
		if fresh[i] && alike[f] > 0 {
			alike[f]--
			fresh[i] = false
		}
	}
	return fresh
}

// withoutNumbers makes messages equal that differ in dates, counts and lines only.
func withoutNumbers(s string) string {
	var b strings.Builder
	was := false
	for _, r := range s {
		is := unicode.IsDigit(r)
		switch {
		case !is:
			b.WriteRune(r)
		case !was:
			b.WriteByte('0')
		}
		was = is
	}
	return b.String()
}

// short is a hash that no two of a site's lines share by chance: 64 bits.
func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}
