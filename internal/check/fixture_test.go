package check_test

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the names of time zones must not depend on the machine

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/generator/output"
	"opsbook/generator/site"
	"opsbook/generator/source"
	"opsbook/internal/alert"
	"opsbook/internal/check"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/history"
	"opsbook/internal/meta"
	"opsbook/internal/weblink"
	"opsbook/templates"
)

var update = flag.Bool("update", false, "write what the rules say into the fixtures")

// A fixture is testdata/<rule>.txtar. Files below bad/ must give exactly the diagnostics of `want`; files below good/, the near misses, must
// give none; files above both belong to either. `clock: DATE` in the comment is the day. Words in brackets after a name say how a file is
// written: see encode.
const defaultClock = "2026-11-01"

func TestFixtures(t *testing.T) {
	for _, name := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join("testdata", name+".txtar")
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			bad := find(t, archive, "bad/")
			if *update {
				write(t, file, archive, said(bad))
			}
			if diff := cmp.Diff(wanted(archive), said(bad)); diff != "" {
				t.Errorf("bad/ (-want +got):\n%s", diff)
			}
			if !slices.ContainsFunc(bad, func(d diag.Diagnostic) bool { return d.Rule == name }) {
				t.Errorf("bad/ does not break %s", name)
			}
			if good := said(find(t, archive, "good/")); good != "" {
				t.Errorf("good/ has problems:\n%s", good)
			}
		})
	}
}

func fixtures(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(filepath.Base(f), ".txtar")
	}
	return files
}

// said writes diagnostics as `check` prints them, without the counts.
func said(ds []diag.Diagnostic) string {
	var b bytes.Buffer
	for _, d := range ds {
		b.WriteString(d.Pos.String() + ": " + d.Severity.String() + ": " + d.Message.String() + " [" + d.Rule + "]\n")
		if !d.Hint.IsZero() {
			b.WriteString("  hint: " + d.Hint.String() + "\n")
		}
		for _, r := range d.Related {
			b.WriteString("  " + r.Pos.String() + ": " + r.Message.String() + "\n")
		}
	}
	return b.String()
}

func wanted(archive *txtar.Archive) string {
	for _, f := range archive.Files {
		if f.Name == "want" {
			return string(f.Data)
		}
	}
	return ""
}

// write puts what was said into a fixture.
func write(t *testing.T, file string, archive *txtar.Archive, got string) {
	t.Helper()
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
	archive.Files = append(archive.Files, txtar.File{Name: "want", Data: []byte(got)})
	if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// find writes one side of a fixture to disk and holds it against the rules.
func find(t *testing.T, archive *txtar.Archive, side string) []diag.Diagnostic {
	t.Helper()
	dir := t.TempDir()
	for _, f := range archive.Files {
		name, options, _ := strings.Cut(f.Name, " (")
		name, ours := strings.CutPrefix(name, side)
		if name == "want" || !ours && (strings.HasPrefix(name, "bad/") || strings.HasPrefix(name, "good/")) {
			continue
		}
		put(t, filepath.Join(dir, name), f.Data, strings.Fields(strings.TrimSuffix(options, ")")))
	}
	clock := defaultClock
	for line := range strings.Lines(string(archive.Comment)) {
		if day, ok := strings.CutPrefix(line, "clock: "); ok {
			clock = strings.TrimSpace(day)
		}
	}
	return run(t, dir, clock)
}

// run reads a folder of content as a build does and returns what is wrong with it.
func run(t *testing.T, dir, clock string) []diag.Diagnostic {
	t.Helper()
	before := past(t, dir)
	tree, err := source.Read(context.Background(), dir, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	settings, directory, err := config.Read(tree.FS)
	if err != nil {
		t.Fatal(err)
	}
	day, problems := meta.ParseDay(meta.Str{Text: clock})
	if len(problems) > 0 {
		t.Fatal(said(problems))
	}
	var user fs.FS
	if _, err := fs.Stat(tree.FS, "_types"); err == nil {
		if user, err = fs.Sub(tree.FS, "_types"); err != nil {
			t.Fatal(err)
		}
	}
	types, found := doctype.Load(templates.Default(), user)
	docs := make([]*document.Document, len(tree.Files))
	for i, f := range tree.Files {
		docs[i] = document.Parse(f)
	}
	assets := make([]string, len(tree.Assets))
	for i, a := range tree.Assets {
		assets[i] = a.Path
	}
	owners, unowned, err := history.ReadOwners(tree.FS)
	if err != nil {
		t.Fatal(err)
	}
	alerts, misread := readAlerts(t, dir, settings)
	s := site.Resolve(site.Input{
		Config: settings, Directory: directory, Types: types, Documents: docs, Assets: assets, Owners: &owners, Alerts: alerts, Clock: day.Date, History: before,
	})
	return check.Run(s, slices.Concat(tree.Problems, found, unowned, misread, unwritable(t, dir), askWeb(t, dir, s)))
}

// past is the history of a folder whose file `git` says how its pages changed after they were committed: an expression of sed to a line.
func past(t *testing.T, dir string) *history.History {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "git")); os.IsNotExist(err) {
		return nil
	}
	script := `set -e; mv git ../$$.sed; git init -q -b main; git add .; git commit -q -m write
find . -name '*.md' -exec sed -i -f ../$$.sed {} +; rm ../$$.sed; git commit -q -a -m 'review everything'`
	run := exec.Command("sh", "-c", script)
	run.Dir = dir
	run.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com",
		"GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com", "GIT_AUTHOR_DATE=2026-10-20T00:00:00Z", "GIT_COMMITTER_DATE=2026-10-20T00:00:00Z")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	h, err := history.Read(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	return &h
}

