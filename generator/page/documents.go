package page

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// documents finds the page of every entry. Entries that want one address are planned in their order: the last has it.
func (pl *planner) documents() {
	for _, e := range pl.s.Entries {
		o := pl.at(pl.of(e), e.URL, "document", Label{Text: e.Title, Lang: e.Lang})
		for _, other := range e.Others {
			pl.translate(o, other)
		}
		if e.Source != nil {
			pl.translate(o, e.Source)
		}
		o.Entry = e
		o.Template = "layout/document"
		if e.Type.Template != "" {
			o.Template = "types/" + strings.TrimSuffix(e.Type.Template, ".html")
		}
		o.NoIndex = !listed(e)
		o.Origin = diag.Pos{File: e.Doc.Path}
		o.plan(0, func(p *Page) { pl.document(p, e) })
	}
}

// document plans the page of an entry.
func (pl *planner) document(p *Page, e *site.Entry) {
	l := pl.of(e)
	p.Description = e.Summary
	p.Doc = pl.doc(e, l)
	p.Tools = pl.tools(e)
	pl.place(p, e, l)
	p.Doc.Body = pl.body(p, e)
	p.Doc.Work = pl.work(p.Doc, e, l)
}

func (pl *planner) translate(o *Outline, to *site.Entry) {
	if pl.translations[o.URL] == nil {
		pl.translations[o.URL] = map[string]string{}
	}
	pl.translations[o.URL][to.Lang] = to.URL
}

// place says where a document is: what is above, beside and below it.
func (pl *planner) place(p *Page, e *site.Entry, l language) {
	if e.Index {
		if e.Folder.Parent != nil {
			p.Crumbs = pl.crumbs(e.Folder.Parent, l)
		}
		p.Nav = pl.folderNav(e.Folder, p.URL, l)
		return
	}
	p.Crumbs = pl.crumbs(e.Folder, l)
	p.Nav = pl.nav(e.Folder, p.URL, l)
	pl.turn(p, e, l)
}

// doc plans the document itself.
func (pl *planner) doc(e *site.Entry, l language) *Doc {
	d := &Doc{
		Type:     Link{Label: pl.label(e.Type, l), URL: l.prefix + listPath(e.Type)},
		TypeName: e.Type.Name, Lang: e.Lang, ID: e.Original().ID, Status: e.Status,
		Severity: pl.severity(e.Severity),
		Review:   pl.review(e, l),
		Reviewed: e.Type.Has(doctype.Reviewed),
		Runnable: e.Type.Has(doctype.Runnable),
		Index:    e.Index,
		Problems: problems(e),
		Related:  linkAll(e.Related, l.code),
		Linkers:  linkAll(linkers(e), l.code),
		Changes:  pl.changes(e),
		BodyHash: e.Doc.Hash,
	}
	if !e.Meta.Description.IsZero() {
		d.Summary = Label{Text: e.Summary, Lang: e.Lang}
	}
	if e.Type.Has(doctype.Escalates) {
		d.Path = pl.path(e, l)
	}
	d.Owner = owner(e, l)
	if e.Source != nil {
		to := link(e.Source, e.Source.Lang)
		d.Source, d.Lag = &to, pl.lag(e)
	}
	if e.Superseder != nil {
		to := link(e.Superseder, l.code)
		d.Instead = &to
	}
	if i := firstOfLevel1(e); i >= 0 && isTitle(e, i) {
		d.TitleID = e.Doc.Sections[i].ID
	}
	pl.headings(d, e)
	pl.facts(d, e, l)
	pl.instructions(d, e, l)
	pl.aftermath(d, e, l)
	pl.evidence(d, e, l)
	pl.tried(d, e, l)
	return d
}

// lag is what a translation's original changed after it, with links to where.
func (pl *planner) lag(e *site.Entry) *Lag {
	if e.Lag == nil {
		return nil
	}
	return &Lag{On: meta.DateOf(e.Lag.Commit.Date.In(pl.zone)).String(), Sections: changedSections(e), Gone: e.Lag.Gone, Keys: e.Lag.Keys}
}

