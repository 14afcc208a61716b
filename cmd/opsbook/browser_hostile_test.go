//go:build browser

package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"opsbook/generator"
)

// control runs what an attack would run, if nothing stopped it: a test in which this stays silent proves nothing.
const control = `<!doctype html><title>control</title><script>__xss(1)</script><img src=x onerror=__xss(2)><svg onload=__xss(3)></svg>
<details open ontoggle=__xss(4)>x</details><b onmouseover=__xss(5)>x</b><a href="javascript:__xss(6)">x</a><input autofocus onfocus=__xss(7)>
<iframe srcdoc="<script>parent.__xss(8)</script>"></iframe><img src="https://evil.example/__xss(9)"><svg><a xlink:href="javascript:__xss(10)"><text y="9">x</text></a></svg>`

// provoke acts as a reader would who touches everything, and returns what is on the page that could run.
const provoke = `(async () => {
	const found = [];
	const wild = (v) => { try { return !/^(https?|mailto|tel|slack|msteams):$/.test(new URL(v, location.href).protocol); } catch { return false; } };
	for (const e of document.querySelectorAll("*")) {
		for (const a of e.attributes) {
			if (/^on/i.test(a.name) || a.name === "srcdoc") found.push(e.localName + " " + a.name);
			if (/^(href|src|action|formaction|xlink:href|data|poster|cite)$/i.test(a.name) && wild(a.value)) found.push(e.localName + " " + a.name + "=" + a.value);
		}
		if (/^(iframe|object|embed|base|applet|frame|math)$/i.test(e.localName) || document.contentType === "text/html" && e.localName === "foreignObject" || e.localName === "script" && e.textContent.trim()) found.push(e.localName);
	}
	for (const e of document.querySelectorAll("body *")) {
		for (const name of ["mouseover", "mouseenter", "pointerenter", "focus", "toggle", "load", "error"]) e.dispatchEvent(new Event(name));
		if (/^javascript:/i.test(e.getAttribute("href") ?? e.getAttribute("xlink:href") ?? "")) e.dispatchEvent(new MouseEvent("click", { cancelable: true }));
	}
	await new Promise((done) => setTimeout(done, 15));
	return found;
})()`

// hearing is a tab in which attacks say that they ran.
type hearing struct {
	*tab
	ran map[string]bool
}

func attackTab(t *testing.T, home string) *hearing {
	t.Helper()
	h := &hearing{openTab(t, home), map[string]bool{}}
	origin, err := url.Parse(home)
	if err != nil {
		t.Fatal(err)
	}
	err = chromedp.Listen(h.ctx, func(event any) {
		h.mu.Lock()
		defer h.mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventBindingCalled:
			h.ran[e.Payload] = true
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err == nil && u.Host != origin.Host && u.Scheme != "data" && u.Scheme != "blob" {
				h.ran[number(u.String())] = true
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	h.prepare(t)
	call(t, h.tab, runtime.AddBinding, runtime.AddBindingParams{Name: "__ran"})
	call(t, h.tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `globalThis.__xss = (n) => __ran(String(n)); globalThis.alert = globalThis.confirm = globalThis.prompt = () => __ran("a dialog");`,
	})
	return h
}

var attackNumber = regexp.MustCompile(`__xss\((\d+)\)`)

// number is the number of the attack in an address, or the address.
func number(address string) string {
	if plain, err := url.PathUnescape(address); err == nil {
		if m := attackNumber.FindStringSubmatch(plain); m != nil {
			return m[1]
		}
	}
	return address
}

// visit opens an address and touches everything on it; it reports what ran, leads away or could run.
func (h *hearing) visit(t *testing.T, address string) {
	t.Helper()
	if err := chromedp.Do(h.ctx, chromedp.Navigate(address)); err != nil {
		if strings.Contains(err.Error(), "ERR_ABORTED") {
			return // a download: nothing of it is shown
		}
		t.Fatalf("%s: %v", address, err)
	}
	found := eval[[]string](t, h.tab, provoke)
	for _, f := range found {
		t.Errorf("%s: %s", address, f)
	}
	if at := eval[string](t, h.tab, "location.origin"); !strings.HasPrefix(h.home, at) {
		t.Errorf("%s leads to %s", address, at)
	}
	h.silent(t, address)
}

// silent reports what ran since it was last asked.
func (h *hearing) silent(t *testing.T, where string) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for n := range h.ran {
		t.Errorf("%s: attack %s ran", where, n)
	}
	h.ran = map[string]bool{}
}

var policyTag = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`)

// hostWith serves a finished site with the policy that it is built for, or without any; and the control page without.
func hostWith(t *testing.T, out string, policy bool) string {
	t.Helper()
	files := http.FileServer(http.Dir(out))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/control.html" {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, control)
			return
		}
		name := filepath.Join(out, filepath.FromSlash(r.URL.Path))
		if strings.HasSuffix(r.URL.Path, "/") {
			name = filepath.Join(name, "index.html")
		}
		text, err := os.ReadFile(name)
		if err != nil && !strings.Contains(r.URL.Path, ".") {
			text, err = os.ReadFile(filepath.Join(out, "404.html"))
			name = "404.html"
		}
		if policy {
			w.Header().Set("Content-Security-Policy", generator.ContentSecurityPolicy)
		}
		if err != nil || !strings.HasSuffix(name, ".html") {
			files.ServeHTTP(w, r)
			return
		}
		if !policy {
			text = policyTag.ReplaceAll(text, nil)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(text)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// pageKind is what kind of page a finished page is.
var pageKind = regexp.MustCompile(`data-kind="([^"]*)"`)

