package check

import (
	"slices"
	"strings"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/diag"
)

// sectionMissing finds pages that lack a part which pages of their type have.
func sectionMissing(s *site.Site, tell report) {
	for _, e := range s.Entries {
		if !inForce(e) {
			continue
		}
		escalates := e.Type.Has(doctype.Escalates) // then escalation-missing says so, and of the path itself
		groups := map[string][]doctype.Section{}
		for _, section := range e.Type.Sections {
			if section.Group != "" {
				groups[section.Group] = append(groups[section.Group], section)
			}
		}
		for _, section := range e.Type.Sections {
			alternatives := groups[section.Group]
			switch {
			case section.Group == "" && section.Required:
				alternatives = []doctype.Section{section}
			case section.Group == "" || alternatives[0].ID != section.ID:
				continue // not needed, or asked for with the first of its group
			}
			if !hasAny(e, alternatives) && !(escalates && slices.Contains(section.Keys, "escalation")) {
				tell(lacks(e, alternatives))
			}
		}
	}
}

// hasAny reports whether a page has one of some sections, or a key of its front matter that stands for one.
func hasAny(e *site.Entry, sections []doctype.Section) bool {
	for _, section := range sections {
		if _, ok := e.Sections[section.ID]; ok || slices.ContainsFunc(section.Keys, e.Front.Has) {
			return true
		}
	}
	return false
}

// lacks is the diagnostic for a page without any of some sections, in the page's language.
func lacks(e *site.Entry, sections []doctype.Section) diag.Diagnostic {
	var first, names []string
	for _, section := range sections {
		all := section.Names[e.Lang]
		for _, lang := range []string{"en", "ja"} {
			if len(all) == 0 {
				all = section.Names[lang]
			}
		}
		if len(all) == 0 {
			all = []string{section.ID}
		}
		first, names = append(first, all[0]), append(names, all...)
	}
	return diag.At(top(e), "section-missing", "no section %s", strings.Join(first, " / ")).
		WithHint("any of these headings does: %s", strings.Join(names, ", "))
}

// stepMissing finds pages with a place for steps and no step in it.
func stepMissing(s *site.Site, tell report) {
	for _, e := range s.Entries {
		if !inForce(e) || !e.Type.Has(doctype.Steps) || len(e.Groups) > 0 {
			continue
		}
		for _, id := range e.Type.Steps {
			i, ok := e.Sections[id]
			if !ok {
				continue
			}
			section := e.Doc.Sections[i]
			tell(diag.At(section.Pos, "step-missing", "section %s has no steps", section.Title).
				WithHint("write them as a numbered list, as sub-headings, as a table whose first column numbers them, or as a list"))
			break
		}
	}
}
