package weblink

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"opsbook/internal/diag"
)

// verdict is what an answer means for a reader.
type verdict uint8

const (
	alive   verdict = iota + 1
	gone            // a reader who follows the link finds nothing
	silent          // the site wants a sign-in, or does not want to be asked
	private         // of a private network, so it was not asked
)

type answer struct {
	verdict verdict
	why     diag.Text     // of what is gone
	again   bool          // another try is worth it
	later   time.Duration // but not before
	host    bool          // it is the host that fails, so its other addresses would too
}

const (
	tries        = 3
	longestWait  = time.Minute // a host that asks for more is left alone
	failuresOnce = 2           // after so many failures in a row a host is not asked any more
)

// client asks the addresses of one host.
type client struct {
	http *http.Client
	o    Options
}

// errCircle is a redirect to an address that was there before, or too many of them.
var errCircle = errors.New("redirects in a circle")

func newClient(o Options) *client {
	jar, _ := cookiejar.New(nil) // never fails: some sites lead in circles whoever carries no cookie on
	return &client{o: o, http: &http.Client{
		Transport: newGate(o), Jar: jar, Timeout: o.Timeout,
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) >= 10 {
				return errCircle
			}
			for _, before := range via {
				if before.URL.String() == req.URL.String() && len(via) > 2 { // once may be to set a cookie
					return errCircle
				}
			}
			return nil
		},
	}}
}

// gate lets requests through to where they may go: straight to public addresses, or to the proxy, which looks names up itself.
type gate struct {
	proxy       func(*http.Request) (*url.URL, error)
	guard       *ssrf.Guardian
	direct, via *http.Transport
}

func newGate(o Options) *gate {
	var v4, v6 []netip.Prefix
	for _, n := range o.Networks {
		if n.Addr().Is4() {
			v4 = append(v4, n)
		} else {
			v6 = append(v6, n)
		}
	}
	guard := ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))
	transport := func(control func(string, string, syscall.RawConn) error, proxy func(*http.Request) (*url.URL, error)) *http.Transport {
		return &http.Transport{
			DialContext: (&net.Dialer{Control: control}).DialContext, Proxy: proxy, ForceAttemptHTTP2: true,
			MaxIdleConns: 2, IdleConnTimeout: 10 * time.Second,
		}
	}
	g := &gate{proxy: o.Proxy, guard: guard, direct: transport(guard.Safe, nil)}
	if g.proxy == nil {
		g.proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	}
	g.via = transport(nil, g.proxy)
	return g
}

// RoundTrip sends a request if it may be sent.
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	proxy, err := g.proxy(req)
	if err != nil {
		return nil, err
	}
	if proxy == nil {
		return g.direct.RoundTrip(req)
	}
	if ip, err := netip.ParseAddr(req.URL.Hostname()); err == nil {
		network := "tcp6"
		if ip.Is4() {
			network = "tcp4"
		}
		if err := g.guard.Safe(network, netip.AddrPortFrom(ip, 80).String(), nil); err != nil {
			return nil, err
		}
	}
	return g.via.RoundTrip(req)
}

// CloseIdleConnections ends what http.Client keeps open.
func (g *gate) CloseIdleConnections() {
	g.direct.CloseIdleConnections()
	g.via.CloseIdleConnections()
}

// askHost asks addresses one after the other. When a host fails again and again, or wants to be left alone, its last answer stands for the rest.
func (c *client) askHost(ctx context.Context, addresses []string, tell func(string, answer)) {
	defer c.http.CloseIdleConnections()
	failures := 0
	var last answer
	for i, address := range addresses {
		if failures < failuresOnce {
			if i > 0 && !sleep(ctx, c.o.Pause) {
				return
			}
			if last = c.ask(ctx, address); ctx.Err() != nil {
				return
			}
			switch {
			case last.host && last.verdict != gone:
				failures = failuresOnce
			case last.host:
				failures++
			default:
				failures = 0
			}
		}
		tell(address, last)
	}
}

