package config

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// contactKinds are the ways to reach a party.
var contactKinds = []string{"pagerduty", "slack", "teams", "phone", "email", "url"}

// contacts reads ways to reach a party, as a map from kind to address or as a list of such maps, in which one can be private.
func (r *reader) contacts(f meta.Field) []Contact {
	var list []Contact
	if f.Value.Kind == meta.Scalar {
		r.wrong(f.Value.Pos, diag.T(`for example {slack: "#dba", phone: "03-0000-0120"}`), "%s must be a map, not text", f.Raw)
		return nil
	}
	for _, item := range r.items(f) {
		from, private := len(list), false
		known := keys{"visibility": func(f meta.Field) { private = r.private(f) }}
		for _, kind := range contactKinds {
			known[kind] = func(f meta.Field) { list = append(list, r.contact(kind, f)...) }
		}
		r.object(item, known)
		for i := range list[from:] {
			list[from+i].Private = private
		}
	}
	return slices.DeleteFunc(list, func(c Contact) bool { return c.Text == "" })
}

// contact reads one way to reach a party, or several of one kind.
func (r *reader) contact(kind string, f meta.Field) []Contact {
	var list []Contact
	for _, s := range r.strs(f) {
		address, hint := link(kind, s.Text)
		if !hint.IsZero() {
			r.wrong(s.Pos, hint, "%s is no way to reach anybody by %s", quoted(s.Text), kind)
		}
		list = append(list, Contact{Kind: kind, Text: s.Text, URL: address, Pos: s.Pos})
	}
	return list
}

func quoted(s string) string { return `"` + s + `"` }

// link turns a contact into an address a browser may open, by the allow-list of links; "" for what people know how to reach without one,
// such as the name of a channel. The hint says what is wrong with a contact that leads nowhere.
func link(kind, text string) (address string, hint diag.Text) {
	switch kind {
	case "phone":
		if number := phone(text); number != "" {
			return "tel:" + number, diag.Text{}
		}
		return "", diag.T("write digits, spaces, hyphens and brackets, and what else there is to say into hours")
	case "email":
		if box, err := mail.ParseAddress(text); err == nil {
			return "mailto:" + strings.ReplaceAll(url.PathEscape(box.Address), "%40", "@"), diag.Text{}
		}
		return "", diag.T("for example dba@example.com")
	case "url":
		if isWeb(text) {
			return text, diag.Text{}
		}
		return "", diag.T("an address starts with https:// and names a host")
	}
	u, err := url.Parse(text)
	switch {
	case isWeb(text):
		return text, diag.Text{}
	case err == nil && (kind == "slack" && u.Scheme == "slack" || kind == "teams" && u.Scheme == "msteams"):
		return text, diag.Text{}
	case strings.Contains(text, ":"):
		return "", diag.T("write an address that starts with https://, or the name of the channel or schedule")
	}
	return "", diag.Text{}
}

// phone returns the digits of a telephone number, with its + when it has one, or "". Full-width digits are digits; brackets, spaces,
// dots and hyphens of any width only group them (RFC 3966 calls them visual separators).
func phone(text string) string {
	var digits strings.Builder
	for i, c := range norm.NFKC.String(text) {
		switch {
		case c >= '0' && c <= '9' || c == '+' && i == 0:
			digits.WriteRune(c)
		case !strings.ContainsRune(" ().-‐‑–−ー", c):
			return ""
		}
	}
	if number := digits.String(); len(strings.TrimPrefix(number, "+")) >= 3 {
		return number
	}
	return ""
}
