package calendar

import (
	"time"

	"github.com/tandem-bot/tandem/store"
)

// StandInReason says how somebody came to stand in for an absent person.
type StandInReason string

// The reasons, in the order in which a stand-in is looked for.
const (
	ByCover      StandInReason = "cover"      // the absence names them
	ByEscalation StandInReason = "escalation" // the next present on the escalation path
	BySide       StandInReason = "side"       // the path has nobody left; somebody else of the leading side
)

// acting is who acts, and how they came to.
type acting struct {
	person      string
	rotation    *store.Rotation
	standsInFor string
	reason      StandInReason
	absence     store.Absence
}

func (k *Calendar) acting(m *matter, business bool, c civil) acting {
	side := k.side(m, business)
	named := k.named(m, side, business, c)
	absence, away := k.absences.at(named.person, c)
	if !away {
		return named
	}
	s := search{k: k, m: m, side: side, c: c}
	return s.standIn(named, absence)
}

// named is who should act, absent or not.
func (k *Calendar) named(m *matter, side store.Side, business bool, c civil) acting {
	if !business {
		if r := k.rotationOf(m, side); r != nil {
			if person := k.onCall(r, c); person != "" {
				return acting{person: person, rotation: r}
			}
		}
	}
	if person := k.accountableOf(m, side); person != "" {
		return acting{person: person}
	}
	if person := k.fallback[side]; person != "" {
		return acting{person: person}
	}
	for _, step := range m.path {
		if person, r := k.resolve(step, c); k.isOf(person, side) {
			return acting{person: person, rotation: r}
		}
	}
	for i := range k.engagement.People {
		if p := &k.engagement.People[i]; p.Side == side {
			return acting{person: p.ID}
		}
	}
	return acting{}
}

// onCall returns who holds the rotation at c, or "" if that is nobody known.
func (k *Calendar) onCall(r *store.Rotation, c civil) string {
	t, ok := compileTurns(r)
	if !ok {
		return ""
	}
	person := t.person(c)
	if _, known := k.people[person]; !known {
		return ""
	}
	return person
}

// resolve returns the person whom a step of an escalation path means at c, ""
// if that is nobody known, and the rotation if the step names one.
func (k *Calendar) resolve(step string, c civil) (string, *store.Rotation) {
	if r, ok := k.engagement.Rotation(step); ok {
		return k.onCall(r, c), r
	}
	if _, ok := k.people[step]; ok {
		return step, nil
	}
	return "", nil
}

// search looks for somebody to stand in at one civil time.
type search struct {
	k    *Calendar
	m    *matter
	side store.Side
	c    civil
}

func (s *search) present(id string) bool {
	if _, known := s.k.people[id]; !known {
		return false
	}
	_, away := s.k.absences.at(id, s.c)
	return !away
}

func (s *search) standIn(absent acting, absence store.Absence) acting {
	found := acting{rotation: absent.rotation, standsInFor: absent.person, absence: absence}
	if s.present(absence.Cover) {
		found.person, found.reason = absence.Cover, ByCover
		return found
	}
	if person, r := s.onPath(absent.person); person != "" {
		found.person, found.reason = person, ByEscalation
		if r != nil {
			found.rotation = r
		}
		return found
	}
	if person := s.ofSide(absent.rotation); person != "" {
		found.person, found.reason = person, BySide
		return found
	}
	if person, r := s.path(0, func(string) bool { return true }); person != "" {
		found.person, found.rotation, found.reason = person, r, ByEscalation
		return found
	}
	absent.absence = absence
	return absent
}

// onPath returns the next present person on the path: after the absent one,
// whichever side they are of; where there is none, or the absent one does not
// stand on the path, the first of the leading side.
func (s *search) onPath(absent string) (string, *store.Rotation) {
	for i, step := range s.m.path {
		if person, _ := s.k.resolve(step, s.c); person != absent {
			continue
		}
		if next, r := s.path(i+1, func(string) bool { return true }); next != "" {
			return next, r
		}
		break
	}
	return s.path(0, func(id string) bool { return s.k.isOf(id, s.side) })
}

// path returns the first present person from step i on whom accept takes.
func (s *search) path(i int, accept func(id string) bool) (string, *store.Rotation) {
	for _, step := range s.m.path[i:] {
		if person, r := s.k.resolve(step, s.c); s.present(person) && accept(person) {
			return person, r
		}
	}
	return "", nil
}

// ofSide returns somebody present of the leading side: from the rotation, by
// the row, its lead, anyone.
func (s *search) ofSide(r *store.Rotation) string {
	if r != nil {
		for _, person := range nextTurns(r, s.c) {
			if s.present(person) {
				return person
			}
		}
	}
	for _, person := range []string{s.k.accountableOf(s.m, s.side), s.k.fallback[s.side]} {
		if s.present(person) {
			return person
		}
	}
	for i := range s.k.engagement.People {
		if p := &s.k.engagement.People[i]; p.Side == s.side && s.present(p.ID) {
			return p.ID
		}
	}
	return ""
}

// nextTurns lists the people of the rotation from the turn after c on.
func nextTurns(r *store.Rotation, c civil) []string {
	t, ok := compileTurns(r)
	if !ok {
		return nil
	}
	after := int((max(t.index(c), 0) + 1) % int64(len(t.people)))
	return append(append([]string(nil), t.people[after:]...), t.people[:after]...)
}

// maxChanges bounds the hand-offs and absences that personUntil looks at.
const maxChanges = 128

// personUntil returns the next instant at which somebody else than person acts.
func (k *Calendar) personUntil(m *matter, c civil, person string) time.Time {
	changes := 0
	next := func(c civil) (civil, bool) {
		business := k.business(c)
		for ; changes < maxChanges; changes++ {
			shift, shifts := k.nextShift(m, c)
			if k.acting(m, !business, c).person != person {
				if flip, ok := k.nextFlip(c); ok && (!shifts || flip < shift) {
					return flip, true
				}
			}
			if !shifts {
				return 0, false
			}
			c, business = shift, k.business(shift)
			if k.acting(m, business, c).person != person {
				return c, true
			}
		}
		return 0, false
	}
	return k.zone.firstChange(c, next, func(c civil) bool {
		return k.acting(m, k.business(c), c).person == person
	})
}

// nextShift returns the next hand-off or edge of an absence after c that could
// change who acts while the hours stay the same.
func (k *Calendar) nextShift(m *matter, c civil) (civil, bool) {
	soonest, found := k.absences.nextEdge(c)
	earlier := func(r *store.Rotation) {
		t, ok := compileTurns(r)
		if !ok {
			return
		}
		if at, ok := t.next(c); ok && (!found || at < soonest) {
			soonest, found = at, true
		}
	}
	if found || k.fallback[store.Internal] == "" || k.fallback[store.MSP] == "" {
		// Any rotation on the path may supply a stand-in, or whoever answers for
		// a side that has no lead.
		for i := range k.engagement.OnCall {
			earlier(&k.engagement.OnCall[i])
		}
		return soonest, found
	}
	if r := k.rotationOf(m, k.side(m, false)); r != nil {
		earlier(r)
	}
	return soonest, found
}
