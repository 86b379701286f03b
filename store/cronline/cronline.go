// Package cronline reads the schedule of a cadence: a five-field cron line
// over civil time, the time on the wall, without zone or clock changes.
//
// Whoever needs instants puts the civil times into a zone afterwards. Asking
// the cron library for instants directly loses the runs that fall into a
// clock change, or gives them twice.
package cronline

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/tandem-bot/tandem/store"
)

// MaxLength is the longest line that is read, in bytes.
const MaxLength = 256

// Schedule is a cron line that is known to fire, and at most once an hour.
// The zero Schedule never fires.
type Schedule struct {
	spec *cron.SpecSchedule
	week store.Week
}

var fieldNames = [...]string{"minute", "hour", "day of month", "month", "day of week"}

// names are the words that a field takes beside numbers.
var names = [len(fieldNames)][]string{
	3: {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"},
	4: {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"},
}

// descriptors are the short forms of other crons, with what to write instead.
var descriptors = map[string]string{
	"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * SUN",
	"@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}

// Parse reads a line of five fields: minute, hour, day of month, month and day
// of week. The error is a *store.Error of code invalid that names the field.
//
// What the library would take and a cadence cannot use is refused: a zone, a
// descriptor, more than one minute, a line that never fires.
func Parse(line string) (Schedule, error) {
	if len(line) > MaxLength {
		return Schedule{}, invalid("the schedule has %d bytes; at most %d are read", len(line), MaxLength)
	}
	fields := strings.Fields(line)
	if err := checkShape(line, fields); err != nil {
		return Schedule{}, err
	}
	for i, field := range fields {
		if err := checkField(i, field); err != nil {
			return Schedule{}, err
		}
	}
	spec, err := parseStandard(strings.Join(fields, " "))
	if err != nil {
		return Schedule{}, invalid("%q is not a schedule: %s", line, err)
	}
	if bits.OnesCount64(spec.Minute&^star) > 1 {
		return Schedule{}, invalid("the minute %q would fire more often than hourly; write one minute, like 0", fields[0])
	}
	s := Schedule{spec: spec}
	if !s.fires() {
		return Schedule{}, invalid("%q never fires: there is no such day", line)
	}
	return s, nil
}

func checkShape(line string, fields []string) error {
	if len(fields) == 0 {
		return invalid("the schedule is empty; write five fields, like \"0 9 * * MON\"")
	}
	first := strings.ToLower(fields[0])
	switch {
	case strings.Contains(line, "="):
		return invalid("a schedule has no zone; it is in the engagement's time zone. Write only the five fields")
	case strings.HasPrefix(first, "@every"):
		return invalid("@every has no time of day; write five fields, like \"0 9 * * MON\"")
	case strings.HasPrefix(first, "@"):
		if instead, ok := descriptors[first]; ok {
			return invalid("%s is not read here; write %q", fields[0], instead)
		}
		return invalid("%q is not a schedule; write five fields, like \"0 9 * * MON\"", line)
	case len(fields) == len(fieldNames)+1:
		return invalid("%q has six fields; seconds are not counted. Write minute, hour, day of month, month, day of week", line)
	case len(fields) != len(fieldNames):
		return invalid("%q has %d of five fields: minute, hour, day of month, month, day of week", line, len(fields))
	}
	return nil
}

// checkField tries a field alone, so that the error can name it.
func checkField(i int, field string) error {
	// The library takes a list with nothing in it, which is no day or hour at all.
	if slices.Contains(strings.Split(field, ","), "") {
		return invalid("the %s %q has nothing beside a comma; write numbers or names between commas", fieldNames[i], field)
	}
	alone := [...]string{"*", "*", "*", "*", "*"}
	alone[i] = field
	if _, err := parseStandard(strings.Join(alone[:], " ")); err != nil {
		return invalid("the %s %q is wrong; %s", fieldNames[i], field, fieldHint(i, field))
	}
	return nil
}

func fieldHint(i int, field string) string {
	if i == 4 && strings.Contains(field, "7") {
		return "Sunday is 0 or SUN"
	}
	for _, word := range strings.FieldsFunc(field, func(r rune) bool { return strings.ContainsRune(",-/*", r) }) {
		if near, ok := store.Nearest(word, names[i]); ok && !strings.EqualFold(near, word) {
			return fmt.Sprintf("did you mean %s?", near)
		}
	}
	return [...]string{
		"it goes from 0 to 59", "it goes from 0 to 23", "it goes from 1 to 31",
		"it goes from 1 to 12 or JAN to DEC", "it goes from 0 to 6 or SUN to SAT, and a range begins with the smaller",
	}[i]
}

// parseStandard is the library's parser with its panics as errors.
func parseStandard(line string) (spec *cron.SpecSchedule, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			spec, err = nil, fmt.Errorf("the cron library gave up on it: %v", cause)
		}
	}()
	parsed, err := cron.ParseStandard(line)
	if err != nil {
		return nil, err
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return nil, errors.New("it is not made of five fields")
	}
	spec.Location = time.UTC
	return spec, nil
}

// star is the bit by which the library marks a field that was written * or ?.
const star = 1 << 63

// Week narrows the schedule to the n-th of its weekdays in each month, or the
// last; zero leaves it as it is. The line must name weekdays and must leave
// the day of month open.
func (s Schedule) Week(w store.Week) (Schedule, error) {
	switch {
	case w == 0 || s.spec == nil:
		return s, nil
	case w < 0 || w > store.LastWeek:
		return Schedule{}, invalid("there is no week %d of a month; write 1 to 4, or last", int(w))
	case !s.namesDays() || bits.OnesCount64(s.spec.Dow&^star) == 7:
		return Schedule{}, invalid("a week needs a weekday in the schedule, like \"0 10 * * TUE\"")
	case s.namesDates():
		return Schedule{}, invalid("with a week the day of month has to be *, since cron reads days of month or weekdays, not both")
	}
	s.week = w
	return s, nil
}

// EitherDay reports whether the line restricts both the day of month and the
// weekday. Cron then fires on the days that match either, which is seldom
// meant: "0 9 1-7 * TUE" is every Tuesday and the first seven days as well.
func (s Schedule) EitherDay() bool { return s.spec != nil && s.namesDays() && s.namesDates() }

func (s Schedule) namesDays() bool  { return s.spec.Dow&star == 0 }
func (s Schedule) namesDates() bool { return s.spec.Dom&star == 0 }

// Next returns the first civil time after the given one at which the schedule
// fires, as a time in UTC whose clock is the one on the wall. The zone of the
// given time is dropped, its clock kept. The zero time means never.
func (s Schedule) Next(civil time.Time) time.Time {
	if s.spec == nil {
		return time.Time{}
	}
	t := floating(civil)
	for {
		t = s.next(t)
		if t.IsZero() || s.inWeek(t) {
			return t
		}
	}
}

// next is the library's Next beyond the five years that it looks ahead: the
// turn of a century has no leap day for eight.
func (s Schedule) next(t time.Time) time.Time {
	for range 3 {
		if n := s.spec.Next(t); !n.IsZero() {
			return n
		}
		t = t.AddDate(4, 0, 0)
	}
	return time.Time{}
}

func (s Schedule) inWeek(t time.Time) bool {
	switch s.week {
	case 0:
		return true
	case store.LastWeek:
		return t.AddDate(0, 0, 7).Month() != t.Month()
	}
	return (t.Day()-1)/7+1 == int(s.week)
}

// fires reports whether there is any time at which the schedule fires, by
// looking through a leap year and the four years after it.
func (s Schedule) fires() bool {
	return !s.spec.Next(time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)).IsZero()
}

func floating(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

func invalid(format string, args ...any) error {
	return store.Errorf(store.CodeInvalid, format, args...)
}
