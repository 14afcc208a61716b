package page

import (
	"cmp"
	"slices"

	"opsbook/generator/doctype"
	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/meta"
)

// directory plans the pages of who and what the site talks about.
func (pl *planner) directory(l language) {
	pl.services(l)
	d := pl.s.Directory
	if len(d.Parties) == 0 {
		return
	}
	index := &Index{}
	above := Link{Label: Label{Key: "teams"}, URL: l.prefix + "teams/"}
	for _, kind := range []config.PartyKind{config.Team, config.Vendor, config.Person} {
		group := IndexGroup{Title: Label{Key: "group." + string(kind)}}
		for i := range d.Parties {
			p := &d.Parties[i]
			if p.Kind != kind || p.Private {
				continue
			}
			to := party(p, l)
			group.Links = append(group.Links, Entry{Link: to, Note: Label{Text: p.Hours, Lang: guess(p.Hours)}})
			pl.party(p, to, l, above)
		}
		if len(group.Links) > 0 {
			index.Groups = append(index.Groups, group)
		}
	}
	p := pl.generated(l, "teams/", above.Label, "index")
	p.Index = index
	p.form("teams.json")
}

// party plans the page of a team, a person or a vendor: how to reach them and what they answer for.
func (pl *planner) party(p *config.Party, to Link, l language, above Link) {
	page := pl.generated(l, partyPath(p), to.Label, "party", above)
	page.plan(len(pl.owned[p.ID]), func(page *Page) { pl.partyPage(page, p, to, l) })
}

func (pl *planner) partyPage(page *Page, p *config.Party, to Link, l language) {
	v := &Party{
		Kind: string(p.Kind), Name: to.Label, ID: p.ID, Contacts: contacts(p), Hours: p.Hours, Zone: p.Timezone,
		Verified: p.LastVerified.String(), Until: p.Until.String(), Members: pl.partyRefs(p.Members, l),
	}
	for i := range pl.s.Directory.Parties {
		if t := &pl.s.Directory.Parties[i]; slices.ContainsFunc(t.Members, func(m meta.Str) bool { return m.Text == p.ID }) {
			v.Teams = append(v.Teams, party(t, l))
		}
	}
	for i := range pl.s.Directory.Services {
		s := &pl.s.Directory.Services[i]
		vends := slices.ContainsFunc(s.Vendors, func(x meta.Str) bool { return x.Text == p.ID })
		if s.Owner.Text == p.ID || vends {
			v.Services = append(v.Services, service(s, l))
		}
	}
	for _, f := range []Fact{{Key: "support_plan", Values: texts([]string{p.Support.Plan})}, {Key: "open_case", Values: texts([]string{p.Support.OpenCase})}} {
		if len(f.Values) > 0 {
			v.Support = append(v.Support, f)
		}
	}
	for _, a := range pl.s.Directory.Agreements {
		if a.From.Text == p.ID || a.To.Text == p.ID {
			v.Calls = append(v.Calls, Agreement{
				From: pl.name(a.From, l), To: pl.name(a.To, l), Channel: a.Channel, Response: spanOf(a.Response), Hours: a.Hours,
			})
		}
	}
	owned := pl.in(l, pl.owned[p.ID])
	v.Escalates = pl.escalatesTo(owned, p, l)
	v.Accountable = pl.accountable(p.ID, l)
	page.Party = v
	page.addLedgers(pl.partyLedgers(p, l)...)
	if len(owned) > 0 {
		page.Feed = partyPath(p) + "feed.xml"
		page.formAt(partyPath(p), "feed.xml", "reviews.ics")
		if slices.ContainsFunc(owned, func(e *site.Entry) bool { return !e.Meta.Schedule.IsZero() }) {
			page.formAt(partyPath(p), "operations.ics")
		}
	}
	page.Lists = append(page.Lists, pl.byType(owned, l)...)
}

