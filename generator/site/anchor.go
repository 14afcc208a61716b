package site

import (
	"slices"
	"strings"

	"opsbook/generator/document"
	"opsbook/internal/diag"
)

// anchor keeps the fragment of a link if its page has such an anchor; to is nil for the generated page of a folder.
func anchor(t Target, to *Entry, a address, l document.Link) (Target, *diag.Diagnostic) {
	if a.fragment == "" || a.fragment == "top" || strings.HasPrefix(a.fragment, ":~:") {
		t.Fragment = a.fragment
		return t, nil
	}
	var ids []string
	if to != nil {
		if hasAnchor(to, a.fragment) {
			t.Fragment = a.fragment
			return t, nil
		}
		ids = anchors(to)
	}
	if l.Pos.Line == 0 {
		return t, nil
	}
	d := diag.At(l.Pos, ruleAnchor, "there is no heading #%s in this page", a.fragment)
	if to != nil && t.Kind != ToHere {
		d = diag.At(l.Pos, ruleAnchor, "there is no heading #%s in %s", a.fragment, to.Doc.Path)
	}
	if i := slices.IndexFunc(ids, func(id string) bool { return strings.EqualFold(id, a.fragment) }); i >= 0 {
		d = d.WithHint("did you mean #%s?", ids[i])
		t.Fragment = ids[i] // nothing else can be meant, so readers need not suffer
		return t, &d
	}
	if near, ok := diag.Nearest(a.fragment, ids); ok {
		d = d.WithHint("did you mean #%s?", near)
	} else if len(ids) > 0 {
		d = d.WithHint("its headings are %s", some(ids))
	}
	if t.Kind == ToHere {
		t.Kind, t.Why = Broken, diag.T("this page has no heading #%s", a.fragment)
	}
	return t, &d
}

// hasAnchor reports whether a page has an anchor, without listing all that it has.
func hasAnchor(e *Entry, id string) bool {
	for _, s := range e.Doc.Sections {
		if s.ID == id && id != "" {
			return true
		}
	}
	if slices.Contains(e.Doc.Anchors, id) {
		return true
	}
	for _, g := range e.Groups {
		if hasStep(g.Steps, id) {
			return true
		}
	}
	return false
}

func hasStep(steps []RunStep, id string) bool {
	return slices.ContainsFunc(steps, func(s RunStep) bool { return s.ID == id || hasStep(s.Steps, id) })
}

// anchors lists the headings of a page by their ids.
func anchors(e *Entry) []string {
	var ids []string
	for _, s := range e.Doc.Sections {
		if s.ID != "" {
			ids = append(ids, s.ID)
		}
	}
	return append(ids, e.Doc.Anchors...)
}

// some names the first of many.
func some(names []string) string {
	const enough = 8
	var b strings.Builder
	for i, n := range names {
		if i == enough {
			b.WriteString(", …")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("#" + n)
	}
	return b.String()
}
