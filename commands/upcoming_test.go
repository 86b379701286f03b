package commands

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func TestUpcomingCards(t *testing.T) {
	harbor := desk(t, readSample(t, "harbor-legal.yaml"))
	plain := desk(t, brewery(t, nil))
	cadences := func(list ...store.Cadence) *Desk {
		return desk(t, brewery(t, func(e *store.Engagement) { e.Cadences = list }))
	}
	standup := store.Cadence{ID: "standup", Name: "Standup", Kind: store.KindStandup, Schedule: "0 9 * * MON-FRI", Channel: "coordination"}
	review := store.Cadence{ID: "review", Name: "Review", Kind: store.KindMatrixReview, Schedule: "0 10 * * THU", Owner: "pia"}
	broken := store.Cadence{ID: "broken", Name: "Whenever", Schedule: "whenever", Owner: "gone"}
	hourly := store.Cadence{ID: "hourly", Name: "Tills", Schedule: "0 * * * SUN"}
	var s sheet
	s.add("a sample, thirty days", harbor.upcomingCard(instantOf(t, "2026-11-25T10:00:00-05:00"), 30).Plain())
	s.add("more than a card lists", harbor.upcomingCard(instantOf(t, "2026-11-25T10:00:00-05:00"), 120).Plain())
	s.add("nothing in the stretch", plain.upcomingCard(instantOf(t, evening), 7).Plain())
	s.add("Thanksgiving: skipped, and moved", cadences(standup, review).upcomingCard(instantOf(t, tuesday), 7).Plain())
	s.add("an hour that does not exist", cadences(hourly).upcomingCard(instantOf(t, "2026-03-08T00:30:00-07:00"), 0).Plain())
	s.add("no cadence", cadences().upcomingCard(instantOf(t, tuesday), 5).Plain())
	s.add("one that cannot be read", cadences(broken).upcomingCard(instantOf(t, tuesday), 5).Plain())
	s.check(t, "upcoming")
}

func TestUpcoming(t *testing.T) {
	d := desk(t, readSample(t, "harbor-legal.yaml"))
	from, until := instantOf(t, "2026-11-25T15:00:00Z"), instantOf(t, "2027-02-24T05:00:00Z")
	u := d.Upcoming(from, until)
	if len(u.Due) != 20 || len(u.Cadences) != 7 || !strings.Contains(u.Text, "Mon 22 Feb 09:00 EST") {
		t.Errorf("%d due dates of %d cadences\n%s", len(u.Due), len(u.Cadences), u.Text)
	}
	for i, due := range u.Due {
		if due.Due.Before(from) || !due.Due.Before(until) || i > 0 && due.Due.Before(u.Due[i-1].Due) {
			t.Errorf("%s at %s", due.Name, due.Due)
		}
		if due.Due.Location() != d.Location() {
			t.Errorf("%s is in %s", due.Name, due.Due.Location())
		}
	}
	data, err := json.Marshal(u)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"engagement":"harbor-legal","from":"2026-11-25T10:00:00-05:00","until":"2027-02-24T00:00:00-05:00","cadences":[{"id":"weekly-standup","name":"Weekly standup","rhythm":"weekly on Monday at 09:00"},`
	if !strings.HasPrefix(string(data), want) {
		t.Errorf("got %s", data)
	}
	if empty, err := json.Marshal(desk(t, brewery(t, nil)).Upcoming(from, from.Add(time.Hour))); err != nil || !strings.Contains(string(empty), `"due":[]`) {
		t.Errorf("%s, %v", empty, err)
	}
}
