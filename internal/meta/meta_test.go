package meta

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"reflect"
	"testing"
)

func TestCanonical(t *testing.T) {
	for key, want := range map[string]string{
		"last_reviewed": "last_reviewed", "last-reviewed": "last_reviewed", "lastReviewed": "last_reviewed", "LastReviewed": "last_reviewed",
		"Last Reviewed": "last_reviewed", "ID": "id", "baseURL": "base_url", "URLs": "urls", "HTTPServer": "http_server", "RTO": "rto", "sev1": "sev1",
		"担当": "担当", "": "", "_x": "_x", "isCJKLanguage": "is_cjk_language", "p99Latency": "p99_latency",
	} {
		if got := Canonical(key); got != want {
			t.Errorf("Canonical(%q) = %q, want %q", key, got, want)
		}
	}
}

func TestValueAccessors(t *testing.T) {
	v, ds := Read("a.md", []byte("t: 障害\nl: [a, b, [c], {d: e}, ~]\nm: {n: {o: x}}\nyes: Yes\nno: \"off\"\nnum: 12\nf: 1.5\nz:\ninf: .inf\nnan: NaN\n"), 1)
	if len(ds) > 0 {
		t.Fatal(problems(ds))
	}
	if got := v.Get("t").Strs(); len(got) != 1 || got[0].Text != "障害" || got[0].Pos.Col != 4 {
		t.Errorf("a scalar as a list: %v", got)
	}
	if got := fmt.Sprint(v.Get("l").Strs()); got != "[a b]" {
		t.Errorf("the scalars of a list: %s", got)
	}
	if n := len(v.Get("l").List()); n != 5 {
		t.Errorf("%d items", n)
	}
	if got := v.Get("m", "n", "o").Str(); got.Text != "x" {
		t.Errorf("a path of keys: %v", got)
	}
	if !v.Get("none", "none").IsZero() || !v.Get("t", "x").IsZero() || v.Has("none") || !v.Has("z") || v.Get("z").Kind != Null {
		t.Error("what is not there is not zero")
	}
	for key, want := range map[string][2]bool{"yes": {true, true}, "no": {false, true}, "t": {false, false}, "l": {false, false}, "none": {false, false}} {
		if b, ok := v.Get(key).Bool(); b != want[0] || ok != want[1] {
			t.Errorf("%s: %v %v", key, b, ok)
		}
	}
	if n, ok := v.Get("num").Int(); n != 12 || !ok {
		t.Errorf("num: %d %v", n, ok)
	}
	if x, ok := v.Get("f").Float(); x != 1.5 || !ok {
		t.Errorf("f: %v %v", x, ok)
	}
	for _, key := range []string{"t", "l", "none", "nan", "inf"} {
		if _, ok := v.Get(key).Int(); ok {
			t.Errorf("%s is a whole number", key)
		}
		if _, ok := v.Get(key).Float(); ok {
			t.Errorf("%s is a number", key)
		}
	}
}

func TestMerge(t *testing.T) {
	over, _ := Read("a.md", []byte("title: a\nrollback: {when: x}\nowner:\n"), 2)
	under, _ := Read("b.yaml", []byte("owner: dba\nrollback: {by: y}\ntags: [z]\n"), 1)
	before := show(over)
	got := Merge(over, under)
	if s, want := show(got), `{title@2:1="a"@2:8 rollback@3:1={when@3:12="x"@3:18} owner@4:1=null tags@3:1=["z"@3:8]}`; s != want {
		t.Errorf("got %s, want %s", s, want)
	}
	if f, _ := got.Field("tags"); f.Pos.File != "b.yaml" {
		t.Errorf("tags come from %s", f.Pos)
	}
	if show(over) != before {
		t.Error("Merge changed its argument")
	}
	if !Merge(Value{}, Value{}).IsZero() || show(Merge(Value{}, under)) != show(under) || show(Merge(over, Value{})) != show(over) {
		t.Error("an empty side is not neutral")
	}
}

