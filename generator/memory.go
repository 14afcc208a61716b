package generator

import (
	"context"
	"fmt"
	"sync/atomic"

	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/internal/alert"
	"opsbook/internal/history"
	"opsbook/internal/memo"
	"opsbook/search"
	"opsbook/search/webindex"
)

// Memory is what successive builds share. It may be lost at any time; results never differ for it.
type Memory struct {
	documents *memo.Memo[*document.Document]
	alerts    *memo.Memo[alert.Parsed]
	past      *memo.Memo[*history.History]
	old       *memo.Memo[*document.Document] // pages as they were
	looks     *memo.Memo[*look]
	entries   *memo.Memo[webindex.Entry]
	pages     *memo.Memo[[]byte]          // nil: a page is rendered once and handed on
	last      atomic.Pointer[Inputs]      // as they were last read
	known     atomic.Pointer[site.Memory] // pages as they were resolved; nil while somebody has it
	keyed     atomic.Pointer[map[string]keyed]
	settled   *memo.Memo[Summary] // nil: it does not outlive the process
}

// NewMemory returns an empty memory for the builds of one process.
func NewMemory() *Memory {
	m := Once()
	m.pages = memo.New[[]byte]()
	m.entries = memo.New[webindex.Entry]()
	m.known.Store(&site.Memory{})
	return m
}

// Once returns an empty memory for one build, which holds no rendered page.
func Once() *Memory {
	return &Memory{
		documents: memo.New[*document.Document](),
		alerts:    memo.New[alert.Parsed](),
		past:      memo.New[*history.History](),
		old:       memo.New[*document.Document](),
		looks:     memo.New[*look](),
		entries:   memo.NewPassing(nil, "", memo.Compact[webindex.Entry]()),
	}
}

// OnceMore returns a memory for one build that remembers on disk what this program analysed and built before.
func OnceMore(store *memo.Store, program string) *Memory {
	m := Once()
	m.settled = memo.NewStored(store, "settled "+program, memo.Gob[Summary]())
	m.entries = memo.NewPassing(store, fmt.Sprintf("search entry %s %d", program, search.Version), memo.Compact[webindex.Entry]())
	if program != "" { // else nobody can tell whether the next program reads alike
		m.documents = memo.NewPassing(store, "document "+program, withoutText())
	}
	return m
}

// withoutText is the codec of documents without their text, which is in the file: parse fills it in.
func withoutText() memo.Codec[*document.Document] {
	whole := memo.Compact[*document.Document]()
	return memo.Codec[*document.Document]{Decode: whole.Decode, Encode: func(d *document.Document) ([]byte, error) {
		less := *d
		less.Text = nil
		return whole.Encode(&less)
	}}
}

// read is Read of a folder that may have been read before, of which only what changed is read again.
func (m *Memory) read(ctx context.Context, in Input) (*Inputs, error) {
	r, err := readAfter(ctx, in, m.last.Load())
	if err == nil && !m.once() {
		m.last.Store(r)
	}
	return r, err
}

// takePages returns what is known of pages by themselves, nil while another has it. Whoever takes it puts it back.
func (m *Memory) takePages() *site.Memory { return m.known.Swap(nil) }

func (m *Memory) putPages(known *site.Memory) {
	if known != nil {
		m.known.Store(known)
	}
}

// once reports whether the memory is that of one build, all of which is written.
func (m *Memory) once() bool { return m.pages == nil }

// endBuild forgets what the last build did not ask for.
func (m *Memory) endBuild() {
	m.documents.EndBuild()
	m.alerts.EndBuild()
	m.past.EndBuild()
	m.old.EndBuild()
	m.looks.EndBuild()
}
