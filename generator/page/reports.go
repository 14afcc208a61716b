package page

import (
	"embed"
	"path"
	"slices"
	"strings"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/meta"
)

// schemas describe every report that the site publishes, each by a file of its name.
//
//go:embed schema/*.json
var schemas embed.FS

// schemaFiles publishes the schemas beside the reports.
func schemaFiles() []File {
	var files []File
	entries, _ := schemas.ReadDir("schema") // embedded, so it is there
	for _, e := range entries {
		files = append(files, File{Path: "api/schema/" + e.Name(), Make: func() ([]byte, error) { return schemas.ReadFile("schema/" + e.Name()) }})
	}
	return files
}

// reportFiles are what programs read beside the list of documents: reports, calendars, feeds of teams and services.
func reportFiles(s *site.Site, words map[string]string) []File {
	files := []File{
		{Path: "api/actions.json", Make: func() ([]byte, error) { return actionsJSON(s) }},
		{Path: "api/incidents.json", Make: func() ([]byte, error) { return incidentsJSON(s) }},
		{Path: "api/records.json", Make: func() ([]byte, error) { return recordsJSON(s) }},
		{Path: "api/reviews.json", Make: func() ([]byte, error) { return reviewsJSON(s) }},
		{Path: "api/services.json", Make: func() ([]byte, error) { return servicesJSON(s) }},
		{Path: "api/teams.json", Make: func() ([]byte, error) { return teamsJSON(s) }},
		{Path: "api/raci.csv", Make: func() ([]byte, error) {
			return raciCSV(s, func(e *site.Entry) bool { return e.Type.Has(doctype.Matrix) })
		}},
		{Path: "operations.ics", Make: func() ([]byte, error) { return operations(s, "", words), nil }},
		{Path: "reviews.ics", Make: func() ([]byte, error) { return reviews(s, "", words), nil }},
		{Path: "llms.txt", Make: func() ([]byte, error) { return llms(s), nil }},
	}
	for i := range s.Directory.Parties {
		p := &s.Directory.Parties[i]
		if p.Private || !slices.ContainsFunc(s.Entries, func(e *site.Entry) bool { return e.Owner == p }) {
			continue
		}
		at := partyPath(p)
		files = append(files, File{Path: at + "feed.xml", Make: func() ([]byte, error) {
			return feedOf(s, at, func(e *site.Entry) bool { return e.Owner != nil && e.Owner.ID == p.ID })
		}}, File{Path: at + "operations.ics", Make: func() ([]byte, error) { return operations(s, p.ID, words), nil }}, File{Path: at + "reviews.ics", Make: func() ([]byte, error) { return reviews(s, p.ID, words), nil }})
	}
	for i := range s.Directory.Services {
		x := &s.Directory.Services[i]
		at := "services/" + slug(x.ID) + "/"
		files = append(files, File{Path: at + "feed.xml", Make: func() ([]byte, error) { return feedOf(s, at, func(e *site.Entry) bool { return e.Concerns(x.ID) }) }})
	}
	return append(files, schemaFiles()...)
}

// folders of forms that are not at the root.
var formFolders = map[string]string{".json": "api/", ".csv": "api/"}

// form names other forms of what a page shows, by their file.
func (p *Page) form(names ...string) {
	for _, name := range names {
		at := formFolders[path.Ext(name)]
		if name == "alerts.json" {
			at = "" // older than the folder, and its address is written in many places
		}
		p.formAt(at, name)
	}
}

// formAt is form of files in a folder.
func (p *Page) formAt(folder string, names ...string) {
	for _, name := range names {
		key := "form." + strings.TrimPrefix(path.Ext(name), ".")
		if strings.HasSuffix(name, ".ics") || strings.HasSuffix(name, ".xml") {
			key = "form." + name
		}
		p.Forms = append(p.Forms, Link{Label: Label{Key: key}, URL: folder + name})
	}
}

// report is the head that every report has.
type report[T any] struct {
	Described string `json:"$schema"` // where its schema is, from the report
	Schema    int    `json:"schema"`
	AsOf      string `json:"as_of"`
	Items     []T    `json:"items"`
}

func writeReport[T any](s *site.Site, name string, items []T) ([]byte, error) {
	if items == nil {
		items = []T{}
	}
	return writeJSON(name, report[T]{"schema/" + path.Base(name), 1, s.Clock.String(), items})
}

// originals are the listed pages that are no translations.
func originals(s *site.Site) []*site.Entry {
	var all []*site.Entry
	for _, e := range s.Entries {
		if e.Source == nil && listed(e) {
			all = append(all, e)
		}
	}
	return all
}

type actionRecord struct {
	Page    string `json:"page"`
	ID      string `json:"id,omitempty"`
	What    string `json:"what"`
	Kind    string `json:"kind,omitempty"`
	Owner   string `json:"owner,omitempty"`
	Due     string `json:"due,omitempty"`
	Status  string `json:"status"`
	Overdue bool   `json:"overdue"`
	Link    string `json:"link,omitempty"`
}

func actionsJSON(s *site.Site) ([]byte, error) {
	pl := newPlanner(s)
	var all []actionRecord
	for _, e := range originals(s) {
		rows := pl.actionRows(e, pl.langs[0])
		for i, r := range rows {
			all = append(all, actionRecord{Page: e.URL, ID: r.ID, What: r.What, Kind: r.Kind, Owner: e.Meta.Actions[i].Owner.Text, Due: r.Due, Status: r.Status, Overdue: r.Late, Link: r.URL})
		}
	}
	return writeReport(s, "api/actions.json", all)
}

