package weblink

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// web is a server of this machine that notes what it is asked.
type web struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // method and path
}

func (w *web) requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.asked)
}

func (w *web) count(request string) int {
	n := 0
	for _, r := range w.requests() {
		if r == request {
			n++
		}
	}
	return n
}

// serve starts a server: 404, a busy one, one that hangs, circles, one that knows no HEAD.
func serve(t *testing.T) *web {
	t.Helper()
	w := &web{}
	w.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.asked = append(w.asked, r.Method+" "+r.URL.Path)
		w.mu.Unlock()
		respond(out, r)
	}))
	t.Cleanup(w.Close)
	return w
}

func respond(out http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/gone":
		out.WriteHeader(http.StatusNotFound)
	case "/busy":
		if r.Method == http.MethodHead {
			out.Header().Set("Retry-After", "0")
			out.WriteHeader(http.StatusTooManyRequests)
		}
	case "/busy-all-day":
		out.Header().Set("Retry-After", "86400")
		out.WriteHeader(http.StatusTooManyRequests)
	case "/tired":
		out.WriteHeader(http.StatusServiceUnavailable)
	case "/once-tired":
		if r.Method == http.MethodHead {
			out.WriteHeader(http.StatusBadGateway)
		}
	case "/hang":
		<-r.Context().Done()
	case "/circle":
		http.Redirect(out, r, "/circle-back", http.StatusFound)
	case "/circle-back":
		http.Redirect(out, r, "/circle", http.StatusFound)
	case "/cookie":
		if _, err := r.Cookie("seen"); err != nil {
			http.SetCookie(out, &http.Cookie{Name: "seen", Value: "yes"})
			http.Redirect(out, r, "/cookie", http.StatusFound)
		}
	case "/moved":
		http.Redirect(out, r, "/here", http.StatusMovedPermanently)
	case "/no-head":
		if r.Method == http.MethodHead {
			out.WriteHeader(http.StatusMethodNotAllowed)
		}
	case "/head-is-wrong":
		if r.Method == http.MethodHead {
			out.WriteHeader(http.StatusNotFound)
		}
	case "/members":
		out.WriteHeader(http.StatusForbidden)
	}
}

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// quick are options for a server of this machine.
func quick() Options {
	return Options{Agent: "opsbook/test", Networks: loopback, Pause: time.Millisecond, Backoff: time.Millisecond, Timeout: 300 * time.Millisecond}.withDefaults()
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		path     string
		want     verdict
		why      string
		requests []string
	}{
		{path: "/here", want: alive, requests: []string{"HEAD /here"}},
		{path: "/moved", want: alive, requests: []string{"HEAD /moved", "HEAD /here"}},
		{path: "/gone", want: gone, why: "the answer is 404 Not Found", requests: []string{"HEAD /gone", "GET /gone"}},
		{path: "/busy", want: alive, requests: []string{"HEAD /busy", "GET /busy"}},
		{path: "/busy-all-day", want: silent, requests: []string{"HEAD /busy-all-day"}},
		{path: "/tired", want: gone, why: "the answer is 503 Service Unavailable", requests: []string{"HEAD /tired", "GET /tired", "GET /tired"}},
		{path: "/once-tired", want: alive, requests: []string{"HEAD /once-tired", "GET /once-tired"}},
		{path: "/hang", want: gone, why: "no answer within 300ms", requests: []string{"HEAD /hang", "GET /hang"}},
		{path: "/no-head", want: alive, requests: []string{"HEAD /no-head", "GET /no-head"}},
		{path: "/head-is-wrong", want: alive, requests: []string{"HEAD /head-is-wrong", "GET /head-is-wrong"}},
		{path: "/members", want: silent, requests: []string{"HEAD /members", "GET /members"}},
		{path: "/cookie", want: alive, requests: []string{"HEAD /cookie", "HEAD /cookie"}},
	} {
		t.Run(c.path, func(t *testing.T) {
			t.Parallel()
			w := serve(t)
			a := newClient(quick()).ask(t.Context(), w.URL+c.path)
			if a.verdict != c.want || a.why.String() != c.why {
				t.Errorf("verdict %d (%s), want %d (%s)", a.verdict, a.why, c.want, c.why)
			}
			if d := cmp.Diff(c.requests, w.requests()); d != "" {
				t.Errorf("requests (-want +got):\n%s", d)
			}
		})
	}
}

func TestCirclesEnd(t *testing.T) {
	w := serve(t)
	a := newClient(quick()).ask(t.Context(), w.URL+"/circle")
	if a.verdict != gone || a.why.String() != "it leads around in circles" {
		t.Errorf("verdict %d: %s", a.verdict, a.why)
	}
	if n := len(w.requests()); n > 12 {
		t.Errorf("%d requests for one address that leads around", n)
	}
}

