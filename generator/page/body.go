package page

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/generator/markdown"
	"opsbook/generator/site"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// body is all that rendering the document's Markdown needs: what the site knows, as plain values.
func (pl *planner) body(p *Page, e *site.Entry) markdown.Body {
	b := markdown.Body{
		Text: e.Doc.Text, BodyAt: e.Doc.BodyAt, Lang: e.Lang,
		HideTitle: firstOfLevel1(e) >= 0 && isTitle(e, firstOfLevel1(e)),
		Abbrs:     pl.abbrsIn(e),
		Hidden:    shownTables(e),
		Destroys:  pl.destroys(e),
	}
	if e.Doc.Info.Kind != meta.None {
		b.Hidden = append(b.Hidden, e.Doc.InfoAt)
	}
	if len(e.Links) > 0 {
		b.Links = make(map[int]markdown.Link, len(e.Links))
	}
	for at, target := range e.Links {
		b.Links[at] = bodyLink(p.Root, target)
		if target.Kind == site.Broken || target.Kind == site.Unsafe {
			if p.Doc.Whys == nil {
				p.Doc.Whys = map[int]diag.Text{}
			}
			p.Doc.Whys[at] = target.Why
		}
	}
	for _, g := range e.Groups {
		b.Steps = appendSteps(b.Steps, g.Steps)
	}
	for _, param := range e.Meta.Params {
		b.Params = append(b.Params, param.Name.Text)
	}
	return b
}

// bodyLink writes a resolved link as it is printed on a page.
func bodyLink(root string, t site.Target) markdown.Link {
	fragment := ""
	if t.Fragment != "" {
		fragment = "#" + escapePath(t.Fragment)
	}
	switch t.Kind {
	case site.External:
		return markdown.Link{Href: t.URL}
	case site.ToPage, site.ToAsset:
		query := ""
		if t.Query != "" {
			query = "?" + t.Query
		}
		return markdown.Link{Href: root + escapePath(t.URL) + query + fragment, Text: t.Title}
	case site.ToHere:
		return markdown.Link{Href: fragment}
	default:
		return markdown.Link{Broken: true}
	}
}

// shownTables are the tables of the body that the page shows as a matrix. A table stays when it says anything that the matrix does not.
func shownTables(e *site.Entry) []int {
	if !e.Type.Has(doctype.Matrix) || len(e.Meta.Activities) > 0 {
		return nil
	}
	shown := map[diag.Pos]bool{}
	for _, a := range e.Activities {
		shown[a.Activity.Pos], shown[a.Note.Pos], shown[a.Runbook.Pos] = true, true, true
		for _, holders := range holdersOf(a) {
			for _, h := range holders {
				shown[h.Pos] = true
			}
		}
	}
	var tables []int
	for _, t := range e.Doc.Tables {
		if len(t.Starts) > 0 && allShown(t, shown) {
			tables = append(tables, t.At)
		}
	}
	return tables
}

func allShown(t document.Table, shown map[diag.Pos]bool) bool {
	for _, row := range t.Rows {
		for i, cell := range row {
			said := strings.ContainsFunc(cell.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
			if (said || i == 0) && !shown[cell.Pos] {
				return false
			}
		}
	}
	return true
}

func appendSteps(all []markdown.Step, steps []site.RunStep) []markdown.Step {
	for _, s := range steps {
		all = append(all, markdown.Step{At: s.At, ID: s.ID, Number: s.Number, Minutes: s.Minutes})
		all = appendSteps(all, s.Steps)
	}
	return all
}

// abbreviations are those that any page defines. Where two pages differ, the first by URL is right.
func abbreviations(s *site.Site) map[string]string {
	all := map[string]string{}
	for _, e := range s.Entries {
		for _, a := range e.Doc.Abbrs {
			if _, known := all[a.Name]; !known {
				all[a.Name] = a.Text
			}
		}
	}
	return all
}

// abbrsIn returns the abbreviations that a page's text holds, so that a new one changes only the pages that use it. A page's text is read
// once, whatever the number of abbreviations.
func (pl *planner) abbrsIn(e *site.Entry) []markdown.Abbr {
	if len(pl.abbrs) == 0 {
		return nil
	}
	found := map[string]bool{}
	text := e.Doc.Text
	for i := 0; i < len(text); {
		if !isWord(text[i]) {
			i++
			continue
		}
		end := i
		for end < len(text) && isWord(text[end]) {
			end++
		}
		if _, ok := pl.abbrs[string(text[i:end])]; ok {
			found[string(text[i:end])] = true
		}
		i = end
	}
	var all []markdown.Abbr
	for _, name := range slices.Sorted(maps.Keys(found)) {
		all = append(all, markdown.Abbr{Name: name, Text: pl.abbrs[name]})
	}
	return all
}

// isWord reports whether a byte is part of an abbreviation: these are written in ASCII letters and digits.
func isWord(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_'
}
