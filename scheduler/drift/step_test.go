package drift

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// said is a transition in a line: what, from, to and who hears it.
func said(list []Transition) string {
	var out []string
	for _, t := range list {
		out = append(out, string(t.Change)+" "+t.Finding.Fingerprint()+" "+t.From.String()+"→"+t.To.String()+": "+strings.Join(t.Audience, " "))
	}
	return strings.Join(out, "; ")
}

// subjects is a found one of every kind, and who owns it.
var subjects = map[store.FindingKind]struct{ subject, owner string }{
	store.FindingMissed:       {"standup", "theo"},
	store.FindingStretching:   {"standup", "theo"},
	store.FindingBecame:       {"standup", "theo"},
	store.FindingOneSided:     {"standup", "theo"},
	store.FindingNoLeadership: {"qbr", "devon"},
	store.FindingMatrixStale:  {store.SubjectMatrix, "maria"},
	store.FindingNoNextDate:   {"restore", "sam"},
	store.FindingArtifact:     {"wisp", "priya"},
	store.FindingUnanswered:   {"vpn", "devon"},
}

// Every row of the table climbs every step of the ladder, at its second and no
// sooner; both leads and everybody above hear the same words.
func TestLadder(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := subjects[kind]
			in := input(t, harbor(), nil, Rhythm{Cadence: "standup", Every: 7}, Rhythm{Cadence: "qbr", Every: 91}, Rhythm{Cadence: "restore", Every: 91})
			request("2026-11-05T09:00", 1)(in)
			found := []store.Finding{{Kind: kind, Subject: w.subject, Name: "Weekly standup", Facts: "So it is."}}
			name := found[0].Fingerprint()
			var open []store.OpenFinding
			step := func(at, want string) {
				t.Helper()
				seconds := strings.Count(at, "+")
				now := local(strings.TrimRight(at, "+")).Add(time.Duration(seconds) * time.Second)
				var changes []Transition
				open, changes = Step(in, open, found, now)
				if got := said(changes); got != want {
					t.Errorf("%s: %q, want %q", at, got, want)
				}
				for _, c := range changes {
					if c.Facts != "So it is." {
						t.Errorf("%s: %q are other words", at, c.Facts)
					}
				}
				if open, changes = Step(in, open, found, now); len(changes) > 0 {
					t.Errorf("%s: again %q", at, said(changes))
				}
			}
			step("2026-11-05T09:30", "opened "+name+" on track→watch: "+w.owner) // a Thursday
			step("2026-11-09T09:29", "")
			step("2026-11-09T09:30", "worse "+name+" watch→drift: maria devon")
			step("2026-11-11T09:29", "")
			step("2026-11-11T09:30", "worse "+name+" drift→stalled: maria devon dana priya")
			step("2026-12-24T09:30", "")
			if got := open[0].Told; !slices.Equal(got, unique([]string{w.owner, "maria", "devon", "dana", "priya"})) {
				t.Errorf("told %q", got)
			}
		})
	}
}

// found is one of the standup.
func found(kind store.FindingKind, ratio float64) []store.Finding {
	f := store.Finding{Kind: kind, Subject: "standup", Name: "Weekly standup", Facts: "So it is.", Ratio: ratio}
	if kind == store.FindingBecame {
		f.Became = became(7, ratio)
	}
	return []store.Finding{f}
}

func at(level store.Level, climbed string) store.OpenFinding {
	return store.OpenFinding{Finding: found(store.FindingMissed, 1)[0], Level: level, Opened: local(climbed), Climbed: local(climbed), OpenedRatio: 1, Told: []string{"theo"}}
}

