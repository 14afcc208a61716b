package check

import (
	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/diag"
)

// top is the place of what a page does not say.
func top(e *site.Entry) diag.Pos { return diag.Pos{File: e.Doc.Path, Line: 1, Col: 1} }

// inForce reports whether people still work by a page: an archived one is kept for reading only.
func inForce(e *site.Entry) bool { return e.Status != "archived" }

// reviewed reports whether somebody has to look at a page from time to time. Drafts are not done yet, archived pages are done for good.
func reviewed(e *site.Entry) bool {
	return e.Status != "draft" && inForce(e) && e.Type.Has(doctype.Reviewed)
}
