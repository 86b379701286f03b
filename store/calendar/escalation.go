package calendar

import (
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Step is one person of an escalation path, as it stands at one instant.
type Step struct {
	Person   string          // id
	Name     string          // as people call them
	Side     store.Side      // theirs
	Rotation *store.Rotation // what the path names, if the person is there by being on call
	Absent   bool
	Cover    string // who covers the absence, "" if nobody present does
}

// Escalation returns the row's escalation path in order, each on-call step as
// the person who is on call. A person who stands on it twice is listed once,
// where they come first; absent ones are marked.
func (k *Calendar) Escalation(f *store.Function, at time.Time) []Step {
	return k.Path(f.Escalation, at)
}

// Path is [Calendar.Escalation] for any list of people and "on-call:NAME"
// steps, such as the playbook's call order.
func (k *Calendar) Path(steps []string, at time.Time) []Step {
	c := k.zone.clock(at)
	path := make([]Step, 0, len(steps))
	for _, name := range steps {
		id, r := k.resolve(name, c)
		if p, ok := k.people[id]; ok && !listed(path, id) {
			path = append(path, k.step(p, r, c))
		}
	}
	return path
}

func listed(path []Step, id string) bool {
	for i := range path {
		if path[i].Person == id {
			return true
		}
	}
	return false
}

func (k *Calendar) step(p *store.Person, r *store.Rotation, c civil) Step {
	s := Step{Person: p.ID, Name: p.Name, Side: p.Side, Rotation: r}
	absence, away := k.absences.at(p.ID, c)
	if !away {
		return s
	}
	s.Absent = true
	_, known := k.people[absence.Cover]
	if _, coverAway := k.absences.at(absence.Cover, c); known && !coverAway {
		s.Cover = absence.Cover
	}
	return s
}
