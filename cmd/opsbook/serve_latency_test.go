package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkServe saves a page of the folder that OPSBOOK_BENCH names (the example without it) as a writer does, and waits for the news, the page and the
// answer of search as a browser does. visible is from the save to the last byte of the new page, findable to the answer that holds it,
// and indexed is how long the dialog of a page waits for the new index, which is made when it asks.
func BenchmarkServe(b *testing.B) {
	source := os.Getenv("OPSBOOK_BENCH")
	if source == "" {
		source = "../../content"
	}
	dir := filepath.Join(b.TempDir(), "content")
	if err := os.CopyFS(dir, os.DirFS(source)); err != nil {
		b.Fatal(err)
	}
	page := filepath.Join(dir, "latency.md")
	write := func(word string) {
		text := fmt.Sprintf("# Latency\n\nThe word is %s.\n", word)
		if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	write("firstword")
	base := serveFolder(b, dir)
	news := listenTo(b, base)
	awaitText(b, base+"latency/", "firstword")
	time.Sleep(3 * time.Second) // files that are younger are read again, and a writer's are older
	write("secondword")
	awaitText(b, base+"latency/", "secondword")
	awaitText(b, base+"-/search?q=secondword", "latency")
	awaitText(b, base+"search/index.js", "opsbook") // analyses every page, once

	var visible, findable, indexed []time.Duration
	for i := 0; b.Loop(); i++ {
		time.Sleep(100 * time.Millisecond) // the writer thinks; news of the last save are over
		drain(news)
		word := fmt.Sprintf("word%dq", i)
		saved := time.Now()
		write(word)
		<-news
		awaitText(b, base+"latency/", word)
		visible = append(visible, time.Since(saved))
		awaitText(b, base+"-/search?q="+word, "latency")
		findable = append(findable, time.Since(saved))
		asked := time.Now()
		awaitText(b, base+"search/index.js", "opsbook")
		indexed = append(indexed, time.Since(asked))
	}
	report(b, "visible", visible)
	report(b, "findable", findable)
	report(b, "indexed", indexed)
}

func report(b *testing.B, what string, took []time.Duration) {
	slices.Sort(took)
	at := func(percent int) float64 {
		return float64(took[min(len(took)-1, len(took)*percent/100)].Microseconds()) / 1000
	}
	b.ReportMetric(at(50), what+"-p50-ms")
	b.ReportMetric(at(95), what+"-p95-ms")
}

// serveFolder serves a folder until the test ends and returns its address.
func serveFolder(b *testing.B, dir string) string {
	b.Helper()
	ctx, stop := context.WithCancel(context.Background())
	said := &benchOutput{}
	ended := make(chan int, 1)
	go func() {
		ended <- newApp(said, io.Discard, func(string) string { return "" }).run(ctx, []string{"serve", dir, "--port", "0", "--history", "none"})
	}()
	b.Cleanup(func() { stop(); <-ended })
	for range 6000 {
		if _, after, ok := strings.Cut(said.String(), " at "); ok {
			address, _, _ := strings.Cut(after, " ")
			return address
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.Fatal("the server did not start")
	return ""
}

type benchOutput struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *benchOutput) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(text)
}

func (p *benchOutput) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// listenTo returns the news of the server, as an open page hears them.
func listenTo(b *testing.B, base string) <-chan struct{} {
	b.Helper()
	answer, err := http.Get(base + "-/events")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { answer.Body.Close() })
	news := make(chan struct{}, 1024)
	go func() {
		lines := bufio.NewScanner(answer.Body)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "data:") {
				news <- struct{}{}
			}
		}
	}()
	return news
}

func drain(news <-chan struct{}) {
	for {
		select {
		case <-news:
		default:
			return
		}
	}
}

// awaitText reads an address until its text holds a word.
func awaitText(b *testing.B, address, word string) {
	b.Helper()
	for range 2000 {
		answer, err := http.Get(address)
		if err != nil {
			b.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err == nil && bytes.Contains(text, []byte(word)) {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	b.Fatalf("%s never said %s", address, word)
}
