package calendar

import (
	"cmp"
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// The two values of [Lead.Hours] and [Hours.Name], as the JSON contract has them.
const (
	BusinessHours = "business"
	AfterHours    = "after"
)

// flipHorizon bounds the search for the next change of hours: ten years.
const flipHorizon dayNumber = 3653

// Hours is what the clock says at one instant.
type Hours struct {
	Business bool
	// Until is the next instant at which Business changes, in the engagement's
	// zone. It is zero if it does not within ten years: without windows or with
	// windows around the clock, and no holiday ahead.
	Until time.Time
	// Holiday is the name of today's holiday, "" on any other day.
	Holiday string
}

// Name returns [BusinessHours] or [AfterHours].
func (h Hours) Name() string { return hoursName(h.Business) }

func hoursName(business bool) string {
	if business {
		return BusinessHours
	}
	return AfterHours
}

// Hours returns whether at lies in business hours, and until when.
func (k *Calendar) Hours(at time.Time) Hours {
	return k.hours(k.zone.clock(at))
}

func (k *Calendar) hours(c civil) Hours {
	business := k.business(c)
	return Hours{
		Business: business,
		Until: k.zone.firstChange(c, k.nextFlip, func(c civil) bool {
			return k.business(c) == business
		}),
		Holiday: k.holidays.name(c.day()),
	}
}

// span is [from, to) within a day.
type span struct{ from, to civil }

// week holds the merged spans of each weekday.
type week [7][]span

var wholeDay = []span{{0, civilDay}}

// compileWeek merges the windows; none at all is business around the clock.
func compileWeek(windows []store.Window) week {
	var w week
	if len(windows) == 0 {
		for day := range w {
			w[day] = wholeDay
		}
		return w
	}
	for _, window := range windows {
		s := span{civil(window.From) * civilMinute, civil(window.To) * civilMinute}
		for _, day := range window.Days {
			w[day] = append(w[day], s)
		}
	}
	for day := range w {
		w[day] = mergeSpans(w[day])
	}
	return w
}

func mergeSpans(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var merged []span
	for _, s := range spans {
		last := len(merged) - 1
		if last >= 0 && s.from <= merged[last].to {
			merged[last].to = max(merged[last].to, s.to)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// alwaysOpen reports whether only a holiday can close.
func (w *week) alwaysOpen() bool {
	for _, spans := range w {
		if len(spans) != 1 || spans[0] != wholeDay[0] {
			return false
		}
	}
	return true
}

// spans returns the business hours of day n.
func (k *Calendar) spans(n dayNumber) []span {
	spans := k.week[n.weekday()]
	if len(spans) > 0 && k.holidays.on(n) {
		return nil
	}
	return spans
}

func (k *Calendar) business(c civil) bool {
	now := c.timeOfDay()
	for _, s := range k.spans(c.day()) {
		if s.from <= now && now < s.to {
			return true
		}
	}
	return false
}

// nextFlip returns the first civil time after c with other hours than at c.
func (k *Calendar) nextFlip(c civil) (civil, bool) {
	if k.business(c) {
		return k.nextClose(c)
	}
	return k.nextOpen(c)
}

func (k *Calendar) nextOpen(c civil) (civil, bool) {
	today := c.day()
	for n := today; n <= today+flipHorizon; n++ {
		for _, s := range k.spans(n) {
			if open := n.start() + s.from; open > c {
				return open, true
			}
		}
	}
	return 0, false
}

func (k *Calendar) nextClose(c civil) (civil, bool) {
	today := c.day()
	for n := today; n <= today+flipHorizon; n++ {
		if k.alwaysOpen && k.holidays.noneAfter(n) {
			return 0, false
		}
		if closing := k.closing(n, c); closing < (n + 1).start() {
			return closing, true
		}
		c = (n + 1).start()
	}
	return 0, false
}

// closing is the end of the business hours of day n that hold at c: c itself
// if none do, and the next midnight if they go on beyond it.
func (k *Calendar) closing(n dayNumber, c civil) civil {
	for _, s := range k.spans(n) {
		if n.start()+s.from <= c && c < n.start()+s.to {
			return n.start() + s.to
		}
	}
	return c
}
