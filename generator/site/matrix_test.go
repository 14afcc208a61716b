package site_test

import (
	"fmt"
	"strings"
	"testing"

	"opsbook/generator/document"
	"opsbook/internal/meta"
)

func writeActivity(a document.Activity) string {
	names := func(list []meta.Str) string {
		var out []string
		for _, s := range list {
			out = append(out, s.Text)
		}
		return strings.Join(out, ",")
	}
	s := fmt.Sprintf("%s R=%s A=%s C=%s I=%s", a.Activity.Text, names(a.Responsible), names(a.Accountable), names(a.Consulted), names(a.Informed))
	if a.Runbook.Text != "" {
		s += " runbook=" + a.Runbook.Text
	}
	if a.Note.Text != "" {
		s += " note=" + a.Note.Text
	}
	return s
}

func TestMatrices(t *testing.T) {
	directory := "teams:\n  - {id: dba, name: データベース管理}\n  - {id: sre, name: {ja: 信頼性, en: Reliability}}\n"
	tests := []struct{ name, text, want, roles, problems string }{
		{
			"letters", "# 題\n\n| 活動 | dba | 信頼性 | 備考 |\n|---|---|---|---|\n| 変更 | A/R | C | RUN1 |\n| 停止 | r | A, i | あり |\n| 空 | | - | |\n",
			"変更 R=dba A=dba C=sre I= runbook=RUN1 note=RUN1\n停止 R=dba A=sre C= I=sre note=あり\n空 R= A= C= I=\n", "dba sre", "",
		},
		{
			"signs", "---\nlegend: {◎: A, ○: R, △: C, －: none}\n---\n# 題\n\n| 作業 | dba | sre |\n|---|---|---|\n| 復旧 | ◎○ | ◯ |\n| 連絡 | － | ◎/△ |\n| 確認 | × | ○ |\n",
			"復旧 R=dba,sre A=dba C= I=\n連絡 R= A=sre C=sre I=\n確認 R=sre A= C= I=\n", "dba sre",
			"a.md:11:8: \"×\" is none of R, A, C and I (write R, A, C or I, several as A/R, or say what the sign means: legend: {×: R})\n",
		},
		{"words and full width", "# 題\n\n| Task | dba | other |\n|---|---|---|\n| x | Responsible | Ａ |\n| y | 説明責任 | ＲＣ |\n", "x R=dba A=other C= I=\ny R=other A=dba C=other I=\n", "dba other", ""},
		{"a table that is none", "# 題\n\n| 名前 | 値 |\n|---|---|\n| a | b |\n\n| 活動 | dba | 手順書 |\n|---|---|---|\n| x | A | RUN1 |\n", "x R= A=dba C= I= runbook=RUN1\n", "dba", ""},
		{"front matter", "---\nactivities:\n  - {activity: x, responsible: dba, accountable: sre}\n---\n| 活動 | dba |\n|---|---|\n| y | A |\n", "x R=dba A=sre C= I=\n", "dba sre", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := resolve(t, files{"directory.yaml": directory, "raci/a.md": "", "a.md": strings.Replace("---\ntype: raci\n---\n"+tt.text, "---\n---\n", "", 1), "run.md": "---\nid: RUN1\n---\n# r\n"})
			e := page(t, s, "a.md")
			got := ""
			for _, a := range e.Activities {
				got += writeActivity(a) + "\n"
			}
			expect(t, "activities", got, tt.want)
			roles := ""
			for _, r := range e.Roles {
				roles += r.Text + " "
			}
			expect(t, "roles", strings.TrimSpace(roles), tt.roles)
			expect(t, "problems", problems(s, "raci-letter"), tt.problems)
		})
	}
}

func TestRolesStandAtTheirCells(t *testing.T) {
	s := resolve(t, files{"a.md": "---\ntype: raci\n---\n# 題\n\n| 活動 | クラウド | b |\n|---|---|---|\n| 変更 | A | R |\n"})
	a := page(t, s, "a.md").Activities[0]
	expect(t, "places", a.Activity.Pos.String()+" "+a.Accountable[0].Pos.String()+" "+a.Responsible[0].Pos.String(), "a.md:8:3 a.md:8:8 a.md:8:12")
}
