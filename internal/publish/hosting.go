package publish

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"text/template"
)

//go:embed hosting/cloudformation.yaml
var cloudformation string

//go:embed hosting/function.js
var edgeFunction string

//go:embed hosting/login.js
var edgeLogin string

// GitHub is a workflow that checks, previews, plans, publishes and rolls back.
//
//go:embed hosting/github.yaml
var GitHub string

// Auth is how readers prove who they are.
type Auth string

// The ways to sign in.
const (
	AuthNone    Auth = ""
	AuthCognito Auth = "cognito"        // users of a pool that the template makes
	AuthOIDC    Auth = "oidc"           // users of an identity provider that is there already
	AuthCookies Auth = "signed-cookies" // readers to whom a page of the site's owners gives CloudFront's signed cookies
)

// Audience is who may read a hosted site. The zero Audience is nobody: hosting is closed until somebody says for whom it is open.
type Audience struct {
	Public bool
	CIDRs  []string // networks that may read
	Auth   Auth     // with networks: readers must be in one and sign in
}

// hosting is what the template's places are filled with.
type hosting struct {
	Cookies, Cognito, OIDC, Login bool
	Code, Version, CSP            string
	Headers                       []map[string]any
}

// CloudFormation returns the template of a site's hosting, with the policy that its pages were built for.
func CloudFormation(a Audience, csp string) (string, error) {
	if err := a.wrong(); err != nil {
		return "", err
	}
	h := hosting{Cookies: a.Auth == AuthCookies, Cognito: a.Auth == AuthCognito, OIDC: a.Auth == AuthOIDC}
	h.Login = h.Cognito || h.OIDC
	// An empty list is refused by CloudFront, so that a public site carries a header that changes nothing.
	robots := "noindex"
	if a.Public {
		robots = "all"
	}
	allowed, err := inline(a.CIDRs) // null without any
	if err != nil {
		return "", err
	}
	code := strings.Replace(edgeFunction, "__ALLOWED__", allowed, 1)
	if h.Login {
		code += "\n" + edgeLogin
	}
	sum := sha256.Sum256([]byte(code))
	// A version of a function is made anew only if its name in the template changes.
	h.Code, h.Version, h.CSP = code, hex.EncodeToString(sum[:4]), csp
	h.Headers = []map[string]any{{"Header": "X-Robots-Tag", "Value": robots, "Override": true}}
	form, err := template.New("cloudformation.yaml").Delims("[[", "]]").Funcs(template.FuncMap{"json": inline}).Parse(cloudformation)
	if err != nil {
		return "", fmt.Errorf("read the template: %w", err)
	}
	var b strings.Builder
	err = form.Execute(&b, h)
	return b.String(), err
}

// wrong says why an audience is none.
func (a Audience) wrong() error {
	switch a.Auth {
	case AuthNone, AuthCognito, AuthOIDC, AuthCookies:
	default:
		return fmt.Errorf("--auth %s: write cognito, oidc or signed-cookies", a.Auth)
	}
	if a.Public == (len(a.CIDRs) > 0 || a.Auth != AuthNone) {
		return errors.New("say who may read the site: --auth cognito|oidc|signed-cookies, --allow-cidr NETWORK (as often as needed) or both, else --public")
	}
	for _, c := range a.CIDRs {
		if p, err := netip.ParsePrefix(c); err != nil || p.Addr().Is4In6() {
			return fmt.Errorf("--allow-cidr %s: write a network such as 203.0.113.0/24", c)
		}
	}
	return nil
}

// inline writes a value as JSON, which YAML and JavaScript read too.
func inline(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}
