package quality

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"opsbook/search"
)

// Known is a question with the one page that answers it.
type Known struct {
	Class string `json:"class"`
	Lang  string `json:"lang"`
	Query string `json:"query"`
	URL   string `json:"url"`
}

// perClass is how many questions are drawn for a class and a language.
const perClass = 80

var (
	englishWord  = regexp.MustCompile(`\b[A-Za-z][a-z]{3,15}\b`)
	japaneseWord = regexp.MustCompile(`\p{Han}{2,6}|[ァ-ヶー]{3,10}`)
	longWord     = regexp.MustCompile(`[A-Za-z]{6,}`)
	katakanaWord = regexp.MustCompile(`[ァ-ヶー]{3,}`)
	latinWord    = regexp.MustCompile(`[A-Za-z]{2,}`)
	verb         = regexp.MustCompile(`(する|します|される)$`)
	logLine      = regexp.MustCompile(`[A-Za-z0-9_./:=-]{6,}`)
)

// drawer draws questions from documents: without looking at any index or
// analyzer, so that no engine is favoured.
type drawer struct {
	records []search.Record
	random  *rand.Rand
	titles  map[string]int // lower-case title or heading to documents that hold it
	words   map[string]int // word to documents
	texts   []string       // of the records: title, headings and texts
	lower   []string       // the same in lower case
	known   []Known
}

// Draw draws questions of every class. The same records and alerts draw the
// same questions.
func Draw(records []search.Record, alerts []Alert) []Known {
	d := drawer{records: slices.Clone(records), random: rand.New(rand.NewPCG(20261101, 4)), titles: map[string]int{}, words: map[string]int{}}
	slices.SortFunc(d.records, func(a, b search.Record) int { return strings.Compare(a.URL, b.URL) })
	for _, r := range d.records {
		all := textOf(r)
		d.texts, d.lower = append(d.texts, all), append(d.lower, strings.ToLower(all))
		names, words := map[string]bool{strings.ToLower(r.Title): true}, map[string]bool{}
		for _, s := range r.Sections {
			names[strings.ToLower(s.Heading)] = true
			for _, w := range vocabulary(r.Lang, s.Text) {
				words[w] = true
			}
		}
		for n := range names {
			d.titles[n]++
		}
		for w := range words {
			d.words[w]++
		}
	}
	for _, lang := range []string{"en", "ja"} {
		d.draw("title", lang, d.title)
		d.draw("heading", lang, d.heading)
		d.draw("three rare words", lang, d.rareWords)
		d.draw("typo", lang, d.typo)
	}
	d.alerts(alerts)
	d.draw("pasted line", "en", d.pastedLine)
	d.draw("pasted line", "ja", d.pastedLine)
	d.draw("kana and width", "ja", d.width)
	d.draw("conjugated", "ja", d.conjugated)
	return d.known
}

func vocabulary(lang, text string) []string {
	if lang == "ja" {
		return japaneseWord.FindAllString(text, -1)
	}
	words := englishWord.FindAllString(text, -1)
	for i := range words {
		words[i] = strings.ToLower(words[i])
	}
	return words
}

// draw asks make for a question about random documents of the language until
// there are enough, or each was asked about four times.
func (d *drawer) draw(class, lang string, make func(search.Record) string) {
	var pool []search.Record
	for _, r := range d.records {
		if r.Lang == lang {
			pool = append(pool, r)
		}
	}
	seen := map[string]bool{}
	for tries := 0; tries < 4*len(pool) && len(seen) < perClass; tries++ {
		r := pool[d.random.IntN(len(pool))]
		if q := make(r); q != "" && !seen[q] {
			seen[q] = true
			d.known = append(d.known, Known{class, lang, q, r.URL})
		}
	}
}

// title returns a title that only this document has, as title or heading.
func (d *drawer) title(r search.Record) string {
	if d.titles[strings.ToLower(r.Title)] == 1 {
		return r.Title
	}
	return ""
}

// heading returns a heading that only this document has.
func (d *drawer) heading(r search.Record) string {
	var unique []string
	for _, s := range r.Sections {
		if len([]rune(s.Heading)) > 3 && d.titles[strings.ToLower(s.Heading)] == 1 && s.Heading != r.Title {
			unique = append(unique, s.Heading)
		}
	}
	return d.pick(unique)
}

func (d *drawer) pick(from []string) string {
	if len(from) == 0 {
		return ""
	}
	return from[d.random.IntN(len(from))]
}

