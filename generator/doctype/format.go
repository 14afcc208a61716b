package doctype

import (
	"errors"
	"regexp/syntax"
	"strings"
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
var nouns = map[string]string{
	"alert":            "the name of one alert",
	"alias":            "one address",
	"date":             "one date such as 2026-11-30",
	"duration":         "one length of time such as 15m or 90d",
	"glob":             "one glob",
	"id":               "one id of letters, digits, . _ and -",
	"lang":             "one language such as ja or en",
	"moment":           "one point in time such as 2026-11-30 09:15",
	"page":             "the id or path of one page",
	"party":            "the id of one team, person or vendor",
	"party-or-service": "the id of one service or team",
	"pattern":          "one regular expression",
	"policy":           "the name of one policy",
	"role":             "one role",
	"schedule":         "one schedule such as monthly",
	"service":          "the id of one service",
	"severity":         "one severity",
	"type":             "one type",
	"url":              "one address",
}
