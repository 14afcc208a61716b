package meta

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"opsbook/internal/diag"
)

// show returns a Value on one line: text in quotes, and with where every part of it was written.
func show(v Value) string {
	switch v.Kind {
	case Null:
		return "null"
	case Scalar:
		return fmt.Sprintf("\"%s\"@%d:%d", strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(v.Text), v.Pos.Line, v.Pos.Col)
	case List:
		parts := make([]string, len(v.Items))
		for i, item := range v.Items {
			parts[i] = show(item)
		}
		return "[" + strings.Join(parts, " ") + "]"
	case Map:
		parts := make([]string, len(v.Fields))
		for i, f := range v.Fields {
			parts[i] = fmt.Sprintf("%s@%d:%d=%s", f.Key, f.Pos.Line, f.Pos.Col, show(f.Value))
		}
		return "{" + strings.Join(parts, " ") + "}"
	}
	return "none"
}

// problems returns diagnostics without their file, one a line.
func problems(ds []diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		rule := ""
		if d.Rule != RuleSyntax {
			rule = d.Rule + ": "
		}
		fmt.Fprintf(&b, "%d:%d %s%s | %s\n", d.Pos.Line, d.Pos.Col, rule, d.Message, d.Hint)
	}
	return b.String()
}

func TestReadValues(t *testing.T) {
	for _, c := range []struct{ yaml, want string }{
		{"title: 障害\nowner: dba\n", `{title@2:1="障害"@2:8 owner@3:1="dba"@3:8}`},
		{"障害: あ # 注\nn: 1", `{障害@2:1="あ"@2:5 n@3:1="1"@3:4}`},
		{"v: 1.10\nw: 0123\nx: yes\ny: 2026-02-30\nz: 1e3", `{v@2:1="1.10"@2:4 w@3:1="0123"@3:4 x@4:1="yes"@4:4 y@5:1="2026-02-30"@5:4 z@6:1="1e3"@6:4}`},
		{"a:\nb: ~\nc: null\nd: \"\"\ne: 'null'", `{a@2:1=null b@3:1=null c@4:1=null d@5:1=""@5:4 e@6:1="null"@6:4}`},
		{"last-reviewed: a\nreviewIn: b\nBaseURL: c", `{last_reviewed@2:1="a"@2:16 review_in@3:1="b"@3:11 base_url@4:1="c"@4:10}`},
		{"list:\n- 一\n- [二, '三']\n- k: v\n  l: w\n", `{list@2:1=["一"@3:3 ["二"@4:4 "三"@4:7] {k@5:3="v"@5:6 l@6:3="w"@6:6}]}`},
		{"text: |\n  一\n\n    二: 三\nfold: >-\n  a\n  b\n", `{text@2:1="一\n\n  二: 三"@2:7 fold@6:1="a b"@6:7}`},
		{"plain: 一\n  二\n  三\nnext: x", `{plain@2:1="一 二 三"@2:8 next@5:1="x"@5:7}`},
		{"q: \"一\n  二: 三\"\nnext: x", `{q@2:1="一 二: 三"@2:4 next@4:1="x"@4:7}`},
		{"m: {a: 1,\n  b: [2,\n 3]}\n", `{m@2:1={a@2:5="1"@2:8 b@3:3=["2"@3:7 "3"@4:2]}}`},
		{"---\na: 1\n...\n", `{a@3:1="1"@3:4}`},
		{"# only a comment\n", "none"},
		{"", "none"},
		{"- a\n- b\n", `["a"@2:3 "b"@3:3]`},
		{"url: https://example.com/#x\nt: 14:05\np: C:\\Users\n", `{url@2:1="https://example.com/#x"@2:6 t@3:1="14:05"@3:4 p@4:1="C:\Users"@4:4}`},
		{"symptoms:\n  - CPU：90%以上\n  - 時刻:　10:00\n", `{symptoms@2:1=["CPU：90%以上"@3:5 "時刻:　10:00"@4:5]}`},
		{"description:\n  エラー：5xx が\n  増える\n", `{description@2:1="エラー：5xx が 増える"@3:3}`},
		{"description: 件名\n  注：深い行\n", `{description@2:1="件名 注：深い行"@2:14}`},
		{"code: |\n  a：b\n  \tc\n　\n  d\n", `{code@2:1="a：b\n\tc\n\nd"@2:7}`},
		{"emoji: \"👩‍🚒\" # c\nx: {a: 👍, b: い}\n", `{emoji@2:1="👩‍🚒"@2:8 x@3:1={a@3:5="👍"@3:8 b@3:11="い"@3:14}}`},
	} {
		v, ds := Read("a.md", []byte(c.yaml), 2)
		if got := show(v); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.yaml, got, c.want)
		}
		if len(ds) > 0 {
			t.Errorf("%q: %s", c.yaml, problems(ds))
		}
	}
}

