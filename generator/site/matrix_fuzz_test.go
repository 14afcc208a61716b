package site_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/generator/source"
	"opsbook/internal/charset"
	"opsbook/internal/meta"
)

// FuzzMatrix puts any text into the cells of a matrix: every role has a name that can be printed, every activity and problem has its place in
// the file, and nothing panics.
func FuzzMatrix(f *testing.F) {
	for _, cells := range [][4]string{
		{"dba", "sre", "A/R", "C"},
		{"データベース管理", "備考", "◎○", "RUN1"},
		{"Ａ", "Ｒ", "説明責任", "r, i"},
		{"|", "\\|", "`A`", "**A**"},
		{"dba", "dba", "A", "A"},
		{"", "", "", "-"},
		{"<b>dba</b>", "[x](javascript:y)", "A<script>", "R&#10;"},
		{"\u202edba", "e\u0301", "×", "A/A/A"},
		{"手順書", "runbook", "[a](a.md)", "RUN1, RUN2"},
		{"=cmd|' /C calc'!A0", "constructor", "none", "RACI"},
	} {
		f.Add(cells[0], cells[1], cells[2], cells[3])
	}
	in := input(f, files{"directory.yaml": "teams:\n  - {id: dba, name: データベース管理}\n  - {id: sre, name: {ja: 信頼性, en: Reliability}}\n", "run.md": "---\nid: RUN1\n---\n# r\n"})
	f.Fuzz(func(t *testing.T, one, two, three, four string) {
		text := "---\ntype: raci\n---\n# 題\n\n| 活動 | " + one + " | " + two + " |\n|---|---|---|\n| x | " + three + " | " + four + " |\n"
		clean, _ := charset.Clean("raci.md", []byte(text), 1)
		with := in
		with.Documents = append(with.Documents[:len(with.Documents):len(with.Documents)], document.Parse(source.File{Path: "raci.md", Text: clean}))
		s := site.Resolve(with)
		e := s.Page("raci.md")
		lines := strings.Count(string(clean), "\n") + 1
		for _, a := range e.Activities {
			if a.Activity.Pos.Line < 1 || a.Activity.Pos.Line > lines {
				t.Errorf("%q stands in line %d of %d", a.Activity.Text, a.Activity.Pos.Line, lines)
			}
			for _, list := range [][]meta.Str{a.Responsible, a.Accountable, a.Consulted, a.Informed} {
				for _, role := range list {
					if !utf8.ValidString(role.Text) || strings.ContainsAny(role.Text, "\n\x00") || role.Text == "" {
						t.Errorf("the role %q", role.Text)
					}
				}
			}
		}
		for _, d := range s.Problems {
			if d.Pos.File == "raci.md" && (d.Pos.Line < 0 || d.Pos.Line > lines) {
				t.Errorf("no such place: %v %s", d.Pos, d.Message)
			}
		}
	})
}
