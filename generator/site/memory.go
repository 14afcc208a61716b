package site

import (
	"slices"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/history"
)

// Memory is what one Resolve leaves for the next: what it worked out of pages alone. A page is worked out again where its text, its original's
// or anything around them is another value than before. It may be lost at any time; the site never differs for it. One Resolve at a time uses it.
type Memory struct {
	around around
	pages  map[string]*alone // by path in the source
}

// around is all that a page is worked out of beside its text. Equal pointers are equal values: nobody changes what they lead to.
type around struct {
	config    *config.Config
	directory *config.Directory
	types     *doctype.Set
	owners    *history.Owners
}

// alone is what is known of a page by itself and its original.
type alone struct {
	doc, original   *document.Document
	merged          *part
	described       *part
	typeName, title string // for which it was described
}

// part is an entry as a step has left it, and what that step found wrong. Whoever takes it over copies a list before changing it.
type part struct {
	entry    Entry
	problems []diag.Diagnostic
}

// recall gives every page what is remembered of it, if that still holds.
func (r *resolver) recall(works []*work) {
	m := r.in.Memory
	if m == nil {
		return
	}
	here := around{r.in.Config, r.in.Directory, r.in.Types, r.in.Owners}
	if m.around != here {
		m.around, m.pages = here, nil
	}
	next := make(map[string]*alone, len(works))
	for _, w := range works {
		var original *document.Document
		if w.original != nil {
			original = w.original.Doc
		}
		known := m.pages[w.Doc.Path]
		if known == nil || known.doc != w.Doc || known.original != original {
			known = &alone{doc: w.Doc, original: original}
		}
		w.known = known
		next[w.Doc.Path] = known
	}
	m.pages = next
}

// mergeKnown is mergeOne, unless it is known what comes of it.
func (r *resolver) mergeKnown(w *work) {
	if w.known == nil {
		r.mergeOne(w)
		return
	}
	if w.known.merged == nil {
		found := len(w.problems)
		r.mergeOne(w)
		w.known.merged = &part{Entry{Front: w.Front, Meta: w.Meta, Status: w.Status, Weight: w.Weight, Severity: w.Severity}, slices.Clone(w.problems[found:])}
		return
	}
	e := &w.known.merged.entry
	w.Front, w.Meta, w.Status, w.Weight, w.Severity = e.Front, e.Meta, e.Status, e.Weight, e.Severity
	w.problems = append(w.problems, w.known.merged.problems...)
}

// describeKnown is describe, unless it is known what comes of it.
func (r *resolver) describeKnown(w *work) {
	if w.known == nil {
		r.describe(w)
		return
	}
	if w.known.described == nil || w.known.typeName != w.Type.Name || w.known.title != w.Title {
		found := len(w.problems)
		r.describe(w)
		w.known.typeName, w.known.title = w.Type.Name, w.Title
		w.known.described = &part{Entry{
			Sections: w.Sections, Groups: slices.Clip(w.Groups), Owner: w.Owner, Escalation: slices.Clip(w.Escalation), Services: slices.Clip(w.Services),
			Summary: w.Summary, Alerts: slices.Clone(w.Alerts),
		}, slices.Clone(w.problems[found:])}
		return
	}
	e := &w.known.described.entry
	w.Sections, w.Groups, w.Owner, w.Escalation, w.Services = e.Sections, e.Groups, e.Owner, e.Escalation, e.Services
	w.Summary, w.Alerts = e.Summary, slices.Clone(e.Alerts) // names are written anew where a source knows them
	w.problems = append(w.problems, w.known.described.problems...)
}
