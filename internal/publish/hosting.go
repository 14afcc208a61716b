package publish

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
)

//go:embed hosting/cloudformation.yaml
var cloudformation string

//go:embed hosting/function.js
var edgeFunction string

// Audience is who may read a hosted site. The zero Audience is nobody: hosting is closed until somebody says for whom it is open.
type Audience struct {
	Public bool
	CIDRs  []string // networks that may read
}

// CloudFormation returns the template of a site's hosting, with the policy that its pages were built for.
func CloudFormation(a Audience, csp string) (string, error) {
	if a.Public == (len(a.CIDRs) > 0) {
		return "", fmt.Errorf("say who may read the site: --allow-cidr NETWORK (as often as needed) or --public, and not both")
	}
	allowed := "null"
	// An empty list is refused by CloudFront, so that a public site carries a header that changes nothing.
	headers := []map[string]any{{"Header": "X-Robots-Tag", "Value": "all", "Override": true}}
	if !a.Public {
		for _, c := range a.CIDRs {
			if p, err := netip.ParsePrefix(c); err != nil || p.Addr().Is4In6() {
				return "", fmt.Errorf("--allow-cidr %s: write a network such as 203.0.113.0/24", c)
			}
		}
		headers[0]["Value"] = "noindex"
		text, err := json.Marshal(a.CIDRs)
		if err != nil {
			return "", err
		}
		allowed = string(text)
	}
	code, err := json.Marshal(strings.Replace(edgeFunction, "__ALLOWED__", allowed, 1))
	if err != nil {
		return "", err
	}
	policy, err := json.Marshal(csp)
	if err != nil {
		return "", err
	}
	extra, err := json.Marshal(headers)
	if err != nil {
		return "", err
	}
	return strings.NewReplacer("__FUNCTION__", string(code), "__CSP__", string(policy), "__HEADERS__", string(extra)).Replace(cloudformation), nil
}
