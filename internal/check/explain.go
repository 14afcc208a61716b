package check

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

// docs holds the page of every rule in English (<id>.md) and Japanese (<id>.ja.md).
//
//go:embed rules/*.md
var docs embed.FS

// Doc returns the rule's page in Markdown: what it holds content to and why, what is wrong, what is right and how to get there. It is in
// English in any language but Japanese.
func (r Rule) Doc(lang string) string {
	if lang == "ja" {
		if text, err := docs.ReadFile("rules/" + r.ID + ".ja.md"); err == nil {
			return string(text)
		}
	}
	text, err := docs.ReadFile("rules/" + r.ID + ".md")
	if err != nil {
		return "" // a test sees to it that every rule has its page
	}
	return string(text)
}

// Title returns what the rule says in one sentence: the title of its page.
func (r Rule) Title(lang string) string {
	title, _, _ := strings.Cut(r.Doc(lang), "\n")
	return strings.TrimPrefix(title, "# ")
}

// Explain returns a rule's page below its id and severity, and false when there is no such rule.
func Explain(id, lang string) (string, bool) {
	rules := Rules()
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return "", false
	}
	doc := strings.TrimSuffix(rules[i].Doc(lang), "\n")
	return fmt.Sprintf("%s (%s)\n\n%s", id, rules[i].Severity, doc), true
}
