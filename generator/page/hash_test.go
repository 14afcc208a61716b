package page

import (
	"fmt"
	"reflect"
	"testing"
)

// TestEveryFieldOfAPageIsHashed sets every field that a page can reach, one by one, and expects another hash each time.
func TestEveryFieldOfAPageIsHashed(t *testing.T) {
	p := full(reflect.TypeFor[Page](), nil).Interface().(Page)
	want := Hash(&p)
	if again := Hash(&p); again != want {
		t.Fatal("two hashes of one page differ")
	}
	changed := 0
	visit(reflect.ValueOf(&p).Elem(), "Page", func(path string, v reflect.Value) {
		was := reflect.New(v.Type()).Elem()
		was.Set(v)
		change(v)
		if Hash(&p) == want {
			t.Errorf("%s can change and the hash stays", path)
		}
		v.Set(was)
		changed++
	})
	if changed < 200 {
		t.Fatalf("only %d fields were tried: the walk has lost its way", changed)
	}
	if Hash(&p) != want {
		t.Fatal("the test has not put back what it changed")
	}
}

// full makes a value in which every slice, map and pointer holds something. A type inside itself ends at its second level.
func full(typ reflect.Type, above []reflect.Type) reflect.Value {
	v := reflect.New(typ).Elem()
	depth := 0
	for _, a := range above {
		if a == typ {
			depth++
		}
	}
	if depth > 1 {
		return v
	}
	above = append(above[:len(above):len(above)], typ)
	switch typ.Kind() {
	case reflect.Struct:
		for i := range typ.NumField() {
			if typ == bodyType && leftOut[typ.Field(i).Name] {
				continue
			}
			v.Field(i).Set(full(typ.Field(i).Type, above))
		}
	case reflect.Pointer:
		v.Set(reflect.New(typ.Elem()))
		v.Elem().Set(full(typ.Elem(), above))
	case reflect.Slice:
		v.Set(reflect.Append(v, full(typ.Elem(), above)))
	case reflect.Map:
		v.Set(reflect.MakeMap(typ))
		v.SetMapIndex(reflect.Zero(typ.Key()), full(typ.Elem(), above))
	}
	return v
}

// visit calls f with every value below v that holds no other.
func visit(v reflect.Value, path string, f func(string, reflect.Value)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if v.Type() == bodyType && leftOut[name] {
				continue
			}
			visit(v.Field(i), path+"."+name, f)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			visit(v.Elem(), path, f)
		}
		f(path+" (nil)", v)
	case reflect.Slice:
		for i := range v.Len() {
			visit(v.Index(i), fmt.Sprintf("%s[%d]", path, i), f)
		}
		f(path, v)
	default:
		f(path, v)
	}
}

func change(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(v.Int() + 1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(v.Uint() + 1)
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		} else {
			v.SetZero()
		}
	case reflect.Slice:
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
	case reflect.Map:
		more := reflect.MakeMap(v.Type())
		for _, k := range v.MapKeys() {
			more.SetMapIndex(k, v.MapIndex(k))
		}
		key := reflect.New(v.Type().Key()).Elem()
		change(key)
		more.SetMapIndex(key, reflect.Zero(v.Type().Elem()))
		v.Set(more)
	default:
		panic("the test cannot change a " + v.Type().String())
	}
}
