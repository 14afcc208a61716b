//go:build unix

package markdown

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// pathological is texts that made Markdown parsers slow, with n repetitions.
func pathological(n int) map[string]string {
	r := strings.Repeat
	distinct := func(mark string, size int) string { // runs of every length
		var b strings.Builder
		for i := 1; b.Len() < size; i++ {
			b.WriteString(r(mark, i) + " ")
		}
		return b.String()
	}
	var refs, notes, headings strings.Builder
	for i := range n {
		fmt.Fprintf(&refs, "[a%d]: /u\n", i)
		fmt.Fprintf(&notes, "[^%d]: x\n\n", i)
		fmt.Fprintf(&headings, "# a\n")
	}
	return map[string]string{
		"nested strong":          r("*a **a ", n) + "b" + r(" a** a*", n),
		"openers":                r("_a ", n),
		"closers":                r("a_ ", n),
		"mixed openers":          r("a**b_ ", n),
		"stars":                  r("*", n) + "a" + r("*", n),
		"tildes":                 r("~~a ", n),
		"japanese stars":         r("**「", n) + r("」**", n),
		"brackets":               r("[", n) + "a" + r("]", n),
		"open brackets":          r("[a", n),
		"links":                  r("[a](b ", n),
		"titles":                 r(`[a](b "`, n),
		"links in angles":        r("[a](<b", n),
		"images":                 r("![", n),
		"references":             r("[a][", n),
		"ticks":                  distinct("`", 2*n),
		"tick pairs":             r("`a``", n),
		"quotes":                 r("> ", n) + "a",
		"quote lines":            r(">a\n", n),
		"lists":                  r("* ", n) + "a",
		"indented lists":         indented(n, "- a\n"),
		"list items":             r("-\n", n),
		"numbered lists":         r("1. ", n) + "a",
		"quotes in lists":        r("> - ", n) + "a",
		"thematic breaks":        r("* * ", n) + "x",
		"definitions":            refs.String(),
		"half definitions":       r("[a]: /u \"\n", n),
		"footnotes":              notes.String() + r("[^1] ", n),
		"footnote lines":         r("[^a]: ", n),
		"same headings":          headings.String(),
		"heading attributes":     "# a " + r("{a={", n),
		"setext":                 r("a\n", n) + "===",
		"setext tables":          "a|b\n-|-\n" + r("---\n===\n", n/2),
		"tags":                   r("<a ", n),
		"tag attributes":         "<a " + r(`b="c" `, n) + ">",
		"tag quotes":             r(`<a b="`, n) + r(`<a c='`, n),
		"comments":               r("<!--", n),
		"comments in text":       "a " + r("<!-- a ", n),
		"instructions":           "a " + r("<?", n),
		"declarations":           "a " + r("<!A ", n),
		"cdata":                  "a " + r("<![CDATA[", n),
		"unclosed elements":      "a " + r("<b>", n),
		"blocks of elements":     r("<div>\n\n", n),
		"end tags":               "a " + r("<b>", n) + r("</i>", n),
		"entities":               r("&", n) + r("&#", n) + r("&a", n),
		"backslashes":            r(`\`, n) + r(`\[`, n),
		"autolinks":              r("<http://", n),
		"addresses":              r("http://a.b/(", n),
		"addresses in brackets":  "[" + r("http://a.b/[", n),
		"mail":                   r("a@", n) + r("a.", n) + r("a_", n) + "@b.c",
		"www":                    r("www.", n),
		"colons":                 r(":", n) + "\n" + r(":::note\n", n),
		"terms":                  r("a *\n", n) + ": b",
		"term lines":             r("a\n: b\n", n),
		"open terms":             r("*a ", n) + "\n" + r(": b\n", n),
		"admonitions":            r(":::note\n", n) + r(":::\n", n),
		"alerts":                 r("> [!NOTE]\n\n", n),
		"bangs":                  indented(n/4, "!!! note\n"),
		"shortcodes":             r("{{<", n) + r("{{< a >}}", n),
		"open shortcodes":        r("{{< note >}}\n", n),
		"shortcode destinations": r("[a]({{< ref ", n),
		"abbreviations":          r("*[a]: b\n", n) + r("a ", n),
		"pipes":                  r("|", n) + "\n" + r("|-", n) + "\n" + r("|", n),
		"escaped pipes":          "a|b\n-|-\n" + r("`\\|`|b\n", n),
		"table autofill":         r("|a", 1000) + "\n" + r("|-", 1000) + "\n" + r("a\n", n),
		"many tables":            r("|a|b|c|d\n|-|-|-|-\na\n\n", n),
		"delimiter rows":         r("-|-\n", n),
		"fences":                 r("```\n", n) + r("~~~~~", n),
		"tabs":                   r("\t", n) + "a\n" + r(">\t", n),
		"zero bytes":             r("\x00", n),
		"long line":              r("長い", n),
		"lines":                  r("a\n", n),
		"paragraphs":             r("a\n\n", n),
		"hashes":                 r("#", n) + "\n" + r("# a\n", n),
		"lazy quotes":            "> a\n" + r("b\n", n),
	}
}

// indented is lines each one deeper than the one before, at most 100 KB.
func indented(n int, line string) string {
	var b strings.Builder
	for i := 0; i < n && b.Len() < 100<<10; i++ {
		b.WriteString(strings.Repeat("  ", i) + line)
	}
	return b.String()
}

// cpuTime is what this process has used of the processor: a wall clock would also measure who else is at work.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano())
}

// TestPathologicalInputIsCheap promises that no text takes long: each of these is rendered well under a second, where parsers without
// limits take minutes or all memory. All that is allocated on the way counts as memory, also what is free again.
func TestPathologicalInputIsCheap(t *testing.T) {
	const n, most, mostBytes = 20_000, time.Second, 512 << 20
	var slowest, largest struct {
		name  string
		value uint64
	}
	cases := 0
	for name, text := range pathological(n) {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := cpuTime()
			a, err := Render(Body{Text: []byte(text)})
			if err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > mostBytes {
				t.Errorf("%d bytes took %d MB", len(text), used>>20)
			} else if used > largest.value {
				largest.name, largest.value = name, used
			}
			cases++
			if took := cpuTime() - start; took > most {
				t.Errorf("%d bytes took %v", len(text), took)
			} else if uint64(took) > slowest.value {
				slowest.name, slowest.value = name, uint64(took)
			}
			if a.HTML == "" && len(Parse([]byte(text)).Problems) == 0 && strings.TrimSpace(text) != "" && !silent[name] {
				t.Error("neither a page nor a diagnostic")
			}
			if len(a.HTML) > 50*len(text)+8<<20 {
				t.Errorf("%d bytes became %d", len(text), len(a.HTML))
			}
		})
	}
	t.Logf("%d cases of %d repetitions; slowest %q: %v of processor time; largest %q: %d MB", cases, n, slowest.name, time.Duration(slowest.value).Round(time.Millisecond), largest.name, largest.value>>20)
}

