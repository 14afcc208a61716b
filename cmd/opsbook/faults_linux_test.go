package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// fewPages is a folder with content of a few pages and its site, out; then a page changes.
func fewPages(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "c", "d"} {
		writeFile(t, filepath.Join(dir, "src", name+".md"), "# Page "+name+"\n\ntext\n")
	}
	mustRun(t, dir, "opsbook", fewPagesBuild("out")...)
	writeFile(t, filepath.Join(dir, "src/a.md"), "# Page a\n\nchanged\n")
	return dir
}

func fewPagesBuild(out string, more ...string) []string {
	return append([]string{"build", "src", "--out", out, "--clock", "2026-11-01", "--history", "none"}, more...)
}

// fails runs a build that has to end with exit code 3, and returns what it says.
func fails(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	said, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if !errors.As(err, &failed) || failed.ExitCode() != exitMachine {
		t.Fatalf("%v, want exit code %d\n%s", err, exitMachine, said)
	}
	return string(said)
}

// TestBuildInterrupted sends the signals of Ctrl-C and of a stopped service to builds that are writing.
func TestBuildInterrupted(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		dir := fewPages(t)
		out := filepath.Join(dir, "out")
		before := readTree(t, out)
		e := traceBuild(t, dir, "src", halt{phase: rendering, n: 1, signal: signal}, fewPagesBuild("out", "--cache", "off")...)
		if e.code != exitMachine || !strings.Contains(e.output, "interrupted") {
			t.Errorf("%v: exit code %d in %v\n%s", signal, e.code, e.phase, e.output)
		}
		if d := treeDiff(before, readTree(t, out)); d != "" {
			t.Errorf("%v: the site changed: %s", signal, d)
		}
		wantNoRemains(t, dir)
		mustRun(t, dir, "opsbook", fewPagesBuild("out")...)
		wantNoRemains(t, dir)
	}
}

// TestDiskFull builds onto a disk of its own that has no room for the new site.
func TestDiskFull(t *testing.T) {
	dir := fewPages(t)
	disk := filepath.Join(dir, "disk")
	writeFile(t, filepath.Join(disk, "x"), "")
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("only root can mount a small disk: %v", err)
	}
	defer syscall.Unmount(disk, syscall.MNT_DETACH)
	out := filepath.Join(disk, "out")
	mustRun(t, dir, "opsbook", fewPagesBuild(out)...) // also another file system than the memory
	before := readTree(t, out)
	if err := os.WriteFile(filepath.Join(disk, "ballast"), make([]byte, 4<<20), 0o644); err == nil {
		t.Fatal("the disk is not full")
	}
	writeFile(t, filepath.Join(dir, "src/a.md"), "# Page a\n\n"+strings.Repeat("changed once more\n\n", 1000))
	said := fails(t, inFolder(dir, fewPagesBuild(out)...))
	if !strings.Contains(said, "no space left on device; readers still have a whole site: free some space and build again") {
		t.Error(said)
	}
	if d := treeDiff(before, readTree(t, out)); d != "" {
		t.Errorf("the site changed: %s", d)
	}
	if err := os.Remove(filepath.Join(disk, "ballast")); err != nil {
		t.Fatal(err)
	}
	mustRun(t, dir, "opsbook", fewPagesBuild(out)...)
	wantNoRemains(t, disk)
}

func inFolder(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("opsbook", args...)
	cmd.Dir = dir
	return cmd
}

// TestOutputReadOnly builds onto a disk that was mounted read-only.
func TestOutputReadOnly(t *testing.T) {
	dir := fewPages(t)
	out := filepath.Join(dir, "out")
	before := readTree(t, out)
	if err := syscall.Mount(out, out, "", syscall.MS_BIND, ""); err != nil {
		t.Skipf("only root can mount: %v", err)
	}
	defer syscall.Unmount(out, syscall.MNT_DETACH)
	if err := syscall.Mount("", out, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	if said := fails(t, inFolder(dir, fewPagesBuild("out")...)); !strings.Contains(said, "read-only file system; readers still have a whole site") {
		t.Error(said)
	}
	if d := treeDiff(before, readTree(t, out)); d != "" {
		t.Errorf("the site changed: %s", d)
	}
}

// TestBuildWaits builds while somebody else holds the output.
func TestBuildWaits(t *testing.T) {
	dir := fewPages(t)
	held, err := os.Open(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if err := syscall.Flock(int(held.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	cmd := inFolder(dir, fewPagesBuild("out")...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	if !lines.Scan() || lines.Text() != "another build is writing out, waiting for it" {
		t.Fatalf("said %q", lines.Text())
	}
	before := readTree(t, filepath.Join(dir, "out"))["a/index.html"]
	held.Close()
	for lines.Scan() { // the counts
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	after := readTree(t, filepath.Join(dir, "out"))["a/index.html"]
	if strings.Contains(before, "changed") || !strings.Contains(after, "changed") {
		t.Errorf("before: %d bytes, after: %d bytes", len(before), len(after))
	}
}
