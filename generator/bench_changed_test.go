package generator

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"opsbook/generator/output"
	"opsbook/internal/memo"
)

// BenchmarkChanged is what a process does that builds after one document was changed: it opens the memory on disk, builds over the last output
// and closes the memory.
func BenchmarkChanged(b *testing.B) {
	in := benchInput()
	in.Program = "bench"
	dir := b.TempDir()
	source := filepath.Join(dir, "content")
	if err := os.CopyFS(source, os.DirFS(in.Source)); err != nil {
		b.Fatal(err)
	}
	in.Source = source
	once := func() {
		store, err := memo.Open(filepath.Join(dir, "cache"), 1<<30)
		if err != nil {
			b.Fatal(err)
		}
		defer store.Close()
		m := OnceMore(store, in.Program)
		built, err := Build(b.Context(), in, m)
		if err != nil {
			b.Fatal(err)
		}
		o := output.Options{Content: source, Spare: filepath.Join(dir, "cache")}
		if _, err := built.Write(b.Context(), filepath.Join(dir, "public"), o); err != nil {
			b.Fatal(err)
		}
	}
	change := func(i int) {
		text := "# Changed\n\nThe word is word" + strconv.Itoa(i) + ".\n"
		if err := os.WriteFile(filepath.Join(source, "changed.md"), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	change(-1)
	once()
	for i := 0; b.Loop(); i++ {
		change(i)
		once()
	}
}

// BenchmarkSaved is what serve does between a save and the page: a build in the process of the last one, of which one page is read.
func BenchmarkSaved(b *testing.B) {
	in := benchInput()
	dir := filepath.Join(b.TempDir(), "content")
	if err := os.CopyFS(dir, os.DirFS(in.Source)); err != nil {
		b.Fatal(err)
	}
	in.Source = dir
	m := NewMemory()
	once := func(i int) {
		text := "# Changed\n\nThe word is word" + strconv.Itoa(i) + ".\n"
		if err := os.WriteFile(filepath.Join(dir, "changed.md"), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
		in.Now = time.Now()
		built, err := Build(b.Context(), in, m)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := built.Read(b.Context(), "changed/index.html"); err != nil {
			b.Fatal(err)
		}
	}
	once(-1)
	for i := 0; b.Loop(); i++ {
		once(i)
	}
}
