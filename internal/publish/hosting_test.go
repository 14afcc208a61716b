package publish

import (
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func TestTemplateIsClosedByDefault(t *testing.T) {
	for _, a := range []Audience{{}, {Public: true, CIDRs: []string{"203.0.113.0/24"}}, {CIDRs: []string{"203.0.113.0"}}} {
		if _, err := CloudFormation(a, "default-src 'none'"); err == nil {
			t.Errorf("%+v: printed", a)
		}
	}
}

// TestTemplateIsWhole reads the template as YAML and follows every reference.
func TestTemplateIsWhole(t *testing.T) {
	text, err := CloudFormation(Audience{CIDRs: []string{"203.0.113.0/24"}}, "default-src 'none'")
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	var whole struct {
		Parameters map[string]yaml.Node `yaml:"Parameters"`
		Resources  map[string]struct {
			Type       string               `yaml:"Type"`
			Properties map[string]yaml.Node `yaml:"Properties"`
		} `yaml:"Resources"`
	}
	if err := doc.Decode(&whole); err != nil {
		t.Fatal(err)
	}
	known := func(name string) bool {
		_, resource := whole.Resources[name]
		_, parameter := whole.Parameters[name]
		return resource || parameter || strings.HasPrefix(name, "AWS::")
	}
	names := regexp.MustCompile(`\$\{([^}.]+)`)
	references := 0
	var walk func(*yaml.Node)
	walk = func(n *yaml.Node) {
		var to []string
		switch n.Tag {
		case "!Ref", "!GetAtt":
			to = []string{strings.SplitN(n.Value, ".", 2)[0]}
		case "!Sub":
			for _, m := range names.FindAllStringSubmatch(n.Value, -1) {
				to = append(to, m[1])
			}
		}
		for _, name := range to {
			references++
			if !known(name) {
				t.Errorf("line %d: %s is neither a resource nor a parameter", n.Line, name)
			}
		}
		for _, child := range n.Content {
			walk(child)
		}
	}
	walk(&doc)
	if references < 15 || len(whole.Resources) != 7 {
		t.Errorf("%d references, %d resources", references, len(whole.Resources))
	}
	for name, r := range whole.Resources {
		if !strings.HasPrefix(r.Type, "AWS::") || len(r.Properties) == 0 {
			t.Errorf("%s: type %q with %d properties", name, r.Type, len(r.Properties))
		}
	}
	if !strings.Contains(text, `"noindex"`) || strings.Contains(text, "__") && strings.Contains(text, "__ALLOWED__") {
		t.Error("a closed site may be indexed, or a place is not filled in")
	}
}
