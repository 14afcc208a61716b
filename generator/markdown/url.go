package markdown

import (
	"bytes"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// Scheme returns the scheme of an address in lower case, "" for a relative one, and whether it may be published: http, https, mailto, tel,
// slack, msteams and relative addresses may. An address that names a host without a scheme ("//host") has the scheme "//" and may not.
//
// It reads the address as browsers do: tabs and line breaks anywhere and control characters in front do not count, a backslash is a slash.
func Scheme(address string) (scheme string, ok bool) {
	if strings.ContainsAny(address, "\t\n\r\\") || address != "" && address[0] <= ' ' {
		address = strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(address)
		address = strings.TrimLeftFunc(address, func(r rune) bool { return r <= ' ' })
	}
	if strings.HasPrefix(address, "//") {
		return "//", false
	}
	n := 0
	for n < len(address) && (isAlnum(address[n]) || n > 0 && strings.IndexByte("+-.", address[n]) >= 0) {
		n++
	}
	if n == 0 || n == len(address) || address[n] != ':' || '0' <= address[0] && address[0] <= '9' {
		return "", true
	}
	scheme = strings.ToLower(address[:n])
	switch scheme {
	case "http", "https", "mailto", "tel", "slack", "msteams":
		return scheme, true
	}
	return scheme, false
}

// readable reports whether an address follows the grammar of addresses: what does not may mean something else to every browser.
func readable(href string) bool {
	_, err := url.Parse(href)
	return err == nil
}

// external reports whether an address leads to another site.
func external(href string) bool {
	scheme, _ := Scheme(href)
	return scheme == "http" || scheme == "https"
}

// isLink reports whether the address of an autolink is one we print as a link.
func isLink(dest string) bool {
	scheme, ok := Scheme(dest)
	return ok && scheme != ""
}

// suspicious reports whether the address of an autolink with a foreign scheme is meant as an address, rather than as a placeholder like
// <namespace:pod>.
func suspicious(dest string) bool {
	scheme, rest, _ := strings.Cut(strings.ToLower(dest), ":")
	switch scheme {
	case "javascript", "vbscript", "data", "blob", "file", "about", "view-source", "intent":
		return true
	}
	return strings.HasPrefix(scheme, "ms-") || strings.HasPrefix(rest, "//")
}

// unescape resolves the entities and backslash escapes of a destination or a title.
func unescape(dest []byte) string {
	if bytes.IndexByte(dest, '&') < 0 && bytes.IndexByte(dest, '\\') < 0 {
		return string(dest)
	}
	return string(appendUnescaped(nil, dest))
}

// autoDest returns where an autolink leads.
func autoDest(n *ast.AutoLink, source []byte) string {
	dest := n.URL(source)
	if n.AutoLinkType == ast.AutoLinkEmail && !bytes.HasPrefix(bytes.ToLower(dest), []byte("mailto:")) {
		return "mailto:" + string(dest)
	}
	return string(dest)
}

// escapeURL percent-encodes what may not stand in an address; what is encoded stays so. A relative address whose first name has a colon in it
// is led by ./ so that nothing can take the name for a scheme.
func escapeURL(dest string) string {
	escaped := string(util.URLEscape([]byte(dest), false))
	if scheme, ok := Scheme(escaped); ok && scheme == "" {
		if i := strings.IndexAny(escaped, ":/?#"); i >= 0 && escaped[i] == ':' {
			return "./" + escaped
		}
	}
	return escaped
}