// askWeb asks other sites about links, where the file `answers` says what they answer. It stands in for the web as a proxy does.
func askWeb(t *testing.T, dir string, s *site.Site) []diag.Diagnostic {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "answers"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for line := range strings.Lines(string(text)) {
			if words := strings.Fields(line); words[0] == r.URL.String() {
				if len(words) > 2 {
					w.Header().Set("Location", words[2])
				}
				w.WriteHeader(number(t, words[1]))
				return
			}
		}
		t.Errorf("%s should not have been asked", r.URL)
	}))
	defer web.Close()
	address, err := url.Parse(web.URL)
	if err != nil {
		t.Fatal(err)
	}
	asked, err := weblink.Check(t.Context(), s, weblink.Options{Proxy: http.ProxyURL(address), Pause: time.Millisecond, Backoff: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return asked.Problems
}

// readAlerts reads the alert sources of a folder of content.
func readAlerts(t *testing.T, dir string, settings *config.Config) (alert.Set, []diag.Diagnostic) {
	t.Helper()
	var sources []alert.Source
	for _, s := range settings.Alerts.Sources {
		sources = append(sources, alert.Source{Kind: s.Kind, Globs: s.Globs})
	}
	files, problems, err := alert.Find(dir, sources)
	if err != nil {
		t.Fatal(err)
	}
	var parsed []alert.Parsed
	for _, f := range files {
		parsed = append(parsed, alert.Parse(f))
	}
	return alert.Gather(parsed, problems)
}

// unwritable returns what is wrong with the finished files that output.paths lists, one to a line: its path, the source that it was made
// from, and what it holds.
func unwritable(t *testing.T, dir string) []diag.Diagnostic {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "output.paths"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var files []output.File
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		f := output.Bytes(words[0], []byte(words[2]))
		f.Origin = diag.Pos{File: words[1], Line: 1}
		files = append(files, f)
	}
	problems, err := output.Check(context.Background(), output.New(files...))
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

// put writes a file as its options say.
func put(t *testing.T, name string, text []byte, options []string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(options, "symlink") {
		if err := os.Symlink(strings.TrimSpace(string(text)), name); err != nil {
			t.Fatal(err)
		}
		return
	}
	for i, option := range options {
		text = encode(t, text, option, options[i+1:])
	}
	if err := os.WriteFile(name, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// encode writes text in another encoding (shift_jis, euc-jp, utf-16), with a byte order mark (bom), with CRLF (crlf), with \u{…} and other
// escapes replaced (escapes), or with a table of so many rows and columns below it (autofill ROWS COLUMNS).
func encode(t *testing.T, text []byte, option string, args []string) []byte {
	t.Helper()
	encodings := map[string]encoding.Encoding{
		"shift_jis": japanese.ShiftJIS, "euc-jp": japanese.EUCJP, "utf-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	}
	switch option {
	case "bom":
		return append([]byte("\ufeff"), text...)
	case "crlf":
		return bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
	case "escapes":
		return []byte(unescape(t, string(text)))
	case "autofill":
		rows, columns := number(t, args[0]), number(t, args[1])
		row := strings.Repeat("| 1 ", columns) + "|\n"
		return append(text, row+strings.Repeat("|---", columns)+"|\n"+strings.Repeat(row, rows)...)
	}
	if e, ok := encodings[option]; ok {
		out, _, err := transform.Bytes(e.NewEncoder(), text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	return text
}

// unescape replaces \xHH, \t and \u{H…}.
func unescape(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	for text != "" {
		before, after, found := strings.Cut(text, `\`)
		b.WriteString(before)
		if !found {
			break
		}
		digits, rest := "", ""
		switch {
		case strings.HasPrefix(after, "u{"):
			digits, rest, _ = strings.Cut(after[2:], "}")
		case after[0] == 'x':
			digits, rest = after[1:3], after[3:]
		case after[0] == 't':
			digits, rest = "9", after[1:]
		}
		code, err := strconv.ParseUint(digits, 16, 32)
		if err != nil {
			t.Fatalf("no escape: \\%.8s", after)
		}
		b.WriteRune(rune(code))
		text = rest
	}
	return b.String()
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
