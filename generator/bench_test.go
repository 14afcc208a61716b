package generator

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"opsbook/generator/output"
	"opsbook/internal/meta"
	"opsbook/templates"
)

// benchInput is the folder that make bench generates, or the example.
func benchInput() Input {
	dir := os.Getenv("OPSBOOK_BENCH")
	if dir == "" {
		dir = "../content"
	}
	return Input{Source: dir, Theme: templates.Default(), Clock: meta.Date{Year: 2026, Month: 11, Day: 1}, Now: time.Unix(0, 0), Version: "bench"}
}

// BenchmarkBuild is a cold build with its search index, written to disk.
func BenchmarkBuild(b *testing.B) {
	in := benchInput()
	pages := 0
	for i := 0; b.Loop(); i++ {
		pages = build(b, in, Once(), filepath.Join(b.TempDir(), strconv.Itoa(i)))
	}
	b.ReportMetric(float64(pages)*float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkRebuild is a second build in the same process with nothing changed, over the output of the first.
func BenchmarkRebuild(b *testing.B) {
	in := benchInput()
	m := NewMemory()
	out := filepath.Join(b.TempDir(), "site")
	build(b, in, m, out)
	for b.Loop() {
		build(b, in, m, out)
	}
}

// BenchmarkLoad is what check does: read, parse, resolve, hold against the rules.
func BenchmarkLoad(b *testing.B) {
	in := benchInput()
	for b.Loop() {
		if _, err := Load(b.Context(), in, NewMemory()); err != nil {
			b.Fatal(err)
		}
	}
}

func build(b *testing.B, in Input, m *Memory, out string) int {
	b.Helper()
	built, err := Build(b.Context(), in, m)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := built.Write(b.Context(), out, output.Options{Content: in.Source}); err != nil {
		b.Fatal(err)
	}
	return built.Pages
}
