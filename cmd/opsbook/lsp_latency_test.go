package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creachadair/jrpc2"
	"github.com/creachadair/jrpc2/channel"

	"opsbook/generator"
	"opsbook/internal/lsp"
)

// BenchmarkLsp types into a page of the folder that OPSBOOK_BENCH names (the example without it) as an editor does. diagnostics is from the key to
// the diagnostics of what it made, the server's pause for more keys included; completion is from the question to the list.
func BenchmarkLsp(b *testing.B) {
	source := os.Getenv("OPSBOOK_BENCH")
	if source == "" {
		source = "../../content"
	}
	dir := filepath.Join(b.TempDir(), "content")
	if err := os.CopyFS(dir, os.DirFS(source)); err != nil {
		b.Fatal(err)
	}
	text := func(word string) string { return "---\ntitle: Latency\nowner: \n---\n\nSee [it](" + word + ".md).\n" }
	page := filepath.Join(dir, "latency.md")
	if err := os.WriteFile(page, []byte(text("before")), 0o644); err != nil {
		b.Fatal(err)
	}
	said := make(chan string, 100)
	client := editor(b, dir, said)
	uri := "file://" + filepath.ToSlash(page)
	tell := func(method string, params any) {
		if err := client.Notify(b.Context(), method, params); err != nil {
			b.Fatal(err)
		}
	}
	type object = map[string]any
	tell("textDocument/didOpen", object{"textDocument": object{"uri": uri, "version": 1, "text": text("first")}})
	hear(b, said, "first.md")

	var diagnostics, completion []time.Duration
	for i := 0; b.Loop(); i++ {
		word := fmt.Sprintf("word%dq", i)
		typed := time.Now()
		tell("textDocument/didChange", object{"textDocument": object{"uri": uri, "version": i + 2}, "contentChanges": []object{{"text": text(word)}}})
		hear(b, said, word+".md")
		diagnostics = append(diagnostics, time.Since(typed))
		asked := time.Now()
		var list any
		if err := client.CallResult(b.Context(), "textDocument/completion", object{"textDocument": object{"uri": uri}, "position": object{"line": 2, "character": 7}}, &list); err != nil {
			b.Fatal(err)
		}
		completion = append(completion, time.Since(asked))
	}
	report(b, "diagnostics", diagnostics)
	report(b, "completion", completion)
}

// editor connects a client to a server of a folder; said gets every notification of diagnostics.
func editor(b *testing.B, dir string, said chan<- string) *jrpc2.Client {
	b.Helper()
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	a := newApp(io.Discard, io.Discard, func(string) string { return "" })
	in, err := a.input(place{Path: dir}, shape{Drafts: true, History: "none"})
	if err != nil {
		b.Fatal(err)
	}
	memory := generator.NewMemory()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- lsp.Serve(ctx, toServer, fromServer, lsp.Options{Source: dir, Version: "bench", Load: func(ctx context.Context, unsaved map[string][]byte) (*generator.Content, error) {
			now := in
			now.Unsaved, now.Now = unsaved, a.now()
			return generator.Load(ctx, now, memory)
		}})
	}()
	client := jrpc2.NewClient(channel.LSP(toClient, fromClient), &jrpc2.ClientOptions{OnNotify: func(r *jrpc2.Request) {
		if r.Method() == "textDocument/publishDiagnostics" {
			said <- r.ParamString()
		}
	}})
	b.Cleanup(func() { stop(); _ = client.Close(); <-ended })
	if _, err := client.Call(b.Context(), "initialize", map[string]any{}); err != nil {
		b.Fatal(err)
	}
	return client
}

// hear waits for a notification that holds a word.
func hear(b *testing.B, said <-chan string, word string) {
	b.Helper()
	deadline := time.After(time.Minute)
	for {
		select {
		case text := <-said:
			if strings.Contains(text, word) {
				return
			}
		case <-deadline:
			b.Fatalf("no diagnostics of %s within a minute", word)
		}
	}
}
