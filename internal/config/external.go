package config

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// External is which addresses of other sites are asked whether they still answer, when somebody wants them asked. An entry is a host, which
// means the hosts below it as well, or the beginning of an address.
type External struct {
	Ignore []string
	Only   []string  // none: all
	Keep   meta.Span // how long an answer is believed
}

func externalDefaults() External { return External{Keep: meta.Span{Days: 7}} }

func (r *reader) external(f meta.Field) External {
	e := externalDefaults()
	r.object(f, keys{"ignore": into(&e.Ignore, r.sites), "only": into(&e.Only, r.sites), "keep": into(&e.Keep, r.span)})
	return e
}

var hostname = regexp.MustCompile(`^[\pL\pN]([\pL\pN._-]*[\pL\pN])?(:[0-9]{1,5})?$`)

// sites reads hosts and beginnings of addresses.
func (r *reader) sites(f meta.Field) []string {
	var list []string
	for _, s := range r.strs(f) {
		if !isWeb(s.Text) && !hostname.MatchString(s.Text) {
			r.wrong(s.Pos, diag.T("for example wiki.example.com, which means what is below it too, or https://example.com/private/"), "%q is neither a host nor the beginning of an address", s)
			continue
		}
		list = append(list, s.Text)
	}
	return list
}

// Asks reports whether an address may be asked.
func (e External) Asks(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	names := func(entry string) bool {
		if isWeb(entry) {
			return strings.HasPrefix(address, entry)
		}
		entry = strings.ToLower(entry)
		for _, host := range []string{strings.ToLower(u.Host), strings.ToLower(u.Hostname())} {
			if host == entry || strings.HasSuffix(host, "."+entry) {
				return true
			}
		}
		return false
	}
	return !slices.ContainsFunc(e.Ignore, names) && (len(e.Only) == 0 || slices.ContainsFunc(e.Only, names))
}
