// Package lsp answers editors by the Language Server Protocol: what is wrong while it is written, what can be written next, who is meant, and
// how it is mended.
//
// The whole site is resolved with the unsaved text of open files over what the disk holds, so a heading renamed in one file shows the link that
// it breaks in another. Diagnostics and fixes are those of `opsbook check` and `opsbook fix`.
package lsp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/creachadair/jrpc2"
	"github.com/creachadair/jrpc2/channel"
	"github.com/creachadair/jrpc2/handler"

	"opsbook/generator"
	"opsbook/internal/diag"
)

// pause is how long the server waits for more keys before it looks at the site again.
const pause = 120 * time.Millisecond

// Options is what a server works on.
type Options struct {
	Source    string // folder of Markdown
	Version   string
	Lang      string            // of descriptions: ja or en
	Catalogue map[string]string // English message format -> translation

	// Load reads the site with unsaved texts, by path below Source, over what the disk holds.
	Load func(ctx context.Context, unsaved map[string][]byte) (*generator.Content, error)
}

// Serve answers one editor until it leaves or ctx ends.
func Serve(ctx context.Context, in io.Reader, out io.WriteCloser, o Options) error {
	root, err := filepath.Abs(o.Source)
	if err != nil {
		return fmt.Errorf("find %s: %w", o.Source, err)
	}
	if real, err := filepath.EvalSymlinks(root); err == nil {
		root = real
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s := &server{Options: o, root: root, open: map[string]*buffer{}, again: make(chan struct{}, 1), left: make(chan struct{}), ctx: ctx}
	s.rpc = jrpc2.NewServer(s.methods(), &jrpc2.ServerOptions{AllowPush: true, DisableBuiltin: true, NewContext: func() context.Context { return ctx }})
	var watching sync.WaitGroup
	watching.Go(s.watch)
	s.rpc.Start(channel.LSP(in, out))
	answered := make(chan error, 1)
	go func() { answered <- s.rpc.Wait() }()
	select {
	case err = <-answered:
	case <-ctx.Done():
	case <-s.left: // whoever reads standard input cannot be woken; the process ends
	}
	stop()
	watching.Wait()
	if errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// server is one conversation.
type server struct {
	Options
	root  string
	rpc   *jrpc2.Server
	again chan struct{} // something changed
	left  chan struct{} // closed when the editor has said goodbye
	leave sync.Once
	ctx   context.Context

	mu      sync.Mutex
	open    map[string]*buffer // by path below root
	changes int                // counts what the editor changed

	loading sync.Mutex // held while the site is read
	content *generator.Content
	loaded  int // what content has seen of changes
}

func (s *server) methods() handler.Map {
	nothing := handler.New(func(context.Context) error { return nil })
	ignore := handler.Func(func(context.Context, *jrpc2.Request) (any, error) { return nil, nil })
	return handler.Map{
		"initialize":  handler.Func(func(context.Context, *jrpc2.Request) (any, error) { return initialized(s.Version), nil }),
		"initialized": ignore, "$/cancelRequest": ignore, "$/setTrace": ignore, "workspace/didChangeConfiguration": ignore,
		"shutdown": nothing,
		"exit": handler.Func(func(context.Context, *jrpc2.Request) (any, error) {
			s.leave.Do(func() { close(s.left) })
			return nil, nil
		}),
		"textDocument/didOpen": handler.New(func(_ context.Context, p openParams) error {
			s.hold(p.TextDocument.URI, newBuffer(p.TextDocument.Text, p.TextDocument.Version))
			return nil
		}),
		"textDocument/didChange": handler.New(func(_ context.Context, p changeParams) error {
			if n := len(p.ContentChanges); n > 0 {
				s.hold(p.TextDocument.URI, newBuffer(p.ContentChanges[n-1].Text, p.TextDocument.Version))
			}
			return nil
		}),
		"textDocument/didSave":            handler.New(func(_ context.Context, p openParams) error { s.changed(); return nil }),
		"textDocument/didClose":           handler.New(func(_ context.Context, p openParams) error { s.hold(p.TextDocument.URI, nil); return nil }),
		"workspace/didChangeWatchedFiles": handler.Func(func(context.Context, *jrpc2.Request) (any, error) { s.changed(); return nil, nil }),
		"textDocument/completion":         handler.New(s.completion),
		"textDocument/hover":              handler.New(s.hover),
		"textDocument/definition":         handler.New(s.definition),
		"textDocument/codeAction":         handler.New(s.actions),
	}
}

// hold takes the text of an open file, nil when it is closed.
func (s *server) hold(uri string, b *buffer) {
	path := s.path(uri)
	if path == "" {
		return
	}
	s.mu.Lock()
	if b == nil {
		delete(s.open, path)
	} else {
		s.open[path] = b
	}
	s.mu.Unlock()
	s.changed()
}

// changed makes the server look at the site again.
func (s *server) changed() {
	s.mu.Lock()
	s.changes++
	s.mu.Unlock()
	select {
	case s.again <- struct{}{}:
	default: // it will
	}
}

// path is a file as the source names it, "" for one that is not of the source.
func (s *server) path(uri string) string {
	full := pathOf(uri)
	if full == "" {
		return ""
	}
	if real, err := filepath.EvalSymlinks(full); err == nil {
		full = real
	}
	rel, err := filepath.Rel(s.root, full)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel)
}

// uri is the address of a file of the source.
func (s *server) uri(path string) string {
	return uriOf(filepath.Join(s.root, filepath.FromSlash(path)))
}

// buffer is an open file.
func (s *server) buffer(path string) *buffer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[path]
}

