// Package check holds a site against the rules: after it is resolved and before its pages are planned.
//
// A rule is a value. What the reading stages find (a broken encoding, an unclosed fence) is a rule as well: they report it without a
// severity, and everything is weighed here, in one place, so that a site can weigh it otherwise.
package check

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"opsbook/generator/site"
	"opsbook/internal/diag"
)

// Rule is one thing that content is held to.
type Rule struct {
	ID       string
	Severity diag.Severity // what its diagnostics are unless they say that they are graver
	Clock    bool          // fires because time passed: never fails a pull request
	Run      func(*site.Site, report)
}

// report takes what a rule found.
type report func(diag.Diagnostic)

// Run returns everything wrong with a site, sorted: what its stages found, what they found beside it (found: of the tree and of the
// types) and what the rules find. Severities are the rules' own or, over them, those of opsbook.yaml.
func Run(s *site.Site, found []diag.Diagnostic) []diag.Diagnostic {
	rules := Rules()
	levels := weigh(rules, s.Config.Rules)
	results := make([][]diag.Diagnostic, len(rules))
	var running sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, rule := range rules {
		if rule.Run == nil || levels[rule.ID].off {
			continue
		}
		running.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			rule.Run(s, func(d diag.Diagnostic) {
				d.Rule = cmp.Or(d.Rule, rule.ID)
				results[i] = append(results[i], d)
			})
		})
	}
	running.Wait()
	return judge(withoutEchoes(slices.Concat(read(s, found), slices.Concat(results...))), levels)
}

// Weigh gives diagnostics that were found beside a site (such as by asking the web) their severities, as Run does.
func Weigh(s *site.Site, found []diag.Diagnostic) []diag.Diagnostic {
	return judge(found, weigh(Rules(), s.Config.Rules))
}

// read collects what the stages found on the way to the site.
func read(s *site.Site, found []diag.Diagnostic) []diag.Diagnostic {
	all := slices.Concat(found, s.Config.Problems, s.Directory.Problems, s.Problems)
	for _, e := range s.Entries {
		all = append(all, e.Doc.Problems...)
	}
	return all
}

// echoes leads from rules to what another rule says of the same fault in general words: an include that failed stays in the text, in which
// Markdown then finds a shortcode; two who are accountable are a list where the schema wants a text.
var echoes = map[string]string{"include-missing": "shortcode", "raci-accountable": "meta-schema"}

// withoutEchoes leaves out what is said of a line that another rule has refused in better words.
func withoutEchoes(all []diag.Diagnostic) []diag.Diagnostic {
	type echo struct {
		line diag.Pos
		rule string
	}
	line := func(d diag.Diagnostic) diag.Pos { return diag.Pos{File: d.Pos.File, Line: d.Pos.Line} }
	said := map[echo]bool{}
	for _, d := range all {
		if rule, ok := echoes[d.Rule]; ok {
			said[echo{line(d), rule}] = true
		}
	}
	return slices.DeleteFunc(all, func(d diag.Diagnostic) bool { return said[echo{line(d), d.Rule}] })
}

// judge gives every diagnostic its severity, leaves out what is off or said twice, and sorts the rest.
func judge(all []diag.Diagnostic, levels map[string]level) []diag.Diagnostic {
	seen := map[string]bool{}
	var kept []diag.Diagnostic
	for _, d := range all {
		l := levels[d.Rule]
		key := strings.Join([]string{d.Pos.String(), d.Rule, d.Message.String()}, "\x00")
		if l.off || seen[key] {
			continue
		}
		seen[key] = true
		d.Severity = l.of(d)
		kept = append(kept, d)
	}
	diag.Sort(kept)
	return kept
}
