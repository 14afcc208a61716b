package site

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"opsbook/generator/doctype"
	"opsbook/internal/alert"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// Alert is what may wake somebody: defined by a source, named by pages, or both.
type Alert struct {
	Name     string
	Defs     []alert.Alert  // where sources define it; none of one that only pages know
	Pages    []*Entry       // that answer it, most severe first; archived pages and translations left out
	Runbooks []Runbook      // what its definitions name as their runbook
	Exempt   *config.Exempt // why it needs no page; nil when it does, or when the time of the exemption is up
	Owner    *config.Party  // of its first page, else by its definition; nil when nobody answers for it
	Severity string         // a severity of the site, "" when neither page nor definition has one
}

// Gap reports whether the alert wakes somebody who then has no page to follow.
func (a *Alert) Gap() bool {
	quiet := !slices.ContainsFunc(a.Defs, func(d alert.Alert) bool { return !d.Quiet })
	return len(a.Defs) > 0 && len(a.Pages) == 0 && a.Exempt == nil && !quiet
}

// Urgency is the alert's severity, in the words of its source where these are none of the site's.
func (a *Alert) Urgency() string {
	if a.Severity == "" && len(a.Defs) > 0 {
		return a.Defs[0].Severity
	}
	return a.Severity
}

// Runbook is a runbook_url and where it leads.
type Runbook struct {
	Ref  meta.Str
	Kind RunbookKind
	Page *Entry    // nil when it leads elsewhere, or to a page that is no document
	Near *Entry    // of a broken one: what was probably meant
	Why  diag.Text // of a broken one
}

// RunbookKind says where a runbook_url leads.
type RunbookKind uint8

// Where runbook_urls lead.
const (
	RunbookForeign RunbookKind = iota // to another site
	RunbookHere
	RunbookBroken // to this site, where nothing is
)

// Alert returns the alert that a name means, as a page or a source writes it, or nil.
func (s *Site) Alert(name string) *Alert {
	if a := s.alerts[name]; a != nil {
		return a
	}
	for _, a := range s.AlertList {
		if slices.ContainsFunc(a.Defs, func(d alert.Alert) bool { return d.Answers(name) }) {
			return a
		}
	}
	return s.alerts[alert.Plain(name)]
}

// listAlerts brings alerts and pages together: pages that name an alert, that its runbook_url leads to, or that bear its name.
func (r *resolver) listAlerts() {
	s := r.site
	for _, d := range r.in.Alerts.Alerts {
		a := r.alert(d.Name)
		a.Defs = append(a.Defs, d)
	}
	r.listNames()
	for _, e := range s.Entries {
		if !answers(e) {
			continue
		}
		for i, name := range e.Alerts {
			a := s.Alert(name)
			if a == nil {
				a = r.alert(alert.Plain(name))
			}
			if strings.HasSuffix(name, ":"+a.Name) {
				e.Alerts[i] = a.Name
			}
			a.Pages = addPage(a.Pages, e)
		}
	}
	r.listNames()
	r.followRunbooks()
	r.bearNames()
	for _, a := range s.AlertList {
		r.complete(a)
	}
}

// followRunbooks finds out where the runbook_urls of all definitions lead. The page is one that answers the alert.
func (r *resolver) followRunbooks() {
	named := func(d alert.Alert) bool { return !d.Runbook.IsZero() }
	if !slices.ContainsFunc(r.in.Alerts.Alerts, named) {
		return
	}
	known := r.addresses()
	for _, a := range r.site.AlertList {
		for _, d := range a.Defs {
			if !named(d) {
				continue
			}
			to := r.runbook(d.Runbook, known)
			a.Runbooks = append(a.Runbooks, to)
			if to.Page != nil && answers(to.Page.Original()) {
				a.answer(to.Page.Original())
			}
		}
	}
}

