package doctype

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"opsbook/internal/diag"
)

// Schema is what front matter of a type may hold. Shared between builds and goroutines: never mutate.
type Schema struct {
	compiled  *jsonschema.Schema
	plan      *plan
	accepted  map[string]bool     // keys of other generators: kept, not read
	elsewhere map[string][]string // key -> types that know it, of all types of the set
	raw       []byte
	parts     [][]byte // the files that the schema is made of, its own last
	keys      []Key
}

// rawSchema is the schema of a type before it is compiled.
type rawSchema struct {
	name string
	file file
}

// base is the address under which schemas refer to each other; it exists only here.
const base = "opsbook://types/"

func schemaURL(name string) string { return base + url.PathEscape(name) + "/schema.json" }

// compile compiles the schemas of all types; those that do not compile are replaced by the keys that every page may have.
func (l *loader) compile(set *Set, raws []rawSchema) {
	docs := newSchemaFiles(l)
	c := newCompiler(docs)
	for _, raw := range raws {
		docs.seen[schemaURL(raw.name)] = raw.file
	}
	for _, raw := range raws {
		from := docs
		compiled, err := c.Compile(schemaURL(raw.name))
		if err != nil {
			l.badSchema(raw.file, err)
			from = newSchemaFiles(l)
			from.seen[schemaURL(raw.name)] = file{raw.file.path, []byte(`{"$ref": "../common.schema.json"}`)}
			if compiled, err = newCompiler(from).Compile(schemaURL(raw.name)); err != nil {
				compiled = &jsonschema.Schema{} // common.schema.json itself is broken, and said so
			}
		}
		s := &Schema{compiled: compiled, plan: newPlan(compiled), raw: raw.file.text}
		s.keys, s.accepted, s.parts = from.reference(raw.name)
		set.ByName[raw.name].Schema = s
	}
	elsewhere := map[string][]string{}
	for _, raw := range raws {
		for key := range set.ByName[raw.name].Schema.plan.props {
			elsewhere[key] = append(elsewhere[key], raw.name)
		}
	}
	for _, raw := range raws {
		set.ByName[raw.name].Schema.elsewhere = elsewhere
	}
}

// newCompiler makes a compiler that knows our formats and reads nothing but the types' own files.
func newCompiler(docs *schemaFiles) *jsonschema.Compiler {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.UseLoader(docs)
	c.AssertFormat()
	for name, valid := range formats {
		c.RegisterFormat(&jsonschema.Format{Name: name, Validate: valid})
	}
	return c
}

// badSchema reports what keeps a schema from compiling, at its line where that is known.
func (l *loader) badSchema(f file, err error) {
	var load *jsonschema.LoadURLError
	if errors.As(err, &load) {
		err = load.Err // it names an address that exists only here
	}
	var broken *brokenJSON
	var invalid *jsonschema.SchemaValidationError
	switch {
	case errors.As(err, &broken):
		l.wrong(broken.pos(), "the schema is no JSON: %s", broken)
	case errors.As(err, &invalid):
		at, what := deepest(invalid.Err)
		l.wrong(pointerPos(f, at), "the schema is no JSON Schema: %s", what)
	default:
		l.wrong(diag.Pos{File: f.path, Line: 1, Col: 1}, "compile the schema: %s", firstLine(err.Error()))
	}
}

// deepest is the place and the words of the innermost thing wrong with a schema.
func deepest(err error) ([]string, string) {
	var v *jsonschema.ValidationError
	if !errors.As(err, &v) {
		return nil, firstLine(err.Error())
	}
	for len(v.Causes) > 0 {
		v = v.Causes[0]
	}
	return v.InstanceLocation, v.ErrorKind.LocalizedString(english)
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// offsetPos turns a byte offset into a place.
func offsetPos(f file, offset int) diag.Pos {
	offset = min(max(offset-1, 0), len(f.text))
	before := f.text[:offset]
	line := bytes.Count(before, []byte("\n")) + 1
	start := bytes.LastIndexByte(before, '\n') + 1
	return diag.Pos{File: f.path, Line: line, Col: len([]rune(string(before[start:]))) + 1}
}

// pointerPos finds the key that a JSON pointer leads to by walking the tokens of the file.
func pointerPos(f file, pointer []string) diag.Pos {
	d := json.NewDecoder(bytes.NewReader(f.text))
	at := 0
	for _, want := range pointer {
		offset, ok := enter(d, want)
		if !ok {
			break
		}
		at = offset
	}
	if at == 0 {
		return diag.Pos{File: f.path, Line: 1, Col: 1}
	}
	return offsetPos(f, at)
}

// enter moves the decoder to the value of a key or an index of the object or array that comes next, and says where the key starts.
func enter(d *json.Decoder, want string) (int, bool) {
	open, err := d.Token()
	if err != nil {
		return 0, false
	}
	for i := 0; d.More(); i++ {
		name, at := fmt.Sprint(i), int(d.InputOffset())
		if open == json.Delim('{') {
			key, err := d.Token()
			if err != nil {
				return 0, false
			}
			name = fmt.Sprint(key)
			at = int(d.InputOffset()) - len(name) - 1
		}
		if name == want {
			return at, true
		}
		var skip json.RawMessage
		if d.Decode(&skip) != nil {
			return 0, false
		}
	}
	return 0, false
}

// brokenJSON is a file of a schema that is no JSON.
type brokenJSON struct {
	file file
	err  error
}

func (b *brokenJSON) Error() string { return b.err.Error() }

// pos is where the JSON breaks off.
func (b *brokenJSON) pos() diag.Pos {
	var syntax *json.SyntaxError
	if errors.As(b.err, &syntax) {
		return offsetPos(b.file, int(syntax.Offset))
	}
	return offsetPos(b.file, len(b.file.text))
}

// schemaFiles gives the compiler the files that schemas refer to.
type schemaFiles struct {
	l    *loader
	seen map[string]file
	docs map[string]*node // parsed, for the reference
}

func newSchemaFiles(l *loader) *schemaFiles {
	return &schemaFiles{l: l, seen: map[string]file{}, docs: map[string]*node{}}
}

// Load implements jsonschema.URLLoader. Addresses outside the types' folders do not exist: a build reads no network.
func (s *schemaFiles) Load(address string) (any, error) {
	f, err := s.file(address)
	if err != nil {
		return nil, err
	}
	var doc any
	d := json.NewDecoder(bytes.NewReader(f.text))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return nil, &brokenJSON{f, err}
	}
	return doc, nil
}

func (s *schemaFiles) file(address string) (file, error) {
	if f, ok := s.seen[address]; ok {
		return f, nil
	}
	name, ok := strings.CutPrefix(address, base)
	if !ok {
		return file{}, fmt.Errorf("%s is outside the folder of types", address)
	}
	name, err := url.PathUnescape(name)
	if err != nil {
		return file{}, err
	}
	f, ok := s.l.open(path.Clean(name))
	if !ok {
		return file{}, fmt.Errorf("%s does not exist", path.Clean(name))
	}
	s.seen[address] = f
	return f, nil
}

// Known returns the keys that the schema describes, in alphabetical order.
func (s *Schema) Known() []string {
	var keys []string
	for key := range s.plan.props {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
