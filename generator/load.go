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
	Unsaved map[string][]byte // texts by path below Source that an editor holds, over those of the disk
	Program string            // stands for what renders, for memories: the version, or more while somebody works on the program
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
	r, err := m.read(ctx, in)
	if err != nil {
		return nil, err
	}
	c, err := r.resolve(ctx, m)
	if err != nil {
		return nil, err
	}
	c.Diagnostics = check.Run(c.Site, c.Diagnostics)
	m.endBuild()
	return c, nil
}

// resolve makes one linked whole of what was read. Its diagnostics are those of reading.
func (r *Inputs) resolve(ctx context.Context, m *Memory) (*Content, error) {
	docs := parse(r.tree.Files, m)
	past, err := m.readHistory(ctx, r.Input, watches(r.config, docs))
	if err != nil {
		return nil, err
	}
	alerts, alertProblems := m.readAlerts(r.alerts)
	assets := make([]string, len(r.tree.Assets))
	for i, a := range r.tree.Assets {
		assets[i] = a.Path
	}
	old, end := m.oldDocuments(ctx, r.Source, past)
	defer end()
	known := m.takePages()
	defer m.putPages(known)
	s := site.Resolve(site.Input{
		Memory: known, Config: r.config, Directory: r.directory, Types: r.types, Documents: docs, Assets: assets,
		History: past, Old: old, Owners: r.owners, Alerts: alerts, Clock: clock(r.Input, r.config), Drafts: r.Drafts,
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return &Content{Site: s, Tree: r.tree, Rules: r.alerts, Diagnostics: slices.Concat(r.problems, alertProblems)}, nil
}

// parse reads every file's document, each alone, on every core.
func parse(files []source.File, m *Memory) []*document.Document {
	docs := make([]*document.Document, len(files))
	keys := m.keysOf(files)
	each(len(files), func(i int) {
		f := files[i]
		d := m.documents.Get(keys[i], func() *document.Document { return document.Parse(f) })
		if d.Text == nil { // remembered on disk
			whole := *d
			whole.Text = f.Text
			d = &whole
		}
		docs[i] = d
	})
	return docs
}

// keyed is a file and its key.
type keyed struct {
	file source.File
	key  memo.Key
}

// keysOf are the keys of files. A file that the tree has kept since the last build is not hashed again.
func (m *Memory) keysOf(files []source.File) []memo.Key {
	keys := make([]memo.Key, len(files))
	was := m.keyed.Load()
	each(len(files), func(i int) {
		if was != nil {
			if k, ok := (*was)[files[i].Path]; ok && k.file.Is(files[i]) {
				keys[i] = k.key
				return
			}
		}
		keys[i] = fileKey(files[i])
	})
	if !m.once() {
		now := make(map[string]keyed, len(files))
		for i, f := range files {
			now[f.Path] = keyed{f, keys[i]}
		}
		m.keyed.Store(&now)
	}
	return keys
}

// fileKey covers everything that document.Parse reads.
func fileKey(f source.File) memo.Key {
	h := memo.NewHash().String(f.Path).String(f.Hash())
	for _, p := range f.Problems {
		h.String(p.Pos.String()).String(p.Rule).String(p.Message.String())
	}
	return h.Key()
}

// readHistory asks Git for the past of the content and of what it watches, unless the last build asked about the same.
func (m *Memory) readHistory(ctx context.Context, in Input, watched []string) (*history.History, error) {
	if !in.History {
		return nil, nil
	}
	read := func() (*history.History, error) {
		past, err := history.Read(ctx, in.Source, watched...)
		return &past, err
	}
	var past *history.History
	var err error
	if state, ok := history.State(ctx, in.Source); !ok {
		past, err = read()
	} else {
		past, err = m.past.Try(memo.KeyOf(append([]string{state, in.Source}, watched...)...), read)
	}
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", in.Source, err)
	}
	return past, nil
}

// oldDocuments reads pages as they were at commits, each once. What a commit holds never changes.
func (m *Memory) oldDocuments(ctx context.Context, dir string, past *history.History) (old site.OldDocument, end func()) {
	if past == nil || !past.Known {
		return nil, func() {}
	}
	texts := past.Texts(ctx, dir)
	return func(commit, path string) *document.Document {
		return m.old.Get(memo.KeyOf(commit, path), func() *document.Document {
			text, ok := texts.At(commit, path)
			if !ok {
				return nil
			}
			return document.Parse(source.File{Path: path, Text: text})
		})
	}, texts.Close
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
	owners, problems, err := history.ReadOwners(root.FS())
	if err != nil {
		return history.Owners{}, nil, err
	}
	folder, back, err := between(top, dir)
	if err != nil {
		return history.Owners{}, nil, fmt.Errorf("find %s in its repository: %w", dir, err)
	}
	return owners.Below(folder, back), diag.Under(back, problems), nil
}

// between returns the paths from the top of a repository to a folder of it and back, slash-separated.
func between(top, dir string) (there, back string, err error) {
	full, err := filepath.Abs(dir)
	if err != nil {
		return "", "", err
	}
	there, err1 := filepath.Rel(top, full)
	back, err2 := filepath.Rel(full, top)
	return filepath.ToSlash(there), filepath.ToSlash(back), errors.Join(err1, err2)
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

// AssetNames are the paths of every file of the source that is no page.
func (c *Content) AssetNames() []string {
	names := make([]string, len(c.Tree.Assets))
	for i, a := range c.Tree.Assets {
		names[i] = a.Path
	}
	return names
}
