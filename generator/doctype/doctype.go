// Package doctype reads document types from folders of data: what a runbook, a playbook or a site's own kind of page is.
//
// It stands beside the pipeline: a set of types is read once and every stage from site on asks it. Types are data: no code asks for a
// type's name. Rules and page parts ask for a Trait.
package doctype

import (
	"slices"

	"opsbook/internal/meta"
)

// Trait is something pages of a type have or can do.
type Trait string

// The traits there are.
const (
	Steps     Trait = "steps"
	Params    Trait = "params"
	Matrix    Trait = "matrix"
	Causes    Trait = "causes"
	Incident  Trait = "incident"
	Actions   Trait = "actions"
	Runnable  Trait = "runnable"
	Record    Trait = "record"
	Escalates Trait = "escalation" // needs an escalation path
	Reviewed  Trait = "reviewed"   // needs an owner's review from time to time
)

// traits are all that type.yaml may name.
var traits = []Trait{Steps, Params, Matrix, Causes, Incident, Actions, Runnable, Record, Escalates, Reviewed}

// Type is one document type, read from type.yaml, schema.json, page.html and new.md of its folder. Shared between builds: never mutate.
type Type struct {
	Name     string
	Label    map[string]string // language -> "Runbook"
	Plural   map[string]string // language -> "Runbooks"
	Folders  []string          // names of folders whose pages are of this type unless they say otherwise; the first names its list page
	Order    int               // place in navigation and lists, small first
	Traits   []Trait
	Sections []Section            // what its pages have, in the order in which `new` writes them
	Steps    []string             // ids of the sections whose steps are run, in order
	Detect   []string             // ids of sections: a page without a type that has all of them is of this type
	ReviewIn map[string]meta.Span // by severity, "default" otherwise; none means never due
	Rank     float64              // factor of its pages in search; 1 is neutral
	Facts    []string             // front-matter keys shown in the header card, in order
	Fallback bool                 // pages that nothing else says the type of are of this type
	Schema   *Schema
	New      string // new.md, a text/template
	Template string // name of the page template: "<name>/page.html", or "" for the default

	partials map[string]string // templates that new.md may call, shared by the types
}

// Section is a part that pages of a type have: its id and the heading texts by which it is recognised, ja and en alike. The first name of a
// language is the one that `new` writes.
type Section struct {
	ID       string
	Names    map[string][]string // language -> names
	Required bool
	Group    string   // of several sections with one Group, one is enough
	Keys     []string // front-matter keys, any of which stands for the section: the page shows what it says
}

// Has reports whether pages of the type have a trait.
func (t *Type) Has(trait Trait) bool { return slices.Contains(t.Traits, trait) }

// Section returns the section of the type with an id.
func (t *Type) Section(id string) (Section, bool) {
	i := slices.IndexFunc(t.Sections, func(s Section) bool { return s.ID == id })
	if i < 0 {
		return Section{}, false
	}
	return t.Sections[i], true
}

// Set is the types of a site by name and in order.
type Set struct {
	ByName map[string]*Type
	All    []*Type                        // by Order, then Name
	Names  map[string]map[string][]string // section id -> language -> names, of every section any type may have
}

// Fallback returns the type of pages that nothing says the type of, or nil in an empty set.
func (s *Set) Fallback() *Type {
	for _, t := range s.All {
		if t.Fallback {
			return t
		}
	}
	if len(s.All) == 0 {
		return nil
	}
	return s.All[len(s.All)-1]
}

// Folder returns the type that a folder's name stands for, or nil.
func (s *Set) Folder(name string) *Type {
	for _, t := range s.All {
		if slices.Contains(t.Folders, name) {
			return t
		}
	}
	return nil
}

// Relabel returns the set as a site calls its types and sections: labels by type or section id and language ("" for every language), and
// further names by which sections are recognised. The set itself stays as it was.
func (s *Set) Relabel(labels map[string]map[string]string, names map[string][]string) *Set {
	if len(labels) == 0 && len(names) == 0 {
		return s
	}
	all := map[string]map[string][]string{}
	for id, n := range s.Names {
		all[id] = rename(n, labels[id], names[id])
	}
	out := &Set{ByName: map[string]*Type{}, Names: all}
	for _, t := range s.All {
		u := *t
		u.Label, u.Plural = relabel(t.Label, labels[t.Name]), relabel(t.Plural, labels[t.Name])
		u.Sections = slices.Clone(t.Sections)
		for i, section := range u.Sections {
			u.Sections[i].Names = rename(section.Names, labels[section.ID], names[section.ID])
		}
		out.All = append(out.All, &u)
		out.ByName[u.Name] = &u
	}
	return out
}

// relabel puts a site's words over ours.
func relabel(ours, site map[string]string) map[string]string {
	if len(site) == 0 {
		return ours
	}
	out := map[string]string{}
	for lang, label := range ours {
		out[lang] = label
		if all, ok := site[""]; ok {
			out[lang] = all
		}
	}
	for lang, label := range site {
		if lang != "" {
			out[lang] = label
		}
	}
	return out
}

// rename puts a section's label first and its further names last. Names without a language count for every one.
func rename(ours map[string][]string, label map[string]string, more []string) map[string][]string {
	if len(label) == 0 && len(more) == 0 {
		return ours
	}
	out := map[string][]string{}
	for lang, names := range ours {
		var all []string
		if l, ok := label[lang]; ok {
			all = append(all, l)
		} else if l, ok := label[""]; ok {
			all = append(all, l)
		}
		out[lang] = append(append(all, names...), more...)
	}
	for lang, l := range label {
		if _, ok := ours[lang]; !ok && lang != "" {
			out[lang] = []string{l}
		}
	}
	return out
}