// silent are the cases that show nothing, as they should: definitions that nothing uses.
var silent = map[string]bool{"definitions": true, "comments": true}

// TestLimitsAreSaid promises that what is over a limit is shown as it was written, with a diagnostic at its place.
func TestLimitsAreSaid(t *testing.T) {
	r := strings.Repeat
	for name, c := range map[string]struct{ text, shown, message string }{
		"file":        {r("*a* ", maxFile/4) + "end", "*a* end", "the text is larger than 1 MiB"},
		"emphasis":    {"intro\n\n" + r("*a ", maxDelimiters+1) + "end", "*a end", "more than 2,000 emphasis marks"},
		"brackets":    {"intro\n\n" + r("[a", maxBrackets+1) + "end", "[aend", "more than 2,000 brackets"},
		"long":        {"intro\n\n" + r("a *b* ", maxInline/6+1) + "end", "a *b* end", "longer than 256 KiB"},
		"heading":     {"intro\n\n# " + r("*a ", maxDelimiters+1) + "end", "*a end", "more than 2,000 emphasis marks"},
		"nesting":     {"intro\n\n" + r("> ", maxNesting+3) + "end", "&gt; end", "nested more than 32 deep"},
		"lists":       {"intro\n\n" + r("- ", maxNesting+3) + "end", "- end", "nested more than 32 deep"},
		"cells":       {"intro\n\n" + r("|a", 1000) + "\n" + r("|-", 1000) + "\n" + r("x\n", 30) + "end", "x\nend", "too much in its table"},
		"definitions": {"intro\n\n" + r("[a]: b\n", 3000) + "end", "[a]: b\nend", "too many link definitions"},
		"term":        {"intro\n\n" + r("*a ", maxDelimiters+1) + "\n: end", "*a \n: end", "more than 2,000 emphasis marks"},
	} {
		t.Run(name, func(t *testing.T) {
			tree := Parse([]byte(c.text))
			if len(tree.Problems) == 0 || tree.Problems[0].Rule != "limit" || !strings.Contains(tree.Problems[0].Message.String(), c.message) {
				t.Fatalf("problems: %v", tree.Problems[:min(len(tree.Problems), 3)])
			}
			if at := tree.Problems[0].At; name != "file" && (at < 7 || at > 7+2*maxNesting) {
				t.Errorf("the problem is at %d", at)
			}
			html := render(tree, Body{Text: []byte(c.text)}).HTML
			if !strings.Contains(html, `<pre class="plain"`) || !strings.Contains(html, c.shown) {
				t.Errorf("the text is not shown: …%s", html[max(0, len(html)-300):])
			}
		})
	}
}

// TestLimitsLeavePeopleAlone promises that large but real texts are below every limit.
func TestLimitsLeavePeopleAlone(t *testing.T) {
	var b strings.Builder
	b.WriteString("| 障害 | 手順 | 担当 | 備考 |\n|---|---|---|---|\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "| kube_pod_%d_status | [手順%d](./run_%d.md) | **SRE** | `a_b_c` |\n", i, i, i)
	}
	for i := range 300 {
		fmt.Fprintf(&b, "\n\n## 手順 %d\n\nこれは**重要**な[手順](a.md)です。`kubectl` を使う。%s\n", i, strings.Repeat("snake_case_name ", 50))
	}
	if p := Parse([]byte(b.String())).Problems; len(p) > 0 {
		t.Errorf("%v", p)
	}
}
