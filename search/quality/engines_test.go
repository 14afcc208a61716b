package quality

import (
	"bufio"
	"encoding/json"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"opsbook/search"
	"opsbook/search/webindex"
)

var compare = flag.Bool("pagefind", false, "measure Pagefind beside ours; needs Node and npm")

// pagefindVersion is what ours is compared with.
const pagefindVersion = "1.6.0"

// script is a Node program that answers one JSON line with one JSON line.
type script struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Reader
}

func startScript(t *testing.T, arguments ...string) *script {
	t.Helper()
	command := exec.Command("node", arguments...)
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
	return &script{t, in, bufio.NewReaderSize(out, 1<<20)}
}

func (s *script) ask(request, answer any) {
	s.t.Helper()
	line, err := json.Marshal(request)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.in.Write(append(line, '\n')); err != nil {
		s.t.Fatal(err)
	}
	reply, err := s.out.ReadBytes('\n')
	if err != nil {
		s.t.Fatalf("node did not answer %s: %v", line, err)
	}
	if err := json.Unmarshal(reply, answer); err != nil {
		s.t.Fatalf("node answered %.200s: %v", reply, err)
	}
}

// pagefind is Pagefind's index of the same pages.
type pagefind struct {
	site string
	cpu  time.Duration // that it took to make
	size int           // bytes of its index, without the texts
	all  int           // with them
}

// buildPagefind installs Pagefind in a temporary folder and lets it index the
// records.
func buildPagefind(t *testing.T, records []search.Record) pagefind {
	t.Helper()
	dir := t.TempDir()
	p := pagefind{site: filepath.Join(dir, "site")}
	if err := WritePages(records, p.site); err != nil {
		t.Fatal(err)
	}
	run := func(name string, arguments ...string) time.Duration {
		t.Helper()
		command := exec.Command(name, arguments...)
		command.Dir = dir
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, output)
		}
		usage, _ := command.ProcessState.SysUsage().(*syscall.Rusage)
		return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	run("npm", "install", "--no-save", "--prefix", dir, "pagefind@"+pagefindVersion)
	p.cpu = run("npx", "pagefind", "--site", p.site)
	if err := os.WriteFile(filepath.Join(p.site, "pagefind", "package.json"), []byte(`{"type":"module"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	p.size = sizeOf(t, filepath.Join(p.site, "pagefind", "index"))
	p.all = p.size + sizeOf(t, filepath.Join(p.site, "pagefind", "fragment"))
	return p
}

func sizeOf(t *testing.T, dir string) int {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		size += int(info.Size())
	}
	return size
}

// start answers questions of a language: Pagefind keeps one index for each.
func (p pagefind) start(t *testing.T, lang string) *script {
	return startScript(t, filepath.Join("testdata", "pagefind.js"), p.site, lang)
}

// index is ours.
func index(t *testing.T, records []search.Record) map[string][]byte {
	t.Helper()
	entries := make([]webindex.Entry, len(records))
	for i, r := range records {
		entries[i] = webindex.Analyze(r)
	}
	files, err := webindex.Write(entries, webindex.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func open(t *testing.T, files map[string][]byte) *webindex.Reader {
	t.Helper()
	reader, err := webindex.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	return reader
}

// urls returns the first ten answers to a reader of a language, "" for any.
func urls(reader *webindex.Reader, query, lang string) ([]string, error) {
	ranking, err := reader.Rank(search.Query{Text: query, Lang: lang})
	if err != nil {
		return nil, err
	}
	var found []string
	for _, f := range ranking.Found[:min(10, len(ranking.Found))] {
		found = append(found, ranking.Docs[f.Doc].URL)
	}
	return found, nil
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
