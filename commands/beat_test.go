package commands

import (
	"strings"
	"testing"
	"time"
)

// monday is a Monday at which the sample's standup is due.
const monday = "2026-11-23T09:00:00-05:00"

func newMonday(t *testing.T) *room {
	t.Helper()
	r := newRoom(t, readSample(t, "harbor-legal.yaml"))
	r.at = instantOf(t, monday)
	// The engagement was stored later than that Monday: go on to the next one.
	r.at = r.at.AddDate(0, 0, 7)
	r.sweep()
	return r
}

func TestAStandupIsAnsweredInItsTimeAndCanBeEdited(t *testing.T) {
	r := newMonday(t)
	r.expect(r.say("theo", "answer weekly-standup: laptops / the copier / the VPN is down for the partners"), "Answered", "The blocker is about: VPN, led now by ")
	r.say("theo", "answer weekly-standup")
	r.expect(r.last.Plain(), "now: laptops", "now: the VPN is down for the partners")
	r.expect(r.submit("theo", map[string]string{"q1": "laptops", "q2": "the copier", "q3": "none"}), "Answered")
	r.expect(r.say("theo", "nothing qbr"), "is no standup")
	r.expect(r.say("theo", "answer weekly-standup@1999-01-04T09:00"), "Not found", "Nothing was changed")
	r.at = r.at.Add(25 * time.Hour)
	r.sweep()
	r.expect(r.say("theo", "answer weekly-standup@2026-11-30T09:00: late / later / none"), "closed on Tue 1 Dec 2026 09:00 EST")
	r.expect(r.say("theo", "answer weekly-standup@2026-12-07T09:00: early"), "it can be answered from Fri 16:00 EST on")
	state, err := r.db.Rhythm(t.Context(), r.id)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range state.Blockers {
		if strings.Contains(b.Text, "none") {
			t.Errorf("%q counts as a blocker", b.Text)
		}
	}
}

func TestAnAnswerAfterTheDigestIsToldThatItStandsThere(t *testing.T) {
	r := newMonday(t)
	r.expect(r.say("theo", "answer weekly-standup: laptops / the copier / none"), "The digest goes into the thread when")
	for _, who := range []string{"maria", "devon", "priya", "nadia", "sam", "lee"} {
		r.say(who, "nothing weekly-standup")
	}
	r.sweep()
	r.expect(r.say("theo", "answer weekly-standup@2026-11-30T09:00: laptops / the badge reader / none"), "Answered",
		"For: Weekly standup, Mon 30 Nov 2026 09:00 EST", "The digest is posted already and stays as it is")
}

func TestWhatDecidesAboutACadenceNeedsAReasonAndARight(t *testing.T) {
	r := newMonday(t)
	for _, say := range []string{"skip weekly-standup because x", "move weekly-standup to 2026-12-09 because x", "record weekly-standup"} {
		r.expect(r.say("theo", say), "Only a lead or Maria Ortega, who owns Weekly standup, can do that")
	}
	r.expect(r.say("theo", "pause weekly-standup until 2026-12-20 because x"), "That is for the leads of both sides")
	r.expect(r.say("maria", "skip weekly-standup"), "Because") // the form asks why
	r.expect(r.say("maria", "move weekly-standup to 2026-12-09"), "Because")
	r.expect(r.say("maria", "move weekly-standup to 2026-11-01 because x"), "lies behind us")
	r.expect(r.say("maria", "move weekly-standup to 2026-13-01 because x"), "is no date")
	r.expect(r.say("maria", "move weekly-standup to 2026-12-09 25:00 because x"), "is no time of day")
	r.expect(r.say("maria", "move weekly-standup@2026-12-07T09:00 to 2026-12-08 8:30 because of travel"), "To: Tue 8 Dec 2026 08:30 EST")
	r.expect(r.say("devon", "record qbr@2027-01-12T10:00"), "How it went")
	r.expect(r.submit("devon", map[string]string{"attended": "maria, nobody", "next": "2027-04-13"}), "Nobody here is called \"nobody\"", "Nothing was recorded")
	r.expect(r.say("maria", "pause qbr until 2026-01-01 because x"), "Nothing was changed")
	r.expect(r.say("maria", "resume qbr"), "Nothing was changed")
}

