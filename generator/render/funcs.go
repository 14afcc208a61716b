package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"strings"
	"sync"

	"opsbook/generator/markdown"
	"opsbook/generator/page"
	"opsbook/internal/diag"
)

// pair is a page and the part of it that a partial shows.
type pair struct {
	Page *page.Page
	It   any
}

// funcs is what templates may call. The words are those of one language; set is that language's templates.
func funcs(set *template.Template, lang string, assets map[string]string, words map[string]map[string]string, code *markdown.Highlighter) template.FuncMap {
	w := speaker{lang: lang, words: words[lang], code: code}
	kept := newKeeper(set)
	return template.FuncMap{
		"csp":      func() string { return CSP },
		"policy":   func() template.HTML { return policy },
		"callable": callable,
		"asset":    func(name string, lang ...string) (string, error) { return asset(assets, name, lang...) },
		"part":     func(name string, p *page.Page) (template.HTML, error) { return part(set, name, p) },
		"pair":     func(p *page.Page, it any) pair { return pair{p, it} },
		"kept":     kept.part,
		"rows":     kept.rows,
		"facts":    kept.facts,
		"beside":   w.beside,
		"contents": contents,
		"around":   around,
		"calling":  calling,
		"article":  w.article,
		"t":        w.word,
		"tin": func(lang, key string, args ...any) (string, error) {
			return speaker{lang: lang, words: words[lang]}.word(key, args...)
		},
		"language":    func(lang string) string { return firstOf(words[lang]["language"], lang) },
		"label":       w.label,
		"to":          w.to,
		"link":        w.link,
		"plain":       w.plain,
		"free":        w.free,
		"fact":        w.fact,
		"word":        w.known,
		"say":         func(t diag.Text) string { return t.In(w.words) },
		"span":        w.span,
		"minutes":     w.minutes,
		"differs":     differs,
		"raciLetters": func() []string { return []string{"R", "A", "C", "I"} },
		"letters":     func(s string) []string { return strings.Split(s, "") },
		"chart":       chart,
		"json":        jsonText,
		"inc":         func(i int) int { return i + 1 },
		"timeline":    timeline,
	}
}

// policy says CSP in a page's head.
var policy = template.HTML(`<meta http-equiv="Content-Security-Policy" content="` + template.HTMLEscapeString(CSP) + `">`)

// asset returns the output path of a style or script: that of the language, if it has one of its own.
func asset(assets map[string]string, name string, lang ...string) (string, error) {
	if len(lang) > 0 {
		stem, ext, _ := strings.Cut(name, ".")
		for _, l := range append(lang, "en") {
			if file, ok := assets[stem+"."+l+"."+ext]; ok {
				return file, nil
			}
		}
	}
	if file, ok := assets[name]; ok {
		return file, nil
	}
	return "", fmt.Errorf("the theme has no asset %q", name)
}

// part renders a template that a value names.
func part(set *template.Template, name string, p *page.Page) (template.HTML, error) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := set.ExecuteTemplate(b, name, p); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil // html/template has escaped it
}

// buffers are what pages and their parts are printed into.
var buffers = sync.Pool{New: func() any { return &bytes.Buffer{} }}

// article renders a document's Markdown with the words of its page; what comes back has been cleaned by the dialect.
func (w speaker) article(d *page.Doc) (template.HTML, error) {
	b := d.Body
	b.Words, b.Code = w.prose(), w.code
	if len(d.Whys) > 0 {
		b.Links = maps.Clone(b.Links)
		for at, why := range d.Whys {
			to := b.Links[at]
			to.Why = why.In(w.words)
			b.Links[at] = to
		}
	}
	a, err := markdown.Render(b)
	if err != nil {
		return "", err
	}
	return template.HTML(written(a.HTML)), nil
}

// schemes are those by which somebody can be reached (SAFETY.md); html/template knows but http, https and mailto.
var schemes = []string{"https:", "http:", "mailto:", "tel:", "slack:", "msteams:"}

// callable lets an address through whose scheme is a way to reach somebody.
func callable(address string) template.URL {
	for _, s := range schemes {
		if strings.HasPrefix(strings.ToLower(address), s) {
			return template.URL(address)
		}
	}
	return ""
}

// differs returns the language of a piece of text where it is not that of the page around it.
func differs(page, text string) string {
	if page == text {
		return ""
	}
	return text
}

// jsonText writes a value for a script to read; html/template escapes it for the place where it stands.
func jsonText(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