// What people get wrong: the problem stands at the exact character, and everything else is still read.
func TestReadMistakes(t *testing.T) {
	for _, c := range []struct{ name, yaml, value, want string }{
		{
			"duplicate key", "title: a\nowner: b\ntitle: c\n", `{title@2:1="a"@2:8 owner@3:1="b"@3:8}`,
			"4:1 the key \"title\" was given already in line 2; that one counts | delete one of them\n",
		},
		{
			"duplicate key in two spellings", "lastReviewed: a\nlast-reviewed: b\n", `{last_reviewed@2:1="a"@2:15}`,
			"3:1 the key \"last-reviewed\" was given already in line 2; that one counts | delete one of them\n",
		},
		{
			"duplicate key below", "m:\n  a: 1\n  A: 2\n  a: 3\n", `{m@2:1={a@3:3="1"@3:6 a@4:3="2"@4:6}}`,
			"5:3 the key \"a\" was given already in line 3; that one counts | delete one of them\n",
		},
		{
			"tab", "tags:\n\t- 障害\n", `{tags@2:1=["障害"@3:4]}`,
			"3:1 the line is indented with a tab, which YAML does not allow | use two spaces for each level\n",
		},
		{
			"tab after spaces", "m:\n  a: 1\n \tb: 2\n", `{m@2:1={a@3:3="1"@3:6 b@4:3="2"@4:6}}`,
			"4:2 the line is indented with a tab, which YAML does not allow | use two spaces for each level\n",
		},
		{
			"no-break space before the value", "owner:\u00a0dba\n", `{owner@2:1="dba"@2:8}`,
			"2:7 U+00A0 (no-break space) after the colon is not a space for YAML | replace it with an ordinary space\n",
		},
		{
			"full-width space before the value", "担当:　dba\n", `{担当@2:1="dba"@2:5}`,
			"2:4 U+3000 (full-width space) after the colon is not a space for YAML | replace it with an ordinary space\n",
		},
		{
			"full-width space after a space", "owner: 　dba\n", `{owner@2:1="dba"@2:8}`,
			"2:8 the value has U+3000 (full-width space) at its edge, which YAML keeps as part of it | delete it, or put the value in quotes\n",
		},
		{
			"full-width space at the end", "owner: dba　\n", `{owner@2:1="dba"@2:8}`,
			"2:11 the value has U+3000 (full-width space) at its edge, which YAML keeps as part of it | delete it, or put the value in quotes\n",
		},
		{
			"full-width space as indentation", "m:\n　a: 1\n　b: 2\n", `{m@2:1={a@3:2="1"@3:5 b@4:2="2"@4:5}}`,
			"3:1 the line is indented with U+3000 (full-width space) | use ordinary spaces\n" +
				"4:1 the line is indented with U+3000 (full-width space) | use ordinary spaces\n",
		},
		{
			"full-width space after the dash", "tags:\n-　障害\n", `{tags@2:1=["障害"@3:3]}`,
			"3:2 U+3000 (full-width space) after the dash is not a space for YAML | replace it with an ordinary space\n",
		},
		{
			"full-width colon", "title：障害\nowner： dba\n", `{title@2:1="障害"@2:7 owner@3:1="dba"@3:8}`,
			"2:6 the key \"title\" ends in a full-width colon (：) | write an ordinary colon and a space: `title: `\n" +
				"3:6 the key \"owner\" ends in a full-width colon (：) | write an ordinary colon and a space: `owner: `\n",
		},
		{
			"full-width colon in braces", "m: {to：dba, after: 15m}\n", `{m@2:1={to@2:5="dba"@2:8 after@2:13="15m"@2:20}}`,
			"2:7 the key \"to\" ends in a full-width colon (：) | write an ordinary colon and a space\n",
		},
		{
			"no space after the colon", "title: a\nowner:dba\n", `{title@2:1="a"@2:8 owner@3:1="dba"@3:7}`,
			"3:7 the colon after \"owner\" needs a space | write `owner: `\n",
		},
		{
			"two documents", "a: 1\n---\nb: 2\n", `{a@2:1="1"@2:4}`,
			"3:1 a second YAML document starts here; only the first is read | delete the line, or put what follows in a file of its own\n",
		},
		{
			"text after the end", "a: 1\n...\nb: 2\n", `{a@2:1="1"@2:4}`,
			"3:1 the YAML document ends here, and what follows is not read | delete the line\n",
		},
		{
			"alias", "a: &x [1]\nb: *x\n", `{a@2:1=["1"@2:8] b@3:1="*x"@3:4}`,
			"2:4 \"&\" starts an anchor in YAML, which is not read here | put text that starts with it in quotes; write values out where they are needed\n" +
				"3:4 \"*\" starts an alias in YAML, which is not read here | put text that starts with it in quotes; write values out where they are needed\n",
		},
		{
			"merge key", "a: &x {k: v}\nb:\n  <<: *x\n  c: d\n", `{a@2:1={k@2:8="v"@2:11} b@3:1={c@5:3="d"@5:6}}`,
			"2:4 \"&\" starts an anchor in YAML, which is not read here | put text that starts with it in quotes; write values out where they are needed\n" +
				"4:3 \"<<\" merges other values, which is not read here | write the values out\n" +
				"4:7 \"*\" starts an alias in YAML, which is not read here | put text that starts with it in quotes; write values out where they are needed\n",
		},
		{
			"tag", "title: !重要 障害\n", `{title@2:1="!重要 障害"@2:8}`,
			"2:8 \"!\" starts a tag in YAML, which is not read here | put text that starts with it in quotes; write values out where they are needed\n",
		},
		{
			"glob", "watches:\n  - **/*.go\ntitle: x\n", `{title@4:1="x"@4:8}`,
			"3:5 \"*\" starts an alias in YAML, which is not read here | put text that starts with it in quotes; write values out where they are needed\n",
		},
		{
			"colon in the value", "title: 障害: 再起動\nowner: dba\n", `{title@2:1="障害: 再起動"@2:8 owner@3:1="dba"@3:8}`,
			"2:10 the value contains a colon and a space, which YAML reads as another key | put the value in quotes\n",
		},
		{
			"quote not closed", "title: \"障害\nowner: dba\n", `{title@2:1="障害"@2:8 owner@3:1="dba"@3:8}`,
			"2:8 a quote is opened here and never closed | close it at the end of the text, or leave both quotes out\n",
		},
		{
			"text after the quote", "title: \"障害\" 対応\nowner: dba\n", `{title@2:1="障害" 対応"@2:8 owner@3:1="dba"@3:8}`,
			"2:13 text follows the closing quote | put the whole value in quotes\n",
		},
		{
			"text after the bracket", "title: [緊急] 障害対応\nowner: dba\n", `{title@2:1="[緊急] 障害対応"@2:8 owner@3:1="dba"@3:8}`,
			"2:13 text follows the closing bracket | put the whole value in quotes\n",
		},
		{
			"bracket not closed", "tags: [a, b\nowner: dba\n", `{tags@2:1="[a, b"@2:7 owner@3:1="dba"@3:8}`,
			"2:7 a bracket is opened here and never closed | close it, or put the text in quotes\n",
		},
		{
			"wrong bracket", "tags: [a, b}\nowner: dba\n", `{tags@2:1="[a, b}"@2:7 owner@3:1="dba"@3:8}`,
			"2:12 \"}\" closes \"[\" | close brackets in the order in which they were opened\n",
		},
		{
			"template", "title: {{ .Title }}\n", `{title@2:1={}}`,
			"2:9 a list or map in brackets cannot be a key | put text that starts with a bracket in quotes, such as \"{{ name }}\"\n",
		},
		{
			"escape", "path: \"C:\\Users\"\nowner: dba\n", `{path@2:1="C:\Users"@2:7 owner@3:1="dba"@3:8}`,
			"2:10 \"\\\\U\" is no escape that YAML knows | use single quotes, in which a backslash is a backslash\n",
		},
		{
			"at sign", "owner: @dba\ntitle: x\n", `{owner@2:1="@dba"@2:8 title@3:1="x"@3:8}`,
			"2:8 text cannot start with \"@\" in YAML | put the text in quotes\n",
		},
		{
			"percent", "impact: %5\ntitle: x\n", `{impact@2:1="%5"@2:9 title@3:1="x"@3:8}`,
			"2:9 text cannot start with \"%\" in YAML | put the text in quotes\n",
		},
		{
			"between two levels", "escalation:\n  - to: dba\n   after: 15m\ntitle: x\n", `{title@5:1="x"@5:8}`,
			"4:4 the line is indented by 3 spaces, which matches no line above it | indent it by 2 spaces\n",
		},
		{
			"too deep", "owner: dba\n  team: x\ntitle: y\n", `{title@4:1="y"@4:8}`,
			"3:3 the line is indented deeper than the key above it, which has a value already | indent it like the key above, or put the value above in quotes\n",
		},
		{
			"no colon", "title: x\nowner\ntags: [a]\n", `{title@2:1="x"@2:8 tags@4:1=["a"@4:8]}`,
			"3:1 the line is neither a key nor a value: it has no colon | write `key: value`, or indent it by two spaces to continue the text above\n",
		},
		{
			"list on the line of its key", "tags: - a\ntitle: x\n", `{tags@2:1="- a"@2:7 title@3:1="x"@3:8}`,
			"2:7 a list cannot start on the line of its key | start it on the next line, indented by two spaces\n",
		},
		{
			"control character", "title: 障\x00害\n", `{title@2:1="障` + "\ufffd" + `害"@2:8}`,
			"2:9 control-character: the text contains the control character U+0000 (NUL) | delete it; it is invisible and usually came with text copied from a terminal\n",
		},
		{
			"line separator", "title: 障\u2028害\n", `{title@2:1="障 害"@2:8}`,
			"2:9 U+2028 (line separator) ends a line for YAML and for nobody else | replace it with a space\n",
		},
		{
			"several at once", "title：a\nowner: b: c\ntags:\n\t- d\nok: e\n", `{title@2:1="a"@2:7 owner@3:1="b: c"@3:8 tags@4:1=["d"@5:4] ok@6:1="e"@6:5}`,
			"2:6 the key \"title\" ends in a full-width colon (：) | write an ordinary colon and a space: `title: `\n" +
				"3:9 the value contains a colon and a space, which YAML reads as another key | put the value in quotes\n" +
				"5:1 the line is indented with a tab, which YAML does not allow | use two spaces for each level\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, ds := Read("a.md", []byte(c.yaml), 2)
			if got := show(v); got != c.value {
				t.Errorf("%q\n got %s\nwant %s", c.yaml, got, c.value)
			}
			if got := problems(ds); got != c.want {
				t.Errorf("%q\n got %swant %s", c.yaml, got, c.want)
			}
		})
	}
}

