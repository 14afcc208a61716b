package publish

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"gopkg.in/yaml.v3"
)

// resourceSpec is AWS's own description of what CloudFormation takes: every type of resource with its properties and attributes.
type resourceSpec struct {
	types   map[string]shapeSpec // by name, such as AWS::S3::Bucket
	records map[string]shapeSpec // by id
}

type shapeSpec struct {
	ID         string                  `json:"$id"`
	Name       string                  `json:"name"`
	Type       string                  `json:"cloudFormationType"`
	Properties map[string]propertySpec `json:"properties"`
	Attributes map[string]any          `json:"attributes"`
}

type propertySpec struct {
	Type     typeSpec `json:"type"`
	Required bool     `json:"required"`
}

type typeSpec struct {
	Kind      string     `json:"type"` // string, integer, number, boolean, json, map, array, ref, union, tag, date-time
	Element   *typeSpec  `json:"element"`
	Types     []typeSpec `json:"types"`
	Allowed   []any      `json:"allowedValues"`
	Reference struct {
		ID string `json:"$ref"`
	} `json:"reference"`
}

// awsSpec reads the description, which setup installs.
var awsSpec = sync.OnceValues(func() (*resourceSpec, error) {
	f, err := os.Open("../../tools/npm/node_modules/@aws-cdk/aws-service-spec/db.json.gz")
	if err != nil {
		return nil, fmt.Errorf("make setup installs it: %w", err)
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var db struct {
		Schema struct {
			Resource, TypeDefinition struct{ Entities []shapeSpec }
		}
	}
	if err := json.NewDecoder(unpacked).Decode(&db); err != nil {
		return nil, err
	}
	s := &resourceSpec{types: map[string]shapeSpec{}, records: map[string]shapeSpec{}}
	for _, r := range db.Schema.Resource.Entities {
		s.types[r.Type] = r
	}
	for _, r := range db.Schema.TypeDefinition.Entities {
		s.records[r.ID] = r
	}
	return s, nil
})

func openSpec(t *testing.T) *resourceSpec {
	t.Helper()
	s, err := awsSpec()
	if err != nil {
		if os.Getenv("CI") != "" || !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return s
}

// validation holds one template against the description.
type validation struct {
	spec      *resourceSpec
	sections  map[string]map[string]*yaml.Node // Parameters, Conditions, Resources, Outputs by name
	types     map[string]string                // of resources, by name
	used      map[string]bool                  // parameters and conditions
	needs     map[string][]string              // resource -> resources
	within    string
	problems  []string
	reference int
}

func (v *validation) say(n *yaml.Node, format string, args ...any) {
	v.problems = append(v.problems, fmt.Sprintf("line %d: ", n.Line)+fmt.Sprintf(format, args...))
}

// fields are the keys of a mapping.
func fields(n *yaml.Node) map[string]*yaml.Node {
	m := map[string]*yaml.Node{}
	if n != nil && n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = n.Content[i+1]
		}
	}
	return m
}

// validate returns what is wrong with a template.
func validate(spec *resourceSpec, text string) (*validation, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, err
	}
	v := &validation{spec: spec, sections: map[string]map[string]*yaml.Node{}, types: map[string]string{}, used: map[string]bool{}, needs: map[string][]string{}}
	root := doc.Content[0]
	for name, n := range fields(root) {
		switch name {
		case "Parameters", "Conditions", "Rules", "Resources", "Outputs":
			v.sections[name] = fields(n)
		case "AWSTemplateFormatVersion", "Description":
		default:
			v.say(n, "there is no section %s", name)
		}
	}
	for name, n := range v.sections["Resources"] {
		if kind := fields(n)["Type"]; kind != nil {
			v.types[name] = kind.Value
		}
	}
	for name, n := range v.sections["Resources"] {
		v.within = name
		v.resource(name, n)
	}
	v.within = ""
	for _, n := range v.sections["Conditions"] {
		v.walk(n)
	}
	for name, n := range v.sections["Rules"] {
		v.rule(name, n)
	}
	for name, n := range v.sections["Outputs"] {
		f := fields(n)
		if f["Value"] == nil {
			v.say(n, "the output %s has no value", name)
		}
		v.walk(n)
		v.condition(f["Condition"])
	}
	v.parameters()
	v.circles()
	slices.Sort(v.problems)
	return v, nil
}

