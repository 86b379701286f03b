package cronline

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Words says the schedule as people do: "weekly on Monday at 09:00", or
// "quarterly, the second Tuesday of Jan, Apr, Jul and Oct at 10:00". Two
// schedules with the same words fire at the same times.
func (s Schedule) Words() string {
	if s.spec == nil {
		return "never"
	}
	hours := s.hourWords()
	if days := s.dayWords(); days != "" {
		return days + " " + hours
	}
	return hours
}

// The numbers that a field allows. The library keeps each as its own bit.
const (
	everyHour    = 1<<24 - 1
	everyDate    = 1<<32 - 2
	everyMonth   = 1<<13 - 2
	everyWeekday = 1<<7 - 1
	workdays     = 1<<time.Monday | 1<<time.Tuesday | 1<<time.Wednesday | 1<<time.Thursday | 1<<time.Friday
)

// hourWords says the times of day.
func (s Schedule) hourWords() string {
	minute := bits.TrailingZeros64(s.spec.Minute)
	hours := numbers(s.spec.Hour)
	clock := func(hour int) string { return fmt.Sprintf("%02d:%02d", hour, minute) }
	first, last := hours[0], hours[len(hours)-1]
	switch {
	case s.spec.Hour&everyHour == everyHour && minute == 0:
		return "every hour on the hour"
	case s.spec.Hour&everyHour == everyHour:
		return fmt.Sprintf("every hour at %d past", minute)
	case len(hours) > 3 && last-first == len(hours)-1:
		return "every hour from " + clock(first) + " to " + clock(last)
	}
	return "at " + and(hours, clock)
}

// dayWords says the days.
func (s Schedule) dayWords() string {
	months := s.spec.Month & everyMonth
	dates, weekdays := s.spec.Dom&everyDate, s.spec.Dow&everyWeekday
	anyDate, anyWeekday := dates == everyDate, weekdays == everyWeekday
	switch {
	// Where both are restricted either is enough, and so one that names all.
	case anyDate && anyWeekday, s.EitherDay() && (anyDate || anyWeekday):
		return within("daily", "every day", months)
	case s.EitherDay():
		return "on " + dateWords(dates) + of(months) + sometimes(dates, months) + " and on every " + weekdayWords(weekdays) + in(months)
	case s.week != 0 && bits.OnesCount64(weekdays) == 1:
		return often(months) + nthWords(s.week, weekdays) + of(months)
	case s.week != 0:
		return nthWords(s.week, weekdays) + of(months)
	case anyDate:
		return everyWeekdayWords(weekdays, months)
	}
	return datesWords(dates, months)
}

// everyWeekdayWords says weekdays of every week.
func everyWeekdayWords(weekdays, months uint64) string {
	switch {
	case weekdays == workdays:
		return "every weekday, Monday to Friday," + in(months)
	case bits.OnesCount64(weekdays) == 1:
		name := weekdayWords(weekdays)
		return within("weekly on "+name, "every "+name, months)
	}
	return "every " + weekdayWords(weekdays) + in(months)
}

// datesWords says days of the month.
func datesWords(dates, months uint64) string {
	if bits.OnesCount64(dates) == 1 && bits.OnesCount64(months) == 1 {
		date, month := numbers(dates)[0], monthName(numbers(months)[0])
		if date == 29 && months == 1<<time.February {
			return "in leap years on 29 Feb"
		}
		return fmt.Sprintf("yearly on %d %s", date, month)
	}
	how := sometimes(dates, months)
	if how != "" || bits.OnesCount64(dates) > 1 {
		return "on " + dateWords(dates) + of(months) + how
	}
	return often(months) + "on " + dateWords(dates) + of(months)
}

// sometimes says that a month may lack one of the dates, "" where none does.
func sometimes(dates, months uint64) string {
	latest := bits.Len64(dates) - 1
	for _, m := range numbers(months) {
		if days := time.Date(2001, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day(); latest > days {
			return ", where the month has that day,"
		}
	}
	return ""
}

func dateWords(dates uint64) string {
	all := numbers(dates)
	if first, last := all[0], all[len(all)-1]; len(all) > 2 && last-first == len(all)-1 {
		return "the " + ordinal(first) + " to the " + ordinal(last)
	}
	return and(all, func(n int) string { return "the " + ordinal(n) })
}

// nthWords says the n-th of each weekday, which is not always in the same week.
func nthWords(week store.Week, weekdays uint64) string {
	nth := [...]string{1: "first", 2: "second", 3: "third", 4: "fourth", store.LastWeek: "last"}[week]
	return and(numbers(weekdays), func(day int) string { return "the " + nth + " " + time.Weekday(day).String() })
}

func weekdayWords(weekdays uint64) string {
	return and(numbers(weekdays), func(day int) string { return time.Weekday(day).String() })
}

// often says how often a year the months come round, with a comma, or "" where
// they do so unevenly.
func often(months uint64) string {
	all := numbers(months)
	apart := 12 / len(all)
	for i, month := range all {
		if 12%len(all) != 0 || month != all[0]+i*apart {
			return ""
		}
	}
	return map[int]string{
		1: "monthly, ", 2: "every two months, ", 3: "quarterly, ", 4: "every four months, ", 6: "twice a year, ", 12: "yearly, ",
	}[apart]
}

// of says whose days they are.
func of(months uint64) string {
	if months == everyMonth {
		return " of each month"
	}
	return " of " + monthWords(months)
}

// in narrows days of every week to some months.
func in(months uint64) string {
	if months == everyMonth {
		return ""
	}
	return " in " + monthWords(months)
}

// within is always where every month counts, or else some in those that do.
func within(always, some string, months uint64) string {
	if months == everyMonth {
		return always
	}
	return some + in(months)
}

func monthWords(months uint64) string { return and(numbers(months), monthName) }

func monthName(month int) string { return time.Month(month).String()[:3] }

func ordinal(n int) string {
	ending := "th"
	if n < 11 || n > 13 {
		switch n % 10 {
		case 1:
			ending = "st"
		case 2:
			ending = "nd"
		case 3:
			ending = "rd"
		}
	}
	return strconv.Itoa(n) + ending
}

// numbers lists the bits of a field, without the library's mark.
func numbers(field uint64) []int {
	var out []int
	for left := field &^ star; left != 0; left &= left - 1 {
		out = append(out, bits.TrailingZeros64(left))
	}
	return out
}

// and joins what name says of each: a; a and b; a, b and c.
func and(all []int, name func(int) string) string {
	words := make([]string, len(all))
	for i, n := range all {
		words[i] = name(n)
	}
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
