package calendar

import (
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// absences are the announced ones in civil time.
type absences struct {
	of    map[string][]absence
	edges []civil // every start and end, sorted
}

// absence is [from, to).
type absence struct {
	from, to civil
	record   store.Absence
}

func compileAbsences(away []store.Absence) absences {
	a := absences{of: make(map[string][]absence)}
	for _, record := range away {
		from, to := dayOf(record.From).start(), (dayOf(record.To) + 1).start()
		if record.Person == "" || record.From.IsZero() || to <= from {
			continue
		}
		a.of[record.Person] = append(a.of[record.Person], absence{from, to, record})
		a.edges = append(a.edges, from, to)
	}
	slices.Sort(a.edges)
	return a
}

// at returns the absence of the person at c. Of several it is the first that
// names a cover, or else the first.
func (a *absences) at(person string, c civil) (store.Absence, bool) {
	var found *absence
	for i := range a.of[person] {
		b := &a.of[person][i]
		if c < b.from || b.to <= c || found != nil && b.record.Cover == "" {
			continue
		}
		if b.record.Cover != "" {
			return b.record, true
		}
		found = b
	}
	if found == nil {
		return store.Absence{}, false
	}
	return found.record, true
}

// nextEdge returns the first start or end of anyone's absence after c.
func (a *absences) nextEdge(c civil) (civil, bool) {
	i, _ := slices.BinarySearch(a.edges, c+1)
	if i == len(a.edges) {
		return 0, false
	}
	return a.edges[i], true
}

// Absent returns the absence that keeps the person away at the instant, and
// whether there is one. Absences are whole local days, both ends included; of
// several the first that names a cover counts, or else the first.
func (k *Calendar) Absent(person string, at time.Time) (store.Absence, bool) {
	return k.absences.at(person, k.zone.clock(at))
}

// AbsentUntil returns the next instant at which the person, now here, is away
// or, now away, is back; zero if no such change is announced.
func (k *Calendar) AbsentUntil(person string, at time.Time) time.Time {
	c := k.zone.clock(at)
	_, away := k.absences.at(person, c)
	return k.zone.firstChange(c, k.absences.nextEdge, func(c civil) bool {
		_, still := k.absences.at(person, c)
		return still == away
	})
}
