package rhythm

import (
	"iter"
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Due is one due date of a cadence.
type Due struct {
	// Civil is the firing of the cron line on the wall of the engagement's zone
	// ([store.CivilLayout]): the due date's identity, whatever moves it.
	Civil string
	// Due is the first instant at or after the civil time, after a move from a
	// holiday, in the engagement's zone.
	Due time.Time
	// Grace is the end of the grace: overdue from here. In business days it is
	// the same local time so many business days later.
	Grace time.Time
	// Reminders are the instants before Due at which to remind, in order.
	Reminders []time.Time
	// Holiday is the name of the holiday that the civil day is, "" if it is none.
	Holiday string
	// Moved says that Due is the next business day instead of the holiday.
	Moved bool
	// Skipped is why nothing comes due: [store.SkippedHoliday] or
	// [store.SkippedClock]; "" for all others. Due is then when it would have
	// come due if nothing had moved it, and there are no reminders.
	Skipped string
}

// Occurrence is the due date's record as the store first holds it: scheduled,
// or skipped with the reason.
func (d *Due) Occurrence(cadence string) store.Occurrence {
	o := store.Occurrence{Cadence: cadence, Civil: d.Civil, Due: d.Due, Grace: d.Grace, State: store.Scheduled}
	if d.Skipped != "" {
		o.State, o.Reason = store.Skipped, d.Skipped
	}
	return o
}

// From iterates over the due dates at or after the instant, in order, the
// skipped ones among them. It has no end: a cadence comes round for good.
//
// Those that are not skipped rise strictly. For a due date that is moved onto
// the next one of the same cadence, or beyond it, is skipped: nobody holds two
// standups at once.
func (r *Rhythm) From(at time.Time) iter.Seq[Due] {
	return func(yield func(Due) bool) {
		firing := r.schedule.Next(r.searchFrom(at))
		for ; !firing.IsZero(); firing = r.schedule.Next(firing) {
			due := r.due(firing)
			if due.Due.Before(at) {
				continue
			}
			r.finish(&due)
			if !yield(due) {
				return
			}
		}
	}
}

// Between lists the due dates from the one instant until before the other, the
// skipped ones among them.
func (r *Rhythm) Between(from, until time.Time) []Due {
	var out []Due
	for due := range r.From(from) {
		if !due.Due.Before(until) {
			break
		}
		out = append(out, due)
	}
	return out
}

// horizon bounds the search for a due date where holidays skip every one.
const horizon = 20 // years

// Next returns the first due date after the instant that is not skipped. It is
// false where there is none within twenty years.
func (r *Rhythm) Next(after time.Time) (Due, bool) {
	end := after.AddDate(horizon, 0, 0)
	for due := range r.From(after.Add(time.Nanosecond)) {
		switch {
		case due.Skipped == "":
			return due, true
		case due.Due.After(end):
			return Due{}, false
		}
	}
	return Due{}, false
}

// searchFrom is a civil time before every firing that can come due at or after
// the instant. A firing can come due days after its civil time: when it is
// moved from a holiday, over days that are all no business days, and when its
// civil time doesn't exist, which so far was a day at most.
func (r *Rhythm) searchFrom(at time.Time) time.Time {
	day := store.DateOf(r.cal.Local(at)).AddDays(-1)
	if r.moves() {
		if business, err := r.cal.AddBusinessDays(day, -1); err == nil {
			day = business
		}
	}
	return time.Date(day.Year, day.Month, day.Day, 0, 0, -1, 0, time.UTC)
}

func (r *Rhythm) moves() bool {
	return r.cadence.OnHoliday != store.HolidayKeep && r.cadence.OnHoliday != store.HolidaySkip
}

// due resolves a firing.
func (r *Rhythm) due(firing time.Time) Due {
	day := store.DateOf(firing)
	d := Due{Civil: firing.Format(store.CivilLayout), Holiday: r.cal.Holiday(day), Due: r.on(day, firing)}
	if d.Holiday == "" || r.cadence.OnHoliday == store.HolidayKeep {
		if !sameClock(d.Due, firing) && r.meetsNext(d.Due, firing) {
			d.Skipped = store.SkippedClock
		}
		return d
	}
	business, err := r.cal.NextBusinessDay(day)
	if err != nil || !r.moves() {
		d.Skipped = store.SkippedHoliday
		return d
	}
	moved := r.on(business, firing)
	if r.meetsNext(moved, firing) {
		d.Skipped = store.SkippedHoliday
		return d
	}
	d.Due, d.Moved = moved, true
	return d
}

// meetsNext reports whether the firing, due at the instant, would come no
// earlier than the next one of the cadence.
func (r *Rhythm) meetsNext(due, firing time.Time) bool {
	next := r.schedule.Next(firing)
	return !next.IsZero() && !due.Before(r.on(store.DateOf(next), next))
}

// sameClock reports whether the local clock shows the firing at the instant; in
// a gap it shows more.
func sameClock(at, firing time.Time) bool {
	return at.Day() == firing.Day() && at.Hour() == firing.Hour() && at.Minute() == firing.Minute()
}

// on is the instant at which day d reaches the firing's time of day.
func (r *Rhythm) on(d store.Date, firing time.Time) time.Time {
	return r.cal.Instant(d, store.Clock(firing.Hour()*60+firing.Minute()))
}

// finish adds the grace and the reminders.
func (r *Rhythm) finish(d *Due) {
	d.Grace = r.add(d.Due, r.grace)
	if d.Skipped != "" {
		return
	}
	for _, before := range r.cadence.Remind {
		before.N = -before.N
		if at := r.add(d.Due, before); at.Before(d.Due) {
			d.Reminders = append(d.Reminders, at)
		}
	}
	slices.SortFunc(d.Reminders, time.Time.Compare)
	d.Reminders = slices.CompactFunc(d.Reminders, time.Time.Equal)
}

// add is [calendar.Calendar.Add], which fails only for business days that don't
// exist: without any, every day counts.
func (r *Rhythm) add(at time.Time, d store.Duration) time.Time {
	t, err := r.cal.Add(at, d)
	if err != nil {
		return at.AddDate(0, 0, d.N)
	}
	return t
}
