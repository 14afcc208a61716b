package check

import (
	"slices"
	"strings"
	"unicode"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// activities visits the rows of every matrix in which somebody has a letter.
func activities(s *site.Site, visit func(*site.Entry, document.Activity)) {
	for _, e := range s.Entries {
		if !inForce(e) || !e.Type.Has(doctype.Matrix) {
			continue
		}
		for _, a := range e.Activities {
			if len(holders(a)) > 0 {
				visit(e, a)
			}
		}
	}
}

// holders is everybody who has a letter in a row, once for every letter.
func holders(a document.Activity) []meta.Str {
	return slices.Concat(a.Responsible, a.Accountable, a.Consulted, a.Informed)
}

// raciAccountable finds activities for which nobody answers, or more than one.
func raciAccountable(s *site.Site, tell report) {
	activities(s, func(e *site.Entry, a document.Activity) {
		switch n := len(a.Accountable); {
		case n > 1 && len(e.Meta.Activities) > 0: // a list where one belongs
			tell(diag.At(a.Accountable[0].Pos, "raci-accountable", "accountable must be one role, got %s", strings.Join(texts(a.Accountable), ", ")).
				WithHint("leave A with the one who decides when they disagree; the others are R or C"))
		case n == 0:
			tell(diag.At(a.Activity.Pos, "raci-accountable", "nobody is accountable for %q", a.Activity).
				WithHint("give A to the one role that answers for it, also when that role does the work (A/R)"))
		case n > 1:
			tell(diag.At(a.Accountable[1].Pos, "raci-accountable", "accountable must be one role, got %s", strings.Join(texts(a.Accountable), ", ")).
				WithHint("leave A with the one who decides when they disagree; the others are R or C").
				WithRelated(a.Accountable[0].Pos, "the first is here"))
		}
	})
}

func texts(all []meta.Str) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = s.Text
	}
	return out
}

// raciResponsible finds activities that nobody does.
func raciResponsible(s *site.Site, tell report) {
	activities(s, func(_ *site.Entry, a document.Activity) {
		if len(a.Responsible) == 0 {
			tell(diag.At(a.Activity.Pos, "raci-responsible", "nobody is responsible for %q: it will not be done", a.Activity).
				WithHint("give R to who does it; who answers for it may do it as well (A/R)"))
		}
	})
}

// raciRole finds roles that the directory does not list, where they are first written.
func raciRole(s *site.Site, tell report) {
	if s.Directory.File == "" {
		return
	}
	ids := partyIDs(s.Directory)
	for _, e := range s.Entries {
		if !e.Type.Has(doctype.Matrix) {
			continue
		}
		said := map[string]bool{}
		look := func(role meta.Str) {
			if _, ok := s.Directory.Party(role.Text); !ok && !role.IsZero() && !said[role.Text] {
				said[role.Text] = true
				tell(unlisted(role, "raci-role", ids))
			}
		}
		for _, role := range e.Roles {
			look(role)
		}
		for _, a := range e.Activities {
			for _, role := range holders(a) {
				look(role)
			}
		}
	}
}

// raciEmpty finds rows and columns of a matrix that say nothing.
func raciEmpty(s *site.Site, tell report) {
	for _, e := range s.Entries {
		if !inForce(e) || !e.Type.Has(doctype.Matrix) {
			continue
		}
		busy := map[string]bool{}
		for _, a := range e.Activities {
			all := holders(a)
			for _, role := range all {
				busy[role.Text] = true
			}
			if len(all) == 0 {
				tell(diag.At(a.Activity.Pos, "raci-empty", "no role has a part in %q", a.Activity).
					WithHint("say who answers for it and who does it, or take the row out"))
			}
		}
		for _, role := range e.Roles {
			if len(e.Activities) > 0 && !busy[role.Text] {
				tell(diag.At(role.Pos, "raci-empty", "%q has no part in any activity", role).WithHint("give it a letter somewhere, or take the column out"))
			}
		}
	}
}

// raciRunbook finds activities whose runbook does not exist.
func raciRunbook(s *site.Site, tell report) {
	for _, e := range s.Entries {
		for _, a := range e.Activities {
			if a.Runbook.IsZero() || !reference(e, a.Runbook) || s.Ref(e, a.Runbook.Text) != nil {
				continue
			}
			tell(diag.At(a.Runbook.Pos, "raci-runbook", "the runbook %q of %q does not exist", a.Runbook, a.Activity).
				WithHint("name the id of a page or its path from the root of the source"))
		}
	}
}

// reference reports whether text is meant to name a page. In front matter it always is; a cell of a table may hold a link, which is checked as
// one, or a word such as なし.
func reference(e *site.Entry, text meta.Str) bool {
	if len(e.Meta.Activities) > 0 {
		return true
	}
	for _, l := range e.Doc.Links {
		if l.Pos.Line == text.Pos.Line {
			return false
		}
	}
	named := strings.ContainsFunc(text.Text, func(r rune) bool { return unicode.IsDigit(r) || r == '/' })
	return named && !strings.ContainsFunc(text.Text, func(r rune) bool { return unicode.IsSpace(r) || r > unicode.MaxASCII })
}
