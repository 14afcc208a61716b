package diag_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/joshdk/go-junit"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"opsbook/internal/diag"
)

func tool() diag.Tool {
	return diag.Tool{Name: "opsbook", Version: "1.2.3", Rules: []diag.RuleDoc{
		{ID: "link-broken", Title: "リンクの先がある", Help: "# リンクの先がある\n\n`x`", Severity: diag.Error},
		{ID: "owner-unknown", Title: "A page's owner exists", Severity: diag.Error},
	}}
}

func isError(d diag.Diagnostic) bool { return d.Severity == diag.Error }

func sampleLine(file string, n int) string { return fmt.Sprintf("  line %d of %s", n, file) }

// TestSARIFIsValid holds the report to the schema of SARIF 2.1.0, and to its fields: what the reader does not know, the schema could not see.
func TestSARIFIsValid(t *testing.T) {
	for name, ds := range map[string][]diag.Diagnostic{"some": sample(), "none": nil} {
		var b bytes.Buffer
		if err := diag.WriteSARIF(&b, ds, tool(), "en", nil, sampleLine); err != nil {
			t.Fatal(err)
		}
		report, err := sarif.FromBytes(b.Bytes()) // not strict: that writes a null for every list that is not there, and no null is valid
		if err != nil {
			t.Fatal(err)
		}
		report.Runs[0].NewlineSequences = []string{"\n"} // the reader's own empty list is not valid either
		if err := report.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		strict := json.NewDecoder(bytes.NewReader(b.Bytes()))
		strict.DisallowUnknownFields()
		if err := strict.Decode(new(sarif.Report)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := len(report.Runs[0].Results); got != len(ds) {
			t.Errorf("%s: %d results, want %d", name, got, len(ds))
		}
	}
}

func TestJUnitIsRead(t *testing.T) {
	var b bytes.Buffer
	if err := diag.WriteJUnit(&b, sample(), isError, nil); err != nil {
		t.Fatal(err)
	}
	suites, err := junit.Ingest(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range suites {
		for _, c := range s.Tests {
			got = append(got, fmt.Sprintf("%s %s %s", s.Name, c.Status, c.Name))
		}
	}
	want := []string{
		"opsbook passed dates are unknown: not a Git repository",
		"a.md passed review-overdue: first line second line",
		`a.md failed owner-unknown: no team or person has the id "dba"`,
		"evil\ufffd[2J\ufffd.md passed encoding: a name with a control character",
		`手順/障害,対応: 1.md failed link-broken: the link "../100%/x.md" leads nowhere`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// TestJUnitIsXML writes what content can hold and XML cannot, and asks a reader of XML.
func TestJUnitIsXML(t *testing.T) {
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatalf("xmllint is not installed (make setup installs it): %v", err)
	}
	nasty := diag.At(diag.Pos{File: "]]>&<\"'\x00\x0b\x7f\ufffe.md", Line: 1}, "x", "%s", "\x1b]]><a b='c'>&#0;\ud7ff\xff\xfe\ufffe\r\n\t終")
	for _, ds := range [][]diag.Diagnostic{nil, {nasty}, append(sample(), nasty)} {
		var b bytes.Buffer
		if err := diag.WriteJUnit(&b, ds, func(diag.Diagnostic) bool { return true }, nil); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(lint, "--noout", "-")
		cmd.Stdin = &b
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// file is lines of text whose faults are those with the word fault in them; a page that lacks a title is one on its first line.
func faultsOf(lines []string) []diag.Fault {
	ds := []diag.Diagnostic{diag.At(diag.Pos{File: "a.md", Line: 1, Col: 1}, "title-missing", "no title")}
	for i, line := range lines {
		if strings.Contains(line, "fault") {
			ds = append(ds, diag.At(diag.Pos{File: "a.md", Line: i + 1, Col: 1}, "fault", "a fault since %s on line %s", "2026-01-02", i+1))
		}
	}
	return diag.Faults(ds, func(_ string, n int) string { return lines[n-1] })
}

func TestFaultsStayTheSame(t *testing.T) {
	before := []string{"first", "fault one", "  fault two", "fault one"}
	filler := slices.Repeat([]string{"new"}, 50)
	tests := []struct {
		name string
		now  []string
		want []int // of the lines that are new faults
	}{
		{"as it was", before, nil},
		{"moved", slices.Concat(filler, before), nil},
		{"indented", []string{"first", "  fault one", "fault two", "fault one  "}, nil},
		{"edited", []string{"first", "fault one", "fault zwei", "fault one"}, nil},
		{"one mended", []string{"first", "fault one", "fault two"}, nil},
		{"a third equal one", append(slices.Clone(before), "fault one"), []int{5}},
		{"a new one above", slices.Concat([]string{"x", "fault new"}, before), []int{2}},
		{"a new one after 50 lines", slices.Concat(filler, before, []string{"fault new"}), []int{55}},
	}
	for _, tt := range tests {
		faults := faultsOf(tt.now)
		var at []int
		for i, line := range tt.now {
			if strings.Contains(line, "fault") {
				at = append(at, i+1)
			}
		}
		var got []int
		for i, fresh := range diag.Unknown(faults, faultsOf(before)) {
			if fresh && i == 0 {
				t.Errorf("%s: the missing title is new", tt.name)
			} else if fresh {
				got = append(got, at[i-1])
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: new on lines %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestFingerprintsDiffer(t *testing.T) {
	names := diag.Fingerprints(faultsOf([]string{"first", "fault one", "fault two", "fault one"}))
	moved := diag.Fingerprints(faultsOf([]string{"first", "", "fault one", "fault two", "fault one"}))
	if d := cmp.Diff(names, moved); d != "" {
		t.Errorf("moved lines change names:\n%s", d)
	}
	slices.Sort(names)
	if got := slices.Compact(names); len(got) != 4 {
		t.Errorf("%d names, want 4: %q", len(got), got)
	}
}
