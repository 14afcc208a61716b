package publish

import (
	"strings"
	"testing"
	"time"
)

func TestPlanForAPullRequest(t *testing.T) {
	w := newWorld(t, newDirectory(t))
	at := time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)
	if _, err := w.publishAs(Facts{Commit: "0123456789abcdef", CommitTime: at}, w.target, w.cdn, version(1)); err != nil {
		t.Fatal(err)
	}
	next := version(2)
	next["a|b/<i>/index.html"] = "<html>"
	b, err := ReadBuild(t.Context(), next.build(Facts{Commit: "fedcba9876543210", CommitTime: at.Add(-time.Hour), Drafts: true}), DefaultCache())
	if err != nil {
		t.Fatal(err)
	}
	state, err := Look(t.Context(), w.target, Looking{})
	if err != nil {
		t.Fatal(err)
	}
	p := Make(b, state, Asked{Now: w.clock.now(), Tell: true})
	var text, comment strings.Builder
	if err := p.Text(&text, "s3://site/", nil); err != nil {
		t.Fatal(err)
	}
	if err := p.Markdown(&comment, "s3://site/", map[string]string{"plan for %s": "%s の公開計画"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"plan for s3://site/\n", "up now: generation 1 (commit 0123456789ab, 7 pages, published at 2026-11-01 09:00 UTC)", "would be: 8 pages of commit fedcba987654",
		"pages: 2 new, 5 changed, 1 removed", "    + /only/in/2/\n", "    ~ /障害対応/\n", "    - /only/in/1/\n", "refused: the site was built with drafts; --allow drafts if that is meant",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing in\n%s", want, text.String())
		}
	}
	for _, want := range []string{"### s3://site/ の公開計画\n", "| pages | 2 new, 5 changed, 1 removed |\n", "```diff\n", "\n+ /a|b/<i>/\n", "\n- /only/in/1/\n"} {
		if !strings.Contains(comment.String(), want) {
			t.Errorf("%q is missing in\n%s", want, comment.String())
		}
	}
}
