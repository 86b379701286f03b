package calendar

import (
	"testing"

	"github.com/tandem-bot/tandem/store"
)

const fridayNight = "2026-11-20T23:12:00-05:00"

func away(tb testing.TB, person, from, to, cover string) store.Absence {
	tb.Helper()
	return store.Absence{Person: person, From: date(tb, from), To: date(tb, to), Cover: cover}
}

func TestLead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		row, at     string
		side        store.Side
		hours       string
		until       string
		person      string
		personUntil string
		onCall      bool
	}{
		{"user-helpdesk", fridayNight, store.MSP, AfterHours, "2026-11-23T08:00:00-05:00", "sam", "2026-11-23T08:00:00-05:00", true},
		{"user-helpdesk", "2026-11-18T10:28:00-05:00", store.Internal, BusinessHours, "2026-11-18T17:30:00-05:00", "theo", "2026-11-18T17:30:00-05:00", false},
		// No rule of its own: after_hours, since the client owns it.
		{"software-installs", fridayNight, store.MSP, AfterHours, "2026-11-23T08:00:00-05:00", "sam", "2026-11-23T08:00:00-05:00", true},
		{"software-installs", "2026-11-18T10:28:00-05:00", store.Internal, BusinessHours, "2026-11-18T17:30:00-05:00", "theo", "2026-11-18T17:30:00-05:00", false},
		// The MSP's own row: its person by day, whoever is on call by night.
		{"network", "2026-11-18T10:28:00-05:00", store.MSP, BusinessHours, "2026-11-18T17:30:00-05:00", "lee", "2026-11-18T17:30:00-05:00", false},
		{"network", fridayNight, store.MSP, AfterHours, "2026-11-23T08:00:00-05:00", "sam", "2026-11-23T08:00:00-05:00", true},
		// Lee is accountable and on call, until Sam's next night.
		{"network", "2026-11-24T10:00:00-05:00", store.MSP, BusinessHours, "2026-11-24T17:30:00-05:00", "lee", "2026-11-30T17:30:00-05:00", false},
		// The rotation on the path goes before the side's first; one person holds it for good.
		{"edr-triage", fridayNight, store.MSP, AfterHours, "2026-11-23T08:00:00-05:00", "nadia", "", true},
		{"edr-triage", "2026-11-18T10:28:00-05:00", store.MSP, BusinessHours, "2026-11-18T17:30:00-05:00", "nadia", "", false},
		// Joint: each side's person.
		{"incident-response", "2026-11-18T10:28:00-05:00", store.Internal, BusinessHours, "2026-11-18T17:30:00-05:00", "maria", "2026-11-18T17:30:00-05:00", false},
		{"incident-response", fridayNight, store.MSP, AfterHours, "2026-11-23T08:00:00-05:00", "sam", "2026-11-23T08:00:00-05:00", true},
		{"compliance-posture", "2026-11-18T10:28:00-05:00", store.MSP, BusinessHours, "2026-11-18T17:30:00-05:00", "priya", "2026-11-18T17:30:00-05:00", false},
		{"unnamed-row", "2026-11-18T10:28:00-05:00", store.MSP, BusinessHours, "2026-11-18T17:30:00-05:00", "devon", "2026-11-18T17:30:00-05:00", false},
		// Holidays are after hours; the hand-off on call happens all the same.
		{"user-helpdesk", "2026-11-26T09:40:00-05:00", store.MSP, AfterHours, "2026-11-30T08:00:00-05:00", "lee", "2026-11-30T08:00:00-05:00", true},
		{"user-helpdesk", "2026-12-31T12:00:00-05:00", store.Internal, BusinessHours, "2026-12-31T17:30:00-05:00", "theo", "2026-12-31T17:30:00-05:00", false},
		{"user-helpdesk", "2026-12-31T23:59:00-05:00", store.MSP, AfterHours, "2027-01-04T08:00:00-05:00", "sam", "2027-01-04T08:00:00-05:00", true},
	}
	e := harbor()
	k := compile(t, e)
	for _, tt := range tests {
		got := k.Lead(row(t, e, tt.row), instant(t, tt.at))
		if got.Side != tt.side || got.Hours != tt.hours || rfc(got.Until) != tt.until || got.Person != tt.person ||
			rfc(got.PersonUntil) != tt.personUntil || (got.OnCall != nil) != tt.onCall || got.StandsInFor != "" || got.Absent {
			t.Errorf("%s at %s:\n got %s %s until %s, %s until %s\nwant %s %s until %s, %s until %s", tt.row, tt.at,
				got.Side, got.Hours, rfc(got.Until), got.Person, rfc(got.PersonUntil),
				tt.side, tt.hours, tt.until, tt.person, tt.personUntil)
		}
	}
}

