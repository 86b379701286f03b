package calendar

import (
	"time"

	"github.com/tandem-bot/tandem/store"
)

const (
	// maxCount bounds a count of units, so that none overflows or takes long.
	maxCount = 100_000
	// maxClosed is how many days in a row may be no business day.
	maxClosed = 3653
)

// IsBusinessDay reports whether d has business hours: it has a window on its
// weekday and is no holiday. Without windows every day but a holiday has.
func (k *Calendar) IsBusinessDay(d store.Date) bool {
	return len(k.spans(dayOf(d))) > 0
}

// Holiday returns the name of the holiday that day d is, or "" if it is none.
func (k *Calendar) Holiday(d store.Date) string { return k.holidays.name(dayOf(d)) }

// NextBusinessDay returns d if it is a business day, or else the first one
// after it. It fails with CodeInvalid where ten years have none.
func (k *Calendar) NextBusinessDay(d store.Date) (store.Date, error) {
	if k.IsBusinessDay(d) {
		return d, nil
	}
	return k.AddBusinessDays(d, 1)
}

// AddBusinessDays returns the n-th business day after d, or before it if n is
// negative; d itself need not be one, and n = 0 is d as it is. It fails with
// CodeInvalid where ten years have no business day, or n is beyond 100,000.
func (k *Calendar) AddBusinessDays(d store.Date, n int) (store.Date, error) {
	if n < -maxCount || n > maxCount {
		return store.Date{}, tooMany(n)
	}
	day, direction := dayOf(d), dayNumber(1)
	if n < 0 {
		n, direction = -n, -1
	}
	for ; n > 0; n-- {
		next, ok := k.businessDayFrom(day+direction, direction)
		if !ok {
			return store.Date{}, invalid("engagement.business_hours",
				"There is no business day within ten years of %s; check the business hours and the holidays.", d)
		}
		day = next
	}
	return day.date(), nil
}

func (k *Calendar) businessDayFrom(day, direction dayNumber) (dayNumber, bool) {
	for range maxClosed {
		if len(k.spans(day)) > 0 {
			return day, true
		}
		day += direction
	}
	return 0, false
}

// BusinessDaysBetween counts the business days after a up to and including b.
// Where b is the earlier it is minus those from b to the day before a. So
// AddBusinessDays(a, n) gives a business day b exactly if this gives n.
func (k *Calendar) BusinessDaysBetween(a, b store.Date) int {
	from, to := dayOf(a), dayOf(b)
	if to < from {
		return -k.countBusinessDays(to, from)
	}
	return k.countBusinessDays(from+1, to+1)
}

// countBusinessDays counts those in [from, to).
func (k *Calendar) countBusinessDays(from, to dayNumber) int {
	n := 0
	for day := from; day < to; day++ {
		if len(k.spans(day)) > 0 {
			n++
		}
	}
	return n
}

// Add returns the instant that lies the duration after at, or before it if N is
// negative. Minutes and hours are exact. Days, weeks, months, years and business
// days keep the local time of day; a day that a month lacks becomes its last.
// It fails as AddBusinessDays does, and for a unit that it doesn't know.
func (k *Calendar) Add(at time.Time, d store.Duration) (time.Time, error) {
	if d.N < -maxCount || d.N > maxCount {
		return time.Time{}, tooMany(d.N)
	}
	local := k.Local(at)
	switch d.Unit {
	case store.Minutes:
		return local.Add(time.Duration(d.N) * time.Minute), nil
	case store.Hours:
		return local.Add(time.Duration(d.N) * time.Hour), nil
	default:
		return k.addCivil(local, d)
	}
}

func (k *Calendar) addCivil(at time.Time, d store.Duration) (time.Time, error) {
	if d.N == 0 {
		return at, nil
	}
	c := k.zone.reading(at)
	date, err := k.AddToDate(c.day().date(), d)
	if err != nil {
		return time.Time{}, err
	}
	t := k.zone.instant(dayOf(date).start() + c.timeOfDay())
	return t.Add(time.Duration(at.Nanosecond())), nil
}

// AddToDate is [Calendar.Add] for a day, in whole days and longer.
func (k *Calendar) AddToDate(date store.Date, d store.Duration) (store.Date, error) {
	if d.N < -maxCount || d.N > maxCount {
		return store.Date{}, tooMany(d.N)
	}
	switch d.Unit {
	case store.Days:
		return date.AddDays(d.N), nil
	case store.Weeks:
		return date.AddDays(7 * d.N), nil
	case store.Months:
		return date.AddMonths(d.N), nil
	case store.Years:
		return date.AddMonths(12 * d.N), nil
	case store.BusinessDays:
		return k.AddBusinessDays(date, d.N)
	default:
		return store.Date{}, store.Errorf(store.CodeInvalid,
			"A day can be moved by d, w, mo, y or bd, not by %q.", d)
	}
}

func tooMany(n int) error {
	return store.Errorf(store.CodeInvalid, "%d is too far to count; stay within %d.", n, maxCount)
}
