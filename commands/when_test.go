package commands

import (
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

func TestInstantInWords(t *testing.T) {
	for _, c := range []struct{ zone, at, now, want string }{
		{"America/New_York", "2026-11-24T08:00:00-05:00", "2026-11-23T08:00:00-05:00", "Tue 08:00 EST"},
		{"America/New_York", "2026-11-29T07:59:00-05:00", "2026-11-23T08:00:00-05:00", "Sun 07:59 EST"},
		{"America/New_York", "2026-11-29T08:00:00-05:00", "2026-11-23T08:00:00-05:00", "Sun 29 Nov 08:00 EST"},
		{"America/New_York", "2027-01-04T08:00:00-05:00", "2026-12-31T18:00:00-05:00", "Mon 08:00 EST"},
		{"America/New_York", "2027-01-11T08:00:00-05:00", "2026-12-31T18:00:00-05:00", "Mon 11 Jan 2027 08:00 EST"},
		{"America/New_York", "2026-03-09T12:00:00Z", "2026-03-06T23:00:00Z", "Mon 08:00 EDT"}, // clocks change in between
		{"America/Sao_Paulo", "2026-11-24T08:00:00-03:00", "2026-11-23T18:00:00-03:00", "Tue 08:00 UTC-3"},
		{"Asia/Kathmandu", "2026-11-24T08:00:00+05:45", "2026-11-23T18:00:00+05:45", "Tue 08:00 UTC+5:45"},
		{"Asia/Kolkata", "2026-11-24T08:00:00+05:30", "2026-11-23T18:00:00+05:30", "Tue 08:00 IST"},
		{"UTC", "2026-11-24T08:00:00Z", "2026-11-23T18:00:00Z", "Tue 08:00 UTC"},
		{"Pacific/Marquesas", "2026-11-24T08:00:00-09:30", "2026-11-23T18:00:00-09:30", "Tue 08:00 UTC-9:30"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := instant(instantOf(t, c.at), instantOf(t, c.now).In(zone)); got != c.want {
			t.Errorf("%s, %s: got %q, want %q", c.zone, c.at, got, c.want)
		}
	}
}

// leadLine returns the first fact of the card of taproom-tills.
func leadLine(t *testing.T, d *Desk, at string) string {
	t.Helper()
	text := about(t, d, ownership.KindFunction, "taproom-tills", "q", at).Text
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "Leads now: ") {
			return strings.TrimSpace(line)
		}
	}
	t.Fatalf("nobody leads in\n%s", text)
	return ""
}

func TestHoursInWords(t *testing.T) {
	dawn := func(e *store.Engagement) {
		e.BusinessHours = []store.Window{{Days: []time.Weekday{time.Sunday}, From: 150, To: 600}} // 02:30 to 10:00
	}
	allWeek := func(e *store.Engagement) {
		e.BusinessHours = []store.Window{{Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, From: 0, To: 24 * 60}}
		e.Holidays = []string{"2026-12-25"}
	}
	noHolidays := func(e *store.Engagement) { allWeek(e); e.Holidays = nil }
	saoPaulo := func(e *store.Engagement) { e.TimeZone = "America/Sao_Paulo" }
	for _, c := range []struct {
		title  string
		change func(*store.Engagement)
		at     string
		want   string
	}{
		{"the night when the named time is jumped over", dawn, "2026-03-08T01:50:00-07:00", "Leads now: Sol Ekberg, on call for High Line Networks, after hours until Sun 03:00 MDT"},
		{"and a minute after it", dawn, "2026-03-08T03:00:00-06:00", "Leads now: Tomás Rey, Stonefly Brewing, business hours until Sun 10:00 MDT"},
		{"around the clock but for a holiday", allWeek, tuesday, "Leads now: Tomás Rey, Stonefly Brewing, business hours until Fri 25 Dec 00:00 MST"},
		{"that holiday", allWeek, "2026-12-25T10:00:00-07:00", "Leads now: Ravi Menon, on call for High Line Networks, after hours (Holiday) until Sat 00:00 MST"},
		{"around the clock", noHolidays, tuesday, "Leads now: Tomás Rey, Stonefly Brewing, business hours around the clock"},
		{"a zone without letters", saoPaulo, "2026-11-24T10:00:00-03:00", "Leads now: Tomás Rey, Stonefly Brewing, business hours until Tue 17:00 UTC-3"},
	} {
		t.Run(c.title, func(t *testing.T) {
			if got := leadLine(t, desk(t, brewery(t, c.change)), c.at); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestSeries(t *testing.T) {
	for want, words := range map[string][]string{
		"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"},
	} {
		if got := card.And(words); got != want {
			t.Errorf("%v: got %q", words, got)
		}
	}
}
