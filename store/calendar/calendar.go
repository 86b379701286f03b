package calendar

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Calendar is the clock of one engagement. It is safe for concurrent use, and
// the engagement must not be changed while it is in use.
type Calendar struct {
	engagement *store.Engagement
	zone       zone
	week       week
	alwaysOpen bool
	holidays   holidays
	people     map[string]*store.Person
	fallback   map[store.Side]string // who answers where a row names no one
	absences   absences
}

// New compiles the engagement's clock. Absences of people that it does not have,
// and those that end before they begin, change nothing. An error is a
// *store.Error with CodeInvalid whose Field is the place in the engagement file.
func New(e *store.Engagement, away []store.Absence) (*Calendar, error) {
	loc, err := location(e.TimeZone)
	if err != nil {
		return nil, err
	}
	k := &Calendar{engagement: e, zone: zone{loc}, absences: compileAbsences(away)}
	if err := k.compileHours(e.BusinessHours); err != nil {
		return nil, err
	}
	if err := k.compileHolidays(e.Holidays); err != nil {
		return nil, err
	}
	for i := range e.OnCall {
		if err := checkRotation(&e.OnCall[i], fmt.Sprintf("on_call[%d]", i)); err != nil {
			return nil, err
		}
	}
	k.compilePeople()
	return k, nil
}

// Location returns the engagement's time zone.
func (k *Calendar) Location() *time.Location { return k.zone.loc }

// Local returns t in the engagement's time zone.
func (k *Calendar) Local(t time.Time) time.Time { return t.In(k.zone.loc) }

// Instant returns the first instant at which the local clock has reached the
// time of day on day d: the one place where a local time becomes an instant.
func (k *Calendar) Instant(d store.Date, clock store.Clock) time.Time {
	return k.zone.instant(civilAt(d, clock))
}

// locations keeps what was loaded; the number of zones bounds it.
var locations sync.Map // IANA name to *time.Location

func location(name string) (*time.Location, error) {
	if loc, ok := locations.Load(name); ok {
		return loc.(*time.Location), nil
	}
	// "" and "Local" would load, but mean the machine's zone rather than the client's.
	if name == "" || name == "Local" {
		return nil, invalid("engagement.time_zone", "%q is no time zone; write an IANA name such as America/New_York.", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		e := invalid("engagement.time_zone", "The time zone %q is not known here; write an IANA name such as America/New_York.", shorten(name))
		e.Err = err
		return nil, e
	}
	locations.Store(name, loc)
	return loc, nil
}

func invalid(field, format string, args ...any) *store.Error {
	e := store.Errorf(store.CodeInvalid, format, args...)
	e.Field = field
	return e
}

func (k *Calendar) compileHours(windows []store.Window) error {
	for i, w := range windows {
		field := fmt.Sprintf("engagement.business_hours[%d]", i)
		if len(w.Days) == 0 {
			return invalid(field+".days", "A window of business hours needs at least one day, like [mon, tue].")
		}
		for j, day := range w.Days {
			if day < time.Sunday || day > time.Saturday {
				return invalid(fmt.Sprintf("%s.days[%d]", field, j), "A window of business hours names a day that no week has; write mon to sun.")
			}
		}
		if w.From < 0 || w.To > 24*60 || w.To <= w.From {
			return invalid(field+".to", "A window of business hours must end after it begins, between 00:00 and 24:00; it is %s to %s. Write hours beyond midnight as a window of the next day.", w.From, w.To)
		}
	}
	k.week = compileWeek(windows)
	k.alwaysOpen = k.week.alwaysOpen()
	return nil
}

func (k *Calendar) compileHolidays(names []string) error {
	for i, name := range names {
		found, date, err := parseHoliday(name)
		if err != nil {
			return invalid(fmt.Sprintf("engagement.holidays[%d]", i), "%s", store.ErrorMessage(err))
		}
		if found == nil {
			k.holidays.single = append(k.holidays.single, date)
			continue
		}
		k.holidays.countries = append(k.holidays.countries, found)
	}
	slices.SortFunc(k.holidays.single, func(a, b store.Date) int { return b.DaysUntil(a) })
	return nil
}

func (k *Calendar) compilePeople() {
	e := k.engagement
	k.people = make(map[string]*store.Person, len(e.People))
	k.fallback = make(map[store.Side]string, 2)
	for i := range e.People {
		k.people[e.People[i].ID] = &e.People[i]
	}
	for _, side := range []store.Side{store.Internal, store.MSP} {
		if p, ok := e.SideLead(side); ok {
			k.fallback[side] = p.ID
		}
	}
}
