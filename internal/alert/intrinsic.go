package alert

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// template is what intrinsic functions of a CloudFormation template are worked out from.
type template struct {
	parameters, mappings *yaml.Node
	loop                 map[string]string // identifier of Fn::ForEach -> its value now
	depth, turns         int
}

// The limits of what is worked out. Real names nest two functions.
const (
	maxNesting = 8
	maxWays    = 32 // patterns of one name
)

// word is a text that a template works out: as it is read by people, and every way in which it may come out, * for what only a deployment
// knows.
type word struct {
	text string
	ways []string
}

func fixed(text string) word { return word{text, []string{text}} }
func open(text string) word  { return word{text, []string{"*"}} }

// name is a word as the name of an alarm, and the patterns that it may come out as. A name of which nothing is known is that of its resource.
func (w word) name(logical string) (string, []string) {
	var patterns []string
	for _, p := range w.ways {
		if p != w.text && strings.Trim(p, "*-_ ") != "" {
			patterns = append(patterns, p)
		}
	}
	if strings.Trim(variable.ReplaceAllString(w.text, ""), "-_ ") == "" {
		return logical, patterns
	}
	return w.text, patterns
}

// join puts words behind one another.
func join(sep string, words []word) word {
	out := fixed("")
	for i, w := range words {
		if i > 0 {
			out.text += sep
		}
		out.text += w.text
		var ways []string
		for _, a := range out.ways {
			for _, b := range w.ways {
				if i > 0 {
					b = sep + b
				}
				ways = append(ways, a+b)
			}
		}
		out.ways = ways[:min(len(ways), maxWays)]
	}
	return out
}

// value works out a text: a scalar, a short form (!Sub) or a long one (Fn::Sub).
func (t *template) value(n *yaml.Node) word {
	n = follow(n)
	if n == nil || t.depth > maxNesting {
		return word{}
	}
	t.depth++
	defer func() { t.depth-- }()
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		bare := *n
		bare.Tag = ""
		return t.call(n.Tag[1:], &bare)
	}
	switch {
	case n.Kind == yaml.ScalarNode:
		return t.looped(scalar(n))
	case n.Kind == yaml.MappingNode && len(n.Content) == 2:
		return t.call(strings.TrimPrefix(n.Content[0].Value, "Fn::"), follow(n.Content[1]))
	}
	return open("")
}

// call works out a function.
func (t *template) call(function string, arg *yaml.Node) word {
	if arg == nil {
		return open("${" + function + "}")
	}
	parts := items(arg)
	switch function {
	case "Ref":
		return t.ref(arg.Value)
	case "Sub":
		if len(parts) == 2 {
			return t.sub(scalar(parts[0]), parts[1])
		}
		return t.sub(strings.TrimSpace(arg.Value), nil)
	case "Join":
		if len(parts) == 2 {
			var words []word
			for _, p := range items(parts[1]) {
				words = append(words, t.value(p))
			}
			return join(raw(parts[0]), words)
		}
	case "If":
		if len(parts) == 3 {
			yes, no := t.value(parts[1]), t.value(parts[2])
			return word{yes.text, append(slices.Clone(yes.ways), no.ways...)}
		}
	case "Select":
		if len(parts) == 2 {
			list := t.words(parts[1])
			if i, err := strconv.Atoi(raw(parts[0])); err == nil && i >= 0 && i < len(list) {
				return fixed(list[i])
			}
		}
	case "FindInMap":
		if len(parts) >= 3 {
			return t.inMap(parts)
		}
	}
	return open("${" + function + "}")
}

// raw is the text of a scalar with the spaces around it.
func raw(n *yaml.Node) string {
	if n == nil {
		return ""
	}
	return n.Value
}

// inMap looks a value up; a key that only a deployment knows stands for any.
func (t *template) inMap(parts []*yaml.Node) word {
	name, second := t.value(parts[0]), t.value(parts[2])
	table := get(t.mappings, name.text)
	if v := get(table, t.value(parts[1]).text, second.text); v != nil {
		return fixed(scalar(v))
	}
	out := word{text: "${" + second.text + "}"}
	if table != nil && table.Kind == yaml.MappingNode {
		for i := 1; i < len(table.Content) && len(out.ways) < maxWays; i += 2 {
			if v := get(table.Content[i], second.text); v != nil {
				out.ways = append(out.ways, scalar(v))
			}
		}
	}
	if out.ways == nil {
		return open(out.text)
	}
	return out
}

// ref is a parameter: by its default, and by all that it may be.
func (t *template) ref(name string) word {
	if v, ok := t.loop[name]; ok {
		return fixed(v)
	}
	p := get(t.parameters, name)
	usual := get(p, "Default")
	w := open("${" + name + "}")
	if usual != nil {
		w.text = scalar(usual)
	}
	if allowed := items(get(p, "AllowedValues")); len(allowed) > 0 && len(allowed) <= maxWays {
		w.ways = nil
		for _, v := range allowed {
			w.ways = append(w.ways, scalar(v))
		}
	}
	return w
}

// variable is a slot of Fn::Sub; ${!literal} is the text ${literal}.
var variable = regexp.MustCompile(`\$\{(!?)([^}]*)\}`)

// sub fills the slots of a text, from its own values first.
func (t *template) sub(text string, own *yaml.Node) word {
	var words []word
	at := 0
	for _, m := range variable.FindAllStringSubmatchIndex(text, -1) {
		words = append(words, fixed(text[at:m[0]]))
		name := strings.TrimSpace(text[m[4]:m[5]])
		switch v := get(own, name); {
		case m[2] < m[3]:
			words = append(words, fixed("${"+name+"}"))
		case v != nil:
			words = append(words, t.value(v))
		default:
			words = append(words, t.ref(name))
		}
		at = m[1]
	}
	return join("", append(words, fixed(text[at:])))
}

// looped fills the slots that a loop knows in a text that is no Fn::Sub.
func (t *template) looped(text string) word {
	if len(t.loop) == 0 {
		return fixed(text)
	}
	return t.fill(text)
}

func (t *template) fill(text string) word {
	for name, v := range t.loop {
		text = strings.NewReplacer("${"+name+"}", v, "&{"+name+"}", v).Replace(text)
	}
	return fixed(text)
}

// words works out a list of texts: written out, or a parameter whose default has commas.
func (t *template) words(n *yaml.Node) []string {
	n = follow(n)
	if n == nil {
		return nil
	}
	if n.Kind == yaml.SequenceNode && (n.Tag == "" || n.Tag == "!!seq") {
		var all []string
		for _, item := range n.Content {
			all = append(all, t.value(item).text)
		}
		return all
	}
	var all []string
	for _, s := range strings.Split(t.value(n).text, ",") {
		all = append(all, strings.TrimSpace(s))
	}
	return all
}
