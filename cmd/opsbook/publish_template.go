package main

import (
	"fmt"
	"os"

	"opsbook/generator"
	"opsbook/internal/publish"
)

type publishTemplateCmd struct {
	Kind      string   `arg:"" help:"What to print: cloudformation or github." enum:"cloudformation,github"`
	Auth      string   `help:"How readers sign in: cognito, oidc or signed-cookies." placeholder:"WAY"`
	AllowCIDR []string `name:"allow-cidr" help:"Network that may read the site; may be repeated." placeholder:"NETWORK"`
	Public    bool     `help:"Everyone may read the site, and search engines may list it."`
	Out       string   `help:"The built site, whose policy the hosting sends." default:"public" placeholder:"DIR"`
}

// Run prints the hosting of a site, or the workflow that publishes to it. Hosting is closed until somebody says for whom it is open.
func (c *publishTemplateCmd) Run(a *app) error {
	if c.Kind == "github" {
		_, err := fmt.Fprint(a.stdout, publish.GitHub)
		return err
	}
	csp := generator.ContentSecurityPolicy
	if facts, err := publish.ReadFacts(os.DirFS(c.Out)); err == nil && facts.CSP != "" {
		csp = facts.CSP
	}
	text, err := publish.CloudFormation(publish.Audience{Public: c.Public, CIDRs: c.AllowCIDR, Auth: publish.Auth(c.Auth)}, csp)
	if err != nil {
		return usage("print the template: %w", err)
	}
	_, err = fmt.Fprint(a.stdout, text)
	return err
}
