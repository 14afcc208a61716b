package doctype

import (
	"os"
	"strings"
	"testing"

	"opsbook/internal/meta"
)

// FuzzFine holds the quick judgement against the validator: what it calls fine, the validator must pass.
func FuzzFine(f *testing.F) {
	set, problems := Load(os.DirFS("../../templates"), nil)
	if len(problems) > 0 {
		f.Fatal(problems)
	}
	for _, seed := range []string{
		"title: a\nescalation: x\n", "escalation: [x]\n", "escalation:\n  - {to: a, after: 1m}\n", "escalation: {to: a}\n", "automation: manual\n",
		"automation: {state: manual, plan: deliberate}\n", "automation: [manual]\n", "weight: 1.0\n", "weight: 1e400\n", "weight: -0\n", "weight: 1.5\n",
		"search: {exclude: true, boost: 0}\n", "search: {boost: 10}\n", "search: x\n", "services: a\n", "services: [a, [b]]\n", "services: {a: b}\n",
		"services:\n", "status: draft\n", "status: Draft\n", "id: a b\n", "author: [a]\n", "author: {a: b}\n", "causes: [a, {cause: b}, {runbook: c}]\n",
		"params: [{name: a, pattern: '[a-'}]\n", "presets: [{name: a, values: {x: 1}}]\n", "presets: [{name: a}]\n", "activities: [{activity: a, accountable: [b]}]\n",
		"legend: {a: [b]}\n", "lang: JA\n", "extra: {a: [b]}\n", "actions: [{what: a, kind: 恒久, status: done}]\n", "incident: {started: x}\n", "title: [a]\n",
		"outcome: x\n", "params: x\n", "decisions: [x]\n", "tags: [a, , b]\n", "search: {exclude: yes}\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Count(text, "\n") > 200 {
			t.Skip()
		}
		v, _ := meta.Read("a.md", []byte(text), 1)
		if v.Kind != meta.Map {
			return
		}
		for _, typ := range set.All {
			s := typ.Schema
			if err := s.compiled.Validate(s.plan.shape(v)); err != nil && s.plan.fine(v) {
				t.Errorf("%s: judged fine, but the validator says %v", typ.Name, err)
			}
		}
	})
}

// TestFineIsUsed keeps the quick judgement worth its lines: common front matter must not need the validator.
func TestFineIsUsed(t *testing.T) {
	set, _ := Load(os.DirFS("../../templates"), nil)
	v, _ := meta.Read("a.md", []byte("title: a\nid: RUN1\noutcome: b\nstatus: active\nescalation: [{to: a, after: 15m}]\nservices: x\nweight: 3\nsearch: {boost: 2}\n"+
		"automation: manual\nparams: [{name: a, pattern: '^a$', secret: false}]\n"), 1)
	if !set.ByName["runbook"].Schema.plan.fine(v) {
		t.Error("common front matter is left to the validator")
	}
}
