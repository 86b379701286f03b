package commands

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sheet is a golden file: cards one below the other, each under its title.
type sheet struct{ strings.Builder }

func (s *sheet) add(title, text string) {
	s.WriteString("=== " + title + "\n" + text + "\n\n")
}

func (s *sheet) check(t *testing.T, name string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(s.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.String(); got != string(want) {
		t.Errorf("%s differs (go test -update writes it anew); got:\n%s", path, got)
	}
}

// about answers for a subject, whatever the index would make of the question.
func about(t *testing.T, d *Desk, kind, id, question, at string) Answer {
	t.Helper()
	when := instantOf(t, at).In(d.zone)
	subject := ownership.Subject{Kind: kind, ID: id}
	a := Answer{
		Question: question, At: when.Format(time.RFC3339), Outcome: ownership.Answered,
		Subject: &subject, Choices: []ownership.Choice{{Subject: subject, Score: 1}},
	}
	d.answer(&a, when)
	a.Text = a.Card.Plain()
	return a
}

func TestRowCards(t *testing.T) {
	plain := brewery(t, nil)
	around := brewery(t, func(e *store.Engagement) { e.BusinessHours, e.Holidays = nil, nil })
	alone := brewery(t, func(e *store.Engagement) {
		e.People[0].Roles, e.People[3].Roles = nil, nil // nobody leads a side
		e.OnCall = nil
	})
	pia := absence(t, "pia", "2026-11-23", "2026-12-04", "tomas")
	var s sheet
	for _, c := range []struct {
		title string
		e     *store.Engagement
		away  []store.Absence
		id    string
		at    string
	}{
		{"internal row, in the day", plain, nil, "taproom-tills", tuesday},
		{"internal row, in the evening", plain, nil, "taproom-tills", evening},
		{"internal row, on a holiday", plain, nil, "taproom-tills", "2026-11-26T10:00:00-07:00"},
		{"a row that says nothing", plain, nil, "glycol-sensors", tuesday},
		{"msp row in the evening", plain, nil, "mail-filter", evening},
		{"joint, one for each side", plain, nil, "new-apps", tuesday},
		{"joint, nobody named, about incidents", plain, nil, "incident-response", evening},
		{"joint, one for both", plain, nil, "offsite-backup", tuesday},
		{"joint, nobody named, no lead of a side", alone, nil, "incident-response", tuesday},
		{"accountable from the other side", plain, nil, "lab-network", tuesday},
		{"around the clock", around, nil, "taproom-tills", tuesday},
		{"absent with cover", plain, []store.Absence{pia}, "new-apps", tuesday},
		{"absent without cover", plain, []store.Absence{absence(t, "tomas", "2026-11-23", "2026-11-24", "")}, "taproom-tills", tuesday},
		{"absent with a cover who is away", plain, []store.Absence{
			absence(t, "tomas", "2026-11-23", "2026-11-24", "pia"), pia,
		}, "taproom-tills", tuesday},
		{"on call and absent", plain, []store.Absence{absence(t, "ravi", "2026-11-25", "2026-11-29", "")}, "mail-filter", evening},
		{"absent, and nobody else on the path", plain, []store.Absence{absence(t, "wen", "2026-11-20", "2027-01-04", "")}, "dock-scanners", tuesday},
		{"everybody of the side is away", plain, []store.Absence{
			absence(t, "wen", "2026-11-20", "2027-01-04", ""), absence(t, "pia", "2026-11-20", "2026-11-30", ""),
			absence(t, "tomas", "2026-11-20", "2026-11-30", ""),
		}, "dock-scanners", tuesday},
	} {
		s.add(c.title, about(t, desk(t, c.e, c.away...), ownership.KindFunction, c.id, "", c.at).Text)
	}
	s.check(t, "rows")
}

func TestToolCards(t *testing.T) {
	d := desk(t, brewery(t, nil))
	var s sheet
	for _, c := range []struct{ layer, question string }{
		{"rmm", "what do we run for remote monitoring?"},
		{"rmm", "is NinjaOne ours?"},
		{"rmm", "is ninja one still ours"},
		{"rmm", "is Jamf ours?"},
		{"rmm", "is Splashtop ours?"},
		{"rmm", "is AnyDesk ours?"},
		{"rmm", "is TeamViewer still ours?"},
		{"rmm", "who runs TeamViewer these days"},
		{"rmm", "is Atera ours?"},
		{"rmm", "is teamveiwer ours?"},
		{"email-security", "is Defender ours?"},
		{"backup", "is Datto ours?"},
		{"beer-menus", "is Chalkboard ours?"},
	} {
		a := about(t, d, ownership.KindTool, c.layer, c.question, tuesday)
		s.add(c.question, a.Text)
	}
	s.check(t, "tools")
}

func TestDocumentCards(t *testing.T) {
	d := desk(t, brewery(t, nil))
	var s sheet
	for _, id := range []string{"ir-plan", "network-map", "asset-list", "vendor-list", "photo-policy"} {
		s.add(id, about(t, d, ownership.KindArtifact, id, "", tuesday).Text)
	}
	s.check(t, "documents")
}

func TestSeverityCards(t *testing.T) {
	d := desk(t, brewery(t, nil))
	bare := desk(t, brewery(t, func(e *store.Engagement) { e.Playbook, e.OnCall = store.Playbook{}, nil }),
		absence(t, "quinn", "2026-11-23", "2026-11-27", ""))
	var s sheet
	for _, id := range []string{"sev1", "sev2", "sev3", "sev4"} {
		s.add(id+" in the day", about(t, d, ownership.KindSeverity, id, "", tuesday).Text)
	}
	s.add("sev1 in the evening", about(t, d, ownership.KindSeverity, "sev1", "", evening).Text)
	s.add("sev1 without playbook and rotation, the lead away", about(t, bare, ownership.KindSeverity, "sev1", "", evening).Text)
	s.check(t, "severities")
}

func TestExclusionCards(t *testing.T) {
	d := desk(t, brewery(t, nil))
	var s sheet
	for _, name := range []string{"Brewing controls", "Website content"} {
		s.add(name, about(t, d, ownership.KindOutOfScope, name, "", tuesday).Text)
	}
	s.check(t, "exclusions")
}

func TestOnCallCards(t *testing.T) {
	d := desk(t, brewery(t, nil))
	none := desk(t, brewery(t, func(e *store.Engagement) { e.OnCall = nil }))
	away := desk(t, brewery(t, nil), absence(t, "ravi", "2026-11-25", "2026-11-29", "sol"), absence(t, "ada", "2026-11-25", "2026-11-29", ""))
	var s sheet
	s.add("in the day", about(t, d, ownership.KindOnCall, "internal", "", tuesday).Text)
	s.add("in the evening", about(t, d, ownership.KindOnCall, "msp", "", evening).Text)
	s.add("one by name", about(t, d, ownership.KindOnCall, "soc", "", evening).Text)
	s.add("two are away", about(t, away, ownership.KindOnCall, "msp", "", evening).Text)
	s.add("no rotation", about(t, none, ownership.KindOnCall, "", "", evening).Text)
	s.check(t, "on-call")
}

func TestPersonCards(t *testing.T) {
	d := desk(t, brewery(t, nil), absence(t, "pia", "2026-11-23", "2026-12-04", "tomas"))
	var s sheet
	for _, id := range []string{"quinn", "pia", "ravi", "sol"} {
		s.add(id, about(t, d, ownership.KindPerson, id, "", tuesday).Text)
	}
	s.check(t, "people")
}

func TestOtherOutcomes(t *testing.T) {
	d := desk(t, brewery(t, nil))
	bare := desk(t, brewery(t, func(e *store.Engagement) {
		for i := range e.People {
			e.People[i].Roles = nil
		}
		e.Tools, e.Artifacts, e.OnCall, e.Matrix.Functions = nil, nil, nil, e.Matrix.Functions[:1]
	}))
	everything := []ownership.Choice{
		{Subject: ownership.Subject{Kind: ownership.KindFunction, ID: "taproom-tills"}},
		{Subject: ownership.Subject{Kind: ownership.KindFunction, ID: "offsite-backup"}},
		{Subject: ownership.Subject{Kind: ownership.KindTool, ID: "backup"}},
		{Subject: ownership.Subject{Kind: ownership.KindArtifact, ID: "asset-list"}},
		{Subject: ownership.Subject{Kind: ownership.KindSeverity, ID: "sev1"}},
		{Subject: ownership.Subject{Kind: ownership.KindSeverity, ID: "sev4"}},
		{Subject: ownership.Subject{Kind: ownership.KindOutOfScope, ID: "Website content"}},
		{Subject: ownership.Subject{Kind: ownership.KindPerson, ID: "sol"}},
		{Subject: ownership.Subject{Kind: ownership.KindOnCall, ID: "msp"}},
	}
	var s sheet
	s.add("choose", d.chooseCard("what about this", everything).Plain())
	s.add("choose, a product", d.chooseCard("is Veeam ours?", everything[1:3]).Plain())
	s.add("choose, no product", d.chooseCard("is Veeam ours?", everything[:2]).Plain())
	s.add("unnamed, with nearest", d.unnamedCard("who waters the hops", everything[:2]).Plain())
	s.add("unnamed, no nearest", d.unnamedCard("who waters the hops", nil).Plain())
	s.add("unnamed, a product", d.unnamedCard("is Trello ours?", nil).Plain())
	s.add("unnamed, no leads", bare.unnamedCard("who waters the hops", nil).Plain())
	s.add("help", d.helpCard().Plain())
	s.add("help of little", bare.helpCard().Plain())
	s.check(t, "outcomes")
}

func TestTrustLine(t *testing.T) {
	signed := func(list ...store.Signature) func(*store.Engagement) {
		return func(e *store.Engagement) { e.Matrix.Signed = list }
	}
	pia := store.Signature{By: "pia", Date: dateOf(t, "2026-08-28")}
	quinn := store.Signature{By: "quinn", Date: dateOf(t, "2026-08-31")}
	review := func(schedule, onHoliday string) func(*store.Engagement) {
		return func(e *store.Engagement) {
			e.Cadences[0].Schedule, e.Cadences[0].Week, e.Cadences[0].OnHoliday = schedule, 0, onHoliday
		}
	}
	thanksgiving := "0 10 26 NOV *"
	for _, c := range []struct {
		title  string
		change func(*store.Engagement)
		at     string
		want   string
	}{
		{"signed", nil, "2026-09-15T10:00:00-06:00", "Matrix version 4, signed by Pia Brandvold on 28 Aug 2026 and Quinn Abara on 31 Aug 2026. Next review 13 Oct 2026."},
		{"due today", nil, "2026-10-13T23:59:00-06:00", "Matrix version 4, signed by Pia Brandvold on 28 Aug 2026 and Quinn Abara on 31 Aug 2026. Next review 13 Oct 2026."},
		{"a day late", nil, "2026-10-14T00:00:00-06:00", "Matrix version 4, signed by Pia Brandvold on 28 Aug 2026 and Quinn Abara on 31 Aug 2026. Review overdue by 1 day."},
		{"overdue", nil, "2026-10-25T10:00:00-06:00", "Matrix version 4, signed by Pia Brandvold on 28 Aug 2026 and Quinn Abara on 31 Aug 2026. Review overdue by 12 days."},
		{"msp missing", signed(pia), "2026-09-15T10:00:00-06:00", "Matrix version 4, unsigned draft: signed by Pia Brandvold on 28 Aug 2026, not yet by High Line Networks. Next review 13 Oct 2026."},
		{"internal missing", signed(quinn), "2026-09-15T10:00:00-06:00", "Matrix version 4, unsigned draft: signed by Quinn Abara on 31 Aug 2026, not yet by Stonefly Brewing. Next review 13 Oct 2026."},
		{"nobody", signed(), "2026-09-15T10:00:00-06:00", "Matrix version 4, unsigned draft: neither side has signed. Next review 13 Oct 2026."},
		{"no day at all", func(e *store.Engagement) { e.Matrix = store.Matrix{Functions: e.Matrix.Functions} }, "2026-11-24T10:00:00-07:00", "Matrix version 1, unsigned draft: neither side has signed. Next review 12 Jan 2027."},
		{"no review", func(e *store.Engagement) { e.Cadences, e.Matrix.Signed = nil, nil }, tuesday, "Matrix version 4, unsigned draft: neither side has signed. No review is scheduled."},
		{"a holiday moves it", review(thanksgiving, ""), "2026-09-15T10:00:00-06:00", "Matrix version 4, signed by Pia Brandvold on 28 Aug 2026 and Quinn Abara on 31 Aug 2026. Next review 30 Nov 2026."},
		{"a holiday keeps it", review(thanksgiving, store.HolidayKeep), "2026-09-15T10:00:00-06:00", "Matrix version 4, signed by Pia Brandvold on 28 Aug 2026 and Quinn Abara on 31 Aug 2026. Next review 26 Nov 2026."},
		{"a holiday skips it", review(thanksgiving, store.HolidaySkip), "2026-09-15T10:00:00-06:00", "Matrix version 4, signed by Pia Brandvold on 28 Aug 2026 and Quinn Abara on 31 Aug 2026. Next review 26 Nov 2027."},
		{"every one a holiday", review("0 10 25 DEC *", store.HolidaySkip), "2026-09-15T10:00:00-06:00", "Matrix version 4, signed by Pia Brandvold on 28 Aug 2026 and Quinn Abara on 31 Aug 2026. No review is scheduled."},
		{"a line that cannot be read", review("whenever", ""), "2026-09-15T10:00:00-06:00", "Matrix version 4, signed by Pia Brandvold on 28 Aug 2026 and Quinn Abara on 31 Aug 2026. No review is scheduled."},
	} {
		t.Run(c.title, func(t *testing.T) {
			d := desk(t, brewery(t, c.change))
			if got := string(d.trust(instantOf(t, c.at))); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
