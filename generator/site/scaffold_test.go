package site_test

import (
	"bytes"
	"slices"
	"testing"

	"opsbook/generator/doctype"
	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/generator/source"
	"opsbook/internal/check"
	"opsbook/internal/diag"
)

// TestScaffoldsPass writes a new page of every type, in both languages, into the example knowledge base and holds the whole against the
// rules: what `opsbook new` gives must have no problem, nor must the page that its author makes of it by deleting the line that says draft
// (but that somebody should link to it).
func TestScaffoldsPass(t *testing.T) {
	in := inputOf(t, "../../content")
	in.Drafts = true
	for _, typ := range in.Types.All {
		for _, lang := range []string{"ja", "en"} {
			t.Run(typ.Name+"/"+lang, func(t *testing.T) {
				least := doctype.Scaffold{
					Title: map[string]string{"ja": "新しい: ページ", "en": "A new: page"}[lang], Lang: lang, Today: clock,
					Owner: in.Config.Unowned.Text, Escalation: in.Directory.Escalations[0].ID,
				}
				full := least
				full.ID, full.Severity, full.Of = "NEW001", in.Config.Severities[1], "RUN002"
				for _, s := range []doctype.Scaffold{least, full} {
					text, err := typ.Scaffold(s)
					if err != nil {
						t.Fatal(err)
					}
					for _, d := range problemsOf(in, typ, text) {
						t.Errorf("%s: %s [%s]\n%s", d.Pos, d.Message, d.Rule, text)
					}
					text = bytes.Replace(text, []byte("status: draft\n"), nil, 1)
					for _, d := range problemsOf(in, typ, text) {
						if d.Rule != "orphan" {
							t.Errorf("no longer a draft: %s: %s [%s]\n%s", d.Pos, d.Message, d.Rule, text)
						}
					}
				}
			})
		}
	}
}

// problemsOf are those of a page among all the others.
func problemsOf(in site.Input, typ *doctype.Type, text []byte) []diag.Diagnostic {
	path := typ.Folders[0] + "/new-page.md"
	in.Documents = append(slices.Clip(in.Documents), document.Parse(source.File{Path: path, Text: text}))
	return slices.DeleteFunc(check.Run(site.Resolve(in), nil), func(d diag.Diagnostic) bool { return d.Pos.File != path })
}
