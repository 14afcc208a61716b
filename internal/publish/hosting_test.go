package publish

import (
	"strings"
	"testing"
)

func TestTemplateIsClosedByDefault(t *testing.T) {
	for _, a := range []Audience{
		{},
		{Public: true, CIDRs: []string{"203.0.113.0/24"}},
		{Public: true, Auth: AuthCognito},
		{CIDRs: []string{"203.0.113.0"}},
		{Auth: "password"},
	} {
		if _, err := CloudFormation(a, "default-src 'none'"); err == nil {
			t.Errorf("%+v: printed", a)
		}
	}
}

func TestTemplateSaysForWhomItIsOpen(t *testing.T) {
	for name, c := range map[string]struct{ has, lacks string }{
		"public":            {`"Value":"all"`, "noindex"},
		"networks":          {`[\"203.0.113.0/24\",\"2001:db8::/32\"]`, `"all"`},
		"cognito":           {"AllowAdminCreateUserOnly: true", "FunctionAssociations:\n            - EventType: viewer-request\n              FunctionARN"},
		"oidc in a network": {"LambdaFunctionAssociations", "AWS::Cognito"},
		"signed cookies":    {"TrustedKeyGroups: [!Ref Keys]", "AWS::Lambda"},
	} {
		text, err := CloudFormation(audiences[name], "default-src 'none'")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, c.has) || strings.Contains(text, c.lacks) {
			t.Errorf("%s: must have %s and must not have %s", name, c.has, c.lacks)
		}
		if name != "public" && !strings.Contains(text, `"noindex"`) {
			t.Errorf("%s: a closed site may be indexed", name)
		}
		if strings.Contains(text, "[[") || strings.Contains(text, "__") && strings.Contains(text, "__ALLOWED__") {
			t.Errorf("%s: a place is not filled in", name)
		}
	}
}
