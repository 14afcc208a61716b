package edit_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/edit"
	"opsbook/internal/meta"
)

func TestSet(t *testing.T) {
	tests := map[string]struct{ src, key, value, want string }{
		"change":                           {"---\ntitle: A\nowner: x\n---\nbody\n", "owner", "y", "---\ntitle: A\nowner: y\n---\nbody\n"},
		"add":                              {"---\ntitle: A\n---\nbody\n", "last_reviewed", "2026-07-01", "---\ntitle: A\nlast_reviewed: 2026-07-01\n---\nbody\n"},
		"the file's own spelling":          {"---\nlastReviewed: 2025-01-01\n---\n", "last_reviewed", "2026-07-01", "---\nlastReviewed: 2026-07-01\n---\n"},
		"another spelling":                 {"---\nlast-reviewed: 2025-01-01\n---\n", "last_reviewed", "2026-07-01", "---\nlast-reviewed: 2026-07-01\n---\n"},
		"comments":                         {"---\n# who\nowner:   x   # not y\n# more\ntitle: A\n---\n", "owner", "z", "---\n# who\nowner:   z   # not y\n# more\ntitle: A\n---\n"},
		"double quotes":                    {"---\nowner: \"x # y\" # c\n---\n", "owner", "a\"b", "---\nowner: \"a\\\"b\" # c\n---\n"},
		"single quotes":                    {"---\nowner: 'it''s' # c\n---\n", "owner", "it's z", "---\nowner: 'it''s z' # c\n---\n"},
		"CRLF":                             {"---\r\ntitle: A\r\nowner: x\r\n---\r\nbody\r\n", "owner", "y", "---\r\ntitle: A\r\nowner: y\r\n---\r\nbody\r\n"},
		"CRLF, add":                        {"---\r\ntitle: A\r\n---\r\nbody", "owner", "y", "---\r\ntitle: A\r\nowner: y\r\n---\r\nbody"},
		"lone CR":                          {"---\rtitle: A\r---\rbody\r", "title", "B", "---\rtitle: B\r---\rbody\r"},
		"mixed ends":                       {"---\ntitle: A\r\nowner: x\n---\r\nbody\rmore\n", "owner", "y", "---\ntitle: A\r\nowner: y\n---\r\nbody\rmore\n"},
		"BOM":                              {"\ufeff---\ntitle: A\n---\n", "title", "B", "\ufeff---\ntitle: B\n---\n"},
		"BOM, none":                        {"\ufeff# A\n", "owner", "y", "\ufeff---\nowner: y\n---\n\n# A\n"},
		"none":                             {"# A\r\nbody", "owner", "y", "---\r\nowner: y\r\n---\r\n\r\n# A\r\nbody"},
		"none, empty first line":           {"\n# A\n", "owner", "y", "---\nowner: y\n---\n\n# A\n"},
		"empty file":                       {"", "owner", "y", "---\nowner: y\n---\n"},
		"a rule is not front matter":       {"---\n\nbody\n\n---\n", "owner", "y", "---\nowner: y\n---\n\n---\n\nbody\n\n---\n"},
		"empty":                            {"---\n---\nbody\n", "owner", "y", "---\nowner: y\n---\nbody\n"},
		"only comments, which is Markdown": {"---\n# nothing yet\n---\nbody\n", "owner", "y", "---\nowner: y\n---\n\n---\n# nothing yet\n---\nbody\n"},
		"no value":                         {"---\nowner:\ntitle: A\n---\n", "owner", "y", "---\nowner: y\ntitle: A\n---\n"},
		"no value, comment":                {"---\nowner:  # who?\ntitle: A\n---\n", "owner", "y", "---\nowner: y  # who?\ntitle: A\n---\n"},
		"a list":                           {"---\nowner:\n  - a\n  # c\n  - b\n\n# next\ntitle: A\n---\n", "owner", "y", "---\nowner: y\n\n# next\ntitle: A\n---\n"},
		"a list without indent":            {"---\nowner: # c\n- a\n- b\ntitle: A\n---\n", "owner", "y", "---\nowner: y # c\ntitle: A\n---\n"},
		"brackets":                         {"---\nowner: [a, 'b]', # c\n  c]  # d\ntitle: A\n---\n", "owner", "y", "---\nowner: y  # d\ntitle: A\n---\n"},
		"folded text":                      {"---\ndescription: > # c\n  one\n  # two\n\ntitle: A\n---\n", "description", "y", "---\ndescription: y # c\n\ntitle: A\n---\n"},
		"text on two lines":                {"---\ntitle: one\n  two # c\nowner: x\n---\n", "title", "y", "---\ntitle: y\nowner: x\n---\n"},
		"quotes on two lines":              {"---\ntitle: \"one\n  # two\"  # c\nowner: x\n---\n", "title", "y", "---\ntitle: \"y\"  # c\nowner: x\n---\n"},
		"value below":                      {"---\ntitle:\n  one\nowner: x\n---\n", "title", "y", "---\ntitle: y\nowner: x\n---\n"},
		"quoted key":                       {"---\n\"title\" : one\n---\n", "title", "y", "---\n\"title\" : y\n---\n"},
		"dots":                             {"---\ntitle: one\n...\nbody\n", "owner", "y", "---\ntitle: one\nowner: y\n...\nbody\n"},
		"the same word below another key":  {"---\nrollback:\n  by: x\nby: z\n---\nby: w\n", "by", "y", "---\nrollback:\n  by: x\nby: y\n---\nby: w\n"},
		"colon in the old value":           {"---\nurl: https://example.com:80/#x\n---\n", "url", "y", "---\nurl: y\n---\n"},
		"needs quotes":                     {"---\nt: x\n---\n", "t", "a: b", "---\nt: \"a: b\"\n---\n"},
		"needs quotes too":                 {"---\nt: x\n---\n", "t", "a #b", "---\nt: \"a #b\"\n---\n"},
		"an empty value":                   {"---\nt: x\n---\n", "t", "", "---\nt: \"\"\n---\n"},
		"null is a word":                   {"---\nt: x\n---\n", "t", "null", "---\nt: \"null\"\n---\n"},
		"lines":                            {"---\nt: x\n---\n", "t", "a\nb\t\u202e", "---\nt: \"a\\nb\\t\\u202e\"\n---\n"},
		"Japanese":                         {"---\nt: x\n---\n", "t", "障害 対応", "---\nt: 障害 対応\n---\n"},
		"full-width colon":                 {"---\nt: x\n---\n", "t", "手順：一", "---\nt: \"手順：一\"\n---\n"},
		"a Japanese key":                   {"---\ntitle: A\n担当: x\n---\n", "担当", "y", "---\ntitle: A\n担当: y\n---\n"},
		"tail of the line":                 {"---\nt: x \t\n---\n", "t", "y", "---\nt: y \t\n---\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			src := []byte(tt.src)
			got, err := edit.Set(src, tt.key, tt.value)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, string(got)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if string(src) != tt.src {
				t.Error("the input changed")
			}
		})
	}
}

