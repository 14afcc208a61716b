package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"opsbook/generator"
	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/worksheet"
)

type newCmd struct {
	Type   string `arg:"" help:"Type of the document: runbook, playbook, lesson, raci, record, note, or one of the site's own."`
	Title  string `arg:"" optional:"" help:"Its title (with --from: default from the file's name)."`
	Dir    string `help:"Folder inside the source (default: the type's)." placeholder:"DIR"`
	Name   string `help:"File name without .md (default: from the title)." placeholder:"NAME"`
	Owner  string `help:"Id of the team that owns it." placeholder:"ID"`
	From   string `help:"A procedure kept in a spreadsheet, saved as CSV: a row for each step." placeholder:"FILE.csv"`
	Of     string `help:"Id of the page that a record is of." placeholder:"ID"`
	Source string `help:"Folder of Markdown (default: content, else .)." placeholder:"DIR"`
	Clock  string `help:"Write this day instead of today." placeholder:"YYYY-MM-DD"`
}

// Run writes a document that passes check, and prints its path.
func (c *newCmd) Run(ctx context.Context, a *app) error {
	steps, err := c.sheet(a)
	if err != nil {
		return err
	}
	in, err := a.input(place{Source: c.Source}, shape{Clock: c.Clock, History: "none", Drafts: true})
	if err != nil {
		return err
	}
	content, err := generator.Load(ctx, in, generator.NewMemory())
	if err != nil {
		return err
	}
	s := content.Site
	t, ok := s.Types.ByName[c.Type]
	if !ok {
		return usage("make a %s: there is no such type; opsbook list types names them", c.Type)
	}
	name := cmp.Or(c.Name, fileName(c.Title))
	if name == "" || strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return usage("make a %s: %q cannot name a file; give one with --name", c.Type, name)
	}
	dir := c.Dir
	if dir == "" && len(t.Folders) > 0 {
		dir = t.Folders[0]
	}
	if dir != "" && !filepath.IsLocal(dir) {
		return usage("make a %s: --dir %s leads out of %s", c.Type, dir, in.Source)
	}
	fill, err := c.fill(a, s, t)
	if err != nil {
		return err
	}
	fill.Steps, fill.Params, fill.Duration = worksheet.Scaffold(steps)
	text, err := t.Scaffold(fill)
	if err != nil {
		return usage("make a %s: %w", c.Type, err)
	}
	return a.create(filepath.Join(in.Source, dir, name+".md"), text)
}

// sheet reads the steps of --from, and takes the title from its name where none is given.
func (c *newCmd) sheet(a *app) ([]worksheet.Step, error) {
	if c.From == "" {
		if c.Title == "" {
			return nil, usage("make a %s: give it a title", c.Type)
		}
		return nil, nil
	}
	if c.Title == "" {
		c.Title = strings.TrimSuffix(filepath.Base(c.From), filepath.Ext(c.From))
	}
	src, err := os.ReadFile(c.From)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage("read --from: there is no file %s", c.From)
	}
	if err != nil {
		return nil, fmt.Errorf("read --from: %w", err)
	}
	if bytes.HasPrefix(src, []byte("PK\x03\x04")) || bytes.HasPrefix(src, []byte("\xd0\xcf\x11\xe0")) {
		return nil, usage("read --from: %s is a workbook; save the sheet as CSV in the spreadsheet, then name that file", c.From)
	}
	steps, problems := worksheet.Read(filepath.ToSlash(c.From), src)
	if len(problems) > 0 {
		return nil, errors.Join(a.say(a.stderr, problems), exit{code: exitUsage})
	}
	return steps, nil
}

// fill is what the type's template can use: the owner asked for, else the one whom the page would belong to.
func (c *newCmd) fill(a *app, s *site.Site, t *doctype.Type) (doctype.Scaffold, error) {
	fill := doctype.Scaffold{Title: c.Title, ID: nextID(s, t), Owner: c.Owner, Of: c.Of, Lang: language(c.Title, s.Languages), Today: s.Clock}
	if c.Owner != "" {
		if _, known := s.Directory.Party(c.Owner); !known && s.Directory.File != "" {
			return fill, usage("make a %s: nobody in %s has the id %s", c.Type, s.Directory.File, c.Owner)
		}
	}
	if fill.Owner == "" {
		fill.Owner = s.Config.Unowned.Text
	}
	if fill.Owner == "" {
		if i := slices.IndexFunc(s.Directory.Parties, func(p config.Party) bool { return p.Kind == config.Team }); i >= 0 {
			fill.Owner = s.Directory.Parties[i].ID
		}
	}
	if len(s.Directory.Escalations) > 0 {
		fill.Escalation = s.Directory.Escalations[0].ID
	}
	if i := slices.IndexFunc(s.Directory.Parties, func(p config.Party) bool { return p.Decides }); i >= 0 {
		fill.Decider = s.Directory.Parties[i].ID
	}
	if len(s.Config.Severities) > 0 {
		fill.Severity = s.Config.Severities[len(s.Config.Severities)/2]
	}
	return fill, nil
}

// create writes a new file with its folders. It never writes over one.
func (a *app) create(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return usage("write %s: it exists; choose another --name", path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = fmt.Fprintln(a.stdout, path)
	return err
}

// numbered is an id such as RUN001: letters, then digits.
var numbered = regexp.MustCompile(`^([A-Za-z]+-?)(\d+)$`)

// nextID continues the ids that most pages of a type have, "" where they have none.
func nextID(s *site.Site, t *doctype.Type) string {
	uses, last, digits := map[string]int{}, map[string]int{}, map[string]int{}
	for _, e := range s.Entries {
		m := numbered.FindStringSubmatch(e.ID)
		if m == nil || e.Type != t {
			continue
		}
		n, err := strconv.Atoi(m[2])
		if err != nil {
			continue
		}
		uses[m[1]]++
		last[m[1]] = max(last[m[1]], n)
		digits[m[1]] = max(digits[m[1]], len(m[2]))
	}
	best := ""
	for prefix, n := range uses {
		if best == "" || n > uses[best] || n == uses[best] && prefix < best {
			best = prefix
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("%s%0*d", best, digits[best], last[best]+1)
}

// fileName is a title as a file name: letters and digits of any script, words joined by hyphens.
func fileName(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	return strings.Join(words, "-")
}

// language is the site's default language unless the title is plainly in another.
func language(title string, languages []string) string {
	for _, r := range title {
		if unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) {
			return "ja"
		}
	}
	if slices.Contains(languages, "en") || len(languages) == 0 {
		return "en"
	}
	return languages[0]
}