func (v *validation) parameters() {
	for name, n := range v.sections["Parameters"] {
		f := fields(n)
		if f["Type"] == nil || f["Type"].Value != "String" {
			v.say(n, "the parameter %s has no type", name)
		}
		if p := f["AllowedPattern"]; p != nil {
			if _, err := regexp.Compile(p.Value); err != nil {
				v.say(p, "the pattern of %s: %v", name, err)
			}
		}
		if !v.used[name] {
			v.say(n, "the parameter %s is used nowhere", name)
		}
	}
	for name, n := range v.sections["Conditions"] {
		if !v.used[name] {
			v.say(n, "the condition %s is used nowhere", name)
		}
	}
}

// rule is one that holds parameters to each other before anything is made: assertions that say what to do, maybe under a condition.
func (v *validation) rule(name string, n *yaml.Node) {
	for key, value := range fields(n) {
		switch key {
		case "RuleCondition":
			v.walk(value)
		case "Assertions":
			for _, a := range value.Content {
				if f := fields(a); f["Assert"] == nil || f["AssertDescription"] == nil || len(f) != 2 {
					v.say(a, "an assertion of %s is not Assert and AssertDescription", name)
				}
				v.walk(a)
			}
		default:
			v.say(value, "a rule has no %s", key)
		}
	}
	if fields(n)["Assertions"] == nil {
		v.say(n, "the rule %s asserts nothing", name)
	}
}

func (v *validation) resource(name string, n *yaml.Node) {
	if !regexp.MustCompile(`^[A-Za-z0-9]+$`).MatchString(name) {
		v.say(n, "%s is no name of a resource", name)
	}
	for key, value := range fields(n) {
		switch key {
		case "Type", "Properties":
		case "Condition":
			v.condition(value)
		case "DeletionPolicy", "UpdateReplacePolicy":
			if value.Value != "Retain" && value.Value != "Delete" {
				v.say(value, "%s of %s is %s", key, name, value.Value)
			}
		default:
			v.say(value, "a resource has no %s", key)
		}
	}
	shape, ok := v.spec.types[v.types[name]]
	if !ok {
		v.say(n, "there is no type %q", v.types[name])
		return
	}
	v.record(fields(n)["Properties"], shape, v.types[name], n)
}

func (v *validation) condition(n *yaml.Node) {
	if n == nil {
		return
	}
	if v.sections["Conditions"][n.Value] == nil {
		v.say(n, "there is no condition %s", n.Value)
	}
	v.used[n.Value] = true
}

func (v *validation) record(n *yaml.Node, shape shapeSpec, where string, above *yaml.Node) {
	if n == nil {
		n = &yaml.Node{Kind: yaml.MappingNode, Line: above.Line}
	}
	if n.Kind != yaml.MappingNode {
		v.say(n, "%s must be a mapping", where)
		return
	}
	given := fields(n)
	for name, value := range given {
		p, ok := shape.Properties[name]
		if !ok {
			v.say(value, "%s has no property %s", where, name)
			continue
		}
		v.value(value, p.Type, where+"."+name)
	}
	for name, p := range shape.Properties {
		if p.Required && given[name] == nil {
			v.say(n, "%s needs %s", where, name)
		}
	}
}

// value holds a value against its type. What an intrinsic function returns is text, of which only the references are known.
func (v *validation) value(n *yaml.Node, as typeSpec, where string) {
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		v.intrinsic(n, func(branch *yaml.Node) { v.value(branch, as, where) })
		return
	}
	switch as.Kind {
	case "string", "date-time":
		v.scalar(n, as, where, func(s string) bool { return n.Tag == "!!str" || s != "" })
	case "integer":
		v.scalar(n, as, where, func(s string) bool { _, err := strconv.Atoi(s); return err == nil })
	case "number":
		v.scalar(n, as, where, func(s string) bool { _, err := strconv.ParseFloat(s, 64); return err == nil })
	case "boolean":
		v.scalar(n, as, where, func(s string) bool { return s == "true" || s == "false" })
	case "array":
		if n.Kind != yaml.SequenceNode {
			v.say(n, "%s must be a list", where)
			return
		}
		for _, item := range n.Content {
			v.value(item, *as.Element, where+"[]")
		}
	case "map":
		for key, item := range fields(n) {
			v.value(item, *as.Element, where+"."+key)
		}
	case "ref":
		v.record(n, v.spec.records[as.Reference.ID], where, n)
	case "union":
		v.union(n, as, where)
	case "json":
		v.document(n, where)
	default:
		v.say(n, "%s has the type %q, which this test does not know", where, as.Kind)
	}
}

