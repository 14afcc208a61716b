// Package quality measures search on real documents: it reads them, draws
// questions whose answer is known, and counts how often the answer comes first.
// Stage: beside the pipeline; nothing that ships depends on it.
package quality

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"opsbook/search"
)

var (
	heading     = regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*\s*(\{#[^}]*\})?$`)
	fence       = regexp.MustCompile("^\\s*(```|~~~)")
	frontTitle  = regexp.MustCompile(`(?m)^title:\s*["']?(.*?)["']?\s*$`)
	shortcode   = regexp.MustCompile(`\{\{[<%].*?[%>]\}\}`)
	comment     = regexp.MustCompile(`(?s)<!--.*?-->`)
	tag         = regexp.MustCompile(`</?[a-zA-Z][^>]*>`)
	link        = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
	decoration  = regexp.MustCompile("[*`]+|^\\s*[-+>]\\s|\\|")
	alertName   = regexp.MustCompile(`^[A-Z][A-Za-z0-9]{5,}$`)
	blank       = regexp.MustCompile(`\s+`)
	notAnAnchor = regexp.MustCompile(`[^-_\pL\pM\pN]+`)
)

// Records reads every Markdown file below the root as a record. It knows just
// enough Markdown to find titles, headings and text; the real pages come from
// package generator. A file whose name looks like an alert answers that alert.
func Records(root fs.FS) ([]search.Record, error) {
	var records []search.Record
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && len(name) > 1 && name[0] == '.' {
			return fs.SkipDir // what a build remembers
		}
		if err != nil || d.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return fmt.Errorf("read a document to search: %w", err)
		}
		records = append(records, parse(name, string(data)))
		return nil
	})
	return records, err
}

func parse(name, text string) search.Record {
	base := strings.TrimSuffix(name, ".md")
	r := search.Record{URL: base + "/", File: name, Lang: "en", Type: "note", Sections: []search.Section{{}}}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if rest, found := strings.CutPrefix(text, "---\n"); found {
		if front, body, found := strings.Cut(rest, "\n---"); found {
			if m := frontTitle.FindStringSubmatch(front); m != nil {
				r.Title = m[1]
			}
			text = body
		}
	}
	text = comment.ReplaceAllString(text, " ")
	inFence := false
	for number, line := range strings.Split(text, "\n") {
		last := &r.Sections[len(r.Sections)-1]
		if fence.MatchString(line) {
			inFence = !inFence
			continue
		}
		if m := heading.FindStringSubmatch(line); m != nil && !inFence {
			title := clean(m[2])
			if r.Title == "" && len(m[1]) == 1 {
				r.Title = title
				continue
			}
			r.Sections = append(r.Sections, search.Section{Anchor: anchor(title), Heading: title, Line: number + 1})
			continue
		}
		if !inFence {
			line = clean(line)
		}
		last.Text += line + "\n"
	}
	if r.Title == "" {
		r.Title = path.Base(base)
	}
	if alertName.MatchString(path.Base(base)) && path.Base(base) != "README" {
		r.Alerts = []string{path.Base(base)}
		r.Type = "playbook"
	}
	if slices.ContainsFunc([]rune(text), func(r rune) bool { return r >= 0x3041 && r <= 0x30FF }) {
		r.Lang = "ja"
	}
	return r
}

// anchor is what a page calls a heading.
func anchor(heading string) string {
	return notAnAnchor.ReplaceAllString(strings.ReplaceAll(strings.ToLower(heading), " ", "-"), "")
}

// clean takes the Markdown out of a line.
func clean(line string) string {
	line = link.ReplaceAllString(line, "$1")
	for _, noise := range []*regexp.Regexp{shortcode, tag, decoration} {
		line = noise.ReplaceAllString(line, " ")
	}
	return strings.TrimSpace(blank.ReplaceAllString(line, " "))
}
