package render

import (
	"bytes"
	"strings"

	xhtml "golang.org/x/net/html"
)

// refused is what html/template prints in the place of a value that it does not trust there. A page may write the word all the same.
const refused = "ZgotmplZ"

// written is what we print without html/template, in which the word was written by somebody: spelled so that it is not taken for a refusal.
func written(html string) string { return strings.ReplaceAll(html, refused, "Zgotmpl&#90;") }

// printsRefused reports whether html/template refused a value of a page. It says so as a whole address, as the name of an attribute or within
// a script or a style; anywhere else the word is the page's own, and so is the address of a place that the page names so.
func printsRefused(html []byte) bool {
	if !bytes.Contains(html, []byte(refused)) {
		return false
	}
	code := false // within a script or a style
	address, place := false, false
	for tokens := xhtml.NewTokenizer(bytes.NewReader(html)); ; {
		switch tokens.Next() {
		case xhtml.ErrorToken:
			return address && !place
		case xhtml.TextToken:
			if code && bytes.Contains(tokens.Raw(), []byte(refused)) {
				return true
			}
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			raw := bytes.Contains(tokens.Raw(), []byte(refused)) // before the token spells it out
			token := tokens.Token()
			code = token.Data == "script" || token.Data == "style"
			for _, a := range token.Attr {
				switch {
				case strings.Contains(a.Key, strings.ToLower(refused)), a.Key == "style" && raw && strings.Contains(a.Val, refused):
					return true
				case a.Key == "id":
					place = place || a.Val == refused
				case raw && a.Val == "#"+refused:
					address = true
				}
			}
		default:
			code = false
		}
	}
}