type incidentRecord struct {
	Page     string   `json:"page"`
	Title    string   `json:"title"`
	Severity string   `json:"severity,omitempty"`
	Started  string   `json:"started"`
	Detect   *int     `json:"minutes_to_detect,omitempty"`
	Mitigate *int     `json:"minutes_to_mitigate,omitempty"`
	Resolve  *int     `json:"minutes_to_resolve,omitempty"`
	Services []string `json:"services,omitempty"`
}

func incidentsJSON(s *site.Site) ([]byte, error) {
	pl := newPlanner(s)
	known := func(n int) *int {
		if n < 0 {
			return nil
		}
		return &n
	}
	var all []incidentRecord
	for _, e := range originals(s) {
		i := e.Meta.Incident
		if i.Started.IsZero() {
			continue
		}
		r := incidentRecord{
			Page: e.URL, Title: e.Title, Severity: i.Severity.Text, Started: stamp(pl, i.Started),
			Detect: known(pl.since(i.Started, i.Detected)), Mitigate: known(pl.since(i.Started, i.Mitigated)), Resolve: known(pl.since(i.Started, i.Resolved)),
		}
		for _, x := range i.Services {
			r.Services = append(r.Services, x.Text)
		}
		all = append(all, r)
	}
	return writeReport(s, "api/incidents.json", all)
}

func stamp(pl *planner, m meta.Moment) string {
	if m.IsZero() {
		return ""
	}
	return m.In(pl.zone).Format("2006-01-02T15:04:05Z07:00")
}

type runRecord struct {
	Page     string `json:"page"`
	Of       string `json:"of,omitempty"`
	Kind     string `json:"kind,omitempty"`
	Started  string `json:"started,omitempty"`
	Finished string `json:"finished,omitempty"`
	Operator string `json:"operator,omitempty"`
	Result   string `json:"result,omitempty"`
	Ticket   string `json:"ticket,omitempty"`
}

func recordsJSON(s *site.Site) ([]byte, error) {
	pl := newPlanner(s)
	var all []runRecord
	for _, e := range originals(s) {
		if !e.Type.Has(doctype.Record) {
			continue
		}
		m := e.Meta.Record
		r := runRecord{Page: e.URL, Kind: m.Kind.Text, Started: stamp(pl, m.Started), Finished: stamp(pl, m.Finished), Operator: m.Operator.Text, Result: m.Result.Text, Ticket: m.Ticket.Text}
		if e.Of != nil {
			r.Of = e.Of.Original().URL
		}
		all = append(all, r)
	}
	return writeReport(s, "api/records.json", all)
}

type serviceRecord struct {
	ID        string   `json:"id"`
	Owner     string   `json:"owner,omitempty"`
	Tier      string   `json:"tier,omitempty"`
	DependsOn []string `json:"depends_on,omitempty"`
	Pages     []string `json:"pages"`
	Gaps      []string `json:"gaps"`
}

func servicesJSON(s *site.Site) ([]byte, error) {
	var all []serviceRecord
	for i := range s.Directory.Services {
		x := &s.Directory.Services[i]
		r := serviceRecord{ID: x.ID, Owner: x.Owner.Text, Tier: x.Tier, Pages: []string{}, Gaps: []string{}}
		for _, d := range x.DependsOn {
			r.DependsOn = append(r.DependsOn, d.Text)
		}
		for _, e := range originals(s) {
			if e.Concerns(x.ID) {
				r.Pages = append(r.Pages, e.URL)
			}
		}
		for _, g := range s.Gaps(x) {
			r.Gaps = append(r.Gaps, string(g))
		}
		all = append(all, r)
	}
	return writeReport(s, "api/services.json", all)
}

type teamRecord struct {
	ID          string   `json:"id"`
	Kind        string   `json:"kind"`
	Name        string   `json:"name"`
	URL         string   `json:"url"`
	Members     []string `json:"members,omitempty"`
	Until       string   `json:"left_on,omitempty"`
	Verified    string   `json:"last_verified,omitempty"`
	VerifyBy    string   `json:"verify_by,omitempty"`
	Pages       int      `json:"pages"`
	Review      int      `json:"to_review"`
	Open        int      `json:"open_actions"`
	Late        int      `json:"overdue_actions"`
	Accountable int      `json:"accountable"`
	Gaps        int      `json:"alert_gaps"`
}

func teamsJSON(s *site.Site) ([]byte, error) {
	pl := newPlanner(s)
	loads := pl.burdens()
	var all []teamRecord
	for i := range s.Directory.Parties {
		p := &s.Directory.Parties[i]
		if p.Private {
			continue
		}
		to := party(p, pl.langs[0])
		r := teamRecord{ID: p.ID, Kind: string(p.Kind), Name: to.Text, URL: to.URL, Until: p.Until.String(), Verified: p.LastVerified.String(), VerifyBy: p.VerifyBy().String()}
		for _, m := range p.Members {
			r.Members = append(r.Members, m.Text)
		}
		if b := loads[p.ID]; b != nil {
			r.Pages, r.Review, r.Open, r.Late, r.Accountable, r.Gaps = b.pages, b.review, b.open, b.late, b.accountable, b.gaps
		}
		all = append(all, r)
	}
	return writeReport(s, "api/teams.json", all)
}
