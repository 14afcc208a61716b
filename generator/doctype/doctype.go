// Package doctype reads document types from folders of data: what a runbook, a playbook or a site's own kind of page is.
//
// Types are data: no code asks for a type's name. Rules and page parts ask for a Trait.
package doctype

import "opsbook/internal/meta"

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
	Schema   *Schema
	New      string // new.md, a text/template
	Template string // name of the page template: "<name>/page.html", or "" for the default
}

// Section is a part that pages of a type have: its id and the heading texts by which it is recognised, ja and en alike. The first name of a
// language is the one that `new` writes.
type Section struct {
	ID       string
	Names    map[string][]string // language -> names
	Required bool
	Group    string // of several sections with one Group, one is enough
}

// Has reports whether pages of the type have a trait.
func (t *Type) Has(trait Trait) bool {
	for _, x := range t.Traits {
		if x == trait {
			return true
		}
	}
	return false
}

// Set is the types of a site by name and in order.
type Set struct {
	ByName map[string]*Type
	All    []*Type // by Order, then Name
}
