// Package webindex writes the index that the browser searches, at the end of
// the pipeline: entries in, files out, nothing else.
//
// The index is a set of classic scripts, each of which calls
// __opsbook_search(name, value), so that it works from file:// and under a
// policy that forbids inline scripts. search/index.js has the one stable name;
// it names all others by hash:
//
//	index.js      document count, parts, facets, due dates, synonyms
//	s<i>.<h>.js   terms and where they stand, sorted, about 3 KB each
//	f<i>.<h>.js   addresses, titles and headings of some documents
//	lex.<h>.js    words for typos
//	all.<h>.js    instead of these, for a small site, all of them in one
//	c<i>.<h>.js   which documents hold a very common term
//
// It holds no texts: a site has them in its pages, where a reader's browser
// finds what a hit says. Only a folder that is opened from a disk, where no page
// can fetch another, holds them as scripts: see [Texts].
//
// A line of a shard is: the number of UTF-16 units shared with the term before,
// the rest of the term, a space, for a common term "!" and its document count,
// the postings (gap to the document before, less one; impact, unless it is the
// one of a term that stands once in the document's text, as most do, or the term
// holds hiragana and so has a fixed one), and for terms of titles, headings and
// names a space and the marks (gap; mark). reader.js is the reader
// that ships; [Open] reads the same files in Go and holds both to each other.
package webindex

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"opsbook/search"
)

const (
	version = 3

	shardSize  = 3 << 10 // bytes before a shard is cut where two letters change
	shardLimit = 2 * shardSize
	headSize   = 4 << 10
	smallSite  = 240 << 10 // bytes in all, about 100 KB gzip, that are loaded at once
)

// Entry is the analysis of one record, a pure function of it.
type Entry struct {
	search.Entry
	Head []byte // title, and the anchor (see shortAnchor) and heading of each section but the first, apart by tabs
}

// Options are what a site adds.
type Options struct {
	Synonyms [][]string // beside the built-in groups
}

// Analyze prepares a record for [Write]. It depends on the record alone, so the
// result may be remembered.
func Analyze(r search.Record) Entry {
	r.Title = search.Clean(r.Title) // with a tab in it, it would be two
	head := []byte(r.Title)
	for _, s := range r.Sections[min(1, len(r.Sections)):] {
		heading := search.Clean(s.Heading)
		head = append(append(head, '\t'), shortAnchor(search.Clean(s.Anchor), heading)...)
		head = append(append(head, '\t'), heading...)
	}
	return Entry{search.Describe(r), head}
}

// directory is the value of search/index.js.
type directory struct {
	Version   int               `json:"v"`
	Documents int               `json:"n"`
	Small     string            `json:"small"`  // hash of the one file that holds every part, "" for none
	Keys      bool              `json:"keys"`   // some names of pages are several words
	Firsts    []string          `json:"firsts"` // first term of each shard
	Shards    string            `json:"shards"` // hashes, hashLength each
	Counts    string            `json:"counts"` // number of documents in each file of heads
	Heads     string            `json:"heads"`  // hashes
	Once      string            `json:"once"`   // impact of a term that stands once in the text of each document
	Lexicon   string            `json:"lex"`    // hash, "" for none
	Common    []string          `json:"common"` // terms in too many documents
	Bits      string            `json:"bits"`   // hashes
	Columns   map[string]column `json:"columns"`
	Synonyms  [][]string        `json:"synonyms"`
	Function  string            `json:"function"`
	Filters   map[string]string `json:"filters"` // of search.FilterWords
}

// Write returns the files of the index by path. Entries may come in any order.
func Write(entries []Entry, o Options) (map[string][]byte, error) {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b Entry) int { return strings.Compare(a.Doc.URL, b.Doc.URL) })
	w := writer{entries: entries, files: map[string][]byte{}}
	w.dir = directory{
		Version: version, Documents: len(entries),
		Synonyms: search.Synonyms(o.Synonyms), Function: strings.Join(search.FunctionWords(), " "),
		Filters: search.FilterWords(),
	}
	var err error
	if w.terms, w.dir.Once, err = invert(entries); err != nil {
		return nil, err
	}
	w.shards()
	w.heads()
	w.lexicon()
	w.common()
	w.dir.Columns = columns(entries)
	size := 0
	for _, data := range w.files {
		size += len(data)
	}
	if size <= smallSite {
		w.bundle()
	}
	value, err := marshal(w.dir)
	if err != nil {
		return nil, fmt.Errorf("write the search index: %w", err)
	}
	w.files["search/index.js"] = script("index", value)
	return w.files, nil
}

type writer struct {
	entries []Entry
	dir     directory
	files   map[string][]byte
	terms   []*inverted // by search.CompareTerms
}

