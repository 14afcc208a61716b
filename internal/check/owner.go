package check

import (
	"strings"

	"opsbook/generator/site"
	"opsbook/internal/config"
	"opsbook/internal/diag"
	"opsbook/internal/meta"
)

// ownerMissing finds pages that nobody answers for.
func ownerMissing(s *site.Site, tell report) {
	for _, e := range s.Entries {
		if e.Meta.Owner.IsZero() && inForce(e) {
			tell(diag.At(top(e), "owner-missing", "no owner: nobody answers for this page").
				WithHint("add owner: with the id of a team, or set it for the folder under defaults in opsbook.yaml"))
		}
	}
}

// ownerUnknown finds owners that the directory does not list. Without a directory there is nothing to hold them against.
func ownerUnknown(s *site.Site, tell report) {
	if s.Directory.File == "" {
		return
	}
	ids := partyIDs(s.Directory)
	for _, e := range s.Entries {
		if _, ok := s.Directory.Party(e.Meta.Owner.Text); !ok && !e.Meta.Owner.IsZero() {
			tell(unlisted(e.Meta.Owner, "owner-unknown", ids))
		}
	}
}

// directoryMissing says once that owners cannot be held against anything.
func directoryMissing(s *site.Site, tell report) {
	if s.Directory.File != "" {
		return
	}
	for _, e := range s.Entries {
		if owner := e.Meta.Owner; !owner.IsZero() {
			tell(diag.At(owner.Pos, "directory-missing", "no directory.yaml says who %q is", owner).
				WithHint("list teams with their contacts in directory.yaml; without it owners and escalations are not checked"))
			return
		}
	}
}

// unlisted is the diagnostic for a party that the directory does not list.
func unlisted(id meta.Str, rule string, ids []string) diag.Diagnostic {
	d := diag.At(id.Pos, rule, "no team, person or vendor has the id %q", id)
	return meant(d, id.Text, ids, "add it to directory.yaml, or name one of %s", strings.Join(ids, ", "))
}

func partyIDs(d *config.Directory) []string {
	ids := make([]string, len(d.Parties))
	for i, p := range d.Parties {
		ids[i] = p.ID
	}
	return ids
}

// ownerPerson finds pages that belong to one person, who will be on leave on the day it matters.
func ownerPerson(s *site.Site, tell report) {
	teams := map[string]string{} // person -> the first team they are a member of
	for _, p := range s.Directory.Parties {
		for _, member := range p.Members {
			if _, known := teams[member.Text]; !known && p.Kind == config.Team {
				teams[member.Text] = p.ID
			}
		}
	}
	for _, e := range s.Entries {
		if e.Owner == nil || e.Owner.Kind != config.Person || !inForce(e) {
			continue
		}
		d := diag.At(e.Meta.Owner.Pos, "owner-person", "%q is a person: a team answers on every day of the year", e.Meta.Owner)
		if team, ok := teams[e.Owner.ID]; ok {
			tell(d.WithHint("name the team, probably %q", team))
		} else {
			tell(d.WithHint("name a team of directory.yaml and make the person a member of it"))
		}
	}
}
