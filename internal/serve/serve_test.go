package serve

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"opsbook/generator"
	"opsbook/internal/meta"
	"opsbook/templates"
)

// write makes a content folder of files.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func build(t *testing.T, dir string, m *generator.Memory) *generator.Result {
	t.Helper()
	in := generator.Input{Source: dir, Theme: templates.Default(), Clock: meta.Date{Year: 2026, Month: 11, Day: 1}, Now: time.Unix(0, 0), Version: "test"}
	built, err := generator.Build(t.Context(), in, m)
	if err != nil {
		t.Fatal(err)
	}
	return built
}

// start serves a folder of one good and one faulty page.
func start(t *testing.T) (s *Server, address, dir string, m *generator.Memory) {
	t.Helper()
	dir, m = t.TempDir(), generator.NewMemory()
	write(t, dir, map[string]string{
		"runbooks/restart.md": "---\ntitle: 再起動\nowner: nobody\n---\n\n## 手順\n\n1. サーバを止める\n\n[x](missing.md)\n",
		"障害対応.md":             "# 障害対応\n\n本文\n",
		"directory.yaml":      "teams:\n  - {id: dba, name: DBA}\n",
	})
	s = New(nil)
	s.Show(build(t, dir, m))
	server := httptest.NewServer(s.Handler(""))
	t.Cleanup(server.Close)
	t.Cleanup(s.hub.close)
	return s, server.URL, dir, m
}

func get(t *testing.T, request *http.Request) (*http.Response, string) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func ask(t *testing.T, method, address string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return request
}

func TestPages(t *testing.T) {
	_, address, _, _ := start(t)
	for _, c := range []struct {
		path     string
		status   int
		has      string
		location string
	}{
		{"/", 200, liveTag, ""},
		{"/runbooks/restart/", 200, "サーバを止める", ""},
		{"/runbooks/restart", 301, "", "/runbooks/restart/"},
		{"/runbooks/restart?q=1", 301, "", "/runbooks/restart/?q=1"},
		{"/%E9%9A%9C%E5%AE%B3%E5%AF%BE%E5%BF%9C/", 200, "本文", ""},
		{"/%E9%9A%9C%E5%AE%B3%E5%AF%BE%E5%BF%9C", 301, "", "/%E9%9A%9C%E5%AE%B3%E5%AF%BE%E5%BF%9C/"},
		{"/search/index.js", 200, "__opsbook_search", ""},
		{"/api/docs.json", 200, `"runbooks/restart/"`, ""},
		{"/no/such/page/", 404, liveTag, ""},
		{"/..%2f..%2fetc/passwd", 404, "", ""},
		{"//evil.example/", 307, "", "/evil.example/"}, // a page of this site, not another host
		{"/-/live.js", 200, "EventSource", ""},
		{"/sw.js", 200, "unregister", ""},
	} {
		response, body := get(t, ask(t, http.MethodGet, address+c.path))
		if response.StatusCode != c.status || !strings.Contains(body, c.has) || response.Header.Get("Location") != c.location {
			t.Errorf("%s: %d %q, want %d %q with %q in\n%.300s", c.path, response.StatusCode, response.Header.Get("Location"), c.status, c.location, c.has, body)
		}
	}
}

func TestAnswersCarryTheirPolicyAndTag(t *testing.T) {
	_, address, _, _ := start(t)
	response, _ := get(t, ask(t, http.MethodGet, address+"/runbooks/restart/"))
	if policy := response.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors") {
		t.Errorf("policy is %q", policy)
	}
	again := ask(t, http.MethodGet, address+"/runbooks/restart/")
	again.Header.Set("If-None-Match", response.Header.Get("ETag"))
	if response, _ := get(t, again); response.StatusCode != http.StatusNotModified {
		t.Errorf("the same page again is %d", response.StatusCode)
	}
	if response, body := get(t, ask(t, http.MethodHead, address+"/")); response.StatusCode != 200 || body != "" {
		t.Errorf("HEAD is %d with %q", response.StatusCode, body)
	}
}

func TestOnlyItsOwnReadersAreAnswered(t *testing.T) {
	_, address, _, _ := start(t)
	for name, change := range map[string]func(*http.Request){
		"a foreign name":   func(r *http.Request) { r.Host = "evil.example" },
		"a foreign origin": func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") },
		"a null origin":    func(r *http.Request) { r.Header.Set("Origin", "null") },
	} {
		request := ask(t, http.MethodGet, address+"/")
		change(request)
		if response, _ := get(t, request); response.StatusCode != http.StatusForbidden {
			t.Errorf("%s is answered with %d", name, response.StatusCode)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		if response, _ := get(t, ask(t, method, address+"/")); response.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s is answered with %d", method, response.StatusCode)
		}
	}
	own := ask(t, http.MethodGet, address+"/")
	own.Header.Set("Origin", address)
	if response, _ := get(t, own); response.StatusCode != http.StatusOK {
		t.Errorf("its own origin is answered with %d", response.StatusCode)
	}
}

