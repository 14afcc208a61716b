package worksheet

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

const japaneseSheet = `再起動手順書,,,,,
,,,,,
No,手順,コマンド,期待される結果,所要時間（分）,備考,確認者
1,ノードを切り離す,kubectl drain <node>,Podがない,10,,
,,kubectl get pods,,,,
2,"再起動する
必ず1台ずつ",$ sudo reboot,戻ってくる,0:05,2台同時は不可,田中
`

var japaneseSteps = []Step{
	{Text: "ノードを切り離す", Command: "kubectl drain <node>\nkubectl get pods", Expected: "Podがない", Minutes: 10},
	{Text: "再起動する", More: "必ず1台ずつ", Command: "$ sudo reboot", Expected: "戻ってくる", Minutes: 5, Notes: []Note{{Text: "2台同時は不可"}, {Name: "確認者", Text: "田中"}}},
}

func TestSheetsAsSpreadsheetsSaveThem(t *testing.T) {
	in := func(e encoding.Encoding, text string) string {
		out, err := e.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for name, text := range map[string]string{
		"UTF-8":          japaneseSheet,
		"UTF-8 with BOM": "\ufeff" + japaneseSheet,
		"CRLF":           strings.ReplaceAll(japaneseSheet, "\n", "\r\n"),
		"Shift_JIS":      in(japanese.ShiftJIS, strings.ReplaceAll(japaneseSheet, "\n", "\r\n")),
		"UTF-16 tabs":    in(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), strings.ReplaceAll(japaneseSheet, ",", "\t")),
		"semicolons":     strings.ReplaceAll(japaneseSheet, ",", ";"),
	} {
		t.Run(name, func(t *testing.T) {
			steps, problems := Read("steps.csv", []byte(text))
			if len(problems) > 0 {
				t.Fatalf("%s: %s", problems[0].Pos, problems[0].Message)
			}
			if d := cmp.Diff(japaneseSteps, steps); d != "" {
				t.Errorf("steps (-want +got):\n%s", d)
			}
		})
	}
}

func TestWhatIsWrongWithASheet(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "s.csv:1:1: no row is a head that names a column of steps"},
		{"no head", "a,b\nc,d\n", "s.csv:1:1: no row is a head that names a column of steps"},
		{"no step", "step,command\n,\n", "s.csv:1: there is no step below the head"},
		{"nothing to go on with", "step,command\n,ls\n", "s.csv:2:1: the first row names no step"},
		{"two columns of steps", "手順,作業\na,b\n", `s.csv:1:4: "手順" and "作業" both name the steps`},
		{"too many cells", "step\na,b\n", "s.csv:2:3: the row has 2 cells, its head has 1"},
		{"duration", "手順,時間\n再起動,すぐ\n", `s.csv:2:5: "すぐ" is not a length of time`},
		{"quote in a cell", "step\nsay \"x\"\n", "s.csv:2:5: a quote in a cell is not doubled"},
		{"quote never closed", "step\n\"say\nmore\n", "s.csv:2:1: a quote is opened in this row and never closed"},
		{"control character", "step\nre\x07start\n", "s.csv:2:3: the text contains the control character U+0007 (bell)"},
		{"half of a character", "step,note\n再起\xe5,x\n続き,y\n", "s.csv:2:3: the byte 0xE5 is not UTF-8"},
	} {
		t.Run(c.name, func(t *testing.T) {
			steps, problems := Read("s.csv", []byte(c.text))
			if len(problems) == 0 || steps != nil {
				t.Fatalf("read %v", steps)
			}
			if got := problems[0].Pos.String() + ": " + problems[0].Message.String(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestDurations(t *testing.T) {
	for _, c := range []struct {
		head, text string
		want       int
	}{
		{"duration", "5", 5}, {"time (min)", "5", 5}, {"時間（時間）", "2", 120}, {"duration", "1h30m", 90}, {"所要時間", "約５分", 5}, {"目安", "1:15", 75}, {"目安", "0:05:00", 5},
	} {
		steps, problems := Read("s.csv", []byte("step,"+c.head+"\nx,"+c.text+"\n"))
		if len(problems) > 0 || steps[0].Minutes != c.want {
			t.Errorf("%s %q: %v %v, want %d minutes", c.head, c.text, steps, problems, c.want)
		}
	}
}

func TestStepsAsMarkdown(t *testing.T) {
	steps := []Step{
		{Text: "# not a heading, *not* strong, a_b and <tag>", Minutes: 5, Command: "$ mysql -h <db host> < dump.sql\n$ echo {{db_host}} {{Name}}", Notes: []Note{{"担当", "[DBA]"}}},
		{Text: "1. x", Command: "$ ls\nfile\n```"},
	}
	parts, params, minutes := Scaffold(steps)
	if d := cmp.Diff([]string{"db_host", "Name"}, params); d != "" || minutes != 5 {
		t.Errorf("%d minutes, params (-want +got):\n%s", minutes, d)
	}
	got := []string{parts[0].Text, parts[0].Command, parts[0].Notes[0].Text, parts[1].Text, parts[1].Command}
	want := []string{
		`\# not a heading, \*not\* strong, a_b and \<tag>`,
		"```sh\nmysql -h {{db_host}} < dump.sql\necho {{db_host}} {{Name}}\n```",
		`\[DBA\]`, `1\. x`, "````console\n$ ls\nfile\n```\n````",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
