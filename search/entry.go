package search

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Entry is the analysis of one record: a pure function of it, so it may be
// remembered. Both indexes are built from entries alone.
type Entry struct {
	Doc    Doc
	Length Frequencies // tokens per field
	Terms  []byte      // packed, see Each
}

// Doc is what ranking and filters need to know of a record.
type Doc struct {
	Title, URL, Lang, Type, Owner, Severity, Status, Due, State string

	Services []string
	Boost    float64
}

// Mark says where a term stands that matters more than a word of a text. It is
// 3·n plus its kind: a position n in the title; the same where the title ends;
// the first term of a heading that is n positions wide. Positions count words
// and the characters of unspaced runs. No heading is 0 wide, so that this mark
// is free to say that the term names the page.
type Mark int

const (
	inTitle = iota
	endsTitle
	beginsHeading
	markKinds
)

// Exact marks a term that is an alert name or an id of the page.
const Exact Mark = beginsHeading

// maxPosition is where titles and headings are cut for marks: longer ones are
// texts.
const maxPosition = 300

func titleMark(position int, ends bool) Mark {
	if ends {
		return Mark(markKinds*position + endsTitle)
	}
	return Mark(markKinds*position + inTitle)
}

func headingMark(width int) Mark { return Mark(markKinds*width + beginsHeading) }

// title returns where in the title the term stands and whether the title ends
// with it; ok is false for a mark of another kind.
func (m Mark) title() (position int, ends, ok bool) {
	kind := int(m) % markKinds
	return int(m) / markKinds, kind == endsTitle, kind != beginsHeading
}

// Term is one term of an entry.
type Term struct {
	Count Frequencies
	Marks []Mark
}

const (
	keySign  = '=' // before a whole alert name of several words
	pathSign = '/' // before a page's URL
)

// Describe analyses a record.
func Describe(r Record) Entry {
	d := describers.Get().(*describer)
	defer d.rest()
	d.text(Title, r.Title)
	for _, alert := range r.Alerts {
		d.text(Alerts, alert)
		d.name(alert)
		if _, name, found := strings.Cut(alert, ":"); found {
			d.text(Alerts, name)
			d.name(name)
		}
	}
	if r.ID != "" {
		d.text(Alerts, r.ID)
		d.name(r.ID)
	}
	for _, s := range r.Sections {
		d.heading(s.Heading)
		d.text(Body, s.Text)
	}
	for _, tag := range slices.Concat(r.Tags, r.Services) {
		d.text(Tags, tag)
	}
	d.title(r.Title)
	for _, path := range append([]string{r.URL}, r.Paths...) {
		if key := pathKey(path); key != "" {
			d.term(key).Count[Alerts] = 1
		}
	}
	due := r.Due
	if due == "" && r.State == NeverReviewed {
		due = NeverReviewed
	}
	return Entry{
		Doc: Doc{
			Title: r.Title, URL: r.URL, Lang: r.Lang, Type: r.Type, Owner: r.Owner, Severity: r.Severity,
			Status: r.Status, Due: due, State: r.State, Services: r.Services, Boost: r.Boost,
		},
		Length: d.length,
		Terms:  d.pack(),
	}
}

// describers are used again: what they note of a record is many times what is kept of it.
var describers = sync.Pool{New: func() any {
	return &describer{numbers: map[string]int{}, analysis: analysis{letters: &letters{}}}
}}

// rest forgets a record.
func (d *describer) rest() {
	clear(d.numbers)
	clear(d.names)
	clear(d.terms)
	d.names, d.terms, d.length = d.names[:0], d.terms[:0], Frequencies{}
	clear(d.tokens)
	describers.Put(d)
}

type describer struct {
	numbers  map[string]int // of terms
	names    []string
	terms    []Term
	length   Frequencies
	analysis // its buffers serve all texts of the record
}

func (d *describer) term(term string) *Term {
	i, found := d.numbers[term]
	if !found {
		i = len(d.terms)
		d.numbers[term] = i
		d.names = append(d.names, term)
		d.terms = append(d.terms, Term{})
	}
	return &d.terms[i]
}

func (d *describer) text(f Field, text string) {
	d.read(text)
	d.run()
	for _, token := range d.tokens {
		d.term(token.Term).Count[f]++
		if token.Kind == Word || token.Kind == Bigram {
			d.length[f]++
		}
	}
}

// name marks what identifies the page: a name of one term by itself, a longer
// one by a key of its own.
func (d *describer) name(name string) {
	reading := read(name)
	switch {
	case reading.only != "":
		d.mark(reading.only, Exact)
	case reading.key != "":
		d.term(reading.key).Count[Alerts]++
		d.mark(reading.key, Exact)
	}
}