// attacked are the files of a finished site that a browser is to open: every file that a page leads to, and of the others so many that each
// attack that is left in any, and each kind of page with an attack, is seen. TestNothingHostileIsPublished reads all of them.
func attacked(t *testing.T, out string) []string {
	t.Helper()
	var all []string
	holds := map[string][]string{}
	err := fs.WalkDir(os.DirFS(out), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(out, name))
		address := (&url.URL{Path: strings.TrimSuffix(name, "index.html")}).EscapedPath()
		switch found := attackNumber.FindAllString(string(text), -1); {
		case strings.HasPrefix(name, "files/"):
			all = append(all, address)
		case len(found) > 0 && slices.Contains([]string{".html", ".xml", ".ics", ".csv", ".svg"}, filepath.Ext(name)):
			if kind := pageKind.FindString(string(text)); kind != "" {
				found = append(found, kind)
			}
			holds[address] = found
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for seen := map[string]bool{}; ; {
		best, most := "", 0
		for _, address := range slices.Sorted(maps.Keys(holds)) {
			fresh := map[string]bool{}
			for _, n := range holds[address] {
				fresh[n] = !seen[n]
			}
			maps.DeleteFunc(fresh, func(_ string, fresh bool) bool { return !fresh })
			if len(fresh) > most {
				best, most = address, len(fresh)
			}
		}
		if best == "" {
			return all
		}
		all = append(all, best)
		for _, n := range holds[best] {
			seen[n] = true
		}
	}
}

// addressed are addresses that carry attacks themselves, in every part that a page reads.
func addressed(p *planter) []string {
	var all []string
	for i := range 6 {
		attack := func(place string) string { return url.QueryEscape(p.put(place, textAttacks[(p.n+i)%len(textAttacks)])) }
		all = append(all,
			"search/?q="+attack("query")+"&type="+attack("filter")+"&service="+attack("filter")+"&owner="+attack("filter")+"&tag="+attack("filter")+"&state="+attack("filter"),
			"runbooks/run/?p="+attack("parameter")+"&cluster="+attack("parameter")+"&run="+attack("parameter")+"&drill="+attack("parameter")+"#"+attack("fragment"),
			"runbooks/run/?x#run="+attack("hand-over"),
			"no/such/"+strings.ReplaceAll(url.PathEscape(p.put("path of 404", textAttacks[i])), ".", "%2E")+"/?q="+attack("query of 404"),
		)
	}
	return all
}

// handOver is a run whose every text is an attack, packed as links carry it.
func (h *hearing) handOver(t *testing.T, p *planter) string {
	t.Helper()
	x := func(i int) string { return p.put("hand-over", textAttacks[i]) }
	step := map[string]any{"sid": "aaaaaaab", "text": x(0), "print": x(1), "number": "1"}
	event := func(n int, kind string, more map[string]any) map[string]any {
		e := map[string]any{"id": fmt.Sprintf("aaaaaaa%d", n), "run": "bbbbbbbb", "n": n, "at": n, "kind": kind, "by": x(2)}
		for k, v := range more {
			e[k] = v
		}
		return e
	}
	run := map[string]any{"opsbook": "run", "schema": 1, "site": "hostile", "events": []any{
		event(1, "start", map[string]any{"page": "runbooks/run/", "title": x(3), "operator": x(4), "confirmer": x(5), "ticket": x(6), "steps": []any{step}, "values": map[string]string{"p": x(7)}}),
		event(2, "note", map[string]any{"text": x(8), "sid": "aaaaaaab"}),
		event(3, "told", map[string]any{"who": x(9)}),
		event(4, "decide", map[string]any{"what": x(11), "verdict": "go"}),
		event(5, "skip", map[string]any{"sid": "aaaaaaab", "reason": x(12)}),
	}}
	text, err := json.Marshal(run)
	if err != nil {
		t.Fatal(err)
	}
	return eval[string](t, h.tab, `(async () => {
		const s = new Blob([`+quote(string(text))+`]).stream().pipeThrough(new CompressionStream("deflate-raw"));
		const bytes = new Uint8Array(await new Response(s).arrayBuffer());
		return btoa([...bytes].map((x) => String.fromCharCode(x)).join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
	})()`)
}

// TestBrowserNoAttackRuns promises that nothing that content or an address holds ever runs, whether or not the browser is told the policy.
func TestBrowserNoAttackRuns(t *testing.T) {
	files, p := hostileSite()
	out := built(t, files)
	pages, addresses := attacked(t, out), addressed(p)
	t.Run("sites", func(t *testing.T) {
		for name, policy := range map[string]bool{"with the policy": true, "without": false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				attackAll(t, hostWith(t, out, policy), !policy, slices.Concat(pages, addresses), p)
			})
		}
	})
	t.Logf("%d attacks in %d places on %d pages and files and %d addresses, each with and without the policy", p.n, len(p.places), len(pages), len(addresses))
	for _, place := range slices.Sorted(maps.Keys(p.places)) {
		t.Logf("%4d %s", p.places[place], place)
	}
}