// alert returns the alert with an exact name, a new one if there is none.
func (r *resolver) alert(name string) *Alert {
	a := r.site.alerts[name]
	if a == nil {
		a = &Alert{Name: name}
		r.site.alerts[name] = a
	}
	return a
}

func (r *resolver) listNames() {
	r.site.AlertList = r.site.AlertList[:0]
	for _, name := range slices.Sorted(maps.Keys(r.site.alerts)) {
		r.site.AlertList = append(r.site.AlertList, r.site.alerts[name])
	}
}

// answers reports whether a page can answer alerts: an archived one is not worked by, a translation does so through its original.
func answers(e *Entry) bool { return e.Source == nil && e.Status != "archived" }

func addPage(list []*Entry, e *Entry) []*Entry {
	if slices.Contains(list, e) {
		return list
	}
	return append(list, e)
}

// answer makes a page that did not name the alert answer it all the same.
func (a *Alert) answer(e *Entry) {
	a.Pages = addPage(a.Pages, e)
	if !slices.Contains(e.Alerts, a.Name) {
		e.Alerts = append(e.Alerts, a.Name)
	}
}

// bearNames lets pages for emergencies answer the alerts that they are called after: repositories of alert runbooks name the file or the title so.
func (r *resolver) bearNames() {
	open := map[string]*Alert{}
	for _, a := range r.site.AlertList {
		if len(a.Defs) > 0 && len(a.Pages) == 0 {
			open[lower(a.Name)] = a
		}
	}
	if len(open) == 0 {
		return
	}
	for _, e := range r.site.Entries {
		if !answers(e) || e.Index || !e.Type.Has(doctype.Escalates) {
			continue
		}
		for _, name := range []string{base(strings.TrimSuffix(e.Doc.Path, ".md")), e.Title} {
			if a := open[lower(name)]; a != nil {
				a.answer(e)
			}
		}
	}
}

// complete works out what follows from an alert's pages and definitions.
func (r *resolver) complete(a *Alert) {
	slices.SortStableFunc(a.Pages, func(x, y *Entry) int {
		c := r.in.Config
		return cmp.Or(cmp.Compare(c.SeverityRank(x.Severity), c.SeverityRank(y.Severity)), cmp.Compare(x.URL, y.URL))
	})
	for i := range r.in.Config.Alerts.Exempt {
		e := &r.in.Config.Alerts.Exempt[i]
		over := !e.Until.IsZero() && e.Until.Before(r.in.Clock)
		if a.Exempt == nil && !over && alert.Match(alert.Plain(e.Alert.Text), a.Name) {
			a.Exempt = e
		}
	}
	for _, d := range a.Defs {
		if rank := r.in.Config.SeverityRank(d.Severity); a.Severity == "" && rank < len(r.in.Config.Severities) {
			a.Severity = r.in.Config.Severities[rank]
		}
		if p := r.site.parties[d.Owner.Text]; a.Owner == nil && len(a.Pages) == 0 {
			a.Owner = p
		}
	}
	for _, e := range a.Pages {
		a.Severity = cmp.Or(a.Severity, e.Severity)
		a.Owner = cmp.Or(a.Owner, e.Owner)
	}
	if len(a.Pages) > 0 {
		r.site.Alerts[a.Name] = a.Pages
	}
}

func lower(s string) string { return strings.ToLower(norm.NFC.String(s)) }

// Slug is the folder below alerts/ that leads from an alert's name to its pages.
func (a *Alert) Slug() string { return Slug(a.Name) }

