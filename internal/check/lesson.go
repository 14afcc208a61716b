package check

import (
	"opsbook/generator/document"
	"opsbook/generator/site"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// incidentTimes finds incidents that were seen before they began, or were over before they were contained.
func incidentTimes(s *site.Site, tell report) {
	zone := s.Zone()
	for _, e := range s.Entries {
		i := e.Meta.Incident
		var before meta.Moment
		name := ""
		for _, t := range []struct {
			name string
			at   meta.Moment
		}{{"started", i.Started}, {"detected", i.Detected}, {"mitigated", i.Mitigated}, {"resolved", i.Resolved}} {
			if t.at.IsZero() {
				continue
			}
			switch at := t.at.In(zone); {
			case name != "" && at.Before(before.In(zone)):
				tell(diag.At(t.at.Pos, "incident-times", "%s is before %s", t.name, name).
					WithHint("the order is started, detected, mitigated, resolved; a time without a zone is of the site's").
					WithRelated(before.Pos, "%s is here", name))
			case s.Clock.Before(meta.DateOf(at)):
				tell(diag.At(t.at.Pos, "incident-times", "%s is %s, which is after today (%s)", t.name, t.at.Text, s.Clock).
					WithHint("write when it happened"))
			}
			before, name = t.at, t.name
		}
	}
}

// open reports whether an action is still to be done.
func open(a document.Action) bool { return a.Status.Text == "" || a.Status.Text == "open" }

// openActions visits what somebody still has to do, by pages that are in force.
func openActions(s *site.Site, visit func(document.Action)) {
	for _, e := range s.Entries {
		if e.Source != nil || !inForce(e) {
			continue
		}
		for _, a := range e.Meta.Actions {
			if open(a) {
				visit(a)
			}
		}
	}
}

// actionOwner finds open actions that are nobody's.
func actionOwner(s *site.Site, tell report) {
	openActions(s, func(a document.Action) {
		if a.Owner.IsZero() {
			tell(diag.At(a.Pos, "action-owner", "nobody owns the action %q", a.What).
				WithHint("add owner: with the team or person that does it; what everybody shall do nobody does"))
		}
	})
}

// actionOverdue finds open actions whose day has passed, and those without a day.
func actionOverdue(s *site.Site, tell report) {
	openActions(s, func(a document.Action) {
		switch {
		case a.Due.Text == "":
			tell(diag.At(a.Pos, "action-overdue", "the action %q has no due date", a.What).WithHint("add due: with a day that its owner agreed to"))
		case !a.Due.IsZero() && a.Due.Before(s.Clock):
			tell(diag.At(a.Due.Pos, "action-overdue", "the action %q was due on %s", a.What, a.Due).
				WithHint("do it and set status: done, drop it with status: dropped, or agree on a new day"))
		}
	})
}

// causeRunbook finds causes whose runbook does not exist. A cause without one is no fault: its page says so to the reader.
func causeRunbook(s *site.Site, tell report) {
	for _, e := range s.Entries {
		for _, c := range e.Meta.Causes {
			if !c.Runbook.IsZero() && s.Ref(e, c.Runbook.Text) == nil {
				tell(diag.At(c.Runbook.Pos, "cause-runbook", "the runbook %q of the cause %q does not exist", c.Runbook, c.Cause).
					WithHint("name the id of a page or its path from the root of the source"))
			}
		}
	}
}
