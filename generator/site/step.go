package site

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"opsbook/generator/document"
	"opsbook/internal/meta"
)

// stepper reads the steps of one page.
type stepper struct {
	doc   *document.Document
	taken map[string]bool // anchors of the page
}

// steps reads the steps of every section of a page that has some. The ids of the first section's are step-1, step-2, …, those of others
// begin with the section's anchor.
func steps(e *Entry, named [][]string) []StepGroup {
	var out []StepGroup
	s := &stepper{doc: e.Doc, taken: map[string]bool{}}
	for _, section := range stepSections(e, named) {
		if g, ok := s.group(section); ok {
			out = append(out, g)
		}
	}
	if len(out) == 0 {
		return nil
	}
	for _, section := range e.Doc.Sections {
		s.taken[section.ID] = true
	}
	for _, id := range e.Doc.Anchors {
		s.taken[id] = true
	}
	for i, g := range out {
		prefix := "step"
		if i > 0 {
			prefix = e.Doc.Sections[g.Section].ID + "-step"
		}
		s.number(g.Steps, s.free(prefix, len(g.Steps)), "")
	}
	return out
}

// group reads the steps of a section, in whichever of the four forms they are written.
func (s *stepper) group(section int) (StepGroup, bool) {
	g := StepGroup{Section: section}
	for _, form := range []struct {
		form Form
		read func(int) []RunStep
	}{{FormList, s.lists}, {FormHeadings, s.headings}, {FormTable, s.tables}, {FormBullets, s.bullets}} {
		if g.Steps = form.read(section); len(g.Steps) > 0 {
			g.Form = form.form
			return g, true
		}
	}
	return g, false
}

// lists reads the ordered lists that stand in a section itself.
func (s *stepper) lists(section int) []RunStep { return s.items(section, true) }

// bullets reads its other lists.
func (s *stepper) bullets(section int) []RunStep { return s.items(section, false) }

func (s *stepper) items(section int, ordered bool) []RunStep {
	var out []RunStep
	for _, l := range s.doc.Lists {
		if l.Section == section && l.Ordered == ordered {
			out = append(out, fromItems(l.Items)...)
		}
	}
	return out
}

func fromItems(items []document.Item) []RunStep {
	var out []RunStep
	for _, item := range items {
		out = append(out, RunStep{Text: item.Text, Minutes: minutes(item.Text), Pos: item.Pos, At: item.At, Steps: fromItems(item.Items)})
	}
	return out
}

// headings reads the sub-headings of a section: those of the highest level below it. The ordered list below one is its sub-steps.
func (s *stepper) headings(section int) []RunStep {
	level := 0
	for i := section + 1; i < len(s.doc.Sections) && s.doc.Sections[i].Level > s.doc.Sections[section].Level; i++ {
		if l := s.doc.Sections[i].Level; level == 0 || l < level {
			level = l
		}
	}
	var out []RunStep
	for i := section + 1; i < len(s.doc.Sections) && s.doc.Sections[i].Level > s.doc.Sections[section].Level; i++ {
		h := s.doc.Sections[i]
		switch {
		case h.Level == level:
			out = append(out, RunStep{ID: h.ID, Text: h.Title, Minutes: minutes(h.Title), Pos: h.Pos, At: h.At, Steps: s.lists(i)})
		case len(out) > 0: // deeper: its list belongs to the step that it is in
			out[len(out)-1].Steps = append(out[len(out)-1].Steps, s.lists(i)...)
		}
	}
	return out
}

// numberColumns are the headings of a first column that numbers the rows.
var numberColumns = []string{"no", "no.", "#", "№", "nr", "step", "step no", "step no.", "番号", "項番", "手順", "手順番号", "手順no", "手順no.", "順番"}

// timeColumns are parts of the heading of a column that says how long a row takes.
var timeColumns = []string{"目安", "所要", "予定", "duration", "minutes", "time"}

