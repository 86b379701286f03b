package drift

import (
	"cmp"
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Change is what a transition says of a finding.
type Change string

// The changes.
const (
	Opened Change = "opened" // it is new, on watch
	Worse  Change = "worse"  // it climbed, or the cadence has become a slower one
	Better Change = "better" // it is not so any more, and one more on time closes it
	Closed Change = "closed"
)

// Transition is one message that is worth sending, and to whom.
type Transition struct {
	Change Change `json:"change"`
	// Finding is as it is after the change.
	Finding store.OpenFinding `json:"finding"`
	From    store.Level       `json:"from"`
	To      store.Level       `json:"to"`
	// Facts is the sentence to say, the same to everybody.
	Facts string `json:"facts"`
	// Audience are the ids of those who hear it, each once.
	Audience []string `json:"audience"`
}

// Step moves the findings that are open on to the instant. It returns those that
// are open then and one transition for each that changed; nothing of what it was
// given is changed. A second step at the same instant has no transitions.
//
// What is found opens at watch. It climbs to drift on the second business day of
// both sides after that, and to stalled on the second one on which the alert of
// drift stays unacknowledged, or when its ratio is twice what it was as it
// opened. It climbs no further while it is not found, and nothing moves while its
// cadence is paused.
//
// A finding of how a cadence is held closes when the cadence was good twice in a
// row since it opened. When it is not found any more and the cadence was good
// once, it falls by one level, though not below watch; misses do not as long as
// the rhythm is still a slower one. Every other finding closes as soon as it is
// not found.
//
// Stretching and became are one finding with one life: what has become another
// rhythm stays so until it closes.
func Step(in *Input, open []store.OpenFinding, found []store.Finding, now time.Time) ([]store.OpenFinding, []Transition) {
	s := stepper{view: newView(in, now), rhythms: make(map[string]*rhythm), here: make(map[string]*store.Finding, len(found))}
	for _, r := range s.view.rhythms() {
		s.rhythms[r.cadence.ID] = r
	}
	for i := range found {
		s.here[life(&found[i])] = &found[i]
	}
	known := make(map[string]bool, len(open))
	for i := range open {
		key := life(&open[i].Finding)
		if known[key] {
			continue
		}
		known[key] = true
		s.move(open[i], s.here[key])
	}
	for key, f := range s.here {
		if !known[key] {
			s.open(f)
		}
	}
	slices.SortFunc(s.next, func(a, b store.OpenFinding) int { return order(a.Finding, b.Finding) })
	slices.SortFunc(s.transitions, func(a, b Transition) int {
		// The worst first, so that it is not read last.
		if c := cmp.Compare(b.To, a.To); c != 0 {
			return c
		}
		return order(a.Finding.Finding, b.Finding.Finding)
	})
	return s.next, s.transitions
}

// life identifies a finding through what it may turn into.
func life(f *store.Finding) string {
	if f.Kind == store.FindingStretching {
		return slowerLife(f.Subject)
	}
	return f.Fingerprint()
}

// slowerLife is the life of stretching and became.
func slowerLife(subject string) string { return string(store.FindingBecame) + ":" + subject }

type stepper struct {
	*view
	rhythms     map[string]*rhythm
	here        map[string]*store.Finding // what is found, by life
	next        []store.OpenFinding
	transitions []Transition
}

// open begins the life of a finding.
func (s *stepper) open(found *store.Finding) {
	f := store.OpenFinding{Finding: *found, Level: store.LevelWatch, Opened: s.now, Climbed: s.now, OpenedRatio: found.Ratio}
	s.tell(Opened, &f, store.LevelNone, f.Facts)
	s.next = append(s.next, f)
}

// move lets a finding that is open climb, fall, close or stay.
func (s *stepper) move(f store.OpenFinding, found *store.Finding) {
	f.Told = slices.Clone(f.Told)
	r := s.rhythms[f.Subject]
	if r != nil && ofCadence(f.Kind) {
		if _, paused := r.paused(s.today); paused {
			s.next = append(s.next, f)
			return
		}
	}
	switch {
	case f.Kind.OfCadence() && r != nil:
		f.OnTime = r.inARow(f.Opened, r.good(f.Kind))
		if f.OnTime >= toClose {
			s.close(f)
			return
		}
	case found == nil:
		s.close(f)
		return
	}
	if found == nil {
		s.recover(&f)
	} else {
		s.refresh(&f, found)
	}
	s.next = append(s.next, f)
}

// ofCadence reports whether the kind's subject is a cadence.
func ofCadence(k store.FindingKind) bool { return k.OfCadence() || k == store.FindingNoNextDate }

func (s *stepper) close(f store.OpenFinding) {
	from := f.Level
	f.Level = store.LevelNone
	s.tell(Closed, &f, from, s.closed(&f))
}

// recover lets a finding fall that is not found any more. One held on time does
// not make misses better while the rhythm is still found to be a slower one: it
// may be that rhythm's next.
func (s *stepper) recover(f *store.OpenFinding) {
	if !f.Better.IsZero() || f.OnTime == 0 || f.Kind == store.FindingMissed && s.here[slowerLife(f.Subject)] != nil {
		return
	}
	f.Better = s.now
	if f.Level <= store.LevelWatch {
		return
	}
	from := f.Level
	reach(f, f.Level-1, s.now)
	s.tell(Better, f, from, s.better(f))
}

// refresh takes over what was found, and lets it climb.
func (s *stepper) refresh(f *store.OpenFinding, found *store.Finding) {
	if !f.Better.IsZero() {
		f.Better, f.Climbed = time.Time{}, s.now
	}
	slower := slowness(found.Became) > slowness(f.Became)
	was := f.Finding
	f.Finding = *found
	if was.Became != "" && !slower {
		f.Kind, f.Became = was.Kind, was.Became
	}
	from := f.Level
	if to := s.level(f); to > from {
		reach(f, to, s.now)
	} else if !slower {
		return
	}
	s.tell(Worse, f, from, f.Facts)
}
