// Package weblink asks other sites whether the addresses that content names still lead somewhere.
//
// It asks seldom (what answered is remembered for days), slowly (one request at a time and a pause for each host), says who it is, and opens
// no door that a reader from outside could not open: addresses of private networks are not asked unless somebody names the network.
package weblink

import (
	"context"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"opsbook/generator/site"
	"opsbook/internal/diag"
)

// rule is the id of what is found here.
const rule = "link-external"

// Options is how addresses are asked. The zero value of a time means its default.
type Options struct {
	Agent    string                                // what requests call themselves
	Networks []netip.Prefix                        // private networks that may be asked all the same
	Proxy    func(*http.Request) (*url.URL, error) // nil for none
	Memory   string                                // file that remembers which addresses answered; "" for none
	Only     func(diag.Pos) bool                   // the places that are of interest; nil for all
	Show     func(done, total int)                 // told after every address; nil for silence

	Pause   time.Duration // between two requests to one host
	Timeout time.Duration // of one request, redirects and all
	Backoff time.Duration // before the second try; the third waits twice as long
}

// Defaults of Options. A pause of half a second is slower than a person clicks; who does not answer in a quarter of a minute does not answer
// a reader either.
const (
	defaultPause   = 500 * time.Millisecond
	defaultTimeout = 15 * time.Second
	defaultBackoff = 2 * time.Second

	hostsAtOnce = 16
)

// Report is what asking found.
type Report struct {
	Problems []diag.Diagnostic // without severities
	Asked    int               // addresses that were asked now
	Hosts    int               // on so many hosts
	Known    int               // addresses that answered some days ago, and are believed
	Silent   int               // addresses whose site wants a sign-in or would not be asked
	Private  int               // addresses of private networks
}

// Check asks every address that a site leads to. It fails if ctx ends or the memory cannot be kept.
func Check(ctx context.Context, s *site.Site, o Options) (Report, error) {
	o = o.withDefaults()
	places := find(s)
	if o.Only != nil {
		places = slices.DeleteFunc(places, func(p place) bool { return !o.Only(p.pos) })
	}
	known, err := recall(o.Memory, s.Clock, s.Config.External.Keep)
	if err != nil {
		return Report{}, err
	}
	var r Report
	byHost := map[string][]string{}
	for _, address := range addresses(places) {
		if _, ok := known[address]; ok {
			r.Known++
			continue
		}
		host := hostOf(address)
		byHost[host] = append(byHost[host], address)
	}
	answers, hosts := askAll(ctx, byHost, o), map[string]bool{}
	for address, a := range answers {
		if r.count(a); a.verdict != private {
			hosts[hostOf(address)] = true
		}
		if a.verdict == alive {
			known[address] = s.Clock
		}
	}
	r.Hosts = len(hosts)
	for _, p := range places {
		if a := answers[p.address]; a.verdict == gone {
			r.Problems = append(r.Problems, diag.At(p.pos, rule, "%s cannot be opened: %s", p.address, a.why).
				WithHint("correct or delete the address; one that only people can open goes below external, ignore in opsbook.yaml"))
		}
	}
	if err := remember(o.Memory, known); err != nil {
		return r, err
	}
	return r, ctx.Err()
}

func (o Options) withDefaults() Options {
	if o.Pause == 0 {
		o.Pause = defaultPause
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Backoff == 0 {
		o.Backoff = defaultBackoff
	}
	if o.Show == nil {
		o.Show = func(int, int) {}
	}
	return o
}

func (r *Report) count(a answer) {
	switch a.verdict {
	case private:
		r.Private++
		return
	case silent:
		r.Silent++
	}
	r.Asked++
}

// askAll asks every address, the hosts beside each other.
func askAll(ctx context.Context, byHost map[string][]string, o Options) map[string]answer {
	total := 0
	for _, all := range byHost {
		total += len(all)
	}
	type told struct {
		address string
		answer  answer
	}
	said := make(chan told)
	var hosts errgroup.Group
	hosts.SetLimit(hostsAtOnce)
	go func() {
		defer close(said)
		for _, host := range slices.Sorted(maps.Keys(byHost)) {
			hosts.Go(func() error {
				newClient(o).askHost(ctx, byHost[host], func(address string, a answer) { said <- told{address, a} })
				return nil
			})
		}
		_ = hosts.Wait() // none returns an error
	}()
	answers := map[string]answer{}
	for t := range said {
		answers[t.address] = t.answer
		o.Show(len(answers), total)
	}
	return answers
}
