package alert

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"

	"opsbook/internal/meta"
)

// alarms are the types of resources that are alerts.
var alarms = map[string]bool{"AWS::CloudWatch::Alarm": true, "AWS::CloudWatch::CompositeAlarm": true}

// maxTurns is how many turns all Fn::ForEach of a template may take; CloudFormation allows 500 resources in one.
const maxTurns = 500

// cloudFormation reads the alarms of a template.
func (r *reader) cloudFormation(doc *yaml.Node) {
	resources := get(doc, "Resources")
	r.known = r.known || resources != nil
	t := &template{parameters: get(doc, "Parameters"), mappings: get(doc, "Mappings"), loop: map[string]string{}}
	r.resources(t, resources)
}

// resources reads the alarms among some resources, those that a loop makes included.
func (r *reader) resources(t *template, n *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, v := n.Content[i], follow(n.Content[i+1])
		switch {
		case strings.HasPrefix(key.Value, "Fn::ForEach::"):
			r.loop(t, items(v))
		case alarms[scalar(get(v, "Type"))]:
			r.alarm(t, key, get(v, "Properties"))
		}
	}
}

// loop reads the resources of Fn::ForEach: [identifier, collection, {key: resource}].
func (r *reader) loop(t *template, parts []*yaml.Node) {
	if len(parts) != 3 {
		return
	}
	name := scalar(parts[0])
	before, was := t.loop[name]
	for _, v := range t.words(parts[1]) {
		if t.turns++; t.turns > maxTurns {
			break
		}
		t.loop[name] = v
		r.resources(t, parts[2])
	}
	delete(t.loop, name)
	if was {
		t.loop[name] = before
	}
}

// alarm reads one alarm. Without a name CloudFormation makes one of the stack's, the resource's and a random one.
func (r *reader) alarm(t *template, key, props *yaml.Node) {
	logical := t.fill(key.Value).text
	a := Alert{Name: logical, Source: "cloudwatch", Pos: r.pos(key), Quiet: strings.EqualFold(t.value(get(props, "ActionsEnabled")).text, "false")}
	if name := get(props, "AlarmName"); name != nil {
		a.Pos = r.pos(name)
		a.Name, a.Patterns = t.value(name).name(logical)
	} else {
		a.Patterns = []string{"*-" + logical + "-*"}
	}
	about := get(props, "AlarmDescription")
	a.Summary = t.value(about).text
	if m := runbookIn.FindStringSubmatch(a.Summary); m != nil {
		a.Runbook = meta.Str{Text: m[1], Pos: r.pos(about)}
	}
	for _, tag := range items(get(props, "Tags")) {
		value := get(tag, "Value")
		word := meta.Str{Text: t.value(value).text}
		if value != nil {
			word.Pos = r.pos(value)
		}
		switch strings.ToLower(scalar(get(tag, "Key"))) {
		case "severity":
			a.Severity = word.Text
		case "owner", "team":
			a.Owner = word
		case "runbook", "runbook_url", "runbook-url", "runbookurl":
			a.Runbook = word
		}
	}
	r.out.Alerts = append(r.out.Alerts, a)
}

// runbookIn is how descriptions name a runbook, for want of a field of its own.
var runbookIn = regexp.MustCompile(`(?i)(?:runbook(?:_url)?|手順書?)\s*[:：=]\s*(https?://[^\s"'<>、。）)]+)`)
