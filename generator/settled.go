package generator

import (
	"errors"

	"opsbook/generator/output"
	"opsbook/internal/diag"
	"opsbook/internal/memo"
)

// Summary is what is said of a build when it is done.
type Summary struct {
	Pages  int // HTML pages
	Files  int // all files, without those kept for readers of the build before
	Counts diag.Counts
}

// Settled returns the summary of a build whose whole output is in out already: equal inputs made what lies there, and nobody touched it since.
func (m *Memory) Settled(r *Inputs, out string) (Summary, bool) {
	key, ok := m.settledKey(r, out)
	if !ok {
		return Summary{}, false
	}
	s, err := m.settled.Try(key, func() (Summary, error) { return Summary{}, errUnknown })
	return s, err == nil && output.Intact(out) // asked last: it looks at every file
}

var errUnknown = errors.New("no such build")

// Settle remembers that out holds what r makes.
func (m *Memory) Settle(r *Inputs, out string, s Summary) {
	if key, ok := m.settledKey(r, out); ok {
		m.settled.Get(key, func() Summary { return s })
	}
}

// settledKey covers the inputs and the list of what lies in out.
func (m *Memory) settledKey(r *Inputs, out string) (memo.Key, bool) {
	if m.settled == nil || r.Program == "" {
		return memo.Key{}, false
	}
	list, ok := output.List(out)
	if !ok {
		return memo.Key{}, false
	}
	inputs, ok := r.Key()
	return memo.NewHash().Add(inputs).Bytes(list[:]).Key(), ok
}
