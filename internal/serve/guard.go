package serve

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// guard answers only requests that a reader of this server can have made: by GET or HEAD, to a name it listens on, from a page of its own.
// A foreign page that resolves its name to 127.0.0.1 (DNS rebinding) fails the Host check.
type guard struct {
	hosts map[string]bool // host names without port; empty allows any (an explicit --bind to all addresses)
	next  http.Handler
}

func (g guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered", http.StatusMethodNotAllowed)
	case !g.known(r.Host):
		http.Error(w, "this name is not served here; use the printed address", http.StatusForbidden)
	case !g.sameOrigin(r):
		http.Error(w, "requests from other sites are not answered", http.StatusForbidden)
	default:
		g.next.ServeHTTP(w, r)
	}
}

func (g guard) known(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if g.hosts[host] {
		return true
	}
	ip := net.ParseIP(host)
	return len(g.hosts) == 0 && ip != nil
}

func (g guard) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host == r.Host
}

// hostsFor is the names a server bound to addr answers to: itself and this machine's loopback names.
func hostsFor(bind string) map[string]bool {
	hosts := map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true}
	ip := net.ParseIP(bind)
	switch {
	case bind == "" || ip != nil && ip.IsLoopback():
	case ip != nil && ip.IsUnspecified():
		return nil
	default:
		hosts[strings.ToLower(bind)] = true
	}
	return hosts
}
