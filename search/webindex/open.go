package webindex

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"opsbook/search"
)

// Reader answers queries from the files that [Write] made, as reader.js does in
// the browser. It reads everything at once and is safe for concurrent use.
type Reader struct {
	dir     directory
	docs    []search.Doc
	lexis   *search.Lexis
	terms   []string // by search.CompareTerms
	lines   map[string]string
	lexicon []search.TermCount
	common  map[string]string
	pages   []search.Page
}

// Open reads an index. The files are those of Write, by path.
func Open(files map[string][]byte) (*Reader, error) {
	r := &Reader{lines: map[string]string{}, common: map[string]string{}}
	data, err := unwrap(files, "index", "search/index.js")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &r.dir); err != nil {
		return nil, fmt.Errorf("read the search index: %w", err)
	}
	if r.dir.Version != version {
		return nil, fmt.Errorf("read the search index: version %d, want %d", r.dir.Version, version)
	}
	if r.dir.Small != "" {
		parts, err := unbundle(files, r.dir)
		if err != nil {
			return nil, err
		}
		maps.Copy(parts, files) // texts
		files = parts
	}
	if len(r.dir.Once) != r.dir.Documents || !areImpacts(r.dir.Once) {
		return nil, fmt.Errorf("%w: impacts", errDamaged)
	}
	r.lexis = search.NewLexis(r.dir.Synonyms, strings.Fields(r.dir.Function))
	for _, load := range []func(map[string][]byte) error{r.openShards, r.openLexicon, r.openCommon, r.openHeads, r.openTexts} {
		if err := load(files); err != nil {
			return nil, err
		}
	}
	return r, r.fill()
}

// areImpacts says that each character is the digit of an impact.
func areImpacts(list string) bool {
	for i := range len(list) {
		if n := digitValue(list[i]); n < 0 || n > search.MaxImpact {
			return false
		}
	}
	return true
}

var errDamaged = errors.New("read the search index: the file is damaged")

// unwrap returns the value of a part.
func unwrap(files map[string][]byte, name, path string) ([]byte, error) {
	data, found := files[path]
	if !found {
		return nil, fmt.Errorf("read the search index: %q is missing", path)
	}
	data, ok := bytes.CutPrefix(data, fmt.Appendf(nil, "__opsbook_search(%q,", name))
	data, ok2 := bytes.CutSuffix(data, []byte(")\n"))
	if !ok || !ok2 {
		return nil, fmt.Errorf("%w: %q", errDamaged, path)
	}
	return data, nil
}

// unbundle takes the one file of a small site apart, under the names that the
// parts would have alone.
func unbundle(files map[string][]byte, dir directory) (map[string][]byte, error) {
	path := "search/all." + dir.Small + ".js"
	all, found := files[path]
	if !found {
		return nil, fmt.Errorf("read the search index: %q is missing", path)
	}
	hash := map[string]string{"lex": dir.Lexicon}
	for kind, list := range map[string]string{"s": dir.Shards, "f": dir.Heads, "c": dir.Bits} {
		for i, h := range hashes(list) {
			hash[kind+strconv.Itoa(i)] = h
		}
	}
	parts := map[string][]byte{}
	const call = "__opsbook_search(\""
	for part := range bytes.SplitSeq(all, []byte("\n"+call)) {
		part = append([]byte(call), bytes.TrimPrefix(part, []byte(call))...)
		name, _, _ := strings.Cut(string(part[len(call):]), "\"")
		parts["search/"+name+"."+hash[name]+".js"] = append(bytes.TrimSuffix(part, []byte("\n")), '\n')
	}
	return parts, nil
}

// eachLine calls use with the term and the rest of each line of a part, and
// what stands between them.
func eachLine(files map[string][]byte, name, hash, between string, use func(term, rest string)) error {
	data, err := unwrap(files, name, "search/"+name+"."+hash+".js")
	if err != nil {
		return err
	}
	text := strings.NewReplacer("\\`", "`", "\\\\", "\\", "\\${", "${").Replace(strings.Trim(string(data), "`"))
	before := []uint16{}
	for line := range strings.Lines(text) {
		head, rest, found := strings.Cut(strings.TrimSuffix(line, "\n"), between)
		if !found || head == "" {
			return fmt.Errorf("%w: %s", errDamaged, name)
		}
		shared := digitValue(head[0])
		if shared < 0 || shared > len(before) {
			return fmt.Errorf("%w: %s", errDamaged, name)
		}
		before = append(before[:shared], utf16.Encode([]rune(head[1:]))...)
		use(string(utf16.Decode(before)), rest)
	}
	return nil
}

// hashes cuts a list of hashes.
func hashes(list string) []string {
	var all []string
	for i := 0; i+hashLength <= len(list); i += hashLength {
		all = append(all, list[i:i+hashLength])
	}
	return all
}

