package markdown

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
)

// FuzzRender holds every text to four promises: nothing panics, nothing takes long, nothing that could run or lead away is printed, and the
// policy finds nothing to take out of what the printer wrote.
func FuzzRender(f *testing.F) {
	for _, seed := range []string{
		"# 障害対応 {#x}\n\nこれは**「重要」**です。\n次の行。\n", "1. a\n   - b\n\n     c\n", "> [!WARNING] t\n> b\n", ":::note t\nx\n:::\n", "!!! note \"t\"\n    x\n",
		"```bash title=\"t\" {1-2}\necho ${CLUSTER} <cluster>\n```\n", "| a | b |\n|:-:|---|\n| `x\\|y` | <b> |\n", "x[^1]\n\n[^1]: y\n", "*[RTO]: m\n\nRTO\n",
		"{{< note >}}x{{< /note >}}\n{{< tabs >}}{{% tab name=\"a\" %}}y{{% /tab %}}{{< /tabs >}}", "[a]({{< ref \"b.md\" >}}) {{< x >}}", "a\n: b\n\n  c\n",
		"<details><summary>s</summary>\n\nx <b onclick=y>\n\n</details></div>", "<script>x</script><svg><a href=\"javascript:x\">", "<cluster> <a href='//e'>x</a>",
		"[x](java&#10;script:y) <javascript:x> ![](data:x)", "https://a.example/（x） m@a.example", "~~a~~ ~b~ _c_ ***d***", "\x00\x01&#0;&#x110000;&amp;", "- [ ] a\n- [x] b\n",
		"<img src=x:y/z.w onerror=a>", "[a]: <b c> 't'\n\n[a] ![a][]", "a\r\nb\rc", "\t> \tx\n", "<table><tr><td>\n\n**x**\n\n</td></tr></table>", "[\xff](\xfe) \xe3\x81",
		"<A/=\"'><B\n=x>", "<p title='</p><script>'>", "```\n<!-- ``` -->\n", "{{</* x */>}}", "<!--->x-->", "[a](b 'c' d) [e](f g.md)", "<input type=checkbox checked>",
	} {
		f.Add(seed)
	}
	for _, text := range pathological(20) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 16<<10 {
			t.Skip()
		}
		start := time.Now()
		html := printed(t, text)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%d bytes took %v", len(text), took)
		}
		checkInert(t, html)
		a, err := Render(Body{Text: []byte(text), Words: caseWords})
		if err != nil {
			t.Fatal(err)
		}
		checkInert(t, a.HTML)
		if utf8.ValidString(text) {
			if diff := takenOut(t, html); diff != "" {
				t.Errorf("the policy takes out: %s", diff)
			}
		}
		tree := Parse([]byte(text))
		tree.Text(tree.Root)
		for _, target := range tree.Targets() {
			if target.At < 0 || target.At > len(text) {
				t.Errorf("a target is at %d of %d", target.At, len(text))
			}
		}
		for _, p := range tree.Problems {
			if p.Rule == "limit" && strings.Contains(p.Message.String(), "could not be parsed") {
				t.Error(p.Message)
			}
		}
	})
}

// checkInert reports elements, attributes and addresses that could run something or lead somewhere they may not.
func checkInert(t *testing.T, html string) {
	t.Helper()
	tokens := xhtml.NewTokenizer(strings.NewReader(html))
	for {
		switch tokens.Next() {
		case xhtml.ErrorToken:
			return
		case xhtml.CommentToken, xhtml.DoctypeToken:
			t.Errorf("a comment or a doctype: %q", tokens.Raw())
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			token := tokens.Token()
			if _, ok := elements[token.Data]; !ok {
				t.Errorf("<%s>", token.Data)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(a.Key, "form") || a.Key == "srcdoc" {
					t.Errorf("%s of <%s>", a.Key, token.Data)
				}
				if a.Key == "href" || a.Key == "src" || a.Key == "cite" {
					if _, ok := Scheme(a.Val); !ok {
						t.Errorf("address %q", a.Val)
					}
				}
			}
		}
	}
}
