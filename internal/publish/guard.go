package publish

import (
	"encoding/json"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"opsbook/internal/diag"
)

// Guard is a guard rail by name, as --allow takes it.
type Guard string

// The guard rails. Adopting has a flag of its own.
const (
	GuardDeletes Guard = "deletes" // more than 10 keys and more than a tenth of the site would go
	GuardHalved  Guard = "halved"  // less than half of the pages would be left
	GuardMissing Guard = "missing" // no home page, no 404 page or no search
	GuardDrafts  Guard = "drafts"  // built with drafts
	GuardOlder   Guard = "older"   // of an older commit than the one that is up, or of one that was rolled back
	GuardTwins   Guard = "twins"   // two keys that some file systems hold for one
	GuardAdopt   Guard = "adopt"   // the target is not this site's
)

// Guards lists what --allow takes.
func Guards() []Guard {
	return []Guard{GuardDeletes, GuardHalved, GuardMissing, GuardDrafts, GuardOlder, GuardTwins}
}

// Refusal is a guard rail that a plan has met.
type Refusal struct {
	Guard   Guard
	Message diag.Text
}

// MarshalJSON writes a refusal as programs read it.
func (r Refusal) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"guard": string(r.Guard), "message": r.Message.String()})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Refusal) UnmarshalJSON(text []byte) error {
	var read struct{ Guard, Message string }
	err := json.Unmarshal(text, &read)
	r.Guard, r.Message = Guard(read.Guard), diag.T("%s", read.Message)
	return err
}

// Override is the flag that lets a plan pass.
func (r Refusal) Override() string {
	if r.Guard == GuardAdopt {
		return "--adopt"
	}
	return "--allow " + string(r.Guard)
}

// Text is a refusal with its way out.
func (r Refusal) Text() diag.Text { return diag.T("%s; %s if that is meant", r.Message, r.Override()) }

// guard holds a plan against every guard rail that is not overridden.
func guard(b *Build, p *Plan, a Asked) []Refusal {
	var met []Refusal
	refuse := func(g Guard, why diag.Text) {
		allowed := slices.Contains(a.Allow, g) || g == GuardAdopt && a.Adopt
		if !allowed {
			met = append(met, Refusal{Guard: g, Message: why})
		}
	}
	s := p.State
	switch {
	case s.Occupied != "":
		refuse(GuardAdopt, diag.T("the target holds objects that opsbook did not put there, such as %s", s.Occupied))
	case s.Version != "" && s.Head.Site != "" && s.Head.Site != b.Manifest.Site:
		refuse(GuardAdopt, diag.T("the target holds the site %q, this build is of %q", s.Head.Site, b.Manifest.Site))
	}
	if b.Facts.Drafts {
		refuse(GuardDrafts, diag.T("the site was built with drafts"))
	}
	for _, key := range []string{"index.html", "404.html", "search/index.js"} {
		if _, ok := b.Manifest.Lookup(key); !ok {
			refuse(GuardMissing, diag.T("the build has no %s", key))
		}
	}
	losses(s, b.Manifest, refuse)
	age(s, b.Manifest, refuse)
	for _, twin := range twins(b.Manifest) {
		refuse(GuardTwins, diag.T("%s and %s are one name on some file systems", twin[0], twin[1]))
	}
	return met
}

type refuser func(g Guard, why diag.Text)

// losses refuses a build that has lost much of the site: a wrong folder or a build that found half of its content looks like that.
func losses(s *State, next *Manifest, refuse refuser) {
	const few, share = 10, 10
	var up []string
	if s.Live == nil {
		up = s.Unknown // of a target that is taken over
	} else {
		for _, e := range s.Live.Files {
			if !e.Immutable {
				up = append(up, e.Key)
			}
		}
	}
	gone, all := 0, len(up)
	for _, key := range up {
		if _, ok := next.Lookup(key); !ok {
			gone++
		}
	}
	if limit := max(few, all/share); gone > limit {
		refuse(GuardDeletes, diag.T("%s of %s files would be deleted, more than %s", gone, all, limit))
	}
	if s.Live != nil && next.Pages*2 < s.Live.Pages {
		refuse(GuardHalved, diag.T("%s of %s pages would be left", next.Pages, s.Live.Pages))
	}
}

// age refuses to go back in time without being asked: rollback does that by name.
func age(s *State, next *Manifest, refuse refuser) {
	if s.Live != nil && next.Commit != s.Live.Commit && next.CommitTime.Before(s.Live.CommitTime) && !next.CommitTime.IsZero() {
		refuse(GuardOlder, diag.T("the build is of commit %s, older than %s which is up", short(next.Commit), short(s.Live.Commit)))
		return
	}
	u := s.Head.Undone
	if u == nil || next.Sum() == s.Head.Manifest {
		return
	}
	if next.Sum() == u.Manifest || !next.CommitTime.IsZero() && !next.CommitTime.After(u.CommitTime) {
		refuse(GuardOlder, diag.T("commit %s was rolled back at %s, and the build is not of a newer one", short(u.Commit), u.At.Format("2006-01-02 15:04 MST")))
	}
}

// twins returns pairs of keys that are equal after normalisation and case folding. Equal bytes do no harm: alert stubs are such twins.
func twins(m *Manifest) [][2]string {
	seen := map[string]Entry{}
	var pairs [][2]string
	fold := cases.Fold()
	for _, e := range m.Files {
		name := fold.String(norm.NFC.String(e.Key))
		other, ok := seen[name]
		if !ok {
			seen[name] = e
		} else if other.SHA256 != e.SHA256 {
			pairs = append(pairs, [2]string{other.Key, e.Key})
		}
	}
	return pairs
}

// foreign warns of files that lie in the folder and go up although the build did not make them.
func foreign(b *Build) []diag.Text {
	if len(b.Foreign) == 0 {
		return nil
	}
	return []diag.Text{diag.T("%s files that the build did not make are published too: %s", len(b.Foreign), some(b.Foreign))}
}

// refused joins what stands in the way of a plan.
func (p *Plan) refused() error {
	if len(p.Refusals) == 0 {
		return nil
	}
	lines := make([]string, len(p.Refusals))
	for i, r := range p.Refusals {
		lines[i] = r.Text().String()
	}
	return failure(Refused, "nothing was published: %s", strings.Join(lines, "\n  "))
}
