package check_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"opsbook/internal/check"
)

func ids() []string {
	var all []string
	for _, rule := range check.Rules() {
		all = append(all, rule.ID)
	}
	return all
}

func TestRulesAreInOrderAndUnique(t *testing.T) {
	all := ids()
	if sorted := slices.Compact(slices.Sorted(slices.Values(all))); !slices.Equal(all, sorted) {
		t.Errorf("rules are %q, want %q", all, sorted)
	}
}

func TestEveryRuleHasItsFixtureAndEveryFixtureItsRule(t *testing.T) {
	if rules, have := ids(), fixtures(t); !slices.Equal(rules, have) {
		for _, id := range rules {
			if !slices.Contains(have, id) {
				t.Errorf("testdata has no fixture %s.txtar", id)
			}
		}
		for _, id := range have {
			if !slices.Contains(rules, id) {
				t.Errorf("testdata/%s.txtar is of no rule", id)
			}
		}
	}
}

func TestEveryRuleHasItsPageInBothLanguages(t *testing.T) {
	parts := map[string][]string{
		"en": {"\n## Why\n", "\n## Bad\n", "\n## Good\n", "\n## How to fix\n"},
		"ja": {"\n## 理由\n", "\n## 悪い例\n", "\n## 良い例\n", "\n## 直し方\n"},
	}
	pages := 0
	for _, rule := range check.Rules() {
		for lang, headings := range parts {
			doc := rule.Doc(lang)
			pages++
			if !strings.HasPrefix(doc, "# ") {
				t.Errorf("%s (%s): the page has no title", rule.ID, lang)
			}
			at := 0
			for _, heading := range headings {
				next := strings.Index(doc, heading)
				if next < at {
					t.Errorf("%s (%s): the page has no %q, or not in this order", rule.ID, lang, strings.TrimSpace(heading))
					continue
				}
				at = next
			}
			for _, example := range headings[1:3] {
				_, below, _ := strings.Cut(doc, example)
				if section, _, _ := strings.Cut(below, "\n## "); !strings.Contains(section, "```") {
					t.Errorf("%s (%s): %q shows no example", rule.ID, lang, strings.TrimSpace(example))
				}
			}
		}
	}
	files, err := os.ReadDir("rules")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != pages {
		t.Errorf("there are %d pages for %d rules and languages: one is of no rule", len(files), pages)
	}
}

func TestExplain(t *testing.T) {
	if text, ok := check.Explain("owner-person", "en"); !ok || !strings.HasPrefix(text, "owner-person (warning)\n\n# A team owns") {
		t.Errorf("English: %v, %.80q", ok, text)
	}
	if text, ok := check.Explain("owner-person", "ja"); !ok || !strings.HasPrefix(text, "owner-person (warning)\n\n# 担当は個人") {
		t.Errorf("Japanese: %v, %.80q", ok, text)
	}
	if text, _ := check.Explain("owner-person", "de"); !strings.Contains(text, "# A team owns") {
		t.Errorf("another language is not English: %.80q", text)
	}
	if text, ok := check.Explain("owner-nobody", "en"); ok || text != "" {
		t.Errorf("an unknown rule is explained: %q", text)
	}
}
