package templates_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"opsbook/templates"
)

// words returns our catalogue of a language, without what falls back to English.
func words(t *testing.T, lang string) map[string]string {
	t.Helper()
	all, err := templates.Words(templates.Default())
	if err != nil {
		t.Fatal(err)
	}
	return all[lang]
}

// interfaceWord is how keys of interface words are written; what else a catalogue holds are sentences of diagnostics.
var interfaceWord = regexp.MustCompile(`^[a-z_]+(\.[A-Za-z_-]+)*$`)

func TestBothLanguagesHaveTheSameWords(t *testing.T) {
	ja, en := readCatalogue(t, "i18n/ja.yaml"), readCatalogue(t, "i18n/en.yaml")
	for key := range maps.Keys(en) {
		if plural := strings.HasSuffix(key, ".one"); !plural && !slices.Contains(slices.Collect(maps.Keys(ja)), key) {
			t.Errorf("i18n/ja.yaml has no %s", key)
		}
	}
	for key := range ja {
		if _, ok := en[key]; !ok && interfaceWord.MatchString(key) {
			t.Errorf("i18n/en.yaml has no %s", key)
		}
	}
}

// readCatalogue reads the keys of one file, each written once.
func readCatalogue(t *testing.T, file string) map[string]bool {
	t.Helper()
	text, err := fs.ReadFile(templates.Default(), file)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z_]+(?:\.[A-Za-z_-]+)*):`).FindAllStringSubmatch(string(text), -1) {
		if keys[m[1]] {
			t.Errorf("%s says %s twice", file, m[1])
		}
		keys[m[1]] = true
	}
	if len(keys) < 200 {
		t.Fatalf("only %d keys in %s", len(keys), file)
	}
	return keys
}

func TestGapsAreTheSameInBothLanguages(t *testing.T) {
	ja, en := words(t, "ja"), words(t, "en")
	for key, text := range en {
		if interfaceWord.MatchString(key) && strings.Count(text, "%s") != strings.Count(ja[key], "%s") {
			t.Errorf("%s: %q and %q have not the same gaps", key, text, ja[key])
		}
	}
}

// asks are the forms in which templates, the planner and scripts ask for a word by a fixed key.
var asks = map[string]*regexp.Regexp{
	".html": regexp.MustCompile(`\b(?:t|tin \S+) "([^"%]+)"`),
	".go":   regexp.MustCompile(`(?m)(?:Key: |^\s*\{)"([a-z_]+(?:\.[a-z]+)*)"[,}]`),
	".js":   regexp.MustCompile(`words(?:\.|\[")([a-z]+(?:\.[a-z]+)*)\b(?:"\]|[^."a-z])`),
}

func TestEveryWordThatIsAskedForExists(t *testing.T) {
	en := words(t, "en")
	asked := 0
	for _, folder := range []string{"layout", "partial", "types", "js", "../generator/page"} {
		err := filepath.WalkDir(folder, func(file string, e fs.DirEntry, err error) error {
			re := asks[filepath.Ext(file)]
			if err != nil || e.IsDir() || re == nil || strings.Contains(file, "test") || strings.HasSuffix(file, "page/files.go") {
				return err
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			for _, m := range re.FindAllStringSubmatch(string(text), -1) {
				key := m[1]
				if _, plain := en[key]; !plain && filepath.Ext(file) == ".js" {
					key = "js." + key
				}
				asked++
				if _, ok := en[key]; !ok && !factKey(en, file, key) {
					t.Errorf("%s asks for %q, which no catalogue has", file, key)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if asked < 200 {
		t.Errorf("only %d words are asked for: the search for them has lost its way", asked)
	}
}

// factKey reports whether the planner's key is that of a fact, a facet or a moment, which templates look up with a prefix.
func factKey(en map[string]string, file, key string) bool {
	for _, prefix := range []string{"fact.", "facet.", "moment."} {
		if _, ok := en[prefix+key]; ok && filepath.Ext(file) == ".go" {
			return true
		}
	}
	return false
}

func TestOurIDsAreApartFromThoseOfHeadings(t *testing.T) {
	ids := 0
	err := fs.WalkDir(templates.Default(), ".", func(file string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".html" {
			return err
		}
		text, err := fs.ReadFile(templates.Default(), file)
		for _, m := range regexp.MustCompile(` id="([a-z][^"{]*)`).FindAllStringSubmatch(string(text), -1) {
			ids++
			if !strings.HasPrefix(m[1], "p-") {
				t.Errorf("%s: the id %s may be that of a heading: let it begin with p-", file, m[1])
			}
		}
		return err
	})
	if err != nil || ids < 15 {
		t.Errorf("%d ids, %v", ids, err)
	}
}

func TestWordsOfClosedListsExist(t *testing.T) {
	en := words(t, "en")
	for prefix, values := range map[string]string{
		"state.": "fresh due stale unreviewed drifted outdated", "status.": "draft active deprecated archived", "hours.": "business off",
		"contact.": "pagerduty slack teams phone email url", "party.": "team person vendor", "group.": "team person vendor", "raci.": "R A C I",
		"moment.": "started detected mitigated resolved begun finished", "facet.": "severity state owner service tag", "run.": "live drill",
		"automation.": "manual assisted automated delegated", "action.kind.": "temporary permanent prevention", "action.status.": "open done dropped",
		"admonition.": "note tip important warning caution", "span.": "years months days hours minutes",
	} {
		for _, value := range strings.Fields(values) {
			if en[prefix+value] == "" {
				t.Errorf("no word for %s%s", prefix, value)
			}
		}
	}
}

func TestLayersAreJoinedFileByFile(t *testing.T) {
	theme := fstest.MapFS{"css/main.css": {Data: []byte("ours")}, "css/extra.css": {Data: []byte("extra")}, "i18n/ja.yaml": {Data: []byte("home: 入口\n")}}
	types := fstest.MapFS{"orr/type.yaml": {Data: []byte("own")}, "note/page.html": {Data: []byte("note")}}
	all := templates.Layered(theme, types)
	for name, want := range map[string]string{"css/main.css": "ours", "css/extra.css": "extra", "types/orr/type.yaml": "own", "types/note/page.html": "note"} {
		if got, err := fs.ReadFile(all, name); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if text, err := fs.ReadFile(all, "types/runbook/page.html"); err != nil || len(text) == 0 {
		t.Errorf("our own page is gone: %v", err)
	}
	entries, err := fs.ReadDir(all, "types")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Contains(names, "orr") || !slices.Contains(names, "runbook") || !slices.IsSorted(names) {
		t.Errorf("types: %v", names)
	}
	if _, err := fs.ReadFile(all, "no/such.file"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if words, err := templates.Words(all); err != nil || words["ja"]["home"] != "入口" || words["ja"]["search"] != "検索" {
		t.Errorf("a site's words do not lie over ours: %v", err)
	}
}

func TestALanguageOfASiteFallsBackToEnglish(t *testing.T) {
	words, err := templates.Words(templates.Layered(fstest.MapFS{"i18n/fr.yaml": {Data: []byte("home: Accueil\n")}}, nil))
	if err != nil {
		t.Fatal(err)
	}
	if fr := words["fr"]; fr["home"] != "Accueil" || fr["search"] != "Search" {
		t.Errorf("home %q, search %q", fr["home"], fr["search"])
	}
}