func (v *validation) scalar(n *yaml.Node, as typeSpec, where string, ok func(string) bool) {
	if n.Kind != yaml.ScalarNode || !ok(n.Value) {
		v.say(n, "%s must be a %s, not %q", where, as.Kind, n.Value)
		return
	}
	if len(as.Allowed) > 0 && !slices.ContainsFunc(as.Allowed, func(a any) bool { return fmt.Sprint(a) == n.Value }) {
		v.say(n, "%s must be one of %v, not %s", where, as.Allowed, n.Value)
	}
}

// union takes the first alternative that has no problems. Texts come first, so that what is said of a mapping is of one.
func (v *validation) union(n *yaml.Node, as typeSpec, where string) {
	before := len(v.problems)
	types := slices.SortedFunc(slices.Values(as.Types), func(a, b typeSpec) int { return strings.Compare(b.Kind, a.Kind) })
	for _, t := range types {
		v.problems = v.problems[:before]
		if v.value(n, t, where); len(v.problems) == before {
			return
		}
	}
}

// document holds a policy against the grammar of IAM.
func (v *validation) document(n *yaml.Node, where string) {
	v.walk(n)
	if !strings.Contains(where, "PolicyDocument") {
		return
	}
	f := fields(n)
	if f["Version"] == nil || f["Version"].Value != "2012-10-17" || f["Statement"] == nil || f["Statement"].Kind != yaml.SequenceNode {
		v.say(n, "%s is no policy", where)
		return
	}
	for _, s := range f["Statement"].Content {
		given := fields(s)
		for key := range given {
			if !slices.Contains([]string{"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}, key) {
				v.say(s, "a statement has no %s", key)
			}
		}
		if e := given["Effect"]; e == nil || e.Value != "Allow" && e.Value != "Deny" {
			v.say(s, "a statement allows or denies")
		}
		if a := given["Action"]; a != nil {
			for _, action := range append([]*yaml.Node{a}, a.Content...) {
				if action.Kind == yaml.ScalarNode && !regexp.MustCompile(`^[a-z0-9-]+:([A-Za-z]+\*?|\*)$`).MatchString(action.Value) {
					v.say(action, "%s is no action", action.Value)
				}
			}
		} else {
			v.say(s, "a statement needs an action")
		}
		// A trust policy says who, a policy of a role says on what, one of a bucket says both.
		trust := strings.Contains(where, "AssumeRole")
		if (given["Principal"] != nil) != (trust || strings.Contains(where, "Bucket")) || (given["Resource"] != nil) == trust {
			v.say(s, "%s: who and on what do not fit", where)
		}
	}
}

// walk follows the references of a value without a type.
func (v *validation) walk(n *yaml.Node) {
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		v.intrinsic(n, v.walk)
		return
	}
	for _, child := range n.Content {
		v.walk(child)
	}
}

var placeOf = regexp.MustCompile(`\$\{([^}]+)\}`)

func (v *validation) intrinsic(n *yaml.Node, branch func(*yaml.Node)) {
	switch n.Tag {
	case "!Ref":
		v.refer(n, n.Value)
	case "!GetAtt":
		v.refer(n, n.Value)
		if !strings.Contains(n.Value, ".") {
			v.say(n, "%s names no attribute", n.Value)
		}
	case "!Sub":
		for _, m := range placeOf.FindAllStringSubmatch(n.Value, -1) {
			v.refer(n, m[1])
		}
	case "!If":
		if len(n.Content) != 3 {
			v.say(n, "!If takes three values")
			return
		}
		v.condition(n.Content[0])
		branch(n.Content[1])
		branch(n.Content[2])
	case "!Equals", "!Not":
		if v.within != "" {
			v.say(n, "%s belongs to conditions", n.Tag)
		}
		for _, child := range n.Content {
			v.walk(child)
		}
	default:
		v.say(n, "this test does not know %s", n.Tag)
	}
}

// refer follows a name: of a parameter, a resource, one of its attributes, or a pseudo parameter.
func (v *validation) refer(n *yaml.Node, to string) {
	v.reference++
	pseudo := []string{"AWS::StackName", "AWS::AccountId", "AWS::Region", "AWS::Partition", "AWS::NoValue"}
	name, attribute, hasAttribute := strings.Cut(to, ".")
	kind, isResource := v.types[name]
	switch {
	case slices.Contains(pseudo, to):
	case v.sections["Parameters"][to] != nil:
		v.used[to] = true
	case !isResource:
		v.say(n, "%s is neither a parameter nor a resource", to)
	case hasAttribute && v.spec.types[kind].Attributes[attribute] == nil:
		v.say(n, "%s has no attribute %s", kind, attribute)
	default:
		v.needs[v.within] = append(v.needs[v.within], name)
	}
}

