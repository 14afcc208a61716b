package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"opsbook/generator"
	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/check"
	"opsbook/internal/config"
)

type listCmd struct {
	What   string `arg:"" enum:"docs,stale,idle,owners,alerts,actions,types,rules,schema" help:"What to list: docs, stale, idle, owners, alerts, actions, types, rules or schema."`
	Type   string `arg:"" optional:"" help:"With schema: a type, opsbook or directory; without, their names."`
	Source string `help:"Folder of Markdown (default: content, else .)." placeholder:"DIR"`
	Format string `help:"How to print: table, json or csv; alerts also as prometheus-patch, the runbook_urls that rules lack." enum:"table,json,csv,prometheus-patch" default:"table"`
	Clock  string `help:"List as of this day instead of today." placeholder:"YYYY-MM-DD"`
}

// table is rows of text under named columns.
type table struct {
	columns []string
	rows    [][]string
}

// Run prints one list.
func (c *listCmd) Run(ctx context.Context, a *app) error {
	if c.Format == "prometheus-patch" && c.What != "alerts" {
		return usage("print %s: only alerts can be a prometheus-patch; use table, json or csv", c.What)
	}
	if c.What == "rules" {
		return rules(a.lang).print(a.stdout, c.Format)
	}
	in, err := a.input(place{Source: c.Source}, shape{Clock: c.Clock, Drafts: true})
	if err != nil {
		return err
	}
	content, err := generator.Load(ctx, in, generator.NewMemory())
	if err != nil {
		return err
	}
	s := content.Site
	switch c.What {
	case "schema":
		return c.schema(a, s)
	case "stale":
		return stale(s).print(a.stdout, c.Format)
	case "idle":
		return idle(s).print(a.stdout, c.Format)
	case "owners":
		return owners(s).print(a.stdout, c.Format)
	case "alerts":
		if c.Format == "prometheus-patch" {
			return alertPatch(a, content, in.Source)
		}
		return alerts(s).print(a.stdout, c.Format)
	case "actions":
		return actions(s).print(a.stdout, c.Format)
	case "types":
		return types(s).print(a.stdout, c.Format)
	default:
		return docs(s).print(a.stdout, c.Format)
	}
}

// schema prints the JSON Schema of a type's front matter, of opsbook.yaml or of directory.yaml, or the names of all.
func (c *listCmd) schema(a *app, s *site.Site) error {
	names := table{columns: []string{"schema", "of"}}
	for _, t := range s.Types.All {
		names.add(t.Name, t.Label[a.lang])
	}
	names.add("opsbook", "opsbook.yaml")
	names.add("directory", "directory.yaml")
	var text []byte
	var err error
	t, ok := s.Types.ByName[c.Type]
	switch {
	case c.Type == "":
		return names.print(a.stdout, c.Format)
	case ok:
		text, err = t.Schema.ForEditors(a.lang)
	case strings.TrimSuffix(c.Type, ".yaml") == "opsbook":
		text, err = doctype.AloneForEditors(config.SettingsSchema(), a.lang)
	case strings.TrimSuffix(c.Type, ".yaml") == "directory":
		text, err = doctype.AloneForEditors(config.DirectorySchema(), a.lang)
	default:
		return usage("print a schema: there is none of %s; opsbook list schema names them", c.Type)
	}
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(text)
	return err
}

func rules(lang string) table {
	t := table{columns: []string{"rule", "severity", "about"}}
	for _, r := range check.Rules() {
		t.add(r.ID, r.Severity.String(), r.Title(lang))
	}
	return t
}

func docs(s *site.Site) table {
	t := table{columns: []string{"id", "type", "status", "state", "owner", "title", "file", "url"}}
	for _, e := range s.Entries {
		t.add(e.ID, e.Type.Name, e.Status, string(e.Review.State), owner(e), e.Title, e.Doc.Path, e.URL)
	}
	return t
}

// stale lists what somebody has to look at: overdue, due, never reviewed, drifted or outdated, the most urgent first.
func stale(s *site.Site) table {
	var due []*site.Entry
	for _, e := range s.Entries {
		if e.Review.State != site.Fresh && e.Review.State != site.Exempt {
			due = append(due, e)
		}
	}
	slices.SortStableFunc(due, func(x, y *site.Entry) int {
		return cmp.Or(cmp.Compare(x.Review.Due.Days(), y.Review.Due.Days()), cmp.Compare(x.Doc.Path, y.Doc.Path))
	})
	t := table{columns: []string{"state", "due", "owner", "title", "file", "reason"}}
	for _, e := range due {
		var why []string
		for _, r := range e.Review.Reasons {
			why = append(why, r.String())
		}
		t.add(string(e.Review.State), e.Review.Due.String(), owner(e), e.Title, e.Doc.Path, strings.Join(why, "; "))
	}
	return t
}

