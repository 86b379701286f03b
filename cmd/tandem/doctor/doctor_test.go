package doctor_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/cmd/tandem/doctor"
	"github.com/tandem-bot/tandem/store"
)

var now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// patient is a store with one engagement that a test makes ill.
type patient struct {
	have, latest int64
	schemaErr    error
	faults       []string
	e            *store.Engagement
	updated      time.Time
	entries      []store.AuditEntry
	check        store.AuditCheck
	dead         []store.Delivery
	readErr      error
	learned      []store.Identity
}

func (p *patient) Identities(context.Context, string) ([]store.Identity, error) {
	return p.learned, nil
}

func (p *patient) Schema(context.Context) (have, latest int64, err error) {
	return p.have, p.latest, p.schemaErr
}
func (p *patient) QuickCheck(context.Context) ([]string, error) { return p.faults, nil }
func (p *patient) Engagements(context.Context) ([]store.EngagementSummary, error) {
	if p.e == nil {
		return nil, nil
	}
	return []store.EngagementSummary{{ID: "acme", Client: "Acme", MSP: "Beta IT", UpdatedAt: p.updated}}, nil
}

func (p *patient) Engagement(context.Context, string) (*store.Engagement, error) {
	return p.e, p.readErr
}

func (p *patient) Audit(context.Context, string) ([]store.AuditEntry, error) { return p.entries, nil }

func (p *patient) VerifyAudit(context.Context, string) (store.AuditCheck, error) {
	return p.check, nil
}

func (p *patient) DeadDeliveries(context.Context, string) ([]store.Delivery, error) {
	return p.dead, nil
}

func healthy() *patient {
	return &patient{have: 3, latest: 3, updated: now.Add(-time.Hour), e: &store.Engagement{
		ID: "acme", Client: "Acme", MSP: "Beta IT", TimeZone: "America/New_York",
		People: []store.Person{
			{ID: "ana", Name: "Ana Ruiz", Side: store.Internal, Slack: "U1"}, {ID: "cy", Name: "Cy Park", Side: store.MSP, Slack: "U2"},
		},
		Channels: []store.Channel{{Name: "coordination", Slack: "C1"}},
		Matrix: store.Matrix{Version: 2, Signed: []store.Signature{
			{By: "ana", Date: store.Date{Year: 2026, Month: 9, Day: 29}}, {By: "cy", Date: store.Date{Year: 2026, Month: 9, Day: 30}},
		}},
		Cadences: []store.Cadence{{
			ID: "standup", Name: "Weekly standup", Kind: "standup", Schedule: "0 9 * * 1", Channel: "coordination", Expects: []string{"ana", "cy"},
		}},
	}}
}

