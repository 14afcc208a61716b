package generator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/generator/source"
	"opsbook/internal/alert"
	"opsbook/internal/check"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/history"
	"opsbook/internal/memo"
	"opsbook/internal/meta"
)

// Input is all that a site depends on. Two equal inputs give equal bytes.
type Input struct {
	Source  string    // folder of Markdown
	Theme   fs.FS     // our templates; the source's _theme and _types are layered over them
	BaseURL string    // overrides base_url
	Clock   meta.Date // the day the site is built for; zero means Now in the site's time zone
	Now     time.Time
	Drafts  bool
	History bool // read Git history
	Version string
}

// Content is a content tree read, resolved and held against the rules.
type Content struct {
	Site        *site.Site
	Tree        *source.Tree
	Rules       []alert.File      // the alert sources, as they were read
	Diagnostics []diag.Diagnostic // sorted
}

// Load reads a content tree, resolves it and holds it against the rules. It fails only if the machine does.
func Load(ctx context.Context, in Input, m *Memory) (*Content, error) {
	root, err := os.OpenRoot(in.Source)
	if err != nil {
		return nil, fmt.Errorf("open the content folder: %w", err)
	}
	defer root.Close()
	cfg, dir, err := config.Read(root.FS())
	if err != nil {
		return nil, err
	}
	if in.BaseURL != "" {
		cfg = cfg.WithBaseURL(in.BaseURL)
	}
	types, typeProblems := doctype.Load(in.Theme, userFolder(root.FS(), "_types"))
	itself := reference{theme: in.Theme, types: types.Relabel(cfg.Labels, cfg.Sections)}
	tree, err := source.Read(ctx, in.Source, source.Options{Fragments: itself.fragment})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", in.Source, err)
	}
	docs := parse(tree.Files, m)
	past, owners, ownerProblems, err := m.readHistory(ctx, in, watches(cfg, docs))
	if err != nil {
		return nil, err
	}
	rules, alerts, alertProblems, err := m.readAlerts(in.Source, cfg)
	if err != nil {
		return nil, err
	}
	assets := make([]string, len(tree.Assets))
	for i, a := range tree.Assets {
		assets[i] = a.Path
	}
	s := site.Resolve(site.Input{
		Config: cfg, Directory: dir, Types: types, Documents: docs, Assets: assets,
		History: past, Owners: owners, Alerts: alerts, Clock: clock(in, cfg), Drafts: in.Drafts,
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	found := slices.Concat(tree.Problems, typeProblems, ownerProblems, alertProblems)
	return &Content{Site: s, Tree: tree, Rules: rules, Diagnostics: check.Run(s, found)}, nil
}

// parse reads every file's document, each alone, on every core.
func parse(files []source.File, m *Memory) []*document.Document {
	docs := make([]*document.Document, len(files))
	each(len(files), func(i int) {
		f := files[i]
		docs[i] = m.documents.Get(fileKey(f), func() *document.Document { return document.Parse(f) })
	})
	return docs
}

// fileKey covers everything that document.Parse reads.
func fileKey(f source.File) memo.Key {
	h := memo.NewHash().String(f.Path).String(f.Hash())
	for _, p := range f.Problems {
		h.String(p.Pos.String()).String(p.Rule).String(p.Message.String())
	}
	return h.Key()
}

// readHistory asks Git for the past of the content and of what it watches, unless the last build asked about the same commit, and reads the
// code owners of its repository.
func (m *Memory) readHistory(ctx context.Context, in Input, watched []string) (*history.History, *history.Owners, []diag.Diagnostic, error) {
	owners, problems, err := readOwners(in.Source)
	if err != nil || !in.History {
		return nil, &owners, problems, err
	}
	read := func() (*history.History, error) {
		past, err := history.Read(ctx, in.Source, watched...)
		return &past, err
	}
	var past *history.History
	if head := history.Head(ctx, in.Source); head == "" {
		past, err = read()
	} else {
		past, err = m.past.Try(memo.KeyOf(append([]string{head, in.Source}, watched...)...), read)
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("read the history of %s: %w", in.Source, err)
	}
	return past, &owners, problems, nil
}

// watches is every glob of code that some page watches.
func watches(cfg *config.Config, docs []*document.Document) []string {
	var globs []string
	for _, d := range docs {
		globs = append(globs, texts(d.Front.Get("watches").Strs())...)
	}
	for _, d := range cfg.Defaults {
		globs = append(globs, texts(d.Set.Get("watches").Strs())...)
	}
	slices.Sort(globs)
	return slices.Compact(globs)
}

// readOwners reads the code owners of the repository that holds a folder, or of the folder itself outside of any.
func readOwners(dir string) (history.Owners, []diag.Diagnostic, error) {
	top, err := filepath.Abs(dir)
	if err != nil {
		return history.Owners{}, nil, fmt.Errorf("find the repository of %s: %w", dir, err)
	}
	for at := top; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			top = at
			break
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return history.Owners{}, nil, fmt.Errorf("open the repository of %s: %w", dir, err)
	}
	defer root.Close()
	return history.ReadOwners(root.FS())
}

// clock is the day the site is built for.
func clock(in Input, cfg *config.Config) meta.Date {
	if !in.Clock.IsZero() {
		return in.Clock
	}
	zone, err := time.LoadLocation(cfg.Timezone)
	if err != nil {
		zone = time.UTC
	}
	return meta.DateOf(in.Now.In(zone))
}

// userFolder is a folder of the source that lies over one of ours, nil when there is none.
func userFolder(tree fs.FS, name string) fs.FS {
	if info, err := fs.Stat(tree, name); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil
	}
	sub, err := fs.Sub(tree, name)
	if err != nil {
		return nil
	}
	return sub
}

// each calls f(0) … f(n-1) on every core and returns when all are done.
func each(n int, f func(i int)) {
	var next sync.Mutex
	at := 0
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for {
				next.Lock()
				i := at
				at++
				next.Unlock()
				if i >= n {
					return
				}
				f(i)
			}
		})
	}
	all.Wait()
}