func TestLeadNamesTheRotation(t *testing.T) {
	t.Parallel()
	e := harbor()
	got := compile(t, e).Lead(row(t, e, "user-helpdesk"), instant(t, fridayNight))
	if got.OnCall != &e.OnCall[0] || got.Turn.Person != "sam" ||
		rfc(got.Turn.Since) != "2026-11-16T08:00:00-05:00" || rfc(got.Turn.Until) != "2026-11-23T08:00:00-05:00" {
		t.Errorf("%+v, turn %+v", got.OnCall, got.Turn)
	}
}

func TestSeverityLead(t *testing.T) {
	t.Parallel()
	const working = "2026-11-18T10:28:00-05:00"
	tests := []struct {
		level  int
		at     string
		side   store.Side
		person string
	}{
		{1, working, store.MSP, "devon"},
		{1, fridayNight, store.MSP, "sam"},
		{2, working, store.Internal, "maria"},
		{2, fridayNight, store.MSP, "sam"},
		{3, working, store.Internal, "maria"},
		{3, fridayNight, store.Internal, "maria"}, // on call for the firm that week
		{3, "2026-11-28T12:00:00-05:00", store.Internal, "theo"},
		{4, working, store.Internal, "maria"}, // no rule: the client by day, after_hours by night
		{4, fridayNight, store.MSP, "sam"},
	}
	e := harbor()
	k := compile(t, e)
	for _, tt := range tests {
		s, _ := e.Severity(tt.level)
		got := k.SeverityLead(s, instant(t, tt.at))
		if got.Side != tt.side || got.Person != tt.person {
			t.Errorf("sev %d at %s: %s %s, want %s %s", tt.level, tt.at, got.Side, got.Person, tt.side, tt.person)
		}
	}
}

// The severity's rule goes before the row's and the clock's; the person is the row's.
func TestIncidentLead(t *testing.T) {
	t.Parallel()
	e := harbor()
	k := compile(t, e)
	at := instant(t, "2026-11-18T10:28:00-05:00")
	response, network := row(t, e, "incident-response"), row(t, e, "network")
	if got := k.IncidentLead(&e.Severities[0], response, at); got.Side != store.MSP || got.Person != "nadia" {
		t.Errorf("sev 1: %s %s, want msp nadia", got.Side, got.Person)
	}
	if got := k.IncidentLead(&e.Severities[3], network, at); got.Side != store.MSP || got.Person != "lee" {
		t.Errorf("sev 4, without a rule: %s %s, want the row's owner", got.Side, got.Person)
	}
	if got := k.IncidentLead(&e.Severities[3], response, at); got.Side != store.Internal || got.Person != "maria" {
		t.Errorf("sev 4, without a rule: %s %s, want the row's rule", got.Side, got.Person)
	}
}

func TestLeadOfTheOwnerWithoutAfterHours(t *testing.T) {
	t.Parallel()
	e := harbor()
	e.AfterHours = ""
	f := row(t, e, "software-installs")
	if got := compile(t, e).Lead(f, instant(t, fridayNight)); got.Side != store.Internal || got.Person != "maria" || got.OnCall != &e.OnCall[2] {
		t.Errorf("%s %s, want the client's own on call", got.Side, got.Person)
	}
	e.OnCall = nil
	if got := compile(t, e).Lead(f, instant(t, fridayNight)); got.Side != store.Internal || got.Person != "theo" {
		t.Errorf("%s %s, want the accountable person where nobody is on call", got.Side, got.Person)
	}
}

// after_hours is about the client's rows; the MSP's own stay with the MSP.
func TestAfterHoursIsNotForTheMSPsRows(t *testing.T) {
	t.Parallel()
	e := harbor()
	e.AfterHours = store.Internal
	if got := compile(t, e).Lead(row(t, e, "network"), instant(t, fridayNight)); got.Side != store.MSP || got.Person != "sam" {
		t.Errorf("%s %s, want the owner", got.Side, got.Person)
	}
}