func TestLadderRests(t *testing.T) {
	t.Parallel()
	const thursday = "2026-11-05T09:30" // so that the second business day is Monday 9 Nov
	absence := func(who, cover string) store.Absence {
		return store.Absence{Person: who, From: day("2026-11-06"), To: day("2026-11-09"), Cover: cover}
	}
	acknowledged := func(f store.OpenFinding) store.OpenFinding {
		f.Acknowledged = local("2026-11-06T10:00")
		return f
	}
	tests := []struct {
		name     string
		open     store.OpenFinding
		away     []store.Absence
		holidays []string
		pauses   []store.Pause
		ratio    float64
		notYet   string
		then     string // "" means: not in two months
		want     store.Level
	}{
		{name: "a weekend", open: at(store.LevelWatch, thursday), notYet: "2026-11-09T09:29", then: "2026-11-09T09:30", want: store.LevelDrift},
		{name: "opened on a Saturday", open: at(store.LevelWatch, "2026-11-07T09:30"), notYet: "2026-11-10T09:29", then: "2026-11-10T09:30", want: store.LevelDrift},
		{name: "a holiday", open: at(store.LevelWatch, thursday), holidays: []string{"2026-11-09"}, notYet: "2026-11-10T09:29", then: "2026-11-10T09:30", want: store.LevelDrift},
		{name: "the owner away", open: at(store.LevelWatch, thursday), away: []store.Absence{absence("theo", "")}, notYet: "2026-11-11T09:29", then: "2026-11-11T09:30", want: store.LevelDrift},
		{name: "the owner away with a cover", open: at(store.LevelWatch, thursday), away: []store.Absence{absence("theo", "maria")}, notYet: "2026-11-09T09:29", then: "2026-11-09T09:30", want: store.LevelDrift},
		{name: "a cover who is away", open: at(store.LevelWatch, thursday), away: []store.Absence{absence("theo", "maria"), absence("maria", "")}, notYet: "2026-11-11T09:29", then: "2026-11-11T09:30", want: store.LevelDrift},
		{name: "a lead away before drift", open: at(store.LevelWatch, thursday), away: []store.Absence{absence("devon", "")}, notYet: "2026-11-09T09:29", then: "2026-11-09T09:30", want: store.LevelDrift},
		{name: "a lead away in drift", open: at(store.LevelDrift, thursday), away: []store.Absence{absence("devon", "")}, notYet: "2026-11-11T09:29", then: "2026-11-11T09:30", want: store.LevelStalled},
		{name: "a pause that is over", open: at(store.LevelDrift, thursday), pauses: []store.Pause{{From: day("2026-11-06"), Until: day("2026-11-06")}}, notYet: "2026-11-10T09:29", then: "2026-11-10T09:30", want: store.LevelStalled},
		{name: "acknowledged", open: acknowledged(at(store.LevelDrift, thursday)), notYet: "2027-01-05T09:30"},
		{name: "acknowledged on watch is no answer to drift", open: acknowledged(at(store.LevelWatch, thursday)), notYet: "2026-11-09T09:29", then: "2026-11-09T09:30", want: store.LevelDrift},
		{name: "not quite doubled", open: acknowledged(at(store.LevelDrift, thursday)), ratio: 1.99, notYet: "2026-12-05T09:30"},
		{name: "doubled from drift", open: acknowledged(at(store.LevelDrift, thursday)), ratio: 2, then: "2026-11-06T09:30", want: store.LevelStalled},
		{name: "doubled from watch", open: at(store.LevelWatch, thursday), ratio: 2, then: "2026-11-06T09:30", want: store.LevelStalled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := harbor()
			e.Holidays = tt.holidays
			in := input(t, e, tt.away, Rhythm{Cadence: "standup", Every: 7, Pauses: tt.pauses})
			found := found(store.FindingMissed, max(tt.ratio, 1))
			if tt.notYet != "" {
				if _, changes := Step(in, []store.OpenFinding{tt.open}, found, local(tt.notYet)); len(changes) > 0 {
					t.Errorf("%s: %s", tt.notYet, said(changes))
				}
			}
			if tt.then == "" {
				return
			}
			next, changes := Step(in, []store.OpenFinding{tt.open}, found, local(tt.then))
			if len(changes) != 1 || changes[0].Change != Worse || next[0].Level != tt.want || !next[0].Acknowledged.IsZero() {
				t.Errorf("%s: %s", tt.then, said(changes))
			}
		})
	}
}

