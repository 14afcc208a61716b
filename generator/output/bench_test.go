package output

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// pages is a site of n pages of 20 KB, with a number on the first.
func pages(n, number int) Set {
	body := strings.Repeat("0123456789", 2000)
	files := []File{text("index.html", fmt.Sprint(number))}
	for i := range n {
		files = append(files, text(fmt.Sprintf("runbooks/%d/page-%d/index.html", i%50, i), fmt.Sprint(i)+body))
	}
	return New(files...)
}

// BenchmarkWrite writes 5,000 pages: for the first time, without a change, and with one changed page.
func BenchmarkWrite(b *testing.B) {
	const n = 5000
	write := func(b *testing.B, s Set, dir string) {
		o := Options{Spare: filepath.Join(filepath.Dir(dir), ".opsbook")}
		if _, err := Write(context.Background(), s, dir, o); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("first", func(b *testing.B) {
		s, base := pages(n, 0), b.TempDir()
		for i := 0; b.Loop(); i++ {
			write(b, s, filepath.Join(base, fmt.Sprint(i)))
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		s, dir := pages(n, 0), filepath.Join(b.TempDir(), "public")
		write(b, s, dir)
		for b.Loop() {
			write(b, s, dir)
		}
	})
	b.Run("one changed", func(b *testing.B) {
		dir := filepath.Join(b.TempDir(), "public")
		sets := []Set{pages(n, 0), pages(n, 1)}
		for _, s := range sets { // the second leaves the first as the spare
			write(b, s, dir)
		}
		for i := 0; b.Loop(); i++ {
			write(b, sets[i%2], dir)
		}
	})
}
