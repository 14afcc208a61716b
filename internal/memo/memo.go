// Package memo remembers what pure functions returned, by a hash of what they were given.
//
// No stage knows of it: only generator.Build calls the stages through a Memo. A Memo lives as long as the process and is shared by
// successive builds; a Store beside it keeps values on disk, for the next process. Both may lose any entry at any time, which
// costs time and never changes a result. That holds only if a Key covers everything that the function reads.
package memo

import "sync"

// Memo remembers values of one function. It is safe for concurrent use; values are shared, so nobody may change one.
type Memo[V any] struct {
	disk    *disk[V]
	passing bool // values do not stay in memory

	mu         sync.Mutex
	entries    map[Key]*entry[V]
	generation uint64
}

type entry[V any] struct {
	done  chan struct{} // closed when value and ok are final
	value V
	ok    bool   // false if the function failed or panicked: whoever waited tries for itself
	used  uint64 // the generation that last asked; guarded by Memo.mu
}

// New returns a Memo that remembers in memory.
func New[V any]() *Memo[V] {
	return &Memo[V]{entries: map[Key]*entry[V]{}}
}

// Get returns the value that key stands for, calling compute if it is not remembered. Callers with the same key wait for the first of them.
func (m *Memo[V]) Get(key Key, compute func() V) V {
	v, _ := m.Try(key, func() (V, error) { return compute(), nil })
	return v
}

// Try is Get for a function that can fail, for example because its context ended. An error is returned and not remembered.
func (m *Memo[V]) Try(key Key, compute func() (V, error)) (V, error) {
	for {
		e, mine := m.enter(key)
		if mine {
			return m.fill(key, e, compute)
		}
		<-e.done
		if e.ok {
			return e.value, nil
		}
	}
}

// enter finds or makes the entry of a key and says whether the caller has to fill it.
func (m *Memo[V]) enter(key Key) (e *entry[V], mine bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, found := m.entries[key]
	if !found {
		e = &entry[V]{done: make(chan struct{})}
		m.entries[key] = e
	}
	e.used = m.generation
	return e, !found
}

// fill computes an entry's value. The deferred part runs on a panic too, so that nobody waits for ever.
func (m *Memo[V]) fill(key Key, e *entry[V], compute func() (V, error)) (V, error) {
	defer func() {
		if !e.ok || m.passing {
			m.forget(key, e)
		}
		close(e.done)
	}()
	if v, ok := m.disk.load(key); ok {
		e.value, e.ok = v, true
		return v, nil
	}
	v, err := compute()
	if err != nil {
		return v, err
	}
	m.disk.save(key, v)
	e.value, e.ok = v, true
	return v, nil
}

// forget drops an entry unless another has taken its place.
func (m *Memo[V]) forget(key Key, e *entry[V]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.entries[key] == e {
		delete(m.entries, key)
	}
}

// EndBuild ends a generation: entries that nobody asked for since the last call are dropped from memory. Call it after a whole build, not
// after a single page, or pages that were not looked at are forgotten.
func (m *Memo[V]) EndBuild() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, e := range m.entries {
		if e.used < m.generation {
			delete(m.entries, key)
		}
	}
	m.generation++
}

// Len is the number of values in memory.
func (m *Memo[V]) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.entries)
}
