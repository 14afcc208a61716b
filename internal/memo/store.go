package memo

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// storeFolder carries the version of the format: another version is another folder, and old ones are removed.
	storeFolder      = "memo-1"
	packSuffix       = ".pack"
	temporaryPattern = "new-*.tmp"
	// abandonedAfter is the age at which a temporary file cannot belong to a process that still writes it.
	abandonedAfter = 24 * time.Hour
)

// Store keeps values on disk for the next process. It is a folder of packs, each of which is written once, under another name, and then
// only read or deleted: so several processes can share it, anyone may delete it, and what is damaged is only forgotten. It never
// fails a build: a value that cannot be written or read is computed again.
type Store struct {
	dir   string
	limit int64

	mu    sync.Mutex
	slots map[Key]slot
	used  map[Key]bool
	packs []*pack // by age, oldest first
	now   *packWriter
}

// Open opens or makes a store in a folder, which also gets a .gitignore. The size of the packs stays below limit bytes; when it would not, values
// that were not asked for go first. The error is that of a folder that cannot be written.
func Open(folder string, limit int64) (*Store, error) {
	s := &Store{dir: filepath.Join(folder, storeFolder), limit: limit, slots: map[Key]slot{}, used: map[Key]bool{}}
	if err := s.open(folder); err != nil {
		return nil, fmt.Errorf("open the memory of earlier builds: %w", err)
	}
	return s, nil
}

func (s *Store) open(folder string) error {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return err
	}
	ignore := filepath.Join(folder, ".gitignore")
	if _, err := os.Lstat(ignore); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(ignore, []byte("*\n"), 0o644); err != nil {
			return err
		}
	}
	w, err := newPackWriter(s.dir)
	if err != nil {
		return err
	}
	s.now = w
	s.removeOld(folder)
	s.load()
	return nil
}

var otherVersion = regexp.MustCompile(`^memo-\d+$`)

// removeOld removes what other versions and killed processes left. The age of a file is told by the one that was just made.
func (s *Store) removeOld(folder string) {
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		if e.IsDir() && otherVersion.MatchString(e.Name()) && e.Name() != storeFolder {
			os.RemoveAll(filepath.Join(folder, e.Name()))
		}
	}
	mine, err := s.now.file.Stat()
	if err != nil {
		return
	}
	temporary, _ := os.ReadDir(s.dir)
	for _, e := range temporary {
		info, err := e.Info()
		if err == nil && strings.HasSuffix(e.Name(), ".tmp") && mine.ModTime().Sub(info.ModTime()) > abandonedAfter {
			os.Remove(filepath.Join(s.dir, e.Name()))
		}
	}
}

// load reads the indices of all packs, oldest first, so that the newest wins. A pack that is not whole is removed.
func (s *Store) load() {
	entries, _ := os.ReadDir(s.dir) // sorted by name, which starts with the age
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), packSuffix) || !e.Type().IsRegular() {
			continue
		}
		path, index := filepath.Join(s.dir, e.Name()), map[Key]slot{}
		p, err := openPack(path, func(k Key, at slot) { index[k] = at })
		if err != nil {
			os.Remove(path)
			continue
		}
		maps.Copy(s.slots, index)
		s.packs = append(s.packs, p)
	}
}

// get returns a stored value. Nobody else has its bytes.
func (s *Store) get(key Key) ([]byte, bool) {
	s.mu.Lock()
	at, found := s.slots[key]
	s.mu.Unlock()
	if !found {
		return nil, false
	}
	value, err := at.read()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		if s.slots[key] == at {
			delete(s.slots, key)
		}
		return nil, false
	}
	s.used[key] = true
	return value, true
}

// put stores a value, unless it is there or the disk does not take it.
func (s *Store) put(key Key, value []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used[key] = true
	if _, found := s.slots[key]; found {
		return
	}
	if s.now == nil {
		w, err := newPackWriter(s.dir)
		if err != nil {
			return
		}
		s.now = w
	}
	if s.now.sizeWith(len(value)) > s.limit {
		return
	}
	at, err := s.now.add(key, value)
	if err != nil {
		s.giveUp()
		return
	}
	s.slots[key] = at
}

// drop forgets a value that its reader cannot use.
func (s *Store) drop(key Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.slots, key)
}

