package search

import (
	"reflect"
	"testing"
)

// Whatever changes in a record changes its hash: what is remembered of it is named by that alone.
func TestHashReadsEveryField(t *testing.T) {
	var r Record
	seen := map[[32]byte]string{r.Hash(): "nothing"}
	note := func(name string) {
		if before, found := seen[r.Hash()]; found {
			t.Errorf("%s changed, and the record is still taken for the one where %s did", name, before)
		}
		seen[r.Hash()] = name
	}
	change := func(v reflect.Value) {
		for i := range v.NumField() {
			switch f := v.Field(i); f.Kind() {
			case reflect.String:
				f.SetString("x")
			case reflect.Int:
				f.SetInt(1)
			case reflect.Float64:
				f.SetFloat(2)
			default:
				f.Set(reflect.Append(f, reflect.Zero(f.Type().Elem())))
			}
			note(v.Type().Name() + "." + v.Type().Field(i).Name)
		}
	}
	change(reflect.ValueOf(&r).Elem())
	change(reflect.ValueOf(&r.Sections[0]).Elem())
}
