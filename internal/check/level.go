package check

import (
	"slices"

	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/diag"
)

// level is how much a rule matters on a site.
type level struct {
	least diag.Severity // a diagnostic that says that it is graver is
	fixed bool          // opsbook.yaml says so: no diagnostic knows better
	off   bool
}

func (l level) of(d diag.Diagnostic) diag.Severity {
	if l.fixed {
		return l.least
	}
	return max(l.least, d.Severity)
}

// weigh returns the level of every rule: its own, or what the site says.
func weigh(rules []Rule, overrides map[string]config.Override) map[string]level {
	levels := map[string]level{}
	for _, rule := range rules {
		l := level{least: rule.Severity}
		switch overrides[rule.ID].Level {
		case "off":
			l.off = true
		case "info":
			l = level{least: diag.Info, fixed: true}
		case "warning":
			l = level{least: diag.Warning, fixed: true}
		case "error":
			l = level{least: diag.Error, fixed: true}
		}
		levels[rule.ID] = l
	}
	return levels
}

// settings finds words of opsbook.yaml that only the rules and the types can understand.
func settings(s *site.Site, tell report) {
	var ids []string
	for _, rule := range Rules() {
		ids = append(ids, rule.ID)
	}
	for id, override := range s.Config.Rules {
		if !slices.Contains(ids, id) {
			tell(meant(diag.At(override.Pos, "config", "no rule has the id %q", id), id, ids, "opsbook list rules names them all"))
		}
	}
	var types []string
	for _, t := range s.Types.All {
		types = append(types, t.Name)
	}
	for name, spans := range s.Config.ReviewIn {
		for _, span := range spans {
			if name != "" && !slices.Contains(types, name) {
				tell(meant(diag.At(span.Pos, "config", "%q is neither a type nor a severity", name), name, slices.Concat(types, s.Config.Severities),
					"types have a folder below _types, severities are listed under severities"))
			}
		}
	}
}

// meant adds which of the known words was probably meant, or else the format.
func meant(d diag.Diagnostic, word string, known []string, format string, args ...any) diag.Diagnostic {
	if near, ok := diag.Nearest(word, known); ok {
		return d.WithHint("did you mean %q?", near)
	}
	return d.WithHint(format, args...)
}
