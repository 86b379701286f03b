package scheduler_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(tb testing.TB, name, got string) {
	tb.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if got != string(want) {
		tb.Errorf("%s differs (go test -update writes it anew); got:\n%s", path, got)
	}
}

// A standup is prompted, answered, nudged and digested; then one with a blocker,
// one that a single side answers, and one that nobody does.
func TestStandupsReadWell(t *testing.T) {
	h := newHouse(t, "2026-11-05T10:00", nil)
	h.until("2026-11-09T09:30")
	h.answer("2026-11-09T09:00", "maria", "New laptops are in.", "Roll them out.", "")
	h.must(h.db.RecordAnswer(t.Context(), h.id, store.Answer{
		Cadence: "weekly-standup", Civil: "2026-11-09T09:00", Person: "sam", Kind: store.Answered, How: store.ByForm,
		Answers: []string{"Patched the servers.", "", "Waiting for the VPN token of bay 3."},
	}, []store.Blocker{{Text: "Waiting for the VPN token of bay 3.", Function: "password-resets"}}, h.now))
	h.until("2026-11-10T09:30")
	h.until("2026-11-16T09:30")
	h.answer("2026-11-16T09:00", "theo")
	h.until("2026-11-17T09:30")
	h.until("2026-11-24T12:00")
	golden(t, "standups", h.transcript())
}

// A quarterly business review: reminders with the agenda, who will be there,
// leadership that has not said so, the request to record it, a pause, a move.
func TestAQuarterlyReviewReadsWell(t *testing.T) {
	h := newHouse(t, "2026-12-28T10:00", onlyCadences("qbr"))
	h.until("2026-12-29T12:00")
	rsvp := func(person string, coming bool) {
		h.must(h.db.RSVP(t.Context(), h.id, store.RSVP{Cadence: "qbr", Civil: "2027-01-12T10:00", Person: person, Coming: coming, How: store.ByButton}, h.now))
	}
	rsvp("maria", true)
	rsvp("priya", false)
	h.until("2027-01-09T12:00")
	h.says(h.one("leadership/"), "Dana Whitfield: has not said yet")
	h.must(h.db.MoveOccurrence(t.Context(), h.id, store.Moving{
		Cadence: "qbr", Civil: "2027-01-12T10:00", Due: h.at("2027-01-14T10:00"), Grace: h.at("2027-01-15T10:00"),
		Reason: "Dana is in court on Tuesday", By: "devon",
	}, h.now))
	h.until("2027-01-13T12:00")
	rsvp("dana", true)
	h.until("2027-01-14T12:00")
	h.must(h.db.RecordOccurrence(t.Context(), h.id, "qbr", "2027-01-12T10:00", store.Record{
		By: "devon", Attended: []string{"maria", "devon", "dana"}, Leadership: true, Result: "Roadmap agreed", Next: store.Date{Year: 2027, Month: 4, Day: 13},
	}, h.now))
	h.until("2027-01-18T12:00")
	golden(t, "qbr", h.transcript())
}

func onlyCadences(ids ...string) func(*store.Engagement) {
	return func(e *store.Engagement) {
		e.Cadences = slices.DeleteFunc(e.Cadences, func(c store.Cadence) bool { return !slices.Contains(ids, c.ID) })
	}
}

// Standups that nobody answers: watch, drift, an acknowledgement, and back on track.
func TestDriftReadsWell(t *testing.T) {
	h := newHouse(t, "2026-09-04T10:00", onlyCadences("weekly-standup"))
	h.until("2026-09-08T09:30")
	h.answer("2026-09-07T09:00", "maria")
	h.answer("2026-09-07T09:00", "devon")
	h.until("2026-10-02T12:00") // two are missed, the ladder climbs
	alerts := h.keys("drift/")
	if len(alerts) < 2 {
		t.Fatalf("there are %d alerts\n%s", len(alerts), h.transcript())
	}
	h.until("2026-10-05T10:00")
	for _, day := range []string{"2026-10-05", "2026-10-12", "2026-10-19"} {
		h.until(day + "T12:00")
		for _, person := range []string{"maria", "theo", "devon", "sam"} {
			h.answer(day+"T09:00", person)
		}
	}
	h.until("2026-10-27T12:00")
	golden(t, "drift", h.transcript())
}