func (d *describer) title(title string) {
	reading := read(title)
	for _, u := range reading.units {
		if u.Position >= maxPosition {
			break
		}
		if u.Kind != Whole {
			d.mark(u.Term, titleMark(u.Position, u.Position+u.width() == reading.width))
		}
		if u.Kind == Bigram && u.ends {
			_, first := utf8.DecodeRuneInString(u.Term)
			last := u.Term[first:]
			d.mark(last, titleMark(u.Position+1, u.Position+2 == reading.width))
		}
	}
}

// heading adds a heading and marks its first term with the heading's width, by
// which a question that is the heading is known.
func (d *describer) heading(heading string) {
	d.text(Headings, heading)
	if len(d.tokens) > 0 && d.width < maxPosition {
		d.mark(d.tokens[0].Term, headingMark(d.width))
	}
}

func (d *describer) mark(term string, m Mark) {
	if i, found := d.numbers[term]; found && !slices.Contains(d.terms[i].Marks, m) {
		d.terms[i].Marks = append(d.terms[i].Marks, m)
	}
}

// pack writes each term: length, name, body count·2, and when that is odd the
// other counts and the marks.
func (d *describer) pack() []byte {
	size := 0
	for _, name := range d.names {
		size += len(name) + 3
	}
	packed := make([]byte, 0, size)
	for i, name := range d.names {
		packed = binary.AppendUvarint(packed, uint64(len(name)))
		packed = append(packed, name...)
		packed = d.terms[i].pack(packed)
	}
	return packed
}

func (t *Term) pack(packed []byte) []byte {
	body := uint64(t.Count[Body]) << 1
	if t.Count == (Frequencies{Body: t.Count[Body]}) && len(t.Marks) == 0 {
		return binary.AppendUvarint(packed, body)
	}
	packed = binary.AppendUvarint(packed, body|1)
	for f := Title; f < Body; f++ {
		packed = binary.AppendUvarint(packed, uint64(t.Count[f]))
	}
	packed = binary.AppendUvarint(packed, uint64(len(t.Marks)))
	slices.Sort(t.Marks)
	for _, m := range t.Marks {
		packed = binary.AppendUvarint(packed, uint64(m))
	}
	return packed
}

var errPacked = errors.New("read remembered search terms: the data is damaged; remove the cache folder")

// Each calls use with every term of the entry once. The marks are valid during
// the call only.
func (e Entry) Each(use func(name []byte, t Term)) error {
	u := unpacker{data: e.Terms}
	var marks []Mark
	for len(u.data) > 0 {
		name := u.bytes(u.number())
		body := u.number()
		t := Term{Marks: marks[:0]}
		t.Count[Body] = body >> 1
		if body&1 == 1 {
			for f := Title; f < Body; f++ {
				t.Count[f] = u.number()
			}
			for n := u.number(); n > 0 && !u.damaged; n-- {
				t.Marks = append(t.Marks, Mark(u.number()))
			}
			marks = t.Marks
		}
		if u.damaged {
			return errPacked
		}
		use(name, t)
	}
	return nil
}

type unpacker struct {
	data    []byte
	damaged bool
}

func (u *unpacker) number() int {
	n, size := binary.Uvarint(u.data)
	if size <= 0 || n > 1<<31 {
		u.damaged, u.data = true, nil
		return 0
	}
	u.data = u.data[size:]
	return int(n)
}

func (u *unpacker) bytes(n int) []byte {
	if n > len(u.data) {
		u.damaged, u.data = true, nil
		return nil
	}
	b := u.data[:n]
	u.data = u.data[n:]
	return b
}

// CompareTerms orders terms by UTF-16 code units, as JavaScript compares
// strings, so that both sides agree in which part of the index a term stands.
func CompareTerms(a, b string) int {
	for len(a) > 0 && len(b) > 0 {
		if a[0] == b[0] && a[0] < utf8.RuneSelf {
			a, b = a[1:], b[1:]
			continue
		}
		x, xSize := utf8.DecodeRuneInString(a)
		y, ySize := utf8.DecodeRuneInString(b)
		if x != y {
			return cmp.Compare(unitOrder(x), unitOrder(y))
		}
		a, b = a[xSize:], b[ySize:]
	}
	return cmp.Compare(len(a), len(b))
}

// unitOrder moves the code points above the surrogates behind all that are
// written with surrogates.
func unitOrder(r rune) rune {
	if r >= 0xE000 && r <= 0xFFFF {
		return r + utf8.MaxRune
	}
	return r
}
