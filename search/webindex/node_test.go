package webindex_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// node runs the scripts that ship, for comparison. Without Node a test is
// skipped by name, but never where CI says that everything is installed.
type node struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Reader
}

func startNode(t *testing.T, index string) *node {
	t.Helper()
	program, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("node is not installed")
		}
		t.Skip("node is not installed: Go and JavaScript are not compared")
	}
	command := exec.Command(program, filepath.Join("testdata", "drive.js"), index)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := command.Wait(); err != nil {
			t.Errorf("node: %v", err)
		}
	})
	return &node{t, in, bufio.NewReaderSize(out, 1<<20)}
}

// ask sends one request and reads its answer.
func (n *node) ask(request, answer any) {
	n.t.Helper()
	line, err := json.Marshal(request)
	if err != nil {
		n.t.Fatal(err)
	}
	if _, err := n.in.Write(append(line, '\n')); err != nil {
		n.t.Fatal(err)
	}
	reply, err := n.out.ReadBytes('\n')
	if err != nil {
		n.t.Fatalf("node did not answer %s: %v", line, err)
	}
	if err := json.Unmarshal(reply, answer); err != nil {
		n.t.Fatalf("node answered %.200s: %v", reply, err)
	}
}

// writeIndex puts an index where node reads it.
func writeIndex(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "search"), 0o755); err != nil {
		t.Fatal(err)
	}
	for path, data := range files {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(path)), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
