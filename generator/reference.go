package generator

import (
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"gopkg.in/yaml.v3"

	"opsbook/generator/doctype"
	"opsbook/generator/markdown"
	"opsbook/internal/check"
)

// reference writes what the program knows of itself as Markdown, so that a page can include it and no copy of it goes stale:
//
//	{{< include "opsbook:rules.ja" >}}         every rule, a section each
//	{{< include "opsbook:front-matter.ja" >}}  the keys and sections of every type
type reference struct {
	theme fs.FS
	types *doctype.Set // as the site calls them
}

// fragment returns the Markdown of a name: what it is about, a dot and a language of the interface. There is none for any other name.
func (r reference) fragment(name string) ([]byte, bool) {
	name, ours := strings.CutPrefix(name, "opsbook:")
	what, lang, _ := strings.Cut(name, ".")
	write := map[string]func(*book){"rules": (*book).rules, "front-matter": (*book).frontMatter}[what]
	if !ours || write == nil {
		return nil, false
	}
	b := &book{lang: lang, types: r.types}
	text, err := fs.ReadFile(r.theme, "i18n/"+lang+".yaml")
	if err != nil || yaml.Unmarshal(text, &b.words) != nil {
		return nil, false // no language of the interface
	}
	write(b)
	return []byte(b.text.String()), true
}

// book is a reference while it is written.
type book struct {
	words map[string]string
	lang  string
	types *doctype.Set
	text  strings.Builder
}

// word is an interface word of the reference, with values in its places.
func (b *book) word(key string, values ...any) string {
	word := b.words["reference."+key]
	if len(values) == 0 {
		return word
	}
	return fmt.Sprintf(word, values...)
}

func (b *book) printf(format string, values ...any) { fmt.Fprintf(&b.text, format, values...) }

// row writes one row of a table. The cells are Markdown.
func (b *book) row(cells ...string) { b.printf("| %s |\n", strings.Join(cells, " | ")) }

// table writes the head of a table.
func (b *book) table(keys ...string) {
	b.text.WriteString("\n")
	cells, rule := make([]string, len(keys)), make([]string, len(keys))
	for i, key := range keys {
		cells[i], rule[i] = b.word(key), "---"
	}
	b.row(cells...)
	b.row(rule...)
}

// rules writes every rule as a section whose anchor is the rule's id.
func (b *book) rules() {
	for _, rule := range check.Rules() {
		b.printf("## %s: %s {#%s}\n\n**%s**\n", rule.ID, rule.Title(b.lang), rule.ID, b.word("level."+rule.Severity.String()))
		b.text.WriteString(visible(body(rule.Doc(b.lang))))
		b.text.WriteString("\n")
	}
}

// body is a rule's page without its title. Its headings become bold lines: below the heading of their rule there are too many to be listed.
func body(doc string) string {
	var b strings.Builder
	at := 0
	for n := markdown.Parse([]byte(doc)).Root.FirstChild(); n != nil; n = n.NextSibling() {
		heading, ok := n.(*ast.Heading)
		if !ok || heading.Lines().Len() == 0 {
			continue
		}
		words := heading.Lines().At(0)
		b.WriteString(doc[at : strings.LastIndexByte(doc[:words.Start], '\n')+1])
		if heading.Level > 1 {
			b.WriteString("**" + doc[words.Start:words.Stop] + "**")
		}
		at = words.Stop
	}
	b.WriteString(doc[at:])
	return b.String()
}

