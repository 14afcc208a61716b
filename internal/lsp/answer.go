package lsp

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"opsbook/generator"
	"opsbook/generator/site"
	"opsbook/internal/check"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/fix"
)

// hover says who or what is meant at a place, and which rule speaks there.
func (s *server) hover(ctx context.Context, p placeParams) (*hover, error) {
	file := s.path(p.TextDocument.URI)
	b := s.buffer(file)
	if b == nil {
		return nil, nil
	}
	c, err := s.site(ctx)
	if err != nil {
		return nil, err
	}
	var parts []string
	add := func(text string) {
		if text != "" && !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	for _, d := range c.Diagnostics {
		if d.Pos.File == file && d.Pos.Line > 0 && within(b.spot(d.Pos), p.Position) {
			if text, ok := check.Explain(d.Rule, s.Lang); ok {
				add(text)
			}
		}
	}
	first, front := b.inFront(p.Position.Line)
	if path.Ext(file) == ".yaml" {
		first, front = 0, true
	}
	word, start := b.word(p.Position)
	if front {
		line := b.line(p.Position.Line)
		at := b.yamlAt(first, position{p.Position.Line, units(line[:start])})
		if !at.value {
			_, key := below(keysOf(c, file), append(at.path, word))
			add(strings.TrimSpace(key.Title[s.Lang] + "\n\n" + key.Description[s.Lang]))
		}
		add(s.about(c.Site, word))
	} else if e := linkedPage(c, file, b, p.Position); e != nil {
		add("**" + e.Title + "**\n\n" + e.Summary)
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return &hover{markup{"markdown", strings.Join(parts, "\n\n---\n\n")}}, nil
}

func within(r textRange, p position) bool {
	return p.Line == r.Start.Line && p.Character >= r.Start.Character && p.Character <= max(r.End.Character, r.Start.Character)
}

// about is what the directory or the site knows of an id.
func (s *server) about(st *site.Site, id string) string {
	if p, ok := st.Directory.Party(id); ok {
		return s.party(st, p)
	}
	if v, ok := st.Directory.Service(id); ok {
		lines := []string{"**" + cmp.Or(s.name(v.Name), v.ID) + "**"}
		if owner, ok := st.Directory.Party(v.Owner.Text); ok {
			lines = append(lines, "", s.party(st, owner))
		}
		return strings.Join(lines, "\n")
	}
	if p, ok := st.Directory.Policy(id); ok {
		lines := []string{"**" + cmp.Or(s.name(p.Name), p.ID) + "**", ""}
		for _, step := range p.Steps {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("- %s %s %s", step.After.Duration().Round(time.Minute), step.To, step.When)))
		}
		return strings.Join(lines, "\n")
	}
	if e := pageOf(st, id); e != nil {
		return "**" + e.Title + "**\n\n" + e.Summary
	}
	return ""
}

// party is who somebody is and how they are reached. Private contacts stay in the directory.
func (s *server) party(st *site.Site, p config.Party) string {
	lines := []string{fmt.Sprintf("**%s** (%s)", cmp.Or(s.name(p.Name), p.ID), p.ID), ""}
	for _, contact := range p.Contacts {
		if contact.Private || p.Private {
			continue
		}
		text := contact.Text
		if contact.URL != "" && contact.URL != text {
			text = "[" + text + "](" + contact.URL + ")"
		}
		if contact.Kind == "pagerduty" {
			lines = append(lines, "- "+diag.T("on call: %s", text).In(s.Catalogue))
			continue
		}
		lines = append(lines, "- "+contact.Kind+": "+text)
	}
	if p.Hours != "" {
		lines = append(lines, "- "+diag.T("hours: %s", p.Hours).In(s.Catalogue))
	}
	var members []string
	for _, id := range p.Members {
		name := id.Text
		if m, ok := st.Directory.Party(id.Text); ok {
			name = cmp.Or(s.name(m.Name), name)
		}
		members = append(members, name)
	}
	if len(members) > 0 {
		lines = append(lines, "- "+diag.T("members: %s", strings.Join(members, ", ")).In(s.Catalogue))
	}
	return strings.Join(lines, "\n")
}

// pageOf is the page with an id or a path.
func pageOf(st *site.Site, ref string) *site.Entry {
	if ref == "" || strings.Contains(ref, "://") {
		return nil
	}
	return st.Page(ref)
}

var links = regexp.MustCompile(`\]\(<?([^()<>]*)>?\)`)

