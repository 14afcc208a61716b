package diagram

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const choice = `flowchart TD
  A[外形監視の失敗] --> B{名前が引けるか}
  B -- いいえ --> DNS[DNS の確認]
  B -- はい --> C{TLS が張れるか}
  C -->|いいえ| CERT[証明書の更新]
  C -->|"はい"| D([誰が 5xx を返すか])
  D -.-> A
  CERT & DNS ==> F[(控え)]
  F --> F
`

func TestDrawsWhatRunbooksUse(t *testing.T) {
	for name, text := range map[string]string{
		"choice": choice,
		"cycle":  "graph LR\nA[目標を決める] --> B[設計] --> C --> A",
		"styled": "flowchart BT;\nclassDef x fill:#f00\nA:::x --> B(b); B --- C((c)) <--> D{{d}} x--x E[[e]]\nstyle A fill:#0f0\n%% a comment",
		"title":  "---\ntitle: 経路\n---\nflowchart RL\n  a-b[\"A (1) [x]\"] --> c.d",
		"calls": "sequenceDiagram\nautonumber\nparticipant S as 当番\nactor C as 顧客\nC->>+S: つながらない\nNote over S,C: 電話\nloop 15 分ごと\nS-->>-C: 状況\n" +
			"alt 復旧\nS-)C: 完了\nelse 未復旧\nS->>S: 続ける\nend\nend\nNote right of C: 記録",
	} {
		d, ok := Draw(text, "図")
		if !ok {
			t.Errorf("%s is not drawn", name)
			continue
		}
		if want := map[string]string{"title": "経路"}[name]; d.Title != want || !strings.Contains(d.SVG, `aria-label="`+first(want, "図")+`"`) {
			t.Errorf("%s: title %q in %.120s", name, d.Title, d.SVG)
		}
		inside(t, name, d.SVG)
		if again, _ := Draw(text, "図"); again != d {
			t.Errorf("%s differs when drawn again", name)
		}
	}
}

var coordinate = regexp.MustCompile(`-?\d+(?:\.\d+)?`)

// inside parses a drawing and fails where boxes leave it or overlap.
func inside(t *testing.T, name, svg string) {
	t.Helper()
	var w, h float64
	var boxes [][4]float64
	dec := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v in %s", name, err, svg)
		}
		el, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		at := map[string]string{}
		for _, a := range el.Attr {
			at[a.Name.Local] = a.Value
		}
		if at["style"] != "" || at["id"] != "" {
			t.Errorf("%s: <%s> has a style or an id", name, el.Name.Local)
		}
		f := func(key string) float64 { v, _ := strconv.ParseFloat(at[key], 64); return v }
		switch {
		case el.Name.Local == "svg":
			w, h = f("width"), f("height")
		case strings.HasPrefix(at["class"], "box") && el.Name.Local == "rect":
			boxes = append(boxes, [4]float64{f("x"), f("y"), f("x") + f("width"), f("y") + f("height")})
		case strings.HasPrefix(at["class"], "box") && el.Name.Local == "path" && !strings.Contains(at["d"], "A"):
			b := [4]float64{1e9, 1e9, -1e9, -1e9}
			for i, n := range coordinate.FindAllString(at["d"], -1) {
				v, _ := strconv.ParseFloat(n, 64)
				b[i%2], b[2+i%2] = min(b[i%2], v), max(b[2+i%2], v)
			}
			boxes = append(boxes, b)
		}
	}
	for i, a := range boxes {
		if a[0] < 0 || a[1] < 0 || a[2] > w || a[3] > h {
			t.Errorf("%s: box %v leaves the drawing of %g by %g", name, a, w, h)
		}
		for _, b := range boxes[i+1:] {
			if a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3] {
				t.Errorf("%s: boxes %v and %v overlap", name, a, b)
			}
		}
	}
}

func TestLinesAreTold(t *testing.T) {
	g, ok := readFlow(strings.Split(strings.TrimSpace(choice), "\n")[1:], "TD")
	if !ok || len(g.nodes) != 7 || len(g.edges) != 9 {
		t.Fatalf("ok %t, %d nodes, %d edges", ok, len(g.nodes), len(g.edges))
	}
	if e := g.edges[1]; e.label.lines[0] != "いいえ" || e.head != "arrow" {
		t.Errorf("%+v", e)
	}
	if g.edges[5].line != "dotted" || g.edges[6].line != "thick" || g.nodes[6].shape != "store" {
		t.Errorf("%+v %+v %+v", g.edges[5], g.edges[6], g.nodes[6])
	}
}

// What is not known is not drawn, so that the page shows the text.
func TestLeavesTheRest(t *testing.T) {
	for _, text := range []string{
		"", "gantt\n title x", "flowchart TD", "flowchart XY\nA-->B", "flowchart TD\nsubgraph one\nA-->B\nend", "flowchart TD\nA ~~ B", "flowchart TD\nA[open --> B",
		"sequenceDiagram\nA->>B", "sequenceDiagram\nloop x\nA->>B: y", "sequenceDiagram\nbox x\nend", "pie\n\"a\": 1", "flowchart TD\n" + strings.Repeat("A --> B\n", maxEdges+1),
	} {
		if d, ok := Draw(text, "x"); ok {
			t.Errorf("%q is drawn: %s", text, d.SVG)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, line := range wrap("ターゲットグループとアベイラビリティーゾーンの状態を確認し、記録する。", maxLabel).lines {
		if measure(line) > maxLabel+2*size || strings.HasPrefix(line, "、") || strings.HasPrefix(line, "。") || strings.HasPrefix(line, "ー") {
			t.Errorf("a line is %q", line)
		}
	}
	if got := wrap("one<br/>two", maxLabel).lines; len(got) != 2 || got[1] != "two" {
		t.Errorf("%q", got)
	}
}

func FuzzDraw(f *testing.F) {
	f.Add(choice)
	f.Add("sequenceDiagram\nA->>B: x\nNote over A: y\nalt a\nB-->>A: c\nelse d\nend")
	f.Add("graph LR\nA-->A\nB-->A-->B")
	f.Fuzz(func(t *testing.T, text string) {
		d, ok := Draw(text, "<&\">")
		if ok && strings.Contains(d.SVG, "NaN") {
			t.Errorf("no number in %s", d.SVG)
		}
	})
}
