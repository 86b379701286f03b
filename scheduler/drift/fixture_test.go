package drift

import (
	"time"
	_ "time/tzdata" // the zones, on a machine that has none

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
)

var weekdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// harbor is an engagement with a cadence of each kind that the tests ask about.
func harbor() *store.Engagement {
	person := func(id, name string, side store.Side, role string) store.Person {
		return store.Person{ID: id, Name: name, Side: side, Roles: []string{role}}
	}
	both := []string{"maria", "theo", "devon", "sam"}
	return &store.Engagement{
		ID: "harbor", Client: "Harbor Legal Group", MSP: "Palmetto Ridge IT", TimeZone: "America/New_York",
		BusinessHours: []store.Window{{Days: weekdays, From: 8 * 60, To: 17*60 + 30}},
		People: []store.Person{
			person("maria", "Maria Ortega", store.Internal, store.RoleInternalLead),
			person("theo", "Theo Lindqvist", store.Internal, store.RoleStaff),
			person("dana", "Dana Whitfield", store.Internal, store.RoleExecutive),
			person("devon", "Devon Pruitt", store.MSP, store.RoleMSPLead),
			person("priya", "Priya Raman", store.MSP, store.RoleVCIO),
			person("sam", "Sam Okafor", store.MSP, store.RoleEngineer),
		},
		Matrix: store.Matrix{Version: 1, Signed: []store.Signature{{By: "maria", Date: day("2026-09-29")}, {By: "devon", Date: day("2026-09-30")}}},
		Artifacts: []store.Artifact{{
			ID: "wisp", Name: "Written Information Security Program", Owner: "priya",
			LastReviewed: day("2026-01-15"), ReviewEvery: store.Duration{N: 12, Unit: store.Months},
		}},
		Cadences: []store.Cadence{
			{ID: "standup", Name: "Weekly standup", Kind: store.KindStandup, Owner: "theo", Expects: both},
			{ID: "report", Name: "Monthly report", Kind: store.KindReport, Owner: "devon", Expects: []string{"devon"}},
			{ID: "qbr", Name: "Quarterly business review", Kind: store.KindQBR, Owner: "devon", Expects: []string{"maria", "devon", "dana"}, Leadership: []string{"dana"}},
			{ID: "review", Name: "Quarterly matrix review", Kind: store.KindMatrixReview, Owner: "maria", Expects: []string{"maria", "devon"}, Grace: store.Duration{N: 7, Unit: store.Days}},
			{ID: "restore", Name: "Tested restore", Kind: store.KindTestedRestore, Owner: "sam", Expects: []string{"sam", "maria"}},
		},
	}
}

func day(s string) store.Date {
	d, err := store.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// input is the engagement with a record of nothing but what is given, and a
// next date for each of these.
func input(tb rapid.TB, e *store.Engagement, away []store.Absence, rhythms ...Rhythm) *Input {
	tb.Helper()
	k, err := calendar.New(e, away)
	if err != nil {
		tb.Fatal(err)
	}
	return &Input{Engagement: e, Calendar: k, Rhythms: rhythms}
}

var newYork = func() *time.Location {
	loc, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return loc
}()

// local reads a time on the wall in New York: "2026-11-02T09:00".
func local(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02T15:04", s, newYork)
	if err != nil {
		panic(err)
	}
	return t
}

// ahead is a next date that is never in the past.
var ahead = local("2030-01-01T09:00")

// occurrence is one that was due at nine, with a day of grace, and held at ten
// by both sides if the state says held.
func occurrence(cadence, due string, state store.OccurrenceState) store.Occurrence {
	at := local(due + "T09:00")
	o := store.Occurrence{Cadence: cadence, Civil: due + "T09:00", Due: at, Grace: at.AddDate(0, 0, 1), State: state}
	if state == store.Held {
		o.Record = store.Record{At: at.Add(time.Hour), By: "maria", Attended: []string{"maria", "devon"}}
	}
	return o
}

// late are occurrences that were held on the days, each five after it was due.
func late(cadence string, days ...string) []store.Occurrence {
	var out []store.Occurrence
	for _, d := range days {
		o := occurrence(cadence, day(d).AddDays(-5).String(), store.Held)
		o.Record.At = local(d + "T10:00")
		out = append(out, o)
	}
	return out
}

// gaps are late ones held with the gaps in days between them, from 5 Jan 2026.
func gaps(cadence string, days ...int) []store.Occurrence {
	d := day("2026-01-05")
	dates := []string{d.String()}
	for _, n := range days {
		d = d.AddDays(n)
		dates = append(dates, d.String())
	}
	return late(cadence, dates...)
}

func prints(found []store.Finding) []string {
	var out []string
	for i := range found {
		out = append(out, found[i].Fingerprint())
	}
	return out
}
