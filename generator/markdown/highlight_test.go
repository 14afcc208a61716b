package markdown

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// plainCode takes the markup out of highlighted code.
func plainCode(html string) string {
	html = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(html, "")
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&").Replace(html)
}

func renderCode(t *testing.T, b Body, lang, code string) string {
	t.Helper()
	b.Text = []byte("```` " + lang + "\n" + code + "\n````\n")
	a, err := Render(b)
	if err != nil {
		t.Fatal(err)
	}
	return a.HTML
}

func TestHighlightKeepsTheCode(t *testing.T) {
	for lang, code := range map[string]string{
		"bash":       "#!/bin/bash\ncat <<EOF | tee \"$X\"\n日本語 & <b>\nEOF\nfor i in 1 2; do echo \"${i}\"; done # 終わり",
		"console":    "$ kubectl get pods\nNAME   READY\n$ exit",
		"yaml":       "a: &x\n  - 'b'\n  - |\n    日本語\n# c\n",
		"json":       `{"a": [1, true, "é\n"]}`,
		"python":     "def f(x):\n    \"\"\"長い\n    説明\"\"\"\n    return f'{x}'",
		"sql":        "SELECT '障害' FROM t WHERE a >= 1; -- c",
		"powershell": "Get-ChildItem -Path $env:TEMP | Where-Object { $_.Length -gt 1MB }",
		"promql":     `rate(http_requests_total{code=~"5.."}[5m]) > 0.1`,
		"hcl":        "resource \"aws_s3_bucket\" \"b\" {\n  bucket = var.name\n}",
		"php":        "<?php echo \"$a\"; ?>\n<b>x</b>",
		"diff":       "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y",
		"html":       "<script>var a = '<b>';</script>",
		"dockerfile": "FROM debian\nRUN apt-get update \\\n && true",
		"xml":        "<a b='c'>&amp;</a>",
		"crlf":       "a\r\nb",
	} {
		html := renderCode(t, Body{Params: []string{"name"}}, lang, code)
		if got := plainCode(html); got != strings.ReplaceAll(code, "\r", "\uFFFD")+"\n\n" {
			t.Errorf("%s: the code changed:\n%q\n%q", lang, got, code)
		}
		if lang != "crlf" && !strings.Contains(html, `<span class="`) {
			t.Errorf("%s has no colours: %s", lang, html)
		}
	}
}

func TestHighlightUsesTheClassesItNames(t *testing.T) {
	var known []string
	for _, c := range ChromaClasses {
		known = append(known, c.Name)
	}
	html := renderCode(t, Body{}, "python", "@d\nclass A(B):\n    def f(self, x: int = 1) -> str:\n        return f'{x}\\n' # c\n")
	for _, m := range regexp.MustCompile(`<span class="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		if !slices.Contains(known, m[1]) {
			t.Errorf("class %q is not in ChromaClasses", m[1])
		}
	}
	if strings.Contains(html, "style=") {
		t.Error("inline style")
	}
}

func TestHighlightGivesUpOnWhatItCannotRead(t *testing.T) {
	r := strings.Repeat
	for name, code := range map[string]string{
		"too large":     r("echo a\n", maxHighlight/7+1),
		"a long line":   "echo " + r("a", maxHighlightLine),
		"blank lines":   "echo" + r("\n", maxBlankLines+2) + "echo",
		"another world": r("\x01", 1000),
		"signs":         r("[[", 1000),
	} {
		for _, lang := range []string{"bash", "yaml", "hcl"} {
			html := renderCode(t, Body{}, lang, code)
			if name != "another world" && name != "signs" && strings.Contains(html, `<span class="`) {
				t.Errorf("%s as %s has colours", name, lang)
			}
			if got := plainCode(html); got != strings.ReplaceAll(code, "\x01", "\uFFFD")+"\n\n" {
				t.Errorf("%s as %s: the code changed", name, lang)
			}
		}
	}
}