// A standup is missed until everybody hears of it, and then comes back.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	e := harbor()
	story := weekly(h, m, m, m, h, h)
	for i := range story {
		story[i].State = store.Scheduled
	}
	in := input(t, e, nil, Rhythm{Cadence: "standup", Every: 7, Next: ahead, Occurrences: story})
	var open []store.OpenFinding
	for _, tt := range []struct {
		at    string
		i     int
		state store.OccurrenceState
		want  string
	}{
		{"2026-01-05T10:00", 0, h, ""},
		{"2026-01-19T09:00", 1, m, ""},
		{"2026-01-26T09:00", 2, m, "opened missed:standup on track→watch: theo"},
		{"2026-01-28T09:00", 3, store.Overdue, "worse missed:standup watch→drift: maria devon"},
		{"2026-01-30T09:00", 3, store.Overdue, "worse missed:standup drift→stalled: maria devon dana priya"},
		{"2026-02-02T09:00", 3, m, ""},
		{"2026-02-02T10:00", 4, h, "better missed:standup stalled→drift: theo maria devon dana priya"},
		{"2026-02-06T10:00", 4, h, ""},
		{"2026-02-10T09:00", 5, store.Overdue, ""},
		{"2026-02-10T09:00", 5, h, "closed missed:standup drift→on track: theo maria devon dana priya"},
		{"2026-02-10T09:00", 5, h, ""},
	} {
		story[tt.i].State = tt.state
		if tt.state == h {
			story[tt.i].Record.At = story[tt.i].Due.Add(time.Hour)
		}
		var changes []Transition
		open, changes = Step(in, open, Detect(in, local(tt.at)), local(tt.at))
		if got := said(changes); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.at, got, tt.want)
		}
	}
	if len(open) > 0 {
		t.Errorf("still open: %+v", open)
	}
}

func TestCloses(t *testing.T) {
	t.Parallel()
	opened := "2026-01-12T09:30" // after the second occurrence was held
	tests := []struct {
		name string
		kind store.FindingKind
		list []store.Occurrence
		want store.Level // that drift comes to; on track is closed
	}{
		{"nothing since", store.FindingMissed, weekly(h), store.LevelDrift},
		{"on time once", store.FindingMissed, weekly(h, h), store.LevelWatch},
		{"on time twice", store.FindingMissed, weekly(h, h, h), store.LevelNone},
		{"on time once before it opened", store.FindingMissed, weekly(h, m, h), store.LevelWatch},
		{"on time twice, not in a row", store.FindingMissed, weekly(h, h, m, h), store.LevelWatch},
		{"on time, then overdue", store.FindingMissed, weekly(h, h, store.Overdue), store.LevelDrift},
		{"an outage between", store.FindingStretching, reason(weekly(h, h, s, h), 2, store.SkippedOutage), store.LevelNone},
		{"skipped by somebody between", store.FindingStretching, weekly(h, h, s, h), store.LevelWatch},
		{"late does not count", store.FindingBecame, late("standup", "2026-01-20", "2026-01-27"), store.LevelDrift},
		{"one side does not count", store.FindingOneSided, attended(weekly(h, h, h), "", "maria", "maria"), store.LevelDrift},
		{"both sides do", store.FindingOneSided, weekly(h, h, h), store.LevelNone},
		{"without leadership does not count", store.FindingNoLeadership, weekly(h, h, h), store.LevelDrift},
		{"with leadership does", store.FindingNoLeadership, attended(weekly(h, h, h), "dana", "dana devon", "dana devon"), store.LevelNone},
		{"how things stand", store.FindingNoNextDate, weekly(h), store.LevelNone},
		{"the matrix", store.FindingMatrixStale, nil, store.LevelNone},
		{"a document", store.FindingArtifact, nil, store.LevelNone},
		{"a request", store.FindingUnanswered, nil, store.LevelNone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := input(t, harbor(), nil, Rhythm{Cadence: "standup", Every: 7, Next: ahead, Occurrences: tt.list})
			f := at(store.LevelDrift, opened)
			f.Kind, f.Acknowledged = tt.kind, local(opened)
			f.Opened = local("2026-01-12T09:30")
			next, changes := Step(in, []store.OpenFinding{f}, nil, local("2026-03-03T12:00"))
			got := store.LevelNone
			if len(next) > 0 {
				got = next[0].Level
			}
			if got != tt.want || (len(changes) == 1) != (got != store.LevelDrift) {
				t.Errorf("%s: %s", got, said(changes))
			}
			for _, c := range changes {
				if !slices.Equal(c.Audience, f.Told) || c.Facts == "" || c.Facts == f.Facts {
					t.Errorf("%+v", c)
				}
			}
		})
	}
}

