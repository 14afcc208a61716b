package generator

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"sync"

	"opsbook/generator/doctype"
	"opsbook/generator/source"
	"opsbook/internal/alert"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/history"
	"opsbook/internal/memo"
)

// Inputs is what a build reads, read: everything but the past, which depends on what pages watch.
type Inputs struct {
	Input
	config    *config.Config
	directory *config.Directory
	types     *doctype.Set
	tree      *source.Tree
	alerts    []alert.File
	owners    *history.Owners
	problems  []diag.Diagnostic // of all but the configuration

	typesKey     memo.Key // covers the files of types and their theme; zero if not all could be read
	typeProblems []diag.Diagnostic

	key func() (memo.Key, bool)
}

// Read reads what a build is made from. It fails only if the machine does.
func Read(ctx context.Context, in Input) (*Inputs, error) { return readAfter(ctx, in, nil) }

// readAfter is Read of a folder that was read before, of which only what changed is read again: nil for never. What is equal to what was there
// before is the same value.
func readAfter(ctx context.Context, in Input, before *Inputs) (*Inputs, error) {
	if before == nil {
		before = &Inputs{}
	}
	root, err := os.OpenRoot(in.Source)
	if err != nil {
		return nil, fmt.Errorf("open the content folder: %w", err)
	}
	defer root.Close()
	ontop := source.Over(root.FS(), in.Unsaved)
	r := &Inputs{Input: in}
	r.key = sync.OnceValues(func() (memo.Key, bool) { return r.hash(ctx) })
	if r.config, r.directory, err = config.Read(ontop); err != nil {
		return nil, err
	}
	if in.BaseURL != "" {
		r.config = r.config.WithBaseURL(in.BaseURL)
	}
	r.config, r.directory = unchanged(before.config, r.config), unchanged(before.directory, r.directory)
	r.readTypes(userFolder(ontop, "_types"), before)
	itself := reference{theme: in.Theme, types: r.types.Relabel(r.config.Labels, r.config.Sections)}
	from := source.Options{Fragments: itself.fragment, Before: before.tree, Now: in.Now, Unsaved: in.Unsaved}
	if r.tree, err = source.Read(ctx, in.Source, from); err != nil {
		return nil, fmt.Errorf("read %s: %w", in.Source, err)
	}
	owners, ownerProblems, err := readOwners(in.Source)
	if err != nil {
		return nil, err
	}
	files, alertProblems, err := alert.Find(in.Source, alertSources(r.config))
	if err != nil {
		return nil, err
	}
	r.owners, r.alerts = unchanged(before.owners, &owners), files
	r.problems = slices.Concat(r.tree.Problems, r.typeProblems, ownerProblems, alertProblems)
	return r, nil
}

// unchanged returns the value that was there before where the new one is equal.
func unchanged[T any](before, now *T) *T {
	if before != nil && reflect.DeepEqual(before, now) {
		return before
	}
	return now
}

// readTypes reads the types, unless no file of them has changed.
func (r *Inputs) readTypes(own fs.FS, before *Inputs) {
	h := memo.NewHash()
	err := hashFiles(h, r.Theme, "types")
	if err == nil && own != nil {
		err = hashFiles(h, own, ".")
	}
	if err == nil {
		r.typesKey = h.Key()
	}
	if before.types != nil && err == nil && r.typesKey == before.typesKey {
		r.types, r.typeProblems = before.types, before.typeProblems
		return
	}
	r.types, r.typeProblems = doctype.Load(r.Theme, own) // which reports what cannot be read
}

func alertSources(cfg *config.Config) []alert.Source {
	var sources []alert.Source
	for _, s := range cfg.Alerts.Sources {
		sources = append(sources, alert.Source{Kind: s.Kind, Globs: s.Globs})
	}
	return sources
}

// Key covers everything that decides what the site is and what is wrong with it: two builds with one key by one program are equal. There is
// none if something cannot be told cheaply, such as the past of a repository that Git does not read.
func (r *Inputs) Key() (memo.Key, bool) { return r.key() }

func (r *Inputs) hash(ctx context.Context) (memo.Key, bool) {
	h := memo.NewHash().String(r.Program).String(r.BaseURL).String(clock(r.Input, r.config).String()).Bool(r.Drafts).Bool(r.History)
	if r.History {
		state, ok := history.State(ctx, r.Source)
		if !ok {
			return memo.Key{}, false
		}
		h.String(state)
	}
	for _, f := range r.tree.Files {
		h.Add(fileKey(f))
	}
	for _, a := range r.alerts {
		h.String(a.Kind).String(a.Path).Bytes(a.Text)
	}
	h.String(r.owners.String())
	for _, d := range r.problems {
		h.String(fmt.Sprint(d))
	}
	// Configuration, theme, types and what is copied are assets of the tree.
	for _, a := range r.tree.Assets {
		text, err := fs.ReadFile(r.tree.FS, a.Path)
		if err != nil {
			return memo.Key{}, false
		}
		h.String(a.Path).Bytes(text)
	}
	return h.Key(), true
}
