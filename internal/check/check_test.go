package check_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/check"
	"opsbook/internal/diag"
)

// runFiles checks a folder of files, name and text by turns.
func runFiles(t *testing.T, files ...string) []diag.Diagnostic {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		put(t, filepath.Join(dir, files[i]), []byte(files[i+1]), nil)
	}
	return run(t, dir, defaultClock)
}

const directory = "teams: [{id: sre, name: SRE, contacts: {slack: \"#sre\"}}]\npeople: [{id: mori, name: 森}]\n"

func TestSitesWeighRulesOtherwise(t *testing.T) {
	page := "---\nowner: mori\nlast_reviewed: 2026-10-01\nsevrity: SEV1\n---\n\n# A\n"
	for _, c := range []struct{ name, rules, want string }{
		{"as they are", "", "notes/a.md:2:8 warning owner-person, notes/a.md:4:1 error meta-unknown-key"},
		{"graver", "rules: {owner-person: error}", "notes/a.md:2:8 error owner-person, notes/a.md:4:1 error meta-unknown-key"},
		{"off", "rules: {owner-person: off}", "notes/a.md:4:1 error meta-unknown-key"},
		{"a graver case as well", "rules: {meta-unknown-key: info}", "notes/a.md:2:8 warning owner-person, notes/a.md:4:1 info meta-unknown-key"},
		{"what a stage found", "rules: {owner-person: off, meta-unknown-key: off}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, d := range runFiles(t, "directory.yaml", directory, "opsbook.yaml", c.rules, "notes/a.md", page) {
				got = append(got, d.Pos.String()+" "+d.Severity.String()+" "+d.Rule)
			}
			if diff := cmp.Diff(c.want, strings.Join(got, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatManyPagesInheritIsSaidOnce(t *testing.T) {
	found := runFiles(t, "directory.yaml", directory,
		"opsbook.yaml", "defaults: [{paths: [\"**\"], set: {owner: srre, last_reviewed: 2026-10-01}}]\n",
		"notes/a.md", "# A\n", "notes/b.md", "# B\n", "notes/c.md", "# C\n")
	want := "opsbook.yaml:1:41: error: no team, person or vendor has the id \"srre\" [owner-unknown]\n  hint: did you mean \"sre\"?\n"
	if diff := cmp.Diff(want, said(found)); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyFolderHasNoProblems(t *testing.T) {
	if found := runFiles(t, "notes.txt", "nothing to read\n"); len(found) != 0 {
		t.Error(said(found))
	}
}

func TestRulesThatTimeBreaksAreNoErrors(t *testing.T) {
	clocks := 0
	for _, rule := range check.Rules() {
		if rule.Clock {
			clocks++
			if rule.Severity == diag.Error {
				t.Errorf("%s fires because time passed and is an error: it would fail a pull request that did nothing", rule.ID)
			}
		}
	}
	if clocks == 0 {
		t.Error("no rule is of the clock")
	}
}
