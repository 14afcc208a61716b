package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"opsbook/internal/diag"
)

func TestContactsInEitherForm(t *testing.T) {
	want := []Contact{
		{Kind: "pagerduty", Text: "https://acme.pagerduty.example.com/x", URL: "https://acme.pagerduty.example.com/x"},
		{Kind: "slack", Text: "#ops"},
		{Kind: "phone", Text: "+81 (3) 0000-0120", URL: "tel:+81300000120", Private: true},
		{Kind: "phone", Text: "０３−００００−０１２０", URL: "tel:0300000120", Private: true},
		{Kind: "email", Text: "dba+night@example.com", URL: "mailto:dba+night@example.com"},
		{Kind: "teams", Text: "msteams:/l/channel/1", URL: "msteams:/l/channel/1"},
	}
	_, d := read(t, "directory.yaml", `
teams:
  - id: list
    contacts:
      - pagerduty: https://acme.pagerduty.example.com/x
      - slack: "#ops"
      - phone: ["+81 (3) 0000-0120", "０３−００００−０１２０"]
        visibility: private
      - {email: dba+night@example.com, teams: "msteams:/l/channel/1"}
  - id: map
    contacts:
      pagerduty: https://acme.pagerduty.example.com/x
      slack: "#ops"
      phone: ["+81 (3) 0000-0120", "０３−００００−０１２０"]
      email: dba+night@example.com
      teams: msteams:/l/channel/1
`)
	if got := said(d.Problems); got != "" {
		t.Fatal(got)
	}
	for _, id := range []string{"list", "map"} {
		party, _ := d.Party(id)
		got := cmp.Diff(want, party.Contacts, cmpopts.IgnoreTypes(diag.Pos{}), cmp.FilterPath(
			func(p cmp.Path) bool { return id == "map" && p.Last().String() == ".Private" }, cmp.Ignore()))
		if got != "" {
			t.Errorf("%s: %s", id, got)
		}
	}
}

func TestPartyByIDAndHandle(t *testing.T) {
	_, d := read(t, "directory.yaml", `
teams:
  dba: {name: {ja: データベース管理, en: Databases}, handles: ["@acme/dba"], decides: yes}
people:
  - {id: hayashi, name: 林, visibility: private}
vendors:
  - {id: aws, support_plan: Enterprise, open_case: in the console}
services:
  - {id: orders, owner: dba, tier: 1, rto: 30m, rpo: 0m}
escalations:
  - {id: database, name: 夜間, steps: [dba, {to: aws, after: 30m, hours: "off"}]}
`)
	if got := said(d.Problems); got != "" {
		t.Fatal(got)
	}
	for _, id := range []string{"dba", "@acme/dba"} {
		if p, ok := d.Party(id); !ok || p.Kind != Team || !p.Decides || p.Name["en"] != "Databases" {
			t.Errorf("%s is %+v", id, p)
		}
	}
	if p, ok := d.Party("hayashi"); !ok || p.Kind != Person || !p.Private || p.Name[""] != "林" {
		t.Errorf("hayashi is %+v", p)
	}
	if p, _ := d.Party("aws"); p.Support != (Support{Plan: "Enterprise", OpenCase: "in the console"}) {
		t.Errorf("support is %+v", p.Support)
	}
	if s, ok := d.Service("orders"); !ok || s.Tier != "1" || s.RTO.Minutes != 30 || s.RPO.Text != "0m" {
		t.Errorf("orders is %+v", s)
	}
	if p, ok := d.Policy("database"); !ok || len(p.Steps) != 2 || p.Steps[0].To.Text != "dba" || p.Steps[1].After.Minutes != 30 || p.Steps[1].Hours != "off" {
		t.Errorf("the policy is %+v", p)
	}
	for _, id := range []string{"", "DBA", "orders"} {
		if p, ok := d.Party(id); ok {
			t.Errorf("%q is %+v", id, p)
		}
	}
}

func TestDirectoryMadeByHandIsFound(t *testing.T) {
	d := &Directory{Parties: []Party{{ID: "a", Handles: []string{"b"}}, {ID: "b", Kana: "second"}}}
	if p, ok := d.Party("b"); !ok || p.Kana != "second" {
		t.Errorf("an id is meant before a handle, got %+v", p)
	}
}