// Values are remembered on disk.
func TestValueGob(t *testing.T) {
	v, _ := Read("a.md", []byte("a: [1, {b: c}]\nd: |\n  e\nf:\n"), 1)
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	var back Value
	if err := gob.NewDecoder(&b).Decode(&back); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(v, back) {
		t.Errorf("%s, want %s", show(back), show(v))
	}
}

func TestSecondFront(t *testing.T) {
	for text, want := range map[string]bool{
		"---\ntitle: a\n---\ntags: [b]\n---\n# c\n":    true,
		"---\ntitle: a\n---\n---\ntags:\n  - b\n---\n": true,
		"---\ntitle: a\n---\n\ntags: [b]\n---\n":       false, // a heading below a line of dashes
		"---\ntitle: a\n---\nNote: b\n---\n":           false,
		"---\ntitle: a\n---\ntags: [b]\n\n---\n":       false,
		"---\ntitle: a\n---\ntags: [b]\n":              false,
		"tags: [b]\n---\n":                             false,
		"---\ntitle: a\n---\n---\n":                    false,
		"---\ntitle: a\n---":                           false,
	} {
		if got := SplitFront([]byte(text)).Second([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestSplitFront(t *testing.T) {
	for _, c := range []struct {
		name, text, front, body string
		line                    int // of the body
		open, toml              bool
	}{
		{"none", "# 見出し\n", "", "# 見出し\n", 1, false, false},
		{"closed", "---\ntitle: a\n---\n# b\n", "title: a\n", "# b\n", 4, false, false},
		{"dots", "---\ntitle: a\n...\n# b\n", "title: a\n", "# b\n", 4, false, false},
		{"spaces after the dashes", "---  \ntitle: a\n--- \nb", "title: a\n", "b", 4, false, false},
		{"empty", "---\n---\nb\n", "", "b\n", 3, false, false},
		{"nothing after it", "---\ntitle: a\n---", "title: a\n", "", 4, false, false},
		{"rule above text", "---\n\nただの文章です。\n\n---\n", "", "---\n\nただの文章です。\n\n---\n", 1, false, false},
		{"rule alone", "---\n", "", "---\n", 1, false, false},
		{"rule and text", "---\nただの文章です。\n", "", "---\nただの文章です。\n", 1, false, false},
		{"not closed", "---\ntitle: a\nowner: b\n\n# 見出し\n\n本文\n", "title: a\nowner: b\n", "\n# 見出し\n\n本文\n", 4, true, false},
		{"not closed, without a blank line", "---\ntitle: a\n本文\n", "title: a\n", "本文\n", 3, true, false},
		{"not closed, nothing else", "---\ntitle: a\n", "title: a\n", "", 3, true, false},
		{"not closed, without a last line end", "---\ntitle: a", "title: a", "", 2, true, false},
		{"not closed, a rule further down", "---\ntitle: a\n\n## 手順\n\n1. 一\n\n---\n終\n", "title: a\n", "\n## 手順\n\n1. 一\n\n---\n終\n", 3, true, false},
		{"comments after a blank line", "---\ntitle: a\n\n## 担当\nowner: b\n---\nc\n", "title: a\n\n## 担当\nowner: b\n", "c\n", 7, false, false},
		{"four dashes", "----\ntitle: a\n----\n", "", "----\ntitle: a\n----\n", 1, false, false},
		{"TOML", "+++\ntitle = 'a'\n+++\n# b\n", "title = 'a'\n", "# b\n", 4, false, true},
		{"broken but closed", "---\ntitle：a\n\tx: y\n---\nb\n", "title：a\n\tx: y\n", "b\n", 5, false, false},
	} {
		f := SplitFront([]byte(c.text))
		if c.text[f.From:f.To] != c.front || c.text[f.Body:] != c.body || f.BodyLine != c.line || f.Open != c.open || f.TOML != c.toml {
			t.Errorf("%s: front %q body %q %+v", c.name, c.text[f.From:f.To], c.text[f.Body:], f)
		}
	}
}