func TestLeadWithHardlyAnybody(t *testing.T) {
	t.Parallel()
	at := instant(t, fridayNight)
	f := &store.Function{ID: "x", Owner: store.MSP, Escalation: []string{"on-call:msp", "ghost"}}
	e := &store.Engagement{TimeZone: "UTC"}
	if got := compile(t, e).Lead(f, at); got.Person != "" || got.Side != store.MSP || got.Absent {
		t.Errorf("nobody at all: %+v", got)
	}
	e.People = []store.Person{{ID: "anna", Side: store.Internal}, {ID: "max", Side: store.MSP}, {ID: "mia", Side: store.MSP}}
	if got := compile(t, e).Lead(f, at); got.Person != "max" {
		t.Errorf("no lead and no path: %q, want anybody of the side", got.Person)
	}
	f.Escalation = []string{"anna", "mia"}
	if got := compile(t, e).Lead(f, at); got.Person != "mia" {
		t.Errorf("no lead: %q, want the side's first on the path", got.Person)
	}
	joint := &store.Function{ID: "y", Owner: store.Joint, Accountable: store.Accountable{Person: "mia"}}
	if got := compile(t, e).Lead(joint, at); got.Side != store.MSP || got.Person != "mia" {
		t.Errorf("joint without a rule: %s %q, want the side of the accountable person", got.Side, got.Person)
	}
}

func TestStandIn(t *testing.T) {
	t.Parallel()
	const wednesday = "2026-11-18T10:28:00-05:00"
	everybody := []string{"maria", "theo", "dana", "devon", "priya", "nadia", "sam", "lee"}
	out := func(cover string, people ...string) []store.Absence {
		var list []store.Absence
		for _, person := range people {
			list = append(list, away(t, person, "2026-11-18", "2026-11-20", cover))
		}
		return list
	}
	tests := []struct {
		name, row, at string
		absences      []store.Absence
		person        string
		standsInFor   string
		reason        StandInReason
		personUntil   string
	}{
		{"cover", "user-helpdesk", wednesday, out("dana", "theo"), "dana", "theo", ByCover, "2026-11-18T17:30:00-05:00"},
		{"no cover: the next on the path", "user-helpdesk", wednesday, out("", "theo"), "maria", "theo", ByEscalation, "2026-11-18T17:30:00-05:00"},
		{"cover is away too", "user-helpdesk", wednesday, out("dana", "theo", "dana"), "maria", "theo", ByEscalation, "2026-11-18T17:30:00-05:00"},
		{"cover is nobody", "user-helpdesk", wednesday, out("ghost", "theo"), "maria", "theo", ByEscalation, "2026-11-18T17:30:00-05:00"},
		{"both out: whoever is on call", "user-helpdesk", wednesday, out("", "theo", "maria"), "sam", "theo", ByEscalation, "2026-11-23T08:00:00-05:00"},
		{"the path leads to the other side", "wifi", wednesday, out("", "theo"), "lee", "theo", ByEscalation, "2026-11-18T17:30:00-05:00"},
		{"on call and away", "network", fridayNight, out("", "sam"), "lee", "sam", ByEscalation, "2026-11-21T00:00:00-05:00"},
		{"on call, away, covered", "network", fridayNight, out("priya", "sam"), "priya", "sam", ByCover, "2026-11-21T00:00:00-05:00"},
		{"on call, away, and last on the path", "software-installs", fridayNight, out("", "sam"), "lee", "sam", BySide, "2026-11-21T00:00:00-05:00"},
		{"last on the path: its side's first", "edr-triage", wednesday, out("", "nadia", "maria"), "devon", "nadia", BySide, "2026-11-21T00:00:00-05:00"},
		{"only the other side is left", "wifi", wednesday, out("", "theo", "maria", "dana", "devon"), "lee", "theo", ByEscalation, "2026-11-18T17:30:00-05:00"},
		{"nobody is left", "user-helpdesk", wednesday, out("", everybody...), "theo", "", "", "2026-11-18T17:30:00-05:00"},
		{"nobody is left at night", "user-helpdesk", fridayNight, out("", everybody...), "sam", "", "", "2026-11-23T08:00:00-05:00"},
		{"back the next day", "user-helpdesk", "2026-11-21T00:00:00-05:00", out("", "sam"), "sam", "", "", "2026-11-23T08:00:00-05:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := harbor()
			got := compile(t, e, tt.absences...).Lead(row(t, e, tt.row), instant(t, tt.at))
			if got.Person != tt.person || got.StandsInFor != tt.standsInFor || got.Reason != tt.reason || rfc(got.PersonUntil) != tt.personUntil {
				t.Errorf("got %q for %q by %q until %s\nwant %q for %q by %q until %s", got.Person, got.StandsInFor, got.Reason, rfc(got.PersonUntil),
					tt.person, tt.standsInFor, tt.reason, tt.personUntil)
			}
			if nobody := len(tt.absences) == len(everybody); got.Absent != nobody {
				t.Errorf("absent is %v", got.Absent)
			}
			if tt.standsInFor != "" && got.Absence.Person != tt.standsInFor {
				t.Errorf("absence is %+v", got.Absence)
			}
		})
	}
}

