package diag

import (
	"encoding/json"
	"io"
)

// gitlabSeverity is how GitLab calls severities; a merge request shows them by these words.
var gitlabSeverity = map[Severity]string{Error: "major", Warning: "minor", Info: "info"}

type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

// WriteGitLab writes a report of code quality, which GitLab shows in the diff of a merge request. Its fingerprints survive moved lines, as
// those of SARIF do; files are as the repository names them. Line is as in FaultOf.
func WriteGitLab(w io.Writer, ds []Diagnostic, catalogue map[string]string, line func(file string, n int) string) error {
	sorted := Sorted(ds)
	prints := Fingerprints(Faults(sorted, line))
	issues := []gitlabIssue{} // not null: GitLab wants a list
	for i, d := range sorted {
		text := d.Message.In(catalogue)
		if !d.Hint.IsZero() {
			text += " — " + d.Hint.In(catalogue)
		}
		issues = append(issues, gitlabIssue{
			Description: Visible(text), CheckName: d.Rule, Fingerprint: prints[i], Severity: gitlabSeverity[d.Severity],
			Location: gitlabLocation{Path: d.Pos.File, Lines: gitlabLines{Begin: max(d.Pos.Line, 1)}},
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(issues)
}