// changedSections lead to the sections of an original that its translation does not know yet; what stands above the first is the page.
func changedSections(e *site.Entry) []Link {
	var all []Link
	for _, i := range e.Lag.Sections {
		s := e.Source.Doc.Sections[i]
		to := Link{Label: Label{Text: s.Title, Lang: e.Source.Lang}, URL: e.Source.URL, Anchor: s.ID}
		if s.Level == 0 || isTitle(e.Source, i) {
			to = link(e.Source, e.Source.Lang)
		}
		if !slices.Contains(all, to) {
			all = append(all, to)
		}
	}
	return all
}

// linkers are the pages that lead here: not those that are kept for the record, nor the runs, which have a list of their own.
func linkers(e *site.Entry) []*site.Entry {
	var all []*site.Entry
	for _, from := range e.Backlinks {
		if listed(from) && !slices.Contains(e.Records, from) {
			all = append(all, from)
		}
	}
	return all
}

// linkAll leads to entries by title.
func linkAll(entries []*site.Entry, lang string) []Link {
	var links []Link
	for _, e := range entries {
		links = append(links, link(e, lang))
	}
	slices.SortStableFunc(links, func(a, b Link) int { return cmp.Or(cmp.Compare(a.Text, b.Text), cmp.Compare(a.URL, b.URL)) })
	return slices.CompactFunc(links, func(a, b Link) bool { return a.URL == b.URL })
}

// severity gives a severity its place; the worst four are told apart.
func (pl *planner) severity(name string) Severity {
	if name == "" {
		return Severity{}
	}
	return Severity{Name: name, Rank: pl.s.Config.SeverityRank(name) + 1}
}

func (pl *planner) review(e *site.Entry, l language) Review {
	r := Review{
		State: string(e.Review.State), Due: e.Review.Due.String(), On: e.Meta.LastReviewed.String(), By: pl.partyRef(e.Meta.ReviewedBy, l),
	}
	for _, reason := range e.Review.Reasons {
		if r.Due == "" || !says(reason, r.Due) { // the due date is said anyway
			r.Reasons = append(r.Reasons, reason)
		}
	}
	return r
}

// says reports whether a sentence names a word.
func says(t diag.Text, word string) bool {
	return slices.ContainsFunc(t.Args, func(a diag.Arg) bool { return a.Word == word })
}

// path is the escalation path with everything one needs to follow it.
func (pl *planner) path(e *site.Entry, l language) []Step {
	var steps []Step
	for _, s := range e.Escalation {
		step := Step{To: Label{Text: s.To.Text, Lang: guess(s.To.Text)}, After: spanOf(s.After), When: s.When, Hours: s.Hours}
		if p := s.Party; p != nil {
			to := party(p, l)
			step.To, step.URL, step.Known = to.Label, to.URL, true
			step.Open, step.Decides, step.Verified = p.Hours, p.Decides, p.LastVerified.String()
			step.Due, step.Late = p.VerifyBy().String(), overdue(p, pl.s.Clock)
			step.Contacts = contacts(p)
		}
		steps = append(steps, step)
	}
	return steps
}

// overdue reports whether somebody should have tried a party's contacts by now.
func overdue(p *config.Party, day meta.Date) bool {
	due := p.VerifyBy()
	return len(p.Contacts) > 0 && !due.IsZero() && due.Before(day)
}

func contacts(p *config.Party) []Contact {
	var all []Contact
	for _, c := range p.Contacts {
		all = append(all, Contact{Kind: c.Kind, Text: shortContact(c), URL: c.URL})
	}
	return all
}

// shortContact is what stands on a contact's button: a number, a name, an address; of a web address its host, where the kind does not say
// enough.
func shortContact(c config.Contact) string {
	u, err := url.Parse(c.Text)
	switch {
	case err != nil || u.Host == "":
		return c.Text
	case c.Kind == "url":
		return u.Host
	default:
		return ""
	}
}

func spanOf(s meta.Span) Span { return Span{Months: s.Months, Days: s.Days, Minutes: s.Minutes} }

// problems are what a reader must know before trusting the page: what could not be read, and what the page shows otherwise
// than it was meant. Everything else is for its writer.
func problems(e *site.Entry) []Problem {
	var all []Problem
	for _, d := range e.Doc.Problems {
		if slices.Contains([]string{"encoding", "meta-syntax", "limit", "control-character", "invisible-code", "fence-unclosed"}, d.Rule) {
			all = append(all, Problem{Line: d.Pos.Line, Message: d.Message, Hint: d.Hint})
		}
	}
	return all
}