// TestHostileCodeIsCheap promises that as much code as is coloured at all never takes long, whatever it says and is said to be.
func TestHostileCodeIsCheap(t *testing.T) {
	slowest, which := time.Duration(0), ""
	for _, lang := range []string{"bash", "yaml", "markdown", "python", "xml", "http", "cfengine3"} {
		for _, unit := range []string{"a", "((a", "{{", "\"\\", "<a ", "a::", "*a ", "`", "/*", "$(", "a: ", "\t"} {
			code := strings.Repeat(strings.Repeat(unit, maxHighlightLine/len(unit)-1)+"\n", maxHighlight/maxHighlightLine)
			start := cpuTime()
			(*Highlighter)(nil).runs(lang, code)
			if took := cpuTime() - start; took > slowest {
				slowest, which = took, fmt.Sprintf("%q as %s", unit, lang)
			}
		}
	}
	if slowest > 2*time.Second {
		t.Errorf("%s took %v", which, slowest)
	}
	t.Logf("slowest: %s, %v of processor time", which, slowest.Round(time.Millisecond))
}

func TestHighlightPiecesMeet(t *testing.T) {
	var code strings.Builder
	for code.Len() < 10*maxPiece {
		code.WriteString("key: value # comment\nother:\n  - \"text\"\n")
		if code.Len()%3 == 0 {
			code.WriteString("\n")
		}
	}
	html := renderCode(t, Body{}, "yaml", code.String())
	if got := plainCode(html); got != code.String()+"\n\n" {
		t.Error("the code changed where the pieces meet")
	}
	if n, want := strings.Count(html, `<span class="c">`), strings.Count(code.String(), "#"); n != want {
		t.Errorf("%d of %d comments have their colour", n, want)
	}
}

func TestHighlighterRemembersByContent(t *testing.T) {
	var mu sync.Mutex
	asked, made := 0, 0
	kept := map[[sha256.Size]byte][]byte{}
	h := NewHighlighter(func(key [sha256.Size]byte, make func() []byte) []byte {
		mu.Lock()
		defer mu.Unlock()
		asked++
		if _, ok := kept[key]; !ok {
			made++
			kept[key] = make()
		}
		return kept[key]
	})
	first := renderCode(t, Body{Code: h}, "bash", "echo a")
	for _, lang := range []string{"bash", "sh", "Shell"} { // one lexer
		again := renderCode(t, Body{Code: h, Params: []string{"x"}}, lang, "echo a")
		if strings.TrimPrefix(plainCode(again), "x") != plainCode(first) {
			t.Errorf("%q, then %q", first, again)
		}
	}
	renderCode(t, Body{Code: h}, "bash", "echo b")
	if asked != 5 || made != 2 {
		t.Errorf("asked %d times, made %d", asked, made)
	}
	if plain := renderCode(t, Body{}, "bash", "echo a"); plain != first {
		t.Errorf("without memory %q, with %q", plain, first)
	}
}

func TestHighlighterForgets(t *testing.T) {
	m := newMemory()
	made := 0
	ask := func(i int) {
		key := [sha256.Size]byte{byte(i), byte(i >> 8), byte(i >> 16)}
		m.remember(key, func() []byte { made++; return make([]byte, 1<<20) })
	}
	for i := range 100 {
		ask(i)
		ask(0) // in use, so never forgotten
	}
	if made != 100 {
		t.Errorf("made %d", made)
	}
	if ask(1); made != 101 {
		t.Error("nothing was forgotten")
	}
	if len(m.young)+len(m.old) > 40 {
		t.Errorf("%d MiB are kept", len(m.young)+len(m.old))
	}
}

func TestHighlighterSurvivesAForeignMemory(t *testing.T) {
	for _, rubbish := range [][]byte{nil, {}, {1}, {200, 5}, {1, 0}, {1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1}, {1, 100}} {
		h := NewHighlighter(func([sha256.Size]byte, func() []byte) []byte { return rubbish })
		if got := plainCode(renderCode(t, Body{Code: h}, "bash", "echo a")); got != "echo a\n\n" {
			t.Errorf("%v: %q", rubbish, got)
		}
	}
}

func TestHighlighterIsSafeForManyAtOnce(t *testing.T) {
	h := NewHighlighter(nil)
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for range 20 {
				lang := []string{"bash", "yaml", "json", "nosuchlanguage"}[i%4]
				renderCode(t, Body{Code: h}, lang, "a: 1 # x")
			}
		})
	}
	wait.Wait()
}
