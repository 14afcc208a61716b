package markdown

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark/ast"
)

// codeOf is every fenced piece of code of the Markdown below dir, with its language.
func codeOf(tb testing.TB, dir string) (code [][2]string) {
	tb.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".md") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		tree := Parse(text)
		return ast.Walk(tree.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if _, ok := n.(*ast.FencedCodeBlock); ok && entering {
				text, _ := tree.CodeText(n)
				code = append(code, [2]string{tree.Info(n).Lang, text})
			}
			return ast.WalkContinue, nil
		})
	})
	if err != nil {
		tb.Fatal(err)
	}
	return code
}

// corpus is the code of the folder that OPSBOOK_BENCH names, or of the example.
func corpus(tb testing.TB) [][2]string {
	tb.Helper()
	dir := os.Getenv("OPSBOOK_BENCH")
	if dir == "" {
		dir = "../../content"
	}
	return codeOf(tb, dir)
}

// tokensOf are the tokens of a text; how a lexer fails is one more.
func tokensOf(l chroma.Lexer, options *chroma.TokeniseOptions, text string) (all []chroma.Token) {
	defer func() {
		if failure := recover(); failure != nil {
			all = append(all, chroma.Token{Value: fmt.Sprint(failure)})
		}
	}()
	next, err := l.Tokenise(options, text)
	if err != nil {
		return []chroma.Token{{Value: err.Error()}}
	}
	for t := next(); t != chroma.EOF && len(all) < 10_000; t = next() {
		all = append(all, t)
	}
	return all
}

// alike asks chroma again where it differs: its engine gives up a match after a quarter of a second, which a busy machine may need. Where a
// text takes too many steps, nothing is to be alike.
func alike(t *testing.T, name string, options *chroma.TokeniseOptions, text string) {
	t.Helper()
	l := quick().Get(name)
	if l == nil || !utf8.ValidString(text) {
		return
	}
	got := tokensOf(l, options, text)
	if len(got) > 0 && (got[len(got)-1].Value == errTooLong.Error() || got[0].Value == errNoRules.Error()) {
		return
	}
	diff := ""
	for range 3 {
		if diff = cmp.Diff(tokensOf(lexers.GlobalLexerRegistry.Get(name), options, text), got); diff == "" {
			return
		}
	}
	t.Errorf("%s (-chroma +quick):\n%s\nof %q", name, diff, text)
}

func TestQuickLexersGiveWhatChromaGives(t *testing.T) {
	code := corpus(t)
	for _, c := range code {
		if lexers.GlobalLexerRegistry.Get(c[0]) != nil {
			alike(t, c[0], nil, c[1])
		}
	}
	// Code in another language than it says, and texts that no lexer expects.
	texts := []string{"GET /a HTTP/1.1\nHost: b\nContent-Type: application/x+json; charset=utf-8\n\n{\"a\": [1]}\n", "---\na: b\n---\n# c\n\n- [ ] d *e*\n\n```sh\necho $f\n```\n", "", "\n", "a", "日本語 = \"é\" # ſ K\n", "a\r\nb\x00\xff", "<a b='c'>&amp;</a>\n<?php echo 1; ?>\n", "$ x <<EOF\n$y\nEOF\n"}
	for i := range 4 {
		text := code[i*len(code)/4][1]
		texts = append(texts, text[:min(len(text), 200)])
	}
	for i, name := range lexers.GlobalLexerRegistry.Names(false) {
		if all := os.Getenv("OPSBOOK_BENCH") != ""; !all && i%10 != 0 {
			continue // compiling every lexer twice takes long
		}
		for _, text := range texts {
			alike(t, name, nil, text)
			alike(t, name, &chroma.TokeniseOptions{State: "root", Nested: true}, text)
		}
	}
}

// TestLexersLeftOut promises that nobody's clock decides about colours: each lexer of chroma is run here, or is one of those that have none.
func TestLexersLeftOut(t *testing.T) {
	left := strings.Fields("CommonLisp EmacsLisp ERB GoHTMLTemplate Haxe PHTML Raku Svelte YAML+Jinja")
	for i, l := range lexers.GlobalLexerRegistry.Lexers {
		name := l.Config().Name
		out := slices.Contains(left, strings.ReplaceAll(name, " ", ""))
		if all := os.Getenv("OPSBOOK_BENCH") != ""; !out && !all && i%10 != 0 && !slices.Contains(common, strings.ToLower(name)) {
			continue // compiling every lexer takes long
		}
		l := quick().Get(name)
		if l == nil || l.Config().Name != name {
			if !out {
				t.Errorf("%s has no lexer", name)
			}
			continue
		}
		if _, err := l.Tokenise(nil, "x"); (err != nil) != out {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// common are languages that runbooks are full of.
var common = strings.Fields("bash http markdown restructuredtext yaml json sql promql hcl python powershell docker diff ini toml xml")

func BenchmarkLexers(b *testing.B) {
	code := corpus(b)
	for _, of := range []struct {
		name string
		all  *chroma.LexerRegistry
	}{{"chroma", lexers.GlobalLexerRegistry}, {"quick", quick()}} {
		b.Run(of.name, func(b *testing.B) {
			b.ReportAllocs()
			found := map[string]chroma.Lexer{}
			for b.Loop() {
				for _, c := range code {
					l, ok := found[c[0]]
					if !ok {
						l = of.all.Get(c[0])
						found[c[0]] = l
					}
					if l != nil {
						highlight(l, c[1])
					}
				}
			}
		})
	}
}

func FuzzQuickLexers(f *testing.F) {
	names := []string{"bash", "console", "yaml", "sql", "python", "json", "promql", "hcl", "powershell", "dockerfile", "diff", "ini", "toml", "xml", "go", "php"}
	for i, seed := range []string{
		"for i in $(seq 1 3); do echo \"${i:-x} $((i+1))\" <<EOF | tee a\n$i\nEOF\ndone # x",
		"[root@db ~]# kubectl get pods -o json | jq '.items[]'\nNAME READY\n",
		"- a: &x \"b\" # c\n  d: |\n    e\n\n  2026-11-01: [true, 1.5e3, *x]\n",
		"SELECT 'a''b', \"c\" FROM t -- d\nWHERE e >= 1 /* f */;",
		"@d\ndef f(a: int = 0x1F) -> str:\n    return f'{a!r:>{10}}' + \"\"\"\n'\"\"\"\n",
	} {
		f.Add(uint8(i), seed)
	}
	f.Fuzz(func(t *testing.T, i uint8, text string) {
		if len(text) <= maxPiece {
			alike(t, names[int(i)%len(names)], nil, text)
		}
	})
}
