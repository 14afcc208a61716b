package doctype

import (
	"errors"
	"regexp/syntax"
	"strings"

	"opsbook/internal/diag"
)

// formats are the formats of our schemas. Most only say what a value means: for the words of a message, the reference page and editors.
// Whether a party or a page exists is known to the rules of a site; dates and times are held by those who read them.
var formats = map[string]func(any) error{
	"alert": anyValue, "alias": anyValue, "date": anyValue, "duration": anyValue, "glob": anyValue, "id": anyValue, "lang": anyValue,
	"moment": anyValue, "page": anyValue, "party": anyValue, "party-or-service": anyValue, "policy": anyValue, "role": anyValue,
	"schedule": anyValue, "service": anyValue, "severity": anyValue, "type": anyValue, "url": anyValue,
	"pattern": pattern,
}

func anyValue(any) error { return nil }

var errPattern = errors.New("no regular expression")

// pattern holds a parameter's pattern to the syntax of regular expressions. Browsers run it and know more than Go does (look-around), so
// only what is wrong everywhere is.
func pattern(v any) error {
	s, ok := v.(string)
	if !ok || strings.Contains(s, "(?") || strings.Contains(s, `\`) && strings.ContainsAny(s, "kcu") {
		return nil
	}
	if _, err := syntax.Parse(s, syntax.Perl); err != nil {
		return errPattern
	}
	return nil
}

// nouns are the words for one value of a format, as in "owner must be one team or person".
var nouns = map[string]diag.Text{
	"alert":            diag.T("the name of one alert"),
	"alias":            diag.T("one address"),
	"date":             diag.T("one date such as 2026-11-30"),
	"duration":         diag.T("one length of time such as 15m or 90d"),
	"glob":             diag.T("one glob"),
	"id":               diag.T("one id of letters, digits, . _ and -"),
	"lang":             diag.T("one language such as ja or en"),
	"moment":           diag.T("one point in time such as 2026-11-30 09:15"),
	"page":             diag.T("the id or path of one page"),
	"party":            diag.T("the id of one team, person or vendor"),
	"party-or-service": diag.T("the id of one service or team"),
	"pattern":          diag.T("one regular expression"),
	"policy":           diag.T("the name of one policy"),
	"role":             diag.T("one role"),
	"schedule":         diag.T("one schedule such as monthly"),
	"service":          diag.T("the id of one service"),
	"severity":         diag.T("one severity"),
	"type":             diag.T("one type"),
	"url":              diag.T("one address"),
}
