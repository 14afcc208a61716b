package page

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"opsbook/generator/site"
)

// File is one file of the site that machines read. Make returns its bytes, always the same.
type File struct {
	Path string
	Make func() ([]byte, error)
	Key  func() [32]byte // covers everything that Make reads, nil where that is as much work as Make
}

// Files plans what machines read: every page's Markdown, a list of all documents, a feed, and for search engines a map of the site (which
// names absolute addresses, so only with base_url). words are those of the site's first language: calendars speak to people.
func Files(s *site.Site, pages []*Outline, words map[string]string) []File {
	files := []File{
		{Path: "api/docs.json", Make: func() ([]byte, error) { return docsJSON(s) }},
		{Path: "alerts.json", Make: func() ([]byte, error) { return alertsJSON(s) }},
		{Path: "feed.xml", Make: func() ([]byte, error) { return feed(s) }},
		{Path: "robots.txt", Make: func() ([]byte, error) { return robots(s), nil }},
	}
	if s.Config.BaseURL != "" {
		files = append(files, File{Path: "sitemap.xml", Make: func() ([]byte, error) { return sitemap(s, indexable(pages)) }})
	}
	for _, e := range s.Entries {
		files = append(files, File{Path: e.URL + "index.md", Make: func() ([]byte, error) { return source(s, e), nil }, Key: func() [32]byte { return sourceKey(s, e) }})
	}
	files = append(files, ledgerFiles(pages)...)
	files = append(files, reportFiles(s, words)...)
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return files
}

// record is one document of api/docs.json.
type docRecord struct {
	URL          string   `json:"url"`
	Title        string   `json:"title"`
	Type         string   `json:"type"`
	Lang         string   `json:"lang"`
	ID           string   `json:"id,omitempty"`
	Status       string   `json:"status"`
	Description  string   `json:"description,omitempty"`
	Owner        string   `json:"owner,omitempty"`
	Severity     string   `json:"severity,omitempty"`
	Services     []string `json:"services,omitempty"`
	Tags         []string `json:"tags,omitempty"`
	Alerts       []string `json:"alerts,omitempty"`
	State        string   `json:"review_state,omitempty"`
	Due          string   `json:"review_due,omitempty"`
	LastReviewed string   `json:"last_reviewed,omitempty"`
	Source       string   `json:"source"`
	Markdown     string   `json:"markdown"`
}

func recordOf(e *site.Entry) docRecord {
	r := docRecord{
		URL: e.URL, Title: e.Title, Type: e.Type.Name, Lang: e.Lang, ID: e.ID, Status: e.Status, Description: e.Summary, Severity: e.Severity,
		Alerts: e.Alerts, State: string(e.Review.State), Due: e.Review.Due.String(), LastReviewed: e.Meta.LastReviewed.String(),
		Source: e.Doc.Path, Markdown: e.URL + "index.md",
	}
	r.Owner = ownerName(e)
	for _, s := range e.Services {
		r.Services = append(r.Services, s.ID)
	}
	for _, t := range e.Meta.Tags {
		r.Tags = append(r.Tags, t.Text)
	}
	return r
}

// docsJSON lists all documents by URL. Addresses are relative to the site's root and unescaped.
func docsJSON(s *site.Site) ([]byte, error) {
	all := struct {
		At        string      `json:"$schema"` // where its schema is
		Schema    int         `json:"schema"`
		Title     string      `json:"title"`
		AsOf      string      `json:"as_of"`
		Documents []docRecord `json:"documents"`
	}{At: "schema/docs.json", Schema: 1, Title: s.Config.Title, AsOf: s.Clock.String(), Documents: []docRecord{}}
	for _, e := range s.Entries {
		all.Documents = append(all.Documents, recordOf(e))
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write api/docs.json: %w", err)
	}
	return append(text, '\n'), nil
}

// source is a page's Markdown under a front matter that says who owns it and how far it can be trusted.
func source(s *site.Site, e *site.Entry) []byte {
	body := bytes.TrimLeft(e.Doc.Text[e.Doc.BodyAt:], "\n")
	return append(trust(make([]byte, 0, len(body)+1<<10), s, e), body...)
}

// sourceKey covers the front matter of source as it is written, and the text.
func sourceKey(s *site.Site, e *site.Entry) [32]byte {
	return sha256.Sum256(append(trust(nil, s, e), e.Doc.Hash...))
}

