package page

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"opsbook/generator/site"
	"opsbook/internal/alert"
	"opsbook/internal/diag"
)

// AlertCard is what is known of one alert, on the page that its name leads to where one page alone cannot answer.
type AlertCard struct {
	Gap      bool
	Facts    []Fact
	Contacts []Contact // of who owns it
	Ask      string    // where to ask for the page that is missing
}

// alerts plans the page of all alerts: gaps first.
func (pl *planner) alerts(l language) {
	if len(pl.s.AlertList) == 0 {
		return
	}
	gaps := Ledger{
		ID: "gaps", Title: Label{Key: "alerts.gaps"}, Lead: Label{Key: "alerts.gaps.lead"}, Bad: true,
		Columns: []string{"alert", "severity", "owner", "summary", "defined", "ask"},
	}
	covered := Ledger{ID: "covered", Title: Label{Key: "alerts.covered"}, Columns: []string{"alert", "page", "severity", "owner", "runbook_url"}}
	exempt := Ledger{ID: "exempt", Title: Label{Key: "alerts.exempt"}, Columns: []string{"alert", "reason", "owner", "until"}}
	unknown := Ledger{ID: "unknown", Title: Label{Key: "alerts.unknown"}, Lead: Label{Key: "alerts.unknown.lead"}, Columns: []string{"alert", "page", "owner"}}
	for _, a := range pl.s.AlertList {
		name := textCell(a.Name)
		if len(a.Defs) > 0 || len(a.Pages) > 0 {
			name = linkCell(Link{Label: Label{Text: a.Name}, URL: alertURL(a)})
		}
		row := LedgerRow{ID: "alert-" + a.Slug()}
		switch {
		case a.Gap():
			row.Mark = "bad"
			row.Cells = []Cell{name, pl.urgency(a), pl.alertOwner(a, l), textCell(a.Defs[0].Summary), textCell(place(a.Defs[0].Pos)), {Ask: pl.askFor(a.Name, alertURL(a))}}
			gaps.Rows = append(gaps.Rows, row)
		case len(a.Pages) == 0 && a.Exempt != nil:
			row.Cells = []Cell{name, textCell(a.Exempt.Reason.Text), partyCell(pl.partyRef(a.Exempt.Owner, l)), dateCell(a.Exempt.Until.String())}
			exempt.Rows = append(exempt.Rows, row)
		case len(a.Pages) > 0 && len(a.Defs) == 0 && pl.s.AlertsKnown:
			row.Mark = "bad"
			row.Cells = []Cell{name, pl.alertPages(a, l), pl.alertOwner(a, l)}
			unknown.Rows = append(unknown.Rows, row)
		case len(a.Pages) > 0:
			row.Cells = []Cell{name, pl.alertPages(a, l), pl.urgency(a), pl.alertOwner(a, l), runbookCell(a)}
			covered.Rows = append(covered.Rows, row)
		}
	}
	p := pl.generated(l, "alerts/", Label{Key: "alerts"}, "alerts")
	p.addLedgers(gaps, unknown, covered, exempt)
	p.form("alerts.json")
}

// alertURL is where an alert's name leads, in lower case: hosts may not tell letter cases apart.
func alertURL(a *site.Alert) string { return "alerts/" + strings.ToLower(a.Slug()) + "/" }

// place writes where something is defined.
func place(p diag.Pos) string { return p.File + ":" + strconv.Itoa(p.Line) }

// urgency is how severe an alert is, in the source's words where they are none of the site's.
func (pl *planner) urgency(a *site.Alert) Cell {
	if a.Severity == "" {
		return textCell(a.Urgency())
	}
	return Cell{Severity: pl.severity(a.Severity)}
}

func (pl *planner) alertOwner(a *site.Alert, l language) Cell {
	if a.Owner != nil {
		return linkCell(party(a.Owner, l))
	}
	for _, d := range a.Defs {
		if !d.Owner.IsZero() {
			return textCell(d.Owner.Text)
		}
	}
	return wordCell("owner.none")
}

