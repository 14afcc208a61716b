package memo

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
)

// A pack is a file of values that never changes once it has its name:
//
//	magic | values | index: key, offset, length, checksum of the value ... | footer: offset, entries and checksum of the index, magic
//
// Numbers are big-endian. Whoever meets a pack that is not whole takes it for nothing.
const (
	packMagic  = "opsmemo1"
	indexEntry = len(Key{}) + 8 + 4 + 4
	footerSize = 8 + 4 + 4 + len(packMagic)
	maxValue   = 1 << 30
)

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	errDamaged = errors.New("damaged")
)

// slot is where a value lies.
type slot struct {
	pack   *pack
	offset int64
	length uint32
	sum    uint32
}

// pack is an open file of values. It stays readable when another process deletes it.
type pack struct {
	file *os.File
	path string
	size int64
}

// read returns a value, or an error if its bytes are not what was written.
func (s slot) read() ([]byte, error) {
	value := make([]byte, s.length)
	if _, err := s.pack.file.ReadAt(value, s.offset); err != nil {
		return nil, err
	}
	if crc32.Checksum(value, castagnoli) != s.sum {
		return nil, errDamaged
	}
	return value, nil
}

// openPack opens a pack and hands over its index.
func openPack(path string, each func(Key, slot)) (*pack, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	p := &pack{file: f, path: path}
	if err := p.readIndex(each); err != nil {
		f.Close()
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return p, nil
}

func (p *pack) readIndex(each func(Key, slot)) error {
	info, err := p.file.Stat()
	if err != nil {
		return err
	}
	p.size = info.Size()
	var footer [footerSize]byte
	if _, err := p.file.ReadAt(footer[:], max(0, p.size-int64(footerSize))); err != nil {
		return err
	}
	at, n := int64(binary.BigEndian.Uint64(footer[:])), int64(binary.BigEndian.Uint32(footer[8:]))
	if string(footer[16:]) != packMagic || at < int64(len(packMagic)) || at+n*int64(indexEntry)+int64(footerSize) != p.size {
		return errDamaged
	}
	index := make([]byte, n*int64(indexEntry))
	if _, err := p.file.ReadAt(index, at); err != nil {
		return err
	}
	if crc32.Checksum(index, castagnoli) != binary.BigEndian.Uint32(footer[12:]) {
		return errDamaged
	}
	for ; len(index) > 0; index = index[indexEntry:] {
		numbers := index[len(Key{}):]
		s := slot{
			pack: p, offset: int64(binary.BigEndian.Uint64(numbers)),
			length: binary.BigEndian.Uint32(numbers[8:]), sum: binary.BigEndian.Uint32(numbers[12:]),
		}
		if s.offset < 0 || s.offset+int64(s.length) > at {
			return errDamaged
		}
		each(Key(index[:len(Key{})]), s)
	}
	return nil
}

// packWriter writes a pack under a temporary name. Values can be read back before it is finished.
type packWriter struct {
	pack
	index []byte
}

func newPackWriter(dir string) (*packWriter, error) {
	f, err := os.CreateTemp(dir, temporaryPattern)
	if err != nil {
		return nil, err
	}
	w := &packWriter{pack: pack{file: f, path: f.Name()}}
	return w, w.append([]byte(packMagic))
}

func (w *packWriter) append(p []byte) error {
	n, err := w.file.WriteAt(p, w.size)
	w.size += int64(n)
	return err
}

// add appends a value.
func (w *packWriter) add(key Key, value []byte) (slot, error) {
	if len(value) > maxValue {
		return slot{}, errors.New("the value is too large")
	}
	s := slot{pack: &w.pack, offset: w.size, length: uint32(len(value)), sum: crc32.Checksum(value, castagnoli)}
	if err := w.append(value); err != nil {
		return slot{}, err
	}
	w.index = append(w.index, key[:]...)
	w.index = binary.BigEndian.AppendUint64(w.index, uint64(s.offset))
	w.index = binary.BigEndian.AppendUint32(w.index, s.length)
	w.index = binary.BigEndian.AppendUint32(w.index, s.sum)
	return s, nil
}

// sizeWith is the size of the finished pack if one more value of n bytes went in.
func (w *packWriter) sizeWith(n int) int64 {
	return w.size + int64(len(w.index)+n+indexEntry+footerSize)
}

func (w *packWriter) entries() int { return len(w.index) / indexEntry }

// finish completes the pack and gives it its name.
func (w *packWriter) finish(path string) error {
	at := w.size
	footer := binary.BigEndian.AppendUint64(nil, uint64(at))
	footer = binary.BigEndian.AppendUint32(footer, uint32(w.entries()))
	footer = binary.BigEndian.AppendUint32(footer, crc32.Checksum(w.index, castagnoli))
	footer = append(footer, packMagic...)
	if err := w.append(append(w.index, footer...)); err != nil {
		return err
	}
	if err := os.Rename(w.path, path); err != nil {
		return err
	}
	w.path = path
	return nil
}

// abandon removes an unfinished pack.
func (w *packWriter) abandon() {
	w.file.Close()
	os.Remove(w.path)
}
