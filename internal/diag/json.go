package diag

import (
	"encoding/json"
	"io"
)

// jsonSchema is the version of the report that WriteJSON writes; it rises when a field changes its meaning or goes.
const jsonSchema = 1

type jsonReport struct {
	Schema      int              `json:"schema"`
	Diagnostics []jsonDiagnostic `json:"diagnostics"`
	Summary     Counts           `json:"summary"`
}

type jsonDiagnostic struct {
	Rule     string        `json:"rule"`
	Severity string        `json:"severity"`
	File     string        `json:"file"`
	Line     int           `json:"line"`
	Column   int           `json:"column"`
	Message  string        `json:"message"`
	Hint     string        `json:"hint"`
	Related  []jsonRelated `json:"related"`
}

type jsonRelated struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// WriteJSON writes one report of all diagnostics, sorted, for programs. Every field is always there; line and column are 1-based code
// points, and 0 means that they are not known.
func WriteJSON(w io.Writer, ds []Diagnostic, catalogue map[string]string) error {
	report := jsonReport{Schema: jsonSchema, Diagnostics: []jsonDiagnostic{}, Summary: Count(ds)}
	for _, d := range Sorted(ds) {
		report.Diagnostics = append(report.Diagnostics, toJSON(d, catalogue))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}

func toJSON(d Diagnostic, catalogue map[string]string) jsonDiagnostic {
	j := jsonDiagnostic{
		Rule: d.Rule, Severity: d.Severity.String(), File: d.Pos.File, Line: d.Pos.Line, Column: d.Pos.Col,
		Message: d.Message.In(catalogue), Hint: d.Hint.In(catalogue), Related: []jsonRelated{},
	}
	for _, r := range d.Related {
		j.Related = append(j.Related, jsonRelated{File: r.Pos.File, Line: r.Pos.Line, Column: r.Pos.Col, Message: r.Message.In(catalogue)})
	}
	return j
}
