package memo

import (
	"bytes"
	"reflect"
	"testing"
)

type sample struct {
	Text, Again string
	Nil, Empty  []string
	Parts       []sample
	Bytes       []byte
	Ptr, None   *sample
	Small       int8
	Big         int64
	Count       uint32
	Share       float64
	On          bool
	Pair        [2]int
	Names       map[string][]int
}

func samples() []sample {
	inner := sample{Text: "障害", Again: "障害", Big: -1 << 60, Share: 1.5, Pair: [2]int{-1, 1 << 40}}
	return []sample{
		{},
		inner,
		{
			Text: "a", Again: "a", Empty: []string{}, Parts: []sample{inner, {}}, Bytes: []byte("x\x00y"), Ptr: &inner, Small: -8, Count: 1 << 31, On: true,
			Names: map[string][]int{"": nil, "b": {1, 2}},
		},
	}
}

func TestCompactKeepsEveryKindOfValue(t *testing.T) {
	codec := Compact[sample]()
	for _, want := range samples() {
		data, err := codec.Encode(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := codec.Decode(data)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	}
}

func TestCompactRefusesWhatItCannotKeep(t *testing.T) {
	for name, make := range map[string]func(){
		"an unexported field": func() { Compact[struct{ hidden int }]() },
		"a function":          func() { Compact[struct{ F func() }]() },
		"an interface":        func() { Compact[struct{ V any }]() },
		"a map of numbers":    func() { Compact[map[int]string]() },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was taken", name)
				}
			}()
			make()
		}()
	}
}

// FuzzCompact holds that damaged values are refused or decoded to something, and never panic.
func FuzzCompact(f *testing.F) {
	codec := Compact[sample]()
	for _, s := range samples() {
		data, _ := codec.Encode(s)
		f.Add(data)
		f.Add(bytes.Repeat(data, 2))
		f.Add(data[:len(data)/2])
	}
	f.Fuzz(func(t *testing.T, data []byte) { _, _ = codec.Decode(data) })
}
