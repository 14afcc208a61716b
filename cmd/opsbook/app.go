package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
	_ "time/tzdata" // the site's time zone must not depend on the machine

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"opsbook/generator"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
	"opsbook/templates"
)

// Exit codes, the same everywhere unless PUBLISH says otherwise.
const (
	exitOK      = 0
	exitFound   = 1 // something reached --fail-on, or the site cannot be written
	exitUsage   = 2 // wrong words or configuration
	exitMachine = 3 // disk, network, permission
)

// version is set by release builds with -ldflags.
var version = ""

// cli is everything a user can say.
type cli struct {
	Build      buildCmd      `cmd:"" help:"Turn content into a site (default folder: public)."`
	Serve      serveCmd      `cmd:"" help:"Build, serve and reload while you write."`
	Check      checkCmd      `cmd:"" help:"Hold content to the rules."`
	New        newCmd        `cmd:"" help:"Start a document from its type's template."`
	Fix        fixCmd        `cmd:"" help:"Mend what has one right answer."`
	Lsp        lspCmd        `cmd:"" help:"Answer an editor by the Language Server Protocol."`
	Review     reviewCmd     `cmd:"" help:"Record that documents were reviewed today."`
	Drill      drillCmd      `cmd:"" help:"Walk from alerts to page, section, contact and values, and score the way."`
	Archive    archiveCmd    `cmd:"" help:"Retire a document and lead its readers on."`
	List       listCmd       `cmd:"" help:"List documents, owners, what is stale, or a schema."`
	Search     searchCmd     `cmd:"" help:"Search the content with the site's ranking."`
	Publish    publishCmd    `cmd:"" help:"Put the built site on S3 and CloudFront, or into a folder."`
	Init       initCmd       `cmd:"" help:"Set up a folder, or copy the default theme to change it."`
	Completion completionCmd `cmd:"" help:"Print a script that completes commands in a shell."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
	Lang       string        `help:"Language of messages, and of the pages that search prefers: ja or en (default: from LANG)." env:"OPSBOOK_LANG" placeholder:"LANG"`
}

// app is the world a command runs in.
type app struct {
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	lang           string            // of messages: ja or en
	asked          string            // the language that somebody named, not that of the environment
	catalogue      map[string]string // English message format -> translation
}

func newApp(stdout, stderr io.Writer, getenv func(string) string) *app {
	return &app{stdout: stdout, stderr: stderr, getenv: getenv, now: time.Now}
}

// exit is an error that carries its exit code; a nil cause prints nothing.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e exit) Unwrap() error { return e.err }

// usage is an error a user makes by wrong words or configuration.
func usage(format string, args ...any) error {
	return exit{exitUsage, fmt.Errorf(format, args...)}
}

// run parses args, runs the command and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	var words cli
	code, done := exitOK, false
	parser, err := kong.New(&words,
		kong.Name("opsbook"),
		kong.Description("Runbooks, playbooks, lessons and RACI files in Git, as a searchable site that can be trusted."),
		kong.Writers(a.stdout, a.stderr),
		kong.Exit(func(c int) { code, done = c, true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
		kong.DefaultEnvars("OPSBOOK"),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(a),
	)
	if err != nil {
		return a.fail(fmt.Errorf("set up the command line: %w", err))
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if done {
		return code
	}
	if err != nil {
		return a.fail(usage("%s; see opsbook --help", lowerFirst(err.Error())))
	}
	a.asked = words.Lang
	if err := a.speak(words.Lang); err != nil {
		return a.fail(err)
	}
	return a.fail(parsed.Run(parser))
}

// fail prints err and returns its exit code.
func (a *app) fail(err error) int {
	if err == nil {
		return exitOK
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(a.stderr, "opsbook: "+text)
	}
	var e exit
	if errors.As(err, &e) {
		return e.code
	}
	return exitMachine
}

// speak chooses the language of messages: the one asked for, else the machine's.
func (a *app) speak(lang string) error {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if lang == "" {
			lang = a.getenv(name)
		}
	}
	a.lang = "en"
	if !strings.HasPrefix(lang, "ja") {
		return nil
	}
	a.lang = "ja"
	var err error
	a.catalogue, err = templates.Sentences(templates.Default(), a.lang)
	return err
}

// place is the folder of content a command works on.
type place struct {
	Path   string `arg:"" optional:"" name:"source" help:"Folder of Markdown (default: content, else .)."`
	Source string `help:"The same as a flag." placeholder:"DIR"`
}

// dir is the folder meant, which exists.
func (p place) dir() (string, error) {
	dir := p.Path
	if p.Source != "" {
		if dir != "" && dir != p.Source {
			return "", usage("source given twice, as %s and as --source %s: leave one out", dir, p.Source)
		}
		dir = p.Source
	}
	if dir == "" {
		dir = "."
		if info, err := os.Stat("content"); err == nil && info.IsDir() {
			dir = "content"
		}
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", usage("find the content: there is no folder %s; name one, or make one with opsbook init", dir)
	case err != nil:
		return "", fmt.Errorf("find the content: %w", err)
	case !info.IsDir():
		return "", usage("find the content: %s is not a folder", dir)
	}
	return filepath.Clean(dir), nil
}

// shape is what changes how a site is built.
type shape struct {
	BaseURL string `name:"base-url" help:"Address the site will have (overrides base_url)." placeholder:"URL"`
	Clock   string `help:"Build as of this day instead of today." placeholder:"YYYY-MM-DD"`
	Drafts  bool   `help:"Include drafts."`
	History string `help:"Read Git history: git or none." enum:"git,none" default:"git"`
}

// input is what the generator is asked for.
func (a *app) input(p place, s shape) (generator.Input, error) {
	dir, err := p.dir()
	if err != nil {
		return generator.Input{}, err
	}
	in := generator.Input{
		Source: dir, Theme: templates.Default(), BaseURL: s.BaseURL, Drafts: s.Drafts, History: s.History != "none",
		Now: a.now(), Version: programVersion(), Program: programIdentity(),
	}
	if s.Clock != "" {
		if in.Clock, err = a.day(s.Clock); err != nil {
			return in, err
		}
	}
	return in, nil
}

// day is a day as written, or today on this machine.
func (a *app) day(text string) (meta.Date, error) {
	if text == "" {
		return meta.DateOf(a.now()), nil
	}
	day, problems := meta.ParseDay(meta.Str{Text: text})
	if len(problems) > 0 {
		return meta.Date{}, usage("read --clock: %s", problems[0].Message.In(a.catalogue))
	}
	return day.Date, nil
}

// color reports whether w wants colour.
func (a *app) color(w io.Writer) bool {
	return a.getenv("NO_COLOR") == "" && a.getenv("TERM") != "dumb" && isTerminal(w)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// say prints diagnostics as text.
func (a *app) say(w io.Writer, ds []diag.Diagnostic) error {
	return diag.WriteText(w, ds, diag.TextOptions{Color: a.color(w), Catalogue: a.catalogue})
}

// programVersion is the version of this program: of the release, else of the module, else "dev".
func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}
