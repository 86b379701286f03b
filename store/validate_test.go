package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/tandem-bot/tandem/store"
)

func day(y int, m time.Month, d int) store.Date { return store.Date{Year: y, Month: m, Day: d} }

// clinic is a small engagement with nothing to say about it on 2026-11-23.
func clinic() *store.Engagement {
	week := []time.Weekday{1, 2, 3, 4, 5}
	return &store.Engagement{
		ID: "bay-clinic", Client: "Bay Clinic", MSP: "Gulf IT", TimeZone: "America/New_York", AfterHours: store.MSP,
		BusinessHours: []store.Window{{Days: week, From: 8 * 60, To: 17 * 60}},
		Holidays:      []string{"us-federal", "2026-12-24"}, Patterns: []string{"helpdesk-split"}, Frameworks: []string{"hipaa"},
		People: []store.Person{
			{ID: "ana", Name: "Ana Ruiz", Side: store.Internal, Roles: []string{store.RoleInternalLead}, Slack: "U1"},
			{ID: "bo", Name: "Bo Lind", Side: store.Internal, Slack: "U2"},
			{ID: "cy", Name: "Cy Park", Side: store.MSP, Roles: []string{store.RoleMSPLead}, Teams: "t3"},
			{ID: "di", Name: "Di Moss", Side: store.MSP, Teams: "t4"},
		},
		Channels: []store.Channel{{Name: "coordination", Slack: "C1"}},
		Matrix: store.Matrix{
			Version: 1, Effective: day(2026, 10, 1),
			Signed: []store.Signature{{By: "ana", Date: day(2026, 9, 29)}, {By: "cy", Date: day(2026, 9, 30)}},
			Functions: []store.Function{
				{
					ID: "helpdesk", Name: "Helpdesk", Owner: store.Internal, Accountable: store.Accountable{Person: "bo"}, Support: store.MSP,
					Escalation: []string{"bo", "on-call:msp"}, Tool: "psa", Artifact: "sra",
				},
				{
					ID: "response", Name: "Incident response", Owner: store.Joint, Accountable: store.Accountable{Internal: "ana", MSP: "cy"},
					Lead: store.LeadRule{BusinessHours: store.Internal, AfterHours: store.MSP}, Escalation: []string{"on-call:soc", "ana"},
				},
			},
			OutOfScope: []store.Exclusion{{Name: "Website"}},
		},
		Tools:     []store.Tool{{Layer: "psa", Product: "HaloPSA"}},
		Artifacts: []store.Artifact{{ID: "sra", Name: "Risk Analysis", Owner: "ana", LastReviewed: day(2026, 8, 14), ReviewEvery: store.Duration{N: 1, Unit: store.Years}}},
		Severities: []store.Severity{
			{Level: 1, Lead: store.LeadRule{BusinessHours: store.MSP, AfterHours: store.MSP}, Page: []string{"internal", "bo"}, BusinessResponse: "internal"},
		},
		Playbook: store.Playbook{MayIsolateEndpoint: []string{"cy", "on-call:msp"}, NotifiesLeadership: "ana", CallOrder: []string{"on-call:msp", "ana"}},
		OnCall: []store.Rotation{
			{Side: store.MSP, From: day(2026, 10, 5), Every: store.Duration{N: 1, Unit: store.Weeks}, People: []string{"cy", "di"}},
			{Side: store.MSP, Name: "soc", From: day(2026, 10, 5), Every: store.Duration{N: 2, Unit: store.Days}, People: []string{"di", "cy"}},
		},
		Cadences: []store.Cadence{{
			ID: "qbr", Name: "QBR", Kind: store.KindQBR, Schedule: "0 10 * JAN TUE", Channel: "coordination", Owner: "cy",
			Expects: []string{"ana", "cy"}, Leadership: []string{"ana"},
		}},
	}
}

func describe(problems []store.Problem) string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, fmt.Sprintf("%s: %s | %s", p.Path, p.Message, p.Hint))
	}
	return strings.Join(lines, "\n")
}

func TestClinicIsRight(t *testing.T) {
	if got := describe(clinic().Validate(store.Rules{})); got != "" {
		t.Error(got)
	}
	if got := describe(clinic().Lint(day(2026, 11, 23))); got != "" {
		t.Error(got)
	}
}

