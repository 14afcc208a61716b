package render

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"unicode"

	"opsbook/generator/markdown"
	"opsbook/generator/page"
)

// speaker says things in one language.
type speaker struct {
	lang  string
	words map[string]string
	code  *markdown.Highlighter
}

// prose returns the words that an article needs.
func (w speaker) prose() markdown.Words {
	p := markdown.Words{
		Admonitions: map[string]string{}, Table: w.words["prose.table"], Footnotes: w.words["prose.footnotes"],
		FootnoteBack: w.words["prose.footnote_back"], Done: w.words["prose.done"], Open: w.words["prose.open"], BadLink: w.words["prose.bad_link"],
		Diagram: w.words["prose.diagram"], DiagramText: w.words["prose.diagram_text"],
	}
	for _, name := range []string{"note", "tip", "important", "warning", "caution"} {
		p.Admonitions[name] = w.words["admonition."+name]
	}
	return p
}

// word returns an interface word with its gaps filled. A template that asks for a word that nobody wrote is a fault of the theme.
func (w speaker) word(key string, args ...any) (string, error) {
	text, ok := w.words[key]
	if !ok {
		return "", fmt.Errorf("i18n/%s.yaml has no word %q", w.lang, key)
	}
	if len(args) == 0 {
		return text, nil
	}
	return fmt.Sprintf(text, args...), nil
}

// known returns the word for a value of a closed list, or what was written when the list does not have it.
func (w speaker) known(prefix, value string) string {
	if text, ok := w.words[prefix+"."+value]; ok {
		return text
	}
	return value
}

// fact returns the name of a fact: ours, else the one that the planner made from its key.
func (w speaker) fact(key, name string) string {
	if text, ok := w.words["fact."+key]; ok {
		return text
	}
	return name
}

// plain returns a label as text.
func (w speaker) plain(l page.Label) (string, error) {
	if l.Key == "" {
		return l.Text, nil
	}
	if l.Text == "" {
		return w.word(l.Key)
	}
	return w.word(l.Key, l.Text)
}

// label returns a label as HTML, marked with its language where that is not the page's.
func (w speaker) label(l page.Label) (template.HTML, error) {
	text, err := w.plain(l)
	if err != nil {
		return "", err
	}
	text = breakable(template.HTMLEscapeString(text))
	if l.Key == "" && l.Lang != "" && l.Lang != w.lang {
		text = `<span lang="` + template.HTMLEscapeString(l.Lang) + `">` + text + `</span>`
	}
	return template.HTML(text), nil // escaped above
}

// longWord is how many letters a Latin word has at least to need a place to break in a narrow column: names of alerts are such words.
const longWord = 18

// breakable allows a line to break inside long names, where a small letter meets a large one. text is escaped.
func breakable(text string) string {
	if longest(text) < longWord {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		if i > 0 && 'A' <= text[i] && text[i] <= 'Z' && 'a' <= text[i-1] && text[i-1] <= 'z' {
			b.WriteString("<wbr>")
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// longest is the length of the longest run of ASCII letters.
func longest(text string) int {
	most, n := 0, 0
	for i := range len(text) {
		if c := text[i] | 0x20; 'a' <= c && c <= 'z' {
			n++
			most = max(most, n)
		} else {
			n = 0
		}
	}
	return most
}

// free returns a text that somebody wrote in a language nobody noted: Japanese letters tell.
func (w speaker) free(text string) (template.HTML, error) {
	l := page.Label{Text: text}
	if strings.ContainsFunc(text, japanese) {
		l.Lang = "ja"
	}
	return w.label(l)
}

func japanese(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) }

// span says a length of time in the largest units that hold it exactly.
func (w speaker) span(s page.Span) (string, error) {
	var parts []string
	minutes := s.Minutes
	for _, unit := range []struct {
		key  string
		many int
	}{
		{"years", s.Months / 12},
		{"months", s.Months % 12},
		{"days", s.Days},
		{"hours", minutes / 60},
		{"minutes", minutes % 60},
	} {
		if unit.many == 0 {
			continue
		}
		text, err := w.count("span."+unit.key, unit.many)
		if err != nil {
			return "", err
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return w.count("span.minutes", 0)
	}
	return strings.Join(parts, w.words["span.join"]), nil
}

// minutes says a number of minutes; a negative one is unknown and says nothing.
func (w speaker) minutes(n int) (string, error) {
	if n < 0 {
		return "", nil
	}
	return w.span(page.Span{Days: n / 1440, Minutes: n % 1440})
}

// count says how many, with the language's word for one where it has one.
func (w speaker) count(key string, n int) (string, error) {
	if one, ok := w.words[key+".one"]; ok && n == 1 {
		return fmt.Sprintf(one, strconv.Itoa(n)), nil
	}
	return w.word(key, strconv.Itoa(n))
}