// visible is text with a name for every character that cannot be seen: the pages of some rules show them, and here they would break the rules.
func visible(text string) string {
	var b strings.Builder
	for _, c := range text {
		if unicode.In(c, unicode.Cf, unicode.Zs) && c != ' ' && c != '\u3000' {
			fmt.Fprintf(&b, "⟨U+%04X⟩", c)
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// frontMatter writes the keys that every type has, and then each type: how a page comes to be of it, its own keys, its sections.
func (b *book) frontMatter() {
	common := commonKeys(b.types)
	b.printf("## %s {#common}\n", b.word("common"))
	b.keys(common)
	for _, t := range b.types.All {
		b.printf("\n## %s (%s) {#%s}\n\n", escape(t.Label[b.lang]), t.Name, t.Name)
		b.printf("%s\n", b.word("type", t.Name, b.codes(t.Folders)))
		own := slices.DeleteFunc(slices.Clone(t.Schema.Keys()), func(k doctype.Key) bool { return holds(common, k) })
		if len(own) == 0 {
			b.printf("\n%s\n", b.word("none"))
		} else {
			b.printf("\n%s\n", b.word("own"))
			b.keys(own)
		}
		b.sections(t)
	}
}

// commonKeys are the keys that are the same in every type.
func commonKeys(types *doctype.Set) []doctype.Key {
	if len(types.All) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(types.All[0].Schema.Keys()), func(k doctype.Key) bool {
		return slices.ContainsFunc(types.All, func(t *doctype.Type) bool { return !holds(t.Schema.Keys(), k) })
	})
}

func holds(keys []doctype.Key, k doctype.Key) bool {
	return slices.ContainsFunc(keys, func(other doctype.Key) bool { return other.Name == k.Name && reflect.DeepEqual(other, k) })
}

// keys writes a table of keys, those inside lists and maps below the key that holds them.
func (b *book) keys(keys []doctype.Key) {
	b.table("key", "meaning", "value")
	b.keyRows("", keys)
}

func (b *book) keyRows(above string, keys []doctype.Key) {
	for _, k := range keys {
		meaning := "**" + escape(k.Title[b.lang]) + "** " + escape(k.Description[b.lang])
		b.row(code(above+k.Name), meaning, b.value(k))
		below := above + k.Name + "."
		if slices.Contains(k.Kinds, "array") {
			below = above + k.Name + "[]."
		}
		b.keyRows(below, k.Keys)
	}
}

// value says what can be written behind a key.
func (b *book) value(k doctype.Key) string {
	var kinds []string
	for _, kind := range k.Kinds {
		kinds = append(kinds, b.kind(k, kind))
	}
	if len(kinds) == 0 {
		kinds = []string{b.word("any")}
	}
	said := []string{strings.Join(kinds, b.word("or"))}
	if k.Required {
		said = append([]string{b.word("required")}, said...)
	}
	if k.Default != "" {
		said = append(said, b.word("default", code(k.Default)))
	}
	return strings.TrimSpace(strings.Join(said, b.word("stop")))
}

// kind is one of the forms that a value may have. A format is that of the text; of the items where only a list is taken.
func (b *book) kind(k doctype.Key, kind string) string {
	noun := b.word("format." + k.Format)
	switch {
	case kind == "string" && len(k.Enum) > 0:
		return b.codes(k.Enum)
	case kind == "string" && noun != "":
		return noun
	case kind == "array" && noun != "" && !slices.Contains(k.Kinds, "string"):
		return b.word("items", noun)
	default:
		return b.word(kind)
	}
}

// sections writes the sections of a type, with the names by which they are recognised.
func (b *book) sections(t *doctype.Type) {
	if len(t.Sections) == 0 {
		return
	}
	b.printf("\n%s\n", b.word("sections"))
	b.table("section", "headings", "needed")
	for _, s := range t.Sections {
		b.row(code(s.ID), escape(strings.Join(s.Names[b.lang], b.word("comma"))), b.needed(t, s))
	}
}

// needed says whether a page of a type needs a section.
func (b *book) needed(t *doctype.Type, s doctype.Section) string {
	switch {
	case s.Required && len(s.Keys) > 0:
		return b.word("needed.keys", b.codes(s.Keys))
	case s.Required:
		return b.word("needed.yes")
	case s.Group != "":
		var ids []string
		for _, other := range t.Sections {
			if other.Group == s.Group {
				ids = append(ids, other.ID)
			}
		}
		return b.word("needed.group", b.codes(ids))
	default:
		return ""
	}
}

// codes are words in code, listed.
func (b *book) codes(words []string) string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = code(word)
	}
	return strings.Join(all, b.word("comma"))
}

// code is text in code, for a cell of a table.
func code(text string) string {
	marks := "`"
	for strings.Contains(text, marks) {
		marks += "`"
	}
	if len(marks) > 1 {
		text = " " + text + " "
	}
	return marks + strings.ReplaceAll(text, "|", `\|`) + marks
}

// escape is text that Markdown shows as it is, on one line.
func escape(text string) string {
	var b strings.Builder
	for _, c := range strings.Join(strings.Fields(text), " ") {
		if strings.ContainsRune("\\`*_[]<>{}|$&#~", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}
