package calendar

import (
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones, on a machine that has none

	"go.uber.org/goleak"

	"github.com/tandem-bot/tandem/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// allZones loads every IANA zone.
func allZones(tb testing.TB) []*time.Location {
	tb.Helper()
	names, err := os.ReadFile("testdata/zones.txt")
	if err != nil {
		tb.Fatal(err)
	}
	var zones []*time.Location
	for name := range strings.FieldsSeq(string(names)) {
		zones = append(zones, load(tb, name))
	}
	if len(zones) < 590 {
		tb.Fatalf("only %d zones", len(zones))
	}
	return zones
}

func load(tb testing.TB, name string) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

// transitions lists the changes of a zone's offset from one year to another.
func transitions(loc *time.Location, from, to int) []time.Time {
	var found []time.Time
	end := time.Date(to, 12, 31, 0, 0, 0, 0, time.UTC)
	for t := time.Date(from, 1, 1, 0, 0, 0, 0, loc); ; {
		next := offsetEnd(t)
		if next.IsZero() || next.After(end) {
			return found
		}
		_, before := t.Zone()
		if _, after := next.Zone(); before != after {
			found = append(found, next)
		}
		t = next
	}
}

func date(tb testing.TB, s string) store.Date {
	tb.Helper()
	d, err := store.ParseDate(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func clock(tb testing.TB, s string) store.Clock {
	tb.Helper()
	c, err := store.ParseClock(s)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// instant reads an RFC 3339 time, or "" as the zero time.
func instant(tb testing.TB, s string) time.Time {
	tb.Helper()
	if s == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		tb.Fatal(err)
	}
	return at
}

func rfc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func compile(tb testing.TB, e *store.Engagement, away ...store.Absence) *Calendar {
	tb.Helper()
	k, err := New(e, away)
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

var weekdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

var everyDay = append([]time.Weekday{time.Saturday, time.Sunday}, weekdays...)

// harbor is the law firm of the samples, with the rows that the tests ask about.
func harbor() *store.Engagement {
	byClock := store.LeadRule{BusinessHours: store.Internal, AfterHours: store.MSP}
	always := func(side store.Side) store.LeadRule { return store.LeadRule{BusinessHours: side, AfterHours: side} }
	person := func(id string, side store.Side, role string) store.Person {
		return store.Person{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Side: side, Roles: []string{role}}
	}
	monday := store.Handoff{Day: time.Monday, Time: 8 * 60}
	weekly := store.Duration{N: 1, Unit: store.Weeks}
	return &store.Engagement{
		ID: "harbor-legal", Client: "Harbor Legal Group", MSP: "Palmetto Ridge IT",
		TimeZone:      "America/New_York",
		BusinessHours: []store.Window{{Days: weekdays, From: 8 * 60, To: 17*60 + 30}},
		AfterHours:    store.MSP,
		Holidays:      []string{"us-federal", "2026-11-27", "2026-12-24"},
		People: []store.Person{
			person("maria", store.Internal, store.RoleInternalLead), person("theo", store.Internal, store.RoleStaff),
			person("dana", store.Internal, store.RoleExecutive), person("devon", store.MSP, store.RoleMSPLead),
			person("priya", store.MSP, store.RoleVCIO), person("nadia", store.MSP, store.RoleSOC),
			person("sam", store.MSP, store.RoleEngineer), person("lee", store.MSP, store.RoleEngineer),
		},
		Matrix: store.Matrix{Functions: []store.Function{
			{ID: "user-helpdesk", Owner: store.Internal, Accountable: store.Accountable{Person: "theo"}, Lead: byClock, Escalation: []string{"theo", "maria", "on-call:msp", "devon"}},
			{ID: "software-installs", Owner: store.Internal, Accountable: store.Accountable{Person: "theo"}, Escalation: []string{"theo", "maria", "sam"}},
			{ID: "wifi", Owner: store.Internal, Accountable: store.Accountable{Person: "theo"}, Escalation: []string{"theo", "lee"}},
			{ID: "network", Owner: store.MSP, Accountable: store.Accountable{Person: "lee"}, Escalation: []string{"on-call:msp", "lee", "devon"}},
			{ID: "edr-triage", Owner: store.MSP, Accountable: store.Accountable{Person: "nadia"}, Escalation: []string{"on-call:soc", "nadia", "maria"}},
			{ID: "incident-response", Owner: store.Joint, Accountable: store.Accountable{Internal: "maria", MSP: "nadia"}, Lead: byClock, Escalation: []string{"on-call:msp", "nadia", "maria", "dana"}},
			{ID: "compliance-posture", Owner: store.Joint, Accountable: store.Accountable{Person: "priya"}, Lead: always(store.MSP), Escalation: []string{"priya", "maria", "dana"}},
			{ID: "unnamed-row", Owner: store.MSP},
		}},
		Severities: []store.Severity{
			{Level: 1, Lead: always(store.MSP), Page: []string{"internal"}},
			{Level: 2, Lead: byClock},
			{Level: 3, Lead: always(store.Internal)},
			{Level: 4},
		},
		Playbook: store.Playbook{CallOrder: []string{"on-call:msp", "maria", "nadia", "devon", "dana"}},
		OnCall: []store.Rotation{
			{Side: store.MSP, From: store.Date{Year: 2026, Month: 10, Day: 5}, Handoff: monday, Every: weekly, People: []string{"sam", "lee"}},
			{Side: store.MSP, Name: "soc", From: store.Date{Year: 2026, Month: 10, Day: 5}, Handoff: monday, Every: weekly, People: []string{"nadia"}},
			{Side: store.Internal, From: store.Date{Year: 2026, Month: 10, Day: 5}, Handoff: monday, Every: weekly, People: []string{"maria", "theo"}},
		},
	}
}

func row(tb testing.TB, e *store.Engagement, id string) *store.Function {
	tb.Helper()
	f, ok := e.Function(id)
	if !ok {
		tb.Fatalf("no row %s", id)
	}
	return f
}
