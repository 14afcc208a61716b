package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// perFolder keeps folders at a size that people keep.
const perFolder = 40

var (
	teams      = []string{"cloud-ops", "dba", "sre", "app-dev", "security"}
	services   = []string{"orders", "payments", "catalog", "search", "identity", "shipping", "reports"}
	severities = []string{"SEV1", "SEV2", "SEV3", "SEV4"}
	kinds      = []string{"runbook", "runbook", "runbook", "playbook", "note", "lesson"}
	sections   = map[string]map[string]string{
		"ja": {"steps": "手順", "verify": "正常性確認", "error": "異常時の対応", "related": "関連ページ"},
		"en": {"steps": "Steps", "verify": "Verify", "error": "On error", "related": "Related pages"},
	}
	base = time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)
)

// writer puts documents together. Every choice comes from rng, so that a seed names a corpus.
type writer struct {
	options
	*samples
	rng *rand.Rand
}

func write(o options, s *samples) error {
	w := &writer{options: o, samples: s, rng: rand.New(rand.NewPCG(o.seed, 0x6f707362))}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", o.out, err)
	}
	for name, text := range map[string]string{"opsbook.yaml": siteFile, "directory.yaml": directory()} {
		if err := os.WriteFile(filepath.Join(o.out, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	for i := range o.docs {
		path := filepath.Join(o.out, name(i))
		if i%perFolder == 0 {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return fmt.Errorf("make a folder: %w", err)
			}
		}
		if err := os.WriteFile(path, []byte(w.document(i)), 0o644); err != nil {
			return fmt.Errorf("write a document: %w", err)
		}
	}
	return nil
}

const siteFile = `title: Measured knowledge base
id: measured
languages: [en, ja]
timezone: Asia/Tokyo
defaults:
  - paths: ["**"]
    set:
      escalation: [{to: sre, after: 15m}, {to: incident-commander, after: 30m}]
`

func directory() string {
	var b strings.Builder
	b.WriteString("teams:\n")
	for _, t := range append(teams, "incident-commander") {
		fmt.Fprintf(&b, "  - {id: %s, name: %s, decides: %t, contacts: {slack: \"#%s\", email: %s@example.com}}\n", t, t, t == "incident-commander", t, t)
	}
	b.WriteString("services:\n")
	for _, s := range services {
		fmt.Fprintf(&b, "  - {id: %s, name: %s, owner: sre, tier: 2}\n", s, s)
	}
	return b.String()
}

// name is the path of a document; every folder holds perFolder of them.
func name(i int) string { return fmt.Sprintf("area-%03d/page-%05d.md", i/perFolder, i) }

func pick[T any](w *writer, from []T) T { return from[w.rng.IntN(len(from))] }

func (w *writer) document(i int) string {
	lang := "en"
	if w.rng.Float64() < w.ja {
		lang = "ja"
	}
	var b strings.Builder
	w.front(&b, i, lang)
	part := sections[lang]
	w.paragraphs(&b, lang, 2)
	fmt.Fprintf(&b, "## %s\n\n", part["steps"])
	for n := 1; n <= 4+w.rng.IntN(4); n++ {
		fmt.Fprintf(&b, "%d. %s\n\n", n, pick(w, w.items[lang]))
		if n%2 == 1 {
			w.code(&b, i, n, "   ")
		}
	}
	fmt.Fprintf(&b, "## %s\n\n", part["verify"])
	w.table(&b, i, lang)
	w.code(&b, i, 90, "")
	for n := 0; b.Len() < w.bytes-500; n++ {
		fmt.Fprintf(&b, "### %s\n\n", pick(w, w.headings[lang]))
		w.paragraphs(&b, lang, 1+w.rng.IntN(2))
		if n%3 == 2 {
			w.code(&b, i, 100+n, "")
		}
	}
	fmt.Fprintf(&b, "## %s\n\n%s\n\n## %s\n\n", part["error"], pick(w, w.prose[lang]), part["related"])
	for range 4 {
		to := w.rng.IntN(w.docs)
		fmt.Fprintf(&b, "- [%s](../%s)\n", pick(w, w.headings[lang]), name(to))
	}
	return b.String()
}

func (w *writer) front(b *strings.Builder, i int, lang string) {
	reviewed := base.AddDate(0, 0, w.rng.IntN(330)).Format(time.DateOnly)
	fmt.Fprintf(b, "---\ntitle: %q\nid: DOC%05d\ntype: %s\nlang: %s\nowner: %s\nlast_reviewed: %s\nseverity: %s\n",
		fmt.Sprintf("%s %05d", pick(w, w.headings[lang]), i), i, pick(w, kinds), lang, pick(w, teams), reviewed, pick(w, severities))
	fmt.Fprintf(b, "services: [%s]\ntags: [%s, area-%d]\noutcome: %q\n---\n\n", pick(w, services), pick(w, services), i/perFolder, pick(w, w.items[lang]))
}

func (w *writer) paragraphs(b *strings.Builder, lang string, n int) {
	for range n {
		fmt.Fprintf(b, "%s\n\n", pick(w, w.prose[lang]))
	}
}

// code writes a block; three of four carry a name that occurs nowhere else.
func (w *writer) code(b *strings.Builder, i, n int, indent string) {
	block := pick(w, w.samples.code)
	text := block.text
	if w.rng.IntN(4) > 0 {
		text += fmt.Sprintf("\necho done-%05d-%d", i, n)
	}
	fmt.Fprintf(b, "%s```%s\n", indent, block.lang)
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString(strings.TrimRight(indent+line, " ") + "\n")
	}
	fmt.Fprintf(b, "%s```\n\n", indent)
}

func (w *writer) table(b *strings.Builder, i int, lang string) {
	head := map[string]string{"ja": "| 確認項目 | 期待値 | 備考 |", "en": "| Check | Expected | Note |"}[lang]
	fmt.Fprintf(b, "%s\n| --- | --- | --- |\n", head)
	for range 4 {
		fmt.Fprintf(b, "| %s | %d | %s-%05d |\n", pick(w, w.headings[lang]), w.rng.IntN(1000), pick(w, services), i)
	}
	b.WriteString("\n")
}
