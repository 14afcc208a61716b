package quality

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"opsbook/search"
)

// Synthesize makes n records out of the sentences, headings and commands of
// real ones, a share ja of them Japanese, for measures of size and speed. The
// same arguments make the same records. Half of the commands occur once, as the
// names and numbers of real systems do.
func Synthesize(from []search.Record, n int, ja float64, seed uint64) []search.Record {
	s := synthesizer{random: rand.New(rand.NewPCG(seed, seed)), sentences: map[string][]string{}, headings: map[string][]string{}}
	sorted := slices.Clone(from)
	slices.SortFunc(sorted, func(a, b search.Record) int { return strings.Compare(a.URL, b.URL) })
	for _, r := range sorted {
		for _, section := range r.Sections {
			if section.Heading != "" {
				s.headings[r.Lang] = append(s.headings[r.Lang], section.Heading)
			}
			for line := range strings.Lines(section.Text) {
				if line = strings.TrimSpace(line); len(line) > 12 {
					s.sentences[r.Lang] = append(s.sentences[r.Lang], line)
				}
			}
		}
	}
	records := make([]search.Record, n)
	for i := range records {
		lang := "en"
		if s.random.Float64() < ja {
			lang = "ja"
		}
		records[i] = s.record(i, lang)
	}
	return records
}

type synthesizer struct {
	random    *rand.Rand
	sentences map[string][]string
	headings  map[string][]string
}

func (s *synthesizer) one(from []string) string { return from[s.random.IntN(len(from))] }

func (s *synthesizer) record(i int, lang string) search.Record {
	types := []string{"runbook", "playbook", "lesson", "note"}
	teams := []string{"dba", "sre", "cloud-ops", "app-dev", "security", "support"}
	services := []string{"orders", "payments", "search", "web", "stock", "mail"}
	r := search.Record{
		ID: fmt.Sprintf("KB%05d", i), Lang: lang, Type: s.one(types), Owner: s.one(teams), Status: "active",
		Title:    s.one(s.headings[lang]) + " " + s.one(services) + fmt.Sprint(1+s.random.IntN(99)),
		Severity: fmt.Sprintf("SEV%d", 1+s.random.IntN(4)), Services: []string{s.one(services)},
		Due: fmt.Sprintf("2026-%02d-%02d", 1+s.random.IntN(12), 1+s.random.IntN(28)), Sections: []search.Section{{}},
	}
	r.URL = fmt.Sprintf("%ss/%s-%05d/", r.Type, r.Owner, i)
	r.File = strings.TrimSuffix(r.URL, "/") + ".md"
	for j := range 4 + s.random.IntN(6) {
		section := search.Section{Heading: s.one(s.headings[lang]), Line: 10 * j}
		section.Anchor = anchor(section.Heading)
		for range 3 + s.random.IntN(8) {
			section.Text += s.one(s.sentences[lang]) + "\n"
		}
		section.Text += s.command(services) + "\n"
		r.Sections = append(r.Sections, section)
	}
	return r
}

// command is a line of a terminal; every other one holds a name that occurs
// nowhere else.
func (s *synthesizer) command(services []string) string {
	service := s.one(services)
	if s.random.IntN(2) == 0 {
		return s.one([]string{"kubectl get pods -n " + service, "systemctl restart " + service, "aws ecs list-services --cluster " + service})
	}
	return fmt.Sprintf("kubectl -n %s delete pod %s-%08x-%05x", service, service, s.random.Uint32(), s.random.IntN(1<<20))
}
