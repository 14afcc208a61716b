package fix

import (
	"strings"

	"opsbook/generator/doctype"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// key spells a key as the one that it must mean: no other is near, and none has that name beside it.
func (f *finder) key(d diag.Diagnostic, t *text) (Fix, bool) {
	var known []string
	var beside meta.Value
	var wrong meta.Field
	switch e := f.entries[d.Pos.File]; {
	case e != nil:
		path, field, in, ok := fieldAt(e.Doc.Front, d.Pos)
		if !ok {
			return Fix{}, false
		}
		known, beside, wrong = names(e.Type.Schema.Keys(), path), in, field
	default:
		raw, problems := meta.Read(d.Pos.File, t.raw, 1)
		path, field, in, ok := fieldAt(raw, d.Pos)
		if !ok || len(problems) > 0 {
			return Fix{}, false
		}
		known, beside, wrong = names(f.fileKeys(d.Pos.File), path), in, field
	}
	near, ok := diag.OnlyNear(wrong.Key, known)
	if !ok || beside.Has(near) {
		return Fix{}, false
	}
	at, rest := t.at(d.Pos.Line, d.Pos.Col)
	if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'') {
		at, rest = at+1, rest[1:]
	}
	if !strings.HasPrefix(rest, wrong.Raw) {
		return Fix{}, false
	}
	return one(d.Pos.File, at, at+len(wrong.Raw), near, diag.T("spell the key %s", near))
}

// fileKeys are the keys of opsbook.yaml and directory.yaml.
func (f *finder) fileKeys(file string) []doctype.Key {
	switch file {
	case f.Site.Config.File:
		return doctype.KeysOf(config.SettingsSchema())
	case f.Site.Directory.File:
		return doctype.KeysOf(config.DirectorySchema())
	}
	return nil
}

// fieldAt finds the key that starts at a place: the keys it is below, itself and the map it is in.
func fieldAt(v meta.Value, pos diag.Pos) (path []string, found meta.Field, in meta.Value, ok bool) {
	for _, field := range v.Fields {
		if field.Pos == pos {
			return nil, field, v, true
		}
		if path, found, in, ok = fieldAt(field.Value, pos); ok {
			return append([]string{field.Key}, path...), found, in, true
		}
	}
	for _, item := range v.Items {
		if path, found, in, ok = fieldAt(item, pos); ok {
			return path, found, in, true
		}
	}
	return nil, meta.Field{}, meta.Value{}, false
}

// names are the keys that may stand below a path of keys.
func names(keys []doctype.Key, path []string) []string {
	for _, step := range path {
		var below []doctype.Key
		for _, k := range keys {
			if k.Name == step || k.Name == "*" {
				below = k.Keys
			}
		}
		keys = below
	}
	var out []string
	for _, k := range keys {
		out = append(out, k.Name)
	}
	return out
}

// date writes a day in the form YYYY-MM-DD. A time of day would be lost, so a date with one stays.
func (f *finder) date(d diag.Diagnostic, t *text) (Fix, bool) {
	if d.Hint.Format != "write %s" || len(d.Hint.Args) != 1 || len(d.Message.Args) == 0 {
		return Fix{}, false
	}
	written, day := d.Message.Args[0].Word, d.Hint.Args[0].Word
	at, rest := t.at(d.Pos.Line, d.Pos.Col)
	if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'') {
		at, rest = at+1, rest[1:]
	}
	if !strings.HasPrefix(rest, written) || strings.ContainsAny(written, ":：") {
		return Fix{}, false
	}
	return one(d.Pos.File, at, at+len(written), day, diag.T("write %s", day))
}
