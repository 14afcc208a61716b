package publish

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"opsbook/internal/diag"
)

// mostLines is how many pages a printed plan names.
const mostLines = 200

// Text prints a plan for people: what would change, page by page, and what stands in the way. words are translations of formats.
func (p *Plan) Text(w io.Writer, target string, words map[string]string) error {
	var b strings.Builder
	b.WriteString(diag.T("plan for %s", target).In(words) + "\n")
	for _, r := range p.rows() {
		fmt.Fprintf(&b, "  %s: %s\n", r.label.In(words), r.value.In(words))
	}
	for _, line := range p.pageLines(words) {
		b.WriteString("    " + line + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Markdown prints a plan as a comment on a pull request.
func (p *Plan) Markdown(w io.Writer, target string, words map[string]string) error {
	var b strings.Builder
	cell := strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;")
	fmt.Fprintf(&b, "### %s\n\n| | |\n|---|---|\n", cell.Replace(diag.T("plan for %s", target).In(words)))
	for _, r := range p.rows() {
		fmt.Fprintf(&b, "| %s | %s |\n", cell.Replace(r.label.In(words)), cell.Replace(r.value.In(words)))
	}
	if lines := p.pageLines(words); len(lines) > 0 {
		fmt.Fprintf(&b, "\n```diff\n%s\n```\n", strings.ReplaceAll(strings.Join(lines, "\n"), "```", "` ` `"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// row is one thing that a plan says.
type row struct{ label, value diag.Text }

func (p *Plan) rows() []row {
	rows := []row{{diag.T("up now"), p.State.Head.describe()}, {diag.T("would be"), p.describe()}}
	if p.Nothing() {
		rows = append(rows, row{diag.T("to do"), diag.T("nothing differs")})
	} else {
		rows = append(rows, p.summary()...)
	}
	for _, warning := range p.Warnings {
		rows = append(rows, row{diag.T("note"), warning})
	}
	if l := p.State.Head.Lock; p.State.Head.held(p.Now) {
		rows = append(rows, row{diag.T("locked"), diag.T("by %s, for at most %s", l.By, l.Left(p.Now))})
	}
	for _, r := range p.Refusals {
		rows = append(rows, row{diag.T("refused"), r.Text()})
	}
	return rows
}

func (h Head) describe() diag.Text {
	switch {
	case h.Manifest == "":
		return diag.T("nothing is published")
	case len(h.History) > 0:
		return h.History[0].Text()
	default:
		return diag.T("generation %s", h.Generation)
	}
}

func (p *Plan) describe() diag.Text {
	if p.Next.Commit != "" {
		return diag.T("%s pages of commit %s", p.Next.Pages, short(p.Next.Commit))
	}
	return diag.T("%s pages", p.Next.Pages)
}

func (p *Plan) summary() []row {
	files := diag.T("%s to upload (%s), %s to delete, %s to delete later, %s unchanged",
		len(p.Writes), Size(p.Bytes()), len(p.Due()), len(p.Garbage)-len(p.Due()), p.Unchanged)
	if p.Rollback {
		files = diag.T("%s to bring back, %s to delete, %s to delete later, %s unchanged",
			len(p.Writes), len(p.Due()), len(p.Garbage)-len(p.Due()), p.Unchanged)
	}
	rows := []row{
		{diag.T("files"), files},
		{diag.T("pages"), diag.T("%s new, %s changed, %s removed", p.Pages.New, p.Pages.Changed, p.Pages.Archived)},
	}
	if len(p.State.Head.Dirty) > 0 {
		rows = append(rows, row{diag.T("resumes"), diag.T("a run that did not end; %s files it may have touched are put again", len(p.touched))})
	}
	if p.tell && len(p.Paths) > 0 {
		rows = append(rows, row{diag.T("CDN forgets"), diag.T("%s", strings.Join(p.Paths, " "))})
	}
	return rows
}

// pageLines names pages by their address: + new, ~ changed, - removed.
func (p *Plan) pageLines(words map[string]string) []string {
	var lines []string
	for _, w := range p.Writes {
		if !isPage(w.Key) {
			continue
		}
		sign, why := "~ ", ""
		switch w.Why {
		case New:
			sign = "+ "
		case Header:
			why = " (" + diag.T("headers alone").In(words) + ")"
		case Again:
			why = " (" + diag.T("again").In(words) + ")"
		}
		lines = append(lines, sign+address(w.Key)+why)
	}
	for _, g := range p.Garbage {
		if _, up := p.State.Live.Lookup(g.Key); up && isPage(g.Key) {
			lines = append(lines, "- "+address(g.Key))
		}
	}
	slices.SortStableFunc(lines, func(x, y string) int { return strings.Compare(x[2:], y[2:]) })
	if more := len(lines) - mostLines; more > 0 {
		lines = append(lines[:mostLines], diag.T("and %s more pages", more).In(words))
	}
	return lines
}

func address(key string) string { return "/" + strings.TrimSuffix(key, "index.html") }

// Size prints a number of bytes.
func Size(n int64) string {
	const kB, mB, gB = 1 << 10, 1 << 20, 1 << 30
	switch {
	case n >= gB:
		return fmt.Sprintf("%.1f GB", float64(n)/gB)
	case n >= mB:
		return fmt.Sprintf("%.1f MB", float64(n)/mB)
	case n >= kB:
		return fmt.Sprintf("%.0f kB", float64(n)/kB)
	default:
		return fmt.Sprintf("%d B", n)
	}
}

// PlanFile is a plan as it is kept between two commands: enough to see that what is applied is what was looked at.
type PlanFile struct {
	Schema     int        `json:"schema"`
	Name       string     `json:"name"` // as the user named the target
	Target     string     `json:"target"`
	Base       string     `json:"base"` // version of the head, "" for none
	Generation int        `json:"generation"`
	Manifest   string     `json:"manifest"` // what would be up
	Counts     Counts     `json:"counts"`
	Bytes      int64      `json:"bytes"`
	Pages      PageCounts `json:"pages"`
	Changes    []Change   `json:"changes"`
	Refusals   []Refusal  `json:"refusals"`
	Warnings   []string   `json:"warnings"`
}

// Change is one key of a plan file.
type Change struct {
	Key string `json:"key"`
	Why string `json:"why"` // new, changed, headers, again, delete
}

// File returns the plan as it is kept in a file.
func (p *Plan) File(name, target string) PlanFile {
	due := p.Due()
	f := PlanFile{
		Schema: schema, Name: name, Target: target, Base: p.State.Version, Generation: p.State.Head.Generation, Manifest: p.Next.Sum(),
		Counts: Counts{Uploaded: len(p.Writes), Unchanged: p.Unchanged, Deleted: len(due), StaleKept: len(p.Garbage) - len(due)},
		Bytes:  p.Bytes(), Pages: p.Pages, Changes: []Change{}, Refusals: append([]Refusal{}, p.Refusals...), Warnings: inEnglish(p.Warnings),
	}
	for _, w := range p.Writes {
		f.Changes = append(f.Changes, Change{w.Key, string(w.Why)})
	}
	for _, g := range due {
		f.Changes = append(f.Changes, Change{g.Key, "delete"})
	}
	return f
}

// Outdated says how a plan that is about to be applied differs from the one that was looked at, nil if it does not.
func (f PlanFile) Outdated(p *Plan) error {
	switch {
	case p.State.Version != f.Base:
		return failure(Locked, "apply the plan for %s: the target has changed since the plan was made; make a new plan", f.Target)
	case p.Next.Sum() != f.Manifest:
		return failure(Locked, "apply the plan for %s: the build is not the one that was planned; build that commit, or make a new plan", f.Target)
	}
	return nil
}

// ReadPlanFiles reads what WritePlanFiles wrote.
func ReadPlanFiles(r io.Reader) ([]PlanFile, error) {
	var files []PlanFile
	if err := json.NewDecoder(r).Decode(&files); err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	for _, f := range files {
		if f.Schema != schema {
			return nil, fmt.Errorf("read the plan: schema %d is not %d; make a new plan with this version", f.Schema, schema)
		}
	}
	return files, nil
}

// WritePlanFiles writes plans of one command.
func WritePlanFiles(w io.Writer, files []PlanFile) error {
	text, err := json.MarshalIndent(files, "", "  ")
	if err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// inEnglish is what programs and logs read.
func inEnglish(texts []diag.Text) []string {
	lines := make([]string, len(texts))
	for i, t := range texts {
		lines[i] = t.String()
	}
	return lines
}