// An absence in the future is seen coming.
func TestPersonUntilSeesAbsences(t *testing.T) {
	t.Parallel()
	e := harbor()
	k := compile(t, e, away(t, "nadia", "2026-12-07", "2026-12-11", ""))
	f := row(t, e, "edr-triage")
	got := k.Lead(f, instant(t, fridayNight))
	if got.Person != "nadia" || rfc(got.PersonUntil) != "2026-12-07T00:00:00-05:00" {
		t.Errorf("%s until %s", got.Person, rfc(got.PersonUntil))
	}
	then := k.Lead(f, got.PersonUntil)
	if then.Person != "maria" || then.StandsInFor != "nadia" || rfc(then.PersonUntil) != "2026-12-12T00:00:00-05:00" {
		t.Errorf("then %s for %s until %s", then.Person, then.StandsInFor, rfc(then.PersonUntil))
	}
	if back := k.Lead(f, then.PersonUntil); back.Person != "nadia" || !back.PersonUntil.IsZero() {
		t.Errorf("and then %s until %s", back.Person, rfc(back.PersonUntil))
	}
}

func TestEscalation(t *testing.T) {
	t.Parallel()
	e := harbor()
	e.Matrix.Functions[0].Escalation = []string{"theo", "on-call:internal", "maria", "on-call:msp", "ghost", "on-call:nobody", "sam", "devon"}
	f := &e.Matrix.Functions[0]
	k := compile(t, e, away(t, "theo", "2026-11-18", "2026-11-20", "dana"), away(t, "devon", "2026-11-20", "2026-11-20", "theo"))
	got := k.Escalation(f, instant(t, fridayNight))
	want := []Step{
		{Person: "theo", Name: "Theo", Side: store.Internal, Absent: true, Cover: "dana"},
		{Person: "maria", Name: "Maria", Side: store.Internal, Rotation: &e.OnCall[2]},
		{Person: "sam", Name: "Sam", Side: store.MSP, Rotation: &e.OnCall[0]},
		{Person: "devon", Name: "Devon", Side: store.MSP, Absent: true},
	}
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("step %d: %+v, want %+v", i, got[i], want[i])
		}
	}
	if later := k.Escalation(f, instant(t, "2026-11-23T08:00:00-05:00")); later[0].Absent || later[1].Person != "maria" || later[2].Person != "lee" {
		t.Errorf("after the hand-off: %+v", later)
	}
}

func TestAbsent(t *testing.T) {
	t.Parallel()
	k := compile(t, harbor(),
		away(t, "maria", "2026-12-24", "2027-01-02", ""),
		away(t, "maria", "2026-12-28", "2026-12-29", "theo"),
		away(t, "maria", "2027-01-03", "2027-01-03", ""),
		away(t, "sam", "2026-12-30", "2026-12-24", ""),
	)
	tests := []struct {
		at     string
		absent bool
		cover  string
		until  string
	}{
		{"2026-12-23T23:59:59-05:00", false, "", "2026-12-24T00:00:00-05:00"},
		{"2026-12-24T00:00:00-05:00", true, "", "2027-01-04T00:00:00-05:00"},
		{"2026-12-28T12:00:00-05:00", true, "theo", "2027-01-04T00:00:00-05:00"},
		{"2027-01-02T23:59:59-05:00", true, "", "2027-01-04T00:00:00-05:00"},
		{"2027-01-04T00:00:00-05:00", false, "", ""},
	}
	for _, tt := range tests {
		at := instant(t, tt.at)
		a, absent := k.Absent("maria", at)
		if absent != tt.absent || a.Cover != tt.cover || rfc(k.AbsentUntil("maria", at)) != tt.until {
			t.Errorf("%s: %v, cover %q, until %s", tt.at, absent, a.Cover, rfc(k.AbsentUntil("maria", at)))
		}
	}
	if _, absent := k.Absent("sam", instant(t, "2026-12-27T12:00:00-05:00")); absent {
		t.Error("an absence that ends before it begins counts")
	}
}
