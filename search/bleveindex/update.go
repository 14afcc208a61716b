package bleveindex

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"opsbook/search"
)

// Names of the fields of a bleve document.
const (
	termsField = "terms" // the packed analysis: indexed and kept
	headsField = "heads" // of it, what stands outside of the text: for common terms
	facetField = "facet" // "owner=dba", for filters
	pageField  = "page"  // what hits show
)

var manifestKey = []byte("opsbook")

// manifest is what the index knows of all documents together.
type manifest struct {
	Version   int
	Documents map[string]known // by URL
}

type known struct {
	Hash   string
	Length search.Frequencies
	Facets map[string][]string `json:",omitempty"`
}

// kept is a document as hits and ranking need it.
type kept struct {
	Doc    search.Doc
	Length search.Frequencies
	Page   search.Page
}

// Update makes the index hold exactly these records, and queries use the site's
// own synonyms beside the built-in ones. Records whose content did not change
// since the last update are left alone.
func (x *Index) Update(ctx context.Context, records []search.Record, synonyms [][]string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.lexis = search.NewLexis(search.Synonyms(synonyms), search.FunctionWords())
	next := manifest{Version: search.Version, Documents: make(map[string]known, len(records))}
	batch, changed := x.bleve.NewBatch(), false
	for _, r := range records {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("update the search index: %w", err)
		}
		sum := r.Hash()
		hash := hex.EncodeToString(sum[:12])
		if before, found := x.manifest.Documents[r.URL]; found && before.Hash == hash {
			next.Documents[r.URL] = before
			continue
		}
		entry := search.Describe(r)
		next.Documents[r.URL] = known{hash, entry.Length, search.FacetsOf(entry.Doc)}
		doc, err := makeDocument(r, entry)
		if err != nil {
			return fmt.Errorf("index %s: %w", r.URL, err)
		}
		if err := batch.IndexAdvanced(doc); err != nil {
			return fmt.Errorf("index %s: %w", r.URL, err)
		}
		changed = true
		if batch.Size() >= batchSize {
			if err := x.write(batch); err != nil {
				return err
			}
		}
	}
	for url := range x.manifest.Documents {
		if _, found := next.Documents[url]; !found {
			batch.Delete(documentID(url))
			changed = true
		}
	}
	if !changed {
		return nil
	}
	data, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("write the search index: %w", err)
	}
	batch.SetInternal(manifestKey, data)
	if err := x.write(batch); err != nil {
		return err
	}
	x.manifest = next
	return nil
}

func (x *Index) write(batch *bleve.Batch) error {
	if err := x.bleve.Batch(batch); err != nil {
		return fmt.Errorf("write the search index: %w", err)
	}
	batch.Reset()
	return nil
}

// documentID is a record's name in bleve, which refuses the home page's empty
// URL.
func documentID(url string) string { return "/" + url }

func makeDocument(r search.Record, e search.Entry) (*document.Document, error) {
	page := search.Page{File: r.File, Sections: slices.Clone(r.Sections)}
	for i := range page.Sections {
		page.Sections[i].Text = search.Clean(page.Sections[i].Text)
	}
	data, err := json.Marshal(kept{e.Doc, e.Length, page})
	if err != nil {
		return nil, err
	}
	var facets []string
	for name, values := range search.FacetsOf(e.Doc) {
		for _, v := range values {
			facets = append(facets, facetTerm(name, v))
		}
	}
	slices.Sort(facets)
	doc := document.NewDocument(documentID(r.URL))
	doc.AddField(document.NewTextFieldCustom(termsField, nil, e.Terms, index.IndexField|index.StoreField, packed{}))
	doc.AddField(document.NewTextFieldCustom(headsField, nil, e.Terms, index.IndexField, packed{heads: true}))
	doc.AddField(document.NewTextFieldCustom(facetField, nil, []byte(strings.Join(facets, "\n")), index.IndexField, lines{}))
	doc.AddField(document.NewTextFieldWithIndexingOptions(pageField, nil, data, index.StoreField))
	return doc, nil
}

func facetTerm(facet, value string) string { return facet + "=" + search.FilterKey(value) }

// packed gives bleve the terms that package search found, each as often as it
// weighs, so that bleve's own order is near enough to pick candidates by.
type packed struct{ heads bool }

// maxRepeats keeps a word that fills a log excerpt from filling the index.
const maxRepeats = 20

// Analyze implements [analysis.Analyzer].
func (p packed) Analyze(data []byte) analysis.TokenStream {
	var stream analysis.TokenStream
	// A damaged analysis ends early; the candidates' rescoring reports it.
	_ = search.Entry{Terms: data}.Each(func(name []byte, t search.Term) {
		if p.heads {
			t.Count[search.Body] = 0
			if t.Count == (search.Frequencies{}) {
				return
			}
		}
		token := &analysis.Token{Term: bytes.Clone(name), Position: len(stream) + 1}
		for range min(maxRepeats, max(1, t.Count.Weight())) {
			stream = append(stream, token)
		}
	})
	return stream
}

// lines makes a term of each line.
type lines struct{}

// Analyze implements [analysis.Analyzer].
func (lines) Analyze(data []byte) analysis.TokenStream {
	var stream analysis.TokenStream
	for line := range bytes.SplitSeq(data, []byte("\n")) {
		if len(line) > 0 {
			stream = append(stream, &analysis.Token{Term: line, Position: len(stream) + 1})
		}
	}
	return stream
}

// values returns the values of a facet in use.
func (m manifest) values(facet string) []string {
	seen := map[string]bool{}
	for _, d := range m.Documents {
		for _, v := range d.Facets[facet] {
			seen[v] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// average returns the mean field lengths, as the browser's index has them.
func (m manifest) average() [search.Fields]float64 {
	var sum search.Frequencies
	for _, d := range m.Documents {
		for f, n := range d.Length {
			sum[f] += n
		}
	}
	return search.AverageOf(sum, len(m.Documents))
}