// rareWords returns three words that few documents hold and no other document
// holds together.
func (d *drawer) rareWords(r search.Record) string {
	rare := map[string]bool{}
	for _, s := range r.Sections {
		for _, w := range vocabulary(r.Lang, s.Text) {
			if d.words[w] <= 8 {
				rare[w] = true
			}
		}
	}
	words := slices.Sorted(maps.Keys(rare))
	if len(words) < 6 {
		return ""
	}
	d.random.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	words = words[:3]
	for i, other := range d.records {
		lacks := func(w string) bool { return !strings.Contains(d.lower[i], w) }
		if other.URL != r.URL && !slices.ContainsFunc(words, lacks) {
			return ""
		}
	}
	return strings.Join(words, " ")
}

func textOf(r search.Record) string {
	var all strings.Builder
	all.WriteString(r.Title + "\n")
	for _, s := range r.Sections {
		all.WriteString(s.Heading + "\n" + s.Text + "\n")
	}
	return all.String()
}

// typo returns a unique title or heading with one mistake in a long Latin word.
func (d *drawer) typo(r search.Record) string {
	for _, text := range []string{d.heading(r), d.title(r)} {
		places := longWord.FindAllStringIndex(text, -1)
		if len(places) == 0 {
			continue
		}
		at := places[d.random.IntN(len(places))]
		return text[:at[0]] + d.mistake(text[at[0]:at[1]]) + text[at[1]:]
	}
	return ""
}

// mistake drops, doubles, swaps or replaces a letter.
func (d *drawer) mistake(word string) string {
	i := 1 + d.random.IntN(len(word)-2)
	switch d.random.IntN(4) {
	case 0:
		return word[:i] + word[i+1:]
	case 1:
		return word[:i] + word[i:i+1] + word[i:]
	case 2:
		if word[i] != word[i+1] {
			return word[:i] + word[i+1:i+2] + word[i:i+1] + word[i+2:]
		}
	}
	return word[:i] + string('a'+rune(d.random.IntN(26))) + word[i+1:]
}

// width returns a unique title or heading as other keyboards and other editors
// write it: half-width kana, full-width letters, with or without a final ー.
func (d *drawer) width(r search.Record) string {
	text := d.heading(r)
	if text == "" || d.random.IntN(3) == 0 {
		text = d.title(r)
	}
	changed := text
	switch d.random.IntN(3) {
	case 0:
		changed = katakanaWord.ReplaceAllStringFunc(text, func(w string) string { return width.Narrow.String(norm.NFD.String(w)) })
	case 1:
		changed = latinWord.ReplaceAllStringFunc(text, width.Widen.String)
	case 2:
		changed = katakanaWord.ReplaceAllStringFunc(text, func(w string) string {
			if bare, found := strings.CutSuffix(w, "ー"); found {
				return bare
			}
			if strings.HasSuffix(w, "タ") || strings.HasSuffix(w, "バ") || strings.HasSuffix(w, "ラ") {
				return w + "ー"
			}
			return w
		})
	}
	if changed == text {
		return ""
	}
	return changed
}

// conjugated returns a unique title or heading that ends in a verb, in another
// form of the verb.
func (d *drawer) conjugated(r search.Record) string {
	for _, text := range []string{d.heading(r), d.title(r)} {
		if verb.MatchString(text) {
			return verb.ReplaceAllString(text, d.pick([]string{"した", "したい", "できない", "しています", "しよう", "せずに"}))
		}
		if bare, found := strings.CutSuffix(text, "る"); found && !strings.HasSuffix(bare, "す") {
			return bare + d.pick([]string{"た", "たい", "ない", "ます"})
		}
	}
	return ""
}

// pastedLine returns a rare line of a document's commands and messages, as a
// log or a terminal shows it.
func (d *drawer) pastedLine(r search.Record) string {
	var lines []string
	for _, s := range r.Sections {
		for line := range strings.Lines(s.Text) {
			line = strings.TrimSpace(line)
			if n := len(line); n >= 30 && n <= 160 && len(logLine.FindAllString(line, -1)) >= 3 && !strings.ContainsFunc(line, unicode.IsControl) && d.alone(line, r) {
				lines = append(lines, line)
			}
		}
	}
	line := d.pick(lines)
	if line == "" {
		return ""
	}
	return fmt.Sprintf("2026-10-%02dT%02d:%02d:%02d.%03dZ %s[%d]: %s", 1+d.random.IntN(30), d.random.IntN(24), d.random.IntN(60), d.random.IntN(60),
		d.random.IntN(1000), "ip-10-0-"+fmt.Sprint(d.random.IntN(256)), 1000+d.random.IntN(30000), line)
}

// alone says that no other document holds the line.
func (d *drawer) alone(line string, in search.Record) bool {
	for i, r := range d.records {
		if r.URL != in.URL && strings.Contains(d.texts[i], line) {
			return false
		}
	}
	return true
}