// giveUp forgets what was to be written, because the disk is full or gone.
func (s *Store) giveUp() {
	maps.DeleteFunc(s.slots, func(_ Key, at slot) bool { return at.pack == &s.now.pack })
	s.now.abandon()
	s.now = nil
}

// Flush makes what was stored so far visible to other processes. Packs that are small beside the new one become part of it, so that
// there are only a few of them, and each value is copied a few times at most.
func (s *Store) Flush() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now == nil {
		return nil
	}
	merged, room := s.mergeable()
	if s.now.entries() == 0 && len(merged) == 0 {
		s.giveUp()
		return nil
	}
	if err := s.rewrite(merged, room); err != nil {
		s.giveUp()
		return fmt.Errorf("store what the build remembers: %w", err)
	}
	return nil
}

// mergeable returns the packs whose values the new pack takes over, and the size that it may have: all packs if the limit is passed, and
// then a part of the limit, so that the next build does not pass it again; else those smaller than what the new pack holds by then.
func (s *Store) mergeable() (merged []*pack, room int64) {
	total := s.now.sizeWith(0)
	for _, p := range s.packs {
		total += p.size
	}
	if total > s.limit {
		return slices.Clone(s.packs), max(s.limit/4*3, s.now.sizeWith(0))
	}
	if s.now.entries() == 0 {
		return nil, s.limit
	}
	bySize := slices.SortedFunc(slices.Values(s.packs), func(a, b *pack) int { return cmp.Compare(a.size, b.size) })
	size := s.now.sizeWith(0)
	for _, p := range bySize {
		if p.size > size {
			break
		}
		merged = append(merged, p)
		size += p.size
	}
	return merged, s.limit
}

// rewrite copies what is worth keeping of some packs into the new one, as far as there is room, names it, and removes them.
func (s *Store) rewrite(merged []*pack, room int64) error {
	moved := map[Key]slot{}
	for _, key := range s.worth(merged) {
		at := s.slots[key]
		if s.now.sizeWith(int(at.length)) > room {
			continue
		}
		value, err := at.read()
		if err != nil {
			continue // damaged, so forgotten
		}
		if moved[key], err = s.now.add(key, value); err != nil {
			return err
		}
	}
	name, err := s.newName()
	if err != nil {
		return err
	}
	if err := s.now.finish(filepath.Join(s.dir, name)); err != nil {
		return err
	}
	s.adopt(moved, merged)
	return nil
}

// worth returns the keys of the values in some packs, those that were asked for first, then those in younger packs.
func (s *Store) worth(merged []*pack) []Key {
	age := map[*pack]int{}
	for _, p := range merged {
		age[p] = slices.Index(s.packs, p) + 1
	}
	var keys []Key
	for key, at := range s.slots {
		if age[at.pack] > 0 {
			keys = append(keys, key)
		}
	}
	rank := func(k Key) int {
		if s.used[k] {
			return 0
		}
		return 1
	}
	slices.SortFunc(keys, func(a, b Key) int {
		x, y := s.slots[a], s.slots[b]
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(age[y.pack], age[x.pack]), cmp.Compare(x.offset, y.offset))
	})
	return keys
}

// adopt counts the finished pack among the others, in the place of those that it has swallowed.
func (s *Store) adopt(moved map[Key]slot, merged []*pack) {
	gone := map[*pack]bool{}
	for _, p := range merged {
		gone[p] = true
	}
	maps.DeleteFunc(s.slots, func(_ Key, at slot) bool { return gone[at.pack] })
	maps.Copy(s.slots, moved)
	s.packs = slices.DeleteFunc(s.packs, func(p *pack) bool { return gone[p] })
	s.packs = append(s.packs, &s.now.pack)
	s.now = nil
	for _, p := range merged {
		p.file.Close()
		os.Remove(p.path)
	}
}

// newName returns a name that sorts after those of all packs, and that no other process takes.
func (s *Store) newName() (string, error) {
	age := 1
	for _, p := range s.packs {
		var n int
		if _, err := fmt.Sscanf(filepath.Base(p.path), "%d-", &n); err == nil {
			age = max(age, n+1)
		}
	}
	random := make([]byte, 8)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	return fmt.Sprintf("%010d-%s%s", age, hex.EncodeToString(random), packSuffix), nil
}

// Close flushes and lets go of the files.
func (s *Store) Close() error {
	err := s.Flush()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.packs {
		p.file.Close()
	}
	s.packs, s.slots = nil, map[Key]slot{}
	return err
}
