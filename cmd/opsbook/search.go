package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"opsbook/generator"
	"opsbook/search"
	"opsbook/search/bleveindex"
)

type searchCmd struct {
	Words  []string `arg:"" help:"Words, and filters such as type:runbook or owner:dba."`
	Source string   `help:"Folder of Markdown (default: content, else .)." placeholder:"DIR"`
	Type   string   `help:"Only pages of this type."`
	Limit  int      `help:"How many hits." default:"10"`
	JSON   bool     `name:"json" help:"Print JSON."`
	Clock  string   `help:"Rank as of this day instead of today." placeholder:"YYYY-MM-DD"`
}

// Run answers a query from an index that is brought up to date first.
func (c *searchCmd) Run(ctx context.Context, a *app) error {
	in, err := a.input(place{Source: c.Source}, shape{Clock: c.Clock, History: "none"})
	if err != nil {
		return err
	}
	content, err := generator.Load(ctx, in, generator.NewMemory())
	if err != nil {
		return err
	}
	cache, err := generator.CacheDir(in.Source)
	if err != nil {
		return err
	}
	index, err := bleveindex.OpenIn(cache)
	if err != nil {
		return fmt.Errorf("open the search index: %w", err)
	}
	defer index.Close()
	if err := index.Update(ctx, content.Records(), content.Site.Config.Synonyms); err != nil {
		return fmt.Errorf("update the search index: %w", err)
	}
	query := search.Query{Text: strings.Join(c.Words, " "), Limit: c.Limit, Clock: content.Site.Clock.String(), Lang: cmp.Or(a.asked, content.Site.Languages[0])}
	if c.Type != "" {
		query.Filters = map[string][]string{"type": {c.Type}}
	}
	answer, err := index.Answer(ctx, query)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if c.JSON {
		return printJSON(a, answer)
	}
	return printHits(a, answer)
}

// printJSON writes the answer as the dev server does.
func printJSON(a *app, answer search.Answer) error {
	if answer.Hits == nil {
		answer.Hits = []search.Hit{}
	}
	enc := json.NewEncoder(a.stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(answer)
}

// opensAt is where a hit opens.
func opensAt(h search.Hit) string {
	if h.Anchor == "" {
		return h.URL
	}
	return h.URL + "#" + h.Anchor
}

func printHits(a *app, answer search.Answer) error {
	for _, c := range answer.Corrected {
		fmt.Fprintf(a.stderr, "read %q as %s\n", c.From, strings.Join(c.To, ", "))
	}
	if len(answer.Hits) == 0 {
		fmt.Fprintln(a.stderr, "nothing found")
		for _, h := range answer.Nearest {
			fmt.Fprintf(a.stderr, "  nearest: %s (%s)\n", h.Title, h.File)
		}
		return nil
	}
	bold, dim, reset := "", "", ""
	if a.color(a.stdout) {
		bold, dim, reset = "\x1b[1m", "\x1b[2m", "\x1b[0m"
	}
	for _, h := range answer.Hits {
		title := h.Title
		if h.Section != "" {
			title += " › " + h.Section
		}
		fmt.Fprintf(a.stdout, "%s%s%s\n  %s%s:%d  %s%s\n", bold, title, reset, dim, h.File, h.Line, opensAt(h), reset)
		if h.Snippet != "" {
			fmt.Fprintf(a.stdout, "  %s\n", highlight(h, bold, reset))
		}
	}
	if more := map[bool]string{true: "+"}[answer.More]; answer.More || answer.Total > len(answer.Hits) {
		fmt.Fprintf(a.stderr, "%d of %d%s pages; --limit shows more\n", len(answer.Hits), answer.Total, more)
	}
	return nil
}

// highlight puts marks around what was found in a snippet.
func highlight(h search.Hit, on, off string) string {
	if on == "" {
		return h.Snippet
	}
	var b strings.Builder
	runes, at := []rune(h.Snippet), 0
	for _, m := range h.Marks {
		if m[0] < at || m[1] > len(runes) {
			continue
		}
		b.WriteString(string(runes[at:m[0]]) + on + string(runes[m[0]:m[1]]) + off)
		at = m[1]
	}
	return b.String() + string(runes[at:])
}
