package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsbook/generator"
	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/search"
	"opsbook/search/bleveindex"
)

type drillCmd struct {
	Alerts []string `arg:"" optional:"" name:"alert" help:"Text of alerts as they arrive (default: every alert that is known)."`
	Source string   `help:"Folder of Markdown (default: content, else .)." placeholder:"DIR"`
	Format string   `help:"How to print: table, json or csv." enum:"table,json,csv" default:"table"`
	Clock  string   `help:"Drill as of this day instead of today." placeholder:"YYYY-MM-DD"`
	Min    int      `help:"Exit 1 when an alert scores less than this, of 6." default:"0"`
}

// Run walks from the text of every alert to the page, the section, the contact and the values, as somebody woken by it would, and scores how
// far that leads.
func (c *drillCmd) Run(ctx context.Context, a *app) error {
	in, err := a.input(place{Source: c.Source}, shape{Clock: c.Clock, History: "none"})
	if err != nil {
		return err
	}
	content, err := generator.Load(ctx, in, generator.NewMemory())
	if err != nil {
		return err
	}
	s := content.Site
	names := c.Alerts
	if len(names) == 0 {
		for _, x := range s.AlertList {
			if len(x.Defs) > 0 && x.Exempt == nil {
				names = append(names, x.Name)
			}
		}
	}
	cache, err := generator.CacheDir(in.Source)
	if err != nil {
		return err
	}
	ix, err := bleveindex.OpenIn(cache)
	if err != nil {
		return fmt.Errorf("open the search index: %w", err)
	}
	defer ix.Close()
	if err := ix.Update(ctx, content.Records(), s.Config.Synonyms); err != nil {
		return fmt.Errorf("update the search index: %w", err)
	}
	t := table{columns: []string{"alert", "score", "page", "found by", "section", "contact", "parameters", "missing"}}
	worst := len(stages)
	for _, name := range names {
		w, err := drill(ctx, s, ix, name)
		if err != nil {
			return err
		}
		worst = min(worst, w.score())
		t.add(name, strconv.Itoa(w.score())+"/"+strconv.Itoa(len(stages)), w.page, w.foundBy, w.section, w.contact, w.params, w.missing())
	}
	if err := t.print(a.stdout, c.Format); err != nil {
		return err
	}
	if worst < c.Min {
		return exit{code: exitFound}
	}
	return nil
}

// stages are what the way from an alert to its end needs, a point each.
var stages = []string{"page", "first hit", "section", "contact", "parameters", "review"}

// way is how far one alert leads.
type way struct {
	page, foundBy, section, contact, params string
	done                                    [6]bool
}

func (w way) score() int {
	n := 0
	for _, ok := range w.done {
		if ok {
			n++
		}
	}
	return n
}

// missing names the first stage that is not reached and all after it.
func (w way) missing() string {
	out := ""
	for i, ok := range w.done {
		if !ok {
			if out != "" {
				out += ", "
			}
			out += stages[i]
		}
	}
	return out
}

// drill plays the way of one alert: by its name where an alert has that name, else by search alone.
func drill(ctx context.Context, s *site.Site, ix *bleveindex.Index, text string) (way, error) {
	var w way
	var e *site.Entry
	if x := s.Alert(text); x != nil && len(x.Pages) > 0 {
		e, w.foundBy = x.Pages[0], "name"
	}
	hits, err := ix.Search(ctx, search.Query{Text: text, Limit: 5})
	if err != nil {
		return w, fmt.Errorf("search for %s: %w", text, err)
	}
	if e == nil && len(hits) > 0 {
		e, w.foundBy = s.ByURL(hits[0].URL), "search"
	}
	if e == nil {
		return w, nil
	}
	w.page = e.Doc.Path
	if w.foundBy == "search" && (!e.Type.Has(doctype.Escalates) || s.Alert(text) != nil && !speaks(e, text)) {
		return w, nil // nobody can work by it, or it is about another alert: whoever lands there is led astray
	}
	w.done[0] = true
	w.done[1] = slices.ContainsFunc(hits[:min(1, len(hits))], func(h search.Hit) bool { return h.URL == e.URL || s.ByURL(h.URL).Original() == e.Original() })
	w.section, w.done[2] = firstSteps(e)
	w.contact, w.done[3] = firstContact(e)
	w.params, w.done[4] = parameters(e)
	w.done[5] = e.Review.State == site.Fresh || e.Review.State == site.Due
	return w, nil
}

// speaks reports whether a page names an alert.
func speaks(e *site.Entry, name string) bool {
	return strings.Contains(strings.ToLower(string(e.Doc.Text)), strings.ToLower(name))
}

// firstSteps is the section in which a reader starts to act: the first with steps, else one that says in words what to look at or to do.
func firstSteps(e *site.Entry) (string, bool) {
	if len(e.Groups) > 0 && len(e.Groups[0].Steps) > 0 && e.Groups[0].Section < len(e.Doc.Sections) {
		return e.Doc.Sections[e.Groups[0].Section].Title, true
	}
	for _, id := range []string{"steps", "diagnosis", "mitigation"} {
		if at, ok := e.Sections[id]; ok && strings.TrimSpace(e.Doc.Sections[at].Text) != "" {
			return e.Doc.Sections[at].Title, true
		}
	}
	return "", false
}

// firstContact is who is called first, by a way that a browser can open or a person knows.
func firstContact(e *site.Entry) (string, bool) {
	for _, step := range e.Escalation {
		if step.Party != nil && len(step.Party.Contacts) > 0 {
			c := step.Party.Contacts[0]
			return step.Party.ID + " (" + c.Kind + ")", true
		}
	}
	if e.Owner != nil && len(e.Owner.Contacts) > 0 && !e.Type.Has(doctype.Escalates) {
		return e.Owner.ID + " (" + e.Owner.Contacts[0].Kind + ")", true
	}
	return "", false
}

// parameters says how many values the page asks for; each must say what it is by a pattern, an example or a default.
func parameters(e *site.Entry) (string, bool) {
	if len(e.Meta.Params) == 0 {
		return "", true
	}
	for _, p := range e.Meta.Params {
		if p.Pattern.IsZero() && p.Example.IsZero() && p.Default.IsZero() {
			return p.Name.Text + " unexplained", false
		}
	}
	return strconv.Itoa(len(e.Meta.Params)), true
}