// escalatesTo is whom the pages of a party call, each once, in order of title.
func (pl *planner) escalatesTo(owned []*site.Entry, p *config.Party, l language) []Link {
	seen := map[string]bool{p.ID: true}
	var all []Link
	for _, e := range owned {
		for _, s := range e.Escalation {
			if s.Party != nil && !seen[s.Party.ID] {
				seen[s.Party.ID] = true
				all = append(all, party(s.Party, l))
			}
		}
	}
	slices.SortFunc(all, func(a, b Link) int { return cmp.Or(cmp.Compare(a.Text, b.Text), cmp.Compare(a.URL, b.URL)) })
	return all
}

// accountable is the activities for which a party answers, in all matrices.
func (pl *planner) accountable(id string, l language) []Link {
	var all []Link
	for _, e := range pl.primary(l, func(e *site.Entry) bool { return listed(e) && e.Type.Has(doctype.Matrix) }) {
		for _, a := range e.Activities {
			if slices.ContainsFunc(a.Accountable, func(r meta.Str) bool { return r.Text == id }) {
				all = append(all, Link{Label: Label{Text: a.Activity.Text, Lang: e.Lang}, URL: e.URL})
			}
		}
	}
	return all
}

// services plans the index of services and a page for each: what it needs, who runs it, and every page about it.
func (pl *planner) services(l language) {
	all := pl.s.Directory.Services
	if len(all) == 0 {
		return
	}
	above := Link{Label: Label{Key: "services"}, URL: l.prefix + "services/"}
	group := IndexGroup{}
	for i := range all {
		s := &all[i]
		to := service(s, l)
		about := pl.ofService(s.ID, l)
		entry := Entry{Link: to, Count: len(about)}
		if s.Tier != "" {
			entry.Note = Label{Key: "service.tiered", Text: s.Tier}
		}
		group.Links = append(group.Links, entry)
		p := pl.generated(l, "services/"+slug(s.ID)+"/", to.Label, "service", above)
		p.Feed = "services/" + slug(s.ID) + "/feed.xml"
		p.formAt("services/"+slug(s.ID)+"/", "feed.xml")
		p.plan(len(about), func(p *Page) {
			p.Service = pl.service(s, to, l)
			p.addLedgers(pl.serviceLedgers(s, l)...)
			p.Lists = append(p.Lists, pl.byType(about, l)...)
		})
	}
	slices.SortStableFunc(group.Links, func(a, b Entry) int { return cmp.Compare(tier(a), tier(b)) })
	p := pl.generated(l, "services/", above.Label, "index")
	p.Index = &Index{Groups: []IndexGroup{group}}
	p.addLedgers(pl.lacking(l))
	p.form("services.json")
}

func (pl *planner) service(s *config.Service, to Link, l language) *Service {
	v := &Service{
		ID: s.ID, Tier: s.Tier, Name: to.Label, Owner: pl.partyRef(s.Owner, l), DependsOn: pl.serviceRefs(s.DependsOn, l),
		Vendors: pl.partyRefs(s.Vendors, l), Repository: s.Repository,
	}
	for _, d := range s.Dashboards {
		v.Dashboards = append(v.Dashboards, Link{Label: Label{Text: d.Text}, URL: d.Text, Away: true})
	}
	for i := range pl.s.Directory.Services {
		if o := &pl.s.Directory.Services[i]; slices.ContainsFunc(o.DependsOn, func(x meta.Str) bool { return x.Text == s.ID }) {
			v.NeededBy = append(v.NeededBy, service(o, l))
		}
	}
	if s.RTO.Text != "" {
		rto := spanOf(s.RTO)
		v.RTO = &rto
	}
	if s.RPO.Text != "" {
		rpo := spanOf(s.RPO)
		v.RPO = &rpo
	}
	return v
}

// ofService is every page about a service.
func (pl *planner) ofService(id string, l language) []*site.Entry { return pl.in(l, pl.concerning[id]) }