// cpuTime is what this process has used of the processor: a wall clock would also measure who else is at work.
func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano())
}

func TestReadRefusesBombs(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'z'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	deep := ""
	for i := range 40 {
		deep += strings.Repeat(" ", i) + "a:\n"
	}
	for name, c := range map[string]struct{ yaml, rule string }{
		"aliases":        {bomb, RuleSyntax},
		"brackets":       {"a: " + strings.Repeat("[", 30000), RuleLimit},
		"braces":         {"a: " + strings.Repeat("{a: ", 200) + strings.Repeat("}", 200), RuleLimit},
		"levels":         {deep, RuleLimit},
		"dashes":         {strings.Repeat("- ", 30000), RuleLimit},
		"size":           {"a: " + strings.Repeat("x", MaxFile), RuleLimit},
		"open brackets":  {strings.Repeat("- [\n", 20000), RuleLimit},
		"open keys":      {strings.Repeat("k: \"\n", 20000), RuleSyntax},
		"questions":      {strings.Repeat("? ", 30000), RuleLimit},
		"line of colons": {"a: " + strings.Repeat("b: ", 20000), RuleSyntax},
	} {
		start := cpuTime(t)
		v, ds := Read("a.md", []byte(c.yaml), 1)
		if took := cpuTime(t) - start; took > 2*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
		if len(ds) == 0 || ds[0].Rule != c.rule {
			t.Errorf("%s: %s", name, problems(ds))
		}
		if n := size(v); n > 4000 {
			t.Errorf("%s: a value of %d nodes", name, n)
		}
	}
}

