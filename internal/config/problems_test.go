package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/diag"
)

func TestProblemsOfSettings(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"list for text", "title: [a, b]", `opsbook.yaml:1:8: title must be text, not a list [config]`},
		{"map for text", "branch: {ja: x}", `opsbook.yaml:1:9: branch must be text, not a map [config]`},
		{"no value", "title:", `opsbook.yaml:1:1: title has no value [config] | write a value or delete the line`},
		{"list for the file", "- title", `opsbook.yaml:1:1: opsbook.yaml must be a map, not a list [config]`},
		{"misspelt key", "titel: x", `opsbook.yaml:1:1: unknown key "titel" [meta-unknown-key] | did you mean "title"?`},
		{"unknown key below", "alerts: {folders: x}", `opsbook.yaml:1:10: unknown key "folders" [meta-unknown-key] | the keys here are exempt, sources, urls`},
		{"colour", "accent: blue", `opsbook.yaml:1:9: accent must be a colour, got "blue" [config] | write six hexadecimal digits in quotes, such as "#0b5cad"`},
		{"colour as comment", "accent: #fff", `opsbook.yaml:1:1: accent has no value [config] | write a value or delete the line`},
		{"address", "base_url: ops.example.com", `opsbook.yaml:1:11: base_url must be a web address, got "ops.example.com" [config] | an address starts with https:// and names a host`},
		{"script as address", "repository: javascript:alert(1)", `opsbook.yaml:1:13: repository must be a web address, got "javascript:alert(1)" [config] | an address starts with https:// and names a host`},
		{"query in address", "base_url: https://ops.example.com/?a=b", `opsbook.yaml:1:11: base_url must be an address without query, fragment and user, got "https://ops.example.com/?a=b" [config] | for example https://ops.example.com/kb/`},
		{"logo elsewhere", "logo: https://cdn.example.com/x.svg", `opsbook.yaml:1:7: logo must be a file of the source, got "https://cdn.example.com/x.svg" [config] | put the picture into the source: a page loads nothing from elsewhere`},
		{"logo outside", "logo: images/../../x.svg", `opsbook.yaml:1:7: logo leads out of the source: "images/../../x.svg" [config] | the path is relative to opsbook.yaml`},
		{"language", "languages: [ja, 日本語]", `opsbook.yaml:1:17: "日本語" is no language code [config] | for example ja or en`},
		{"time zone", "timezone: JST", `opsbook.yaml:1:11: timezone must be a time zone, got "JST" [config] | a name of the IANA list, such as Asia/Tokyo, Europe/Berlin or UTC`},
		{"time zone of the machine", "timezone: Local", `opsbook.yaml:1:11: timezone must be a time zone, got "Local" [config] | a name of the IANA list, such as Asia/Tokyo, Europe/Berlin or UTC`},
		{"default without set", "defaults: [{paths: x}]", `opsbook.yaml:1:12: each of defaults needs paths and set [config] | for example {paths: ["runbooks/**"], set: {owner: dba}}`},
		{"default as text", "defaults: [x]", `opsbook.yaml:1:12: defaults must be a map, not text [config]`},
		{"glob", "defaults: [{paths: '[a', set: {owner: x}}]", `opsbook.yaml:1:12: each of defaults needs paths and set [config] | for example {paths: ["runbooks/**"], set: {owner: dba}}
opsbook.yaml:1:20: "[a" is no pattern of paths [config] | * is any part of a name, ** any folders, {a,b} either, [a-z] one letter`},
		{"span", "review_in: {runbook: often}", `opsbook.yaml:1:22: "often" is not a length of time [meta-duration] | write for example 15m, 1h30m, 90d, 6 weeks, 6 months, 6ヶ月 or 90日`},
		{"level", "rules: {orphan: warn}", `opsbook.yaml:1:17: orphan must be one of off, info, warning, error, got "warn" [config]`},
		{"near level", "rules: {orphan: errors}", `opsbook.yaml:1:17: orphan must be one of off, info, warning, error, got "errors" [config] | did you mean "error"?`},
		{"flag", "offline: maybe", `opsbook.yaml:1:10: offline must be true or false, got "maybe" [config]`},
		{"size", "offline: {limit: 50}", `opsbook.yaml:1:18: limit must be a size, got "50" [config] | a whole number of KB, MB or GB, such as 50 MB`},
		{"site", "external: {ignore: ['*.example.com/x']}", `opsbook.yaml:1:21: "*.example.com/x" is neither a host nor the beginning of an address [config] | for example wiki.example.com, which means what is below it too, or https://example.com/private/`},
		{"exempt without reason", "alerts: {exempt: [{alert: X}]}", `opsbook.yaml:1:19: each of exempt needs an alert and a reason [config] | an alert without a page is a gap unless somebody says why it is none`},
		{"request", "requests: {problem: 'ftp://x/{{title}}'}", `opsbook.yaml:1:21: problem must be a web or mail address, got "ftp://x/{{title}}" [config] | for example https://git.example.com/ops/issues/new?title={{title}} or mailto:ops@example.com?subject={{title}}`},
		{"synonyms", "synonyms: [注文, [a]]", `opsbook.yaml:1:12: each of synonyms needs two words or more [config] | for example [注文, order]
opsbook.yaml:1:16: each of synonyms needs two words or more [config] | for example [注文, order]`},
		{"pattern", "destructive: ['rm (']", "opsbook.yaml:1:15: \"rm (\" is no regular expression: missing closing ): `rm (` [config] | single quotes keep a backslash: 'rm\\s+-rf'"},
		{"syntax", "title: 'x", `opsbook.yaml:1:8: a quote is opened here and never closed [meta-syntax] | close it at the end of the text, or leave both quotes out`},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg, _ := read(t, "opsbook.yaml", c.text+"\n")
			if diff := cmp.Diff(c.want+"\n", said(cfg.Problems)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestProblemsOfDirectory(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no id", "teams: [{name: x}]", `directory.yaml:1:9: one of teams has no id [config] | pages and policies refer to it by its id`},
		{"bare id", "teams: [dba]", `directory.yaml:1:9: each of teams must be a map with an id [config] | for example {id: dba, name: Databases}`},
		{"same id", "teams: [{id: dba}]\npeople: [{id: dba}]", `directory.yaml:2:15: the id "dba" is given twice [id-unique]`},
		{"same handle", "teams: [{id: dba, handles: '@x'}, {id: sre, handles: '@x'}]", `directory.yaml:1:40: the id "@x" is given twice [id-unique]`},
		{"unknown member", "teams: [{id: dba, members: [hayashi]}]\npeople: [{id: hayasi}]", `directory.yaml:1:29: no team, person or vendor has the id "hayashi" [directory-unknown] | did you mean "hayasi"?`},
		{"unknown owner", "teams: [{id: dba}]\nservices: [{id: orders, owner: sales}]", `directory.yaml:2:32: no team, person or vendor has the id "sales" [directory-unknown] | add it to directory.yaml, or name one of dba`},
		{"unknown service", "services: [{id: orders, depends_on: [ordersdb]}, {id: orders-db}]", `directory.yaml:1:38: no service has the id "ordersdb" [directory-unknown] | did you mean "orders-db"?`},
		{"unknown in policy", "escalations: {db: [{to: dba}]}\nteams: [{id: sre}]", `directory.yaml:1:25: no team, person or vendor has the id "dba" [directory-unknown] | add it to directory.yaml, or name one of sre`},
		{"unknown in agreement", "agreements: [{from: sre, to: dba}]\nteams: [{id: sre}]", `directory.yaml:1:30: no team, person or vendor has the id "dba" [directory-unknown] | add it to directory.yaml, or name one of sre`},
		{"policy calls nobody", "escalations: {db: []}", `directory.yaml:1:15: escalation policy "db" calls nobody [config] | for example {to: dba, after: 0m}`},
		{"step calls nobody", "escalations: {db: [{after: 5m}, {to: a}]}\nteams: [{id: a}]", `directory.yaml:1:20: a step of db calls nobody [config] | for example {to: dba, after: 15m}`},
		{"hours", "escalations: {db: [{to: a, hours: night}]}\nteams: [{id: a}]", `directory.yaml:1:35: hours must be one of business, off, got "night" [config]`},
		{"date", "people: [{id: a, until: 2026-02-30}]", `directory.yaml:1:25: "2026-02-30" is not a day of the calendar [meta-date] | the last day of that month is 2026-02-28`},
		{"contacts as text", "teams: [{id: a, contacts: 03-0000-0000}]", "directory.yaml:1:27: contacts must be a map, not text [config] | for example {slack: \"#dba\", phone: \"03-0000-0120\"}"},
		{"kind of contact", "teams: [{id: a, contacts: {phon: 1}}]", `directory.yaml:1:28: unknown key "phon" [meta-unknown-key] | did you mean "phone"?`},
		{"phone", "teams: [{id: a, contacts: {phone: call Bob}}]", `directory.yaml:1:35: "call Bob" is no way to reach anybody by phone [config] | write digits, spaces, hyphens and brackets, and what else there is to say into hours`},
		{"email", "teams: [{id: a, contacts: {email: dba}}]", `directory.yaml:1:35: "dba" is no way to reach anybody by email [config] | for example dba@example.com`},
		{"script as contact", "teams: [{id: a, contacts: {slack: 'javascript:x'}}]", `directory.yaml:1:35: "javascript:x" is no way to reach anybody by slack [config] | write an address that starts with https://, or the name of the channel or schedule`},
		{"vendor's key on a team", "teams: [{id: a, open_case: x}]", `directory.yaml:1:17: unknown key "open_case" [meta-unknown-key] | the keys here are contacts, decides, handles, holidays, hours, id, kana, last_verified, members, name, review_in, time_zone, until, visibility`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, d := read(t, "directory.yaml", c.text+"\n")
			if diff := cmp.Diff(c.want+"\n", said(d.Problems)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUnknownOwnersInSettings(t *testing.T) {
	settings := "unowned: sre\nalerts: {exempt: [{alert: A, reason: r, owner: dba}]}\n"
	c, _ := read(t, "opsbook.yaml", settings, "directory.yaml", "teams: [{id: dbas}]\n")
	want := `opsbook.yaml:1:10: no team, person or vendor has the id "sre" [directory-unknown] | add it to directory.yaml, or name one of dbas
opsbook.yaml:2:48: no team, person or vendor has the id "dba" [directory-unknown] | did you mean "dbas"?
`
	if diff := cmp.Diff(want, said(c.Problems)); diff != "" {
		t.Error(diff)
	}
	if c, _ = read(t, "opsbook.yaml", settings); len(c.Problems) != 0 {
		t.Errorf("without a directory nobody can be unknown:\n%s", said(c.Problems))
	}
}

func TestMisspeltKeyIsGraverThanAnUnknownOne(t *testing.T) {
	c, _ := read(t, "opsbook.yaml", "titel: x\ncompany: y\n")
	if len(c.Problems) != 2 || c.Problems[0].Severity != diag.Error || c.Problems[1].Severity == diag.Error {
		t.Errorf("severities are wrong: %+v", c.Problems)
	}
}

func TestHugeFileIsRefused(t *testing.T) {
	c, _ := read(t, "opsbook.yaml", "title: Ours\n# "+strings.Repeat("x", 2<<20))
	if got := said(c.Problems); !strings.Contains(got, "[limit]") || c.Title == "Ours" {
		t.Errorf("title %q, problems:\n%s", c.Title, got)
	}
}