// headings plans the contents: two levels below the title.
func (pl *planner) headings(d *Doc, e *site.Entry) {
	part := map[int]string{}
	for id, i := range e.Sections {
		if was, ok := part[i]; !ok || id < was {
			part[i] = id
		}
	}
	top := 0
	for i, s := range e.Doc.Sections {
		if s.Level > 0 && !isTitle(e, i) && (top == 0 || s.Level < top) {
			top = s.Level
		}
	}
	for i, s := range e.Doc.Sections {
		if level := s.Level - top + 2; s.Level > 0 && !isTitle(e, i) && level <= 3 {
			d.Toc = append(d.Toc, Heading{ID: s.ID, Text: s.Title, Level: level, Part: part[i]})
		}
	}
	if len(e.Groups) > 0 && e.Groups[0].Section < len(e.Doc.Sections) {
		d.Anchor = e.Doc.Sections[e.Groups[0].Section].ID
	}
}

// isTitle reports whether a section's heading is the one that the page shows as its title.
func isTitle(e *site.Entry, i int) bool {
	s := e.Doc.Sections[i]
	return s.Level == 1 && s.Title == e.Doc.Title.Text && e.Title == e.Doc.Title.Text && firstOfLevel1(e) == i
}

func firstOfLevel1(e *site.Entry) int {
	for i, s := range e.Doc.Sections {
		if s.Level == 1 {
			return i
		}
	}
	return -1
}

// changes are the last commits of the file, newest first.
func (pl *planner) changes(e *site.Entry) []Change {
	if pl.s.History == nil {
		return nil
	}
	var all []Change
	for _, c := range pl.s.History.Files[e.Doc.Path].Recent {
		if len(all) == 5 {
			break
		}
		on, reviewed := meta.DateOf(c.Date.In(pl.zone)), e.Meta.LastReviewed.Date
		all = append(all, Change{
			On: on.String(), Who: c.Author, Message: c.Subject, Commit: pl.host("commit/" + c.Hash), Since: !reviewed.IsZero() && reviewed.Before(on),
		})
	}
	return all
}

// host is an address at the repository's host, "" without one.
func (pl *planner) host(at string) string {
	switch to := pl.s.Config.Repository; {
	case to == "":
		return ""
	case strings.Contains(to, "gitlab"):
		return to + "/-/" + at
	default:
		return to + "/" + at
	}
}

// tools are where the source can be changed and the page reported. Hosts name their edit pages alike but for one prefix.
func (pl *planner) tools(e *site.Entry) Tools {
	c := pl.s.Config
	t := Tools{Source: e.Doc.Path}
	if c.Repository != "" {
		file := e.Doc.Path
		if pl.s.History != nil {
			file = pl.s.History.Prefix + file
		}
		at := "/" + escapePath(cmp.Or(c.Branch, "main")+"/"+file)
		t.Edit, t.Log = pl.host("edit"+at), pl.host("commits"+at)
	}
	address := c.BaseURL + e.URL
	t.ask(c, e.Title, address)
	if len(e.Groups) > 0 {
		t.Step = request(c.Requests["problem"].Text, e.Title+" {{step}}", address+"#{{anchor}}")
	}
	return t
}

// ask fills in where readers of a page say what they miss.
func (t *Tools) ask(c *config.Config, title, address string) {
	t.Problem = request(c.Requests["problem"].Text, title, address)
	t.Change = request(c.Requests["change"].Text, title, address)
	t.Missing = request(c.Requests["missing-page"].Text, title, address)
}

// request fills a request's template. Only addresses that a reader may follow are kept.
func request(template, title, address string) string {
	filled := strings.NewReplacer("{{title}}", url.QueryEscape(title), "{{url}}", url.QueryEscape(address)).Replace(template)
	for _, scheme := range []string{"https://", "http://", "mailto:"} {
		if strings.HasPrefix(filled, scheme) {
			if scheme == "mailto:" {
				return strings.ReplaceAll(filled, "+", "%20")
			}
			return filled
		}
	}
	return ""
}