// trust appends the front matter of source.
func trust(b []byte, s *site.Site, e *site.Entry) []byte {
	r := recordOf(e)
	b = append(b, "---\n"...)
	for _, line := range [...][2]string{
		{"title", r.Title},
		{"id", r.ID},
		{"type", r.Type},
		{"lang", r.Lang},
		{"status", r.Status},
		{"owner", r.Owner},
		{"severity", r.Severity},
		{"review_state", r.State},
		{"review_state_as_of", s.Clock.String()},
		{"review_due", r.Due},
		{"last_reviewed", r.LastReviewed},
		{"url", s.Config.BaseURL + escapePath(r.URL)},
		{"source", r.Source},
	} {
		if line[1] != "" && (line[0] != "review_state_as_of" || r.State != "") {
			b = append(append(append(append(b, line[0]...), ": "...), quote(line[1])...), '\n')
		}
	}
	return append(b, "---\n\n"...)
}

// quote writes a YAML scalar: a JSON string is one.
func quote(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }) {
		return `"` + s + `"`
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return `""` // a string can always be written
	}
	return strings.TrimSuffix(b.String(), "\n")
}

type atomLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr,omitempty"`
}

type atomEntry struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Link    atomLink `xml:"link"`
	Author  string   `xml:"author>name"`
	Summary string   `xml:"summary,omitempty"`
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

// feed is the last changes as Atom (RFC 4287). Without base_url its links are relative and its ids are of the site's id.
func feed(s *site.Site) ([]byte, error) {
	return feedOf(s, "", func(*site.Entry) bool { return true })
}

// feedOf is the last changes of some pages, as the feed at an address.
func feedOf(s *site.Site, at string, about func(*site.Entry) bool) ([]byte, error) {
	pl := newPlanner(s)
	base := s.Config.BaseURL
	root := cmp.Or(base, "urn:opsbook:"+escapePath(slug(s.Config.ID))+":")
	f := atomFeed{
		Lang: pl.langs[0].code, ID: root + escapePath(at), Title: s.Config.Title, Updated: s.Clock.String() + "T00:00:00Z", Author: s.Config.Title,
		Links: []atomLink{{Href: base + escapePath(at) + "feed.xml", Rel: "self"}, {Href: cmp.Or(base+escapePath(at), "./")}},
	}
	changes := pl.changedOf(pl.langs[0], about)
	if len(changes) > 0 {
		f.Updated = changes[0].On + "T00:00:00Z"
	}
	for _, c := range changes {
		f.Entries = append(f.Entries, atomEntry{
			ID: root + escapePath(c.URL), Title: c.Text, Updated: c.On + "T00:00:00Z", Link: atomLink{Href: base + escapePath(c.URL)},
			Author: cmp.Or(c.Who, s.Config.Title), Summary: c.Message,
		})
	}
	return writeXML(f)
}

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

type sitemapSet struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

// shownPlace is where a page is: its URL, and its absolute address.
type shownPlace struct{ url, canonical string }

// indexable is every page that search engines may show.
func indexable(pages []*Outline) []shownPlace {
	var shown []shownPlace
	for _, p := range pages {
		if p.Stub == nil && !p.NoIndex {
			shown = append(shown, shownPlace{p.URL, p.Canonical})
		}
	}
	return shown
}

func sitemap(s *site.Site, shown []shownPlace) ([]byte, error) {
	changed := map[string]string{}
	pl := newPlanner(s)
	for _, e := range s.Entries {
		changed[e.URL] = pl.lastChange(e).On
	}
	var set sitemapSet
	for _, p := range shown {
		set.URLs = append(set.URLs, sitemapURL{Loc: p.canonical, LastMod: changed[p.url]})
	}
	return writeXML(set)
}

func writeXML(v any) ([]byte, error) {
	text, err := xml.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write XML: %w", err)
	}
	return append([]byte(xml.Header), append(text, '\n')...), nil
}

func robots(s *site.Site) []byte {
	text := "User-agent: *\nAllow: /\n"
	if s.Config.BaseURL != "" {
		text += "Sitemap: " + s.Config.BaseURL + "sitemap.xml\n"
	}
	return []byte(text)
}