func TestARestoreIsRecordedWithItsResult(t *testing.T) {
	r := newMonday(t)
	r.say("lee", "record tested-restore@2027-02-17T11:00")
	r.expect(r.last.Plain(), "The restore passed; The restore failed", "Minutes that it took")
	r.expect(r.submit("lee", map[string]string{"attended": "lee maria", "result": "fail", "minutes": "x", "next": "2027-05-19"}), "is no number of minutes")
	r.say("lee", "record tested-restore@2027-02-17T11:00")
	r.expect(r.submit("lee", map[string]string{"attended": "lee and maria", "result": "fail", "minutes": "95", "evidence": "https://example.com/r1", "next": "2027-05-19"}),
		"There: Lee Tran and Maria Ortega", "Result: fail", "Took: 95 minutes", "Evidence: https://example.com/r1", "Next: Wed 19 May 2027")
}

func TestATabletopIsRecordedWithItsFindings(t *testing.T) {
	r := newMonday(t)
	r.at = instantOf(t, "2027-05-06T15:00:00-04:00")
	r.say("devon", "record tabletop")
	r.expect(r.last.Plain(), "Findings")
	r.expect(r.submit("devon", map[string]string{
		"attended": "Lee Tran, maria", "findings": "Nobody knew who isolates a server", "next": "2027-11-04",
	}), "There: Lee Tran and Maria Ortega", "Nobody knew who isolates a server", "Next: Thu 4 Nov 2027")
}

// What waits for somebody: the standups that they are expected to answer, with
// what they said, and what they have not acknowledged.
func TestWhatIsMine(t *testing.T) {
	r := newMonday(t)
	r.expect(r.say("maria", "mine"), "Weekly standup", "Your answer: not yet; it can be answered until", "Nothing to report", "Waiting for you", "None.")
	r.expect(r.click("maria", "Nothing to report"), "Nothing to report, noted")
	r.say("devon", `announce "VPN changes Friday" ack by maria`)
	r.expect(r.say("maria", "mine"), "Your answer: nothing to report, said on", "Edit my answer", "1. VPN changes Friday", "Acknowledge 1")
	if got := r.say("lee", "mine"); strings.Contains(got, "standup") { // nobody expects Lee
		t.Errorf("Lee is shown %s", got)
	}
}

func TestARowIsFoundForABlocker(t *testing.T) {
	d := desk(t, readSample(t, "harbor-legal.yaml"))
	for text, want := range map[string]string{
		"the copier lease is on the wrong side": "printers",
		"waiting for lunch":                     "",
	} {
		if got := d.rowAbout(text); got != want {
			t.Errorf("%q is about %q, want %q", text, got, want)
		}
	}
}

func TestAnAnnouncementReadsItsPeople(t *testing.T) {
	r := newMonday(t)
	r.expect(r.say("maria", `announce "VPN changes Friday" ack by msp and theo`), "Announced", "Theo Lindqvist", "Sam Okafor")
	r.expect(r.say("maria", `announce "VPN changes Friday" ack by nobody`), "Nobody here is called", "Nothing was announced")
	r.expect(r.say("theo", `announce "x" ack by maria`), "That is for the leads of both sides")
	r.say("maria", "announce")
	r.expect(r.submit("maria", map[string]string{"text": "Two\nlines", "people": "everybody", "mode": "first"}), "2. Two")
	r.expect(r.say("theo", "acks"), "1. VPN changes Friday", "2. Two", "Acknowledge 1: type `ack 1`")
	r.expect(r.click("theo", "Acknowledge 2"), "Acknowledged")
	r.expect(r.say("theo", "acks 2"), "the first of them is enough", "Theo Lindqvist: acknowledged", "State: done")
	r.expect(r.say("theo", "acks 77"), "None.")
}

func TestAReviewThatWasHeldIsNoLongerDue(t *testing.T) {
	r := newMonday(t)
	r.at = instantOf(t, "2027-01-05T16:00:00-05:00")
	r.sweep()
	r.expect(r.say("theo", "who owns vpn?"), "Next review 5 Jan 2027")
	r.say("maria", "record matrix-review@2027-01-05T14:00")
	r.expect(r.submit("maria", map[string]string{"attended": "maria, devon", "next": "2027-04-06"}), "is recorded")
	r.expect(r.say("theo", "who owns vpn?"), "Next review 6 Apr 2027")
	r.expect(r.say("theo", "status"), "Quarterly matrix review; Stands: on track; Held: 1 of the last 1")
}
