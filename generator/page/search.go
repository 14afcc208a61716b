package page

// search plans the page of search. What it narrows by has ids in the index; people read names.
func (pl *planner) search(l language) {
	p := pl.generated(l, "search/", Label{Key: "search"}, "search")
	p.Search = true
	p.Names = map[string]map[string]string{"service": {}, "owner": {}}
	for i := range pl.s.Directory.Services {
		s := &pl.s.Directory.Services[i]
		p.Names["service"][s.ID] = service(s, l).Text
	}
	for i := range pl.s.Directory.Parties {
		o := &pl.s.Directory.Parties[i]
		p.Names["owner"][o.ID] = party(o, l).Text
	}
}
