package calendar

import (
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Turn is one person's time on call.
type Turn struct {
	Person string // a person's id; "" for a rotation that New would refuse
	// Since is the hand-off that began the turn, zero before the first one.
	Since time.Time
	// Until is the hand-off at which somebody else takes over, zero where nobody
	// ever does (a rotation of one).
	Until time.Time
}

// OnCall returns who holds the rotation at the instant. Turns change at the
// rotation's local weekday and time, every so many days or weeks from the first
// such time on or after From; before it the first person holds it.
func (k *Calendar) OnCall(r *store.Rotation, at time.Time) Turn {
	return k.turn(r, k.zone.clock(at))
}

func (k *Calendar) turn(r *store.Rotation, c civil) Turn {
	t, ok := compileTurns(r)
	if !ok {
		return Turn{}
	}
	turn := Turn{Person: t.person(c)}
	if i := t.index(c); i >= 0 {
		turn.Since = k.zone.instant(t.handoff(i))
	}
	turn.Until = k.zone.firstChange(c, t.next, func(c civil) bool { return t.person(c) == turn.Person })
	return turn
}

// turns is a rotation in civil time. The i-th turn begins at first + i*period.
type turns struct {
	first, period civil
	people        []string
}

// compileTurns reports false for a rotation that New would refuse.
func compileTurns(r *store.Rotation) (turns, bool) {
	if checkRotation(r, "") != nil {
		return turns{}, false
	}
	t := turns{period: civilDay * civil(r.Every.N), people: r.People}
	if r.Every.Unit == store.Weeks {
		t.period *= 7
	}
	from := dayOf(r.From)
	wait := (r.Handoff.Day - from.weekday() + 7) % 7
	t.first = (from + dayNumber(wait)).start() + civil(r.Handoff.Time)*civilMinute
	return t, true
}

// index numbers the turn that holds at c; below 0 is before the first hand-off.
func (t *turns) index(c civil) int64 { return floorDiv(int64(c-t.first), int64(t.period)) }

func (t *turns) handoff(i int64) civil { return t.first + civil(i)*t.period }

func (t *turns) person(c civil) string { return t.holder(t.index(c)) }

func (t *turns) holder(i int64) string { return t.people[max(i, 0)%int64(len(t.people))] }

// next returns the first hand-off after c that changes the person.
func (t *turns) next(c civil) (civil, bool) {
	current := max(t.index(c), 0)
	for i := current + 1; i <= current+int64(len(t.people)); i++ {
		if t.holder(i) != t.holder(current) {
			return t.handoff(i), true
		}
	}
	return 0, false
}

func checkRotation(r *store.Rotation, field string) error {
	if r.Every.Unit != store.Days && r.Every.Unit != store.Weeks || r.Every.N <= 0 || r.Every.N > 10_000 {
		return invalid(field+".every", "A rotation changes hands every so many days or weeks, like 1w; %q is neither.", r.Every)
	}
	if len(r.People) == 0 {
		return invalid(field+".people", "A rotation needs at least one person to be on call.")
	}
	if r.Handoff.Day < time.Sunday || r.Handoff.Day > time.Saturday || r.Handoff.Time < 0 || r.Handoff.Time > 24*60 {
		return invalid(field+".handoff", "A hand-off is a day and a time, like \"mon 08:00\".")
	}
	if r.From.IsZero() {
		return invalid(field+".from", "A rotation needs the date from which its turns count, like 2026-10-05.")
	}
	return nil
}