// Stretching that becomes another rhythm stays one finding, with one life.
func TestBecomesAndStays(t *testing.T) {
	t.Parallel()
	in := input(t, harbor(), nil, Rhythm{Cadence: "standup", Every: 7, Next: ahead})
	var open []store.OpenFinding
	for _, tt := range []struct {
		found []store.Finding
		want  string
	}{
		{found(store.FindingStretching, 1.6), "opened stretching:standup on track→watch: theo"},
		{found(store.FindingStretching, 1.7), ""},
		{found(store.FindingBecame, 1.8), "worse became:standup watch→watch: theo"},
		{found(store.FindingBecame, 2), ""},
		{found(store.FindingStretching, 1.6), ""},
		{found(store.FindingBecame, 1.9), ""},
		{found(store.FindingBecame, 3.6), "worse became:standup watch→stalled: maria devon dana priya"},
		{found(store.FindingBecame, 2.5), ""},
		{found(store.FindingBecame, 3.6), ""},
		{nil, ""},
		{found(store.FindingStretching, 1.6), ""},
	} {
		var changes []Transition
		open, changes = Step(in, open, tt.found, local("2026-11-05T09:30"))
		if got := said(changes); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.found, got, tt.want)
		}
	}
	if f := open[0]; len(open) != 1 || f.Kind != store.FindingBecame || f.Became != "monthly" || f.OpenedRatio != 1.6 || f.Ratio != 1.6 {
		t.Errorf("%+v", open)
	}
}

// What is on watch falls no lower by being on time once, and nobody hears of it.
func TestWatchStaysUntilItCloses(t *testing.T) {
	t.Parallel()
	in := input(t, harbor(), nil, Rhythm{Cadence: "standup", Every: 7, Next: ahead, Occurrences: weekly(h, m, h)})
	open := []store.OpenFinding{at(store.LevelWatch, "2026-01-12T09:30")}
	next, changes := Step(in, open, nil, local("2026-01-19T12:00"))
	if len(changes) > 0 || len(next) != 1 || next[0].Level != store.LevelWatch || next[0].OnTime != 1 || next[0].Better.IsZero() {
		t.Errorf("%+v %s", next, said(changes))
	}
}

// Those who were told are added to, in a list of its own.
func TestToldIsNotShared(t *testing.T) {
	t.Parallel()
	in := input(t, harbor(), nil, Rhythm{Cadence: "standup", Every: 7})
	f := at(store.LevelWatch, "2026-01-05T09:30")
	f.Told = append(make([]string, 0, 8), "theo")
	next, changes := Step(in, []store.OpenFinding{f}, found(store.FindingMissed, 1), local("2026-01-08T12:00"))
	changes[0].Finding.Told[0], changes[0].Audience[0] = "x", "x"
	if !slices.Equal(next[0].Told, []string{"theo", "maria", "devon"}) || !slices.Equal(f.Told[:3], []string{"theo", "", ""}) {
		t.Errorf("%q %q", next[0].Told, f.Told[:3])
	}
}

