package diag

import (
	"encoding/xml"
	"io"
	"strings"
	"unicode"
)

// The parts of JUnit's XML that test reports of GitLab, Jenkins and others read.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		Classname string        `xml:"classname,attr"`
		File      string        `xml:"file,attr,omitempty"`
		Line      int           `xml:"line,attr,omitempty"`
		Failure   *junitFailure `xml:"failure,omitempty"`
		Output    string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// WriteJUnit writes diagnostics as test results: a suite per file with something to say and a case per diagnostic, sorted. Fails says
// which are failures; the others are passed cases whose output is the message. Without any diagnostic there is one passed case, since an
// empty report counts as a broken run with some readers.
func WriteJUnit(w io.Writer, ds []Diagnostic, fails func(Diagnostic) bool, catalogue map[string]string) error {
	report := junitSuites{Name: "opsbook check"}
	suite := func(name string) *junitSuite {
		if n := len(report.Suites); n > 0 && report.Suites[n-1].Name == name {
			return &report.Suites[n-1]
		}
		report.Suites = append(report.Suites, junitSuite{Name: name})
		return &report.Suites[len(report.Suites)-1]
	}
	for _, d := range Sorted(ds) {
		name := Visible(d.Pos.File)
		if name == "" {
			name = "opsbook"
		}
		s := suite(name)
		message := Visible(d.Message.In(catalogue))
		c := junitCase{Name: strings.TrimPrefix(d.Rule+": "+oneLine(message), ": "), Classname: name, File: Visible(d.Pos.File), Line: d.Pos.Line}
		text := Visible(textOf(d, catalogue))
		if fails(d) {
			c.Failure = &junitFailure{Message: oneLine(message), Type: d.Severity.String(), Text: text}
			s.Failures++
			report.Failures++
		} else {
			c.Output = text
		}
		s.Cases = append(s.Cases, c)
		s.Tests++
		report.Tests++
	}
	if len(ds) == 0 {
		report.Tests = 1
		report.Suites = []junitSuite{{Name: "opsbook", Tests: 1, Cases: []junitCase{{Name: Counts{}.In(catalogue), Classname: "opsbook"}}}}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(report); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// textOf is a diagnostic as WriteText writes it, without colour.
func textOf(d Diagnostic, catalogue map[string]string) string {
	var b strings.Builder
	writeOne(&b, d, paint(false), catalogue)
	return strings.TrimSuffix(b.String(), "\n")
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Visible leaves only what XML 1.0 can hold and what does not change the direction of the text around it.
func Visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\uFFFE', r == '\uFFFF':
			return '\uFFFD'
		default:
			return r
		}
	}, strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n"))
}
