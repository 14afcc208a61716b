package alert_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/alert"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// parse reads a file of some kind and writes what it says, a line to an alert.
func parse(t *testing.T, kind, text string) []string {
	t.Helper()
	p := alert.Parse(alert.File{Kind: kind, Path: "a.yaml", Text: []byte(text)})
	var lines []string
	for _, a := range p.Alerts {
		line := a.Pos.String() + " " + a.Source + " " + a.Name
		if len(a.Patterns) > 0 {
			line += " (" + strings.Join(a.Patterns, " ") + ")"
		}
		for _, f := range [][2]string{{"severity", a.Severity}, {"owner", a.Owner.Text}, {"summary", a.Summary}, {"runbook", a.Runbook.Text}} {
			if f[1] != "" {
				line += " " + f[0] + "=" + f[1]
			}
		}
		if a.Quiet {
			line += " quiet"
		}
		lines = append(lines, line)
	}
	for _, d := range p.Problems {
		lines = append(lines, d.Pos.String()+" "+d.Rule+": "+d.Message.String())
	}
	return lines
}

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, kind, text string
		want             []string
	}{
		{"a rule file, in which a recording rule is no alert", alert.Prometheus, `groups:
  - name: a
    rules:
      - record: x:y
        expr: up
      - alert: HighLatency
        expr: up == 0
        labels: {severity: SEV2, team: app}
        annotations:
          summary: slow
          runbook_url: https://kb.example.com/alerts/{{ $labels.alertname }}/
`, []string{"a.yaml:6:16 prometheus HighLatency severity=SEV2 owner=app summary=slow runbook=https://kb.example.com/alerts/HighLatency/"}},
		{"manifests, several in a file and in a list", alert.Prometheus, `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
spec: {groups: [{name: a, rules: [{alert: A}]}]}
---
apiVersion: v1
kind: List
items:
- kind: PrometheusRule
  spec:
    groups:
    - name: b
      rules:
      - alert: B
        annotations: {runbook: https://x.example.com/b}
`, []string{"a.yaml:3:43 prometheus A", "a.yaml:13:16 prometheus B runbook=https://x.example.com/b"}},
		{"anchors and merges", alert.Prometheus, `x: &notes {runbook_url: https://x.example.com/a}
groups:
- rules:
  - alert: A
    annotations: *notes
  - alert: B
    annotations: {<<: *notes, summary: b}
`, []string{"a.yaml:4:12 prometheus A runbook=https://x.example.com/a", "a.yaml:6:12 prometheus B summary=b runbook=https://x.example.com/a"}},
		{
			"no YAML, with what came before it", alert.Prometheus, "groups: [{rules: [{alert: A}]}]\n---\na: b: c\n",
			[]string{"a.yaml:1:27 prometheus A", "a.yaml:3:1 alert-source: the file cannot be read: mapping values are not allowed in this context"},
		},
		{"another file", alert.Prometheus, "name: x\n", []string{"a.yaml:1:1 alert-source: the file has no alerts of the kind prometheus"}},
		{"a rule file without alerts is none the worse", alert.Prometheus, "groups: [{name: a, rules: [{record: x, expr: y}]}]\n", nil},
		{
			"a list of names and maps", alert.List, "- DiskFull\n- {name: 容量不足, source: zabbix, severity: SEV2, owner: sre}\n- {severity: SEV1}\n",
			[]string{"a.yaml:1:3 list DiskFull", "a.yaml:2:10 zabbix 容量不足 severity=SEV2 owner=sre", "a.yaml:3:3 alert-source: an alert of the list has no name"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, parse(t, c.kind, c.text)); d != "" {
				t.Error(d)
			}
		})
	}
}

const head = `Parameters:
  Env: {Type: String, Default: prod, AllowedValues: [prod, stg]}
  Team: {Type: String, Default: sre}
  Queues: {Type: CommaDelimitedList, Default: "orders, mail"}
Mappings:
  Names: {prod: {db: orders-db}, stg: {db: orders-stg}}
Resources:
`