// attackAll opens everything. Where no policy helps, a page without a guard shows that attacks do run.
func attackAll(t *testing.T, home string, control bool, addresses []string, p *planter) {
	if control {
		attackTab(t, home).control(t, home)
	}
	for some := range slices.Chunk(addresses, 25) { // a tab lives for a minute
		h := attackTab(t, home)
		for _, address := range some {
			h.visit(t, home+address)
		}
	}
	attackTab(t, home).typed(t, home, p)
	attackTab(t, home).takesOver(t, home, p)
}

// control opens the page that has no guard, where attacks must run.
func (h *hearing) control(t *testing.T, home string) {
	t.Helper()
	h.run(t, chromedp.Navigate(home+"control.html"))
	eval[[]string](t, h.tab, provoke)
	for n := range 10 {
		if !h.ran[strconv.Itoa(n+1)] {
			t.Errorf("attack %d of the page that has no guard does not run, so this test proves nothing", n+1)
		}
	}
}

// takesOver takes a run over whose every word is an attack.
func (h *hearing) takesOver(t *testing.T, home string, p *planter) {
	t.Helper()
	link := h.handOver(t, p)
	h.run(t, chromedp.Navigate("about:blank"), chromedp.Navigate(home+"runbooks/run/#run="+link))
	h.until(t, `document.querySelector(".run .ob-form")`)
	h.write(t, ".ob-form input", "上野")
	h.press(t, ".ob-form [type=submit]")
	h.until(t, `document.querySelector(".ob-bar")`)
	eval[[]string](t, h.tab, provoke)
	h.silent(t, "a run that was taken over")
}

// typed types attacks into the search, whose answers have attacks for titles.
func (h *hearing) typed(t *testing.T, home string, p *planter) {
	t.Helper()
	h.run(t, chromedp.Navigate(home+"search/?q=xss"))
	h.until(t, `document.querySelector("[role=option]")`)
	for i := range 4 {
		h.write(t, "main input[type=search]", p.put("typed query", textAttacks[i]))
		eval[[]string](t, h.tab, provoke)
	}
	h.silent(t, "the search")
}
