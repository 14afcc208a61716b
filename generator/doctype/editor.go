package doctype

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// editorDraft is the dialect of the schemas for editors: the newest that every YAML language server reads.
const editorDraft = "http://json-schema.org/draft-07/schema#"

// KeysOf returns the keys that a JSON Schema alone describes, without other files. Keys of the site's own words are "*".
func KeysOf(schema []byte) []Key {
	const at = base + "alone.json"
	s := newSchemaFiles(nil)
	s.seen[at] = file{"alone.json", schema}
	r := &referrer{files: s, accepted: map[string]bool{}, own: true}
	var out Key
	r.describe(&out, r.doc(at), at, 0)
	return out.Keys
}

// ForEditors returns the schema of the type's front matter as one file that needs no other, with titles and descriptions in a language. What
// we accept and a schema cannot say is allowed: a single value where a list may be, and numbers and truth values where text is asked for.
func (s *Schema) ForEditors(lang string) ([]byte, error) {
	out := map[string]any{}
	for _, part := range s.parts {
		doc, err := decodeSchema(part)
		if err != nil {
			return nil, err
		}
		merge(out, doc)
	}
	delete(out, "allOf")
	properties, _ := out["properties"].(map[string]any)
	for key := range s.accepted {
		if properties[key] == nil {
			properties[key] = map[string]any{}
		}
	}
	return forEditors(out, lang)
}

// AloneForEditors is ForEditors of a schema without other files.
func AloneForEditors(schema []byte, lang string) ([]byte, error) {
	doc, err := decodeSchema(schema)
	if err != nil {
		return nil, err
	}
	return forEditors(doc, lang)
}

// forEditors writes a schema for editors.
func forEditors(doc map[string]any, lang string) ([]byte, error) {
	doc["$schema"] = editorDraft
	if defs, ok := doc["$defs"]; ok {
		doc["definitions"] = defs
		delete(doc, "$defs")
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(plainWords(doc, lang, true)); err != nil {
		return nil, fmt.Errorf("write a schema: %w", err)
	}
	return b.Bytes(), nil
}

func decodeSchema(text []byte) (map[string]any, error) {
	var doc map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("read a schema: %w", err)
	}
	return doc, nil
}

// merge puts a schema over another: what each says of keys counts, and of all else the last.
func merge(to, from map[string]any) {
	for key, v := range from {
		below, isMap := v.(map[string]any)
		old, wasMap := to[key].(map[string]any)
		if isMap && wasMap && (key == "properties" || key == "$defs") {
			maps.Copy(old, below)
			continue
		}
		to[key] = v
	}
}

// plainWords turns our schema into one that any editor reads: words in one language, references within the file, and lax types. named is
// true where keys are words of JSON Schema and not of the front matter.
func plainWords(v any, lang string, named bool) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = plainWords(v[i], lang, named)
		}
	case map[string]any:
		if named {
			speak(v, lang)
		}
		for _, key := range slices.Collect(maps.Keys(v)) {
			keyed := key == "properties" || key == "definitions"
			switch {
			case named && key == "$ref":
				v[key] = localRef(fmt.Sprint(v[key]))
			case named && strings.HasPrefix(key, "x-"), named && key == "format": // our formats mean nothing elsewhere
				delete(v, key)
			case named && (key == "enum" || key == "default" || key == "required" || key == "type"):
			default:
				v[key] = plainWords(v[key], lang, !named || !keyed)
			}
		}
		if named {
			loosen(v)
		}
	}
	return v
}

// speak puts the words of a language in the place of the English ones.
func speak(v map[string]any, lang string) {
	words, _ := v["x-"+lang].(map[string]any)
	for _, key := range []string{"title", "description"} {
		if word, ok := words[key].(string); ok {
			v[key] = word
		}
	}
}

// localRef leads into the one file that the schema becomes.
func localRef(ref string) string {
	_, pointer, _ := strings.Cut(ref, "#")
	return "#" + strings.Replace(pointer, "/$defs/", "/definitions/", 1)
}

// loosen accepts what our reader accepts: `tags: one`, `tier: 1`.
func loosen(v map[string]any) {
	var types []any
	switch t := v["type"].(type) {
	case string:
		types = []any{t}
	case []any:
		types = t
	default:
		return
	}
	has := func(name string) bool { return slices.Contains(types, any(name)) }
	var more []any
	if has("string") || has("array") && scalars(v["items"]) {
		more = []any{"string", "number", "boolean"}
	}
	for _, name := range more {
		if !slices.Contains(types, name) {
			types = append(types, name)
		}
	}
	if len(types) > 1 {
		v["type"] = types
	}
}

// scalars reports whether the items of a list can be text.
func scalars(items any) bool {
	m, ok := items.(map[string]any)
	return ok && strings.Contains(fmt.Sprint(m["type"]), "string")
}
