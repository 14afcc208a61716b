package main

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"

	"opsbook/generator"
	"opsbook/internal/check"
	"opsbook/internal/diag"
	"opsbook/internal/publish"
	"opsbook/internal/weblink"
)

// ask asks other sites whether the links to them still lead somewhere. With --since it asks only about those that the change brings.
func (c *checkCmd) ask(ctx context.Context, a *app, source string, r *result) error {
	networks, err := parseNetworks(c.AllowNetwork)
	if err != nil || !c.External {
		return err
	}
	cache, err := generator.CacheDir(source)
	if err != nil {
		return err
	}
	line := a.progress()
	o := weblink.Options{
		Agent: "opsbook/" + programVersion() + " (checks links of documentation)", Networks: networks, Proxy: http.ProxyFromEnvironment,
		Memory: filepath.Join(cache, "external.json"), Show: func(done, total int) {
			line.show(publish.Progress{Phase: diag.T("asking other sites"), Done: done, Total: total})
		},
	}
	if r.change != nil {
		o.Only = func(p diag.Pos) bool { return r.change.Touches(p.File, p.Line) }
	}
	found, err := weblink.Check(ctx, r.content.Site, o)
	line.end()
	if err != nil {
		return fmt.Errorf("ask other sites: %w", err)
	}
	a.tellAsked(found)
	r.asked = check.Weigh(r.content.Site, found.Problems)
	r.all = slices.Concat(r.all, r.asked)
	diag.Sort(r.all)
	return nil
}

// tellAsked says what asking other sites came to.
func (a *app) tellAsked(r weblink.Report) {
	said := diag.T("addresses of other sites: %s asked on %s hosts, %s that answered not long ago", r.Asked, r.Hosts, r.Known)
	fmt.Fprintln(a.stderr, said.In(a.catalogue))
	if r.Silent > 0 {
		fmt.Fprintln(a.stderr, diag.T("%s of them want a sign-in or are not to be asked by programs, so nobody knows", r.Silent).In(a.catalogue))
	}
	if r.Private > 0 {
		fmt.Fprintln(a.stderr, diag.T("%s more are of private networks and were not asked; --allow-network CIDR lets them", r.Private).In(a.catalogue))
	}
}

// parseNetworks reads networks, or single addresses.
func parseNetworks(words []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, word := range words {
		if ip, err := netip.ParseAddr(word); err == nil {
			all = append(all, netip.PrefixFrom(ip, ip.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(word)
		if err != nil {
			return nil, usage("read --allow-network: %q is no network; write for example 10.0.0.0/8 or fd00::/8", word)
		}
		all = append(all, network.Masked())
	}
	return all, nil
}
