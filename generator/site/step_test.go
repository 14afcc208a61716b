package site_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"opsbook/generator/site"
)

// writeSteps writes steps so that a table can hold them.
func writeSteps(steps []site.RunStep) string {
	var parts []string
	for _, s := range steps {
		part := fmt.Sprintf("%s %s=%s", s.Number, s.ID, s.Text)
		if s.Minutes > 0 {
			part += fmt.Sprintf(" %dm", s.Minutes)
		}
		if len(s.Steps) > 0 {
			part += " [" + writeSteps(s.Steps) + "]"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

func TestSteps(t *testing.T) {
	tests := []struct{ name, typ, body, want string }{
		{"list", "runbook", "## 手順\n\n1. 見る（目安 5分）\n   - 細かく見る\n2. 直す (about 10 min)\n", "list: 1 step-1=見る（目安 5分） 5m [1.1 step-1-1=細かく見る]; 2 step-2=直す (about 10 min) 10m"},
		{"list over headings", "runbook", "## Steps\n\n1. one\n\ntext\n\n2. two\n\n### Detail\n\n- x\n", "list: 1 step-1=one; 2 step-2=two"},
		{"headings", "runbook", "## 作業手順\n\n- 注意\n\n### 手順1 止める (目安 3分)\n\n1. a\n2. b\n\n### 手順2 動かす\n\n#### 細部\n\n1. c\n", "headings: 1 手順1-止める-目安-3分=手順1 止める (目安 3分) 3m [1.1 step-1-1=a; 1.2 step-1-2=b]; 2 手順2-動かす=手順2 動かす [2.1 step-2-1=c]"},
		{"table", "runbook", "## Procedure\n\n| No | What | 目安 |\n|---|---|---|\n| 1 | Look | 5分 |\n| 2 | Act | 1h |\n| | | |\n", "table: 1 step-1=Look 5m; 2 step-2=Act 60m"},
		{"table in Japanese", "runbook", "## 手順\n\n| 項番 | 作業 |\n|---|---|\n| 1 | 見る |\n", "table: 1 step-1=見る"},
		{"other tables", "runbook", "## 手順\n\n| 名前 | 値 |\n|---|---|\n| a | b |\n\n- する\n", "bullets: 1 step-1=する"},
		{"bullets", "runbook", "## 復旧手順\n\n- 見る\n- 直す\n", "bullets: 1 step-1=見る; 2 step-2=直す"},
		{"none", "runbook", "## 手順\n\n文章だけ。\n", ""},
		{"no section", "runbook", "## 概要\n\n1. これは手順ではない\n", ""},
		{"numbered heading", "runbook", "## 3. 手順（本番）\n\n1. する\n", "list: 1 step-1=する"},
		{"anchors that are taken", "runbook", "## Steps\n\n1. one\n2. two\n\n## Step 2\n", "list: 1 run-step-1=one; 2 run-step-2=two"},
		{"steps called Step 1", "runbook", "## Steps\n\n### Step 1\n\n1. x\n\n### Step 2\n", "headings: 1 step-1=Step 1 [1.1 run-step-1-1=x]; 2 step-2=Step 2"},
		{"several sections", "playbook", "## Diagnosis\n\n- look\n\n## Mitigation\n\n- fix\n- check\n", "bullets: 1 step-1=look | bullets: 1 mitigation-step-1=fix; 2 mitigation-step-2=check"},
		{"two of one name", "runbook", "## 作業手順\n\n1. a\n\n## 復旧手順\n\n1. b\n", "list: 1 step-1=a | list: 1 復旧手順-step-1=b"},
		{"no steps in notes", "note", "## 手順\n\n1. a\n", ""},
		{"a range", "runbook", "## 手順\n\n1. 待つ (目安 5〜10分)\n2. 長く (所要時間: 約1時間30分)\n3. (例) ではない (2026年)\n4. 再起動 (5分)\n", "list: 1 step-1=待つ (目安 5〜10分) 10m; 2 step-2=長く (所要時間: 約1時間30分) 90m; 3 step-3=(例) ではない (2026年); 4 step-4=再起動 (5分) 5m"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := resolve(t, files{"a.md": "---\ntype: " + tt.typ + "\n---\n# 題\n\n" + tt.body})
			var groups []string
			e := page(t, s, "a.md")
			for _, g := range e.Groups {
				groups = append(groups, string(g.Form)+": "+writeSteps(g.Steps))
			}
			expect(t, "steps", strings.Join(groups, " | "), tt.want)
			for _, g := range e.Groups {
				for _, step := range g.Steps {
					if step.Pos.Line == 0 || step.At < e.Doc.BodyAt || !strings.Contains(string(e.Doc.Text[step.At:]), firstWord(step.Text)) {
						t.Errorf("step %s stands at %s and %d", step.ID, step.Pos, step.At)
					}
				}
			}
		})
	}
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

func TestSections(t *testing.T) {
	s := resolve(t, files{
		"opsbook.yaml": "sections:\n  verify: [検収]\nlabels:\n  rollback: {ja: 撤退}\n",
		"a.md":         "---\ntype: runbook\n---\n# トラブルシューティング\n\n## 【手順】\n\n### 確認\n\n## 検収\n\n## ■ 撤退:\n\n## 参考\n",
		"b.md":         "---\ntype: runbook\n---\n# b\n\n## 1. Procedure (prod)\n\n### Rollback\n\n## TROUBLESHOOTING\n\n# Verify\n",
		"c.md":         "---\ntype: playbook\n---\n## 調査・診断\n\n## 第2章 切り分け\n\n## Ｔｒｉａｇｅ\n",
		"d.md":         "---\ntype: playbook\n---\n## Diagnosis and mitigation\n\n## Impact and cats\n",
	})
	sections := func(path string) string {
		e := page(t, s, path)
		var got []string
		for id, i := range e.Sections {
			got = append(got, id+"="+e.Doc.Sections[i].Title)
		}
		slices.Sort(got)
		return strings.Join(got, " ")
	}
	expect(t, "a", sections("a.md"), "rollback=■ 撤退: steps=【手順】 verify=検収")
	expect(t, "b", sections("b.md"), "on_error=TROUBLESHOOTING rollback=Rollback steps=1. Procedure (prod) verify=Verify")
	expect(t, "c", sections("c.md"), "diagnosis=調査・診断")
	expect(t, "d", sections("d.md"), "diagnosis=Diagnosis and mitigation mitigation=Diagnosis and mitigation")
}