func (pl *planner) alertPages(a *site.Alert, l language) Cell {
	if len(a.Pages) == 1 {
		return pageCell(pl.item(a.Pages[0].In(l.code), l))
	}
	var links []Link
	for _, e := range a.Pages {
		links = append(links, link(e, l.code))
	}
	return linkCell(links...)
}

// runbookCell says whether the source of an alert leads to its page.
func runbookCell(a *site.Alert) Cell {
	word := "alert.url.none"
	for _, to := range a.Runbooks {
		switch to.Kind {
		case site.RunbookBroken:
			return wordCell("alert.url.broken")
		case site.RunbookHere:
			word = "alert.url.here"
		case site.RunbookForeign:
			word = "alert.url.foreign"
		}
	}
	if word == "alert.url.none" && !slices.ContainsFunc(a.Defs, func(d alert.Alert) bool { return d.Source == alert.Prometheus }) {
		return Cell{} // such a source has no place for it
	}
	return wordCell(word)
}

// askFor is where to ask for a page that is missing.
func (pl *planner) askFor(what, url string) string {
	return request(pl.s.Config.Requests["missing-page"].Text, what, pl.s.Config.BaseURL+url)
}

// alertStubs plans alerts/<Name>/ for every alert, in the original and in lower case: a stub where one page answers, a page of its own where
// several do or none does. The two are byte for byte the same, so that systems that ignore letter case can hold them as one file.
func (pl *planner) alertStubs() {
	taken := map[string]bool{}
	for address := range pl.pages {
		taken[strings.ToLower(address)] = true
	}
	for _, group := range pl.alertGroups() {
		main := alertURL(group[0])
		if taken[main] || len(main) > maxAlertURL {
			continue // a document is there already
		}
		p := pl.alertPage(group, main)
		for _, a := range group {
			if original := "alerts/" + a.Slug() + "/"; original != main {
				p.Twins = append(p.Twins, fileOf(original))
			}
		}
	}
}

// maxAlertURL keeps the folder of an alert below what file systems can hold; CloudWatch allows names of 255 characters.
const maxAlertURL = 240

// alertGroups are the alerts that one address leads to: their names differ in case and punctuation alone. Those that nothing defines and no page
// answers are left out.
func (pl *planner) alertGroups() [][]*site.Alert {
	by := map[string]int{}
	var groups [][]*site.Alert
	for _, a := range pl.s.AlertList {
		if len(a.Pages) == 0 && len(a.Defs) == 0 {
			continue
		}
		at, ok := by[alertURL(a)]
		if !ok {
			at = len(groups)
			by[alertURL(a)] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], a)
	}
	return groups
}

// alertPage plans what is at the address of alerts.
func (pl *planner) alertPage(group []*site.Alert, address string) *Outline {
	l := pl.langs[0]
	var answers []*site.Entry
	for _, a := range group {
		for _, e := range a.Pages {
			if !slices.Contains(answers, e) {
				answers = append(answers, e)
			}
		}
	}
	a := group[0]
	if len(answers) == 1 {
		e := answers[0]
		p := pl.at(l, address, "stub", Label{Text: e.Title, Lang: e.Lang})
		pl.lead(&p.Page, e, address)
		return p
	}
	p := pl.at(l, address, "alert", Label{Text: a.Name})
	p.Crumbs = []Link{pl.homeLink(l), {Label: Label{Key: "alerts"}, URL: l.prefix + "alerts/"}}
	p.NoIndex = true
	p.Alert = &AlertCard{Gap: a.Gap(), Facts: pl.alertFacts(a, l), Ask: pl.askFor(a.Name, address)}
	if a.Owner != nil && a.Gap() {
		p.Alert.Contacts = contacts(a.Owner)
	}
	if len(answers) > 0 {
		p.Lists = []List{{Title: Label{Key: "alert.pages"}, Groups: []Group{{Items: pl.itemsOf(answers, l)}}}}
	}
	return p
}