// circles finds resources that wait for each other.
func (v *validation) circles() {
	state := map[string]int{}
	var visit func(string)
	visit = func(name string) {
		state[name] = 1
		for _, next := range v.needs[name] {
			if state[next] == 1 {
				v.problems = append(v.problems, fmt.Sprintf("%s and %s wait for each other", name, next))
			} else if state[next] == 0 {
				visit(next)
			}
		}
		state[name] = 2
	}
	for name := range v.types {
		if state[name] == 0 {
			visit(name)
		}
	}
}

// audiences are all the kinds of hosting that can be printed.
var audiences = map[string]Audience{
	"public": {Public: true}, "networks": {CIDRs: []string{"203.0.113.0/24", "2001:db8::/32"}}, "cognito": {Auth: AuthCognito},
	"oidc in a network": {Auth: AuthOIDC, CIDRs: []string{"203.0.113.0/24"}}, "signed cookies": {Auth: AuthCookies},
}

func TestTemplateIsWhatCloudFormationTakes(t *testing.T) {
	spec := openSpec(t)
	if len(spec.types) < 1000 {
		t.Fatalf("the description has %d types only", len(spec.types))
	}
	for name, a := range audiences {
		text, err := CloudFormation(a, "default-src 'none'; frame-ancestors 'none'")
		if err != nil {
			t.Fatal(err)
		}
		v, err := validate(spec, text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, p := range v.problems {
			t.Errorf("%s: %s", name, p)
		}
		// What aws cloudformation deploy sends without a bucket of its own.
		if v.reference < 30 || len(v.types) < 9 || len(text) > 51200 {
			t.Errorf("%s: %d references, %d resources, %d bytes", name, v.reference, len(v.types), len(text))
		}
	}
}

// TestValidatorFindsMistakes is the control: each of these templates is wrong in one place.
func TestValidatorFindsMistakes(t *testing.T) {
	spec := openSpec(t)
	for _, c := range []struct{ from, to, want string }{
		{"SigningProtocol: sigv4", "SigningProtocol: sigv4\n        Signing: x", "has no property Signing"},
		{"        SigningProtocol: sigv4\n", "", "needs SigningProtocol"},
		{"SSEAlgorithm: AES256", "SSEAlgorithm: AES128", "must be one of"},
		{"Enabled: true", "Enabled: yes please", "must be a boolean"},
		{"AllowedMethods: [GET, HEAD]", "AllowedMethods: GET", "must be a list"},
		{"!GetAtt AccessControl.Id", "!GetAtt AccessControl.Arn", "has no attribute Arn"},
		{"!Ref HeadersPolicy", "!Ref HeaderPolicy", "neither a parameter nor a resource"},
		{"Type: AWS::CloudFront::Function", "Type: AWS::CloudFront::Functions", "there is no type"},
		{"Condition: MakesProvider", "Condition: MakeProvider", "there is no condition"},
		{"ErrorCachingMinTTL: 10", "ErrorCachingMinTTL: soon", "must be a number"},
		{"Effect: Deny", "Effect: Forbid", "allows or denies"},
		{`Action: "s3:*"`, `Action: "everything"`, "is no action"},
		{"HttpVersion: http2and3", "HttpVersion: !Ref BucketPolicy", "wait for each other"},
		{"Default: main\n    AllowedPattern", "Default: main\n  Other:\n    Type: String\n    AllowedPattern", "used nowhere"},
	} {
		text, err := CloudFormation(Audience{Public: true}, "default-src 'none'")
		if err != nil {
			t.Fatal(err)
		}
		broken := strings.Replace(text, c.from, c.to, 1)
		if broken == text {
			t.Errorf("%s is not in the template", c.from)
			continue
		}
		v, err := validate(spec, broken)
		if err != nil {
			t.Errorf("%s: %v", c.to, err)
			continue
		}
		if found := strings.Join(v.problems, "\n"); !strings.Contains(found, c.want) {
			t.Errorf("%s: found %q, want %q", c.to, found, c.want)
		}
	}
}