// shards writes the terms.
func (w *writer) shards() {
	var lines []byte
	var hashes strings.Builder
	first, before := "", ""
	flush := func() {
		name := "s" + strconv.Itoa(len(w.dir.Firsts))
		hashes.WriteString(w.add(name, template(lines)))
		w.dir.Firsts = append(w.dir.Firsts, first)
		lines = lines[:0]
	}
	for _, t := range w.terms {
		w.dir.Keys = w.dir.Keys || t.name[0] == '='
		full := len(lines) >= shardLimit || len(lines) >= shardSize && twoRunes(t.name) != twoRunes(before)
		if full {
			flush()
		}
		if len(lines) == 0 {
			first, before = t.name, ""
		}
		lines = w.line(lines, before, t)
		before = t.name
	}
	if len(lines) > 0 {
		flush()
	}
	w.dir.Shards = hashes.String()
}

// twoRunes returns the first two code points of a term.
func twoRunes(term string) string {
	_, first := utf8.DecodeRuneInString(term)
	_, second := utf8.DecodeRuneInString(term[first:])
	return term[:first+second]
}

func (w *writer) line(b []byte, before string, t *inverted) []byte {
	b = appendTerm(b, before, t.name)
	b = append(b, ' ')
	if search.Common(t.count, len(w.entries)) {
		b = append(b, '!')
		b = appendNumber(b, t.count)
		b = append(b, t.heads.postings()...)
	} else {
		b = append(b, t.postings...)
	}
	if t.heads != nil && len(t.heads.marks) > 0 {
		b = append(b, ' ')
		b = append(b, t.heads.marks...)
	}
	return append(b, '\n')
}

// appendTerm writes a term behind the one before it: how many UTF-16 units both
// share, at most 63 and never half a surrogate pair, and the rest.
func appendTerm(b []byte, before, term string) []byte {
	shared, bytes := 0, 0
	for bytes < len(term) && bytes < len(before) {
		r, size := utf8.DecodeRuneInString(term[bytes:])
		if q, _ := utf8.DecodeRuneInString(before[bytes:]); q != r || shared+utf16.RuneLen(r) > 63 {
			break
		}
		shared += utf16.RuneLen(r)
		bytes += size
	}
	b = append(b, digits[shared])
	return append(b, term[bytes:]...)
}

// heads writes what is drawn of a hit at once: a line is the address behind the
// one before it, a tab and the head.
func (w *writer) heads() {
	var hashes strings.Builder
	var counts, lines []byte
	number, first, before := 0, 0, ""
	flush := func(next int) {
		counts = appendNumber(counts, next-first)
		hashes.WriteString(w.add("f"+strconv.Itoa(number), template(lines)))
		number++
		first, before, lines = next, "", lines[:0]
	}
	for doc, e := range w.entries {
		if len(lines) > 0 && len(lines)+len(e.Head) > headSize {
			flush(doc)
		}
		lines = append(appendTerm(lines, before, e.Doc.URL), '\t')
		lines = append(append(lines, e.Head...), '\n')
		before = e.Doc.URL
	}
	if len(lines) > 0 {
		flush(len(w.entries))
	}
	w.dir.Heads, w.dir.Counts = hashes.String(), string(counts)
}

// lexicon writes the words that a typo may have meant, with their counts.
func (w *writer) lexicon() {
	var lines []byte
	before := ""
	for _, t := range w.terms {
		if !search.InLexicon(t.name) {
			continue
		}
		lines = appendTerm(lines, before, t.name)
		lines = append(lines, ' ')
		lines = appendNumber(lines, t.count)
		lines = append(lines, '\n')
		before = t.name
	}
	if len(lines) > 0 {
		w.dir.Lexicon = w.add("lex", template(lines))
	}
}

// common writes, for each common term, one bit per document.
func (w *writer) common() {
	w.dir.Common = []string{}
	for _, t := range w.terms {
		if !search.Common(t.count, len(w.entries)) {
			continue
		}
		bits := make([]byte, (len(w.entries)+5)/6)
		t.each(func(doc int) { bits[doc/6] |= 1 << (doc % 6) })
		for i, b := range bits {
			bits[i] = digits[b]
		}
		w.dir.Bits += w.add("c"+strconv.Itoa(len(w.dir.Common)), template(bits))
		w.dir.Common = append(w.dir.Common, t.name)
	}
}

// bundle puts all parts into one file: a small site's are loaded at once.
func (w *writer) bundle() {
	var all []byte
	for _, path := range slices.Sorted(maps.Keys(w.files)) {
		all = append(all, w.files[path]...)
	}
	hash := hashOf(all)
	w.dir.Small = hash
	w.files = map[string][]byte{"search/all." + hash + ".js": all}
}

// hashLength is the number of characters of a hash in a file name: 25 bits, for
// the versions of one part that follow one another, not for strangers' files.
const hashLength = 5

// add keeps a file and returns its hash.
func (w *writer) add(name string, value []byte) string {
	data := script(name, value)
	hash := hashOf(data)
	w.files["search/"+name+"."+hash+".js"] = data
	return hash
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5])[:hashLength])
}