// lead makes a page a stub that leads to an entry.
func (pl *planner) lead(p *Page, e *site.Entry, address string) {
	p.Origin = diag.Pos{File: e.Doc.Path}
	p.Layout, p.Template, p.NoIndex = "layout/stub", "", true
	p.Stub = &Stub{To: rootOf(fileOf(address)) + escapePath(e.URL), Title: p.Title}
	if base := pl.s.Config.BaseURL; base != "" {
		p.Canonical = base + escapePath(e.URL)
	}
}

// alertFacts are what the definitions of an alert say.
func (pl *planner) alertFacts(a *site.Alert, l language) []Fact {
	var facts []Fact
	add := func(key string, values []Value) {
		if len(values) > 0 {
			facts = append(facts, Fact{Key: key, Values: values})
		}
	}
	add("owner", pl.alertOwner(a, l).Values)
	var summaries, places, sources, severities []string
	for _, d := range a.Defs {
		for _, x := range []struct {
			to   *[]string
			text string
		}{{&summaries, d.Summary}, {&places, place(d.Pos)}, {&sources, d.Source}, {&severities, d.Severity}} {
			if !slices.Contains(*x.to, x.text) {
				*x.to = append(*x.to, x.text)
			}
		}
	}
	add("summary", texts(summaries))
	add("severity", texts(severities))
	add("source", texts(sources))
	add("defined", texts(places))
	if a.Exempt != nil {
		add("reason", texts([]string{a.Exempt.Reason.Text}))
	}
	return facts
}

// alertRecord is one alert of alerts.json.
type alertRecord struct {
	Name     string          `json:"name"`
	State    string          `json:"state"` // covered, gap, exempt, unknown, quiet
	URL      string          `json:"url"`
	Severity string          `json:"severity,omitempty"`
	Owner    string          `json:"owner,omitempty"`
	Sources  []string        `json:"sources,omitempty"`
	Pages    []string        `json:"pages"`
	Runbooks []runbookRecord `json:"runbook_urls,omitempty"`
	Until    string          `json:"exempt_until,omitempty"`
}

type runbookRecord struct {
	URL   string `json:"url"`
	State string `json:"state"` // here, broken, foreign
}

// AlertState is a word for how an alert stands.
func AlertState(s *site.Site, a *site.Alert) string {
	switch {
	case a.Gap():
		return "gap"
	case len(a.Defs) == 0 && s.AlertsKnown:
		return "unknown"
	case len(a.Pages) > 0:
		return "covered"
	case a.Exempt != nil:
		return "exempt"
	default:
		return "quiet"
	}
}

// alertsJSON lists alerts by their exact names. Addresses are relative to the site's root and unescaped.
func alertsJSON(s *site.Site) ([]byte, error) {
	all := struct {
		At     string        `json:"$schema"` // where its schema is
		Schema int           `json:"schema"`
		AsOf   string        `json:"as_of"`
		Whole  bool          `json:"sources_understood"`
		Alerts []alertRecord `json:"alerts"`
	}{At: "api/schema/alerts.json", Schema: 1, AsOf: s.Clock.String(), Whole: s.AlertsKnown, Alerts: []alertRecord{}}
	for _, a := range s.AlertList {
		r := alertRecord{Name: a.Name, State: AlertState(s, a), URL: alertURL(a), Severity: a.Urgency(), Pages: []string{}}
		if a.Owner != nil {
			r.Owner = a.Owner.ID
		}
		for _, d := range a.Defs {
			r.Sources = append(r.Sources, place(d.Pos))
		}
		for _, e := range a.Pages {
			r.Pages = append(r.Pages, e.URL)
		}
		for _, to := range a.Runbooks {
			state := map[site.RunbookKind]string{site.RunbookHere: "here", site.RunbookBroken: "broken", site.RunbookForeign: "foreign"}[to.Kind]
			r.Runbooks = append(r.Runbooks, runbookRecord{to.Ref.Text, state})
		}
		if a.Exempt != nil {
			r.Until = a.Exempt.Until.String()
		}
		all.Alerts = append(all.Alerts, r)
	}
	return writeJSON("alerts.json", all)
}

func writeJSON(name string, v any) ([]byte, error) {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", name, err)
	}
	return append(text, '\n'), nil
}
