package memo

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
)

// Key is the SHA-256 of everything that a remembered function reads.
type Key [sha256.Size]byte

// String returns the key in hexadecimal.
func (k Key) String() string { return hex.EncodeToString(k[:]) }

// KeyOf hashes parts in their order. Each is preceded by its length, so that ("ab", "c") and ("a", "bc") differ.
func KeyOf[T string | []byte](parts ...T) Key {
	h := NewHash()
	for _, p := range parts {
		h.Bytes([]byte(p))
	}
	return h.Key()
}

// Hash builds a Key out of parts of several kinds. Its zero value is not usable; see NewHash.
type Hash struct {
	sum     hash.Hash
	scratch [9]byte
}

// NewHash returns an empty Hash.
func NewHash() *Hash { return &Hash{sum: sha256.New()} }

// Bytes adds bytes, preceded by their length.
func (h *Hash) Bytes(p []byte) *Hash {
	h.number('b', uint64(len(p)))
	h.sum.Write(p)
	return h
}

// String adds text, as Bytes does.
func (h *Hash) String(s string) *Hash { return h.Bytes([]byte(s)) }

// Add adds another key, for a function of something that has already been hashed.
func (h *Hash) Add(k Key) *Hash { return h.Bytes(k[:]) }

// Int adds a whole number.
func (h *Hash) Int(n int64) *Hash {
	h.number('i', uint64(n))
	return h
}

// Bool adds a truth value.
func (h *Hash) Bool(b bool) *Hash {
	if b {
		return h.Int(1)
	}
	return h.Int(0)
}

// Key returns the key of everything added so far.
func (h *Hash) Key() Key { return Key(h.sum.Sum(nil)) }

func (h *Hash) number(tag byte, n uint64) {
	h.scratch[0] = tag
	binary.BigEndian.PutUint64(h.scratch[1:], n)
	h.sum.Write(h.scratch[:])
}