func (r *Reader) openShards(files map[string][]byte) error {
	for i, hash := range hashes(r.dir.Shards) {
		err := eachLine(files, "s"+strconv.Itoa(i), hash, " ", func(term, rest string) {
			r.terms = append(r.terms, term)
			r.lines[term] = rest
		})
		if err != nil {
			return err
		}
	}
	if !slices.IsSortedFunc(r.terms, search.CompareTerms) {
		return fmt.Errorf("%w: terms are out of order", errDamaged)
	}
	return nil
}

func (r *Reader) openLexicon(files map[string][]byte) error {
	if r.dir.Lexicon == "" {
		return nil
	}
	return eachLine(files, "lex", r.dir.Lexicon, " ", func(term, rest string) {
		s := scanner{text: rest}
		r.lexicon = append(r.lexicon, search.TermCount{Term: term, Count: s.number()})
	})
}

func (r *Reader) openCommon(files map[string][]byte) error {
	for i, hash := range hashes(r.dir.Bits) {
		name := "c" + strconv.Itoa(i)
		data, err := unwrap(files, name, "search/"+name+"."+hash+".js")
		if err != nil {
			return err
		}
		if i >= len(r.dir.Common) || len(data) != 2+(r.dir.Documents+5)/6 {
			return fmt.Errorf("%w: %s", errDamaged, name)
		}
		r.common[r.dir.Common[i]] = strings.Trim(string(data), "`")
	}
	return nil
}

func (r *Reader) openHeads(files map[string][]byte) error {
	for i, hash := range hashes(r.dir.Heads) {
		name := "f" + strconv.Itoa(i)
		damaged := false
		err := eachLine(files, name, hash, "\t", func(url, rest string) {
			fields := strings.Split(rest, "\t")
			page := search.Page{Sections: []search.Section{{}}}
			for at := 1; at+1 < len(fields); at += 2 {
				page.Sections = append(page.Sections, search.Section{Anchor: wholeAnchor(fields[at], fields[at+1]), Heading: fields[at+1]})
			}
			damaged = damaged || len(fields)%2 == 0
			r.docs, r.pages = append(r.docs, search.Doc{Title: fields[0], URL: url}), append(r.pages, page)
		})
		if err != nil {
			return err
		}
		if damaged {
			return fmt.Errorf("%w: %s", errDamaged, name)
		}
	}
	if len(r.docs) != r.dir.Documents {
		return fmt.Errorf("%w: %d documents, want %d", errDamaged, len(r.docs), r.dir.Documents)
	}
	return nil
}

// openTexts reads what [Texts] wrote, if it is there.
func (r *Reader) openTexts(files map[string][]byte) error {
	for first := 0; first < len(r.pages); first += together {
		name := "t" + strconv.Itoa(first/together)
		path := "search/" + name + ".js"
		if _, found := files[path]; !found {
			return nil
		}
		data, err := unwrap(files, name, path)
		if err != nil {
			return err
		}
		var list [][]string
		if json.Unmarshal(data, &list) != nil || len(list) > len(r.pages)-first {
			return fmt.Errorf("%w: %s", errDamaged, path)
		}
		for i, all := range list {
			sections := r.pages[first+i].Sections
			for j := range min(len(all), len(sections)) {
				sections[j].Text = all[j]
			}
		}
	}
	return nil
}

// fill completes the documents from the columns.
func (r *Reader) fill() error {
	for name, c := range r.dir.Columns {
		w := width(len(c.Values))
		if len(c.Docs) != w*len(r.docs) {
			return fmt.Errorf("%w: column %s", errDamaged, name)
		}
		for i := range r.docs {
			n := 0
			for k := w - 1; k >= 0; k-- {
				n = n<<6 | digitValue(c.Docs[i*w+k])
			}
			if n < 0 || n >= len(c.Values) {
				return fmt.Errorf("%w: column %s", errDamaged, name)
			}
			if err := setColumn(&r.docs[i], name, c.Values[n]); err != nil {
				return err
			}
		}
	}
	return nil
}

func setColumn(d *search.Doc, name string, values []string) (err error) {
	first := ""
	if len(values) > 0 {
		first = values[0]
	}
	switch name {
	case "type":
		d.Type = first
	case "service":
		d.Services = values
	case "owner":
		d.Owner = first
	case "severity":
		d.Severity = first
	case "status":
		d.Status = first
	case "lang":
		d.Lang = first
	case "due":
		d.Due = first
	case "boost":
		if first != "" {
			d.Boost, err = strconv.ParseFloat(first, 64)
		}
	}
	if err != nil {
		return fmt.Errorf("%w: boost %q", errDamaged, first)
	}
	return nil
}