func TestCloudFormation(t *testing.T) {
	for _, c := range []struct{ name, resources, want string }{
		{"a literal", "{Properties: {AlarmName: orders-5xx, AlarmDescription: 5xx}}", "orders-5xx summary=5xx"},
		{"a name with a parameter", `{Properties: {AlarmName: !Sub "cache-${Env}-001"}}`, "cache-prod-001 (cache-stg-001)"},
		{"a name with a stack's", `{Properties: {AlarmName: !Sub "${AWS::StackName}-errors"}}`, "${AWS::StackName}-errors (*-errors)"},
		{"the long form with values of its own", `{Properties: {AlarmName: {"Fn::Sub": ["${a}-${Env}-${!x}", {a: !Ref Team}]}}}`, "sre-prod-${x} (*-prod-${x} *-stg-${x})"},
		{"parts joined", `{Properties: {AlarmName: !Join ["-", [ops, !Ref Env, full]]}}`, "ops-prod-full (ops-stg-full)"},
		{"either name", `{Properties: {AlarmName: !If [IsProd, prod-cpu, test-cpu]}}`, "prod-cpu (test-cpu)"},
		{"a value of a map", `{Properties: {AlarmName: !Join ["", [!FindInMap [Names, !Ref Env, db], -cpu]]}}`, "orders-db-cpu"},
		{"a part of a list", `{Properties: {AlarmName: !Select [1, [a, b-cpu]]}}`, "b-cpu"},
		{"no name", `{Properties: {MetricName: x}}`, "X (*-X-*)"},
		{"a name that nothing is known of", `{Properties: {AlarmName: !ImportValue x}}`, "X"},
		{
			"tags and a runbook in the description", `{Properties: {AlarmName: a, AlarmDescription: "slow. Runbook: https://kb.example.com/a/", Tags: [{Key: severity, Value: SEV1}, {Key: owner, Value: !Ref Team}]}}`,
			"a severity=SEV1 owner=sre summary=slow. Runbook: https://kb.example.com/a/ runbook=https://kb.example.com/a/",
		},
		{"an alarm that tells nobody", `{Properties: {AlarmName: a, ActionsEnabled: false}}`, "a quiet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := head + "  X: " + strings.Replace(c.resources, "{", "{Type: AWS::CloudWatch::Alarm, ", 1) + "\n"
			got := parse(t, alert.CloudFormation, text)
			if len(got) != 1 {
				t.Fatalf("%d lines: %q", len(got), got)
			}
			_, said, _ := strings.Cut(got[0], " cloudwatch ")
			if said != c.want {
				t.Errorf("got  %s\nwant %s", said, c.want)
			}
		})
	}
}

func TestLoopsAndJSON(t *testing.T) {
	loop := head + `  "Fn::ForEach::Alarms":
    - Queue
    - !Ref Queues
    - "Depth${Queue}":
        Type: AWS::CloudWatch::CompositeAlarm
        Properties: {AlarmName: !Sub "depth-${Queue}"}
`
	want := []string{"a.yaml:13:33 cloudwatch depth-orders", "a.yaml:13:33 cloudwatch depth-mail"}
	if d := cmp.Diff(want, parse(t, alert.CloudFormation, loop)); d != "" {
		t.Error(d)
	}
	json := "{\n\t\"Resources\": {\n\t\t\"A\": {\"Type\": \"AWS::CloudWatch::Alarm\", \"Properties\": {\n\t\t\t\"AlarmName\": {\"Fn::Join\": [\"-\", [{\"Ref\": \"AWS::StackName\"}, \"cpu\"]]},\n" +
		"\t\t\t\"AlarmDescription\": \"\\ud83d\\udd25 \\u9ad8\\u8ca0\\u8377\"}},\n\t\t\"T\": {\"Type\": \"AWS::SNS::Topic\"}\n\t}\n}\n"
	want = []string{"a.yaml:4:17 cloudwatch ${AWS::StackName}-cpu (*-cpu) summary=🔥 高負荷"}
	if d := cmp.Diff(want, parse(t, alert.CloudFormation, json)); d != "" {
		t.Error(d)
	}
}

func TestAnswers(t *testing.T) {
	a := alert.Alert{Name: "cache-prod-001", Patterns: []string{"cache-*-001"}, Source: "cloudwatch"}
	for name, want := range map[string]bool{
		"cache-prod-001": true, "cache-dr-001": true, "cloudwatch:cache-prod-001": true, "CloudFormation:cache-prod-001": true,
		"prometheus:cache-prod-001": false, "cache-prod-002": false, "Cache-prod-001": false,
	} {
		if got := a.Answers(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	finding := alert.Alert{Name: "Exfiltration:S3/AnomalousBehavior", Source: "guardduty"}
	if !finding.Answers("Exfiltration:S3/AnomalousBehavior") || alert.Plain(finding.Name) != finding.Name {
		t.Error("a colon of the name itself was taken for a source")
	}
	if got := alert.Plain("cloudwatch:orders-5xx"); got != "orders-5xx" {
		t.Errorf("plain name is %q", got)
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"*", "", true}, {"*-a-*", "x-a-y", true}, {"*-a-*", "x-b-y", false}, {"a*a", "a", false}, {"a*b*c", "a1b2c", true},
	} {
		if got := alert.Match(c.pattern, c.name); got != c.want {
			t.Errorf("Match(%q, %q) = %v", c.pattern, c.name, got)
		}
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"kb/opsbook.yaml": "", "kb/_alerts/b.yaml": "b", "kb/_alerts/a.yaml": "a", "monitoring/deep/c.yaml": "c"} {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	at := func(globs ...string) alert.Source {
		s := alert.Source{Kind: alert.List}
		for i, g := range globs {
			s.Globs = append(s.Globs, meta.Str{Text: g, Pos: diag.Pos{File: "opsbook.yaml", Line: i + 1, Col: 1}})
		}
		return s
	}
	files, problems, err := alert.Find(filepath.Join(dir, "kb"), []alert.Source{at("_alerts/*.yaml", "./_alerts/a.yaml", "../monitoring/**/*.yaml", "none/*.yaml", "/etc/*", "[")})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, f.Path+"="+string(f.Text))
	}
	if want := []string{"../monitoring/deep/c.yaml=c", "_alerts/a.yaml=a", "_alerts/b.yaml=b"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
	var said []string
	for _, d := range problems {
		said = append(said, d.Pos.String()+" "+d.Message.String())
	}
	want := []string{
		`opsbook.yaml:4:1 no file matches "none/*.yaml", so alerts are missing`,
		`opsbook.yaml:5:1 "/etc/*" is the same place on no two machines`, `opsbook.yaml:6:1 "[" is no pattern of paths`,
	}
	if d := cmp.Diff(want, said); d != "" {
		t.Error(d)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(head + "  X: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmName: !Sub [\"${a}\", {a: !Join [x]}]}}\n")
	f.Add("a: &a [*a]\ngroups: *a\n")
	f.Add("groups: [{rules: [{alert: A, annotations: &x {<<: *x}}]}]")
	f.Add("{\"Resources\": {\"Fn::ForEach::A\": [\"x\", {\"Ref\": \"y\"}, {\"A${x}\": {\"Fn::ForEach::B\": []}}]}}")
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []string{alert.Prometheus, alert.CloudFormation, alert.List} {
			p := alert.Parse(alert.File{Kind: kind, Path: "a.yaml", Text: []byte(text)})
			for _, a := range p.Alerts {
				if a.Name == "" || a.Pos.Line < 1 {
					t.Errorf("an alert without name or place: %+v", a)
				}
			}
		}
	})
}
