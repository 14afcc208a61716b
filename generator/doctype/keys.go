package doctype

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Key is one key of a type's front matter as its schema describes it: for the reference page, messages and editors.
type Key struct {
	Name        string
	Title       map[string]string // language -> words
	Description map[string]string
	Kinds       []string // JSON types: string, number, integer, boolean, array, object
	Format      string   // of the value, or of the items of a list
	Enum        []string
	Default     string
	Required    bool
	Keys        []Key // of the map that the value is, or of the maps in the list that it is
}

// Keys returns the keys of the type, those of every page first, in the order in which the schema describes them.
func (s *Schema) Keys() []Key { return s.keys }

// Raw returns the text of schema.json. Shared: never mutate.
func (s *Schema) Raw() []byte { return s.raw }

// lookUp follows a JSON pointer to the key it leads to.
func (s *Schema) lookUp(pointer []string) (Key, bool) {
	keys, found := s.keys, Key{}
	for _, step := range pointer {
		if _, err := strconv.Atoi(step); err == nil {
			continue
		}
		ok := false
		for _, k := range keys {
			if k.Name == step {
				found, keys, ok = k, k.Keys, true
				break
			}
		}
		if !ok {
			return Key{}, false
		}
	}
	return found, len(pointer) > 0
}

// format is the format of the key that a JSON pointer leads to.
func (s *Schema) format(pointer []string) string {
	k, _ := s.lookUp(pointer)
	return k.Format
}

// node is a JSON value that keeps the order of its keys.
type node struct {
	keys   []string
	fields map[string]*node
	items  []*node
	text   string // of anything else
}

func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	return n.fields[key]
}

func (n *node) word() string {
	if n == nil {
		return ""
	}
	return n.text
}

func parseNode(d *json.Decoder) (*node, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	n := &node{}
	switch t {
	case json.Delim('{'):
		n.fields = map[string]*node{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			child, err := parseNode(d)
			if err != nil {
				return nil, err
			}
			n.keys = append(n.keys, fmt.Sprint(key))
			n.fields[fmt.Sprint(key)] = child
		}
		_, err = d.Token()
	case json.Delim('['):
		for d.More() {
			child, err := parseNode(d)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, child)
		}
		_, err = d.Token()
	default:
		n.text = fmt.Sprint(t)
	}
	return n, err
}

// reference reads the keys that a type's schema describes, those of other generators that it accepts, and the files that say so, the type's
// own last.
func (s *schemaFiles) reference(name string) (keys []Key, accepted map[string]bool, parts [][]byte) {
	r := &referrer{files: s, accepted: map[string]bool{}}
	at := schemaURL(name)
	var out Key
	r.describe(&out, r.doc(at), at, 0)
	for _, address := range slices.Backward(r.visited) {
		parts = append(parts, s.seen[address].text)
	}
	return out.Keys, r.accepted, parts
}

// referrer reads schemas as documents, following their references.
type referrer struct {
	files    *schemaFiles
	accepted map[string]bool
	own      bool     // keys of a site's own words are keys too, called "*"
	visited  []string // addresses of the files that were read, the type's own first
}

func (r *referrer) doc(address string) *node {
	if !slices.Contains(r.visited, address) {
		r.visited = append(r.visited, address)
	}
	if n, ok := r.files.docs[address]; ok {
		return n
	}
	r.files.docs[address] = nil
	f, err := r.files.file(address)
	if err != nil {
		return nil // the compiler said so
	}
	d := json.NewDecoder(bytes.NewReader(f.text))
	d.UseNumber()
	n, err := parseNode(d)
	if err != nil {
		return nil
	}
	r.files.docs[address] = n
	return n
}

// maxDepth is how deep the reference follows schemas that contain themselves; front matter is no deeper than 32.
const maxDepth = 32

// describe adds what a schema says of a value to a key.
func (r *referrer) describe(k *Key, n *node, at string, depth int) {
	if n == nil || depth > maxDepth {
		return
	}
	if ref := n.get("$ref").word(); ref != "" {
		target, address := r.resolve(ref, at)
		r.describe(k, target, address, depth+1)
	}
	for _, list := range []string{"allOf", "oneOf", "anyOf"} {
		if parts := n.get(list); parts != nil {
			for _, part := range parts.items {
				r.describe(k, part, at, depth+1)
			}
		}
	}
	r.words(k, n)
	if accepted := n.get("x-accepted"); accepted != nil {
		for _, word := range accepted.items {
			r.accepted[word.text] = true
		}
	}
	if props := n.get("properties"); props != nil {
		for _, name := range props.keys {
			child := Key{Name: name}
			r.describe(&child, props.get(name), at, depth+1)
			k.put(child)
		}
	}
	if others := n.get("additionalProperties"); r.own && others != nil && others.fields != nil {
		child := Key{Name: "*"}
		r.describe(&child, others, at, depth+1)
		k.put(child)
	}
	if required := n.get("required"); required != nil {
		for _, word := range required.items {
			for i := range k.Keys {
				k.Keys[i].Required = k.Keys[i].Required || k.Keys[i].Name == word.text
			}
		}
	}
	if items := n.get("items"); items != nil {
		kinds := k.Kinds
		r.describe(k, items, at, depth+1)
		k.Kinds = kinds
	}
}

// words reads what a schema says of the value itself. What is nearer to the key wins.
func (r *referrer) words(k *Key, n *node) {
	set := func(to *map[string]string, lang, text string) {
		if text == "" {
			return
		}
		if *to == nil {
			*to = map[string]string{}
		}
		(*to)[lang] = text
	}
	if k.Name != "" {
		set(&k.Title, "en", n.get("title").word())
		set(&k.Title, "ja", n.get("x-ja").get("title").word())
		set(&k.Description, "en", n.get("description").word())
		set(&k.Description, "ja", n.get("x-ja").get("description").word())
	}
	if t := n.get("type"); t != nil {
		if t.text != "" {
			k.Kinds = append(k.Kinds, t.text)
		}
		for _, item := range t.items {
			k.Kinds = append(k.Kinds, item.text)
		}
	}
	if f := n.get("format").word(); f != "" {
		k.Format = f
	}
	if e := n.get("enum"); e != nil {
		k.Enum = nil
		for _, item := range e.items {
			k.Enum = append(k.Enum, item.text)
		}
	}
	if d := n.get("default").word(); d != "" {
		k.Default = d
	}
}

// put adds a key, or replaces the one of the same name.
func (k *Key) put(child Key) {
	for i := range k.Keys {
		if k.Keys[i].Name == child.Name {
			k.Keys[i] = child
			return
		}
	}
	k.Keys = append(k.Keys, child)
}

// resolve follows a reference to a schema in the same or another file.
func (r *referrer) resolve(ref, at string) (*node, string) {
	from, err := url.Parse(at)
	if err != nil {
		return nil, at
	}
	to, err := from.Parse(ref)
	if err != nil {
		return nil, at
	}
	pointer := to.Fragment
	to.Fragment, to.RawFragment = "", ""
	n := r.doc(to.String())
	for _, step := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		if step != "" {
			n = n.get(strings.NewReplacer("~1", "/", "~0", "~").Replace(step))
		}
	}
	return n, to.String()
}
