package generator

import "testing"

func TestLinksOfABundle(t *testing.T) {
	files := map[string]bool{"index.html": true, "a/index.html": true, "a/b/index.html": true, "en/index.html": true, "offline/index.html": true, "a/x.csv": true}
	d := disk{has: func(f string) bool { return files[f] }}
	for _, c := range []struct{ from, link, want string }{
		{"index.html", "./", "./index.html"},
		{"index.html", "a/?q=1#s", "a/index.html?q=1#s"},
		{"a/b/index.html", "../../", "../../index.html"},
		{"a/b/index.html", "../", "../index.html"},
		{"a/b/index.html", "../..", "../../index.html"},
		{"a/b/index.html", "../x.csv", "../x.csv"},
		{"a/b/index.html", "#top", "#top"},
		{"a/b/index.html", "https://example.com/", "https://example.com/"},
		{"a/b/index.html", "mailto:a@example.com", "mailto:a@example.com"},
		{"a/b/index.html", "../nowhere/", "../nowhere/"},
		{"a/b/index.html", "../../offline/", "../../../index.html"},
		{"index.html", "offline/", "../index.html"},
	} {
		if got := d.link(c.from, c.link); got != c.want {
			t.Errorf("%s: %s became %s, want %s", c.from, c.link, got, c.want)
		}
	}
}

// TestBundleKeepsEveryOtherByte rewrites a page with the constructs that a parser could spoil.
func TestBundleKeepsEveryOtherByte(t *testing.T) {
	d := disk{has: func(f string) bool { return f == "a/index.html" }, asOf: "2026-11-01"}
	in := `<!doctype html><html lang="ja"><!-- <a href="a/"> --><script src="x.js" data-page="" data-offline></script><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>` +
		`<pre>a &lt; b &amp;&amp; c</pre><template>{"a":"<a href=\"a/\">"}</template><noscript><meta http-equiv="refresh" content="0;url=a/"></noscript><a class=x href=a/>日本</a></html>`
	want := `<!doctype html><html lang="ja" data-copy="2026-11-01"><!-- <a href="a/"> --><script src="x.js" data-page=""></script><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>` +
		`<pre>a &lt; b &amp;&amp; c</pre><template>{"a":"<a href=\"a/\">"}</template><noscript><meta http-equiv="refresh" content="0;url=a/index.html"></noscript><a class="x" href="a/index.html">日本</a></html>`
	got, err := d.page("index.html", []byte(in))
	if err != nil || string(got) != want {
		t.Errorf("got  %s\nwant %s (%v)", got, want, err)
	}
}
