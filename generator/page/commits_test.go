package page

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRewrittenLinesMarkWhatDiffers(t *testing.T) {
	for _, c := range []struct {
		name      string
		old, now  string
		a, b      DiffLine
		neighbour string // a further line that came
	}{
		{name: "a word of Japanese", old: "対象の状態を確認する", now: "対象の負荷を確認する", a: DiffLine{"-", "対象の", "状態", "を確認する"}, b: DiffLine{"+", "対象の", "負荷", "を確認する"}},
		{name: "more at the end", old: "Drain it", now: "Drain it first", a: DiffLine{"-", "Drain it", "", ""}, b: DiffLine{"+", "Drain it", " first", ""}},
		{name: "the same letter twice", old: "aa", now: "aaa", a: DiffLine{"-", "aa", "", ""}, b: DiffLine{"+", "aa", "a", ""}},
		{name: "another line altogether", old: "止める", now: "ログを見る順を先に決めておく", a: DiffLine{Sign: "-", Text: "止める"}, b: DiffLine{Sign: "+", Text: "ログを見る順を先に決めておく"}},
		{name: "one line became two", old: "Drain it", now: "Drain it first", neighbour: "Then wait", a: DiffLine{Sign: "-", Text: "Drain it"}, b: DiffLine{Sign: "+", Text: "Drain it first"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := []DiffLine{{Sign: " "}, {Sign: "-", Text: c.old}, {Sign: "+", Text: c.now}}
			want := []DiffLine{{Sign: " "}, c.a, c.b}
			if c.neighbour != "" {
				lines, want = append(lines, DiffLine{Sign: "+", Text: c.neighbour}), append(want, DiffLine{Sign: "+", Text: c.neighbour})
			}
			markChanges(lines)
			if d := cmp.Diff(want, lines); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}