// TestValidate breaks one thing at a time. The wanted text is a part of the one
// problem told, path first.
func TestValidate(t *testing.T) {
	row := func(e *store.Engagement) *store.Function { return &e.Matrix.Functions[0] }
	tests := []struct {
		name string
		edit func(*store.Engagement)
		want string
	}{
		{"id", func(e *store.Engagement) { e.ID = "Bay Clinic!" }, `engagement.id: "Bay Clinic!" cannot be an id | write "bay-clinic"`},
		{"id of hyphens", func(e *store.Engagement) { e.ID = "--" }, `engagement.id: "--" cannot be an id | use small letters`},
		{"long id", func(e *store.Engagement) { e.ID = strings.Repeat("a", 65) }, "at most 64"},
		{"client", func(e *store.Engagement) { e.Client = " " }, `engagement.client: missing "client"`},
		{"users", func(e *store.Engagement) { e.Users = -1 }, "engagement.users: there cannot be -1"},
		{"zone", func(e *store.Engagement) { e.TimeZone = "" }, `engagement.time_zone: missing "time_zone"`},
		{"local zone", func(e *store.Engagement) { e.TimeZone = "Local" }, `no time zone "Local"`},
		{"zone of this machine", func(e *store.Engagement) { e.TimeZone = "/etc/localtime" }, "no time zone"},
		{"window without days", func(e *store.Engagement) { e.BusinessHours[0].Days = nil }, `engagement.business_hours[0].days: missing "days"`},
		{"window with a day twice", func(e *store.Engagement) { e.BusinessHours[0].Days = []time.Weekday{1, 1} }, "days[1]: mon is listed twice"},
		{"window on no day", func(e *store.Engagement) { e.BusinessHours[0].Days = []time.Weekday{9} }, "there is no day 9"},
		{"window beyond the day", func(e *store.Engagement) { e.BusinessHours[0].To = 1500 }, "outside the day"},
		{"window over midnight", func(e *store.Engagement) { e.BusinessHours[0].To = 60 }, "write two windows"},
		{"after hours", func(e *store.Engagement) { e.AfterHours = store.Joint }, "engagement.after_hours: after_hours cannot be joint"},
		{"holiday twice", func(e *store.Engagement) { e.Holidays = []string{"us-federal", "us-federal"} }, "holidays[1]: us-federal is listed twice"},
		{"holiday name", func(e *store.Engagement) { e.Holidays = []string{"US"} }, `"US" cannot be a holiday calendar`},
		{"no people", func(e *store.Engagement) {
			*e = store.Engagement{ID: "a", Client: "a", MSP: "b", TimeZone: "UTC", Matrix: store.Matrix{Functions: []store.Function{{ID: "a", Name: "a", Owner: "msp"}}}}
		}, `people: missing "people"`},
		{"no rows", func(e *store.Engagement) { e.Matrix.Functions = nil }, `matrix.functions: missing "functions"`},
		{"reserved id", func(e *store.Engagement) {
			e.People[3].ID = "joint"
			e.OnCall[0].People[1] = "joint"
			e.OnCall[1].People[0] = "joint"
		}, "means a side"},
		{"email", func(e *store.Engagement) { e.People[0].Email = "Ana <ana@x.example>" }, "people[0].email"},
		{"slack twice", func(e *store.Engagement) { e.People[0].Slack = "U2" }, "people[1].slack: this is the Slack identity of Ana Ruiz"},
		{"slack with a space", func(e *store.Engagement) { e.People[0].Slack = "U1 U2" }, "people[0].slack"},
		{"not UTF-8", func(e *store.Engagement) { row(e).Note = "caf\xe9" }, "matrix.functions[0].note: this is not UTF-8"},
		{"escape", func(e *store.Engagement) { row(e).Note = "\x1b[31m" }, `a control character ("\x1b")`},
		{"two lines", func(e *store.Engagement) { row(e).Name = "a\u2028b" }, "one line"},
		{"long note", func(e *store.Engagement) { row(e).Note = strings.Repeat("x", 4001) }, "4001 characters are too many"},
		{"version", func(e *store.Engagement) { e.Matrix.Version = -1 }, "matrix.version: the first version is 1"},
		{"impossible day", func(e *store.Engagement) { e.Matrix.Effective = day(2026, 2, 30) }, "matrix.effective: 2026-02-30 is not a date"},
		{"signed twice", func(e *store.Engagement) { e.Matrix.Signed[1].By = "ana" }, "matrix.signed[1].by: ana has signed twice"},
		{"signed on no day", func(e *store.Engagement) { e.Matrix.Signed[1].Date = store.Date{} }, `matrix.signed[1].date: missing "date"`},
		{"signed by nobody", func(e *store.Engagement) { e.Matrix.Signed[1].By = "" }, `matrix.signed[1].by: missing "by"`},
		{"owner", func(e *store.Engagement) { row(e).Owner = "mps" }, `matrix.functions[0].owner: "mps" is not an owner | did you mean "msp"?`},
		{"both accountable forms", func(e *store.Engagement) { e.Matrix.Functions[1].Accountable.Person = "bo" }, "accountable is one person, or one for each side"},
		{"joint half lead", func(e *store.Engagement) { e.Matrix.Functions[1].Lead.BusinessHours = "" }, "leads in business hours as well"},
		{"vendor without name", func(e *store.Engagement) { row(e).Vendor.Contact = "x" }, `vendor.name: missing "name"`},
		{"empty alias", func(e *store.Engagement) { row(e).Aliases = []string{" "} }, "aliases[0]: an empty entry"},
		{"empty step", func(e *store.Engagement) { row(e).Escalation = []string{"bo", ""} }, "escalation[1]: an empty entry"},
		{"rotation of nobody", func(e *store.Engagement) { row(e).Escalation = []string{"on-call:sock"} }, `no on-call rotation "sock" | did you mean "on-call:soc"?`},
		{"empty layer", func(e *store.Engagement) { e.Tools = append(e.Tools, store.Tool{Product: "x"}) }, `tools[1].layer: missing "layer"`},
		{"layer twice", func(e *store.Engagement) { e.Tools = append(e.Tools, e.Tools[0]) }, `tools[1].layer: the layer "psa" is there twice | the first is "HaloPSA"`},
		{"product", func(e *store.Engagement) { e.Tools[0].Also = []store.AlsoProduct{{}} }, `tools[0].also[0].product: missing "product"`},
		{"review in hours", func(e *store.Engagement) { e.Artifacts[0].ReviewEvery.Unit = store.Hours }, `"1h" does not fit here | count in d, w, mo or y`},
		{"duration of nothing", func(e *store.Engagement) { e.Artifacts[0].ReviewEvery = store.Duration{N: -1, Unit: store.Days} }, "is not a duration"},
		{"level", func(e *store.Engagement) { e.Severities[0].Level = 0 }, "severities[0].level: there is no severity 0"},
		{"level twice", func(e *store.Engagement) { e.Severities = append(e.Severities, store.Severity{Level: 1}) }, `the severity "1" is there twice`},
		{"page", func(e *store.Engagement) { e.Severities[0].Page = []string{"bob"} }, `severities[0].page[0]: "bob" is no side and no person | did you mean "bo"?`},
		{"page a rotation", func(e *store.Engagement) { e.Severities[0].Page = []string{"on-call:msp"} }, "write msp: its rotation says"},
		{"respond in business days", func(e *store.Engagement) {
			e.Severities[0].RespondWithin = store.Duration{N: 1, Unit: store.BusinessDays}
		}, "count in m, h, d or w"},
		{"call order", func(e *store.Engagement) { e.Playbook.CallOrder = []string{"ana", "ana"} }, "playbook.call_order[1]: ana is named twice"},
		{"rotation start", func(e *store.Engagement) { e.OnCall[0].From = store.Date{} }, `on_call[0].from: missing "from"`},
		{"rotation turn", func(e *store.Engagement) { e.OnCall[0].Every = store.Duration{} }, `on_call[0].every: missing "every"`},
		{"rotation people", func(e *store.Engagement) { e.OnCall[0].People = nil }, `on_call[0].people: missing "people"`},
		{"rotation hand-off", func(e *store.Engagement) { e.OnCall[0].Handoff.Time = 1440 }, "24:00 is not a time of the day"},
		{"rotation day", func(e *store.Engagement) { e.OnCall[0].Handoff.Day = 7 }, "there is no day 7"},
		{"rotation named as a side", func(e *store.Engagement) { e.OnCall[1].Name = "internal"; e.Matrix.Functions[1].Escalation = nil }, "cannot be a rotation's name"},
		{"rotation twice", func(e *store.Engagement) { e.OnCall[0].Name = "soc" }, `on_call[1].name: the rotation "soc" is there twice`},
		{"cadence kind", func(e *store.Engagement) { e.Cadences[0].Kind = "" }, `cadences[0].kind: missing "kind"`},
		{"cadence schedule", func(e *store.Engagement) { e.Cadences[0].Schedule = "" }, `cadences[0].schedule: missing "schedule"`},
		{"cadence week", func(e *store.Engagement) { e.Cadences[0].Week = 6 }, "cadences[0].week: there is no week 6"},
		{"cadence holiday", func(e *store.Engagement) { e.Cadences[0].OnHoliday = "move" }, "it can be next-business-day, keep or skip"},
		{"leadership", func(e *store.Engagement) { e.Cadences[0].Leadership = []string{"Ana"} }, `no person "Ana" | did you mean "ana"?`},
		{"channel without a name", func(e *store.Engagement) { e.Channels = append(e.Channels, store.Channel{}) }, `missing "channel name"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := clinic()
			tt.edit(e)
			problems := e.Validate(store.Rules{})
			if got := describe(problems); len(problems) != 1 || !strings.Contains(got, tt.want) {
				t.Errorf("want one problem with %q, got\n%s", tt.want, got)
			}
			if slices.ContainsFunc(problems, func(p store.Problem) bool { return p.Warning }) {
				t.Error("an error is marked as a warning")
			}
		})
	}
}

// What this package cannot know is asked for, and the answer told as it is.
func TestValidateRules(t *testing.T) {
	rules := store.Rules{
		Holidays: func(name string) error { return errors.New("no calendar " + name) },
		Schedule: func(line string, _ store.Week) error { return store.Errorf(store.CodeInvalid, "%q never fires", line) },
	}
	want := "engagement.holidays[0]: no calendar us-federal | \ncadences[0].schedule: \"0 10 * JAN TUE\" never fires | "
	if got := describe(clinic().Validate(rules)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLint(t *testing.T) {
	row := func(e *store.Engagement) *store.Function { return &e.Matrix.Functions[0] }
	tests := []struct {
		name string
		edit func(*store.Engagement)
		want string
	}{
		{"no hours", func(e *store.Engagement) { e.BusinessHours = nil }, "engagement.business_hours: no business hours"},
		{"no pattern", func(e *store.Engagement) { e.Patterns = nil }, "engagement.patterns: no pattern is named"},
		{"own framework", func(e *store.Engagement) { e.Frameworks = []string{"house-rules"} }, ""},
		{"framework", func(e *store.Engagement) { e.Frameworks = []string{"pcidss"} }, `did you mean "pci-dss"?`},
		{"alone", func(e *store.Engagement) {
			e.People[1].Side = store.MSP
			row(e).Accountable.Person = "ana"
			row(e).Escalation[0] = "ana"
		}, "people: Ana Ruiz is the only person of Bay Clinic"},
		{"no lead", func(e *store.Engagement) { e.People[2].Roles = nil }, "people: Gulf IT has no lead"},
		{"no identity", func(e *store.Engagement) { e.People[1].Slack = "" }, "out of reach for Tandem: Bo Lind"},
		{"no address", func(e *store.Engagement) { e.Channels[0].Slack = "" }, "channels.coordination: the channel coordination has no address"},
		{"unsigned", func(e *store.Engagement) { e.Matrix.Signed = nil }, "matrix.signed: the matrix is not signed by either side"},
		{"both of one side", func(e *store.Engagement) { e.Matrix.Signed[1].By = "bo" }, "matrix.signed: the matrix is not signed by Gulf IT"},
		{"no version", func(e *store.Engagement) { e.Matrix.Version = 0 }, "matrix: the matrix is signed but has no version"},
		{"no review", func(e *store.Engagement) { e.Cadences[0].Kind = store.KindReport }, "matrix: nothing says when this matrix is reviewed next"},
		{"blank row", func(e *store.Engagement) { row(e).Accountable, row(e).Support = store.Accountable{}, "" }, "matrix.functions[0]: Helpdesk has no accountable person, no support | "},
		{"path of one", func(e *store.Engagement) { row(e).Escalation = []string{"bo"} }, "Helpdesk has no step of escalation beyond the accountable person"},
		{"joint support", func(e *store.Engagement) { e.Matrix.Functions[1].Support = store.MSP }, "held by both sides, so support says nothing"},
		{"other side, joint", func(e *store.Engagement) { e.Matrix.Functions[1].Accountable.MSP = "bo" }, "matrix.functions[1].accountable.msp: Bo Lind is accountable for Incident response, which is held by Gulf IT"},
		{"alias and exclusion", func(e *store.Engagement) { row(e).Aliases = []string{"WEBSITE"} }, `matrix.out_of_scope[0].name: "Website" names what is out of scope as well as the row helpdesk`},
		{"alias of itself", func(e *store.Engagement) { row(e).Aliases = []string{"help desk", "Helpdesk"} }, ""},
		{"lasting second product", func(e *store.Engagement) { e.Tools[0].Also = []store.AlsoProduct{{Product: "Jira"}} }, "tools[0].also[0]: the layer psa has two products"},
		{"grandfathered until tomorrow", func(e *store.Engagement) {
			e.Tools[0].Grandfathered = []store.Grandfathered{{Product: "Jira", Until: day(2026, 11, 23)}}
		}, ""},
		{"grandfathered until yesterday", func(e *store.Engagement) {
			e.Tools[0].Grandfathered = []store.Grandfathered{{Product: "Jira", Until: day(2026, 11, 22)}}
		}, "tools[0].grandfathered[0].until: Jira was to leave the layer psa by 2026-11-22"},
		{"artifact due today", func(e *store.Engagement) { e.Artifacts[0].LastReviewed = day(2025, 11, 23) }, ""},
		{"artifact due yesterday", func(e *store.Engagement) { e.Artifacts[0].LastReviewed = day(2025, 11, 22) }, "was due on 2026-11-22, a day ago"},
		{"artifact of the future", func(e *store.Engagement) { e.Artifacts[0].LastReviewed = day(2026, 12, 1) }, "after today (2026-11-23)"},
		{"artifact never reviewed", func(e *store.Engagement) { e.Artifacts[0].LastReviewed = store.Date{} }, "reviewed every 1 year, but never has been"},
		{"no severity 1", func(e *store.Engagement) { e.Severities[0].Level = 2 }, "severities: there is no severity 1"},
		{"split, nobody at night", func(e *store.Engagement) { e.AfterHours = "" }, "engagement.after_hours: the helpdesk is split, but in 123 of the week's 168 hours nobody is there to lead Helpdesk: " +
			"Mon 17:00 to Tue 08:00, Tue 17:00 to Wed 08:00, Wed 17:00 to Thu 08:00, Thu 17:00 to Fri 08:00, Fri 17:00 to Mon 08:00, and on holidays | write after_hours: msp, or add a rotation of side internal"},
		{"split, the client itself at night", func(e *store.Engagement) { e.AfterHours, e.Holidays = store.Internal, nil }, "Fri 17:00 to Mon 08:00 | "},
		{"split, a lunch break", func(e *store.Engagement) {
			e.AfterHours = ""
			e.BusinessHours = []store.Window{{Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, From: 0, To: 720}, {Days: []time.Weekday{0, 2, 3, 4, 5, 6}, From: 720, To: 1440}, {Days: []time.Weekday{1}, From: 780, To: 1440}}
		}, "in 1 of the week's 168 hours nobody is there to lead Helpdesk: Mon 12:00 to 13:00, and"},
		{"split, until midnight", func(e *store.Engagement) {
			e.AfterHours, e.Holidays = "", nil
			e.BusinessHours = []store.Window{{Days: []time.Weekday{1, 2, 3, 4, 5, 6}, To: 1440}}
		}, "in 24 of the week's 168 hours nobody is there to lead Helpdesk: Sun 00:00 to Mon 00:00 | "},
		{"split, with a rotation", func(e *store.Engagement) {
			e.AfterHours = ""
			e.OnCall = append(e.OnCall, store.Rotation{Side: store.Internal, From: day(2026, 10, 5), Every: store.Duration{N: 1, Unit: store.Weeks}, People: []string{"ana", "bo"}})
		}, ""},
		{"split, the row has its own rule", func(e *store.Engagement) {
			e.AfterHours, row(e).Lead = "", store.LeadRule{BusinessHours: store.Internal, AfterHours: store.MSP}
		}, ""},
		{"no split, nobody at night for a severity either", func(e *store.Engagement) {
			e.AfterHours, e.Patterns = "", []string{"tooling-layer"}
			e.Severities[0].Lead.AfterHours = store.Internal
		}, "Bay Clinic leads Helpdesk, severity 1, and"},
		{"night without a rotation", func(e *store.Engagement) { e.AfterHours, e.Patterns = "", []string{"tooling-layer"} }, "on_call: in 123 of the week's 168 hours, those outside business hours, Bay Clinic leads Helpdesk, and"},
		{"severity at night", func(e *store.Engagement) { e.Severities[0].Lead.AfterHours = store.Internal }, "Bay Clinic leads severity 1, and"},
		{"open at all hours", func(e *store.Engagement) {
			e.AfterHours = ""
			e.BusinessHours = []store.Window{{Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, To: 1440}, {Days: []time.Weekday{1}, From: 60, To: 120}}
		}, ""},
		{"rotation of two sides", func(e *store.Engagement) { e.OnCall[0].People = []string{"cy", "bo"} }, "on_call[0].people[1]: Bo Lind is on call for Gulf IT, but works for Bay Clinic"},
		{"rotation without a name after another", func(e *store.Engagement) { e.OnCall[0].Name, e.OnCall[1].Name = "soc", "" }, "on_call[1]: a further rotation of Gulf IT has no name, so nobody is ever called by it: on-call:msp is the first | give it a name"},
		{"rotations of both sides without a name", func(e *store.Engagement) {
			e.OnCall = append(e.OnCall, store.Rotation{Side: store.Internal, From: day(2026, 10, 5), Every: store.Duration{N: 1, Unit: store.Weeks}, People: []string{"ana", "bo"}})
		}, ""},
		{"silent standup", func(e *store.Engagement) {
			e.Cadences = append(e.Cadences, store.Cadence{ID: "a", Name: "Standup", Kind: store.KindStandup, Channel: "c", Owner: "bo"})
		}, "cadences[1]: Standup asks nothing"},
		{"leader not expected", func(e *store.Engagement) { e.Cadences[0].Expects = []string{"cy"} }, "cadences[0].leadership[0]: Ana Ruiz belongs to the leadership of QBR but is not expected"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := clinic()
			tt.edit(e)
			problems := e.Lint(day(2026, 11, 23))
			got := describe(problems)
			if tt.want == "" && got == "" {
				return
			}
			if len(problems) != 1 || tt.want == "" || !strings.Contains(got, tt.want) {
				t.Errorf("want one warning with %q, got\n%s", tt.want, got)
			}
			if slices.ContainsFunc(problems, func(p store.Problem) bool { return !p.Warning }) {
				t.Error("a warning is marked as an error")
			}
		})
	}
}

// Without a day nothing is overdue.
func TestLintWithoutToday(t *testing.T) {
	e := clinic()
	e.Artifacts[0].LastReviewed = day(1999, 1, 1)
	e.Matrix.Signed[0].Date = day(2099, 1, 1)
	if got := describe(e.Lint(store.Date{})); got != "" {
		t.Error(got)
	}
}

func TestNextReview(t *testing.T) {
	last := day(2026, 1, 31)
	for every, want := range map[string]store.Date{
		"1mo": day(2026, 2, 28), "12mo": day(2027, 1, 31), "1y": day(2027, 1, 31), "2w": day(2026, 2, 14), "10d": day(2026, 2, 10),
	} {
		d, err := store.ParseDuration(every)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := (store.Artifact{LastReviewed: last, ReviewEvery: d}).NextReview(); !ok || got != want {
			t.Errorf("%s: %s", every, got)
		}
	}
	if _, ok := (store.Artifact{LastReviewed: last}).NextReview(); ok {
		t.Error("a review without a rhythm")
	}
}