// idle lists what may as well be archived, the least updated, linked and run first.
func idle(s *site.Site) table {
	t := table{columns: []string{"updated", "links", "last run", "owner", "title", "file"}}
	for _, i := range s.Idle() {
		t.add(i.Updated.String(), strconv.Itoa(i.Links), i.Ran.String(), owner(i.Entry), i.Entry.Title, i.Entry.Doc.Path)
	}
	return t
}

// owners lists who owns how much, and what nobody owns.
func owners(s *site.Site) table {
	type load struct{ pages, review int }
	loads := map[string]*load{}
	for _, e := range s.Entries {
		id := owner(e)
		if loads[id] == nil {
			loads[id] = &load{}
		}
		loads[id].pages++
		if e.Review.State != site.Fresh && e.Review.State != site.Exempt {
			loads[id].review++
		}
	}
	t := table{columns: []string{"owner", "pages", "to review"}}
	for _, p := range s.Directory.Parties {
		if l := loads[p.ID]; l != nil || p.Kind == config.Team {
			l = cmp.Or(l, &load{})
			t.add(p.ID, strconv.Itoa(l.pages), strconv.Itoa(l.review))
			delete(loads, p.ID)
		}
	}
	rest := make([]string, 0, len(loads))
	for id := range loads {
		rest = append(rest, id)
	}
	slices.Sort(rest)
	for _, id := range rest {
		t.add(cmp.Or(id, "(nobody)"), strconv.Itoa(loads[id].pages), strconv.Itoa(loads[id].review))
	}
	return t
}

func actions(s *site.Site) table {
	t := table{columns: []string{"due", "status", "owner", "action", "file", "line"}}
	for _, e := range s.Entries {
		for _, act := range e.Meta.Actions {
			t.add(act.Due.String(), act.Status.Text, act.Owner.Text, act.What.Text, e.Doc.Path, strconv.Itoa(act.What.Pos.Line))
		}
	}
	slices.SortStableFunc(t.rows, func(x, y []string) int { return cmp.Compare(x[0], y[0]) })
	return t
}

func types(s *site.Site) table {
	t := table{columns: []string{"type", "ja", "en", "folder", "pages"}}
	for _, typ := range s.Types.All {
		n := 0
		for _, e := range s.Entries {
			if e.Type == typ {
				n++
			}
		}
		folder := ""
		if len(typ.Folders) > 0 {
			folder = typ.Folders[0]
		}
		t.add(typ.Name, typ.Label["ja"], typ.Label["en"], folder, strconv.Itoa(n))
	}
	return t
}

func owner(e *site.Entry) string {
	if e.Owner == nil {
		return e.Meta.Owner.Text
	}
	return e.Owner.ID
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// print writes the table for people, or as JSON objects or CSV for programs.
func (t table) print(w io.Writer, format string) error {
	switch format {
	case "json":
		return t.json(w)
	case "csv":
		out := csv.NewWriter(w)
		if err := out.Write(t.columns); err != nil {
			return err
		}
		return out.WriteAll(t.rows)
	default:
		return t.text(w)
	}
}

func (t table) json(w io.Writer) error {
	objects := make([]map[string]string, 0, len(t.rows))
	for _, row := range t.rows {
		o := map[string]string{}
		for i, c := range t.columns {
			o[strings.ReplaceAll(c, " ", "_")] = row[i]
		}
		objects = append(objects, o)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(objects)
}

// text aligns columns by what a terminal shows: a Japanese character is two cells wide.
func (t table) text(w io.Writer) error {
	widths := make([]int, len(t.columns))
	lines := append([][]string{upper(t.columns)}, t.rows...)
	for _, row := range lines {
		for i, cell := range row {
			widths[i] = max(widths[i], cells(cell))
		}
	}
	for _, row := range lines {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-cells(cell)+2))
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(b.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

func upper(columns []string) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = strings.ToUpper(c)
	}
	return out
}

// cells is how many terminal cells a text takes.
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
