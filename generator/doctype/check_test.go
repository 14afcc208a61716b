package doctype_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

func TestCheck(t *testing.T) {
	set := load(t, nil)
	tests := []struct {
		name, typ, text, want string
	}{
		{"nothing wrong", "runbook", "title: 1.10\nid: 0123\noutcome: yes\nweight: 10\nservices: orders\ntags: [a, 2026-01-01]\nsearch: {exclude: true, boost: 1.5}\nautomation: manual\nescalation: database\n", ""},
		{"spellings of a key", "runbook", "lastReviewed: 2026-01-01\nreview-in: 90d\noutcome: x\n", ""},
		{
			"accountable is a list", "raci", "activities:\n  - activity: Decide\n    responsible: sre\n    accountable: [sre, dba]\n",
			"a.md:5:18: accountable must be one role, got a list [meta-schema]\n",
		},
		{"a list of one, wrong inside", "note", "services: {a: b}\n", "a.md:2:11: services must be a list, got keys and values [meta-schema]\n"},
		{"null", "note", "services:\ntitle: x\n", "a.md:2:1: services has no value [meta-schema] (write a value or delete the line)\n"},
		{"enum", "note", "status: activ\n", "a.md:2:9: status must be one of draft, active, deprecated, archived, got \"activ\" [meta-schema] (did you mean \"active\"?)\n"},
		{"number", "note", "weight: heavy\n", "a.md:2:9: weight must be a whole number, got \"heavy\" [meta-schema]\n"},
		{"fraction", "note", "weight: 1.5\n", "a.md:2:9: weight must be a whole number, got \"1.5\" [meta-schema]\n"},
		{"boolean", "note", "search: {exclude: ja}\n", "a.md:2:19: exclude must be true or false, got \"ja\" [meta-schema]\n"},
		{"range", "note", "search: {boost: 11}\n", "a.md:2:17: boost must be at most 10, got 11 [meta-schema]\n"},
		{"format behind a pattern", "note", "id: RUN 1\n", "a.md:2:5: id must be one id of letters, digits, . _ and -, got \"RUN 1\" [meta-schema]\n"},
		{"required", "runbook", "title: x\n", "a.md:2:1: outcome is missing [meta-schema] (add outcome: the expected result, in one sentence)\n"},
		{"required below", "playbook", "escalation:\n  - to: sre\n  - {after: 15m}\n", "a.md:4:5: escalation needs \"to\" [meta-schema] (add to: the id of the team, person or vendor to call)\n"},
		{"neither of two kinds", "note", "escalation: {to: sre}\n", "a.md:2:13: escalation must be the name of one policy or a list, got keys and values [meta-schema]\n"},
		{"the alternative that was meant", "note", "automation: {state: manually}\n", "a.md:2:21: state must be one of manual, assisted, automated, delegated, got \"manually\" [meta-schema] (did you mean \"manual\"?)\n"},
		{"a reason", "note", "automation: {state: manual, plan: deliberate}\n", "a.md:2:13: automation needs \"reason\" [meta-schema] (add reason: why it stays as it is)\n"},
		{"a pattern", "runbook", "outcome: x\nparams:\n  - {name: a, pattern: \"[a-\"}\n", "a.md:4:24: pattern must be one regular expression, got \"[a-\" [meta-schema]\n"},
		{"a pattern for browsers", "runbook", "outcome: x\nparams:\n  - {name: a, pattern: \"^(?!prod)\"}\n", ""},
		{"misspelt", "note", "ownr: sre\n", "a.md:2:1: unknown key \"ownr\" [meta-unknown-key] (did you mean \"owner\"?)\n"},
		{"unknown", "note", "colour: blue\n", "a.md:2:1: unknown key \"colour\" [meta-unknown-key] (put keys of your own below extra, or name them in extra_keys of opsbook.yaml)\n"},
		{"another type's", "note", "outcome: x\n", "a.md:2:1: unknown key \"outcome\" [meta-unknown-key] (it is a key of runbook)\n"},
		{"misspelt below", "runbook", "outcome: x\nrollback: {whn: y}\n", "a.md:3:12: unknown key \"whn\" [meta-unknown-key] (did you mean \"when\"?)\n"},
		{"other generators' keys", "note", "sidebar_position: 3\nmenu: {main: {weight: 2}}\nlinkTitle: x\nbookFlatSection: true\nextra: {anything: [goes]}\n", ""},
		{"a map of anything", "runbook", "outcome: x\npresets:\n  - {name: prod, production: true, values: {CLUSTER: orders, n: 1.10}}\n", ""},
		{"not a map", "note", "just text", "a.md:2:1: front matter must be keys and values, got text [meta-schema]\n"},
		{
			"Japanese", "lesson", "incident:\n  started: 2026-01-01 10:00\nactions:\n  - {what: 直す, kind: 恒久対応}\n",
			"a.md:5:22: kind must be one of temporary, permanent, prevention, 暫定, 恒久, 再発防止, got \"恒久対応\" [meta-schema] (did you mean \"恒久\"?)\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, _ := meta.Read("a.md", []byte(tt.text), 2)
			if got := lines(set.ByName[tt.typ].Schema.Check(v)); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
		})
	}
}