// read is a file as an editor holds it, or as it is on disk.
func (s *server) read(path string) ([]byte, error) {
	if b := s.buffer(path); b != nil {
		return []byte(b.text), nil
	}
	return os.ReadFile(filepath.Join(s.root, filepath.FromSlash(path)))
}

// site is the site with all that the editor changed.
func (s *server) site(ctx context.Context) (*generator.Content, error) {
	s.loading.Lock()
	defer s.loading.Unlock()
	s.mu.Lock()
	changes, unsaved := s.changes, map[string][]byte{}
	for path, b := range s.open {
		unsaved[path] = []byte(b.text)
	}
	s.mu.Unlock()
	if s.content != nil && s.loaded == changes {
		return s.content, nil
	}
	content, err := s.Load(ctx, unsaved)
	if err != nil {
		return nil, err
	}
	if err := content.Tree.Close(); err != nil {
		return nil, err
	}
	s.content, s.loaded = content, changes
	return content, nil
}

// known is the site as it was last read: good enough for names, and there at once.
func (s *server) known(ctx context.Context) (*generator.Content, error) {
	if s.loading.TryLock() {
		content := s.content
		s.loading.Unlock()
		if content != nil {
			return content, nil
		}
	}
	return s.site(ctx)
}

// watch tells the editor what is wrong, after every change.
func (s *server) watch() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.again:
		}
		for waiting := true; waiting; {
			select {
			case <-s.ctx.Done():
				return
			case <-s.again:
			case <-time.After(pause):
				waiting = false
			}
		}
		content, err := s.site(s.ctx)
		if err != nil {
			s.log(err)
			continue
		}
		s.publish(content)
	}
}

// log shows what kept the server from working in the editor's log.
func (s *server) log(err error) {
	if s.ctx.Err() == nil {
		_ = s.rpc.Notify(s.ctx, "window/logMessage", map[string]any{"type": 1, "message": "opsbook: " + err.Error()}) // an editor that left reads no log
	}
}

// publish sends the diagnostics of every open file. Those of files that nobody looks at are the business of check.
func (s *server) publish(content *generator.Content) {
	s.mu.Lock()
	open := maps.Clone(s.open)
	s.mu.Unlock()
	for _, path := range slices.Sorted(maps.Keys(open)) {
		p := publishParams{URI: s.uri(path), Version: open[path].version, Diagnostics: []diagnostic{}}
		for _, d := range content.Diagnostics {
			if d.Pos.File == path {
				p.Diagnostics = append(p.Diagnostics, s.diagnostic(open[path], d))
			}
		}
		if err := s.rpc.Notify(s.ctx, "textDocument/publishDiagnostics", p); err != nil {
			return
		}
	}
}

// severities are the protocol's.
var severities = map[diag.Severity]int{diag.Error: 1, diag.Warning: 2, diag.Info: 3}

func (s *server) diagnostic(b *buffer, d diag.Diagnostic) diagnostic {
	out := diagnostic{Range: b.spot(d.Pos), Severity: severities[d.Severity], Code: d.Rule, Source: "opsbook", Message: d.Message.In(s.Catalogue)}
	if !d.Hint.IsZero() {
		out.Message += "\n" + diag.T("hint: %s", d.Hint).In(s.Catalogue)
	}
	for _, r := range d.Related {
		at := position{max(r.Pos.Line-1, 0), max(r.Pos.Col-1, 0)}
		if other := s.buffer(r.Pos.File); other != nil {
			at = other.spot(r.Pos).Start
		}
		out.Related = append(out.Related, related{location{s.uri(r.Pos.File), textRange{at, at}}, r.Message.In(s.Catalogue)})
	}
	return out
}
