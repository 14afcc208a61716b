package markdown

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
)

// caseWords are the interface words of the cases, so that a word that is missing shows.
var caseWords = Words{
	Admonitions:  map[string]string{"warning": "警告"},
	Table:        "(table)",
	Footnotes:    "(footnotes)",
	FootnoteBack: "(back to)",
	Done:         "(done)",
	Open:         "(open)",
	BadLink:      "(not allowed)",
}

// TestCases holds every construct to its case file: name.md is what an author writes, name.html what a reader gets, name.problems what the
// author is told (line:column of the body, rule, message, hint). go test -update writes the last two anew.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no case files", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			cases, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := &txtar.Archive{Comment: cases.Comment}
			for _, f := range cases.Files {
				name, ok := strings.CutSuffix(f.Name, ".md")
				if !ok {
					continue
				}
				body := Body{Text: f.Data, Words: caseWords, Params: []string{"cluster", "db_name"}, Abbrs: []Abbr{{"RPO", "目標復旧時点"}}}
				a, err := Render(body)
				if err != nil {
					t.Fatal(err)
				}
				got.Files = append(got.Files, f, txtar.File{Name: name + ".html", Data: []byte(a.HTML)})
				if problems := printProblems(Parse(f.Data)); problems != "" {
					got.Files = append(got.Files, txtar.File{Name: name + ".problems", Data: []byte(problems)})
				}
			}
			golden(t, file, string(txtar.Format(got)))
		})
	}
}

func printProblems(tree *Tree) string {
	var b strings.Builder
	for _, p := range tree.Problems {
		before := string(tree.Source[:p.At])
		line := 1 + strings.Count(before, "\n")
		col := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
		fmt.Fprintf(&b, "%d:%d %s: %s", line, col, p.Rule, p.Message)
		if !p.Hint.IsZero() {
			fmt.Fprintf(&b, " (%s)", p.Hint)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
