package diag_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"opsbook/internal/diag"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample is out of order on purpose, and holds what each format has to escape.
func sample() []diag.Diagnostic {
	at := func(file string, line, col int, rule string, s diag.Severity, format string, args ...any) diag.Diagnostic {
		d := diag.At(diag.Pos{File: file, Line: line, Col: col}, rule, format, args...)
		d.Severity = s
		return d
	}
	return []diag.Diagnostic{
		at("手順/障害,対応: 1.md", 12, 3, "link-broken", diag.Error, "the link %q leads nowhere", "../100%/x.md").
			WithHint("did you mean %q?", "../x.md"),
		at("a.md", 3, 8, "owner-unknown", diag.Error, "no team or person has the id %q", "dba").
			WithHint("did you mean %q?", "team-dba").
			WithRelated(diag.Pos{File: "directory.yaml", Line: 4, Col: 5}, "teams are listed here"),
		at("a.md", 1, 0, "review-overdue", diag.Warning, "first line\r\nsecond line"),
		at("evil\x1b[2J\u202e.md", 0, 0, "encoding", diag.Warning, "a name with a control character"),
		at("", 0, 0, "", diag.Info, "dates are unknown: %s", "not a Git repository"),
	}
}

func TestFormats(t *testing.T) {
	ja := map[string]string{
		"1 error": "エラー1件", "%s errors": "エラー%s件", "%s warnings": "警告%s件", "1 note": "情報1件", ", ": "、",
		"hint: %s": "ヒント: %s", "did you mean %q?": "%q のことですか", "the link %q leads nowhere": "リンク %q の先がありません",
	}
	tests := map[string]func(*bytes.Buffer, []diag.Diagnostic) error{
		"text.golden": func(b *bytes.Buffer, ds []diag.Diagnostic) error {
			return diag.WriteText(b, ds, diag.TextOptions{})
		},
		"text-ja.golden": func(b *bytes.Buffer, ds []diag.Diagnostic) error {
			return diag.WriteText(b, ds, diag.TextOptions{Catalogue: ja})
		},
		"text-color.golden": func(b *bytes.Buffer, ds []diag.Diagnostic) error {
			return diag.WriteText(b, ds, diag.TextOptions{Color: true})
		},
		"json.golden": func(b *bytes.Buffer, ds []diag.Diagnostic) error { return diag.WriteJSON(b, ds, nil) },
		"sarif.golden": func(b *bytes.Buffer, ds []diag.Diagnostic) error {
			return diag.WriteSARIF(b, ds, tool(), "ja", ja, sampleLine)
		},
		"junit.golden": func(b *bytes.Buffer, ds []diag.Diagnostic) error {
			return diag.WriteJUnit(b, ds, isError, ja)
		},
		"gitlab.golden": func(b *bytes.Buffer, ds []diag.Diagnostic) error { return diag.WriteGitLab(b, ds, ja, sampleLine) },
		"github.golden": func(b *bytes.Buffer, ds []diag.Diagnostic) error { return diag.WriteGitHub(b, ds, nil) },
	}
	for name, write := range tests {
		t.Run(name, func(t *testing.T) {
			var b, reversed bytes.Buffer
			ds := sample()
			if err := write(&b, ds); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(sample(), ds); d != "" {
				t.Errorf("the writer changed its input:\n%s", d)
			}
			slices.Reverse(ds)
			if err := write(&reversed, ds); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(b.String(), reversed.String()); d != "" {
				t.Errorf("the order of the input shows in the output:\n%s", d)
			}
			golden(t, name, b.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

func TestGitHubIsOneLinePerDiagnostic(t *testing.T) {
	var b bytes.Buffer
	if err := diag.WriteGitHub(&b, sample(), nil); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Count(b.String(), "\n"), len(sample()); got != want || strings.Contains(b.String(), "\r") {
		t.Errorf("%d lines, want %d:\n%q", got, want, b.String())
	}
}

func TestJSONOfNothing(t *testing.T) {
	var b bytes.Buffer
	if err := diag.WriteJSON(&b, nil, nil); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"schema": 1.0, "diagnostics": []any{}, "summary": map[string]any{"errors": 0.0, "warnings": 0.0, "infos": 0.0},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestCounts(t *testing.T) {
	tests := []struct {
		counts diag.Counts
		want   string
	}{
		{diag.Counts{}, "no problems"},
		{diag.Counts{Errors: 1}, "1 error"},
		{diag.Counts{Errors: 3, Warnings: 2}, "3 errors, 2 warnings"},
		{diag.Counts{Warnings: 1, Infos: 2}, "1 warning, 2 notes"},
	}
	for _, tt := range tests {
		if got := tt.counts.String(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.counts, got, tt.want)
		}
	}
}

func TestUnder(t *testing.T) {
	d := diag.At(diag.Pos{File: "a.md", Line: 1}, "x", "m").WithRelated(diag.Pos{File: "b.md"}, "n")
	nowhere := diag.At(diag.Pos{}, "x", "m")
	in := []diag.Diagnostic{d, nowhere}
	got := diag.Under("../docs", in)
	if got[0].Pos.File != "../docs/a.md" || got[0].Related[0].Pos.File != "../docs/b.md" || got[1].Pos.File != "" {
		t.Errorf("got %+v", got)
	}
	if in[0].Pos.File != "a.md" || in[0].Related[0].Pos.File != "b.md" {
		t.Errorf("the input changed: %+v", in)
	}
	if same := diag.Under(".", in); same[0].Pos.File != "a.md" {
		t.Errorf("got %+v", same)
	}
}

func TestTextsInATextAreTranslatedWithIt(t *testing.T) {
	catalogue := map[string]string{"%s must be %s, got %q": "%[1]s には%[2]sを書く (今は %[3]q)", "%s or %s": "%s または%s", "a number": "数", "a list": "一覧"}
	text := diag.T("%s must be %s, got %q", "weight", diag.T("%s or %s", diag.T("a number"), diag.T("a list")), "a number")
	if got, want := text.String(), `weight must be a number or a list, got "a number"`; got != want {
		t.Errorf("English is %s, want %s", got, want)
	}
	if got, want := text.In(catalogue), `weight には数 または一覧を書く (今は "a number")`; got != want {
		t.Errorf("Japanese is %s, want %s", got, want)
	}
}
