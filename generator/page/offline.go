package page

// offlinePath is where readers see what their browser keeps of the site.
const offlinePath = "offline/"

// offline plans the page about the copy in the reader's browser, to which the worker also leads who asks for a page that is not in it.
func (pl *planner) offline(l language) {
	if !pl.s.Config.Offline.On {
		return
	}
	p := pl.generated(l, offlinePath, Label{Key: "offline"}, "offline")
	p.Offline, p.NoIndex = true, true
}