// size returns the number of nodes of a value.
func size(v Value) int {
	n := 1
	for _, item := range v.Items {
		n += size(item)
	}
	for _, f := range v.Fields {
		n += size(f.Value)
	}
	return n
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"title: 障害\nowner: dba\n", "title：a", "a:\u00a0b", "a:\n\t- b", "a: &x [1]\nb: *x\n<<: *x", "a: 1\n---\nb: 2", "a: \"b\nc: 'd", "a: [b, {c: d",
		"a: |\n  b\n c", "? a\n: b", "- - - a", "a: 'it''s'\n", "%YAML 1.2\n---\na: b", "a: {b：c}", "a:b", "\u2028", "a: \x00", "a: >2\n   b\n", "\"a\": b", "{a: b}: c",
		"a: b: c\n d: e\n", "!!binary x", "!<tag:x> y", "&a", "*a", "---", "...", "a: {{ x }}", "　a: b", "-　a", "a: \"\\x4\"",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		v, ds := Read("a.md", src, 5)
		lines := strings.Count(string(src), "\n") + strings.Count(string(src), "\r") + 1
		for _, d := range ds {
			if d.Pos.Line < 5 || d.Pos.Line >= 5+lines || d.Pos.Col < 1 || d.Message.IsZero() {
				t.Fatalf("%q: no such place: %v %s", src, d.Pos, d.Message)
			}
		}
		var walk func(Value)
		walk = func(v Value) {
			if v.Kind != None && (v.Pos.Line < 5 || v.Pos.Line > 5+lines) {
				t.Fatalf("%q: no such place: %v", src, v.Pos)
			}
			for _, item := range v.Items {
				walk(item)
			}
			for _, f := range v.Fields {
				walk(f.Value)
			}
		}
		walk(v)
		Read("a.md", src, 1)
		SplitFront(src)
	})
}