func TestPrivateNetworksAreNotAsked(t *testing.T) {
	w := serve(t)
	outside := quick()
	outside.Networks = nil
	if a := newClient(outside).ask(t.Context(), w.URL+"/here"); a.verdict != private || len(w.requests()) != 0 {
		t.Errorf("verdict %d, the server of this machine was asked: %q", a.verdict, w.requests())
	}
	for _, address := range []string{"http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://localhost/", "http://100.64.0.1/", "http://0.0.0.0/"} {
		if a := newClient(outside).ask(t.Context(), address); a.verdict != private {
			t.Errorf("%s: verdict %d: %s", address, a.verdict, a.why)
		}
	}
}

func TestNobodyIsLedIntoAPrivateNetwork(t *testing.T) {
	inside := serve(t)
	door := httptest.NewServer(http.RedirectHandler("http://[::1]:1/secret", http.StatusFound))
	defer door.Close()
	o := quick()
	o.Networks = loopback[:1] // the door is open, what it leads to is not
	if a := newClient(o).ask(t.Context(), door.URL); a.verdict != private || a.host {
		t.Errorf("verdict %d (of the host: %v): %s", a.verdict, a.host, a.why)
	}
	if got := inside.requests(); len(got) != 0 {
		t.Errorf("asked %q", got)
	}
}

func TestProxyIsNotAWayAround(t *testing.T) {
	proxy := serve(t)
	o := quick()
	o.Networks, o.Proxy = nil, http.ProxyURL(mustParse(t, proxy.URL))
	if a := newClient(o).ask(t.Context(), "http://docs.site/here"); a.verdict != alive || proxy.count("HEAD /here") != 1 {
		t.Errorf("verdict %d: %s; the proxy was asked %q", a.verdict, a.why, proxy.requests())
	}
	if a := newClient(o).ask(t.Context(), "http://169.254.169.254/here"); a.verdict != private || proxy.count("HEAD /here") != 1 {
		t.Errorf("verdict %d: %s; the proxy was asked %q", a.verdict, a.why, proxy.requests())
	}
}

func TestDeadHostIsLeftAlone(t *testing.T) {
	w := serve(t)
	var addresses []string
	for range 5 {
		addresses = append(addresses, w.URL+"/hang")
	}
	o := quick()
	o.Timeout = 50 * time.Millisecond
	told := 0
	newClient(o).askHost(t.Context(), addresses, func(_ string, a answer) {
		if told++; a.verdict != gone {
			t.Errorf("verdict %d", a.verdict)
		}
	})
	if n := len(w.requests()); told != 5 || n != 4 {
		t.Errorf("%d answers from %d requests, want 5 from 4: two addresses, twice each", told, n)
	}
}

func TestHostIsAskedOneByOneWithAPause(t *testing.T) {
	var mu sync.Mutex
	var running, most int
	var at []time.Time
	w := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		running++
		most = max(most, running)
		at = append(at, time.Now())
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		running--
		mu.Unlock()
	}))
	defer w.Close()
	o := quick()
	o.Pause = 30 * time.Millisecond
	answers := askAll(t.Context(), map[string][]string{"one": {w.URL + "/1", w.URL + "/2", w.URL + "/3"}}, o)
	if len(answers) != 3 || most != 1 {
		t.Errorf("%d answers, at most %d at once", len(answers), most)
	}
	for i := 1; i < len(at); i++ {
		if gap := at[i].Sub(at[i-1]); gap < o.Pause {
			t.Errorf("request %d came %s after the one before it, want %s or more", i+1, gap, o.Pause)
		}
	}
}

func TestHostsAreAskedBesideEachOther(t *testing.T) {
	w := serve(t)
	o := quick()
	hosts := map[string][]string{}
	for _, name := range []string{"a", "b", "c", "d"} {
		hosts[name] = []string{w.URL + "/hang"}
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan map[string]answer)
	go func() { done <- askAll(ctx, hosts, o) }()
	deadline := time.After(5 * time.Second)
	for w.count("HEAD /hang") < len(hosts) {
		select {
		case <-deadline:
			t.Fatalf("%d of %d hosts were asked", w.count("HEAD /hang"), len(hosts))
		case <-time.After(time.Millisecond):
		}
	}
	cancel()
	<-done
}

func TestRetryAfterByTheServersClock(t *testing.T) {
	resp := &http.Response{Header: http.Header{"Retry-After": {"Sun, 01 Nov 2026 00:00:30 GMT"}, "Date": {"Sun, 01 Nov 2026 00:00:00 GMT"}}}
	if got := retryAfter(resp); got != 30*time.Second {
		t.Errorf("wait %s, want 30s", got)
	}
	for _, text := range []string{"", "soon", "-5", "Sat, 31 Oct 2026 00:00:00 GMT"} {
		resp.Header.Set("Retry-After", text)
		if got := retryAfter(resp); got != 0 {
			t.Errorf("Retry-After %q: wait %s, want none", text, got)
		}
	}
}
