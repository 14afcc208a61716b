//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// publishOn builds a small site and publishes it as somebody would whose messages go to stderr, and returns what the result says.
func publishOn(t *testing.T, stderr io.Writer, lang string) string {
	t.Helper()
	dir := t.TempDir()
	source := filepath.Join(dir, "site")
	if err := os.MkdirAll(source, 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		if err := os.WriteFile(filepath.Join(source, fmt.Sprintf("page-%d.md", i)), []byte(fmt.Sprintf("# 手順 %d\n\n待つ。\n", i)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var stdout bytes.Buffer
	a := newApp(&stdout, stderr, func(string) string { return "" })
	var mu sync.Mutex
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	a.now = func() time.Time { // a slow machine: every look at the clock takes a while
		mu.Lock()
		defer mu.Unlock()
		at = at.Add(50 * time.Millisecond)
		return at
	}
	out := filepath.Join(dir, "out")
	for _, args := range [][]string{
		{"build", source, "--out", out, "--clock", "2026-11-01", "--history", "none", "--cache", "off", "--lang", lang},
		{"publish", "file:" + filepath.Join(dir, "www"), "--source", source, "--out", out, "--lang", lang},
	} {
		if code := a.run(t.Context(), args); code != 0 {
			t.Fatalf("opsbook %s ended with %d", strings.Join(args, " "), code)
		}
	}
	return stdout.String()
}

// TestProgressOnATerminal publishes in a real terminal and reads what it shows.
func TestProgressOnATerminal(t *testing.T) {
	for lang, want := range map[string]*regexp.Regexp{
		"en": regexp.MustCompile(`upload: (\d+) of (\d+), [\d.]+ k?B of [\d.]+ k?B`),
		"ja": regexp.MustCompile(`送信: (\d+) / (\d+)、[\d.]+ k?B / [\d.]+ k?B`),
	} {
		screen, terminal, err := pty.Open()
		if err != nil {
			t.Fatal(err)
		}
		shown := make(chan string)
		go func() {
			all, _ := io.ReadAll(screen) // ends with an error when the terminal is closed, as terminals do
			shown <- string(all)
		}()
		publishOn(t, terminal, lang)
		terminal.Close()
		text := <-shown
		screen.Close()
		lines := want.FindAllStringSubmatch(text, -1)
		if len(lines) < 3 {
			t.Fatalf("%s: it shows %q", lang, text)
		}
		before := -1
		for _, l := range lines {
			done, _ := strconv.Atoi(l[1])
			if done < before {
				t.Errorf("%s: %d after %d", lang, done, before)
			}
			before = done
		}
		if last := lines[len(lines)-1]; last[1] != last[2] {
			t.Errorf("%s: it ends at %s of %s", lang, last[1], last[2])
		}
		if !strings.HasSuffix(text, "\r\x1b[K") {
			t.Errorf("%s: the line stays: %q", lang, text[max(0, len(text)-60):])
		}
	}
}

func TestNoProgressInAPipe(t *testing.T) {
	var stderr bytes.Buffer
	if said := publishOn(t, &stderr, "en"); !strings.Contains(said, "published generation 1") {
		t.Errorf("it said %q", said)
	}
	if strings.Contains(stderr.String(), "upload") || strings.Contains(stderr.String(), "\x1b") {
		t.Errorf("a pipe got %q", stderr.String())
	}
}
