package serve

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"opsbook/generator"
	"opsbook/search"
	"opsbook/search/bleveindex"
)

// finder is the terminal's index over the latest build, made and brought up to date when somebody searches.
type finder struct {
	mu    sync.Mutex
	index *bleveindex.Index
	of    *generator.Result
}

// at returns the index of a build.
func (f *finder) at(ctx context.Context, built *generator.Result) (*bleveindex.Index, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.index == nil {
		index, err := bleveindex.Memory()
		if err != nil {
			return nil, err
		}
		f.index = index
	}
	if f.of != built {
		if err := f.index.Update(ctx, built.Records(), built.Site.Config.Synonyms); err != nil {
			return nil, fmt.Errorf("update the search index: %w", err)
		}
		f.of = built
	}
	return f.index, nil
}

// search answers a query as the terminal does, in the same JSON.
func (s *Server) search(w http.ResponseWriter, r *http.Request) {
	built := s.latest()
	if built == nil {
		http.Error(w, "the first build is not ready", http.StatusServiceUnavailable)
		return
	}
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit < 1 || limit > 1000 {
		limit = 10
	}
	query := search.Query{Text: r.URL.Query().Get("q"), Limit: limit, Clock: built.Site.Clock.String(), Lang: r.URL.Query().Get("lang")}
	if query.Lang == "" {
		query.Lang = built.Site.Languages[0]
	}
	index, err := s.finder.at(r.Context(), built)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer, err := index.Answer(r.Context(), query)
	if err != nil {
		http.Error(w, fmt.Sprintf("search: %v", err), http.StatusInternalServerError)
		return
	}
	answerJSON(w, r, answer)
}
