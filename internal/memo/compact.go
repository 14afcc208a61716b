package memo

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
)

// Compact is a codec for plain data: structs of exported fields, slices, arrays, maps with text for keys, pointers, texts, numbers, truth values.
// Each text is written once, and decoding costs an allocation for all of them together. Nil and empty slices stay apart. A type that holds
// anything else panics when the codec is made.
func Compact[V any]() Codec[V] {
	t := reflect.TypeFor[V]()
	mustBePlain(t, map[reflect.Type]bool{})
	return Codec[V]{
		Encode: func(v V) ([]byte, error) {
			e := compactEncoder{numbers: map[string]uint64{}}
			e.value(reflect.ValueOf(&v).Elem())
			head := binary.AppendUvarint(nil, uint64(len(e.lengths)))
			for _, n := range e.lengths {
				head = binary.AppendUvarint(head, n)
			}
			return append(append(head, e.texts...), e.data...), nil
		},
		Decode: func(data []byte) (v V, err error) {
			d := compactDecoder{data: data}
			d.readTexts()
			d.value(reflect.ValueOf(&v).Elem())
			if d.damaged || len(d.data) > 0 {
				return v, errCompact
			}
			return v, nil
		},
	}
}

var errCompact = errors.New("the value is damaged")

func mustBePlain(t reflect.Type, seen map[reflect.Type]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if !t.Field(i).IsExported() {
				panic(fmt.Sprintf("memo: %s.%s is not exported, so it cannot be kept", t, t.Field(i).Name))
			}
			mustBePlain(t.Field(i).Type, seen)
		}
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			panic(fmt.Sprintf("memo: a %s cannot be kept", t))
		}
		mustBePlain(t.Elem(), seen)
	case reflect.Slice, reflect.Array, reflect.Pointer:
		mustBePlain(t.Elem(), seen)
	case reflect.String, reflect.Bool, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
	default:
		panic(fmt.Sprintf("memo: a %s cannot be kept", t))
	}
}

type compactEncoder struct {
	numbers map[string]uint64 // of texts
	lengths []uint64
	texts   []byte
	data    []byte
}

func (e *compactEncoder) number(n uint64) { e.data = binary.AppendUvarint(e.data, n) }

func (e *compactEncoder) text(s string) {
	n, known := e.numbers[s]
	if !known {
		n = uint64(len(e.lengths))
		e.numbers[s] = n
		e.lengths = append(e.lengths, uint64(len(s)))
		e.texts = append(e.texts, s...)
	}
	e.number(n)
}

func (e *compactEncoder) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		e.text(v.String())
	case reflect.Bool:
		n := uint64(0)
		if v.Bool() {
			n = 1
		}
		e.number(n)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.data = binary.AppendVarint(e.data, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		e.number(v.Uint())
	case reflect.Float32, reflect.Float64:
		e.number(math.Float64bits(v.Float()))
	case reflect.Struct:
		for i := range v.NumField() {
			e.value(v.Field(i))
		}
	case reflect.Pointer:
		if v.IsNil() {
			e.number(0)
			return
		}
		e.number(1)
		e.value(v.Elem())
	case reflect.Map:
		e.mapping(v)
	case reflect.Array:
		for i := range v.Len() {
			e.value(v.Index(i))
		}
	default:
		e.slice(v)
	}
}

func (e *compactEncoder) mapping(v reflect.Value) {
	if v.IsNil() {
		e.number(0)
		return
	}
	e.number(uint64(v.Len()) + 1)
	for all := v.MapRange(); all.Next(); {
		e.text(all.Key().String())
		e.value(all.Value())
	}
}

func (e *compactEncoder) slice(v reflect.Value) {
	if v.IsNil() {
		e.number(0)
		return
	}
	e.number(uint64(v.Len()) + 1)
	if v.Type().Elem().Kind() == reflect.Uint8 {
		e.data = append(e.data, v.Bytes()...)
		return
	}
	for i := range v.Len() {
		e.value(v.Index(i))
	}
}

type compactDecoder struct {
	data    []byte
	texts   []string
	damaged bool
}

// take returns the next n bytes.
func (d *compactDecoder) take(n uint64) []byte {
	if n > uint64(len(d.data)) {
		d.damaged, d.data = true, nil
		return nil
	}
	b := d.data[:n]
	d.data = d.data[n:]
	return b
}

func (d *compactDecoder) number() uint64 {
	n, size := binary.Uvarint(d.data)
	d.take(uint64(max(size, 0)))
	d.damaged = d.damaged || size <= 0
	return n
}

func (d *compactDecoder) signed() int64 {
	n, size := binary.Varint(d.data)
	d.take(uint64(max(size, 0)))
	d.damaged = d.damaged || size <= 0
	return n
}

// count reads how many values follow, each of which takes a byte at least unless it is of a struct without fields.
func (d *compactDecoder) count() (n int, isNil bool) {
	c := d.number()
	if c == 0 || d.damaged {
		return 0, true
	}
	if c--; c > uint64(len(d.data)) {
		d.damaged = true
		return 0, true
	}
	return int(c), false
}

func (d *compactDecoder) readTexts() {
	n := d.number()
	if n > uint64(len(d.data)) {
		d.damaged = true
		return
	}
	lengths, sum := make([]uint64, n), uint64(0)
	for i := range lengths {
		lengths[i] = d.number()
		sum += min(lengths[i], math.MaxInt32)
	}
	all := string(d.take(sum))
	d.texts = make([]string, n)
	for i, size := range lengths {
		if size > uint64(len(all)) {
			d.damaged = true
			return
		}
		d.texts[i], all = all[:size], all[size:]
	}
}

func (d *compactDecoder) text() string {
	n := d.number()
	if n >= uint64(len(d.texts)) {
		d.damaged = true
		return ""
	}
	return d.texts[n]
}

func (d *compactDecoder) value(v reflect.Value) {
	if d.damaged {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(d.text())
	case reflect.Bool:
		v.SetBool(d.number() == 1)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(d.signed())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(d.number())
	case reflect.Float32, reflect.Float64:
		v.SetFloat(math.Float64frombits(d.number()))
	case reflect.Struct:
		for i := range v.NumField() {
			d.value(v.Field(i))
		}
	case reflect.Pointer:
		if d.number() == 1 && !d.damaged {
			v.Set(reflect.New(v.Type().Elem()))
			d.value(v.Elem())
		}
	case reflect.Map:
		d.mapping(v)
	case reflect.Array:
		for i := range v.Len() {
			d.value(v.Index(i))
		}
	default:
		d.slice(v)
	}
}

func (d *compactDecoder) mapping(v reflect.Value) {
	n, isNil := d.count()
	if isNil {
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), n))
	for range n {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		key.SetString(d.text())
		d.value(value)
		v.SetMapIndex(key, value)
	}
}

func (d *compactDecoder) slice(v reflect.Value) {
	n, isNil := d.count()
	if isNil {
		return
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		bytes := reflect.MakeSlice(v.Type(), n, n)
		copy(bytes.Bytes(), d.take(uint64(n)))
		v.Set(bytes)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		d.value(v.Index(i))
	}
}
