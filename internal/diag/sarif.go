package diag

import (
	"encoding/json"
	"io"
	"net/url"
	"path"
	"strings"
)

// Tool is the program that found diagnostics, as a report names it.
type Tool struct {
	Name    string
	Version string
	Rules   []RuleDoc
}

// RuleDoc is a rule as a report explains it. Help is Markdown.
type RuleDoc struct {
	ID, Title, Help string
	Severity        Severity
}

// The parts of SARIF 2.1.0 that we write (OASIS, sections 3.13 to 3.49).
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Language   string        `json:"language"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name     string      `json:"name"`
		Version  string      `json:"version,omitempty"`
		Language string      `json:"language"`
		Rules    []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string       `json:"id"`
		Short   sarifMessage `json:"shortDescription"`
		Help    *sarifHelp   `json:"help,omitempty"`
		Default struct {
			Level string `json:"level"`
		} `json:"defaultConfiguration"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifHelp struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown"`
	}
	sarifResult struct {
		RuleID    string            `json:"ruleId,omitempty"`
		RuleIndex *int              `json:"ruleIndex,omitempty"`
		Level     string            `json:"level"`
		Message   sarifMessage      `json:"message"`
		Locations []sarifLocation   `json:"locations,omitempty"`
		Related   []sarifLocation   `json:"relatedLocations,omitempty"`
		Prints    map[string]string `json:"partialFingerprints,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifMessage `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
)

// sarifPrint names our fingerprints; it changes when they are made in another way.
const sarifPrint = "opsbookFault/v1"

// WriteSARIF writes diagnostics, sorted, as a SARIF 2.1.0 log, which code scanning reads. Lang is the language of the catalogue. Files must be
// relative to the repository: see Under. Line is as in FaultOf.
func WriteSARIF(w io.Writer, ds []Diagnostic, tool Tool, lang string, catalogue map[string]string, line func(file string, n int) string) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Language: lang, Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: tool.Name, Version: tool.Version, Language: lang, Rules: []sarifRule{}}
	index := map[string]int{}
	for i, r := range tool.Rules {
		index[r.ID] = i
		rule := sarifRule{ID: r.ID, Short: sarifMessage{r.Title}}
		if r.Help != "" {
			rule.Help = &sarifHelp{Text: r.Help, Markdown: r.Help}
		}
		rule.Default.Level = sarifLevel(r.Severity)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, rule)
	}
	sorted := Sorted(ds)
	prints := Fingerprints(Faults(sorted, line))
	for i, d := range sorted {
		result := sarifResult{RuleID: d.Rule, Level: sarifLevel(d.Severity), Message: sarifMessage{sarifText(d, catalogue)}, Prints: map[string]string{sarifPrint: prints[i]}}
		if at, ok := index[d.Rule]; ok {
			result.RuleIndex = &at
		}
		if d.Pos.File != "" {
			result.Locations = []sarifLocation{sarifPlace(d.Pos)}
		}
		for _, r := range d.Related {
			if r.Pos.File != "" {
				place := sarifPlace(r.Pos)
				place.Message = &sarifMessage{r.Message.In(catalogue)}
				result.Related = append(result.Related, place)
			}
		}
		run.Results = append(run.Results, result)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

func sarifText(d Diagnostic, catalogue map[string]string) string {
	text := d.Message.In(catalogue)
	if !d.Hint.IsZero() {
		text += "\n" + T("hint: %s", d.Hint.In(catalogue)).In(catalogue)
	}
	return text
}

func sarifLevel(s Severity) string {
	if s == Info {
		return "note"
	}
	return s.String()
}

// sarifPlace leaves a column out if its line is not known: a region begins with a line.
func sarifPlace(p Pos) sarifLocation {
	var l sarifLocation
	parts := strings.Split(path.Clean(p.File), "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	if strings.Contains(parts[0], ":") {
		parts = append([]string{"."}, parts...) // what stands before a colon would be a scheme
	}
	l.Physical.Artifact.URI = strings.Join(parts, "/")
	if p.Line > 0 {
		l.Physical.Region = &sarifRegion{StartLine: p.Line, StartColumn: p.Col}
	}
	return l
}
