package engagement_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/engagement"
)

func parsed(t *testing.T, file string) *store.Engagement {
	t.Helper()
	e, r := engagement.Parse("bay.yaml", []byte(file), options)
	if e == nil {
		t.Fatal(r)
	}
	return e
}

// TestDiff edits the small file in memory and compares what is said.
func TestDiff(t *testing.T) {
	row := func(e *store.Engagement, i int) *store.Function { return &e.Matrix.Functions[i] }
	tests := []struct {
		name string
		edit func(*store.Engagement)
		want []string
	}{
		{"nothing", func(*store.Engagement) {}, nil},
		{"owner", func(e *store.Engagement) { row(e, 0).Owner = store.MSP }, []string{
			"row Helpdesk: owner internal → msp [material]",
		}},
		{"accountable", func(e *store.Engagement) { row(e, 0).Accountable.Person = "" }, []string{
			"row Helpdesk: accountable bo → nothing [material]",
		}},
		{"accountable of each side", func(e *store.Engagement) { row(e, 1).Accountable.Internal = "bo" }, []string{
			"row Incident response: accountable ana for internal, cy for msp → bo for internal, cy for msp [material]",
		}},
		{"lead", func(e *store.Engagement) { row(e, 1).Lead.AfterHours = store.Internal }, []string{
			"row Incident response: lead internal in business hours, msp after hours → internal [material]",
		}},
		{"escalation", func(e *store.Engagement) { row(e, 0).Escalation = []string{"ana", "bo"} }, []string{
			"row Helpdesk: escalation bo, then ana, then on-call:msp → ana, then bo [material]",
		}},
		{"added row", func(e *store.Engagement) {
			e.Matrix.Functions = append(e.Matrix.Functions, store.Function{ID: "wifi", Name: "Wi-Fi", Owner: store.MSP, Accountable: store.Accountable{Person: "di"}})
		}, []string{"row Wi-Fi added (owner msp, accountable di) [material]"}},
		{"removed row", func(e *store.Engagement) { e.Matrix.Functions = e.Matrix.Functions[1:] }, []string{
			"row Helpdesk removed (owner internal, accountable bo) [material]",
		}},
		{"renamed row", func(e *store.Engagement) { row(e, 0).Name = "Service desk" }, []string{
			"row Service desk: name Helpdesk → Service desk",
		}},
		{"rows in another order", func(e *store.Engagement) {
			f := e.Matrix.Functions
			f[0], f[1] = f[1], f[0]
		}, []string{"row order: helpdesk, incident-response → incident-response, helpdesk"}},
		{"scope", func(e *store.Engagement) { e.Matrix.OutOfScope = []store.Exclusion{{Name: "Door badges"}} }, []string{
			"exclusion Door badges added [material]", "exclusion Website content removed [material]",
		}},
		{"version and signature", func(e *store.Engagement) {
			e.Matrix.Version, e.Matrix.Signed = 2, e.Matrix.Signed[:1]
		}, []string{"matrix: version 1 → 2", "matrix: signed ana on 2026-09-29, cy on 2026-09-30 → ana on 2026-09-29"}},
		{"hours", func(e *store.Engagement) {
			e.BusinessHours[0].To = 18 * 60
			e.AfterHours, e.Users = "", 45
		}, []string{
			"engagement: users 40 → 45",
			`engagement: business_hours [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "17:00"}] → [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00"}] [material]`,
			"engagement: after_hours msp → nothing [material]",
		}},
		{"person", func(e *store.Engagement) { e.People[1].Phone = "+1 352 555 0199" }, []string{
			"person Bo Lind: phone nothing → +1 352 555 0199",
		}},
		{"tool", func(e *store.Engagement) {
			e.Tools[0].Product = "Autotask"
			e.Tools[0].Grandfathered = []store.Grandfathered{{Product: "HaloPSA", Until: store.Date{Year: 2027, Month: time.March, Day: 31}}}
		}, []string{"tool psa: product HaloPSA → Autotask", "tool psa: grandfathered nothing → [{product: HaloPSA, until: 2027-03-31}]"}},
		{"artifact", func(e *store.Engagement) { e.Artifacts[0].Owner = "cy" }, []string{"artifact Security Risk Analysis: owner ana → cy"}},
		{"severity", func(e *store.Engagement) { e.Severities[0].Lead = store.LeadRule{} }, []string{
			"severity 1 Critical: lead msp → nothing [material]",
		}},
		{"rotation", func(e *store.Engagement) { e.OnCall[0].People = []string{"di", "cy"} }, []string{
			"rotation msp: people cy, then di → di, then cy",
		}},
		{"rotation without a name", func(e *store.Engagement) {
			second := e.OnCall[0]
			second.People = []string{"di"}
			e.OnCall = append(e.OnCall, second)
		}, []string{"rotation msp (2) added (di)"}},
		{"cadence", func(e *store.Engagement) { e.Cadences[0].Week = store.LastWeek }, []string{
			"cadence Quarterly business review: week 2 → last",
		}},
		{"channel", func(e *store.Engagement) { e.Channels = nil }, []string{"channel coordination removed"}},
		{"playbook", func(e *store.Engagement) { e.Playbook.NotifiesLeadership = "ana" }, []string{"playbook: notifies_leadership nothing → ana"}},
		{"hostile text", func(e *store.Engagement) { row(e, 0).Note = "a\n\x1b[31mred\u202e" }, []string{
			`row Helpdesk: note nothing → a\u000a\u001b[31mred\u202e`,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			old, now := parsed(t, small(t)), parsed(t, small(t))
			tt.edit(now)
			var got []string
			for _, c := range engagement.Diff(old, now) {
				got = append(got, c.String())
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestDiffText(t *testing.T) {
	old, now := parsed(t, small(t)), parsed(t, small(t))
	if got := engagement.DiffText(engagement.Diff(old, now)); got != "No changes.\n" {
		t.Errorf("%q", got)
	}
	now.Matrix.Functions[0].Owner = store.MSP
	now.Matrix.OutOfScope = nil
	now.Channels = append(now.Channels, store.Channel{Name: "managers"})
	golden(t, "diff", engagement.DiffText(engagement.Diff(old, now)))
}

// A diff says nothing exactly if the files are the same, and both ways say as much.
func TestDiffProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := engagements().Draw(t, "a"), engagements().Draw(t, "b")
		if rapid.Bool().Draw(t, "alike") {
			c := *a
			c.Matrix, c.Cadences = b.Matrix, b.Cadences
			b = &c
		}
		same := string(engagement.Format(a)) == string(engagement.Format(b))
		there, back := engagement.Diff(a, b), engagement.Diff(b, a)
		if same != (len(there) == 0) || len(there) != len(back) {
			t.Fatalf("the files are the same: %v\n%s\n%s", same, engagement.DiffText(there), engagement.DiffText(back))
		}
	})
}
