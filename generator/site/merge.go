package site

import (
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// ownKeys are the keys that a translation does not take from its original: its name and text, its address, and its own review.
var ownKeys = []string{
	"title", "description", "id", "lang", "translation_of", "aliases", "last_reviewed", "reviewed_by", "approved_by", "approved_on", "author",
	"outcome", "success", "search", "alerts",
}

// spareFields is room for what defaults add to a page's own keys, so that merging rarely allocates twice.
const spareFields = 6

// get returns the value of a key of a map.
func get(v meta.Value, key string) (meta.Value, bool) {
	for i := range v.Fields {
		if v.Fields[i].Key == key {
			return v.Fields[i].Value, true
		}
	}
	return meta.Value{}, false
}

// merge reads the metadata of every page from all that speaks of it, and leaves out drafts where they are not wanted.
func (r *resolver) merge(works []*work) []*work {
	r.each(works, r.mergeKnown)
	kept := works[:0:0]
	for _, w := range works {
		hidden := w.Status == "draft" || w.original != nil && w.original.Status == "draft"
		if hidden && !r.in.Drafts {
			r.site.hidden[w.Doc.Path] = true
			continue
		}
		kept = append(kept, w)
	}
	for _, w := range kept {
		if w.original != nil && r.site.hidden[w.original.Doc.Path] {
			w.original = nil
		}
	}
	join(kept)
	return kept
}

// mergeOne reads the metadata of a page: its front matter over its information table over its original's over defaults by path over
// CODEOWNERS.
func (r *resolver) mergeOne(w *work) {
	front := meta.Value{Kind: meta.Map, Pos: w.own.Pos}
	if front.Pos.File == "" {
		front.Pos = diag.Pos{File: w.Doc.Path, Line: 1, Col: 1}
	}
	front.Fields = append(make([]meta.Field, 0, len(w.own.Fields)+spareFields), w.own.Fields...)
	front.Fields = under(front.Fields, w.info.Fields, nil)
	if w.original != nil {
		front.Fields = under(front.Fields, w.original.own.Fields, ownKeys)
		front.Fields = under(front.Fields, w.original.info.Fields, ownKeys)
	}
	for _, d := range slices.Backward(r.in.Config.Defaults) {
		if matches(d.Paths, w.Doc.Path) {
			front.Fields = under(front.Fields, d.Set.Fields, nil)
		}
	}
	front.Fields = slices.Clip(foreign(front.Fields)) // it may be remembered, and shared
	w.Front = front
	var problems []diag.Diagnostic
	w.Meta, problems = document.Decode(front)
	w.problems = append(w.problems, problems...)
	if w.Meta.Owner.IsZero() {
		w.Meta.Owner = r.codeOwner(w.Doc.Path)
	}
	w.Status = status(w.Meta.Status.Text)
	w.Weight, w.Severity = w.Meta.Weight, w.Meta.Severity.Text
}

// under adds the fields that are not there yet, but those named.
func under(fields, lower []meta.Field, but []string) []meta.Field {
	for _, f := range lower {
		if slices.Contains(but, f.Key) || slices.ContainsFunc(fields, func(g meta.Field) bool { return g.Key == f.Key }) {
			continue
		}
		fields = append(fields, f)
	}
	return fields
}

// foreign reads keys of other generators as ours where ours are missing.
func foreign(fields []meta.Field) []meta.Field {
	for _, f := range fields {
		add := meta.Field{Raw: f.Raw, Pos: f.Pos, Value: f.Value}
		switch f.Key {
		case "draft":
			if f.Value.Text != "true" {
				continue
			}
			add.Key, add.Value.Text = "status", "draft"
		case "sidebar_position", "nav_order":
			add.Key = "weight"
		default:
			continue
		}
		fields = under(fields, []meta.Field{add}, nil)
	}
	return fields
}

// matches reports whether a path is meant by one of some globs. A folder's name means all that is below it.
func matches(globs []string, p string) bool {
	for _, glob := range globs {
		glob = strings.TrimPrefix(glob, "/")
		if ok, err := doublestar.Match(glob, p); ok && err == nil {
			return true
		}
		if folder := strings.TrimSuffix(glob, "/"); strings.HasPrefix(p, folder+"/") {
			return true
		}
	}
	return false
}

// codeOwner is the first owner of a path by CODEOWNERS: the party with that handle, else the handle.
func (r *resolver) codeOwner(p string) meta.Str {
	if r.in.Owners == nil {
		return meta.Str{}
	}
	owners := r.in.Owners.Of(p)
	if len(owners) == 0 {
		return meta.Str{}
	}
	pos, _ := r.in.Owners.Line(p)
	for _, o := range owners {
		if party := r.site.parties[o]; party != nil {
			return meta.Str{Text: party.ID, Pos: pos}
		}
	}
	return meta.Str{Text: owners[0], Pos: pos}
}

// status is one of the four; a word that is none of them is reported by the schema and counts as active.
func status(word string) string {
	switch word {
	case "draft", "deprecated", "archived":
		return word
	default:
		return "active"
	}
}

// typed gives every page its type: what it says, what defaults say, what its sections say, what its folder is called. An index page is of
// its folder's type only when it says so itself: it introduces the pages of the type and is none.
func (r *resolver) typed(w *work) {
	types := r.site.Types
	if word := w.Meta.Type; !word.IsZero() && !(w.Index && r.fromDefaults(word)) {
		if t := types.ByName[word.Text]; t != nil {
			w.Type = t
			return
		}
		w.wrong(r.unknownType(word))
	}
	if w.Type = r.detect(w.Entry); w.Type != nil {
		return
	}
	if !w.Index {
		for dir := folderOf(w.Doc.Path); dir != ""; dir = folderOf(dir) {
			if w.Type = types.Folder(base(dir)); w.Type != nil {
				return
			}
		}
	}
	w.Type = types.Fallback()
}

// fromDefaults reports whether a value was written in opsbook.yaml.
func (r *resolver) fromDefaults(v meta.Str) bool {
	return r.in.Config.File != "" && v.Pos.File == r.in.Config.File
}

func (r *resolver) unknownType(word meta.Str) diag.Diagnostic {
	var names []string
	for _, t := range r.site.Types.All {
		names = append(names, t.Name)
	}
	d := diag.At(word.Pos, ruleSchema, "type must be one of %s, got %q", strings.Join(names, ", "), word.Text)
	if near, ok := diag.Nearest(word.Text, names); ok {
		return d.WithHint("did you mean %q?", near)
	}
	return d.WithHint("a type of the site's own is a folder in _types with a type.yaml")
}

// detect finds the type whose telling sections a page has.
func (r *resolver) detect(e *Entry) *doctype.Type {
	var found map[string]int
	for _, t := range r.site.Types.All {
		if len(t.Detect) == 0 {
			continue
		}
		if found == nil {
			found = recognise(e.Doc, headings(e.Doc, r.all))
		}
		all := true
		for _, id := range t.Detect {
			if _, ok := found[id]; !ok {
				all = false
			}
		}
		if all {
			return t
		}
	}
	return nil
}
