// Package alert reads what may wake somebody: it stands beside the pipeline, as history does, and the site asks it which alerts there are.
//
// Sources are files of other tools, read as those write them: Prometheus rule files and PrometheusRule manifests, CloudFormation templates,
// and plain lists. Nothing in them is executed and nothing is looked up elsewhere; what only a deployment knows (the name of a stack, a
// value imported from another) stays open in an alert's patterns.
package alert

import (
	"strings"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// RuleSource is the rule under which this package reports sources that say nothing.
const RuleSource = "alert-source"

// The kinds of sources, as opsbook.yaml calls them.
const (
	Prometheus     = "prometheus"
	CloudFormation = "cloudformation"
	List           = "list"
)

// Source is globs of files of one kind.
type Source struct {
	Kind  string
	Globs []meta.Str
}

// File is one source file. Path is relative to the folder of opsbook.yaml and slash-separated; it may start with ../
type File struct {
	Kind string
	Path string
	Text []byte
}

// Alert is one definition of an alert. The same name may be defined several times: by severity, by environment.
type Alert struct {
	Name     string
	Patterns []string // names that it may have once deployed, * for what is not known; none when Name is all of it
	Source   string   // what sends it: prometheus, cloudwatch, or what a list says
	Severity string   // as the source writes it
	Owner    meta.Str // team or owner, as the source writes it
	Summary  string
	Runbook  meta.Str // runbook_url or runbook
	Quiet    bool     // tells nobody: its actions are switched off
	Pos      diag.Pos
	Spot     Spot // where a runbook_url can be written
}

// Spot is where the annotations of a Prometheus rule are. The zero Spot is nowhere that a line can be added.
type Spot struct {
	Line   int  // of the key `annotations`, else of the key `alert`
	Indent int  // columns before the line to add
	Parent bool // there are no annotations: the key is to be added as well
}

// Parsed is what one file says.
type Parsed struct {
	Alerts   []Alert
	Problems []diag.Diagnostic
}

// Set is what all sources of a site say.
type Set struct {
	Alerts []Alert
	Whole  bool // there are sources and every one was understood: what is not here does not exist
}

// Gather puts what files say together. Problems are those of finding the files.
func Gather(files []Parsed, problems []diag.Diagnostic) (Set, []diag.Diagnostic) {
	s := Set{Whole: len(files) > 0 && len(problems) == 0}
	for _, f := range files {
		s.Alerts = append(s.Alerts, f.Alerts...)
		problems = append(problems, f.Problems...)
		s.Whole = s.Whole && len(f.Problems) == 0
	}
	return s, problems
}

// Answers reports whether a name is that of the alert: exactly, as one that it may have once deployed, or with its source before it
// (cloudwatch:orders-5xx).
func (a Alert) Answers(name string) bool {
	if a.is(name) {
		return true
	}
	source, rest, found := strings.Cut(name, ":")
	return found && (strings.EqualFold(source, a.Source) || strings.EqualFold(source, aliases[a.Source])) && a.is(rest)
}

// aliases are other words for what sends an alert.
var aliases = map[string]string{"cloudwatch": CloudFormation, Prometheus: "alertmanager"}

func (a Alert) is(name string) bool {
	if a.Name == name {
		return true
	}
	for _, p := range a.Patterns {
		if Match(p, name) {
			return true
		}
	}
	return false
}

// Match reports whether a name matches a pattern, in which * stands for any text.
func Match(pattern, name string) bool {
	head, rest, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == name
	}
	if !strings.HasPrefix(name, head) {
		return false
	}
	name = name[len(head):]
	for {
		part, after, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(name, part)
		}
		at := strings.Index(name, part)
		if at < 0 {
			return false
		}
		name, rest = name[at+len(part):], after
	}
}

// senders are words that name a source even where no source of that kind is configured.
var senders = []string{"prometheus", "alertmanager", "cloudwatch", "cloudformation"}

// Plain returns a name without the word for its source before it.
func Plain(name string) string {
	source, rest, found := strings.Cut(name, ":")
	if found && rest != "" {
		for _, s := range senders {
			if strings.EqualFold(s, source) {
				return rest
			}
		}
	}
	return name
}
