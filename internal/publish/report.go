package publish

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// mostLines is how many pages a printed plan names.
const mostLines = 200

// Text prints a plan for people: what would change, page by page, and what stands in the way. It is made for pull requests.
func (p *Plan) Text(w io.Writer, target string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "plan for %s\n", target)
	fmt.Fprintf(&b, "  up now     %s\n", p.State.Head.describe())
	fmt.Fprintf(&b, "  would be   %s\n", p.describe())
	if p.Nothing() {
		b.WriteString("  nothing to do\n")
	} else {
		p.summary(&b)
		p.pageLines(&b)
	}
	for _, warning := range p.Warnings {
		fmt.Fprintf(&b, "  note       %s\n", warning)
	}
	if l := p.State.Head.Lock; p.State.Head.held(p.Now) {
		fmt.Fprintf(&b, "  locked     by %s for %s\n", l.By, l.Left(p.Now))
	}
	for _, r := range p.Refusals {
		fmt.Fprintf(&b, "  refused    %s\n", r)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (h Head) describe() string {
	if h.Manifest == "" {
		return "nothing"
	}
	if len(h.History) > 0 {
		return h.History[0].String()
	}
	return fmt.Sprintf("generation %d", h.Generation)
}

func (p *Plan) describe() string {
	name := fmt.Sprintf("%d pages", p.Next.Pages)
	if p.Next.Commit != "" {
		name += " of commit " + short(p.Next.Commit)
	}
	return name
}

func (p *Plan) summary(b *strings.Builder) {
	verb := "upload"
	if p.Rollback {
		verb = "bring back"
	}
	due := len(p.Due())
	fmt.Fprintf(b, "  files      %d to %s (%s), %d to delete, %d to delete later, %d unchanged\n",
		len(p.Writes), verb, Size(p.Bytes()), due, len(p.Garbage)-due, p.Unchanged)
	fmt.Fprintf(b, "  pages      %d new, %d changed, %d removed\n", p.Pages.New, p.Pages.Changed, p.Pages.Archived)
	if len(p.State.Head.Dirty) > 0 {
		fmt.Fprintf(b, "  resumes    a run that did not end; %d files it may have touched are put again\n", len(p.touched))
	}
	if p.tell && len(p.Paths) > 0 {
		fmt.Fprintf(b, "  CDN        %s\n", strings.Join(p.Paths, " "))
	}
}

// pageLines names pages by their address: + new, ~ changed, - removed.
func (p *Plan) pageLines(b *strings.Builder) {
	var lines []string
	for _, w := range p.Writes {
		if !isPage(w.Key) {
			continue
		}
		sign := "~"
		if w.Why == New {
			sign = "+"
		}
		line := sign + " " + address(w.Key)
		if w.Why == Header || w.Why == Again {
			line += " (" + string(w.Why) + ")"
		}
		lines = append(lines, line)
	}
	for _, g := range p.Garbage {
		if _, up := p.State.Live.Lookup(g.Key); up && isPage(g.Key) {
			lines = append(lines, "- "+address(g.Key))
		}
	}
	slices.SortStableFunc(lines, func(x, y string) int { return strings.Compare(x[2:], y[2:]) })
	for i, line := range lines {
		if i == mostLines {
			fmt.Fprintf(b, "    and %d more pages\n", len(lines)-i)
			return
		}
		b.WriteString("    " + line + "\n")
	}
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
		Bytes:  p.Bytes(), Pages: p.Pages, Changes: []Change{}, Refusals: append([]Refusal{}, p.Refusals...), Warnings: append([]string{}, p.Warnings...),
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
