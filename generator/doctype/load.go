package doctype

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// rule is what everything wrong with a type's own files is reported under.
const rule = "type-file"

// Where the two sources of types lie, for positions: ours in this program, a site's in its source.
const (
	oursAt = "templates/types"
	siteAt = "_types"
)

// Load reads our types, below types/ of the theme, and a site's own (the folder _types; nil without one). Both hold one folder per type,
// beside sections.yaml and common.schema.json; a file of the site's stands for ours of the same name. What is wrong with a file is a
// diagnostic; the type then keeps what could be read.
func Load(theme, site fs.FS) (*Set, []diag.Diagnostic) {
	l := &loader{site: site}
	if ours, err := fs.Sub(theme, "types"); err == nil {
		l.ours = ours
	}
	l.names = l.sectionNames()
	set := &Set{ByName: map[string]*Type{}, Names: l.names}
	var raw []rawSchema
	for _, name := range l.folders() {
		t, schema := l.read(name)
		set.All = append(set.All, t)
		set.ByName[name] = t
		raw = append(raw, schema)
	}
	l.compile(set, raw)
	slices.SortFunc(set.All, func(a, b *Type) int { return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Name, b.Name)) })
	diag.Sort(l.problems)
	return set, l.problems
}

// loader reads types and keeps what is wrong with them.
type loader struct {
	ours, site fs.FS
	names      map[string]map[string][]string
	problems   []diag.Diagnostic
}

// file is one file of a type and where it stands.
type file struct {
	path string // for positions
	text []byte
}

// open reads the site's file of a name, else ours. A file that neither has is nothing.
func (l *loader) open(name string) (file, bool) {
	for _, in := range []struct {
		fsys fs.FS
		at   string
	}{{l.site, siteAt}, {l.ours, oursAt}} {
		if in.fsys == nil {
			continue
		}
		text, err := fs.ReadFile(in.fsys, name)
		if err == nil {
			return file{path.Join(in.at, name), text}, true
		}
		if !errors.Is(err, fs.ErrNotExist) {
			l.wrong(diag.Pos{File: path.Join(in.at, name)}, "read %s: %s", name, cause(err))
		}
	}
	return file{}, false
}

// cause is what went wrong with a file, without the path that the position names already.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (l *loader) wrong(pos diag.Pos, format string, args ...any) {
	l.problems = append(l.problems, diag.At(pos, rule, format, args...))
}

// hint adds what a person can do about the last thing wrong.
func (l *loader) hint(format string, args ...any) {
	last := &l.problems[len(l.problems)-1]
	*last = last.WithHint(format, args...)
}

// folders lists the types of both sources by name.
func (l *loader) folders() []string {
	var names []string
	for _, fsys := range []fs.FS{l.ours, l.site} {
		if fsys == nil {
			continue
		}
		entries, err := fs.ReadDir(fsys, ".")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			l.wrong(diag.Pos{File: siteAt}, "read the types: %s", cause(err))
		}
		for _, e := range entries {
			if !e.IsDir() || slices.Contains(names, e.Name()) || e.Name()[0] == '.' {
				continue
			}
			if _, ok := l.open(path.Join(e.Name(), "type.yaml")); !ok {
				l.wrong(diag.Pos{File: path.Join(siteAt, e.Name())}, "type %q has no type.yaml", e.Name())
				l.hint("copy one of the built-in types' and change it")
				continue
			}
			if !validName(e.Name()) {
				l.wrong(diag.Pos{File: path.Join(siteAt, e.Name())}, "%q cannot name a type", e.Name())
				l.hint("use letters, digits, - and _")
				continue
			}
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names
}

// read reads everything of one type but its compiled schema.
func (l *loader) read(name string) (*Type, rawSchema) {
	t := &Type{Name: name, Label: map[string]string{}, Plural: map[string]string{}, Rank: 1, Order: 100}
	f, _ := l.open(path.Join(name, "type.yaml"))
	v, problems := meta.Read(f.path, f.text, 1)
	l.problems = append(l.problems, problems...)
	l.fill(t, v)
	if f, ok := l.open(path.Join(name, "new.md")); ok {
		t.New = string(f.text)
	} else if f, ok := l.open("new.md"); ok {
		t.New = string(f.text)
	}
	t.partials = map[string]string{"escalation": "", "steps": ""}
	for name := range t.partials {
		if f, ok := l.open(name + ".new.md"); ok {
			t.partials[name] = string(f.text)
		}
	}
	if _, ok := l.open(path.Join(name, "page.html")); ok {
		t.Template = path.Join(name, "page.html")
	}
	f, ok := l.open(path.Join(name, "schema.json"))
	if !ok {
		f = file{path.Join(oursAt, name, "schema.json"), []byte(`{"allOf": [{"$ref": "../common.schema.json"}]}`)}
	}
	return t, rawSchema{name, f}
}

// sectionNames reads the names of sections, ours and then the site's further ones.
func (l *loader) sectionNames() map[string]map[string][]string {
	all := map[string]map[string][]string{}
	for _, in := range []struct {
		fsys fs.FS
		at   string
	}{{l.ours, oursAt}, {l.site, siteAt}} {
		if in.fsys == nil {
			continue
		}
		text, err := fs.ReadFile(in.fsys, "sections.yaml")
		if err != nil {
			continue // a site needs none
		}
		v, problems := meta.Read(path.Join(in.at, "sections.yaml"), text, 1)
		l.problems = append(l.problems, problems...)
		for _, f := range v.Fields {
			if all[f.Key] == nil {
				all[f.Key] = map[string][]string{}
			}
			for lang, names := range l.languages(f.Value) {
				all[f.Key][lang] = append(all[f.Key][lang], names...)
			}
		}
	}
	return all
}