func TestNothingButTheSiteIsServed(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write(t, outside, map[string]string{"key.txt": "outside"})
	write(t, dir, map[string]string{"a.md": "# A\n\n[k](key.txt) [d](out/key.txt) [c](directory.yaml)\n", "directory.yaml": "teams: []\n", ".git/config": "outside", "_x/y.txt": "outside"})
	for from, to := range map[string]string{"key.txt": filepath.Join(outside, "key.txt"), "out": outside} {
		if err := os.Symlink(to, filepath.Join(dir, from)); err != nil {
			t.Fatal(err)
		}
	}
	s := New(nil)
	s.Show(build(t, dir, generator.NewMemory()))
	server := httptest.NewServer(s.Handler(""))
	defer server.Close()
	up := strings.Repeat("../", 12)
	for _, path := range []string{
		"/" + up + "etc/passwd", "/" + strings.ReplaceAll(up, ".", "%2e") + "etc/passwd", "/" + strings.ReplaceAll(up, "/", "%2f") + "etc/passwd",
		"/" + strings.ReplaceAll(up, "/", "%5c") + "etc/passwd", "/" + strings.ReplaceAll(up, "/", `\`) + "etc/passwd", "/%252e%252e%252fetc/passwd", "/....//....//etc/passwd",
		"/a/" + up + "etc/passwd", "/%00/../etc/passwd", "/a.md", "/key.txt", "/out/key.txt", "/directory.yaml", "/.git/config", "/_x/y.txt", "/-/../../etc/passwd", "/C:/Windows/win.ini",
	} {
		request := ask(t, http.MethodGet, server.URL)
		u, err := url.Parse(path)
		if err != nil {
			u = &url.URL{Opaque: path}
		}
		request.URL.Path, request.URL.RawPath, request.URL.Opaque = u.Path, u.RawPath, u.Opaque
		response, body := get(t, request)
		if response.StatusCode == http.StatusOK || strings.Contains(body, "root:") || strings.Contains(body, "outside") {
			t.Errorf("%s is answered with %d %.60q", path, response.StatusCode, body)
		}
	}
}

// TestThePolicyIsThePages promises that the header says what the page says, and who may frame it.
func TestThePolicyIsThePages(t *testing.T) {
	_, address, _, _ := start(t)
	for _, path := range []string{"/", "/runbooks/restart/", "/no/such/page/"} {
		response, body := get(t, ask(t, http.MethodGet, address+path))
		if got, want := response.Header.Get("Content-Security-Policy"), generator.ContentSecurityPolicy+"; frame-ancestors 'self'"; got != want {
			t.Errorf("%s: the header says %q, want %q", path, got, want)
		}
		if !strings.Contains(body, `content="`+html.EscapeString(generator.ContentSecurityPolicy)+`"`) {
			t.Errorf("%s does not say the policy", path)
		}
	}
}

func TestSlowClientsAreCut(t *testing.T) {
	s := New(nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	go func() { done <- s.Serve(ctx, "", listener) }()
	connection, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if _, err := connection.Write([]byte("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")); err != nil {
		t.Fatal(err)
	}
	holdsNobodyUp(t, s, listener.Addr().String())
	if err := connection.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(connection); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("a client that never ends its header is kept")
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// holdsNobodyUp asks for pages and builds beside clients that never end their question and clients that never read their answer.
func holdsNobodyUp(t *testing.T, s *Server, address string) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, map[string]string{"a.md": "# A\n\n" + strings.Repeat("long enough to fill every buffer on the way\n\n", 20_000)})
	s.Show(build(t, dir, generator.NewMemory()))
	for i := range 100 {
		slow, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { slow.Close() })
		asked := "GET /a/ HTTP/1.1\r\nHost: localhost\r\n"
		if i%2 == 0 {
			asked += "\r\n"
		}
		if _, err := slow.Write([]byte(asked)); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	question := ask(t, http.MethodGet, "http://"+address+"/a/").WithContext(ctx)
	if response, body := get(t, question); response.StatusCode != http.StatusOK || len(body) < 1<<18 {
		t.Errorf("beside slow clients: %d and %d bytes", response.StatusCode, len(body))
	}
	write(t, dir, map[string]string{"a.md": "# Changed\n"})
	s.Show(build(t, dir, generator.NewMemory()))
	if _, body := get(t, question); !strings.Contains(body, "Changed") {
		t.Error("beside slow clients: no new build is shown")
	}
}

func TestListenersAreCounted(t *testing.T) {
	h := newHub()
	for range maxEars {
		if _, _, ok := h.listen(); !ok {
			t.Fatal("a listener is refused too early")
		}
	}
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/-/events", nil))
	if answer.Code != http.StatusServiceUnavailable {
		t.Errorf("listener %d is answered with %d", maxEars+1, answer.Code)
	}
	h.close()
}

func TestHostsFollowTheBind(t *testing.T) {
	for bind, want := range map[string]map[string]bool{
		"":             {"localhost:1": true, "127.0.0.1:1": true, "[::1]:1": true, "kb.example:1": false, "10.0.0.5:1": false},
		"kb.example":   {"kb.example:1": true, "KB.example": true, "evil.example:1": false, "localhost:1": true},
		"0.0.0.0":      {"10.0.0.5:1": true, "evil.example:1": false},
		"192.168.0.10": {"192.168.0.10:1": true, "192.168.0.11:1": false},
	} {
		g := guard{hosts: hostsFor(bind)}
		for host, known := range want {
			if g.known(host) != known {
				t.Errorf("bound to %q, %s: known is %t", bind, host, !known)
			}
		}
	}
}

func TestProblemsOfAPage(t *testing.T) {
	_, address, _, _ := start(t)
	_, body := get(t, ask(t, http.MethodGet, address+"/-/problems?path=%2Frunbooks%2Frestart%2F"))
	var got report
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	rules := map[string]int{}
	for _, d := range got.Diagnostics {
		rules[d.Rule] = d.Line
	}
	if rules["owner-unknown"] != 3 || rules["link-broken"] != 10 || got.Errors < 2 {
		t.Errorf("got %+v", got)
	}
}

func TestSearchAnswersAsTheTerminal(t *testing.T) {
	s, address, dir, m := start(t)
	if _, body := get(t, ask(t, http.MethodGet, address+"/-/search?q=%E3%82%B5%E3%83%BC%E3%83%90")); !strings.Contains(body, `"title":"再起動"`) {
		t.Errorf("サーバ finds %s", body)
	}
	write(t, dir, map[string]string{"new.md": "# 証明書の更新\n"})
	s.Show(build(t, dir, m))
	if _, body := get(t, ask(t, http.MethodGet, address+"/-/search?q=%E8%A8%BC%E6%98%8E%E6%9B%B8")); !strings.Contains(body, "証明書の更新") {
		t.Errorf("a new page is not found: %s", body)
	}
}

func TestBrowsersHearOfEveryBuildAndEveryFailure(t *testing.T) {
	s, address, dir, m := start(t)
	response, err := http.DefaultClient.Do(ask(t, http.MethodGet, address+"/-/events"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	events := bufio.NewScanner(response.Body)
	next := func() (n news) {
		t.Helper()
		for events.Scan() {
			if data, ok := strings.CutPrefix(events.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(data), &n); err != nil {
					t.Fatal(err)
				}
				return n
			}
		}
		t.Fatalf("the stream ended: %v", events.Err())
		return n
	}
	if n := next(); n.Generation != 1 {
		t.Errorf("first news is %+v", n)
	}
	write(t, dir, map[string]string{"障害対応.md": "# 障害対応\n\n新しい本文\n"})
	s.Show(build(t, dir, m))
	if n := next(); n.Generation != 2 || n.Error != "" {
		t.Errorf("news of a build is %+v", n)
	}
	s.Fail(errors.New("read content: disk is gone"))
	if n := next(); n.Generation != 2 || n.Error == "" {
		t.Errorf("news of a failure is %+v", n)
	}
	if _, body := get(t, ask(t, http.MethodGet, address+"/%E9%9A%9C%E5%AE%B3%E5%AF%BE%E5%BF%9C/")); !strings.Contains(body, "新しい本文") {
		t.Error("the last good site is not served")
	}
	s.hub.close()
	if events.Scan() && events.Text() != "" {
		t.Errorf("after closing came %q", events.Text())
	}
}

func TestBeforeTheFirstGoodBuildThePageSaysWhy(t *testing.T) {
	s := New(nil)
	server := httptest.NewServer(s.Handler(""))
	defer server.Close()
	for _, want := range []string{"the first build is not ready", "bundle styles: no such file"} {
		if response, body := get(t, ask(t, http.MethodGet, server.URL+"/")); response.StatusCode != 503 || !strings.Contains(body, want) || response.Header.Get("Refresh") == "" {
			t.Errorf("%d %q, want 503 with %q and a refresh", response.StatusCode, body, want)
		}
		s.Fail(errors.New("bundle styles: no such file"))
	}
}
