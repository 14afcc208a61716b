package compare

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"opsbook/internal/config"
	"opsbook/internal/diag"
)

// A comment on a pull request may have 65,536 characters with GitHub; what a person reads ends long before.
const (
	mostPages    = 50
	mostSteps    = 20 // of one page
	mostProblems = 50
	longest      = 200 // characters of one text
)

// Markdown writes what a change does as a comment for who reviews it, and what is wrong below. Pages is nil when nothing was compared.
// words are translations of formats. Nothing that content says can be more than text: see plain.
func Markdown(w io.Writer, pages []Page, compared bool, ds []diag.Diagnostic, lang string, words map[string]string) error {
	c := comment{lang: lang, words: words}
	if compared {
		c.printf("### %s\n\n", c.say(diag.T("what this change does")))
		if len(pages) == 0 {
			c.printf("%s\n\n", c.say(diag.T("it touches no page")))
		} else {
			c.pages(pages)
			c.steps(pages)
			c.owners(pages)
		}
	}
	c.problems(ds)
	_, err := io.WriteString(w, c.String())
	return err
}

// comment is Markdown while it is written.
type comment struct {
	strings.Builder
	lang  string
	words map[string]string
}

func (c *comment) printf(format string, args ...any) { fmt.Fprintf(c, format, args...) }

// say translates a text and keeps what stands in it from being Markdown.
func (c *comment) say(t diag.Text) string { return plain(t.In(c.words)) }

// row writes cells that are Markdown.
func (c *comment) row(cells ...string) { c.printf("| %s |\n", strings.Join(cells, " | ")) }

func (c *comment) head(columns ...diag.Text) {
	var names, rule []string
	for _, t := range columns {
		names, rule = append(names, c.say(t)), append(rule, "---")
	}
	c.row(names...)
	c.row(rule...)
}

// more says how many of a list are not shown.
func (c *comment) more(all, shown int) {
	if all > shown {
		c.printf("\n%s\n", c.say(diag.T("and %s more", all-shown)))
	}
}

func (c *comment) pages(pages []Page) {
	c.head(diag.T("page"), diag.T("what it does"), diag.T("owner"))
	for _, p := range pages[:min(len(pages), mostPages)] {
		var did []string
		for _, t := range p.does() {
			did = append(did, c.say(t))
		}
		var owners []string
		for _, o := range p.Owners() {
			owners = append(owners, plain(c.name(o)))
		}
		e := p.Now()
		c.row(fmt.Sprintf("**%s**<br><code>/%s</code>", plain(e.Title), plain(e.URL)), strings.Join(did, "<br>"), strings.Join(owners, "<br>"))
	}
	c.more(len(pages), mostPages)
	c.printf("\n")
}

// does says in a few lines what happened to a page.
func (p Page) does() []diag.Text {
	var all []diag.Text
	switch {
	case p.Was == nil:
		all = append(all, diag.T("new"))
	case p.Is == nil:
		all = append(all, diag.T("removed"))
	case p.Was.URL != p.Is.URL:
		all = append(all, diag.T("moved from %s", "/"+p.Was.URL))
	default:
		all = append(all, diag.T("changed"))
	}
	if p.Was != nil && p.Is != nil {
		if p.Was.Status != p.Is.Status {
			all = append(all, diag.T("status: %s, before: %s", p.Is.Status, p.Was.Status))
		}
		if p.Was.Severity != p.Is.Severity {
			all = append(all, diag.T("severity: %s, before: %s", p.Is.Severity, p.Was.Severity))
		}
	}
	if p.Renamed() {
		all = append(all, diag.T("alert %s is now %s", p.Lost[0], p.Gained[0]))
	} else {
		if len(p.Gained) > 0 {
			all = append(all, diag.T("answers: %s", strings.Join(p.Gained, ", ")))
		}
		if len(p.Lost) > 0 {
			all = append(all, diag.T("answers no more: %s", strings.Join(p.Lost, ", ")))
		}
	}
	return append(all, p.counts()...)
}

