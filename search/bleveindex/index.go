// Package bleveindex answers queries on this machine, for the terminal and the
// dev server. Stage: beside the pipeline, fed with the records of a site.
//
// A bleve index (scorch) keeps, per document, the analysis that package search
// made of it. A query is planned against its dictionary, bleve retrieves the
// best candidates, and the formula of package search orders them, so that the
// terminal and the browser rank alike. No bleve type leaves this package.
package bleveindex

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"opsbook/search"
)

const (
	batchSize   = 500  // documents written at once
	lockTimeout = "2s" // bleve waits for ever otherwise
)

// Index is an index of records. It is safe for concurrent use.
type Index struct {
	bleve bleve.Index

	mu       sync.RWMutex
	lexis    *search.Lexis
	manifest manifest
}

// Memory returns an empty index that lives in memory.
func Memory() (*Index, error) {
	b, err := bleve.NewUsing("", bleve.NewIndexMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("make a search index in memory: %w", err)
	}
	return wrap(b)
}

// OpenIn opens the index in a folder of its own below cache, or makes one there. An index that another
// version made, or that is damaged, is made anew: it holds nothing that
// [Index.Update] cannot bring back. It is an error when another process has it
// open.
func OpenIn(cache string) (*Index, error) {
	dir := filepath.Join(cache, "search")
	if _, err := os.Stat(filepath.Join(dir, "index_meta.json")); err == nil {
		x, err := reopen(dir)
		if err == nil || errors.Is(err, errLocked) {
			return x, err
		}
		if err := os.RemoveAll(dir); err != nil {
			return nil, fmt.Errorf("replace the search index: %w", err)
		}
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return nil, fmt.Errorf("make a search index: %w", err)
	}
	config := map[string]any{"bolt_timeout": lockTimeout}
	b, err := bleve.NewUsing(dir, bleve.NewIndexMapping(), scorch.Name, scorch.Name, config)
	if err != nil {
		return nil, fmt.Errorf("make a search index in %s: %w", dir, err)
	}
	return wrap(b)
}

var (
	errLocked  = errors.New("another opsbook has the search index open; stop it, or search there")
	errVersion = errors.New("the search index is of another version")
)

func reopen(dir string) (*Index, error) {
	// On an error the returned interface is not nil although it holds nothing.
	b, err := bleve.OpenUsing(dir, map[string]any{"bolt_timeout": lockTimeout})
	if err != nil {
		if locked(err) {
			return nil, fmt.Errorf("open %s: %w", dir, errLocked)
		}
		return nil, err
	}
	x, err := wrap(b)
	if err == nil && x.manifest.Version != search.Version {
		err = errVersion
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return x, nil
}

func wrap(b bleve.Index) (*Index, error) {
	x := &Index{
		bleve:    b,
		lexis:    search.NewLexis(search.Synonyms(nil), search.FunctionWords()),
		manifest: manifest{Version: search.Version, Documents: map[string]known{}},
	}
	data, err := b.GetInternal(manifestKey)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the search index: %w", err), b.Close())
	}
	if data == nil {
		return x, nil
	}
	x.manifest = manifest{}
	if err := json.Unmarshal(data, &x.manifest); err != nil {
		return nil, fmt.Errorf("read the search index: %w", err)
	}
	return x, nil
}

// Close writes what is pending and releases the index.
func (x *Index) Close() error { return x.bleve.Close() }
