package history_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"testing"

	"opsbook/internal/history"
)

// BenchmarkRead reads the history of 5,000 files in 20,000 commits, of which every fiftieth moves a file.
func BenchmarkRead(b *testing.B) {
	dir := b.TempDir()
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command("git", "-C", dir, "fast-import", "--quiet")
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	writeHistory(bufio.NewWriter(in), 5000, 20000)
	in.Close()
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for b.Loop() {
		h, err := history.Read(context.Background(), dir)
		if err != nil || len(h.Files) != 5000 || len(h.Commits) != 20001 {
			b.Fatalf("%d files, %d commits, %v, %v", len(h.Files), len(h.Commits), h.Why, err)
		}
	}
}

func writeHistory(w *bufio.Writer, files, commits int) {
	defer w.Flush()
	random := rand.New(rand.NewPCG(1, 2))
	names := make([]string, files)
	start := func(n int) {
		fmt.Fprintf(w, "commit refs/heads/master\ncommitter A <a@example.com> %d +0900\ndata 6\nchange\n", 1700000000+n*60)
	}
	put := func(i, n int) {
		text := fmt.Sprintf("# page %d\n\nchanged by %d\n\nthe same\nlines\nas before\n", i, n)
		fmt.Fprintf(w, "M 100644 inline %s\ndata %d\n%s\n", names[i], len(text), text)
	}
	start(0)
	for i := range names {
		names[i] = fmt.Sprintf("docs/%d/page-%d.md", i%50, i)
		put(i, 0)
	}
	for n := 1; n <= commits; n++ {
		start(n)
		i := random.IntN(files)
		if n%50 == 0 {
			old := names[i]
			names[i] = fmt.Sprintf("docs/%d/page-%d-%d.md", n%50, i, n)
			fmt.Fprintf(w, "R %s %s\n", old, names[i])
		}
		put(i, n)
	}
}
