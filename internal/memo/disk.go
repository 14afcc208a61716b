package memo

import (
	"bytes"
	"encoding/gob"
)

// Codec turns values into bytes and back. What Decode returns must be equal to what Encode was given.
type Codec[V any] struct {
	Encode func(V) ([]byte, error)
	Decode func([]byte) (V, error)
}

// Gob is the codec of encoding/gob: exported fields only, and no difference between nil and empty.
func Gob[V any]() Codec[V] {
	return Codec[V]{
		Encode: func(v V) ([]byte, error) {
			var b bytes.Buffer
			err := gob.NewEncoder(&b).Encode(&v)
			return b.Bytes(), err
		},
		Decode: func(data []byte) (V, error) {
			var v V
			err := gob.NewDecoder(bytes.NewReader(data)).Decode(&v)
			return v, err
		},
	}
}

// Raw is the codec of bytes.
func Raw() Codec[[]byte] {
	same := func(b []byte) ([]byte, error) { return b, nil }
	return Codec[[]byte]{Encode: same, Decode: same}
}

// NewStored returns a Memo that also keeps its values in a store, where they are told apart from others by a name. Change the name whenever
// the function or the codec does: values of an earlier version of the program are there too. A nil store means memory alone.
func NewStored[V any](store *Store, name string, codec Codec[V]) *Memo[V] {
	m := New[V]()
	if store != nil {
		m.disk = &disk[V]{store: store, name: name, codec: codec}
	}
	return m
}

// NewPassing is NewStored for values that are too many to hold: once returned, a value is only in the store.
func NewPassing[V any](store *Store, name string, codec Codec[V]) *Memo[V] {
	m := NewStored(store, name, codec)
	m.passing = true
	return m
}

// disk is a Memo's part of a Store. A nil disk remembers nothing.
type disk[V any] struct {
	store *Store
	name  string
	codec Codec[V]
}

func (d *disk[V]) key(k Key) Key { return NewHash().String(d.name).Add(k).Key() }

func (d *disk[V]) load(k Key) (v V, ok bool) {
	if d == nil {
		return v, false
	}
	data, found := d.store.get(d.key(k))
	if !found {
		return v, false
	}
	v, err := d.codec.Decode(data)
	if err != nil {
		d.store.drop(d.key(k))
	}
	return v, err == nil
}

func (d *disk[V]) save(k Key, v V) {
	if d == nil {
		return
	}
	if data, err := d.codec.Encode(v); err == nil {
		d.store.put(d.key(k), data)
	}
}