// ask asks an address until it answers or enough is enough: first for its head alone, then for the whole, since many servers answer a HEAD
// wrongly or not at all.
func (c *client) ask(ctx context.Context, address string) answer {
	a := c.send(ctx, http.MethodHead, address)
	for try := 2; a.verdict != alive && a.verdict != private && try <= tries; try++ {
		wait := c.o.Pause
		switch {
		case a.again:
			wait = max(a.later, c.o.Backoff*time.Duration(try-1))
		case try > 2:
			return a // it was asked for the whole
		}
		if a.verdict == gone && a.host && try == tries || wait > longestWait || !sleep(ctx, wait) {
			return a
		}
		a = c.send(ctx, http.MethodGet, address)
	}
	return a
}

// send makes one request. Nothing of what it answers is read but the head.
func (c *client) send(ctx context.Context, method, address string) answer {
	req, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return answer{verdict: gone, why: diag.T("it is no address of the web")}
	}
	req.Header.Set("User-Agent", c.o.Agent)
	req.Header.Set("Accept", "text/html,*/*;q=0.8")
	resp, err := c.http.Do(req)
	if err != nil {
		a := failure(err, c.o.Timeout)
		var where *url.Error
		a.host = a.host && errors.As(err, &where) && hostOf(where.URL) == hostOf(address) // else one it leads on to fails
		return a
	}
	resp.Body.Close()
	return judge(resp)
}

// judge says what a status means.
func judge(resp *http.Response) answer {
	why := diag.T("the answer is %s", strings.TrimSpace(resp.Status))
	switch code := resp.StatusCode; {
	case code < 400:
		return answer{verdict: alive}
	case code == http.StatusTooManyRequests:
		return answer{verdict: silent, again: true, later: retryAfter(resp), host: true}
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusProxyAuthRequired, code == 999: // 999 is how some sites refuse programs
		return answer{verdict: silent}
	case code >= 500 && code != http.StatusNotImplemented:
		return answer{verdict: gone, why: why, again: true, later: retryAfter(resp)}
	default:
		return answer{verdict: gone, why: why}
	}
}

// retryAfter is how long a server asks to be left alone: in seconds, or until a time, which is counted by the server's own clock.
func retryAfter(resp *http.Response) time.Duration {
	text := resp.Header.Get("Retry-After")
	if n, err := strconv.Atoi(text); err == nil && n >= 0 {
		return time.Duration(min(n, 86400)) * time.Second
	}
	at, err1 := http.ParseTime(text)
	now, err2 := http.ParseTime(resp.Header.Get("Date"))
	if err1 != nil || err2 != nil {
		return 0
	}
	return max(at.Sub(now), 0)
}

// failure says why there was no answer.
func failure(err error, timeout time.Duration) answer {
	var name *net.DNSError
	var cert *tls.CertificateVerificationError
	var timedOut net.Error
	switch {
	case errors.Is(err, ssrf.ErrProhibitedIP), errors.Is(err, ssrf.ErrProhibitedNetwork):
		return answer{verdict: private, host: true}
	case errors.Is(err, errCircle):
		return answer{verdict: gone, why: diag.T("it leads around in circles")}
	case errors.As(err, &name) && name.IsNotFound:
		return answer{verdict: gone, why: diag.T("there is no host %s", name.Name), host: true}
	case errors.As(err, &cert):
		return answer{verdict: gone, why: diag.T("its certificate is not valid: %s", cert.Err), host: true}
	case errors.Is(err, syscall.ECONNREFUSED):
		return answer{verdict: gone, why: diag.T("it refuses connections"), again: true, host: true}
	case errors.As(err, &timedOut) && timedOut.Timeout():
		return answer{verdict: gone, why: diag.T("no answer within %s", timeout), again: true, host: true}
	default:
		var outer *url.Error
		if errors.As(err, &outer) {
			err = outer.Err // without the address, which is said already
		}
		return answer{verdict: gone, why: diag.T("asking it failed: %s", err), again: true, host: true}
	}
}

// sleep waits, and reports whether it was left in peace.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