// counts says how many steps of a page that stays are others.
func (p Page) counts() []diag.Text {
	var come, gone, changed int
	for _, s := range p.Steps {
		switch {
		case s.Was == "":
			come++
		case s.Is == "":
			gone++
		default:
			changed++
		}
	}
	var all []diag.Text
	if come > 0 {
		all = append(all, diag.T("steps added: %s", come))
	}
	if gone > 0 {
		all = append(all, diag.T("steps removed: %s", gone))
	}
	if changed > 0 {
		all = append(all, diag.T("steps changed: %s", changed))
	}
	return all
}

// name is what a party is called in the language of the comment.
func (c *comment) name(o *config.Party) string {
	return cmp.Or(o.Name[c.lang], o.Name[""], o.Name["en"], o.Name["ja"], o.ID)
}

// steps names the steps of pages that were there and still are: those of a new page are all new.
func (c *comment) steps(pages []Page) {
	for _, p := range pages[:min(len(pages), mostPages)] {
		if p.Was == nil || p.Is == nil || len(p.Steps) == 0 {
			continue
		}
		c.printf("#### %s\n\n", c.say(diag.T("steps of %s", p.Is.Title)))
		c.head(diag.T("step"), diag.T("before"), diag.T("now"))
		for _, s := range p.Steps[:min(len(p.Steps), mostSteps)] {
			now := plain(s.Is)
			if s.Is == s.Was {
				now = c.say(diag.T("same words, other details"))
			}
			c.row(plain(s.Number), plain(s.Was), now)
		}
		c.more(len(p.Steps), mostSteps)
		c.printf("\n")
	}
}

// owners lists whom to ask, with the pages that are theirs. Handles are shown, not called: a comment that is written anew on every push must
// not ring each time.
func (c *comment) owners(pages []Page) {
	var all []*config.Party
	titles := map[string][]string{}
	for _, p := range pages {
		for _, o := range p.Owners() {
			if titles[o.ID] == nil {
				all = append(all, o)
			}
			titles[o.ID] = append(titles[o.ID], p.Now().Title)
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortFunc(all, func(a, b *config.Party) int { return strings.Compare(a.ID, b.ID) })
	c.printf("#### %s\n\n", c.say(diag.T("whom to ask")))
	for _, o := range all {
		c.printf("- **%s**", plain(c.name(o)))
		for _, h := range o.Handles {
			c.printf(" <code>%s</code>", plain(h))
		}
		c.printf(": %s\n", plain(strings.Join(titles[o.ID], ", ")))
	}
	c.printf("\n")
}

func (c *comment) problems(ds []diag.Diagnostic) {
	c.printf("### %s\n", c.say(diag.T("check: %s", diag.Count(ds).In(c.words))))
	if len(ds) == 0 {
		return
	}
	c.printf("\n")
	c.head(diag.T("where"), diag.T("what"), diag.T("rule"))
	// The gravest come first, since the list may end.
	sorted := diag.Sorted(ds)
	slices.SortStableFunc(sorted, func(a, b diag.Diagnostic) int { return int(b.Severity) - int(a.Severity) })
	for _, d := range sorted[:min(len(sorted), mostProblems)] {
		what := fmt.Sprintf("%s: %s", d.Severity, plain(d.Message.In(c.words)))
		if !d.Hint.IsZero() {
			what += "<br>" + c.say(diag.T("hint: %s", d.Hint.In(c.words)))
		}
		c.row("<code>"+plain(d.Pos.String())+"</code>", what, plain(d.Rule))
	}
	c.more(len(sorted), mostProblems)
}

// plain is text that no reader of Markdown takes for anything else: what could begin markup, a link, a mention or another cell is written as a
// character reference. Long text is cut.
func plain(s string) string {
	s = strings.Join(strings.Fields(diag.Visible(s)), " ")
	if utf8.RuneCountInString(s) > longest {
		s = string([]rune(s)[:longest]) + "…"
	}
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("&<>|\\`*_~[]#@!$\"'{}^=", r) {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	// Addresses are links even without marks.
	return strings.NewReplacer("://", "&#58;//", "www.", "www&#46;").Replace(b.String())
}