// An announcement: who has acknowledged and who hasn't, the two reminders, and
// what becomes of it.
// A request for an acknowledgement says something else to those who were asked, until
// it is closed.
func TestThoseAskedSeeTheirOwnCard(t *testing.T) {
	h := newHouse(t, "2026-11-16T08:00", nil)
	id, err := h.db.RequestAcknowledgement(t.Context(), h.id, store.AckRequest{
		What: store.AckAnnouncement, Title: "VPN changes on Friday", Mode: store.AckEach, Asked: []string{"maria", "sam"}, By: "devon",
	}, h.now)
	h.must(err)
	in := h.input()
	ask := func() *card.Refresh {
		for _, p := range scheduler.Plan(in).Posts {
			if p.Subject == store.AboutRequest(id) {
				var m card.Message
				h.must(json.Unmarshal(p.Card, &m))
				return m.Refresh
			}
		}
		t.Fatal("nobody is asked")
		return nil
	}
	in.Places.People["maria"] = []store.Address{{Platform: "teams", User: "m"}}
	in.Places.People["sam"] = []store.Address{{Platform: "slack", Tenant: "T1", User: "U1"}}
	want := &card.Refresh{Say: "acks " + strconv.Itoa(id), For: map[string][]string{"teams": {"m"}, "slack": {"U1"}}}
	if got := ask(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	delete(in.Places.People, "maria")
	delete(in.Places.People, "sam")
	if got := ask(); got != nil {
		t.Errorf("nobody has a place, and yet %+v", got)
	}
}

func TestAcknowledgementsReadWell(t *testing.T) {
	h := newHouse(t, "2026-11-20T10:00", func(e *store.Engagement) { e.Cadences = e.Cadences[:1]; e.Cadences[0].Schedule = "0 9 1 1 *" })
	id, err := h.db.RequestAcknowledgement(t.Context(), h.id, store.AckRequest{
		What: store.AckAnnouncement, Title: "VPN changes on Friday", Text: "Bay 3 is offline from 18:00 to 18:30.",
		Mode: store.AckEach, Asked: []string{"maria", "theo", "dana"}, By: "devon",
	}, h.now)
	h.must(err)
	h.tick()
	h.says(h.keys("ack/1")[1], "Not yet: Maria Ortega, Theo Lindqvist and Dana Whitfield")
	_, err = h.db.Acknowledge(t.Context(), h.id, store.Acknowledging{Request: id, Person: "maria", Platform: "web", Identity: "harbor-legal/maria", How: store.ByButton}, h.now)
	h.must(err)
	h.tick()
	h.says(h.keys("ack/1")[0], "Acknowledged: Maria Ortega on Fri 20 Nov 10:00 EST", "Not yet: Theo Lindqvist and Dana Whitfield")
	h.until("2026-12-03T12:00")
	golden(t, "acknowledgements", h.transcript())
}

// An alert that somebody acknowledges climbs no further.
func TestAnAcknowledgedAlertClimbsNoFurther(t *testing.T) {
	h := newHouse(t, "2026-09-04T10:00", onlyCadences("weekly-standup"))
	h.until("2026-09-23T12:00")
	alerts := h.keys("drift/")
	m := alerts[len(alerts)-1]
	h.says(m, "Level: drift", "Asked: Maria Ortega and Devon Pruitt; one of them is enough", "Acknowledge: type `ack 1`")
	_, err := h.db.Acknowledge(t.Context(), h.id, store.Acknowledging{Request: 1, Person: "devon", Platform: "web", Identity: "harbor-legal/devon", How: store.ByButton}, h.now)
	h.must(err)
	h.tick()
	h.says(m, "Acknowledged: Devon Pruitt on Wed 23 Sep 12:00 EDT", "State: complete")
	h.until("2026-09-28T08:55")
	if n := len(h.keys("drift/")); n != len(alerts) {
		t.Errorf("there are %d alerts, and there were %d\n%s", n, len(alerts), h.transcript())
	}
	h.none("ack/1/remind")
}

// What else there is to say: a report, a late prompt, a restore that failed, a new
// conversation, a message that could not be delivered, one that was undone.
func TestTheRestReadsWell(t *testing.T) {
	h := newHouse(t, "2026-11-02T07:00", func(e *store.Engagement) {
		onlyCadences("weekly-standup", "monthly-report", "tested-restore")(e)
		e.People[1].Slack = ""
	})
	h.jump("2026-11-02T11:30") // the standup is prompted late
	h.until("2026-11-05T11:00")
	h.must(h.db.RecordOccurrence(t.Context(), h.id, "monthly-report", "2026-11-04T10:00", store.Record{By: "devon", Evidence: "https://reports.example/2026-10"}, h.now))
	h.tick()
	_, _, err := h.db.AskedUnnamed(t.Context(), h.id, store.Conversation{Question: "Who waters the plants?", Key: "plants", Asker: store.Asker{Platform: "web", User: "x", Name: "Kim"}}, h.now)
	h.must(err)
	id, err := h.db.RequestAcknowledgement(t.Context(), h.id, store.AckRequest{
		What: store.AckVersion, Version: 2, Title: "Matrix version 2", Text: "Row DNS filtering: owner from Harbor Legal Group to Palmetto Ridge IT.",
		Mode: store.AckEach, Asked: []string{"maria", "theo"}, By: "devon",
	}, h.now)
	h.must(err)
	press := store.Acknowledging{Request: id, Person: "theo", By: "maria", Platform: "web", Identity: "harbor-legal/maria", How: store.ByTyping}
	_, err = h.db.Acknowledge(t.Context(), h.id, press, h.now)
	h.must(err)
	h.chat.gone = map[string]bool{"harbor-legal/coordination": true}
	h.until("2026-11-18T12:00")
	h.must(h.db.RecordOccurrence(t.Context(), h.id, "tested-restore", "2026-11-18T11:00", store.Record{
		By: "lee", Attended: []string{"lee"}, Result: store.ResultFail, Minutes: 95, Evidence: "https://tickets.example/4711", Next: store.Date{Year: 2027, Month: 2, Day: 17},
	}, h.now))
	h.tick()
	golden(t, "rest", h.transcript())
}
