package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a civil day without a zone. The zero Date means "not given".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the civil day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads an ISO date such as 2026-11-27. A day that no calendar has
// (2026-02-30) is an error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		if _, shape := time.Parse("2006-1-2", s); shape == nil {
			return Date{}, fmt.Errorf("%q needs two digits for month and day, like 2026-01-09", s)
		}
		return Date{}, fmt.Errorf("%q is not a date that exists; write YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// String returns the ISO form, or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// IsZero reports whether the date was not given.
func (d Date) IsZero() bool { return d == Date{} }

// utc is midnight of the day in UTC: a safe place for day arithmetic, since
// UTC has no clock changes.
func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// AddDays returns the day n days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date { return DateOf(d.utc().AddDate(0, 0, n)) }

// AddMonths returns the same day n months later; a day that the month lacks
// becomes its last (January 31 plus one month is the end of February).
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month, 1, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.utc().Before(other.utc()) }

// DaysUntil returns the number of days from d to other, negative if other is earlier.
func (d Date) DaysUntil(other Date) int { return int(other.utc().Sub(d.utc()).Hours() / 24) }

// MarshalText writes the ISO form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form, or "" as the zero Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(b))
	*d = parsed
	return err
}

// Clock is a local time of day in minutes since midnight, 0 to 1440 (24:00).
type Clock int

// ParseClock reads HH:MM, 00:00 to 24:00.
func ParseClock(s string) (Clock, error) {
	h, m, ok := strings.Cut(s, ":")
	hours, errH := strconv.Atoi(h)
	minutes, errM := strconv.Atoi(m)
	if !ok || len(h) > 2 || len(m) != 2 || errH != nil || errM != nil || hours < 0 || minutes < 0 ||
		minutes > 59 || hours*60+minutes > 24*60 || strings.ContainsAny(s, "+-") {
		return 0, fmt.Errorf("%q is not a time of day; write it like \"08:00\"", s)
	}
	return Clock(hours*60 + minutes), nil
}

// String returns HH:MM.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// MarshalText writes HH:MM.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads HH:MM.
func (c *Clock) UnmarshalText(b []byte) error {
	parsed, err := ParseClock(string(b))
	*c = parsed
	return err
}

// Unit is the unit of a [Duration].
type Unit string

// The units of the engagement file. A business day is one that is neither a
// holiday nor a day without business hours.
const (
	Minutes      Unit = "m"
	Hours        Unit = "h"
	Days         Unit = "d"
	Weeks        Unit = "w"
	Months       Unit = "mo"
	Years        Unit = "y"
	BusinessDays Unit = "bd"
)

// Duration is a count of one unit, kept as written: how long a month is
// depends on where it starts. The zero Duration means "not given".
type Duration struct {
	N    int
	Unit Unit
}

var errDuration = errors.New("is not a duration; write a number and m, h, d, w, mo, y or bd, like 15m or 1bd")

// ParseDuration reads a number and a unit, such as 15m, 12mo or 2bd.
func ParseDuration(s string) (Duration, error) {
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.Atoi(digits)
	d := Duration{n, Unit(s[len(digits):])}
	switch d.Unit {
	case Minutes, Hours, Days, Weeks, Months, Years, BusinessDays:
	default:
		err = errDuration
	}
	if err != nil || n <= 0 || n > 10_000 || strings.HasPrefix(s, "+") {
		return Duration{}, fmt.Errorf("%q %w", s, errDuration)
	}
	return d, nil
}

// String returns the form of the file, or "" for the zero Duration.
func (d Duration) String() string {
	if d.IsZero() {
		return ""
	}
	return strconv.Itoa(d.N) + string(d.Unit)
}

// Words returns the duration as people read it: "15 minutes", "1 business day".
func (d Duration) Words() string {
	name := map[Unit]string{
		Minutes: "minute", Hours: "hour", Days: "day", Weeks: "week",
		Months: "month", Years: "year", BusinessDays: "business day",
	}[d.Unit]
	if d.N != 1 {
		name += "s"
	}
	return strconv.Itoa(d.N) + " " + name
}

// IsZero reports whether the duration was not given.
func (d Duration) IsZero() bool { return d == Duration{} }

// MarshalText writes the form of the file.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the form of the file, or "" as the zero Duration.
func (d *Duration) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Duration{}
		return nil
	}
	parsed, err := ParseDuration(string(b))
	*d = parsed
	return err
}

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseWeekday reads mon, tue, wed, thu, fri, sat or sun.
func ParseWeekday(s string) (time.Weekday, error) {
	for i, name := range weekdays {
		if s == name {
			return time.Weekday(i), nil
		}
	}
	return 0, fmt.Errorf("%q is not a day; write mon, tue, wed, thu, fri, sat or sun", s)
}

// WeekdayName returns the three-letter name of the engagement file.
func WeekdayName(d time.Weekday) string { return weekdays[d] }
