package history_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/history"
)

// shown writes a diff as people read it.
func shown(d history.Diff) string {
	var b strings.Builder
	for _, f := range d.Files {
		fmt.Fprintf(&b, "%c %s", f.What, f.Path)
		if f.Old != "" {
			fmt.Fprintf(&b, " (was %s)", f.Old)
		}
		b.WriteByte('\n')
		for _, l := range f.Text {
			fmt.Fprintf(&b, "%c%s\n", l.Sign, l.Text)
		}
		if f.More > 0 {
			fmt.Fprintf(&b, "and %d lines\n", f.More)
		}
	}
	if d.More > 0 {
		fmt.Fprintf(&b, "and %d files\n", d.More)
	}
	return b.String()
}

func TestDiffsOfTheLastCommits(t *testing.T) {
	r := newRepo(t)
	r.put("kb/手順.md", "# 手順\n\n1. 止める\n\n2. 見る\n\n3. 始める\n")
	r.put("kb/x.svg", "<svg/>\n")
	r.put("code/main.go", "package main\n")
	r.commit("write")
	r.put("code/main.go", "package main // x\n")
	r.commit("code only")
	r.put("kb/手順.md", "# 手順\n\n1. --- 止める\n\n2. 見る\n\n3. 始める\n++ 終わり")
	r.put("kb/x.svg", "<svg></svg>\n")
	r.commit("change")
	r.git("mv", "kb/手順.md", "kb/moved to.md")
	r.commit("move")
	r.git("rm", "-q", "kb/moved to.md")
	r.put("kb/rest.md", "# rest\n")
	r.commit("delete")
	var got []string
	for _, d := range r.read("kb").Diffs {
		got = append(got, d.Commit.Subject+"\n"+shown(d))
	}
	want := []string{
		"delete\nD moved to.md\n-# 手順\n-\n-1. --- 止める\n-\n-2. 見る\n-\n-3. 始める\n-++ 終わり\nA rest.md\n+# rest\n",
		"move\nM moved to.md (was 手順.md)\n",
		"change\nM 手順.md\n \n-1. 止める\n+1. --- 止める\n \n@\n 3. 始める\n+++ 終わり\n",
		"write\nA 手順.md\n+# 手順\n+\n+1. 止める\n+\n+2. 見る\n+\n+3. 始める\n",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestDiffsShowNoCredential(t *testing.T) {
	r := newRepo(t)
	key := "AKIA" + "Q7ZP3LMN5RSTUVWX"
	rest := strings.Repeat("The text goes on.\n", 9)
	r.put("a.md", "# a\n\nkey: "+key+"\n"+rest)
	r.commit("write")
	r.git("mv", "a.md", "b.md")
	r.put("b.md", "# a\n\nkey: in the store\n"+rest)
	r.commit("take the key out")
	for _, d := range r.read("").Diffs {
		if text := shown(d); strings.Contains(text, key) || !strings.Contains(text, "•••") || d.Files[0].Now != "b.md" {
			t.Errorf("%s of %s:\n%s", d.Commit.Subject, d.Files[0].Now, text)
		}
	}
}

func TestDiffsAreBounded(t *testing.T) {
	r := newRepo(t)
	for i := range 120 {
		r.put(fmt.Sprintf("many/%03d.md", i), "# x\n")
	}
	r.commit("very many")
	for i := range 12 {
		r.put(fmt.Sprintf("many/%03d.md", i), strings.Repeat("line\n", 100)+strings.Repeat("長", 1000)+"\n")
	}
	r.commit("twelve long ones")
	diffs := r.read("many").Diffs
	if len(diffs) != 2 || diffs[1].More != 120 || len(diffs[1].Files) != 0 {
		t.Fatalf("%d diffs: %+v", len(diffs), diffs)
	}
	d := diffs[0]
	if len(d.Files) != 10 || d.More != 2 || len(d.Files[0].Text) != 60 || d.Files[0].More != 42 {
		t.Errorf("%d files and %d more; of the first %d lines and %d more", len(d.Files), d.More, len(d.Files[0].Text), d.Files[0].More)
	}
}

func TestReviewsOfManyPagesAtOnce(t *testing.T) {
	page := func(day, text string) string {
		return "---\ntitle: x\nlast_reviewed: " + day + "\n---\n\n" + text + "\n"
	}
	r := newRepo(t)
	for i := range 30 {
		r.put(fmt.Sprintf("kb/%02d.md", i), page("2026-01-01", "a"))
	}
	r.commit("write")
	if got := r.read("kb").Bulks; got != nil {
		t.Errorf("pages that are new were reviewed by nobody: %v", got)
	}
	for i := range 12 {
		r.put(fmt.Sprintf("kb/%02d.md", i), page("2026-02-01", "a"))
	}
	r.put("kb/11.md", page("2026-02-01", "b")) // somebody read this one
	r.commit("review eleven")
	for i := range 10 {
		r.put(fmt.Sprintf("kb/%02d.md", 20+i), page("2026-02-01", "a"))
	}
	r.commit("review ten")
	bulks := r.read("kb").Bulks
	if len(bulks) != 1 || bulks[0].Commit.Subject != "review eleven" || len(bulks[0].Files) != 11 || bulks[0].Files[0] != "00.md" {
		t.Errorf("bulks are %+v", bulks)
	}
	r.put("kb/00.md", page("2026-03-01", "read")) // and later this one
	r.commit("read one")
	if bulks := r.read("kb").Bulks; len(bulks) != 0 {
		t.Errorf("ten are left, which somebody can have read: %+v", bulks)
	}
}

func TestOldTexts(t *testing.T) {
	r := newRepo(t)
	r.put("kb/手 順.md", "one\n")
	r.put("kb/empty.md", "")
	r.commit("one")
	first := r.git("rev-parse", "HEAD")
	r.put("kb/手 順.md", "two\n\n")
	r.put("kb/large.md", strings.Repeat("x", 2<<20))
	r.commit("two")
	h := r.read("kb")
	texts := h.Texts(context.Background(), r.dir+"/kb")
	defer texts.Close()
	for _, c := range []struct {
		commit, path, want string
		ok                 bool
	}{
		{first, "手 順.md", "one\n", true},
		{first, "nowhere or here.md", "", false},
		{h.Head, "手 順.md", "two\n\n", true},
		{first, "empty.md", "", true},
		{h.Head, "large.md", "", false},
		{"0123456789012345678901234567890123456789", "手 順.md", "", false},
		{first, "", "", false},
		{first, "a\nb", "", false},
		{first, "手 順.md", "one\n", true},
	} {
		if text, ok := texts.At(c.commit, c.path); ok != c.ok || string(text) != c.want {
			t.Errorf("%s at %s: %q %v, want %q %v", c.path, c.commit, text, ok, c.want, c.ok)
		}
	}
	texts.Close()
	if _, ok := texts.At(first, "手 順.md"); ok {
		t.Error("a closed reader reads")
	}
}
