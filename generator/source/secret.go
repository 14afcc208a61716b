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
	"opsbook/internal/secret"
)

// opaque are the kinds of assets whose bytes are no text. Everything else is looked at: a key lies in a file of any name.
var opaque = []string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".pdf", ".zip", ".gz", ".woff", ".woff2", ".mp4", ".webm", ".xlsx", ".docx", ".pptx"}

// credentials reports the credentials in assets, as documents do for themselves. Assets of more than MaxFile bytes are data of another kind.
func credentials(ctx context.Context, fsys fs.FS, assets []Asset) ([]diag.Diagnostic, error) {
	var problems []diag.Diagnostic
	for _, a := range assets {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if a.Size > MaxFile || slices.Contains(opaque, strings.ToLower(path.Ext(a.Path))) {
			continue
		}
		text, err := fs.ReadFile(fsys, a.Path)
		if err != nil {
			continue // who needs the file says why it cannot be read
		}
		for _, f := range secret.Find(text) {
			before := text[:f.From]
			line := bytes.LastIndexByte(before, '\n') + 1
			pos := diag.Pos{File: a.Path, Line: bytes.Count(before, []byte("\n")) + 1, Col: utf8.RuneCount(before[line:]) + 1}
			problems = append(problems, diag.Diagnostic{Pos: pos, Rule: secret.Rule, Message: f.Message(), Hint: secret.Hint()})
		}
	}
	return problems, nil
}