// addresses is the address book of the site.
func (r *resolver) addresses() *addressBook {
	known := map[string]*Entry{}
	if len(r.prefixes()) == 0 {
		return &addressBook{}
	}
	add := func(address string, e *Entry) {
		address = strings.TrimSuffix(strings.TrimSuffix(lower(address), "index.html"), "/")
		if was, ok := known[address]; !ok || was == nil {
			known[address] = e
		}
	}
	for _, generated := range []string{"search", "alerts", "map", "services", "teams", "review"} {
		add(generated, nil)
	}
	for _, f := range r.site.Folders {
		add(f.URL, f.Index)
	}
	for _, e := range r.site.Entries {
		add(e.URL, e)
		add(strings.TrimSuffix(e.Doc.Path, ".md"), e)
		for _, alias := range e.Aliases {
			add(alias, e)
		}
	}
	for _, a := range r.site.AlertList {
		var e *Entry
		if len(a.Pages) > 0 {
			e = a.Pages[0]
		}
		add("alerts/"+a.Slug(), e)
	}
	for _, s := range r.in.Directory.Services {
		add("services/"+Slug(s.ID), nil)
	}
	return &addressBook{at: known}
}

// prefixes are the beginnings of addresses that mean this site.
func (r *resolver) prefixes() []string {
	var all []string
	for _, p := range append([]string{r.in.Config.BaseURL}, r.in.Config.Alerts.URLs...) {
		if p != "" {
			all = append(all, lower(p))
		}
	}
	return all
}

// runbook finds out where a runbook_url leads.
func (r *resolver) runbook(ref meta.Str, known *addressBook) Runbook {
	for _, prefix := range r.prefixes() {
		if !strings.HasPrefix(lower(ref.Text)+"/", strings.TrimSuffix(prefix, "/")+"/") {
			continue
		}
		rest := ref.Text[min(len(ref.Text), len(strings.TrimSuffix(prefix, "/"))):]
		rest, fragment, _ := strings.Cut(rest, "#")
		rest, _, _ = strings.Cut(rest, "?")
		at := strings.Trim(strings.TrimSuffix(lower(unescape(rest)), "index.html"), "/")
		for _, address := range []string{at, strings.TrimSuffix(at, ".html"), strings.TrimSuffix(at, ".md")} {
			if e, ok := known.at[address]; ok {
				return landed(Runbook{Ref: ref, Kind: RunbookHere, Page: e}, fragment)
			}
		}
		return missed(ref, at, known)
	}
	return Runbook{Ref: ref}
}

// landed holds the fragment of a runbook_url against its page.
func landed(to Runbook, fragment string) Runbook {
	if f, err := url.PathUnescape(fragment); err == nil {
		fragment = f
	}
	if to.Page != nil && fragment != "" && !hasAnchor(to.Page, fragment) {
		to.Kind, to.Why = RunbookBroken, diag.T("there is no heading #%s in %s", fragment, to.Page.Doc.Path)
	}
	return to
}

// missed says what a runbook_url that leads nowhere probably meant: a page with the same last name, else with nearly the same.
func missed(ref meta.Str, at string, known *addressBook) Runbook {
	to := Runbook{Ref: ref, Kind: RunbookBroken, Why: diag.T("no page of this site is at /%s", at)}
	last := strings.TrimSuffix(strings.TrimSuffix(base(at), ".html"), ".md")
	by := known.byName()
	if e := by[last]; e != nil {
		to.Near = e
	} else if near, ok := diag.Nearest(last, known.names); ok {
		to.Near = by[near]
	}
	return to
}

// addressBook leads from everything that a runbook_url may name, in lower case and without a slash at its end, to the page; to nil for what is
// on the site and no document.
type addressBook struct {
	at    map[string]*Entry
	by    map[string]*Entry // by the last name of an address
	names []string          // the keys of by, sorted
}

// byName is made for the first runbook_url that leads nowhere: most sites have none.
func (b *addressBook) byName() map[string]*Entry {
	if b.by != nil {
		return b.by
	}
	b.by = map[string]*Entry{}
	for _, address := range slices.Sorted(maps.Keys(b.at)) {
		if e := b.at[address]; e != nil && !e.Index {
			put(b.by, base(address), e)
		}
	}
	b.names = slices.Sorted(maps.Keys(b.by))
	return b.by
}
