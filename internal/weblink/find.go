package weblink

import (
	"net/url"
	"slices"
	"strings"

	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// place is where an address stands.
type place struct {
	address string // as it is asked: without a fragment and without a name and password
	pos     diag.Pos
}

// addresses are the addresses of places, each once, sorted.
func addresses(places []place) []string {
	all := make([]string, len(places))
	for i, p := range places {
		all[i] = p.address
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// find lists every address that the pages and the directory lead to and that may be asked.
func find(s *site.Site) []place {
	f := finder{settings: s.Config.External}
	for _, e := range s.Entries {
		if e.Status == "archived" {
			continue // kept as it was
		}
		for _, l := range e.Doc.Links {
			if t, ok := e.Links[l.At]; ok && t.Kind == site.External {
				f.add(meta.Str{Text: l.Dest, Pos: orIn(l.Pos, e)})
			}
		}
		f.front(e.Doc.Front)
	}
	for _, p := range s.Directory.Parties {
		for _, c := range p.Contacts {
			if c.Kind == "url" {
				f.add(meta.Str{Text: c.URL, Pos: c.Pos})
			}
		}
	}
	for _, x := range s.Directory.Services {
		for _, d := range x.Dashboards {
			f.add(d)
		}
	}
	return f.places
}

// orIn is a position, in the file of an entry where it names none.
func orIn(pos diag.Pos, e *site.Entry) diag.Pos {
	if pos.File == "" {
		pos.File = e.Doc.Path
	}
	return pos
}

type finder struct {
	settings config.External
	places   []place
}

// front adds the addresses of front matter: those of the keys that hold one.
func (f *finder) front(v meta.Value) {
	for _, item := range v.Items {
		f.front(item)
	}
	for _, field := range v.Fields {
		switch field.Key {
		case "url", "link", "ticket":
			f.add(field.Value.Str())
		case "params", "presets", "extra": // examples, and what only the site understands
		default:
			f.front(field.Value)
		}
	}
}

func (f *finder) add(s meta.Str) {
	u, err := url.Parse(strings.TrimSpace(s.Text))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || reserved(u.Hostname()) || open(s.Text) {
		return
	}
	u.User, u.Fragment, u.RawFragment = nil, "", "" // neither is for others to see
	if address := u.String(); f.settings.Asks(address) {
		f.places = append(f.places, place{address, s.Pos})
	}
}

// open reports whether an address has a slot that a reader fills in.
func open(address string) bool {
	if plain, err := url.PathUnescape(address); err == nil {
		address = plain
	}
	return strings.ContainsAny(address, "{}<>$")
}

// reserved reports whether a host is one of those that exist in examples only (RFC 2606, RFC 6761).
func reserved(host string) bool {
	host = "." + strings.ToLower(strings.TrimSuffix(host, "."))
	return slices.ContainsFunc([]string{".example", ".test", ".invalid", ".example.com", ".example.net", ".example.org"}, func(name string) bool {
		return strings.HasSuffix(host, name)
	})
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.ToLower(u.Host)
}
