package doctype_test

import (
	"fmt"
	"strings"
	"testing"

	"opsbook/generator/doctype"
)

func find(keys []doctype.Key, path string) (doctype.Key, bool) {
	name, rest, below := strings.Cut(path, ".")
	for _, k := range keys {
		if k.Name == name && below {
			return find(k.Keys, rest)
		}
		if k.Name == name {
			return k, true
		}
	}
	return doctype.Key{}, false
}

func TestKeys(t *testing.T) {
	set := load(t, nil)
	for _, tt := range []struct{ typ, path, want string }{
		{"runbook", "owner", "Owner 担当チーム [string] party [] false"},
		{"runbook", "outcome", "Outcome 期待される結果 [string]  [] true"},
		{"runbook", "services", "Services サービス [array] service [] false"},
		{"runbook", "status", "Status 状態 [string]  [draft active deprecated archived] false"},
		{"runbook", "escalation", "Escalation エスカレーション [string array] policy [] false"},
		{"runbook", "escalation.to", "To 連絡先 [string] party [] true"},
		{"runbook", "params.pattern", "Pattern パターン [string] pattern [] false"},
		{"runbook", "automation.state", "State 現状 [string]  [manual assisted automated delegated] true"},
		{"playbook", "causes.runbook", "Runbook 手順書 [string] page [] false"},
		{"raci", "activities.accountable", "Accountable (A) 説明責任 (A) [string] role [] false"},
		{"note", "search.boost", "Boost 重み [number]  [] false"},
	} {
		k, ok := find(set.ByName[tt.typ].Schema.Keys(), tt.path)
		got := fmt.Sprint(k.Title["en"], " ", k.Title["ja"], " ", k.Kinds, " ", k.Format, " ", k.Enum, " ", k.Required)
		if !ok || got != tt.want {
			t.Errorf("%s of %s:\ngot  %s\nwant %s", tt.path, tt.typ, got, tt.want)
		}
	}
	keys := set.ByName["runbook"].Schema.Keys()
	if keys[0].Name != "title" || keys[len(keys)-1].Name != "presets" {
		t.Errorf("the order of the schema is lost: %s … %s", keys[0].Name, keys[len(keys)-1].Name)
	}
}
