package store

import (
	"strings"
	"time"
)

// PatternHelpdesk is the pattern in which the client's own helpdesk and the
// MSP's share the hours of the week.
const PatternHelpdesk = "helpdesk-split"

const (
	minutesOfDay  = 24 * 60
	minutesOfWeek = 7 * minutesOfDay
	hoursOfWeek   = 7 * 24
)

// weekOfHours marks the minutes of a week, from Monday 00:00, that are
// business hours.
type weekOfHours [minutesOfWeek]bool

// compileWeek marks what the windows cover; where two overlap, once.
func compileWeek(windows []Window) *weekOfHours {
	var w weekOfHours
	for _, win := range windows {
		for _, day := range win.Days {
			begin := (int(day) + 6) % 7 * minutesOfDay // Monday first
			for m := win.From; m < win.To; m++ {
				w[begin+int(m)] = true
			}
		}
	}
	return &w
}

// quiet is how many hours of the week are no business hours.
func (w *weekOfHours) quiet() float64 {
	minutes := 0
	for _, open := range w {
		if !open {
			minutes++
		}
	}
	return float64(minutes) / 60
}

// stretches says the stretches of the week outside business hours, beginning
// with the first after Monday 00:00. One that goes on beyond Sunday is one.
func (w *weekOfHours) stretches() []string {
	var out []string
	for m := range w {
		before := w[(m+minutesOfWeek-1)%minutesOfWeek]
		if w[m] || !before {
			continue
		}
		end := m
		for !w[end%minutesOfWeek] {
			end++
		}
		out = append(out, sayMinute(m, false)+" to "+sayMinute(end, end/minutesOfDay == m/minutesOfDay))
	}
	return out
}

// sayMinute says a minute of the week: Mon 17:00, or 17:00 where the day is
// known.
func sayMinute(m int, sameDay bool) string {
	m %= minutesOfWeek
	clock := Clock(m % minutesOfDay).String()
	if sameDay {
		return clock
	}
	day := time.Weekday((m/minutesOfDay + 1) % 7).String()[:3]
	return day + " " + clock
}

// splitHours looks at the week's 168 hours where the helpdesk is split: in each,
// somebody leads the client's own rows that have no rule for it. In business
// hours that is their owner. Outside them it takes the MSP by after_hours, or a
// rotation of the client's own.
func (l *linter) splitHours() {
	e := l.e
	week := compileWeek(e.BusinessHours)
	if !contains(e.Patterns, PatternHelpdesk) || len(e.BusinessHours) == 0 || week.quiet() <= 0 || e.AfterHours == MSP {
		return
	}
	if _, ok := e.SideRotation(Internal); ok {
		return
	}
	var rows []string
	for _, f := range e.Matrix.Functions {
		if withoutRule(f) {
			rows = append(rows, f.Name)
		}
	}
	if len(rows) == 0 {
		return
	}
	also := ""
	if len(e.Holidays) > 0 {
		also = ", and on holidays"
	}
	l.warn("engagement.after_hours", "write after_hours: msp, or add a rotation of side internal",
		"the helpdesk is split, but in %s of the week's %d hours nobody is there to lead %s: %s%s",
		trimHours(week.quiet()), hoursOfWeek, names(rows), strings.Join(week.stretches(), ", "), also)
	l.split = true
}

// withoutRule reports whether a row is the client's and leaves to the
// engagement who leads it outside business hours.
func withoutRule(f Function) bool { return f.Owner == Internal && f.Lead.AfterHours == "" }
