package document

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"opsbook/generator/source"
	"opsbook/internal/meta"
)

var update = flag.Bool("update", false, "write the golden files")

// Everything that Parse finds in a page, with its place, and what Decode says of its front matter.
func TestParseGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := dump(Parse(source.File{Path: filepath.Base(name), Text: text}))
			golden := strings.TrimSuffix(name, ".md") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// dumper writes a document as text.
type dumper struct{ strings.Builder }

func (w *dumper) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func dump(d *Document) string {
	w := &dumper{}
	w.line("lang %s, title %q at %d:%d, body at byte %d line %d, html %v, mermaid %v", d.Lang, d.Title, d.Title.Pos.Line, d.Title.Pos.Col, d.BodyAt, d.BodyLine, d.HTML, d.Mermaid)
	w.value("front", d.Front, "")
	w.value("info", d.Info, "")
	for i, s := range d.Sections {
		w.line("section %d at %d:%d level %d #%s %q starts with %q", i, s.Pos.Line, s.Pos.Col, s.Level, s.ID, s.Title, rest(d, s.At))
		for l := range strings.SplitSeq(s.Text, "\n") {
			w.line("  | %s", l)
		}
	}
	w.line("anchors %q", d.Anchors)
	for _, l := range d.Links {
		w.line("link kind %d at %d:%d %q text %q stands at %q", l.Kind, l.Pos.Line, l.Pos.Col, l.Dest, l.Text, rest(d, l.At))
	}
	for _, l := range d.Lists {
		w.line("list in section %d, ordered %v", l.Section, l.Ordered)
		w.items(d, l.Items, "  ")
	}
	for _, t := range d.Tables {
		w.line("table in section %d at %d:%d", t.Section, t.Pos.Line, t.Pos.Col)
		w.cells(t.Header, "")
		for i, row := range t.Rows {
			w.cells(row, fmt.Sprintf(" starts with %q", rest(d, t.Starts[i])))
		}
	}
	for _, c := range d.Codes {
		w.line("code in section %d at %d:%d lang %q title %q attrs %q text %q starts with %q", c.Section, c.Pos.Line, c.Pos.Col, c.Lang, c.Title, c.Attrs, c.Text, rest(d, c.At))
	}
	for _, x := range d.Terms {
		w.line("term %q at %d:%d means %q", x.Name, x.Pos.Line, x.Pos.Col, x.Text)
	}
	for _, x := range d.Abbrs {
		w.line("abbreviation %q at %d:%d means %q", x.Name, x.Pos.Line, x.Pos.Col, x.Text)
	}
	_, more := Decode(d.Front)
	for _, p := range append(d.Problems, more...) {
		w.line("problem %s %s: %s | %s", p.Pos, p.Rule, p.Message, p.Hint)
	}
	return w.String()
}

// rest returns the first few bytes of the text at an offset: what stands there.
func rest(d *Document, at int) string {
	line, _, _ := strings.Cut(string(d.Text[at:]), "\n")
	if r := []rune(line); len(r) > 12 {
		line = string(r[:12])
	}
	return line
}

func (w *dumper) value(name string, v meta.Value, in string) {
	switch v.Kind {
	case meta.None:
	case meta.Map:
		w.line("%s%s:", in, name)
		for _, f := range v.Fields {
			w.value(fmt.Sprintf("%s (%s at %d:%d)", f.Key, f.Raw, f.Pos.Line, f.Pos.Col), f.Value, in+"  ")
		}
	case meta.List:
		w.line("%s%s:", in, name)
		for _, item := range v.Items {
			w.value("-", item, in+"  ")
		}
	default:
		w.line("%s%s: %q at %d:%d", in, name, v.Text, v.Pos.Line, v.Pos.Col)
	}
}

func (w *dumper) items(d *Document, items []Item, in string) {
	for _, item := range items {
		w.line("%s%q at %d:%d starts with %q", in, item.Text, item.Pos.Line, item.Pos.Col, rest(d, item.At))
		w.items(d, item.Items, in+"  ")
	}
}

func (w *dumper) cells(cells []meta.Str, suffix string) {
	parts := make([]string, len(cells))
	for i, c := range cells {
		parts[i] = fmt.Sprintf("%q at %d:%d", c.Text, c.Pos.Line, c.Pos.Col)
	}
	w.line("  %s%s", strings.Join(parts, ", "), suffix)
}
