package page

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"opsbook/generator/markdown"
)

// Hash returns a hash of all that a page holds. Two pages with one hash render alike by one theme, in this process and in any other.
//
// Every field is hashed because types are walked, not listed: a field that is added is hashed too. Two are left out, since others stand for
// them: a body's text (its hash is in the document) and the highlighter's memory, which is none of the page's business.
func Hash(p *Page) [32]byte { return hashOf(reflect.ValueOf(p).Elem()) }

// HashOf is Hash for a part of a page, or a value made of such parts.
func HashOf(part any) [32]byte { return hashOf(reflect.ValueOf(part)) }

func hashOf(v reflect.Value) [32]byte {
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	*buf = appendValue((*buf)[:0], v)
	return sha256.Sum256(*buf)
}

var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 16<<10); return &b }}

// leftOut are the fields of a body that are not hashed.
var leftOut = map[string]bool{"Text": true, "Code": true}

var bodyType = reflect.TypeFor[markdown.Body]()

// appendValue writes a value so that different values of one type give different bytes: everything of changing length says how long it is.
func appendValue(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.String:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		return append(b, v.String()...)
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1)
		}
		return append(b, 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(b, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(b, v.Uint())
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, 0)
		}
		return appendValue(append(b, 1), v.Elem())
	case reflect.Slice:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		for i := range v.Len() {
			b = appendValue(b, v.Index(i))
		}
		return b
	case reflect.Map:
		return appendMap(b, v)
	case reflect.Struct:
		return appendStruct(b, v)
	default:
		panic(fmt.Sprintf("page: a %s cannot be hashed, so it cannot be part of a page", v.Type())) // a test hashes every type
	}
}

func appendStruct(b []byte, v reflect.Value) []byte {
	for i := range v.NumField() {
		if v.Type() == bodyType && leftOut[bodyType.Field(i).Name] {
			continue
		}
		b = appendValue(b, v.Field(i))
	}
	return b
}

func appendMap(b []byte, v reflect.Value) []byte {
	b = binary.AppendUvarint(b, uint64(v.Len()))
	keys := v.MapKeys()
	slices.SortFunc(keys, func(x, y reflect.Value) int {
		if x.Kind() == reflect.String {
			return cmp.Compare(x.String(), y.String())
		}
		return cmp.Compare(x.Int(), y.Int())
	})
	for _, k := range keys {
		b = appendValue(appendValue(b, k), v.MapIndex(k))
	}
	return b
}