func TestExamine(t *testing.T) {
	cadence := func(change func(*store.Cadence)) func(*patient, *doctor.Options) {
		return func(p *patient, _ *doctor.Options) { change(&p.e.Cadences[0]) }
	}
	for name, tt := range map[string]struct {
		change func(*patient, *doctor.Options)
		want   string // the one problem; "" for none
	}{
		"healthy": {func(*patient, *doctor.Options) {}, ""},
		"on the web alone": {func(p *patient, o *doctor.Options) {
			o.Platforms, p.e.Channels[0].Slack, p.e.People[0].Slack = []string{"web"}, "", ""
		}, ""},
		"an old schema":      {func(p *patient, _ *doctor.Options) { p.have = 2 }, "problem: The store has schema 2, and this Tandem works with 3."},
		"no answer":          {func(p *patient, _ *doctor.Options) { p.schemaErr = errors.New("disk on fire") }, "problem: disk on fire Without it"},
		"a damaged file":     {func(p *patient, _ *doctor.Options) { p.faults = []string{"row 7 missing from index x"} }, "problem: The store's file is damaged: row 7"},
		"a full disk":        {func(_ *patient, o *doctor.Options) { o.Free = 50 << 20 }, "problem: 50 MiB are free on the disk of the store, which takes 8 MiB itself."},
		"empty":              {func(p *patient, _ *doctor.Options) { p.e = nil }, "problem: The store holds no engagement."},
		"a clock behind":     {func(p *patient, _ *doctor.Options) { p.updated = now.Add(time.Hour) }, "problem: The clock shows Wed 25 Nov 2026 12:00:00 UTC, and the store holds something written at Wed 25 Nov 2026 13:00:00 UTC."},
		"a clock far behind": {func(_ *patient, o *doctor.Options) { o.Now = time.Unix(0, 0) }, "problem: The clock shows Thu 1 Jan 1970"},
		"a record ahead":     {func(p *patient, _ *doctor.Options) { p.entries = []store.AuditEntry{{At: now.Add(time.Hour)}} }, "problem: The clock shows"},
		"a broken chain":     {func(p *patient, _ *doctor.Options) { p.check.Broken = &store.AuditBreak{Seq: 4, What: "it is missing"} }, "problem: acme: Record 4 of the audit log is broken: it is missing."},
		"not to be read": {func(p *patient, _ *doctor.Options) {
			p.readErr = store.Errorf(store.CodeUnavailable, "The disk failed.")
		}, "problem: acme: The disk failed."},
		"an old dead letter":  {func(p *patient, _ *doctor.Options) { p.dead = []store.Delivery{{At: now.AddDate(0, -1, 0)}} }, ""},
		"a draft":             {func(p *patient, _ *doctor.Options) { p.e.Matrix.Signed = p.e.Matrix.Signed[:1] }, "problem: acme: Version 2 of the matrix is an unsigned draft: the signature of Beta IT is missing."},
		"a schedule":          {cadence(func(c *store.Cadence) { c.Schedule = "whenever" }), "problem: acme: The schedule can't be read: Weekly standup"},
		"no channel":          {cadence(func(c *store.Cadence) { c.Channel = "" }), "problem: acme: Weekly standup names no channel."},
		"an unknown channel":  {cadence(func(c *store.Cadence) { c.Channel = "lobby" }), "problem: acme: Weekly standup is to be held in the channel lobby, which the file doesn't have."},
		"a channel elsewhere": {func(_ *patient, o *doctor.Options) { o.Platforms = []string{"teams"} }, "problem: acme: The channel coordination of Weekly standup has no place on Teams."},
		"nobody they know":    {func(p *patient, _ *doctor.Options) { p.e.People[1].Slack = "" }, "problem: acme: Cy Park is expected at Weekly standup, and nobody on Slack is known to be them."},
		"found by e-mail": {func(p *patient, _ *doctor.Options) {
			p.e.People[1].Slack, p.learned = "", []store.Identity{{Person: "cy", Platform: "slack", User: "U2"}}
		}, ""},
		"found elsewhere": {func(p *patient, _ *doctor.Options) {
			p.e.People[1].Slack, p.learned = "", []store.Identity{{Person: "cy", Platform: "teams", User: "1"}}
		}, "problem: acme: Cy Park is expected at Weekly standup, and nobody on Slack is known to be them."},
		"what a platform says of it": {func(_ *patient, o *doctor.Options) {
			o.Ask = func(_ context.Context, tell func(doctor.Finding)) {
				tell(doctor.Finding{Status: doctor.Problem, Check: "slack", Engagement: "acme", What: "Tandem is not in #it.", Why: "Nobody is answered there.", Fix: "type /invite @Tandem in #it"})
				tell(doctor.Finding{Status: doctor.Well, Check: "slack", What: "Slack takes the token."})
			}
		}, "problem: acme: Tandem is not in #it. Nobody is answered there. Fix: type /invite @Tandem in #it"},
		"a zone": {func(p *patient, _ *doctor.Options) { p.e.TimeZone = "Mars/Olympus" }, "problem: acme: The engagement's hours, holidays or rotations can't be read"},
		"a dead letter": {func(p *patient, _ *doctor.Options) {
			p.dead = []store.Delivery{{At: now.Add(-time.Hour), Kind: "prompt", To: store.Address{Platform: "slack", Channel: "C1"}, Error: "the channel is archived"}}
		}, "problem: acme: 1 message was given up in the last two weeks; the last one, a prompt to the channel C1 on Slack, because: the channel is archived."},
	} {
		t.Run(name, func(t *testing.T) {
			p, o := healthy(), doctor.Options{Size: 8 << 20, Free: 1 << 30, Now: now}
			tt.change(p, &o)
			var problems []doctor.Finding
			well := 0
			err := doctor.Examine(t.Context(), p, o, func(f doctor.Finding) {
				if f.Status == doctor.Problem {
					problems = append(problems, f)
					return
				}
				well++
			})
			if err != nil {
				t.Fatal(err)
			}
			if tt.want == "" {
				if len(problems) > 0 || well < 6 {
					t.Errorf("%d well, and %v", well, problems)
				}
				return
			}
			if len(problems) == 0 || !strings.HasPrefix(problems[0].String(), tt.want) {
				t.Fatalf("got %v, want %s", problems, tt.want)
			}
			for _, f := range problems {
				if f.What == "" || f.Why == "" || f.Fix == "" || f.Check == "" {
					t.Errorf("it lacks a part: %+v", f)
				}
			}
		})
	}
}

// What a platform says of an engagement comes with the rest of it, which then isn't
// well; and an unsound store is a reason not to ask.
func TestAsked(t *testing.T) {
	asked := 0
	o := doctor.Options{Free: -1, Now: now, Ask: func(_ context.Context, tell func(doctor.Finding)) {
		asked++
		tell(doctor.Finding{Status: doctor.Problem, Check: "slack", Engagement: "acme", What: "Of acme."})
		tell(doctor.Finding{Status: doctor.Well, Check: "slack", What: "Of the house."})
	}}
	var told []string
	examine := func(p *patient) {
		t.Helper()
		told = nil
		if err := doctor.Examine(t.Context(), p, o, func(f doctor.Finding) { told = append(told, f.String()) }); err != nil {
			t.Fatal(err)
		}
	}
	examine(healthy())
	text := strings.Join(told, "\n")
	if house, acme := strings.Index(text, "well: Of the house."), strings.Index(text, "problem: acme: Of acme."); house < 0 || acme < house || strings.Contains(text, "all is well") {
		t.Error(text)
	}
	ill := healthy()
	ill.have = 2
	if examine(ill); asked != 1 {
		t.Errorf("they were asked %d times", asked)
	}
}

// Nothing that stands in the store can steer a terminal.
func TestHostileText(t *testing.T) {
	p := healthy()
	p.e.People[1].Name, p.e.People[1].Slack = "Cy\x1b[2J\nwell: all is well", ""
	err := doctor.Examine(t.Context(), p, doctor.Options{Free: -1, Now: now}, func(f doctor.Finding) {
		if line := f.String(); strings.ContainsAny(line, "\x1b\n") {
			t.Errorf("%q", line)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := doctor.Examine(ctx, healthy(), doctor.Options{Now: now}, func(doctor.Finding) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