func TestSetRefuses(t *testing.T) {
	tests := map[string]struct{ src, want string }{
		"not UTF-8":  {"---\nowner: \x82\xa0\n---\n", "set owner: the file is not UTF-8"},
		"TOML":       {"+++\nowner = \"x\"\n+++\n", "the front matter is TOML"},
		"open":       {"---\nowner: x\n\n# A\n", "no closing line"},
		"broken":     {"---\nowner: [a\n---\n", "cannot be read"},
		"twice":      {"---\nowner: x\nOwner: y\n---\n", "the key is there twice, in lines 2 and 3"},
		"braces":     {"---\n{owner: x,\ntitle: y}\n---\n", "in braces"},
		"an anchor":  {"---\nowner: &a x\ntitle: *a\n---\n", "by hand"},
		"a tag":      {"---\nowner: !!str x\n---\n", "by hand"},
		"a question": {"---\n? owner\n: x\ntitle: y\n---\n", "by hand"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := edit.Set([]byte(tt.src), "owner", "y")
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

// TestOnlyOneEntryChanges writes front matter of random entries, and asks that all of it but the one entry comes out as it went in.
func TestOnlyOneEntryChanges(t *testing.T) {
	entries := []string{
		"title: 障害対応", "title: \"A: b\"  # c", "title: 'x'", "tags: [a, b] # c", "tags:\n  - a\n  - b", "tags:\n- a # c\n- \"b\"",
		"escalation:\n  - to: dba\n    after: 15m\n\n  - to: boss", "description: |\n  one\n\n  # two", "description: >-\n  one\n  two", "extra: {a: 1, b: [c]}",
		"description: one\n  two", "description: \"one\n  two\"", "weight: 1.10", "draft:", "# a comment: x", "", "  # indented", "last_reviewed: 2026-01-02 # c", "date: 2026-02-30",
	}
	ends := []string{"\n", "\r\n", "\r"}
	bodies := []string{"", "# A\n\nowner: x\n", "---\nowner: x\n---\n"}
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	for range 5000 {
		end := pick(ends)
		block := func() string {
			var b strings.Builder
			seen := map[string]bool{}
			for range random.IntN(5) {
				e := pick(entries)
				if key, _, _ := strings.Cut(e, ":"); !seen[key] {
					seen[key] = true
					b.WriteString(e + "\n")
				}
			}
			return b.String()
		}
		first, own, body := block(), pick([]string{"owner: x", "Owner: 'x'", "owner: x # c", "owner:", "owner:\n  - a\n  - b"}), pick(bodies)
		lines := func(s string) string { return strings.ReplaceAll(s, "\n", end) }
		mark := pick([]string{"", "\ufeff"})
		src := mark + lines("---\n"+first+own+"\n---\n"+body)
		got, err := edit.Set([]byte(src), "owner", "team-dba")
		if err != nil {
			t.Fatalf("%q: %v", src, err)
		}
		head, tail := mark+lines("---\n"+first), lines("\n---\n"+body)
		middle, ok := strings.CutPrefix(string(got), head)
		middle, ok2 := strings.CutSuffix(middle, tail)
		if !ok || !ok2 || strings.ContainsAny(middle, "\r\n") || !strings.Contains(middle, "team-dba") || strings.Contains(own, "# c") != strings.Contains(middle, "# c") {
			t.Fatalf("%q\nbecame\n%q", src, got)
		}
	}
}

func FuzzSet(f *testing.F) {
	for _, s := range []string{
		"---\ntitle: A\nowner: x # c\n---\nbody\n", "\ufeff---\r\nowner: |\r\n  a\r\n---\r\n", "# A\n", "---\nowner: [\"a\", {b: 'c'}]\n---", "---\n\"owner\": a\n b\n---\n",
		"---\nowner: &a x\ntitle: *a\n---\n", "---\nowner: 'a\n # b' # c\n...\n", "---\n? owner\n: x\n---\n", "+++\na = 1\n+++\n", "---\n{owner: x}\n---\n",
	} {
		f.Add([]byte(s), "y")
	}
	f.Add([]byte("# A"), "\xff")
	f.Fuzz(func(t *testing.T, src []byte, value string) {
		once, err := edit.Set(src, "owner", value)
		if err != nil {
			return
		}
		twice, err := edit.Set(once, "owner", value)
		if err != nil || !bytes.Equal(once, twice) {
			t.Errorf("%q\nbecame %q\nthen   %q, %v", src, once, twice, err)
		}
		if meta.SplitFront(bytes.TrimPrefix(once, []byte("\ufeff"))).Line == 0 && !bytes.ContainsRune(once, '\r') {
			t.Errorf("%q\nbecame %q, without front matter", src, once)
		}
	})
}
