package webindex

import (
	"fmt"
	"runtime"
	"slices"
	"sync"

	"opsbook/search"
)

// inverted is a term with all documents that hold it. Postings are kept as they
// will be written, a byte or two each: a site has millions.
type inverted struct {
	name     string
	weak     bool   // no impacts are written
	count    int    // documents
	last     int    // the last of them
	postings []byte // gap to the document before, less one; impact everywhere, unless it is the document's once
	heads    *heads // nil for a term that stands in texts alone, as most do
}

// heads is where a term stands outside of texts.
type heads struct {
	last     int
	gaps     []byte // as postings, with the impact outside of the text
	lastMark int
	marks    []byte // gap; mark
}

// postings returns what is written of a common term.
func (h *heads) postings() []byte {
	if h == nil {
		return nil
	}
	return h.gaps
}

// each calls use with every document that holds the term.
func (t *inverted) each(use func(doc int)) {
	s := scanner{text: string(t.postings)}
	for doc := -1; s.text != ""; {
		doc += s.number() + 1
		s.impact()
		use(doc)
	}
}

// invert turns documents of terms into the terms of all documents, in the order
// of [search.CompareTerms], and tells the impact of a term that stands once in
// each text. Each core inverts a run of documents.
func invert(entries []Entry) (terms []*inverted, once string, err error) {
	average := search.Average(func(yield func(search.Frequencies) bool) {
		for _, e := range entries {
			if !yield(e.Length) {
				return
			}
		}
	})
	runs := make([]inverter, min(runtime.GOMAXPROCS(0), 1+len(entries)/minimalRun))
	var all sync.WaitGroup
	impacts := make([]byte, len(entries))
	for i := range runs {
		runs[i] = inverter{average: average, once: impacts, byName: map[string]*inverted{}}
		from, to := i*len(entries)/len(runs), (i+1)*len(entries)/len(runs)
		all.Go(func() { runs[i].run(entries, from, to) })
	}
	all.Wait()
	for i := range runs {
		if err := runs[i].err; err != nil {
			return nil, "", err
		}
		if i > 0 {
			runs[0].join(&runs[i])
		}
	}
	return runs[0].terms, string(impacts), nil
}

// minimalRun is the number of documents below which another core is no help.
const minimalRun = 256

// inverter is a run of documents being inverted.
type inverter struct {
	average [search.Fields]float64
	once    []byte // of all documents, a digit each
	byName  map[string]*inverted
	terms   []*inverted
	slab    []inverted // terms are made many at a time
	err     error
}

func (v *inverter) run(entries []Entry, from, to int) {
	for doc := from; doc < to; doc++ {
		e := &entries[doc]
		inText := textImpacts(e.Length, v.average)
		v.once[doc] = digits[inText[1]]
		err := e.Each(func(name []byte, t search.Term) {
			v.term(name).add(doc, t, e.Length, v.average, &inText)
		})
		if err != nil {
			v.err = fmt.Errorf("index %s: %w", e.Doc.URL, err)
			return
		}
	}
	slices.SortFunc(v.terms, func(a, b *inverted) int { return search.CompareTerms(a.name, b.name) })
}

// term returns the term of a name, a new one if need be.
func (v *inverter) term(name []byte) *inverted {
	if t := v.byName[string(name)]; t != nil {
		return t
	}
	if len(v.slab) == 0 {
		v.slab = make([]inverted, 512)
	}
	t := &v.slab[0]
	v.slab = v.slab[1:]
	t.name, t.last = string(name), -1
	t.weak = search.Weak(t.name)
	v.byName[t.name] = t
	v.terms = append(v.terms, t)
	return t
}

// add notes that a document holds the term.
func (t *inverted) add(doc int, found search.Term, length search.Frequencies, average [search.Fields]float64, inText *[8]int8) {
	n, head := found.Count[search.Body], found.Count
	head[search.Body] = 0
	inHead := head != search.Frequencies{}
	impact := 0
	if !t.weak {
		if !inHead && n < len(inText) {
			impact = int(inText[n])
		} else {
			impact = search.Impact(t.name, found.Count, length, average)
		}
	}
	t.postings = t.posting(t.postings, doc-t.last-1, impact, inText)
	t.last = doc
	t.count++
	if !inHead && len(found.Marks) == 0 {
		return
	}
	if t.heads == nil {
		t.heads = &heads{last: -1}
	}
	h := t.heads
	if inHead {
		h.gaps = t.posting(h.gaps, doc-h.last-1, search.Impact(t.name, head, length, average), inText)
		h.last = doc
	}
	for _, m := range found.Marks {
		h.marks = appendNumber(h.marks, doc-h.lastMark)
		h.marks = appendNumber(h.marks, int(m))
		h.lastMark = doc
	}
}

func (t *inverted) posting(b []byte, gap, impact int, inText *[8]int8) []byte {
	b = appendNumber(b, gap)
	if !t.weak && impact != int(inText[1]) {
		b = append(b, impacts[impact])
	}
	return b
}

// textImpacts returns the impacts of a term that occurs 0, 1, 2, … times in the
// text of a record and nowhere else, which is what most terms do.
func textImpacts(length search.Frequencies, average [search.Fields]float64) (impacts [8]int8) {
	for n := range impacts {
		impacts[n] = int8(search.Impact("", search.Frequencies{search.Body: n}, length, average))
	}
	return impacts
}

// join puts a run of later documents behind the first one's.
func (v *inverter) join(later *inverter) {
	joined := make([]*inverted, 0, max(len(v.terms), len(later.terms)))
	a, b := v.terms, later.terms
	for len(a) > 0 && len(b) > 0 {
		switch order := search.CompareTerms(a[0].name, b[0].name); {
		case order < 0:
			joined, a = append(joined, a[0]), a[1:]
		case order > 0:
			joined, b = append(joined, b[0]), b[1:]
		default:
			a[0].join(b[0])
			joined, a, b = append(joined, a[0]), a[1:], b[1:]
		}
	}
	v.terms = append(append(joined, a...), b...)
}

// join appends postings of later documents: only the gap before the first of
// them changes.
func (t *inverted) join(later *inverted) {
	t.postings = appendShifted(t.postings, later.postings, t.last+1)
	t.last = later.last
	t.count += later.count
	h, more := t.heads, later.heads
	if h == nil || more == nil {
		if h == nil {
			t.heads = more
		}
		return
	}
	h.gaps = appendShifted(h.gaps, more.gaps, h.last+1)
	h.marks = appendShifted(h.marks, more.marks, h.lastMark)
	h.last, h.lastMark = max(h.last, more.last), max(h.lastMark, more.lastMark)
}

// appendShifted appends numbers, the first of which becomes less.
func appendShifted(b, more []byte, less int) []byte {
	if len(more) == 0 {
		return b
	}
	s := scanner{text: string(more[:min(len(more), maxNumber)])}
	first := s.number()
	b = appendNumber(b, first-less)
	return append(b, more[min(len(more), maxNumber)-len(s.text):]...)
}
