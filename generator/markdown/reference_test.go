package markdown

import (
	"strings"
	"testing"
)

// The site says which page has an id; the rest stays as it was written.
func TestReferences(t *testing.T) {
	body := Body{Text: []byte("---\n---\n[RUN001] と [RUN002]、[x [RUN001] y](z.md)\n"), BodyAt: 8, Words: caseWords, Links: map[int]Link{}}
	for _, target := range Parse(body.Text[8:]).Targets() {
		if target.Kind != Ref {
			continue
		}
		if got := string(body.Text[8+target.At:][:len(target.Dest)]); got != target.Dest {
			t.Errorf("%q stands at the offset of %q", got, target.Dest)
		}
		body.Links[8+target.At] = Link{Href: "../failover/", Text: "切替 <1>"}
		if target.Dest == "RUN002" {
			body.Links[8+target.At] = Link{Broken: true}
		}
	}
	a, err := Render(body)
	if err != nil {
		t.Fatal(err)
	}
	want := `<p><a href="../failover/" title="RUN001">切替 &lt;1&gt;</a> と [RUN002]、<a href="z.md">x [RUN001] y</a></p>`
	if got := strings.TrimSpace(a.HTML); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
