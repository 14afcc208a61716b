package site

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// clean brings a path into its shortest form, without a leading or trailing slash. ok is false when it leads out of the root.
func clean(p string) (out string, ok bool) {
	out = path.Clean(strings.TrimLeft(p, "/"))
	if out == "." {
		return "", true
	}
	return out, out != ".." && !strings.HasPrefix(out, "../")
}

// unescape decodes the percent signs of a path; what is no escape stays.
func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	return s
}

// refPaths are the files that a reference by path may mean, seen from a file: beside it, then from the root of the source.
func refPaths(from, ref string) []string {
	var out []string
	for _, dir := range []string{folderOf(from), ""} {
		p, ok := clean(path.Join("/"+dir, strings.TrimPrefix(ref, "/")))
		if strings.HasPrefix(ref, "/") {
			p, ok = clean(ref)
		} else if dir != "" {
			p, ok = clean(dir + "/" + ref)
		}
		if ok && p != "" && !slices.Contains(out, p) {
			out = append(out, p, p+".md")
		}
	}
	return out
}

// Ref returns the page that an id or a path means, or nil. A path is relative to the page that has it, or to the root of the source; .md may
// be left out, and a folder is its index page. From a translation it leads to the translation of what it names.
func (s *Site) Ref(from *Entry, ref string) *Entry {
	found := s.ref(from, ref)
	if from == nil {
		return found
	}
	return found.In(from.Lang)
}

func (s *Site) ref(from *Entry, ref string) *Entry {
	if ref == "" {
		return nil
	}
	if e := s.byID[ref]; e != nil {
		return e
	}
	at := ""
	if from != nil {
		at = from.Doc.Path
	}
	for _, p := range refPaths(at, ref) {
		if e := s.byPath[p]; e != nil {
			return e
		}
		if f := s.folders[p]; f != nil && f.Index != nil {
			return f.Index
		}
	}
	if p, ok := clean(ref); ok && p != "" {
		if e := s.byURL[p+"/"]; e != nil {
			return e
		}
		return s.byAlias[p+"/"]
	}
	return nil
}

// refer connects pages by what their metadata names, and then everything with what leads to it.
func (r *resolver) refer(works []*work) {
	r.each(works, r.referOne)
	for _, w := range works {
		if w.Of != nil {
			for _, e := range append([]*Entry{w.Of}, w.Of.Others...) {
				e.Records = append(e.Records, w.Entry)
			}
		}
		for _, to := range w.links {
			if to != w.Entry && !slices.Contains(to.Backlinks[max(0, len(to.Backlinks)-1):], w.Entry) {
				to.Backlinks = append(to.Backlinks, w.Entry)
			}
		}
	}
	r.each(works, func(w *work) {
		slices.SortFunc(w.Backlinks, func(a, b *Entry) int { return cmp.Compare(a.URL, b.URL) })
		slices.SortFunc(w.Records, func(a, b *Entry) int {
			return cmp.Or(b.Meta.Record.Started.In(r.zone).Compare(a.Meta.Record.Started.In(r.zone)), cmp.Compare(a.URL, b.URL))
		})
	})
}

// referOne resolves the references of one page.
func (r *resolver) referOne(w *work) {
	named := func(key string, ref meta.Str) *Entry {
		if ref.IsZero() {
			return nil
		}
		to := r.site.Ref(w.Entry, ref.Text)
		if to == nil {
			w.wrong(r.unknownRef(key, ref))
			return nil
		}
		w.links = append(w.links, to)
		return to
	}
	for _, ref := range w.Meta.Related {
		if to := named("related", ref); to != nil && to != w.Entry && !slices.Contains(w.Related, to) {
			w.Related = append(w.Related, to)
		}
	}
	w.Superseder = named("superseded_by", w.Meta.SupersededBy)
	named("recurrence_of", w.Meta.RecurrenceOf)
	for _, ref := range w.Meta.Changed {
		named("changed", ref)
	}
	w.Of = named("of", w.Meta.Record.Of)
	for _, c := range w.Meta.Causes { // whether the page exists is asked by rules that know the key
		to := r.site.Ref(w.Entry, c.Runbook.Text)
		w.Causes = append(w.Causes, CauseLink{Cause: c.Cause.Text, Page: to})
		w.links = appendPage(w.links, to)
	}
	for _, a := range w.Activities {
		w.links = appendPage(w.links, r.site.Ref(w.Entry, a.Runbook.Text))
	}
	slices.SortStableFunc(w.links, func(a, b *Entry) int { return cmp.Compare(a.Doc.Path, b.Doc.Path) })
	w.links = slices.Compact(w.links)
}

func appendPage(list []*Entry, e *Entry) []*Entry {
	if e == nil {
		return list
	}
	return append(list, e)
}

// unknownRef is the diagnostic for a reference to a page that does not exist.
func (r *resolver) unknownRef(key string, ref meta.Str) diag.Diagnostic {
	d := diag.At(ref.Pos, ruleRelated, "%s names %q, which does not exist", key, ref.Text)
	for _, p := range refPaths(ref.Pos.File, ref.Text) {
		if r.site.hidden[p] {
			return d.WithHint("it is a draft; drafts are left out unless the site is built with --drafts")
		}
	}
	if near, ok := r.site.files.nearestRef(ref.Text); ok {
		return d.WithHint("did you mean %q?", near)
	}
	return d.WithHint("name the id of a page or its path from the root of the source")
}
