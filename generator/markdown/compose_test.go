package markdown

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// pieces are what every construct is made of, whole and broken.
var pieces = []string{
	"\n", "\n", "\n", "\n\n", "\n\n", " ", "  ", "    ", "\t", "a", "b c", "障害", "「重要」", "。", "# ", "## ", "#", "＃", "===\n", "---\n", "- ", "* ", "1. ", "2) ", "> ", ">",
	"*", "**", "***", "_", "__", "~", "~~", "`", "``", "```", "```bash title=\"t\" {1}\n", "```message audience=x\n", "~~~~", "[", "]", "(", ")", "![", "](", "](x.md)", "](x y.md)",
	"](<x y> \"t\")", "[^1]", "[^1]: ", "[RUN001]", "[a]: ", "[a]", "<", ">", "<b>", "</b>", "<b onclick=x>", "<div>", "</div>", "<div style=x id=\"y\">", "<details>", "<summary>",
	"</summary>", "</details>", "<script>", "</script>", "<svg>", "</svg>", "<style>\n", "</style>", "<cluster>", "</cluster>", "<img src=x>", "<a href=\"y\">", "</a>", "<a href=javascript:x>",
	"<table><tr><td>", "</td></tr></table>", "<!--", "-->", "<!-- c -->", "<?", "?>", "<![CDATA[", "]]>", "<!D", "<input type=checkbox>", "<p", "=\"", "'", "\"", "|", "|-|-|\n", "| a | b |\n", "--|--\n",
	":::", ":::note t\n", ":::\n", "::::warning\n", "!!! tip \"t\"\n", "??? note\n", "[!NOTE]", "{{< note >}}", "{{< /note >}}", "{{% tab name=\"x\" %}}", "{{% /tab %}}", "{{< tabs >}}",
	"{{< /tabs >}}", "{{< tab codelang=\"sh\" >}}", "{{< /tab >}}", "{{< x >}}", "{{< ref \"a\" >}}", "{{</* y */>}}", "{{", "}}", "{#id}", "{.c}", "*[A]: m\n", "A", ": d\n", "https://x.example/", "www.x.example",
	"m@x.example", "javascript:x", "//e", "&amp;", "&#x6A;", "&", "\\", "\\*", "\x00", "\x01", "\r", "\xe3\x81", "\xff", "${CLUSTER}", "{{cluster}}", "- [ ] ", "- [x] ", "  \n", "\\\n",
}

// TestRandomCompositionsAreInert puts the pieces together at random, always the same ones, and holds the result to the promises of FuzzRender.
func TestRandomCompositionsAreInert(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 1500 {
		var b strings.Builder
		for range 2 + random.IntN(40) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		text := b.String()
		html := printed(t, text)
		checkInert(t, html)
		valid := strings.ToValidUTF8(text, "")
		if diff := takenOut(t, printed(t, valid)); diff != "" {
			t.Errorf("the policy takes out: %s", diff)
		}
		for _, p := range Parse([]byte(text)).Problems {
			if strings.Contains(p.Message.String(), "could not be parsed") {
				t.Error(p.Message)
			}
		}
		if t.Failed() {
			t.Fatalf("%q\n%s", text, html)
		}
	}
}
