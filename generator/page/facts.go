package page

import (
	"slices"
	"strings"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/meta"
)

// parts are facts that pages show as a part of their own rather than as a line of the header card.
var parts = []string{"incident", "roles", "activities", "communication", "rollback", "decisions", "params", "causes", "actions", "recurrence_of"}

// facts plans the header card: the keys that the type names, in its order, then what is good to know and less urgent.
func (pl *planner) facts(d *Doc, e *site.Entry, l language) {
	if e.Type.Has("record") {
		return // a record shows its facts as a part
	}
	for _, key := range e.Type.Facts {
		if slices.Contains(parts, key) {
			continue
		}
		if f := pl.fact(key, e, l); len(f.Values) > 0 {
			d.Facts = append(d.Facts, f)
		}
	}
	for _, f := range []Fact{
		{Key: "services", Values: linkValues(pl.serviceRefs(e.Meta.Services, l))},
		{Key: "alerts", Values: texts(e.Alerts)},
		{Key: "tags", Values: linkValues(pl.tagLinks(e.Meta.Tags, l))},
		{Key: "controls", Values: linkValues(pl.controlLinks(e.Meta.Controls, l))},
		{Key: "trigger", Values: texts([]string{e.Meta.Trigger.Text})},
	} {
		if len(f.Values) > 0 && !slices.Contains(e.Type.Facts, f.Key) {
			d.More = append(d.More, f)
		}
	}
}

// fact reads one key of the front matter. Keys of a site's own types are read by their form: an id of the directory or of a page is a link.
func (pl *planner) fact(key string, e *site.Entry, l language) Fact {
	f := Fact{Key: key, Name: pl.factName(key, e.Type, l)}
	switch key {
	case "duration":
		if s := spanOf(e.Meta.Duration); !s.IsZero() {
			f.Values = []Value{{Span: s}}
		}
		return f
	case "automation":
		f.Values = automation(e)
		return f
	case "schedule":
		f.Values = scheduleCell(e.Meta.Schedule.Text).Values
		return f
	}
	for _, field := range e.Front.Fields {
		if field.Key == key {
			f.Values = pl.values(e, field.Value, l)
		}
	}
	if key == "approved_by" && len(f.Values) == 1 && !e.Meta.ApprovedOn.IsZero() {
		f.Values = append(f.Values, Value{Date: e.Meta.ApprovedOn.String()})
	}
	return f
}

// factName is what a site calls a key of its own: in opsbook.yaml, else in the schema of the type, else the key made readable.
func (pl *planner) factName(key string, t *doctype.Type, l language) string {
	own := pl.s.Config.Labels[key]
	for _, lang := range []string{l.code, ""} {
		if own[lang] != "" {
			return own[lang]
		}
	}
	if t.Schema != nil {
		for _, k := range t.Schema.Keys() {
			if k.Name == key && k.Title[l.code] != "" {
				return k.Title[l.code]
			}
		}
	}
	return humanize(key)
}

func automation(e *site.Entry) []Value {
	a := e.Meta.Automation
	if a.State.IsZero() {
		return nil
	}
	values := []Value{{Link: Link{Label: Label{Key: "automation." + a.State.Text}}}}
	if !slices.Contains([]string{"manual", "assisted", "automated", "delegated"}, a.State.Text) {
		values[0].Label = Label{Text: a.State.Text}
	}
	if !a.Reason.IsZero() {
		values = append(values, Value{Link: Link{Label: Label{Text: a.Reason.Text}}})
	}
	return values
}

// values are the values of a key, whatever its form.
func (pl *planner) values(from *site.Entry, v meta.Value, l language) []Value {
	switch v.Kind {
	case meta.Scalar:
		if v.Text == "" {
			return nil
		}
		return []Value{pl.value(from, v.Text, l)}
	case meta.List:
		var all []Value
		for _, item := range v.Items {
			all = append(all, pl.values(from, item, l)...)
		}
		return all
	case meta.Map:
		var words []string
		for _, f := range v.Fields {
			for _, x := range pl.values(from, f.Value, l) {
				words = append(words, humanize(f.Key)+": "+x.Text+x.Date)
			}
		}
		text := strings.Join(words, ", ")
		return []Value{{Link: Link{Label: Label{Text: text, Lang: guess(text)}}}}
	default:
		return nil
	}
}

// value is one scalar: a date, somebody or something that the site knows, a web address, or a text.
func (pl *planner) value(from *site.Entry, text string, l language) Value {
	if isDate(text) {
		return Value{Date: text}
	}
	if p := pl.s.Party(text); p != nil {
		to := party(p, l)
		return Value{Link: to}
	}
	if s, ok := pl.s.Directory.Service(text); ok {
		to := service(&s, l)
		return Value{Link: to}
	}
	if e := pl.s.Ref(from, text); e != nil {
		to := link(e, l.code)
		return Value{Link: to}
	}
	if strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://") {
		return Value{Link: Link{Label: Label{Text: text}, URL: text, Away: true}}
	}
	return Value{Link: Link{Label: Label{Text: text, Lang: guess(text)}}}
}

// isDate reports whether a text has the form YYYY-MM-DD.
func isDate(s string) bool {
	if len(s) != 10 {
		return false
	}
	for i, c := range []byte(s) {
		if dash := i == 4 || i == 7; dash != (c == '-') || !dash && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func texts(all []string) []Value {
	var values []Value
	for _, t := range all {
		if t != "" {
			values = append(values, Value{Link: Link{Label: Label{Text: t, Lang: guess(t)}}})
		}
	}
	return values
}

func linkValues(links []Link) []Value {
	var values []Value
	for _, to := range links {
		values = append(values, Value{Link: to})
	}
	return values
}
