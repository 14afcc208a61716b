package source

import (
	"bytes"
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"opsbook/internal/diag"
	"opsbook/internal/inert"
	"opsbook/internal/secret"
)

// opaque are the kinds of assets whose bytes are no text. Everything else is looked at: a key lies in a file of any name.
var opaque = []string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".pdf", ".zip", ".gz", ".woff", ".woff2", ".mp4", ".webm", ".xlsx", ".docx", ".pptx"}

// look reports what is wrong with assets: credentials, as documents report their own, and what would run when a picture is opened. Assets of
// more than MaxFile bytes are data of another kind, unless they are pictures.
func look(ctx context.Context, fsys fs.FS, assets []Asset) ([]diag.Diagnostic, error) {
	var problems []diag.Diagnostic
	for _, a := range assets {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		small := a.Size <= MaxFile && !slices.Contains(opaque, strings.ToLower(path.Ext(a.Path)))
		if !small && !inert.Looks(a.Path) {
			continue
		}
		text, err := fs.ReadFile(fsys, a.Path)
		if err != nil {
			continue // who needs the file says why it cannot be read
		}
		if small {
			for _, f := range secret.Find(text) {
				problems = append(problems, diag.Diagnostic{Pos: place(a.Path, text, f.From), Rule: secret.Rule, Message: f.Message(), Hint: secret.Hint()})
			}
		}
		if inert.Looks(a.Path) {
			_, found := inert.Clean(a.Path, text)
			for _, f := range found {
				problems = append(problems, diag.Diagnostic{Pos: place(a.Path, text, f.At), Rule: RuleActive, Message: f.What, Hint: inert.Hint()})
			}
		}
	}
	return problems, nil
}

// place is a byte of a file as a line and a column.
func place(file string, text []byte, at int) diag.Pos {
	before := text[:at]
	line := bytes.LastIndexByte(before, '\n') + 1
	return diag.Pos{File: file, Line: bytes.Count(before, []byte("\n")) + 1, Col: utf8.RuneCount(before[line:]) + 1}
}
