package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// openS3 starts the S3 server of the tests with two buckets, for as long as the test runs, and returns its address: "" where it is not built.
func openS3(t *testing.T) string {
	t.Helper()
	binary, err := filepath.Abs("../../bin/s3")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(binary); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("the S3 server is not built: make setup builds bin/s3")
		}
		return ""
	}
	root := filepath.Join(t.TempDir(), "buckets")
	for _, bucket := range []string{"ops", "ops-preview"} {
		if err := os.MkdirAll(filepath.Join(root, bucket), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(binary, root)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "http://") {
			return lines.Text()
		}
	}
	t.Fatal("the S3 server did not start")
	return ""
}
