//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestReproducible builds two clones of one repository, with all that may differ between machines and must not matter: folder, time zone,
// language, cores, times of files, the mask of modes, what is remembered. Site, bundle and pack are the same to the byte.
func TestReproducible(t *testing.T) {
	top := t.TempDir()
	origin := filepath.Join(top, "origin")
	if err := os.CopyFS(filepath.Join(origin, "kb"), os.DirFS("../../content")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(origin, "kb/.opsbook")); err != nil {
		t.Fatal(err)
	}
	in := func(dir string, env []string, name string, args ...string) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, said)
		}
	}
	who := []string{
		"GIT_AUTHOR_NAME=Sato", "GIT_AUTHOR_EMAIL=sato@anycompany.example", "GIT_COMMITTER_NAME=Sato", "GIT_COMMITTER_EMAIL=sato@anycompany.example",
		"GIT_AUTHOR_DATE=2026-10-01T09:00:00+09:00", "GIT_COMMITTER_DATE=2026-10-01T09:00:00+09:00",
	}
	in(origin, who, "git", "init", "-q")
	in(origin, who, "git", "add", "-A")
	in(origin, who, "git", "commit", "-q", "-m", "Begin")
	writeFile(t, filepath.Join(origin, "kb/later.md"), "# Later\n\n変更\n")
	in(origin, who, "git", "add", "-A")
	in(origin, who, "git", "commit", "-q", "-m", "後から書く")

	build := `umask "$MASK"; exec opsbook build kb --out site --bundle site.zip --pack pack.html --base-url https://ops.example.com/kb/ --clock 2026-11-01 "$@"`
	one, two := filepath.Join(top, "one"), filepath.Join(top, "別の 場所", "deeper", "two")
	in(top, nil, "git", "clone", "-q", origin, one)
	in(top, nil, "git", "clone", "-q", origin, two)
	age(t, filepath.Join(two, "kb"))
	in(one, []string{"TZ=UTC", "LANG=C", "LC_ALL=C", "GOMAXPROCS=1", "MASK=022"}, "sh", "-c", build, "sh", "--cache", "off")
	in(two, []string{"TZ=Asia/Tokyo", "LANG=ja_JP.UTF-8", "LC_ALL=ja_JP.UTF-8", "GOMAXPROCS=8", "MASK=077"}, "sh", "-c", build, "sh")
	for _, name := range []string{"site", "site.zip", "pack.html"} {
		in(top, nil, "diff", "-r", filepath.Join(one, name), filepath.Join(two, name))
	}
	if len(readTree(t, filepath.Join(one, "site"))) < 100 {
		t.Error("hardly anything was built")
	}
}

// age gives every file below a folder another time.
func age(t *testing.T, dir string) {
	t.Helper()
	when := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	for name := range readTree(t, dir) {
		when = when.Add(time.Hour)
		if err := os.Chtimes(filepath.Join(dir, name), when, when); err != nil {
			t.Fatal(err)
		}
	}
}
