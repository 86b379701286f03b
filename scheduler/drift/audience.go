package drift

import (
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Audience returns the ids of those who hear of a finding that is on the level,
// each once: on watch the owner of its cadence or document, or who asked for the
// acknowledgement; on drift the leads of both sides; stalled them, the
// executives and the vCIO. Where nobody owns it, watch is told to both leads. The
// cover of somebody who is away hears it too.
func Audience(in *Input, f *store.OpenFinding, level store.Level, now time.Time) []string {
	v := newView(in, now)
	return v.withCovers(v.hearers(f, level))
}

// hearers returns the audience without covers; who has two parts stands twice.
func (v *view) hearers(f *store.OpenFinding, level store.Level) []string {
	if level == store.LevelNone {
		return nil
	}
	if owner := v.owner(f); level == store.LevelWatch && owner != "" {
		return []string{owner}
	}
	var ids []string
	for _, side := range []store.Side{store.Internal, store.MSP} {
		if p, ok := lead(v.Engagement, side); ok {
			ids = append(ids, p.ID)
		}
	}
	if level == store.LevelStalled {
		for _, role := range []string{store.RoleExecutive, store.RoleVCIO} {
			for i := range v.Engagement.People {
				if p := &v.Engagement.People[i]; p.HasRole(role) {
					ids = append(ids, p.ID)
				}
			}
		}
	}
	return ids
}

// owner returns who hears of the finding first, or "" if nobody of the
// engagement owns it.
func (v *view) owner(f *store.OpenFinding) string {
	id := ""
	switch f.Kind {
	case store.FindingMatrixStale:
		id = v.matrixOwner()
	case store.FindingArtifact:
		if a, ok := v.Engagement.Artifact(f.Subject); ok {
			id = a.Owner
		}
	case store.FindingUnanswered:
		for i := range v.Requests {
			if v.Requests[i].ID == f.Subject {
				id = v.Requests[i].By
			}
		}
	default:
		if c, ok := cadence(v.Engagement, f.Subject); ok {
			id = c.Owner
		}
	}
	if _, ok := v.Engagement.Person(id); !ok {
		return ""
	}
	return id
}

// matrixOwner returns the owner of the first matrix review.
func (v *view) matrixOwner() string {
	for i := range v.Engagement.Cadences {
		if c := &v.Engagement.Cadences[i]; c.Kind == store.KindMatrixReview {
			return c.Owner
		}
	}
	return ""
}

// lead returns who speaks for the side: its lead, or where no one has that role
// its vCIO or executive, or else the first of its people. So an alert of drift
// never reaches one side alone.
func lead(e *store.Engagement, side store.Side) (*store.Person, bool) {
	if p, ok := e.SideLead(side); ok {
		return p, true
	}
	var first *store.Person
	for i := range e.People {
		p := &e.People[i]
		if p.Side != side {
			continue
		}
		if p.HasRole(store.RoleVCIO) || p.HasRole(store.RoleExecutive) {
			return p, true
		}
		if first == nil {
			first = p
		}
	}
	return first, first != nil
}

// withCovers adds those who stand in for who is away.
func (v *view) withCovers(ids []string) []string {
	out := slices.Clone(ids)
	for _, id := range ids {
		if a, absent := v.Calendar.Absent(id, v.now); absent && v.standsIn(a, v.now) {
			out = append(out, a.Cover)
		}
	}
	return unique(out)
}

// unique returns the ids in their order, each once.
func unique(ids []string) []string {
	var out []string
	for _, id := range ids {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
