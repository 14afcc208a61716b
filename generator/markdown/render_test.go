package markdown

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark/ast"
)

// keyed renders a body whose links are resolved by what is written there.
func keyed(t *testing.T, front, body string, links map[string]Link, change func(*Body)) Article {
	t.Helper()
	b := Body{Text: []byte(front + body), BodyAt: len(front), Words: caseWords, Links: map[int]Link{}}
	for _, target := range Parse([]byte(body)).Targets() {
		if l, ok := links[target.Dest]; ok {
			b.Links[b.BodyAt+target.At] = l
		}
	}
	if change != nil {
		change(&b)
	}
	a, err := Render(b)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const frontMatter = "---\ntitle: 題\n---\n"

func TestLinksAreResolvedByKey(t *testing.T) {
	links := map[string]Link{
		"a.md":       {Href: "../a/", Title: "手順 A"},
		"a b.md":     {Href: "../a-b/", Class: "stale"},
		"gone.md":    {Broken: true, Why: "ありません"},
		"p.png":      {Href: "../p.1234.png", Width: 640, Height: 480},
		"lost.png":   {Broken: true, Why: "画像がありません"},
		"x.md#y":     {Href: "../x/#y"},
		"empty.md":   {Href: "../empty/", Text: "空の題"},
		"evil.md":    {Href: "javascript:alert(1)"},
		"https://e/": {Href: "https://e/", Class: "vendor"},
	}
	for text, want := range map[string]string{
		`[A](a.md)`:                   `<a href="../a/" title="手順 A">A</a>`,
		`[A](a.md "own")`:             `<a href="../a/" title="手順 A">A</a>`,
		`[A](<a b.md>)`:               `<a href="../a-b/" class="stale">A</a>`,
		`[**G**](gone.md)`:            `<span class="broken" title="ありません"><strong>G</strong></span>`,
		`![図](p.png)`:                 `<img src="../p.1234.png" alt="図" width="640" height="480" loading="lazy" decoding="async">`,
		`![図](lost.png)`:              `<span class="broken" title="画像がありません">図</span>`,
		"[A][r]\n\n[r]: x.md#y":       `<a href="../x/#y">A</a>`,
		"![A][r]\n\n[r]: <p.png>":     `<img src="../p.1234.png" alt="A" width="640" height="480" loading="lazy" decoding="async">`,
		`[](empty.md)`:                `<a href="../empty/">空の題</a>`,
		`[E](evil.md)`:                `<span class="broken" title="(not allowed)">E</span>`,
		`<https://e/>`:                `<a href="https://e/" class="vendor external" rel="noopener noreferrer">https://e/</a>`,
		`https://e/`:                  `<a href="https://e/" class="vendor external" rel="noopener noreferrer">https://e/</a>`,
		`<a href="a.md">A</a>`:        `<a href="../a/" title="手順 A">A</a>`,
		`x <a href='gone.md'>A</a> y`: `x <span class="broken" title="ありません">A</span> y`,
		`<img src=p.png alt="図">`:     `<img src="../p.1234.png" alt="図" width="640" height="480" loading="lazy" decoding="async">`,
		`[A]({{< ref "x.md#y" >}})`:   `<a href="../x/#y">A</a>`,
		"> - [A](a.md)":               `<a href="../a/" title="手順 A">A</a>`,
		"| [A](a.md) |\n|---|":        `<a href="../a/" title="手順 A">A</a>`,
		"x[^1]\n\n[^1]: [A](a.md)":    `<a href="../a/" title="手順 A">A</a>`,
		"## [A](a.md)":                `<a href="../a/" title="手順 A">A</a>`,
		"\t[A](a.md)":                 `[A](a.md)`,
	} {
		if html := keyed(t, frontMatter, text, links, nil).HTML; !strings.Contains(html, want) {
			t.Errorf("%s\n got %s\nwant %s", text, html, want)
		}
	}
}

func TestTargetsStandWhereTheyAreWritten(t *testing.T) {
	text := "[a](x.md) ![図 **b**](<y z.png> \"t\") [r][] <https://a.example/> <m@a.example> www.a.example\n" +
		"[e](a\\_b&amp;c.md) <a href=\"h.md\">text **x**</a> [n]()\n\n" +
		"<div><a href='&amp;i.md'>i</a><img src=j.png alt=J></div>\n\n[r]: r.md"
	tree := Parse([]byte(text))
	var got []Target
	for _, target := range tree.Targets() {
		got = append(got, target)
		if at := target.At; !strings.HasPrefix(text[at:], strings.Split(target.Dest, "&")[0]) && !strings.HasPrefix(text[at:], "a\\_b") &&
			!strings.HasPrefix(text[at:], "www") && !strings.HasPrefix(text[at:], "m@") && target.Dest != "" {
			t.Errorf("%q is not at %d: %q", target.Dest, at, text[at:at+10])
		}
	}
	for i := range got {
		got[i].At = 0
	}
	want := []Target{
		{Anchor, "x.md", "a", 0},
		{Image, "y z.png", "図 b", 0},
		{Anchor, "r.md", "r", 0},
		{Auto, "https://a.example/", "https://a.example/", 0},
		{Auto, "mailto:m@a.example", "m@a.example", 0},
		{Auto, "http://www.a.example", "www.a.example", 0},
		{Anchor, "a_b&c.md", "e", 0},
		{Anchor, "h.md", "text x", 0},
		{Anchor, "", "n", 0},
		{Anchor, "&i.md", "i", 0},
		{Image, "j.png", "J", 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestStepsAreMarked(t *testing.T) {
	body := "1. 一\n2. > 二\n3. - 三\n   - 四\n\n### 手順4\n\n| # | x |\n|---|---|\n| 1 | a |\n  | 2 | b |\n\n### step-9\n"
	var at []int
	tree := Parse([]byte(body))
	_ = ast.Walk(tree.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n.Kind().String() {
		case "ListItem", "Heading", "TableRow":
			if entering {
				at = append(at, At(n))
			}
		}
		return ast.WalkContinue, nil
	})
	steps := []Step{
		{At: at[0], ID: "step-1", Number: "1", Minutes: 5},
		{At: at[1], ID: "step-2", Number: "2"},
		{At: at[2], ID: "step-3", Number: "3"},
		{At: at[4], ID: "step-3-2", Number: "3-2"},
		{At: at[5], ID: "step-4", Number: "4"},
		{At: at[6], ID: "step-5", Number: "5"},
		{At: at[7], ID: "step-9", Number: "9"},
	}
	html := keyed(t, frontMatter, body, nil, func(b *Body) {
		for _, s := range steps {
			s.At += b.BodyAt
			b.Steps = append(b.Steps, s)
		}
	}).HTML
	for _, want := range []string{
		`<li id="step-1" data-step="1" data-minutes="5">一</li>`, `<li id="step-2" data-step="2">`, `<li id="step-3" data-step="3">`,
		`<li id="step-3-2" data-step="3-2">四</li>`, `<h3 id="手順4" data-step="4">`, "<tr id=\"step-5\" data-step=\"5\">\n<td>1</td>",
		"<tr data-step=\"9\">\n<td>2</td>", // a heading has its id
	} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is missing in\n%s", want, html)
		}
	}
	if n := strings.Count(html, "data-step="); n != len(steps) {
		t.Errorf("%d elements are steps", n)
	}
}

func TestThePageShowsTitleAndTablesItself(t *testing.T) {
	body := "# 題 {#t}\n\n| ID | RUN001 |\n|---|---|\n\n# 二つ目\n\n## 手順\n\n> | a |\n> |---|\n"
	hide := func(b *Body) {
		b.HideTitle = true
		b.Hidden = []int{b.BodyAt + strings.Index(body, "| ID")}
	}
	a := keyed(t, frontMatter, body, nil, hide)
	if a.TitleID != "t" || strings.Contains(a.HTML, "題") || strings.Contains(a.HTML, "RUN001") || !strings.Contains(a.HTML, "二つ目") ||
		!strings.Contains(a.HTML, `aria-label="手順"`) {
		t.Errorf("%q %s", a.TitleID, a.HTML)
	}
	if a := keyed(t, frontMatter, body, nil, nil); a.TitleID != "" || !strings.Contains(a.HTML, `<h1 id="t">題`) || !strings.Contains(a.HTML, "RUN001") {
		t.Errorf("%q %s", a.TitleID, a.HTML)
	}
}

func TestBodyOutsideItsTextIsAnError(t *testing.T) {
	for _, at := range []int{-1, 4} {
		if _, err := Render(Body{Text: []byte("abc"), BodyAt: at}); err == nil {
			t.Errorf("%d is accepted", at)
		}
	}
	if a, err := Render(Body{Text: []byte("abc"), BodyAt: 3}); err != nil || a.HTML != "" {
		t.Errorf("%q %v", a.HTML, err)
	}
}

func TestTextIsWhatAReaderSees(t *testing.T) {
	text := "# 題 `c`\n\n一行目\n二**行**目 &amp; \\* <cluster> <b>x</b><br>y [リンク](a.md) ![絵](b.png) https://a.example/ {{< glossary_tooltip text=\"Pod\" >}}[^1]\n" +
		"Latin\nline\n\n- a\n- b\n\n| h | i |\n|---|---|\n| `x\\|y` | 2 |\n\n```sh\nls\n```\n\n<div>raw <!-- c --><i>html</i></div>\n\n> [!NOTE] 題\n> 本文\n\n" +
		"*[X]: y\n\n[r]: z\n\n[^1]: 注"
	want := "題 c\n一行目二行目 & * <cluster> xy リンク 絵 https://a.example/ Pod\nLatin\nline\na\nb\nh\ti\nx|y\t2\nls\nraw html\n題\n本文\n注"
	want = strings.Replace(want, "xy リンク", "x y リンク", 1)
	want = strings.Replace(want, "Pod\nLatin\nline", "Pod Latin line", 1)
	tree := Parse([]byte(text))
	if diff := cmp.Diff(want, tree.Text(tree.Root)); diff != "" {
		t.Error(diff)
	}
}

func TestCodeInfo(t *testing.T) {
	for info, want := range map[string]CodeInfo{
		"":                            {},
		"bash":                        {Lang: "bash"},
		`bash title="a b.sh" {2,4-6}`: {Lang: "bash", Title: "a b.sh", Attrs: []Attr{{"title", "a b.sh", 8}}, Lines: []Range{{2, 2}, {4, 6}}},
		`go{1}`:                       {Lang: "go", Lines: []Range{{1, 1}}},
		`yaml file=a.yaml`:            {Lang: "yaml", Title: "a.yaml", Attrs: []Attr{{"file", "a.yaml", 8}}},
		`js {hl_lines=[1,"2-3"] a=b}`: {Lang: "js", Attrs: []Attr{{"hl_lines", `1,"2-3"`, 7}, {"a", "b", 26}}, Lines: []Range{{1, 1}, {2, 3}}},
		`message audience=customer x`: {Lang: "message", Attrs: []Attr{{"audience", "customer", 11}, {"x", "", 29}}},
		`sh title='障害' {9-2,0,x}`:     {Lang: "sh", Title: "障害", Attrs: []Attr{{"title", "障害", 6}, {"9-2,0,x", "", 22}}},
		`föö&amp;x title="&quot;q\""`: {Lang: "föö&x", Title: `"q\`, Attrs: []Attr{{"title", `"q\`, 15}, {`"`, "", 31}}},
	} {
		tree := Parse([]byte("```" + info + "\ncode\n```\n"))
		got := tree.Info(tree.Root.FirstChild())
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", info, diff)
		}
		if code, at := tree.CodeText(tree.Root.FirstChild()); code != "code\n" || string(tree.Source[at:at+4]) != "code" {
			t.Errorf("%s: %q at %d", info, code, at)
		}
	}
}

func TestScheme(t *testing.T) {
	for url, want := range map[string]string{
		"": "", "a.md": "", "#x": "", "?q": "", "./a:b": "", "障害:対応": "", "/a": "", "1:2": "", "a/b:c": "", "%6aavascript:x": "",
		"http://x": "http", "HTTPS:x": "https", "mailto:a": "mailto", "tel:1": "tel", "slack:x": "slack", "msteams:x": "msteams",
		"javascript:x": "!javascript", " javascript:x": "!javascript", "\x01\tjava\nscript:x": "!javascript", "JAVASCRIPT:": "!javascript",
		"data:x": "!data", "ms-msdt:x": "!ms-msdt", "//x": "!//", `\\x`: "!//", "/\t/x": "!//", "\n//x": "!//", `/\x`: "!//", "c:": "!c",
	} {
		scheme, ok := Scheme(url)
		if !ok {
			scheme = "!" + scheme
		}
		if scheme != want {
			t.Errorf("%q: %q, want %q", url, scheme, want)
		}
	}
}

func TestSlug(t *testing.T) {
	for text, want := range map[string]string{
		"障害対応": "障害対応", "RDS フェイルオーバー (本番)": "rds-フェイルオーバー-本番", "a_b-c d": "a_b-c-d", " x ": "x", "": "section", "!?": "section",
		"1. 手順": "1-手順", "C++ & Go": "c--go", "カﾞ〜": "カﾞ", "école": "école", "ÀÉ": "àé",
	} {
		if got := Slug(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestAnchorsOfRawHTML(t *testing.T) {
	tree := Parse([]byte("<a name=\"x\"></a> <b id=\"y\">t</b>\n\n<div id=z></div> <p name=q>\n"))
	if diff := cmp.Diff([]string{"x", "y", "z"}, tree.Anchors()); diff != "" {
		t.Error(diff)
	}
}