// linked is the address of the link at a place, or the id in brackets there.
func linked(b *buffer, p position) (dest, id string) {
	line := b.line(p.Line)
	at := bytesOf(line, p.Character)
	for _, m := range links.FindAllStringSubmatchIndex(line, -1) {
		if open := strings.LastIndexByte(line[:m[0]], '['); open >= 0 && at >= open && at <= m[1] {
			return line[m[2]:m[3]], ""
		}
	}
	word, _ := b.word(p)
	return "", word
}

// linkedPage is the page that the link at a place leads to.
func linkedPage(c *generator.Content, file string, b *buffer, p position) *site.Entry {
	dest, id := linked(b, p)
	if dest == "" {
		return pageOf(c.Site, id)
	}
	name, _, _ := strings.Cut(dest, "#")
	return target(c, file, name)
}

// definition is where that stands what is meant at a place: the page of a link or an id, or the entry of directory.yaml.
func (s *server) definition(ctx context.Context, p placeParams) (*location, error) {
	file := s.path(p.TextDocument.URI)
	b := s.buffer(file)
	if b == nil {
		return nil, nil
	}
	c, err := s.known(ctx)
	if err != nil {
		return nil, err
	}
	word, _ := b.word(p.Position)
	_, front := b.inFront(p.Position.Line)
	if front || path.Ext(file) == ".yaml" {
		if party, ok := c.Site.Directory.Party(word); ok {
			return s.place(party.Pos), nil
		}
		if service, ok := c.Site.Directory.Service(word); ok {
			return s.place(service.Pos), nil
		}
		if policy, ok := c.Site.Directory.Policy(word); ok {
			return s.place(policy.Pos), nil
		}
		if e := pageOf(c.Site, word); e != nil {
			return s.place(diag.Pos{File: e.Doc.Path, Line: 1, Col: 1}), nil
		}
		return nil, nil
	}
	e := linkedPage(c, file, b, p.Position)
	if e == nil {
		return nil, nil
	}
	at := diag.Pos{File: e.Doc.Path, Line: 1, Col: 1}
	dest, _ := linked(b, p.Position)
	if _, fragment, ok := strings.Cut(dest, "#"); ok {
		for _, section := range e.Doc.Sections {
			if section.ID == fragment {
				at = section.Pos
			}
		}
	}
	return s.place(at), nil
}

// place is a place of a file as editors count.
func (s *server) place(pos diag.Pos) *location {
	text, err := s.read(pos.File)
	if err != nil {
		text = nil
	}
	at := newBuffer(string(text), 0).spot(pos).Start
	return &location{s.uri(pos.File), textRange{at, at}}
}

// actions are the fixes of what is wrong in a range, and all of the file at once.
func (s *server) actions(ctx context.Context, p actionParams) ([]codeAction, error) {
	file := s.path(p.TextDocument.URI)
	b := s.buffer(file)
	out := []codeAction{}
	if b == nil {
		return out, nil
	}
	c, err := s.site(ctx)
	if err != nil {
		return nil, err
	}
	var here []fix.Fix
	for _, f := range fix.Find(fix.Input{Site: c.Site, Diagnostics: c.Diagnostics, Assets: c.AssetNames(), Read: s.read}) {
		if len(f.Edits) > 0 && f.Edits[0].File == file {
			here = append(here, f)
		}
	}
	wants := func(kind string) bool {
		return len(p.Context.Only) == 0 || slices.ContainsFunc(p.Context.Only, func(o string) bool { return o == kind || strings.HasPrefix(kind, o+".") })
	}
	for _, f := range here {
		if line := f.Pos.Line - 1; wants("quickfix") && line >= p.Range.Start.Line && line <= p.Range.End.Line {
			out = append(out, codeAction{f.Title.In(s.Catalogue), "quickfix", true, s.edit(b, file, f.Edits)})
		}
	}
	if _, made := fix.Apply([]byte(b.text), here); len(made) > 1 && wants("source.fixAll") {
		var all []fix.Edit
		for _, f := range made {
			all = append(all, f.Edits...)
		}
		out = append(out, codeAction{diag.T("mend all %s places of this file", len(made)).In(s.Catalogue), "source.fixAll", false, s.edit(b, file, all)})
	}
	return out, nil
}

// edit is the edits of a fix as editors write them.
func (s *server) edit(b *buffer, file string, edits []fix.Edit) workspaceEdit {
	changes := make([]textEdit, len(edits))
	for i, e := range edits {
		changes[i] = textEdit{textRange{b.position(e.From), b.position(e.To)}, e.Text}
	}
	return workspaceEdit{map[string][]textEdit{s.uri(file): changes}}
}