func TestCheckWithoutFrontMatter(t *testing.T) {
	s := load(t, nil).ByName["runbook"].Schema
	v := meta.Value{Pos: diag.Pos{File: "a.md"}}
	if got := lines(s.Check(v)); !strings.HasPrefix(got, "a.md:1:1: outcome is missing") {
		t.Errorf("got %s", got)
	}
}

func TestUnknownKeysAreGraverWhenMisspelt(t *testing.T) {
	s := load(t, nil).ByName["note"].Schema
	ds := s.Check(front(t, "ownr: a\ncolour: b\ndocument_number: c\n"), "document_number")
	if len(ds) != 2 || ds[0].Severity != diag.Error || ds[1].Severity != diag.Warning {
		t.Errorf("got %v", ds)
	}
}

func TestCheckIsSafeForConcurrentUse(t *testing.T) {
	s := load(t, nil).ByName["runbook"].Schema
	v := front(t, realistic)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if ds := s.Check(v); len(ds) != 0 {
				t.Errorf("got %v", ds)
			}
		})
	}
	wg.Wait()
}

const realistic = `title: 注文データベースのフェイルオーバー
id: RUN002
description: Aurora PostgreSQL クラスターの書き込み先を、健全なリーダーへ手動で切り替える。
owner: dba
severity: SEV1
services: [orders-db, orders]
tags: [database, failover, aurora]
alerts: [RDSFailover, OrdersDBWriterUnreachable]
last_reviewed: 2026-09-16
reviewed_by: sre
escalation:
  - {to: dba, after: 0m}
  - {to: sre, after: 15m, when: 原因を絞れないとき}
  - {to: incident-commander, after: 45m}
outcome: 書き込みがリーダーだったインスタンスへ移り、注文の受付が 2分以内に再開している
success: [新しい書き込み先で pg_is_in_recovery() が f を返す]
tools: [aws cli v2, psql 16, kubectl]
permissions: [IAM Identity Center の許可セット DBAOperator (本番アカウント)]
duration: 30m
params:
  - {name: cluster, description: クラスター識別子, pattern: "^[a-z][a-z0-9-]{0,62}$", example: orders-db}
  - {name: target, description: 昇格させるリーダー, pattern: "^[a-z][a-z0-9-]{0,62}$", example: orders-db-2}
rollback: {when: エラー率が 5% を超えたまま 10分続くとき, decide_by: 開始から 20分, by: dba}
decisions:
  - {what: フェイルオーバーの実施, by: dba, criterion: 書き込み先が 5分以上応答しない, preapproved: true}
related: [RUN003, PB001, PB004]
`

func BenchmarkCheck(b *testing.B) {
	set, _ := loadForBench()
	v := front(b, realistic)
	for b.Loop() {
		if ds := set.ByName["runbook"].Schema.Check(v); len(ds) != 0 {
			b.Fatal(fmt.Sprint(ds))
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, problems := loadForBench(); len(problems) != 0 {
			b.Fatal(problems)
		}
	}
}
