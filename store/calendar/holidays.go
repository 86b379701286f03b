package calendar

import (
	"slices"
	"sort"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rickar/cal/v2"

	"github.com/tandem-bot/tandem/store"
)

// OwnHoliday is the name of a holiday that the engagement gives as a bare date.
const OwnHoliday = "Holiday"

// The library works its days out at midnight of the machine's own zone, where
// midnight may not exist. In UTC every day has one.
func init() { cal.DefaultLoc = time.UTC }

// CheckHoliday reports whether name is a holiday that an engagement can list:
// an ISO date, or the name of a calendar in any case (see [HolidayNames]). The
// error is a *store.Error that suggests the nearest calendar and lists all.
func CheckHoliday(name string) error {
	_, _, err := parseHoliday(name)
	return err
}

// HolidayNames lists every calendar: us-federal, the ISO 3166 codes of
// countries, and of regions where the library knows them (de-by, ch-zh, au-nsw).
func HolidayNames() []string {
	names := make([]string, 0, len(countries))
	for name := range countries {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func parseHoliday(name string) (*country, store.Date, error) {
	if found, ok := countries[strings.ToLower(name)]; ok {
		return found, store.Date{}, nil
	}
	if name != "" && name[0] >= '0' && name[0] <= '9' {
		date, err := store.ParseDate(name)
		if err != nil {
			return nil, date, store.Errorf(store.CodeInvalid, "The holiday %s.", err)
		}
		return nil, date, nil
	}
	names := HolidayNames()
	return nil, store.Date{}, store.Errorf(store.CodeInvalid,
		"%q is no holiday calendar that Tandem knows; did you mean %s? Write a date like 2026-11-27, or one of: %s.",
		shorten(name), suggest(strings.ToLower(name), names), strings.Join(names, ", "))
}

// shorten keeps a message readable whatever was typed.
func shorten(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// yearDays are the holidays of one year.
type yearDays struct {
	year int
	bits [6]uint64 // one for each day of the year, counted from 1
	days []namedDay
}

type namedDay struct {
	yearDay int
	name    string
}

func (y *yearDays) has(yearDay int) bool { return y.bits[yearDay/64]&(1<<(yearDay%64)) != 0 }

func (y *yearDays) name(yearDay int) string {
	for _, d := range y.days {
		if d.yearDay == yearDay {
			return d.name
		}
	}
	return ""
}

// add names the day, unless it has a name already.
func (y *yearDays) add(yearDay int, name string) {
	if y.has(yearDay) {
		return
	}
	y.bits[yearDay/64] |= 1 << (yearDay % 64)
	y.days = append(y.days, namedDay{yearDay, name})
}

// yearCache keeps the years that were last asked for. It has a fixed size and
// no lock: two that miss at once work out the same year twice, no harm done.
type yearCache [16]atomic.Pointer[yearDays]

func (c *yearCache) get(year int) *yearDays {
	if y := c.slot(year).Load(); y != nil && y.year == year {
		return y
	}
	return nil
}

func (c *yearCache) put(y *yearDays) { c.slot(y.year).Store(y) }

func (c *yearCache) slot(year int) *atomic.Pointer[yearDays] {
	return &c[uint(year)%uint(len(c))]
}

// country is one calendar of the library. All engagements share it.
type country struct {
	holidays []*cal.Holiday
	years    yearCache
}

func (c *country) year(year int) *yearDays {
	if y := c.years.get(year); y != nil {
		return y
	}
	y := &yearDays{year: year}
	// The holidays themselves go first, for their names.
	for _, h := range c.holidays {
		if actual, _ := h.Calc(year); !actual.IsZero() {
			y.addDay(actual, h.Name)
		}
	}
	for _, h := range c.holidays {
		// An observed day can lie in the year before or after its holiday.
		for of := year - 1; of <= year+1; of++ {
			if _, observed := h.Calc(of); !observed.IsZero() {
				y.addDay(observed, h.Name+" (observed)")
			}
		}
	}
	c.years.put(y)
	return y
}

// addDay names the day if it is in the year at all.
func (y *yearDays) addDay(t time.Time, name string) {
	if t.Year() == y.year {
		y.add(t.YearDay(), name)
	}
}

// holidays are those of one engagement.
type holidays struct {
	countries []*country
	single    []store.Date // sorted
	years     yearCache
}

func (h *holidays) none() bool { return len(h.countries) == 0 && len(h.single) == 0 }

// noneAfter reports whether neither day n nor a later one is a holiday.
func (h *holidays) noneAfter(n dayNumber) bool {
	if len(h.countries) > 0 {
		return false
	}
	return len(h.single) == 0 || dayOf(h.single[len(h.single)-1]) < n
}

func (h *holidays) on(n dayNumber) bool {
	if h.none() {
		return false
	}
	day := n.utc()
	return h.year(day.Year()).has(day.YearDay())
}

// name returns what the holiday on day n is called, or "" if it is none.
func (h *holidays) name(n dayNumber) string {
	if h.none() {
		return ""
	}
	day := n.utc()
	return h.year(day.Year()).name(day.YearDay())
}

func (h *holidays) year(year int) *yearDays {
	if y := h.years.get(year); y != nil {
		return y
	}
	y := &yearDays{year: year}
	for _, c := range h.countries {
		for _, d := range c.year(year).days {
			y.add(d.yearDay, d.name)
		}
	}
	from, _ := slices.BinarySearchFunc(h.single, year, func(d store.Date, year int) int { return d.Year - year })
	for _, d := range h.single[from:] {
		if d.Year != year {
			break
		}
		y.add(dayOf(d).utc().YearDay(), OwnHoliday)
	}
	h.years.put(y)
	return y
}