func TestPausedRests(t *testing.T) {
	t.Parallel()
	in := input(t, harbor(), nil, Rhythm{
		Cadence: "standup", Every: 7, Occurrences: weekly(m, m),
		Pauses: []store.Pause{{Cadence: "standup", From: day("2026-02-01"), Until: day("2026-02-28")}},
	})
	noNext := at(store.LevelWatch, "2026-01-20T09:00")
	noNext.Kind = store.FindingNoNextDate
	open := []store.OpenFinding{at(store.LevelWatch, "2026-01-20T09:00"), noNext}
	now := local("2026-02-10T09:00")
	if f := Detect(in, now); len(f) > 0 {
		t.Errorf("found in a pause: %+v", f)
	}
	next, changes := Step(in, open, nil, now)
	if len(next) != 2 || len(changes) > 0 || next[0].Level != store.LevelWatch {
		t.Errorf("%+v %s", next, said(changes))
	}
	now = local("2026-03-01T09:00")
	if next, changes = Step(in, next, Detect(in, now), now); len(next) != 2 || len(changes) != 2 {
		t.Errorf("after it: %+v %s", next, said(changes))
	}
}

func TestGoneClosesPlainly(t *testing.T) {
	t.Parallel()
	e := harbor()
	in := input(t, e, nil)
	open := []store.OpenFinding{at(store.LevelDrift, "2026-01-20T09:00"), at(store.LevelDrift, "2026-01-20T09:00")}
	open[1].Kind, open[1].Subject, open[1].Name = store.FindingArtifact, "bcp", "BCP"
	_, changes := Step(in, open, nil, local("2026-02-01T09:00"))
	var got []string
	for _, c := range changes {
		got = append(got, c.Facts)
	}
	want := []string{"The weekly standup is no longer part of the engagement.", "The BCP is no longer part of the engagement."}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestAudience(t *testing.T) {
	t.Parallel()
	leadless := func(e *store.Engagement) { e.People[0].Roles, e.People[3].Roles = nil, nil }
	tests := []struct {
		name   string
		change func(*store.Engagement)
		away   []store.Absence
		level  store.Level
		want   string
	}{
		{name: "nobody", level: store.LevelNone},
		{name: "the owner", level: store.LevelWatch, want: "theo"},
		{name: "no owner", change: func(e *store.Engagement) { e.Cadences[0].Owner = "" }, level: store.LevelWatch, want: "maria devon"},
		{name: "an owner who left", change: func(e *store.Engagement) { e.Cadences[0].Owner = "ghost" }, level: store.LevelWatch, want: "maria devon"},
		{name: "both leads", level: store.LevelDrift, want: "maria devon"},
		{name: "all", level: store.LevelStalled, want: "maria devon dana priya"},
		{name: "an executive who is lead", change: func(e *store.Engagement) { e.People[0].Roles = append(e.People[0].Roles, store.RoleExecutive) }, level: store.LevelStalled, want: "maria devon dana priya"},
		{name: "a vCIO who is an executive", change: func(e *store.Engagement) { e.People[4].Roles = append(e.People[4].Roles, store.RoleExecutive) }, level: store.LevelStalled, want: "maria devon dana priya"},
		{name: "no leads", change: leadless, level: store.LevelDrift, want: "dana priya"},
		{name: "no roles", change: func(e *store.Engagement) {
			for i := range e.People {
				e.People[i].Roles = nil
			}
		}, level: store.LevelStalled, want: "maria devon"},
		{name: "a cover", away: []store.Absence{{Person: "devon", From: day("2026-02-01"), To: day("2026-02-03"), Cover: "sam"}}, level: store.LevelDrift, want: "maria devon sam"},
		{name: "a cover who is nobody", away: []store.Absence{{Person: "devon", From: day("2026-02-01"), To: day("2026-02-03"), Cover: "ghost"}}, level: store.LevelDrift, want: "maria devon"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := harbor()
			if tt.change != nil {
				tt.change(e)
			}
			f := at(tt.level, "2026-02-02T09:00")
			if got := strings.Join(Audience(input(t, e, tt.away), &f, tt.level, local("2026-02-02T09:00")), " "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
