package page

import "opsbook/generator/site"

// Outline is a page of which the address is known, what kind it is and what shares it. What it holds is planned when somebody asks for it: so
// the pages of a site never all stand in memory, and one that nobody looks at costs nothing. Shared between goroutines: never mutate.
type Outline struct {
	Page              // what is known at once; Whole has the rest
	Entry *site.Entry // whose document the page holds, nil for none

	pl    *planner
	rows  int           // of lists that are planned later
	items int           // of the folder, planned later
	later []func(*Page) // what plans the rest, in order
}

// plan says how a part of a page is planned when the page is asked for. It has as many rows of lists, which may have to be cut.
func (o *Outline) plan(rows int, part func(*Page)) {
	o.rows += rows
	o.later = append(o.later, part)
}

// length is how many rows the page's lists have, which may have to be cut.
func (o *Outline) length() int { return o.rows + o.items + rowsOf(&o.Page) }

// Whole plans the page. It is a function of the site: asked twice, it plans two equal pages.
func (o *Outline) Whole() *Page {
	p := o.Page
	for _, part := range o.later {
		part(&p)
	}
	o.pl.complete(&p)
	return &p
}