// tables reads the rows of the tables of a section whose first column numbers them.
func (s *stepper) tables(section int) []RunStep {
	var out []RunStep
	for _, t := range s.doc.Tables {
		if t.Section != section || len(t.Header) < 2 || !slices.Contains(numberColumns, fold(t.Header[0].Text)) {
			continue
		}
		time := slices.IndexFunc(t.Header, func(h meta.Str) bool {
			name := fold(h.Text)
			return slices.ContainsFunc(timeColumns, func(w string) bool { return strings.Contains(name, w) })
		})
		for i, row := range t.Rows {
			if len(row) < 2 || row[1].IsZero() {
				continue
			}
			step := RunStep{Text: row[1].Text, Minutes: minutes(row[1].Text), Pos: row[0].Pos}
			if step.Pos.Line == 0 {
				step.Pos = row[1].Pos
			}
			if i < len(t.Starts) {
				step.At = t.Starts[i]
			}
			if time > 1 && time < len(row) {
				if m := span(row[time].Text); m > 0 {
					step.Minutes = m
				}
			}
			out = append(out, step)
		}
	}
	return out
}

// free returns a prefix whose ids collide with no anchor of the page.
func (s *stepper) free(prefix string, n int) string {
	for {
		clash := false
		for i := 1; i <= n && !clash; i++ {
			clash = s.taken[prefix+"-"+strconv.Itoa(i)]
		}
		if !clash {
			return prefix
		}
		prefix = "run-" + prefix
	}
}

// number gives steps their numbers and ids. A step that is a heading keeps the heading's anchor.
func (s *stepper) number(steps []RunStep, prefix, outer string) {
	for i := range steps {
		n := strconv.Itoa(i + 1)
		steps[i].Number = outer + n
		id := prefix + "-" + n
		if steps[i].ID == "" {
			steps[i].ID = id
		}
		s.number(steps[i].Steps, id, outer+n+".")
	}
}

// markers are the words that say that a time in brackets is the planned one.
var markers = []string{"目安", "所要時間", "所要", "予定", "見込み", "approximately", "approx.", "approx", "about", "estimated", "est.", "est", "約", "~", ":"}

// minutes is the planned time that a step's text names in brackets, 0 without one: （目安 5分）, (about 5 min), (約10分), (5〜10分). The last
// one counts: a text may speak of times before it gives its own.
func minutes(text string) int {
	if !strings.ContainsAny(text, "(（") || !strings.ContainsAny(text, digits+"０１２３４５６７８９") {
		return 0
	}
	total := 0
	rest := norm.NFKC.String(text)
	for {
		_, after, ok := strings.Cut(rest, "(")
		if !ok {
			return total
		}
		inner, left, ok := strings.Cut(after, ")")
		if !ok {
			return total
		}
		if i := strings.LastIndexByte(inner, '('); i >= 0 {
			inner = inner[i+1:]
		}
		if n := span(trimMarkers(inner)); n > 0 {
			total = n
		}
		rest = left
	}
}

// trimMarkers takes away the words before a time.
func trimMarkers(s string) string {
	for again := true; again; {
		again = false
		s = strings.TrimSpace(s)
		for _, m := range markers {
			if len(s) > len(m) && strings.EqualFold(s[:len(m)], m) {
				s, again = s[len(m):], true
			}
		}
	}
	return s
}

// between is a span with two ends, of which the later counts.
var between = regexp.MustCompile(`^\d+\s*(?:[a-zA-Z]+|\p{Han}+)?\s*(?:[~〜～–—-]|to|から)\s*(\d.*)$`)

// span reads a length of time in minutes, 0 for anything else.
func span(text string) int {
	text = strings.TrimSpace(norm.NFKC.String(text))
	if m := between.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	if text == "" || text[0] < '0' || text[0] > '9' {
		return 0
	}
	s, problems := meta.ParseSpan(meta.Str{Text: text})
	if len(problems) > 0 || s.Months > 0 {
		return 0
	}
	return s.Days*24*60 + s.Minutes
}
